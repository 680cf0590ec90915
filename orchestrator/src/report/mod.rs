//! The Reporter: what a person should know of a portfolio this week, and what to say in a business review. Deterministic and
//! pure: plans, facts, states, steps and the day in; lines out. It must not know screens or files.

mod changes;
mod digest;
mod qbr;

pub use digest::{AccountDigest, Dated, Digest, Portfolio, WaitingReview, Week, digest};
pub use qbr::{Point, Qbr, ValueLine, qbr};

use serde::Serialize;

use crate::health::{Health, Standing};

/// An account's health in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthLine {
    /// How the plan stands.
    pub standing: Standing,
    /// Whether all criteria of completeness hold.
    pub complete: bool,
    /// What the standing rests on; nothing for a healthy plan.
    pub why: Vec<String>,
}

impl From<&Health> for HealthLine {
    fn from(health: &Health) -> Self {
        let why = match health.standing {
            Standing::Healthy => Vec::new(),
            Standing::AtRisk | Standing::Watch => {
                health.causes().into_iter().map(|finding| finding.why.clone()).collect()
            }
        };
        Self { standing: health.standing, complete: health.complete, why }
    }
}
