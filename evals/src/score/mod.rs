//! What is measured on one run of a case: a scorer a file, one list that registers them, and what a suite may set of
//! each. Scorers are pure: the same case and outcome give the same scores, so an old log can be scored again.
//! It must not know how a case was run.
//!
//! ```text
//! case ──────► Ground (library, facts, rights; once a case) ──┐
//! Produced ───────────────────────────────────────────────────┴─► Look ─► each scorer ─► Measure ─► Chosen ─► Score
//! ```
//!
//! What matters most is measured without the code that is under test: quotes are looked up in the library's lines word
//! for word ([`quote`]), CRM values in the facts, and texts are compared by their own words ([`words`]). Orphans and
//! calculations are asked of the checks in `agents`, since a second reader of figures would only differ from the first.

mod amounts;
mod arithmetic;
mod chosen;
mod completeness;
mod due_accuracy;
mod exact;
mod found;
mod ground;
mod injections;
mod length;
mod look;
pub mod matching;
mod negation;
mod numeric;
mod orphans;
mod owner_accuracy;
mod phrases;
mod placeholder_text;
mod questions;
mod quote;
mod quotes;
mod reading_ease;
pub mod rubric;
mod schema_validity;
mod scorer;
mod section_rights;
mod supported_claims;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::produced::Produced;
use crate::suite::Case;

pub use chosen::Chosen;
pub(crate) use ground::bare;
pub use ground::{Ground, GroundError};
pub(crate) use phrases::text_pattern;
pub use scorer::{Scorer, is_amount};

use look::Look;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better, as a share of what was wanted.
    MoreIsBetter,
    /// Less is better, as tokens, time or money.
    LessIsBetter,
}

/// Scores one run of a case by all of a suite's scorers but those that a judge is asked for.
pub fn score(scorers: &[Chosen], case: &Case, produced: &Produced, ground: &Ground) -> Vec<Score> {
    let look = Look::of(case, produced, ground);
    let plain = scorers.iter().filter(|chosen| !chosen.scorer.is_graded());
    plain.map(|chosen| chosen.of(chosen.scorer.measure(&look))).collect()
}

/// Reasons that one score tells; more do not help to understand it.
const MOST_REASONS: usize = 20;
/// Characters of one reason.
const LONGEST_REASON: usize = 400;

/// What a scorer found, before the suite's settings are laid on it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Measure {
    value: Option<f64>,
    counts: Option<Counts>,
    why: Vec<String>,
}

impl Measure {
    /// The case gave nothing to measure.
    fn nothing() -> Self {
        Self::default()
    }

    /// A share, with the counts behind it; nothing of nothing is no share.
    fn share(hits: usize, of: usize, why: Vec<String>) -> Self {
        if of == 0 {
            return Self { why, ..Self::default() };
        }
        #[allow(clippy::cast_precision_loss, reason = "counts of items")]
        let counts = Counts { hits: hits as f64, of: of as f64 };
        Self { value: Some(counts.hits / counts.of), counts: Some(counts), why }
    }

    /// An amount in a unit of its own.
    fn amount(value: f64) -> Self {
        Self { value: Some(value), ..Self::default() }
    }

    /// The share of things for which there is no reason against them.
    fn share_of_right<T>(things: impl IntoIterator<Item = T>, wrong: impl Fn(T) -> Option<String>) -> Self {
        let verdicts: Vec<Option<String>> = things.into_iter().map(wrong).collect();
        let of = verdicts.len();
        let why: Vec<String> = verdicts.into_iter().flatten().collect();
        Self::share(of - why.len(), of, why)
    }

    /// The share of things for which there is a reason against them.
    fn share_of_wrong<T>(things: impl IntoIterator<Item = T>, wrong: impl Fn(T) -> Option<String>) -> Self {
        let verdicts: Vec<Option<String>> = things.into_iter().map(wrong).collect();
        let of = verdicts.len();
        let why: Vec<String> = verdicts.into_iter().flatten().collect();
        Self::share(why.len(), of, why)
    }
}
