//! One scorer in two runs. It must not know the other scorers: its p comes back corrected for them.

use serde::Serialize;

use crate::score::{Direction, is_amount};
use crate::stats::{CaseScore, Change, Estimate, Paired, Scale, Verdict, are_shares, estimate_pooled};

/// One scorer's difference between two runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScorerComparison {
    /// The scorer.
    pub scorer: String,
    /// What it measures.
    pub direction: Direction,
    /// Its mean before, over the cases that both runs have a value for.
    pub before: Estimate,
    /// Its mean after, over the same cases.
    pub after: Estimate,
    /// After less before, paired by case.
    pub difference: Estimate,
    /// The same for the pooled share, where all these cases have counts.
    pub pooled: Option<PooledComparison>,
    /// How often chance alone would bring such a difference.
    pub p: f64,
    /// The same, corrected for the number of scorers.
    pub corrected_p: f64,
    /// What is shown.
    pub verdict: Verdict,
    /// The largest loss that is not called a regression.
    pub margin: f64,
    /// Whether it makes the run better or worse. Time, tokens, money and words do only where the suite states a margin:
    /// a busy machine or a longer prompt is told, and is no regression by itself.
    pub counts: bool,
    /// Shown to be worse, by more than the margin, where it counts.
    pub regression: bool,
    /// Cases that became better.
    pub improved: usize,
    /// Cases that became worse.
    pub worsened: usize,
    /// Cases that changed, the greatest losses first.
    pub changes: Vec<CaseChange>,
    /// Compared cases that only the earlier run has a value for.
    pub only_before: Vec<String>,
    /// Compared cases that only the later run has a value for.
    pub only_after: Vec<String>,
}

/// The pooled shares of both runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PooledComparison {
    /// Before.
    pub before: Estimate,
    /// After.
    pub after: Estimate,
    /// After less before.
    pub difference: Estimate,
}

/// A case whose value changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseChange {
    /// The case.
    pub case: String,
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
}

impl ScorerComparison {
    /// Not judged yet; `None` if no case has a value in both runs.
    pub(super) fn of(scorer: &str, direction: Direction, paired: &Paired<'_>) -> Option<Self> {
        let difference = difference(direction, paired)?;
        let scale = if is_share(direction, paired) { Scale::Share } else { Scale::Plain };
        let gains = || paired.changes.iter().map(|change| gain(direction, change));
        Some(Self {
            scorer: scorer.to_owned(),
            direction,
            before: paired.before(scale)?,
            after: paired.after(scale)?,
            difference,
            pooled: pooled(paired),
            p: difference.p().unwrap_or(1.0),
            corrected_p: 1.0,
            verdict: Verdict::TooFewClusters,
            margin: 0.0,
            counts: true,
            regression: false,
            improved: gains().filter(|gain| *gain > 0.0).count(),
            worsened: gains().filter(|gain| *gain < 0.0).count(),
            changes: changes(direction, paired),
            only_before: paired.only_before.iter().map(ToString::to_string).collect(),
            only_after: paired.only_after.iter().map(ToString::to_string).collect(),
        })
    }

    pub(super) fn judge(&mut self, corrected: f64, margin: Option<f64>) {
        self.corrected_p = corrected;
        self.margin = margin.unwrap_or(0.0);
        self.counts = margin.is_some() || !is_amount(&self.scorer);
        self.verdict = Verdict::of(&self.difference, corrected, self.direction);
        self.regression =
            self.counts && self.verdict == Verdict::Worse && self.difference.value.abs() > self.margin;
    }
}

/// The mean's difference, after less before.
pub(super) fn difference(direction: Direction, paired: &Paired<'_>) -> Option<Estimate> {
    let scale = if is_share(direction, paired) { Scale::ShareDifference } else { Scale::Plain };
    paired.difference(scale)
}

fn is_share(direction: Direction, paired: &Paired<'_>) -> bool {
    let (before, after) = paired.sides();
    are_shares(direction, before.iter().chain(after).copied())
}

fn pooled(paired: &Paired<'_>) -> Option<PooledComparison> {
    let (before, after) = paired.sides();
    let share = |scores: &[&CaseScore<'_>]| estimate_pooled(scores.iter().copied());
    Some(PooledComparison {
        difference: paired.pooled_difference()?,
        before: share(before)?,
        after: share(after)?,
    })
}

fn gain(direction: Direction, change: &Change<'_>) -> f64 {
    match direction {
        Direction::MoreIsBetter => change.after - change.before,
        Direction::LessIsBetter => change.before - change.after,
    }
}

fn changes(direction: Direction, paired: &Paired<'_>) -> Vec<CaseChange> {
    let mut changed: Vec<&Change<'_>> =
        paired.changes.iter().filter(|change| gain(direction, change) != 0.0).collect();
    changed.sort_by(|one, other| gain(direction, one).total_cmp(&gain(direction, other)));
    let named = |change: &Change<'_>| CaseChange {
        case: change.case.to_owned(),
        before: change.before,
        after: change.after,
    };
    changed.into_iter().map(named).collect()
}
