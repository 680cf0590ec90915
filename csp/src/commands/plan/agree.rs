//! `csp plan agree`: the customer agrees to the plan as it is; that version is the baseline from then on.

use clap::Args;
use infohub::ids::AccountSlug;
use infohub::plan::Agreement;
use jiff::civil::Date;
use orchestrator::step::Verdict;

use crate::commands::decide::{self, By};
use crate::fault::Fault;
use crate::scene::{Ended, Scene};

/// Records that the customer agreed to the last version of the plan
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  csp plan agree acme --by 'Imke Sand, Operations' --on 2026-03-12 --as mira\n  csp plan diff acme --since-agreed"
)]
pub struct Agree {
    /// The account
    account: AccountSlug,
    /// Who agreed, on the customer's side
    #[arg(long, value_name = "NAME")]
    by: String,
    /// The day
    #[arg(long, value_name = "DATE")]
    on: Date,
    #[command(flatten)]
    person: By,
}

impl Agree {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let person = self.person.person()?;
        let account = workspace.account(&self.account)?;
        let kept =
            account.plan.ok_or_else(|| Fault::not_found(format!("{} has no plan yet", self.account)))?;
        let agreement =
            Agreement { version: kept.at.version, hash: kept.at.hash.to_string(), by: self.by, on: self.on };
        decide::take(scene, &workspace, &self.account, person, Verdict::Agree { agreement })
    }
}
