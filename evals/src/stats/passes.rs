//! pass@k and pass^k: that at least one of k runs of a case passes, and that all of them do.
//! It must not know how runs are made.
//!
//! Of a case's `n` runs `c` passed. Without bias, `pass@k = 1 - C(n-c,k)/C(n,k)` (Chen et al.) and
//! `pass^k = C(c,k)/C(n,k)` (Yao et al.); both are averaged over cases, with clustered intervals.

use serde::Serialize;

use super::cluster::{Estimate, Observation, Scale, estimate};

/// Both rates for one k.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PassRate {
    /// How many runs.
    pub k: u32,
    /// At least one of them passes.
    pub any: Estimate,
    /// All of them pass.
    pub all: Estimate,
}

/// A case's runs that ended with a word on passing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs<'a> {
    /// The cluster of the case.
    pub cluster: &'a str,
    /// How many there are.
    pub runs: u32,
    /// How many passed.
    pub passed: u32,
}

/// That at least one of `k` runs passes, from `runs` of which `passed` did; `None` with fewer than `k` runs.
pub fn pass_at(runs: u32, passed: u32, k: u32) -> Option<f64> {
    pass_hat(runs, runs.checked_sub(passed)?, k).map(|all_fail| 1.0 - all_fail)
}

/// That all of `k` runs pass, from `runs` of which `passed` did; `None` with fewer than `k` runs.
pub fn pass_hat(runs: u32, passed: u32, k: u32) -> Option<f64> {
    if k == 0 || k > runs || passed > runs {
        return None;
    }
    // C(c,k)/C(n,k) as a product of k factors, which neither overflows nor loses digits.
    Some((0..k).map(|drawn| f64::from(passed.saturating_sub(drawn)) / f64::from(runs - drawn)).product())
}

/// The rates for k of 1, 2, 4, ... and the most runs that a case has; cases with fewer than k runs are left out of that k.
pub fn pass_rates(cases: &[Runs<'_>]) -> Vec<PassRate> {
    let most = cases.iter().map(|case| case.runs).max().unwrap_or(0);
    let mut ks: Vec<u32> = (0..31).map(|power| 1 << power).take_while(|k| *k < most).collect();
    ks.extend((most > 0).then_some(most));
    ks.into_iter().filter_map(|k| rate(cases, k)).collect()
}

fn rate(cases: &[Runs<'_>], k: u32) -> Option<PassRate> {
    let over = |rate: fn(u32, u32, u32) -> Option<f64>| {
        let seen: Vec<_> = cases
            .iter()
            .filter_map(|case| Some((case.cluster, rate(case.runs, case.passed, k)?)))
            .map(|(cluster, amount)| Observation { cluster, amount, weight: 1.0 })
            .collect();
        estimate(&seen, Scale::Share)
    };
    Some(PassRate { k, any: over(pass_at)?, all: over(pass_hat)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_of_two_is_sure_to_be_among_two_and_never_all() {
        assert_eq!((pass_at(2, 1, 1), pass_hat(2, 1, 1)), (Some(0.5), Some(0.5)));
        assert_eq!((pass_at(2, 1, 2), pass_hat(2, 1, 2)), (Some(1.0), Some(0.0)));
        assert_eq!((pass_at(2, 1, 3), pass_hat(2, 3, 1), pass_at(2, 3, 1)), (None, None, None));
    }

    #[test]
    fn ks_go_up_to_the_most_runs() {
        let cases = [Runs { cluster: "a", runs: 5, passed: 4 }, Runs { cluster: "b", runs: 3, passed: 3 }];
        let rates = pass_rates(&cases);
        let seen: Vec<_> = rates.iter().map(|rate| (rate.k, rate.any.cases)).collect();
        assert_eq!(seen, [(1, 2), (2, 2), (4, 1), (5, 1)]);
    }
}
