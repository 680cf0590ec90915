//! `csp report qbr`: what to say in the next business review, with what value tracking shows.

use clap::Args;
use infohub::ids::AccountSlug;
use orchestrator::report::qbr;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::show::report::qbr as shown;

/// Shows the talking points of the next business review and the value that they rest on
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  csp report qbr acme")]
pub struct Qbr {
    /// The account's folder name
    account: AccountSlug,
}

impl Qbr {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let account = workspace.account(&self.account)?;
        let Some(plan) = account.plan() else {
            return Err(Fault::not_found(format!("{} has no plan yet", self.account)).into());
        };
        let prepared = qbr(plan, workspace.day_of(&account.facts, scene.now()));
        let screen = &scene.screen;
        screen.json(&json!({ "account": self.account, "qbr": prepared }));
        screen.line(&shown(&self.account, &prepared, screen));
        Ok(Exit::Done)
    }
}
