//! The ways in which a turn ends without a draft, each with what to do. It must not know how it is told.

use serde::{Deserialize, Serialize};
use tools::model::{Fault, ModelFailure};

use crate::answer::Reason;

/// Why there is no draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "failure", rename_all = "snake_case")]
pub enum Failure {
    /// The model gave no answer: truncated, refused, empty, malformed, timed out and so on, as it says.
    #[error("the model gave no answer: {}", with_advice(.0))]
    Model(#[source] ModelFailure),
    /// Both answers were unusable.
    #[error("the answer was unusable twice: {}; run the task again or edit its prompt", summary(reasons))]
    Unusable {
        /// What was wrong with the second one.
        reasons: Vec<Reason>,
    },
    /// The model went on calling tools when there was nothing left to call.
    #[error("the model called tools {rounds} times and gave no answer; raise the limit or shorten the task")]
    OnlyCalls {
        /// How often.
        rounds: u32,
    },
    /// The turn was given something that it did not ask for; an error in the program.
    #[error("the turn was given something that it did not ask for")]
    OutOfTurn,
}

impl Failure {
    /// Whether the same turn may well succeed later without anyone doing something.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Model(failure) => failure.is_transient(),
            Self::Unusable { .. } | Self::OnlyCalls { .. } | Self::OutOfTurn => false,
        }
    }

    /// Whether what held of an earlier answer still counts after this. A lost connection says nothing of the
    /// answer, so the whole turn is tried again; a call that was called off stays so.
    pub(super) fn leaves_first_answer(&self) -> bool {
        match self {
            Self::Model(failure) => !failure.is_transient() && failure.fault != Fault::Cancelled,
            Self::Unusable { .. } | Self::OnlyCalls { .. } => true,
            Self::OutOfTurn => false,
        }
    }
}

/// The first reason, and how many more there are.
fn summary(reasons: &[Reason]) -> String {
    let first = reasons.first().map(ToString::to_string).unwrap_or_default();
    match reasons.len() {
        0 | 1 => first,
        count => format!("{first} (and {} more)", count - 1),
    }
}

fn with_advice(failure: &ModelFailure) -> String {
    format!("{failure}; {}", advice(&failure.fault))
}

fn advice(fault: &Fault) -> &'static str {
    match fault {
        Fault::Truncated { .. } => "raise max_tokens or give the task fewer sections",
        Fault::ContextOverflow { .. } => "lower the prompt's budget or take a model with more context",
        Fault::Refused { .. } | Fault::ContentFiltered { .. } => {
            "look at the run record and at the material that was shown"
        }
        Fault::Unauthorized { .. } => "check the model's key",
        Fault::Rejected { .. } | Fault::Unsendable { .. } => "check the model's settings",
        Fault::NotRecorded => "make the recording again",
        Fault::Cancelled => "run the task again",
        Fault::Empty { .. }
        | Fault::Malformed { .. }
        | Fault::TimedOut { .. }
        | Fault::ConnectionLost { .. }
        | Fault::RateLimited { .. }
        | Fault::Unavailable { .. } => "run the task again later",
    }
}
