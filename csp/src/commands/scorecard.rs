//! `csp scorecard`: what people made of the agents' drafts, by task and version of the prompt.

use clap::Args;
use evals::report::figures;
use evals::scorecard::{Key, Row, Scorecard as Card};
use infohub::ids::AccountSlug;
use orchestrator::runs;
use orchestrator::step::Step;
use orchestrator::task::TaskId;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::table::Table;
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp scorecard
  csp scorecard acme --json

Worked out from the journals: a draft counts by the prompt that it was made with. `changed` is the share of an edited
draft's words that a person changed, the median over its edited drafts; edits in csp.yaml itself are not counted.";

/// Shows how often people accept, edit and reject each agent's drafts, by version of the prompt
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Scorecard {
    /// Only this account's drafts
    account: Option<AccountSlug>,
}

impl Scorecard {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let (accounts, mut faults) = workspace.chosen(self.account.as_ref())?;
        let mut card = Card::default();
        for slug in &accounts {
            match steps(&workspace, slug) {
                Ok(steps) => card.add(&steps, |task, draft| prompt(&workspace, slug, task, draft)),
                Err(fault) => faults.push(fault),
            }
        }
        let rows: Vec<_> = card.rows().map(|(key, row)| json!({ "of": key, "row": row })).collect();
        scene.screen.json(&json!({ "rows": rows, "errors": faults }));
        let mut table = Table::new(&[
            "task", "prompt", "drafts", "accepted", "edited", "rejected", "open", "changed", "by",
        ]);
        for (key, row) in card.rows() {
            table.row(cells(key, row));
        }
        if table.is_empty() {
            scene.screen.line("No agent has drafted anything yet.");
        } else {
            scene.screen.line(&table.render(&scene.screen));
        }
        Faults::any(faults).map_or(Ok(Exit::Done), Err)
    }
}

fn cells(key: &Key, row: &Row) -> Vec<String> {
    let share = |number: u32| match row.decided() {
        0 => "–".to_owned(),
        decided => format!("{number} ({:.0}%)", 100.0 * f64::from(number) / f64::from(decided)),
    };
    vec![
        key.task.clone(),
        key.prompt.clone().unwrap_or_else(|| "–".to_owned()),
        row.drafts.to_string(),
        share(row.accepted),
        share(row.edited),
        share(row.rejected),
        (row.drafts - row.decided().min(row.drafts)).to_string(),
        row.median_change().map_or_else(|| "–".to_owned(), figures::figure),
        key.author.clone(),
    ]
}

fn steps(workspace: &Workspace, slug: &AccountSlug) -> Result<Vec<Step>, Fault> {
    let mut steps = Vec::new();
    for number in 1.. {
        let Some(recorded) = workspace.hub.step::<Step>(slug, number)? else { break };
        steps.push(recorded.step);
    }
    Ok(steps)
}

/// The version of the prompt that a draft was made with, as its run record says; gone with the record.
fn prompt(workspace: &Workspace, slug: &AccountSlug, task: &TaskId, draft: u32) -> Option<String> {
    runs::read(&workspace.hub, slug, task, draft).ok().flatten()?.prompt
}
