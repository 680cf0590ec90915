//! `csp review list`: all that waits for a person.

use clap::Args;
use infohub::hub::Account;
use infohub::ids::AccountSlug;
use jiff::Timestamp;
use orchestrator::review::Place;
use orchestrator::step::Step;
use orchestrator::task::TaskId;
use serde::Serialize;
use serde_json::json;

use super::who::{Bench, Who};
use crate::exit::Exit;
use crate::fault::Faults;
use crate::scene::{Ended, Scene};
use crate::show::table::Table;
use crate::show::words::since;

/// Lists the drafts that wait for a person
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  csp review list\n  csp review list acme --json | jq '.reviews[].decides'"
)]
pub struct List {
    /// Only this account's
    account: Option<AccountSlug>,
}

/// One open review.
#[derive(Debug, Serialize)]
struct Row {
    account: AccountSlug,
    review: TaskId,
    run: String,
    items: usize,
    in_plan: bool,
    since: Timestamp,
    shown: String,
    decides: Who,
    #[serde(skip)]
    action: String,
}

impl List {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let (accounts, mut faults) = workspace.chosen(self.account.as_ref())?;
        let bench = Bench::new(&workspace, scene.now());
        let mut rows = Vec::new();
        for slug in accounts {
            match workspace.account(&slug) {
                Ok(account) => rows.extend(rows_of(&account, &bench)),
                Err(fault) => faults.push(fault),
            }
        }
        let screen = &scene.screen;
        if screen.json {
            screen.json(&json!({ "reviews": rows, "errors": faults }));
            return Ok(faults.first().map_or(Exit::Done, |fault| fault.exit));
        }
        if rows.is_empty() {
            screen.line("Nothing waits for a person.");
        } else {
            let mut table = Table::new(&["account", "review", "items", "where", "decides", "due", "what"]);
            rows.iter().for_each(|row| table.row(row.cells()));
            screen.line(&table.render(screen));
        }
        Faults::any(faults).map_or(Ok(Exit::Done), Err)
    }
}

fn rows_of(account: &Account<Step>, bench: &Bench<'_>) -> Vec<Row> {
    let Some(state) = account.last.as_ref().map(|step| &step.state) else { return Vec::new() };
    let with_task = state.reviews.values().filter_map(|review| Some((review, state.task(&review.task)?)));
    with_task
        .map(|(review, task)| {
            let (items, in_plan) = match &review.draft {
                Place::InPlan(ids) => (ids.len(), true),
                Place::Proposed(patch) => (patch.upserts().count() + patch.removals().count(), false),
            };
            Row {
                account: account.slug.clone(),
                review: task.id.clone(),
                run: review.run.clone(),
                items,
                in_plan,
                since: since(task),
                shown: review.content_hash(account.plan()),
                decides: bench.who(review, task, account.plan(), &account.facts),
                action: task.action.clone(),
            }
        })
        .collect()
}

impl Row {
    fn cells(&self) -> Vec<String> {
        vec![
            self.account.to_string(),
            self.review.to_string(),
            self.items.to_string(),
            if self.in_plan { "in the plan" } else { "outside the plan" }.to_owned(),
            self.decides.short(),
            self.decides.due_day(),
            self.action.clone(),
        ]
    }
}
