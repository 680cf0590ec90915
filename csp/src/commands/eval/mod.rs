//! `csp eval`: suites that score what agents write. One file a subcommand; what they share of a workspace is in
//! `bench`, what they share of a run is in `trial`.

mod bless;
mod compare;
mod import;
mod list;
mod record;
mod report;
mod run;
mod score;
mod told;
mod trial;

use clap::Subcommand;

use crate::scene::{Ended, Scene};

/// Suites that score what agents write: run, compare, report
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  csp eval list\n  csp eval run extraction\n  csp eval compare extraction"
)]
pub enum Eval {
    List(list::List),
    Run(run::Run),
    Score(score::Rescore),
    Compare(compare::Compare),
    Bless(bless::Bless),
    Report(report::Report),
    Record(record::Record),
    #[command(subcommand)]
    Import(import::Import),
}

impl Eval {
    pub fn run(self, scene: &Scene) -> Ended {
        match self {
            Self::List(command) => command.run(scene),
            Self::Run(command) => command.run(scene),
            Self::Score(command) => command.run(scene),
            Self::Compare(command) => command.run(scene),
            Self::Bless(command) => command.run(scene),
            Self::Report(command) => command.run(scene),
            Self::Record(command) => command.run(scene),
            Self::Import(command) => command.run(scene),
        }
    }
}
