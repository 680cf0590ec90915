//! The estimate that all others come down to: a ratio of two sums, with an error that respects clusters.
//! It must not know scores or cases.
//!
//! With amounts `z`, weights `d`, `D = Σd` and `R = Σz / D`, each cluster's residual sum is `S_g = Σ (z - R d)` and its
//! share of the weight is `u_g`. The variance of `R` is, after Bell and McCaffrey,
//!
//! ```text
//! CR1 = G/(G-1) · Σ S_g² / D²          what most tools print
//! CR2 = Σ S_g² / (1 - u_g) / D²        what is used here, divided by its bias under the working correlation
//! ```
//!
//! A mean is the ratio with all weights 1; a pooled share has hits and counts. The interval takes t with the degrees of
//! freedom of [`Working`], and for shares it is the score interval, which is not symmetric and stays within 0 and 1.

use std::collections::BTreeMap;

use serde::Serialize;

use super::interval::{Interval, count, score_interval, symmetric};
use super::working::Working;

/// One case's part in a ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation<'a> {
    /// The cluster that the case belongs to.
    pub cluster: &'a str,
    /// What is added up above the line.
    pub amount: f64,
    /// What is added up below it, 1 for a mean; cases with 0 say nothing and are left out.
    pub weight: f64,
}

/// What values can occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Any number.
    Plain,
    /// A share from 0 to 1.
    Share,
    /// The difference of two shares, from -1 to 1.
    ShareDifference,
}

/// A ratio of sums with how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean, share or difference.
    pub value: f64,
    /// Its standard error, clustered; absent with one cluster.
    pub error: Option<f64>,
    /// Its 95% interval; absent with one cluster.
    pub interval: Option<Interval>,
    /// The degrees of freedom of the interval.
    pub freedom: Option<f64>,
    /// Cases that it rests on.
    pub cases: usize,
    /// Clusters that they fall into.
    pub clusters: usize,
}

/// A cluster's sums.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ClusterSums {
    /// Of the residuals.
    pub residual: f64,
    /// Of the weights.
    pub weight: f64,
    /// Of the squared weights.
    pub weight_squares: f64,
}

/// The ratio of the amounts to the weights; `None` if no observation has a weight.
pub fn estimate(observations: &[Observation<'_>], scale: Scale) -> Option<Estimate> {
    let used: Vec<_> = observations.iter().filter(|one| is_usable(one)).copied().collect();
    let weight: f64 = used.iter().map(|one| one.weight).sum();
    if weight <= 0.0 {
        return None;
    }
    let value = used.iter().map(|one| one.amount).sum::<f64>() / weight;
    let sums = by_cluster(&used, value);
    let mut found = Estimate {
        value,
        error: None,
        interval: None,
        freedom: None,
        cases: used.len(),
        clusters: sums.len(),
    };
    if sums.len() < 2 {
        return Some(found);
    }
    let squares = used.iter().map(|one| (one.amount - value * one.weight).powi(2)).sum();
    let working = Working::fit(&sums, &used, squares);
    let error = (cr2(&sums) / working.bias).sqrt();
    found.error = Some(error);
    found.freedom = Some(working.freedom);
    found.interval = Some(match scale {
        Scale::Plain => symmetric(value, error, working.freedom),
        Scale::Share => score_interval(value, error, working.freedom, sums.len()),
        Scale::ShareDifference => symmetric(value, error, working.freedom).within(-1.0, 1.0),
    });
    Some(found)
}

/// The CR1 standard error, which most tools print; to compare with them. `None` with fewer than two clusters.
pub fn cr1(observations: &[Observation<'_>]) -> Option<f64> {
    let found = estimate(observations, Scale::Plain)?;
    let used: Vec<_> = observations.iter().filter(|one| is_usable(one)).copied().collect();
    let weight: f64 = used.iter().map(|one| one.weight).sum();
    let squares: f64 = by_cluster(&used, found.value).iter().map(|sum| sum.residual.powi(2)).sum();
    let clusters = count(found.clusters);
    (found.clusters > 1).then(|| (squares * clusters / (clusters - 1.0)).sqrt() / weight)
}

fn is_usable(one: &Observation<'_>) -> bool {
    one.amount.is_finite() && one.weight.is_finite() && one.weight > 0.0
}

/// The sums of each cluster, in the order of the clusters' names, so that the order of a log does not matter.
fn by_cluster(observations: &[Observation<'_>], value: f64) -> Vec<ClusterSums> {
    let mut sums: BTreeMap<&str, ClusterSums> = BTreeMap::new();
    for one in observations {
        let sum = sums.entry(one.cluster).or_default();
        sum.residual += one.amount - value * one.weight;
        sum.weight += one.weight;
        sum.weight_squares += one.weight * one.weight;
    }
    sums.into_values().collect()
}

fn cr2(sums: &[ClusterSums]) -> f64 {
    let weight: f64 = sums.iter().map(|sum| sum.weight).sum();
    let squares: f64 = sums.iter().map(|sum| sum.residual.powi(2) / (1.0 - sum.weight / weight)).sum();
    squares / weight.powi(2)
}

impl Estimate {
    /// True where the interval is rough because there are few clusters.
    pub fn is_rough(&self) -> bool {
        self.clusters < super::FEW_CLUSTERS
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[(&'static str, f64)]) -> Vec<Observation<'static>> {
        values.iter().map(|&(cluster, amount)| Observation { cluster, amount, weight: 1.0 }).collect()
    }

    proptest! {
        #[test]
        fn a_share_is_within_its_interval_and_that_within_0_and_1(
            cases in proptest::collection::vec((0..6_usize, 0..4_u8, 0..4_u8), 0..30),
        ) {
            let seen: Vec<_> = cases
                .iter()
                .map(|(cluster, of, hits)| Observation {
                    cluster: ["a", "b", "c", "d", "e", "f"][*cluster],
                    amount: f64::from(*hits.min(of)),
                    weight: f64::from(*of),
                })
                .collect();
            if let Some(found) = estimate(&seen, Scale::Share) {
                prop_assert_eq!(found.interval.is_some(), found.clusters > 1);
                let interval = found.interval.unwrap_or(Interval { low: 0.0, high: 1.0 });
                prop_assert!(0.0 <= interval.low && interval.high <= 1.0, "{:?}", found);
                prop_assert!(interval.has(found.value), "{:?}", found);
            }
        }

        #[test]
        fn what_is_added_to_all_moves_the_mean_and_not_its_error(
            values in proptest::collection::vec((0..5_usize, -5.0..5.0_f64), 3..20),
            more in -100.0..100.0_f64,
        ) {
            let of = |more: f64| -> Vec<Observation<'static>> {
                let cluster = |at: usize| ["a", "b", "c", "d", "e"][at];
                values.iter().map(|(at, value)| Observation { cluster: cluster(*at), amount: value + more, weight: 1.0 }).collect()
            };
            let (one, other) = (estimate(&of(0.0), Scale::Plain).unwrap(), estimate(&of(more), Scale::Plain).unwrap());
            prop_assert!((other.value - one.value - more).abs() < 1e-9);
            if let (Some(before), Some(after)) = (one.error, other.error) {
                prop_assert!((before - after).abs() < 1e-6 * before.max(1.0), "{} {}", before, after);
            }
        }
    }

    #[test]
    fn independent_cases_get_the_textbook_error() {
        let found = estimate(&of(&[("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 6.0)]), Scale::Plain).unwrap();
        // Sum of squares 14 about the mean 3, over 4 · 3.
        assert!((found.value - 3.0).abs() < 1e-12);
        assert!((found.error.unwrap() - (14.0_f64 / 12.0).sqrt()).abs() < 1e-12);
        assert!((found.freedom.unwrap() - 3.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn copies_of_a_case_in_one_cluster_do_not_make_it_surer() {
        let once = estimate(&of(&[("a", 0.0), ("b", 1.0), ("c", 1.0)]), Scale::Plain).unwrap();
        let twice = of(&[("a", 0.0), ("a", 0.0), ("b", 1.0), ("b", 1.0), ("c", 1.0), ("c", 1.0)]);
        let twice = estimate(&twice, Scale::Plain).unwrap();
        assert!((once.error.unwrap() - twice.error.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn one_cluster_has_no_interval_and_nothing_has_no_estimate() {
        let found = estimate(&of(&[("a", 0.0), ("a", 1.0)]), Scale::Share).unwrap();
        assert_eq!((found.value, found.error, found.interval), (0.5, None, None));
        assert_eq!(estimate(&[], Scale::Share), None);
        assert_eq!(estimate(&[Observation { cluster: "a", amount: 0.0, weight: 0.0 }], Scale::Share), None);
    }
}
