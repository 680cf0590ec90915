//! An effect in one line, for logs and for programs that only print. Must not know screens.

use std::fmt;

use infohub::ids::PersonId;
use infohub::plan::Agreement;

use super::{Answer, Effect};
use crate::handoff::Stands;
use crate::health::{HealthChange, Override, Standing};

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FactsChanged { changes } => {
                let told: Vec<_> = changes
                    .iter()
                    .map(|change| {
                        format!("{} = {}", change.field, change.new.as_deref().unwrap_or("(cleared)"))
                    })
                    .collect();
                write!(f, "facts: {}", told.join(", "))
            }
            Self::NothingNew => f.write_str("nothing new"),
            Self::TaskStarted { task, rule, action, .. } => {
                write!(f, "rule {rule} fired: {action} (task {task})")
            }
            Self::TaskOrdered { task, by } => write!(f, "{by} started task {task}"),
            Self::AlreadyPending { task, rule, .. } => {
                write!(f, "rule {rule} fired, task {task} is already waiting")
            }
            Self::RuleFired { rule, subject, action, .. } => {
                write!(f, "rule {rule} fired for {subject}: {action}")
            }
            Self::PassedOver { rule, subject, occasion, why } => {
                write!(f, "rule {rule} passed over for {subject}, {occasion}: {why}")
            }
            Self::NobodyHas { rule, part } => {
                write!(f, "rule {rule} wants {part} told, and team.yaml and account.yaml name nobody")
            }
            Self::Looked { next: Some(next) } => write!(f, "nothing is due; looked at again at {next}"),
            Self::Looked { next: None } => f.write_str("nothing is due, and time alone will bring nothing"),
            Self::HealthChanged { from, now } => health(*from, now, f),
            Self::GateClosed { gate, rules, missing } => {
                let (rules, missing) = (rules.join(", "), missing.join("; "));
                write!(f, "gate {gate} is closed by {rules}: {missing}")
            }
            Self::GateOpened { gate, why } => write!(f, "gate {gate} is open: {why}"),
            Self::GateOverridden { gate, by: Override { by, reason, until } } => {
                write!(f, "{by} lets through gate {gate} until {until}: {reason}")
            }
            Self::HeldByGate { gate, rule: Some(rule), .. } => {
                write!(f, "rule {rule} starts nothing: gate {gate} is closed")
            }
            Self::HeldByGate { gate, rule: None, missing } => {
                write!(f, "gate {gate} is closed: {}", missing.join("; "))
            }
            Self::Agreed { agreement: Agreement { version, by, on, .. } } => {
                write!(f, "{by} agreed to version {version} on {on}")
            }
            Self::HandoffOffered { handoff, from, to } => {
                let named = |person: &Option<PersonId>, part: &str| {
                    person.as_ref().map_or_else(|| format!("any {part}"), ToString::to_string)
                };
                write!(f, "handoff of {handoff} offered by {} to {}", named(from, "SA"), named(to, "CA"))
            }
            Self::HandoffWithdrawn { handoff, stage } => {
                write!(f, "handoff of {handoff} is withdrawn: the deal is in {stage} again")
            }
            Self::HandoffChanged { handoff, by, now } => {
                write!(f, "handoff of {handoff} is {}, by {by}", now.word())?;
                match &now.stands {
                    Stands::Refused { reason, .. } => write!(f, ": {reason}"),
                    Stands::Accepted { .. } => write!(f, ", who owns the plan from now on"),
                    Stands::Offered { .. } | Stands::Withdrawn { .. } => Ok(()),
                }
            }
            Self::CommitmentAnswered { item, by, answer } => match answer {
                Answer::Accepted => write!(f, "commitment {item} is accepted, by {by}"),
                Answer::Declined => write!(f, "commitment {item} is declined, by {by}"),
                Answer::Renegotiated { to } => {
                    write!(f, "commitment {item} is renegotiated to '{to}', by {by}")
                }
            },
            Self::HandoffFollowUp { handoff } => write!(f, "handoff of {handoff}: time to look back at it"),
            Self::NotFired { rule, subject, .. } => write!(f, "rule {rule} did not fire for {subject}"),
            Self::PlanChanged { diff, questions } => {
                write!(f, "plan: {} changes, {questions} questions", diff.changes.len())
            }
            Self::Followed { changes } => {
                write!(f, "{} changes followed in plan and registers", changes.len())
            }
            Self::TaskDone { task } => write!(f, "task {task} is done"),
            Self::TaskFailed { task, why } => write!(f, "task {task} failed: {why}"),
            Self::TaskRestarted { task, why } => write!(f, "task {task} is done again: {why}"),
            Self::TaskCancelled { task, why } => write!(f, "task {task} is cancelled: {why}"),
            Self::ReviewOpened { review, in_plan: true } => {
                write!(f, "review {review} opened: the draft is in the plan, marked as drafted")
            }
            Self::ReviewOpened { review, in_plan: false } => {
                write!(f, "review {review} opened: the draft waits for a person before it enters the plan")
            }
            Self::ReviewClosed { review, verdict } => write!(f, "review {review} closed: {verdict}"),
            Self::ReviewReminded { review, to } => {
                write!(f, "review {review} was to be decided by now; {} is reminded", anybody(to.as_ref()))
            }
            Self::ReviewEscalated { review, to, expired } => {
                let still = if *expired { "is too old and still in the plan" } else { "is still undecided" };
                write!(f, "review {review} {still}; {} is told", anybody(to.as_ref()))
            }
            Self::ReviewLapsed { review, why } => {
                write!(f, "review {review} lapsed: {why}; the draft does not enter the plan")
            }
            Self::LeftOut { items } => write!(f, "{items} items left out that a person had turned down"),
            Self::AlreadyThere { items } => {
                write!(f, "{items} items left out that stand in the plan already")
            }
            Self::NotReady { gaps } => write!(f, "not ready for the customer: {} gaps", gaps.len()),
            Self::Noticed { notice } => write!(f, "notice {} for {}: {}", notice.id, notice.to, notice.title),
            Self::Silenced { notice, to, why } => write!(f, "notice {notice} for {to} is not sent: {why}"),
            Self::Told { notice, to, by, digest: false } => write!(f, "notice {notice} reached {to} by {by}"),
            Self::Told { notice, to, by, digest: true } => {
                write!(f, "notice {notice} reached {to} by {by}, in the digest")
            }
            Self::NotTold { notice, by, why, next: Some(next) } => {
                write!(f, "notice {notice} did not get through by {by}: {why}; tried again at {next}")
            }
            Self::NotTold { notice, by, why, next: None } => {
                write!(f, "notice {notice} did not get through by {by}, and is given up: {why}")
            }
            Self::Held { notice, until, why } => write!(f, "notice {notice} is held until {until}: {why}"),
            Self::Ignored { why } => write!(f, "ignored: {why}"),
        }
    }
}

fn anybody(person: Option<&PersonId>) -> &str {
    person.map_or("nobody", PersonId::as_str)
}

fn health(from: Option<Standing>, now: &HealthChange, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let complete = if now.complete { "complete" } else { "incomplete" };
    write!(f, "the plan is {} and {complete}", now.standing.words())?;
    if let Some(from) = from.filter(|from| *from != now.standing) {
        write!(f, "; it was {}", from.words())?;
    }
    write!(f, ": {}", now.causes.join("; "))
}
