//! `csp gate`: whether a proposal may go out, what is missing, and letting it through all the same.

use std::str::FromStr;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use infohub::ids::{AccountSlug, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use orchestrator::calendar::Moment;
use orchestrator::decide::missing;
use orchestrator::health::Override;
use orchestrator::rules::GateName;
use orchestrator::step::Verdict;
use serde_json::json;

use super::decide;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::judged::Judged;
use crate::scene::{Ended, Scene};
use crate::show::screen::Screen;
use crate::show::words::{minute, wrap};
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp gate proposal acme && send-the-proposal
  csp gate override proposal acme --by mira --reason 'the board meets tomorrow' --until 2026-03-01

`csp gate proposal` ends with 0 if the gate is open and with 3 if it is closed.";

/// The gates that rules close: look at one, let through a closed one
#[derive(Debug, Subcommand)]
#[command(after_help = HELP)]
pub enum Gate {
    /// Whether a proposal may go out, and what is missing
    #[command(after_help = "Example:\n  csp gate proposal acme")]
    Proposal {
        /// The account
        account: AccountSlug,
    },
    Override(Through),
}

/// Lets through a closed gate for a while; it is recorded and ends by itself
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  csp gate override proposal acme --by mira --reason 'the board meets tomorrow' --until 2026-03-01"
)]
pub struct Through {
    /// The gate
    gate: Name,
    /// The account
    account: AccountSlug,
    /// The person who decides, as named in team.yaml
    #[arg(long, value_name = "PERSON")]
    by: PersonId,
    /// Why
    #[arg(long)]
    reason: String,
    /// The last day that it is let through on, in the account's time zone, or a time; at most 90 days from now
    #[arg(long, value_name = "DAY|TIME")]
    until: Until,
}

/// When an override ends.
#[derive(Debug, Clone, Copy)]
enum Until {
    /// With this day.
    Day(Date),
    /// At this instant.
    Time(Timestamp),
}

impl FromStr for Until {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let day = text.parse().map(Self::Day);
        text.parse()
            .map(Self::Time)
            .or(day)
            .map_err(|_| "write it as 2026-01-15, for all of that day, or as 2026-01-15T10:00:00Z".to_owned())
    }
}

impl Until {
    /// The first instant at which the gate is closed again.
    fn instant(
        self,
        workspace: &Workspace,
        account: &AccountSlug,
        now: Timestamp,
    ) -> Result<Timestamp, Fault> {
        let day = match self {
            Self::Time(at) => return Ok(at),
            Self::Day(day) => day,
        };
        let facts = workspace.account(account)?.facts;
        let zone = facts.facts.time_zone.as_ref().and_then(|zone| zone.value.as_deref());
        let calendar = Arc::new(workspace.settings.attention.calendar.clone());
        let moment = Moment::new(now, zone, &calendar);
        let end = day.tomorrow().ok().and_then(|next| moment.start_of(next));
        end.ok_or_else(|| Fault::refused(format!("{day} is beyond the calendar")).help("name an earlier day"))
    }
}

/// The gates as the command line knows them.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Name {
    /// A proposal to the customer
    Proposal,
}

impl Gate {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        match self {
            Self::Proposal { account } => {
                let policy = workspace.policy()?;
                let judged = Judged::new(&workspace, &policy, &account, scene.now())?;
                let closing = policy.rules.closed(GateName::Proposal, &judged.seen);
                let log = judged.state.gates.get(&GateName::Proposal);
                let through = log.and_then(|log| log.lets_through_by(scene.now()));
                let ended = log.and_then(|log| log.opened.as_ref()).filter(|_| through.is_none());
                let rules: Vec<_> =
                    closing.iter().map(|closed| (closed.rule.clone(), closed.action.clone())).collect();
                let missing = lacking(&judged);
                let look = Look { account: &account, rules: &rules, missing: &missing, through, ended };
                Ok(look.tell(&scene.screen))
            }
            Self::Override(Through { gate: Name::Proposal, account, by, reason, until }) => {
                let until = until.instant(&workspace, &account, scene.now())?;
                let verdict = Verdict::OpenGate { gate: GateName::Proposal, reason, until };
                decide::take(scene, &workspace, &account, by, verdict)
            }
        }
    }
}

/// What is missing; a plan whose text does not read is told as that.
fn lacking(judged: &Judged) -> Vec<String> {
    let known = missing(judged.checkup.as_ref());
    match judged.account.broken_edit() {
        Some(error) if judged.account.plan().is_none() => vec![format!("the plan does not read: {error}")],
        Some(error) => {
            std::iter::once(format!("an edit by hand does not read: {error}")).chain(known).collect()
        }
        None => known,
    }
}

/// The proposal gate of an account.
struct Look<'a> {
    account: &'a AccountSlug,
    /// The rules that close it, each with its words.
    rules: &'a [(String, String)],
    missing: &'a [String],
    through: Option<&'a Override>,
    ended: Option<&'a Override>,
}

impl Look<'_> {
    fn tell(&self, screen: &Screen) -> Exit {
        let closed = !self.rules.is_empty();
        let is = match (closed, self.through) {
            (false, _) => "open",
            (true, Some(_)) => "overridden",
            (true, None) => "closed",
        };
        let rules = self.rules.iter().map(|(rule, action)| json!({ "rule": rule, "action": action }));
        screen.json(&json!({
            "account": self.account, "gate": "proposal", "is": is,
            "rules": rules.collect::<Vec<_>>(),
            "missing": self.missing,
            "override": self.through.or(self.ended),
        }));
        screen.line(&self.text(is, screen));
        if is == "closed" { Exit::Refused } else { Exit::Done }
    }

    fn text(&self, is: &str, screen: &Screen) -> String {
        let paint = screen.paint;
        let word = match is {
            "open" => paint.good(is),
            "closed" => paint.bad(is),
            _ => paint.waiting(is),
        };
        let mut lines = vec![format!("{}  the proposal gate is {word}", paint.strong(self.account.as_str()))];
        lines.extend(self.rules.iter().map(|(rule, action)| format!("  rule {rule}: {action}")));
        if self.rules.is_empty() && !self.missing.is_empty() {
            lines.push("No rule closes it now, but the plan is not complete:".to_owned());
        }
        let missing = self.missing.iter();
        lines.extend(missing.map(|gap| wrap("  - ", "    ", gap, screen.width)));
        if let Some(Override { by, reason, until }) = self.through {
            lines.push(format!("{by} lets through until {}: {reason}", minute(*until)));
        }
        if let Some(Override { by, until, .. }) = self.ended.filter(|_| is == "closed") {
            lines.push(format!("{by} let through until {}; that has ended", minute(*until)));
        }
        lines.join("\n")
    }
}
