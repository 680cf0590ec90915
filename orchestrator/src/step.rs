//! What a journal record says: what came in, what followed from it, and the state after it.

use std::fmt;

use infohub::event::Event;
use infohub::facts::FactChange;
use infohub::ids::PersonId;
use infohub::occasion::Occasion;
use infohub::plan::{Diff, Gap, Patch};
use serde::{Deserialize, Serialize};

use crate::rules::{Explanation, Subject};
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
    /// A person changed csp.yaml.
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
            Self::NotFired { rule, subject, .. } => write!(f, "rule {rule} did not fire for {subject}"),
            Self::PlanChanged { diff, questions } => {
                write!(f, "plan: {} changes, {questions} questions", diff.changes.len())
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
            Self::Ignored { why } => write!(f, "ignored: {why}"),
        }
    }
}
