//! What a journal record says: what came in, what followed from it, and the state after it.

use std::fmt;

use infohub::event::Event;
use infohub::facts::FactChange;
use infohub::ids::{ItemId, PersonId};
use infohub::occasion::Occasion;
use infohub::plan::{Agreement, Diff, Gap, Patch};
use infohub::registers::links::Followed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attention::{Notice, NoticeId, Report, Way, Why};
use crate::handoff::Handoff;
use crate::health::{HealthChange, Override, Standing};
use crate::rules::{Audience, Explanation, GateName, Missed, Occasion as Instant, Subject};
use crate::state::State;
use crate::task::TaskId;

/// One step of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// What came in.
    pub input: Input,
    /// What followed.
    pub effects: Vec<Effect>,
    /// What is known after it.
    pub state: State,
}

/// What can come in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Something happened to the account.
    Event(Box<Event>),
    /// A person changed csp.yaml or a register.
    HandEdit,
    /// A task came back with a draft.
    Drafted(Box<Drafted>),
    /// A task came back with nothing.
    Failed {
        /// The task.
        task: TaskId,
        /// Which of its drafts it was.
        draft: u32,
        /// Why, for people.
        why: String,
    },
    /// A person decided something.
    Decision(Box<Decision>),
    /// What became of notices to people.
    Told(Vec<Report>),
    /// Nothing but time has passed; recorded only if something follows.
    Tick,
}

/// A draft whose evidence has been checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    /// The task.
    pub task: TaskId,
    /// Which of its drafts it is.
    pub draft: u32,
    /// What it changes; tied to the plan that it was drafted on.
    pub patch: Patch,
    /// Who wrote it: `extractive drafter`, or a model's name.
    pub author: String,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Who, as named in team.yaml.
    pub by: PersonId,
    /// What.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The decisions that people take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// The draft is right.
    Accept {
        /// The review.
        review: TaskId,
        /// Hash of what was shown.
        shown: String,
    },
    /// The draft is right once it is changed so.
    Edit {
        /// The review.
        review: TaskId,
        /// Hash of what was shown.
        shown: String,
        /// The person's changes; what they leave alone is accepted.
        patch: Box<Patch>,
    },
    /// The draft is wrong.
    Reject {
        /// The review.
        review: TaskId,
        /// Hash of what was shown.
        shown: String,
        /// Why.
        reason: String,
    },
    /// An agent's task is to be done, whatever the rules say.
    Start {
        /// Agent and task, as `sa.initiate_csp`.
        run: String,
        /// What it is about.
        #[serde(default)]
        occasion: Box<Occasion>,
    },
    /// The task is to be done again.
    Retry {
        /// The task.
        task: TaskId,
    },
    /// The task is not to be done.
    Cancel {
        /// The task.
        task: TaskId,
        /// Why.
        reason: String,
    },
    /// A closed gate lets through for a while.
    OpenGate {
        /// The gate.
        gate: GateName,
        /// Why.
        reason: String,
        /// Until when.
        until: Timestamp,
    },
    /// The customer agreed to the plan.
    Agree {
        /// To what, who, and when.
        agreement: Agreement,
    },
    /// A handoff to the CA.
    Handoff {
        /// Its opportunity.
        handoff: String,
        /// What about it.
        is: HandoffVerdict,
    },
}

/// What people decide about a handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "handoff_verdict")]
pub enum HandoffVerdict {
    /// The CA takes over.
    Accept,
    /// The CA does not.
    Refuse {
        /// Why not.
        reason: String,
    },
    /// The SA offers it again after a refusal.
    Offer,
    /// The CA answers to a commitment that was made.
    Answer {
        /// The commitment.
        item: ItemId,
        /// What becomes of it.
        answer: Answer,
    },
}

/// What becomes of a commitment at a handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Answer {
    /// It is taken over as it is.
    Accepted,
    /// It is taken over in another form.
    Renegotiated {
        /// What it says from now on.
        to: String,
    },
    /// It is not taken over.
    Declined,
}

/// What follows from an input; each is recorded and can be told to people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// The CRM's facts are others now.
    FactsChanged {
        /// Which.
        changes: Vec<FactChange>,
    },
    /// The event said nothing that was not known, or was older than what is known.
    NothingNew,
    /// A rule fired and started a task.
    TaskStarted {
        /// The task.
        task: TaskId,
        /// The rule.
        rule: String,
        /// What is done, in the rule's words.
        action: String,
        /// Why it fired.
        why: Explanation,
    },
    /// A person started a task.
    TaskOrdered {
        /// The task.
        task: TaskId,
        /// The person.
        by: PersonId,
    },
    /// A rule fired, but the same work is already waiting.
    AlreadyPending {
        /// The task that waits.
        task: TaskId,
        /// The rule.
        rule: String,
        /// Why it fired.
        why: Explanation,
    },
    /// A rule fired that starts no task.
    RuleFired {
        /// The rule.
        rule: String,
        /// For whom.
        subject: Subject,
        /// What is done, in the rule's words.
        action: String,
        /// The instant that it waited for, if it waited for one.
        occasion: Option<Instant>,
        /// Why it fired.
        why: Explanation,
    },
    /// An instant that a rule waited for came to nothing.
    PassedOver {
        /// The rule.
        rule: String,
        /// For whom.
        subject: Subject,
        /// Which instant.
        occasion: Instant,
        /// Why nothing came of it.
        why: Missed,
    },
    /// Nobody has the part of those whom a rule wants told.
    NobodyHas {
        /// The rule.
        rule: String,
        /// The part.
        part: Audience,
    },
    /// Time was looked at, and nothing but the next instant is another.
    Looked {
        /// When time alone will next bring something.
        next: Option<Timestamp>,
    },
    /// The plan stands otherwise than before.
    HealthChanged {
        /// How it stood; nothing if it was not there.
        from: Option<Standing>,
        /// How it stands now, with the causes.
        now: HealthChange,
    },
    /// A gate is closed.
    GateClosed {
        /// The gate.
        gate: GateName,
        /// The rules that close it.
        rules: Vec<String>,
        /// What is missing.
        missing: Vec<String>,
    },
    /// A gate is open again.
    GateOpened {
        /// The gate.
        gate: GateName,
        /// Why.
        why: String,
    },
    /// A person lets something through a closed gate.
    GateOverridden {
        /// The gate.
        gate: GateName,
        /// The decision.
        by: Override,
    },
    /// What was asked for may not go out: the gate is closed.
    HeldByGate {
        /// The gate.
        gate: GateName,
        /// The rule whose task is not started; nothing if it is the request itself.
        rule: Option<String>,
        /// What is missing.
        missing: Vec<String>,
    },
    /// The customer has agreed to a version of the plan.
    Agreed {
        /// To what, who, and when.
        agreement: Agreement,
    },
    /// The account is to pass to the CA.
    HandoffOffered {
        /// The opportunity.
        handoff: String,
        /// Who hands over.
        from: Option<PersonId>,
        /// Who is to take over.
        to: Option<PersonId>,
    },
    /// A person decided about a handoff.
    HandoffChanged {
        /// The opportunity.
        handoff: String,
        /// Who.
        by: PersonId,
        /// How it stands now.
        now: Handoff,
    },
    /// The day has come on which a handoff is looked at again.
    HandoffFollowUp {
        /// The opportunity.
        handoff: String,
    },
    /// A rule could have fired and did not.
    NotFired {
        /// The rule.
        rule: String,
        /// For whom.
        subject: Subject,
        /// Why not.
        why: Explanation,
    },
    /// The plan has a new version.
    PlanChanged {
        /// What changed.
        diff: Diff,
        /// How many new questions it asks.
        questions: usize,
    },
    /// What changed on one side of plan and registers was carried to the other.
    Followed {
        /// What followed, each with what it follows from.
        changes: Vec<Followed>,
    },
    /// The task is done.
    TaskDone {
        /// The task.
        task: TaskId,
    },
    /// The task failed; a person can start it again.
    TaskFailed {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// The task is drafted again, because the plan changed under it or a person asked.
    TaskRestarted {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// The task is called off.
    TaskCancelled {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// Something waits for a person.
    ReviewOpened {
        /// The review.
        review: TaskId,
        /// Whether the plan already holds it, marked as drafted.
        in_plan: bool,
    },
    /// A person has decided.
    ReviewClosed {
        /// The review.
        review: TaskId,
        /// What was decided, in a word.
        verdict: String,
    },
    /// Items that a person had turned down before were left out.
    LeftOut {
        /// How many.
        items: usize,
    },
    /// The plan is not ready for the customer.
    NotReady {
        /// What is missing.
        gaps: Vec<Gap>,
    },
    /// Somebody is to be told something.
    Noticed {
        /// What, and whom.
        notice: Box<Notice>,
    },
    /// A person is not told any more.
    Silenced {
        /// The notice.
        notice: NoticeId,
        /// The person.
        to: PersonId,
        /// Why not.
        why: String,
    },
    /// A person was told.
    Told {
        /// The notice.
        notice: NoticeId,
        /// The person, or who stands in.
        to: PersonId,
        /// On which channel.
        by: Way,
        /// Whether it was part of a digest.
        digest: bool,
    },
    /// A notice did not get through on a channel.
    NotTold {
        /// The notice.
        notice: NoticeId,
        /// Which channel.
        by: Way,
        /// What went wrong.
        why: String,
        /// When it is tried again; never without one.
        next: Option<Timestamp>,
    },
    /// A notice is held back.
    Held {
        /// The notice.
        notice: NoticeId,
        /// Until when.
        until: Timestamp,
        /// Why.
        why: Why,
    },
    /// The input came too late or a second time, and does nothing.
    Ignored {
        /// Why.
        why: String,
    },
}

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
            Self::HandoffChanged { handoff, by, now } => {
                write!(f, "handoff of {handoff} is {}, by {by}", now.word())
            }
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
            Self::LeftOut { items } => write!(f, "{items} items left out that a person had turned down"),
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

fn health(from: Option<Standing>, now: &HealthChange, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let complete = if now.complete { "complete" } else { "incomplete" };
    write!(f, "the plan is {}, {complete}", now.standing.words())?;
    if let Some(from) = from.filter(|from| *from != now.standing) {
        write!(f, ", before {}", from.words())?;
    }
    write!(f, ": {}", now.causes.join("; "))
}
