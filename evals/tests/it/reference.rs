//! The statistics against values from numpy, scipy and statsmodels.
//!
//! `reference.json` is made by `python3 scripts/eval-reference.py > evals/tests/it/reference.json`.

use std::sync::LazyLock;

use evals::score::Counts;
use evals::stats::{self, CaseScore, Observation, Scale};
use serde::Deserialize;

static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| serde_json::from_str(include_str!("reference.json")).unwrap());

#[derive(Deserialize)]
struct Reference {
    samples: Vec<Sample>,
    pairs: Vec<Pair>,
    quantiles: Vec<Quantile>,
    tails: Vec<Tail>,
    draws: Vec<Draws>,
    wilson: Vec<Wilson>,
    holm: Vec<Holm>,
}

#[derive(Deserialize)]
struct Sample {
    name: String,
    cluster: Vec<String>,
    amount: Vec<f64>,
    weight: Vec<f64>,
    is_share: bool,
    value: f64,
    cr1: f64,
    error: f64,
    freedom: f64,
    interval: [f64; 2],
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    cluster: Vec<String>,
    hits: [Vec<f64>; 2],
    of: [Vec<f64>; 2],
    difference: f64,
    error: f64,
    freedom: f64,
    p: f64,
    pooled: f64,
    pooled_error: f64,
    pooled_freedom: f64,
}

#[derive(Deserialize)]
struct Quantile {
    freedom: f64,
    critical: f64,
}

#[derive(Deserialize)]
struct Tail {
    t: f64,
    freedom: f64,
    p: f64,
}

#[derive(Deserialize)]
struct Draws {
    runs: u32,
    passed: u32,
    k: u32,
    any: f64,
    all: f64,
}

#[derive(Deserialize)]
struct Wilson {
    count: f64,
    of: f64,
    critical: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Holm {
    ps: Vec<f64>,
    corrected: Vec<f64>,
}

/// Both agree to nine digits, or to as many after the point where the value is small.
#[track_caller]
fn check(what: &str, found: f64, expected: f64) {
    let apart = (found - expected).abs();
    assert!(apart <= 1e-9 * expected.abs().max(1.0), "{what}: {found} where the reference has {expected}");
}

#[test]
fn errors_and_intervals_are_those_of_the_reference() {
    for sample in &REFERENCE.samples {
        let observations: Vec<_> = sample
            .cluster
            .iter()
            .zip(sample.amount.iter().zip(&sample.weight))
            .map(|(cluster, (amount, weight))| Observation { cluster, amount: *amount, weight: *weight })
            .collect();
        let scale = if sample.is_share { Scale::Share } else { Scale::Plain };
        let found = stats::estimate(&observations, scale).unwrap();
        let interval = found.interval.unwrap();
        let name = &sample.name;
        check(name, found.value, sample.value);
        check(name, stats::cr1(&observations).unwrap(), sample.cr1);
        check(name, found.error.unwrap(), sample.error);
        check(name, found.freedom.unwrap(), sample.freedom);
        check(name, interval.low, sample.interval[0]);
        check(name, interval.high, sample.interval[1]);
    }
}

impl Pair {
    fn run<'a>(&'a self, which: usize, names: &'a [String]) -> Vec<CaseScore<'a>> {
        let rows = names.iter().zip(&self.cluster).zip(self.hits[which].iter().zip(&self.of[which]));
        rows.map(|((case, cluster), (hits, of))| CaseScore {
            case,
            cluster,
            tags: &[],
            value: Some(hits / of),
            counts: Some(Counts { hits: *hits, of: *of }),
            judged: 0,
            passed: 0,
        })
        .collect()
    }
}

#[test]
fn paired_differences_are_those_of_the_reference() {
    for pair in &REFERENCE.pairs {
        let names: Vec<String> = (0..pair.cluster.len()).map(|at| format!("case-{at:03}")).collect();
        let (before, after) = (pair.run(0, &names), pair.run(1, &names));
        let paired = stats::pair(&before, &after);
        let found = paired.difference(Scale::ShareDifference).unwrap();
        check(&pair.name, found.value, pair.difference);
        check(&pair.name, found.error.unwrap(), pair.error);
        check(&pair.name, found.freedom.unwrap(), pair.freedom);
        check(&pair.name, found.p().unwrap(), pair.p);
        let pooled = paired.pooled_difference().unwrap();
        check(&pair.name, pooled.value, pair.pooled);
        check(&pair.name, pooled.error.unwrap(), pair.pooled_error);
        check(&pair.name, pooled.freedom.unwrap(), pair.pooled_freedom);
    }
}

#[test]
fn quantiles_and_tails_are_those_of_scipy() {
    for one in &REFERENCE.quantiles {
        check(&format!("t with {} degrees", one.freedom), stats::t_critical(one.freedom), one.critical);
    }
    for one in &REFERENCE.tails {
        let found = stats::t_two_sided(one.t, one.freedom);
        // Small probabilities are compared by their ratio.
        check(&format!("t of {} with {} degrees", one.t, one.freedom), found / one.p, 1.0);
    }
}

#[test]
fn passes_are_those_of_every_draw() {
    for one in &REFERENCE.draws {
        let what = format!("{} of {}, k = {}", one.passed, one.runs, one.k);
        check(&what, stats::pass_at(one.runs, one.passed, one.k).unwrap(), one.any);
        check(&what, stats::pass_hat(one.runs, one.passed, one.k).unwrap(), one.all);
    }
}

#[test]
fn wilson_and_holm_are_those_of_statsmodels() {
    for one in &REFERENCE.wilson {
        let found = stats::wilson(one.count / one.of, one.of, one.critical);
        check("low", found.low, one.low);
        check("high", found.high, one.high);
    }
    for one in &REFERENCE.holm {
        for (found, expected) in stats::holm(&one.ps).iter().zip(&one.corrected) {
            check("holm", *found, *expected);
        }
    }
}
