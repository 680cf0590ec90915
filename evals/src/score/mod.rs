//! What a scorer says of one run of a case.

use serde::{Deserialize, Serialize};

/// One scorer's word on one run of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The scorer's name in the suite, as `action_f1`.
    pub scorer: String,
    /// What was measured: for most scorers 0 to 1, more is better; `None` where the case gave nothing to measure.
    pub value: Option<f64>,
    /// For rates and F1: the counts behind the value, so that they can be pooled over cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// Whether the run passed, where the scorer has a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    /// What was found, for people: each miss with what was expected and what was there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// Counts that a pooled share is made of: `hits / of`. F1 is `2 matched / (found + wanted)`, so its hits are twice the
/// matched ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// The numerator.
    pub hits: f64,
    /// The denominator.
    pub of: f64,
}

/// What a scorer measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better, as a share of what was wanted.
    MoreIsBetter,
    /// Less is better, as tokens, time or money.
    LessIsBetter,
}
