//! Two runs of a suite side by side, paired by case. It must not know verdicts.
//!
//! The difference of means is the mean of the cases' differences, so what makes a case hard cancels out (Miller 2024).
//! The difference of pooled shares is linearised: with `e = (h' - R' d')/D' - (h - R d)/D` for each case, clustered sums
//! of `e` give its error; a case's weight is its mean share of both denominators.

use std::collections::BTreeMap;

use super::cases::CaseScore;
use super::cluster::{Estimate, Observation, Scale, estimate};

/// A scorer's cases in two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired<'a> {
    /// Cases that both runs have a value for.
    pub changes: Vec<Change<'a>>,
    /// Cases that only the earlier run has a value for.
    pub only_before: Vec<&'a str>,
    /// Cases that only the later run has a value for.
    pub only_after: Vec<&'a str>,
    before: Vec<&'a CaseScore<'a>>,
    after: Vec<&'a CaseScore<'a>>,
}

/// A case's value in both runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change<'a> {
    /// The case.
    pub case: &'a str,
    /// Its cluster.
    pub cluster: &'a str,
    /// Its value in the earlier run.
    pub before: f64,
    /// In the later one.
    pub after: f64,
}

/// Puts the cases of two runs side by side. A case's cluster is that of the later run.
pub fn pair<'a>(before: &'a [CaseScore<'a>], after: &'a [CaseScore<'a>]) -> Paired<'a> {
    let measured = |scores: &'a [CaseScore<'a>]| -> BTreeMap<&'a str, &'a CaseScore<'a>> {
        scores.iter().filter(|score| score.value.is_some()).map(|score| (score.case, score)).collect()
    };
    let (earlier, later) = (measured(before), measured(after));
    let missing = |here: &BTreeMap<&'a str, _>, there: &BTreeMap<&'a str, &CaseScore<'_>>| {
        here.keys().filter(|case| !there.contains_key(*case)).copied().collect::<Vec<_>>()
    };
    let (only_before, only_after) = (missing(&earlier, &later), missing(&later, &earlier));
    let both = earlier.iter().filter_map(|(case, old)| later.get(case).map(|new| (*old, *new)));
    let (before, after): (Vec<_>, Vec<_>) = both.unzip();
    let changes = before
        .iter()
        .zip(&after)
        .filter_map(|(old, new)| {
            Some(Change { case: new.case, cluster: new.cluster, before: old.value?, after: new.value? })
        })
        .collect();
    Paired { changes, only_before, only_after, before, after }
}

impl<'a> Paired<'a> {
    /// The paired cases, before and after.
    pub fn sides(&self) -> (&[&'a CaseScore<'a>], &[&'a CaseScore<'a>]) {
        (&self.before, &self.after)
    }

    /// The mean before, over the paired cases.
    pub fn before(&self, scale: Scale) -> Option<Estimate> {
        self.mean(scale, |change| change.before)
    }

    /// The mean after.
    pub fn after(&self, scale: Scale) -> Option<Estimate> {
        self.mean(scale, |change| change.after)
    }

    /// After less before.
    pub fn difference(&self, scale: Scale) -> Option<Estimate> {
        self.mean(scale, |change| change.after - change.before)
    }

    fn mean(&self, scale: Scale, of: fn(&Change<'_>) -> f64) -> Option<Estimate> {
        let seen: Vec<_> = self
            .changes
            .iter()
            .map(|change| Observation { cluster: change.cluster, amount: of(change), weight: 1.0 })
            .collect();
        estimate(&seen, scale)
    }

    /// The difference of the pooled shares, after less before; `None` unless each of these cases has counts in both runs.
    pub fn pooled_difference(&self) -> Option<Estimate> {
        let earlier = Pooled::of(&self.before)?;
        let later = Pooled::of(&self.after)?;
        let difference = later.share - earlier.share;
        let cases = self.after.iter().zip(later.cases.iter().zip(&earlier.cases));
        let seen: Vec<_> = cases
            .map(|(case, (new, old))| {
                let weight = f64::midpoint(new.weight, old.weight);
                let amount = new.residual - old.residual + difference * weight;
                Observation { cluster: case.cluster, amount, weight }
            })
            .collect();
        estimate(&seen, Scale::ShareDifference)
    }
}

/// A pooled share with what each case has to do with it.
struct Pooled {
    share: f64,
    cases: Vec<Part>,
}

/// A case's residual over the denominator, and its share of it.
struct Part {
    residual: f64,
    weight: f64,
}

impl Pooled {
    fn of(scores: &[&CaseScore<'_>]) -> Option<Self> {
        let counts: Vec<_> = scores.iter().map(|score| score.counts).collect::<Option<_>>()?;
        let of: f64 = counts.iter().map(|one| one.of).sum();
        let share = counts.iter().map(|one| one.hits).sum::<f64>() / of;
        let part = |hits: f64, own: f64| Part { residual: (hits - share * own) / of, weight: own / of };
        (of > 0.0).then(|| Self { share, cases: counts.iter().map(|one| part(one.hits, one.of)).collect() })
    }
}
