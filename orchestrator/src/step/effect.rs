//! What can follow from an input: a closed list, recorded as it is and told to people in the words of `words`.

use infohub::facts::FactChange;
use infohub::ids::{ItemId, PersonId};
use infohub::plan::{Agreement, Diff, Gap};
use infohub::registers::links::Followed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::decision::Answer;
use crate::attention::{Notice, NoticeId, Way, Why};
use crate::handoff::Handoff;
use crate::health::{HealthChange, Override, Standing};
use crate::rules::{Audience, Explanation, GateName, Missed, Occasion as Instant, Subject};
use crate::task::TaskId;

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
    /// The deal was set back, so the handoff is taken back.
    HandoffWithdrawn {
        /// The opportunity.
        handoff: String,
        /// The stage that it is in now.
        stage: String,
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
    /// The CA answered to a commitment that was made before the handoff.
    CommitmentAnswered {
        /// Which.
        item: ItemId,
        /// Who.
        by: PersonId,
        /// What becomes of it.
        answer: Answer,
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
    /// A review was to be decided by now.
    ReviewReminded {
        /// The review.
        review: TaskId,
        /// Who is reminded; nobody if nobody may decide.
        to: Option<PersonId>,
    },
    /// Nobody decided after the reminder either.
    ReviewEscalated {
        /// The review.
        review: TaskId,
        /// Who leads the person who was asked; nobody if team.yaml names nobody.
        to: Option<PersonId>,
        /// Whether the draft has become too old, and stays in the plan only because it is there.
        expired: bool,
    },
    /// Nobody decided on a draft outside the plan in time; it does not enter the plan.
    ReviewLapsed {
        /// The review.
        review: TaskId,
        /// Why.
        why: String,
    },
    /// Items that a person had turned down before were left out.
    LeftOut {
        /// How many.
        items: usize,
    },
    /// Items were left out whose words stand in the plan already.
    AlreadyThere {
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
