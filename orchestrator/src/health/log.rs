//! How an account's plan stood over time: each change of its health with its causes. Bounded; what is older
//! stands in the journal. It must not know what health is judged by.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Health, Standing};

/// How many changes are kept.
const MOST_CHANGES: usize = 20;
/// The most characters of one cause.
const MOST_CAUSE: usize = 200;

/// What is remembered of a plan's health.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HealthLog {
    /// The changes, oldest first.
    pub changes: Vec<HealthChange>,
    /// The day on which the plan began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began: Option<Date>,
    /// The last day on which a meeting with the customer is known to have taken place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<Date>,
}

/// One change of a plan's health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthChange {
    /// When it was seen.
    pub at: Timestamp,
    /// How the plan stands since.
    pub standing: Standing,
    /// Whether it is complete since.
    pub complete: bool,
    /// What the standing rests on, each with what was found.
    pub causes: Vec<String>,
}

impl HealthLog {
    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The last change.
    pub fn last(&self) -> Option<&HealthChange> {
        self.changes.last()
    }

    /// Notes how the plan stands; gives the change if it stands otherwise than before.
    pub fn note(&mut self, health: &Health, at: Timestamp) -> Option<&HealthChange> {
        let same = |last: &HealthChange| (last.standing, last.complete) == (health.standing, health.complete);
        if self.last().is_some_and(same) {
            return None;
        }
        let told = |cause: &super::Finding| {
            let text = format!("{}: {}", cause.criterion.words(), cause.why);
            text.chars().take(MOST_CAUSE).collect()
        };
        self.changes.push(HealthChange {
            at,
            standing: health.standing,
            complete: health.complete,
            causes: health.causes().into_iter().map(told).collect(),
        });
        let excess = self.changes.len().saturating_sub(MOST_CHANGES);
        self.changes.drain(..excess);
        self.last()
    }
}
