//! What a journal record says: what came in, what followed from it, and the state after it.

mod decision;
mod effect;
mod words;

use infohub::event::Event;
use infohub::plan::Patch;
use serde::{Deserialize, Serialize};

pub use decision::{Answer, Decision, HandoffVerdict, Verdict};
pub use effect::Effect;

use crate::attention::Report;
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
