//! `csp plan`: the plan for people and for programs, its versions, its proof.

mod agree;
mod diff;
mod history;
mod restore;
mod schema;
pub mod show;
mod verify;

use clap::Subcommand;

use crate::scene::{Ended, Scene};

/// Plans: show, compare, agree, history, verify, schemas, restore
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp plan show acme")]
pub enum Plan {
    Show(show::Show),
    Diff(diff::Diff),
    History(history::History),
    Verify(verify::Verify),
    Schema(schema::Schema),
    Agree(agree::Agree),
    Restore(restore::Restore),
}

impl Plan {
    pub fn run(self, scene: &Scene) -> Ended {
        match self {
            Self::Show(command) => command.run(scene),
            Self::Diff(command) => command.run(scene),
            Self::History(command) => command.run(scene),
            Self::Verify(command) => command.run(scene),
            Self::Schema(command) => command.run(scene),
            Self::Agree(command) => command.run(scene),
            Self::Restore(command) => command.run(scene),
        }
    }
}
