//! A run and a comparison as rows of text, for a table in the terminal. It must not know how wide one is.

use serde::Serialize;

use super::figures;
use super::summary::{ScorerSummary, Summary};
use crate::compare::{Comparison, ScorerComparison};

/// A scorer's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The scorer.
    pub scorer: String,
    /// Its mean.
    pub mean: String,
    /// The mean's 95% interval.
    pub interval: String,
    /// The pooled share.
    pub pooled: String,
    /// Cases measured of all, as `40 of 45`.
    pub cases: String,
    /// Cases that failed of those judged; empty without a threshold.
    pub failed: String,
}

/// A scorer's line in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparedRow {
    /// The scorer.
    pub scorer: String,
    /// Its mean before.
    pub before: String,
    /// Its mean after.
    pub after: String,
    /// After less before, with its sign.
    pub difference: String,
    /// The difference's 95% interval.
    pub interval: String,
    /// The corrected p.
    pub p: String,
    /// The verdict in words, with `regression` if it is one.
    pub verdict: String,
}

/// A row for each scorer of a run.
pub fn of_run(summary: &Summary) -> Vec<Row> {
    summary.scorers.iter().map(row).collect()
}

/// A row for each scorer that was compared.
pub fn of_comparison(comparison: &Comparison) -> Vec<ComparedRow> {
    comparison.scorers.iter().map(compared).collect()
}

fn row(scorer: &ScorerSummary) -> Row {
    let failed =
        if scorer.judged == 0 { String::new() } else { format!("{} of {}", scorer.failed, scorer.judged) };
    Row {
        scorer: scorer.scorer.clone(),
        mean: figures::value(scorer.mean.as_ref()),
        interval: figures::interval(scorer.mean.and_then(|mean| mean.interval)),
        pooled: figures::value(scorer.pooled.as_ref()),
        cases: format!("{} of {}", scorer.measured, scorer.measured + scorer.unmeasured),
        failed,
    }
}

fn compared(scorer: &ScorerComparison) -> ComparedRow {
    let verdict = figures::verdict(scorer.verdict);
    ComparedRow {
        scorer: scorer.scorer.clone(),
        before: figures::figure(scorer.before.value),
        after: figures::figure(scorer.after.value),
        difference: figures::signed(scorer.difference.value),
        interval: figures::interval(scorer.difference.interval),
        p: figures::probability(scorer.corrected_p),
        verdict: if scorer.regression { format!("{verdict}, regression") } else { verdict.to_owned() },
    }
}
