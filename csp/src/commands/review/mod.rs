//! `csp review`: people let drafts in, change them first, or turn them down. A decision is bound to the hash
//! of exactly what was shown.

mod draft;
mod edit;
mod list;
mod show;
mod text;
mod who;

use clap::{Args, Subcommand};
use orchestrator::step::Verdict;

use self::draft::Open;
use super::decide::{self, By};
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp review list                                   what waits, who is asked, and by when
  csp review show 3f9a27c1                          the draft with its evidence, and who may decide
  csp review accept 3f9a27c1 --as mira
  csp review edit 3f9a27c1 --as mira                accepts it with changes
  csp review reject 3f9a27c1 --reason 'these figures are from last year' --as mira

Who may is set by roles in csp.toml, [review.approvers]: by default the role that owns the plan, the AE in the commercial
sections, and managers. Who had a task started by hand cannot let its draft in. While a person is away (team.yaml), whoever
stands in for them may decide.";

/// Drafts that wait for a person: list, show, accept, edit, reject
#[derive(Debug, Subcommand)]
#[command(after_help = HELP)]
pub enum Review {
    List(list::List),
    Show(show::Show),
    Accept(Accept),
    Edit(edit::Edit),
    Reject(Reject),
}

/// What a decision is about, and what the person saw.
#[derive(Debug, Args)]
pub struct Target {
    /// The review's id, which is its task's, or the last part of it
    review: String,
    /// The hash that `csp review show` printed: a draft that has changed since is not decided on
    #[arg(long, value_name = "HASH")]
    shown: Option<String>,
    #[command(flatten)]
    by: By,
}

/// Accepts a draft as it is
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  csp review accept 3f9a27c1 --as mira\n  csp review accept 3f9a27c1 --as mira --shown 0a1b2c3d4e5f"
)]
pub struct Accept {
    #[command(flatten)]
    target: Target,
}

/// Turns a draft down; it is not drafted again
///
/// It takes the same roles as accepting. Whoever had the task started may turn its draft down.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  csp review reject 3f9a27c1 --reason 'these figures are from last year' --as mira"
)]
pub struct Reject {
    #[command(flatten)]
    target: Target,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Review {
    pub fn run(self, scene: &Scene) -> Ended {
        match self {
            Self::List(command) => command.run(scene),
            Self::Show(command) => command.run(scene),
            Self::Edit(command) => command.run(scene),
            Self::Accept(Accept { target }) => {
                target.decide(scene, |review, shown| Verdict::Accept { review, shown })
            }
            Self::Reject(Reject { target, reason }) => {
                target.decide(scene, |review, shown| Verdict::Reject { review, shown, reason })
            }
        }
    }
}

impl Target {
    /// Takes the verdict in that `make` makes from the review and the hash of what was shown.
    fn decide(
        self,
        scene: &Scene,
        make: impl FnOnce(orchestrator::task::TaskId, String) -> Verdict,
    ) -> Ended {
        let workspace = scene.workspace()?;
        let person = self.by.person()?;
        let open = Open::find(&workspace, &self.review)?;
        let shown = self.shown.unwrap_or_else(|| open.hash());
        let verdict = make(open.review.task.clone(), shown);
        decide::take(scene, &workspace, &open.account, person, verdict)
    }
}
