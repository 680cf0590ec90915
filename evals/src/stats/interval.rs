//! Intervals from an estimate and its error, and the t distribution. It must not know where errors come from.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::checked_beta_reg;

use super::CONFIDENCE;

/// From one bound to the other, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// The part of it between two bounds.
    #[must_use]
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    /// True for numbers between the bounds.
    pub fn has(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// How many standard errors a 95% interval reaches to either side; infinite without degrees of freedom.
pub fn t_critical(freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom)
        .map_or(f64::INFINITY, |student| student.inverse_cdf(1.0 - (1.0 - CONFIDENCE) / 2.0))
}

/// The probability of a t at least this far from 0; 1 if there is nothing to go by.
pub fn t_two_sided(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    // Through the incomplete beta function, which keeps its digits far out where 1 - cdf loses them.
    checked_beta_reg(freedom / 2.0, 0.5, freedom / (freedom + t * t)).unwrap_or(1.0)
}

pub(super) fn symmetric(value: f64, error: f64, freedom: f64) -> Interval {
    let reach = t_critical(freedom) * error;
    Interval { low: value - reach, high: value + reach }
}

/// Wilson's interval for a share that was seen in `worth` independent observations, with `critical` standard errors.
pub fn wilson(share: f64, worth: f64, critical: f64) -> Interval {
    let square = critical * critical / worth;
    let middle = (share + square / 2.0) / (1.0 + square);
    let reach = (square * (share * (1.0 - share) + square / 4.0)).sqrt() / (1.0 + square);
    // Rounding must not leave the share itself outside, above all at 0 and 1.
    Interval { low: (middle - reach).min(share), high: (middle + reach).max(share) }.within(0.0, 1.0)
}

/// Wilson's interval with as many observations as would give the share this error. Where all cases agree on 0 or 1 there
/// is no error to go by; then each cluster counts as one observation, the least that it can be worth.
pub(super) fn score_interval(share: f64, error: f64, freedom: f64, clusters: usize) -> Interval {
    let is_inside = share > 0.0 && share < 1.0;
    if is_inside && error <= 0.0 {
        return Interval { low: share, high: share };
    }
    let worth = if is_inside { share * (1.0 - share) / (error * error) } else { count(clusters) };
    wilson(share, worth, t_critical(freedom))
}

/// Counts of cases and clusters are far below the 2^53 up to which this is exact.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_stay_in_place_where_everything_passed() {
        let all = score_interval(1.0, 0.0, 9.0, 10);
        assert!(all.high == 1.0 && all.low > 0.6 && all.low < 0.75, "{all:?}");
        let none = score_interval(0.0, 0.0, 9.0, 10);
        assert!((none.high - (1.0 - all.low)).abs() < 1e-12 && none.low == 0.0, "{none:?}");
    }

    #[test]
    fn far_out_probabilities_are_small_and_not_zero() {
        let p = t_two_sided(40.0, 30.0);
        assert!(p > 0.0 && p < 1e-20, "{p}");
        assert_eq!(t_two_sided(f64::INFINITY, 3.0), 0.0);
        assert!((t_two_sided(0.0, 3.0) - 1.0).abs() < 1e-12);
    }
}
