//! `csp plan history`: the versions of a plan, and what each came from.

use std::collections::BTreeMap;

use clap::Args;
use infohub::ids::AccountSlug;
use jiff::Timestamp;
use orchestrator::step::{Effect, HandoffVerdict, Input, Step, Verdict};
use serde::Serialize;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::show::table::Table;
use crate::show::words::minute;
use crate::workspace::Workspace;

/// Lists the versions of a plan and where each came from
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  csp plan history acme\n  csp plan show acme --version 2")]
pub struct History {
    /// The account
    account: AccountSlug,
}

/// One version.
#[derive(Debug, Serialize)]
struct Row {
    version: u64,
    file: String,
    #[serde(flatten)]
    origin: Option<Origin>,
}

/// The journal record that made a version.
#[derive(Debug, Clone, Serialize)]
struct Origin {
    record: u64,
    at: Timestamp,
    items: usize,
    from: String,
}

impl History {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        workspace.chosen(Some(&self.account))?;
        let origins = origins(&workspace, &self.account)?;
        let versions = workspace.hub.versions(&self.account).map_err(Fault::from)?;
        let rows: Vec<Row> = versions
            .into_iter()
            .map(|version| Row {
                origin: origins.get(&version.number).cloned(),
                version: version.number,
                file: version.file,
            })
            .collect();
        let screen = &scene.screen;
        screen.json(&json!({ "account": self.account, "versions": rows }));
        if rows.is_empty() {
            screen.line(&format!("{} has no plan yet.", self.account));
            return Ok(Exit::Done);
        }
        let mut table = Table::new(&["version", "when", "items", "record", "from"]);
        for row in rows.iter().rev() {
            let cells = row.origin.as_ref().map_or_else(
                || ["-".to_owned(), "-".to_owned(), "-".to_owned(), row.file.clone()],
                |origin| {
                    [
                        minute(origin.at),
                        origin.items.to_string(),
                        origin.record.to_string(),
                        origin.from.clone(),
                    ]
                },
            );
            table.row(std::iter::once(row.version.to_string()).chain(cells).collect());
        }
        screen.line(&table.render(screen));
        Ok(Exit::Done)
    }
}

/// The record that made each version: the first one that has it.
fn origins(workspace: &Workspace, account: &AccountSlug) -> Result<BTreeMap<u64, Origin>, Fault> {
    let mut origins = BTreeMap::new();
    let mut record = 0;
    loop {
        record += 1;
        let Some(found) = workspace.hub.step::<Step>(account, record)? else { return Ok(origins) };
        if found.version == 0 || origins.contains_key(&found.version) {
            continue;
        }
        let diffs = found.step.effects.iter().filter_map(|effect| match effect {
            Effect::PlanChanged { diff, .. } => Some(diff.changes.len()),
            _ => None,
        });
        let items = diffs.sum();
        origins.insert(found.version, Origin { record, at: found.at, items, from: from(&found.step) });
    }
}

fn from(step: &Step) -> String {
    match &step.input {
        Input::Event(event) => format!("event {} from {}", event.id, event.source),
        Input::HandEdit => "an edit by hand".to_owned(),
        Input::Drafted(drafted) => format!("{}, drafted by {}", drafted.task, drafted.author),
        Input::Failed { task, .. } => task.to_string(),
        Input::Decision(decision) => {
            let what = match &decision.verdict {
                Verdict::Accept { review, .. } => format!("accepted {review}"),
                Verdict::Edit { review, .. } => format!("edited and accepted {review}"),
                Verdict::Reject { review, .. } => format!("rejected {review}"),
                Verdict::Start { run, .. } => format!("started {run}"),
                Verdict::Agree { agreement } => format!("recorded the agreement of {}", agreement.by),
                Verdict::Handoff { handoff, is } => match is {
                    HandoffVerdict::Accept => format!("accepted the handoff of {handoff}"),
                    HandoffVerdict::Refuse { .. } => format!("refused the handoff of {handoff}"),
                    HandoffVerdict::Offer => format!("offered the handoff of {handoff} again"),
                    HandoffVerdict::Answer { item, .. } => format!("answered to {item}"),
                },
                Verdict::OpenGate { gate, .. } => format!("let through gate {gate}"),
                Verdict::Retry { task } => format!("started {task} again"),
                Verdict::Cancel { task, .. } => format!("called {task} off"),
            };
            format!("{} {what}", decision.by)
        }
        Input::Told(_) => "notices to people".to_owned(),
        Input::Tick => "the passing of time".to_owned(),
    }
}
