//! What one run of a case left behind: all that scorers look at, so that an old log can be scored again without a
//! model. It must not know scorers.

use agents::draft::{Dropped, Warning};
use agents::evidence::EvidenceCheck;
use infohub::plan::Patch;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The tasks that a case started, in the order in which they were drafted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Produced {
    /// Each task with what came of it.
    pub tasks: Vec<TaskOutcome>,
}

/// What came of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskOutcome {
    /// Agent and task, as `sa.initiate_csp`.
    pub run: String,
    /// How it ended.
    pub end: End,
    /// What went to the plan after all checks; empty if there was no draft.
    pub patch: Patch,
    /// Each piece of evidence that was looked up, and what became of it.
    pub checks: Vec<EvidenceCheck>,
    /// The items that the checks left out, and why.
    pub dropped: Vec<Dropped>,
    /// What items say beyond their evidence.
    pub warnings: Vec<Warning>,
    /// What the model was asked, message under message, one text a question; empty without a model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<String>,
    /// What it answered to each, or why it did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
    /// What it took.
    pub spent: Spent,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum End {
    /// With a draft that was taken in.
    Drafted,
    /// Without: the model's answers were of no use.
    Failed {
        /// Why, for people.
        why: String,
    },
}

/// Calls, tokens, money and time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Questions to the model.
    pub calls: u32,
    /// Tokens of the questions.
    pub prompt_tokens: u64,
    /// Tokens of the answers.
    pub answer_tokens: u64,
    /// Money, if the model has prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Decimal>,
    /// Milliseconds from the task's begin to its draft.
    pub elapsed_ms: u64,
}

impl Spent {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let cost = match (self.cost, other.cost) {
            (Some(one), Some(two)) => Some(one.saturating_add(two)),
            (one, two) => one.or(two),
        };
        Self {
            calls: self.calls.saturating_add(other.calls),
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            answer_tokens: self.answer_tokens.saturating_add(other.answer_tokens),
            cost,
            elapsed_ms: self.elapsed_ms.saturating_add(other.elapsed_ms),
        }
    }
}

impl Produced {
    /// What all tasks took together.
    pub fn spent(&self) -> Spent {
        self.tasks.iter().fold(Spent::default(), |sum, task| sum.plus(task.spent))
    }
}
