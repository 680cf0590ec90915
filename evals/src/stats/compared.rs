//! From a difference to a verdict: p values, corrected for several comparisons. It must not know scorers.

use serde::{Deserialize, Serialize};

use super::cluster::Estimate;
use super::interval::t_two_sided;
use crate::score::Direction;

/// A difference is called one if chance alone would bring it less often than this, all comparisons together. It is less
/// than what the intervals leave out, so that of any 100 comparisons of identical prompts 95 show no difference: at 0.05
/// that would only hold on average.
pub const ALPHA: f64 = 0.03;

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Shown to be better.
    Better,
    /// Shown to be worse.
    Worse,
    /// Neither was shown, which does not prove that they are equal.
    NoDifferenceShown,
    /// With so few clusters nothing could have been shown.
    TooFewClusters,
}

/// The smallest p that a number of clusters can bring: if chance alone gives each cluster's difference its sign, all
/// agree with probability `2^(1-G)`. So six clusters show nothing, however large the difference.
pub fn smallest_p(clusters: usize) -> f64 {
    i32::try_from(clusters).map_or(0.0, |clusters| 2_f64.powi(1 - clusters))
}

impl Estimate {
    /// The probability of a value at least this far from 0 by chance; `None` with one cluster.
    pub fn p(&self) -> Option<f64> {
        let (error, freedom) = (self.error?, self.freedom?);
        if self.value == 0.0 {
            return Some(1.0);
        }
        Some(t_two_sided(self.value / error, freedom).max(smallest_p(self.clusters)))
    }
}

impl Verdict {
    /// On a difference (after less before) with its corrected p.
    pub fn of(difference: &Estimate, corrected: f64, direction: Direction) -> Self {
        let gain = match direction {
            Direction::MoreIsBetter => difference.value,
            Direction::LessIsBetter => -difference.value,
        };
        if smallest_p(difference.clusters) >= ALPHA {
            Self::TooFewClusters
        } else if corrected >= ALPHA || gain == 0.0 {
            Self::NoDifferenceShown
        } else if gain > 0.0 {
            Self::Better
        } else {
            Self::Worse
        }
    }
}

/// Each p, corrected for all that are compared together, in the order given: the smallest is multiplied by their
/// number, the next by one less, and none falls below one that was smaller before.
pub fn holm(ps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|one, other| ps[*one].total_cmp(&ps[*other]));
    let mut corrected = vec![1.0; ps.len()];
    let mut least = 0.0_f64;
    for (rank, at) in order.into_iter().enumerate() {
        let left = super::interval::count(ps.len() - rank);
        least = least.max((ps[at] * left).min(1.0));
        corrected[at] = least;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn holm_keeps_the_order_given() {
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(
            corrected.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-12),
            "{corrected:?}"
        );
    }

    #[test]
    fn six_clusters_show_nothing() {
        assert!(smallest_p(6) > ALPHA && smallest_p(7) < ALPHA);
    }

    proptest! {
        #[test]
        fn corrected_values_are_no_smaller_and_rank_alike(ps in proptest::collection::vec(0.0..=1.0_f64, 0..12)) {
            let corrected = holm(&ps);
            for (at, one) in ps.iter().enumerate() {
                prop_assert!(corrected[at] >= *one && corrected[at] <= 1.0);
                for (other, beside) in ps.iter().enumerate() {
                    prop_assert!(one > beside || corrected[at] <= corrected[other]);
                }
            }
        }
    }
}
