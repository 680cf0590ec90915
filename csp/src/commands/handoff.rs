//! `csp handoff`: what passes from the SA to the CA, and the CA's decisions about it.

use clap::{Args, Subcommand, ValueEnum};
use infohub::ids::{AccountSlug, ItemId};
use infohub::plan::Plan;
use infohub::plan::sections::handoff::CommitmentStatus;
use orchestrator::decide::unanswered;
use orchestrator::handoff::{Handoff as Known, Stands};
use orchestrator::state::State;
use orchestrator::step::{Answer, HandoffVerdict, Verdict};
use serde_json::json;

use super::decide::{self, By};
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::show::screen::Screen;
use crate::show::words::{minute, wrap};

const HELP: &str = "\
Examples:
  csp handoff show acme
  csp handoff commitment acme cm-3f9a accepted --as adaeze
  csp handoff commitment acme cm-77b0 renegotiated --to 'an answer within two days' --as adaeze
  csp handoff accept acme --as adaeze";

/// The handoff from SA to CA: show it, answer to commitments, accept, refuse, offer again
#[derive(Debug, Subcommand)]
#[command(after_help = HELP)]
pub enum Handoff {
    /// Shows how it stands: checklist, open items, commitments
    #[command(after_help = "Example:\n  csp handoff show acme")]
    Show {
        /// The account
        account: AccountSlug,
    },
    /// Takes the account over; refused while commitments are not answered
    #[command(after_help = "Example:\n  csp handoff accept acme --as adaeze")]
    Accept {
        #[command(flatten)]
        which: Which,
    },
    /// Does not take the account over
    #[command(after_help = "Example:\n  csp handoff refuse acme --reason 'no success criteria' --as adaeze")]
    Refuse {
        #[command(flatten)]
        which: Which,
        /// Why not
        #[arg(long)]
        reason: String,
    },
    /// Offers a refused handoff again
    #[command(after_help = "Example:\n  csp handoff offer acme --as mira")]
    Offer {
        #[command(flatten)]
        which: Which,
    },
    Commitment(Commitment),
}

/// Which handoff, and who decides.
#[derive(Debug, Args)]
pub struct Which {
    /// The account
    account: AccountSlug,
    /// The opportunity, if several are handed over
    #[arg(long, value_name = "ID")]
    opportunity: Option<String>,
    #[command(flatten)]
    by: By,
}

/// Answers to a commitment that was made before the handoff
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  csp handoff commitment acme cm-3f9a declined --as adaeze")]
pub struct Commitment {
    /// The account
    account: AccountSlug,
    /// The commitment's id
    item: ItemId,
    /// What becomes of it
    answer: AnswerName,
    /// What it says from now on, if it is renegotiated
    #[arg(long, value_name = "WORDS", required_if_eq("answer", "renegotiated"))]
    to: Option<String>,
    /// The opportunity, if several are handed over
    #[arg(long, value_name = "ID")]
    opportunity: Option<String>,
    #[command(flatten)]
    by: By,
}

/// The answers as the command line knows them.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum AnswerName {
    /// As it is
    Accepted,
    /// In another form
    Renegotiated,
    /// Not at all
    Declined,
}

impl Handoff {
    pub fn run(self, scene: &Scene) -> Ended {
        match self {
            Self::Show { account } => show(scene, &account),
            Self::Accept { which } => which.take(scene, HandoffVerdict::Accept),
            Self::Refuse { which, reason } => which.take(scene, HandoffVerdict::Refuse { reason }),
            Self::Offer { which } => which.take(scene, HandoffVerdict::Offer),
            Self::Commitment(Commitment { account, item, answer, to, opportunity, by }) => {
                let answer = match answer {
                    AnswerName::Accepted => Answer::Accepted,
                    AnswerName::Renegotiated => Answer::Renegotiated { to: to.unwrap_or_default() },
                    AnswerName::Declined => Answer::Declined,
                };
                let which = Which { account, opportunity, by };
                which.take(scene, HandoffVerdict::Answer { item, answer })
            }
        }
    }
}

impl Which {
    fn take(self, scene: &Scene, is: HandoffVerdict) -> Ended {
        let workspace = scene.workspace()?;
        let by = self.by.person()?;
        let handoff = match self.opportunity {
            Some(opportunity) => opportunity,
            None => {
                let account = workspace.account(&self.account)?;
                let state = account.last.map(|step| step.state).unwrap_or_default();
                only(&self.account, &state)?
            }
        };
        decide::take(scene, &workspace, &self.account, by, Verdict::Handoff { handoff, is })
    }
}

/// The only handoff that is not accepted, or the only one.
fn only(account: &AccountSlug, state: &State) -> Result<String, Fault> {
    let open: Vec<_> = state.handoffs.iter().filter(|(_, known)| !known.is_accepted()).collect();
    let all: Vec<_> = state.handoffs.iter().collect();
    match (open.as_slice(), all.as_slice()) {
        ([(only, _)], _) | ([], [(only, _)]) => Ok((*only).clone()),
        ([], []) => Err(Fault::not_found(format!("nothing of {account} is being handed over"))
            .help("a deal that is won starts a handoff; `csp why ACCOUNT handoff_trigger`")),
        _ => Err(Fault::refused(format!("several deals of {account} are handed over"))
            .help("name one: `--opportunity ID`, as `csp handoff show` lists them")),
    }
}

fn show(scene: &Scene, slug: &AccountSlug) -> Ended {
    let workspace = scene.workspace()?;
    let account = workspace.account(slug)?;
    let state = account.last.as_ref().map(|step| step.state.clone()).unwrap_or_default();
    if state.handoffs.is_empty() {
        only(slug, &state)?;
    }
    let plan = account.plan();
    let open: Vec<_> = plan.into_iter().flat_map(unanswered).map(|commitment| &commitment.id).collect();
    let screen = &scene.screen;
    screen.json(&json!({
        "account": slug, "handoffs": state.handoffs, "section": plan.map(|plan| &plan.handoff),
        "unanswered": open,
    }));
    for (opportunity, known) in &state.handoffs {
        screen.line(&standing(slug, opportunity, known, screen));
    }
    if let Some(plan) = plan {
        screen.line(&section(plan, screen));
    }
    Ok(Exit::Done)
}

fn standing(slug: &AccountSlug, opportunity: &str, known: &Known, screen: &Screen) -> String {
    let named =
        |person: &Option<_>| person.as_ref().map_or_else(|| "nobody named".to_owned(), ToString::to_string);
    let sides = format!("from {} to {}", named(&known.from), named(&known.to));
    let stands = match &known.stands {
        Stands::Offered { at } => format!("offered {}, waits for the CA", minute(*at)),
        Stands::Withdrawn { at, stage } => {
            format!(
                "withdrawn {}: the deal is in {stage} again; it is offered anew once it is won",
                minute(*at)
            )
        }
        Stands::Refused { at, by, reason } => format!("refused by {by} {}: {reason}", minute(*at)),
        Stands::Accepted { at, by, follow_up, .. } => {
            format!("accepted by {by} {}; both look back at it on {follow_up}", minute(*at))
        }
    };
    let head = format!("{}  {opportunity}, ", screen.paint.strong(slug.as_str()));
    wrap(&head, "  ", &format!("{sides}: {stands}"), screen.width)
}

fn section(plan: &Plan, screen: &Screen) -> String {
    let mut lines = Vec::new();
    let line = |mark: &str, text: &str| wrap(&format!("  {mark} "), "    ", text, screen.width);
    if !plan.handoff.checklist.is_empty() {
        lines.push(screen.paint.strong("Checklist"));
        lines.extend(plan.handoff.checklist.iter().map(|point| {
            let mark = match point.done {
                Some(true) => "✓",
                Some(false) => "✗",
                None => "?",
            };
            line(mark, &point.point)
        }));
    }
    if !plan.handoff.open_items.is_empty() {
        lines.push(screen.paint.strong("Open items"));
        lines.extend(plan.handoff.open_items.iter().map(|item| {
            let due = item.due.map(|due| format!(", due {due}")).unwrap_or_default();
            line("-", &format!("{}{due} ({})", item.item, item.id))
        }));
    }
    if !plan.handoff.commitments.is_empty() {
        lines.push(screen.paint.strong("Commitments"));
        lines.extend(plan.handoff.commitments.iter().map(|commitment| {
            let status = match commitment.status {
                None | Some(CommitmentStatus::Open) => "not answered",
                Some(CommitmentStatus::Accepted) => "accepted",
                Some(CommitmentStatus::Renegotiated) => "renegotiated",
                Some(CommitmentStatus::Declined) => "declined",
                Some(CommitmentStatus::Kept) => "kept",
            };
            let to = commitment.renegotiated_to.as_ref().map(|to| format!(" to: {to}")).unwrap_or_default();
            line("-", &format!("{} ({}): {status}{to}", commitment.commitment, commitment.id))
        }));
    }
    if lines.is_empty() {
        lines.push("Section 9 of the plan holds nothing yet; the SA's agent drafts it.".to_owned());
    }
    lines.join("\n")
}
