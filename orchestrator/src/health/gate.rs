//! The proposal gate: closed while the plan is incomplete, unless a person opened it for a while.

use infohub::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Finding, Health};

/// A person's decision to let a proposal through a closed gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who decided it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub until: Timestamp,
}

/// Whether a proposal may go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum GateState {
    /// It may: the plan is complete.
    Open,
    /// It may, although something is missing: a person took that upon them.
    Overridden {
        /// The person's decision.
        by: Override,
        /// What is missing all the same.
        missing: Vec<Finding>,
    },
    /// It may not.
    Closed {
        /// What is missing.
        missing: Vec<Finding>,
        /// A decision that let it through earlier and has ended.
        ended: Option<Override>,
    },
}

impl GateState {
    /// Whether a proposal may go out.
    pub fn lets_through(&self) -> bool {
        !matches!(self, Self::Closed { .. })
    }
}

/// The state of the proposal gate.
pub fn proposal_gate(health: &Health, opened: Option<&Override>, now: Timestamp) -> GateState {
    if health.complete {
        return GateState::Open;
    }
    let missing = health.missing().cloned().collect();
    match opened {
        Some(opened) if now < opened.until => GateState::Overridden { by: opened.clone(), missing },
        ended => GateState::Closed { missing, ended: ended.cloned() },
    }
}
