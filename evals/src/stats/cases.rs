//! From a log's lines to one number for each case and scorer: the latest line of each run counts, repeats are averaged.
//! It must not know intervals.

use std::collections::BTreeMap;

use super::cluster::{Estimate, Observation, Scale, estimate};
use super::interval::count;
use super::passes::Runs;
use crate::log::{CaseResult, Line};
use crate::score::{Counts, Direction, Score};

/// A run's lines by case and repeat. A run that was resumed has an errored line and a later one for the same repeat: the
/// later one counts. The order of the lines does not matter otherwise.
#[derive(Debug, Clone, Default)]
pub struct Latest<'a> {
    lines: BTreeMap<(&'a str, u32), &'a Line>,
}

/// What a scorer says of a case, all repeats together.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseScore<'a> {
    /// The case.
    pub case: &'a str,
    /// Its cluster.
    pub cluster: &'a str,
    /// Its tags.
    pub tags: &'a [String],
    /// The mean over the repeats in which something was measured.
    pub value: Option<f64>,
    /// The mean counts over the repeats that have them.
    pub counts: Option<Counts>,
    /// Repeats in which the scorer said whether the case passed.
    pub judged: u32,
    /// Repeats that passed.
    pub passed: u32,
}

impl<'a> Latest<'a> {
    /// Of a log's lines, in the order in which they were appended.
    pub fn of(lines: &'a [Line]) -> Self {
        Self { lines: lines.iter().map(|line| ((line.case.as_str(), line.repeat), line)).collect() }
    }

    /// The lines that count, by case and repeat.
    pub fn lines(&self) -> impl Iterator<Item = &'a Line> + '_ {
        self.lines.values().copied()
    }

    /// The cases, each with the lines of its repeats.
    pub fn cases(&self) -> BTreeMap<&'a str, Vec<&'a Line>> {
        let mut cases: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
        for line in self.lines() {
            cases.entry(&line.case).or_default().push(line);
        }
        cases
    }

    /// The runs that broke, each with why.
    pub fn errored(&self) -> impl Iterator<Item = (&'a Line, &'a str)> + '_ {
        self.lines().filter_map(|line| match &line.result {
            CaseResult::Errored { why } => Some((line, why.as_str())),
            CaseResult::Ran { .. } => None,
        })
    }

    /// How often each case passed all scorers that judge it, over its repeats that ran.
    pub fn passes(&self) -> Vec<Runs<'a>> {
        let mut cases: BTreeMap<&str, Runs<'a>> = BTreeMap::new();
        for line in self.lines() {
            let Some(passed) = line.passed() else { continue };
            let runs = cases.entry(&line.case).or_insert(Runs { cluster: &line.cluster, runs: 0, passed: 0 });
            runs.runs += 1;
            runs.passed += u32::from(passed);
        }
        cases.into_values().collect()
    }
}

impl Line {
    /// The run's scores; none if it broke.
    pub fn scores(&self) -> &[Score] {
        match &self.result {
            CaseResult::Ran { scores, .. } => scores,
            CaseResult::Errored { .. } => &[],
        }
    }

    /// Whether it passed all scorers that have a threshold; `None` if none of them said so.
    pub fn passed(&self) -> Option<bool> {
        let mut words = self.scores().iter().filter_map(|score| score.passed).peekable();
        words.peek()?;
        Some(words.all(|passed| passed))
    }
}

/// What a scorer says of each case that ran at least once and that it spoke on, in the order of their ids.
pub fn case_scores<'a>(latest: &Latest<'a>, scorer: &str) -> Vec<CaseScore<'a>> {
    let of_case = |(case, lines): (&'a str, Vec<&'a Line>)| {
        let first = lines.first()?;
        let scores: Vec<&Score> =
            lines.iter().flat_map(|line| line.scores().iter().find(|score| score.scorer == scorer)).collect();
        let (cluster, tags) = (first.cluster.as_str(), first.tags.as_slice());
        (!scores.is_empty()).then(|| averaged(case, cluster, tags, &scores))
    };
    latest.cases().into_iter().filter_map(of_case).collect()
}

/// Whether the values are shares, so that the score interval fits them: within 0 and 1, and either a share of what was
/// wanted or a rate with counts.
pub fn are_shares<'a>(direction: Direction, scores: impl IntoIterator<Item = &'a CaseScore<'a>>) -> bool {
    let is_share = |score: &CaseScore<'_>| {
        let is_rate = direction == Direction::MoreIsBetter || score.counts.is_some();
        score.value.is_none_or(|value| is_rate && (0.0..=1.0).contains(&value))
    };
    scores.into_iter().all(is_share)
}

/// The mean of the cases' values, with the interval that fits them.
pub fn estimate_mean(scores: &[CaseScore<'_>], direction: Direction) -> Option<Estimate> {
    let scale = if are_shares(direction, scores) { Scale::Share } else { Scale::Plain };
    let seen: Vec<_> = scores
        .iter()
        .filter_map(|score| Some(Observation { cluster: score.cluster, amount: score.value?, weight: 1.0 }))
        .collect();
    estimate(&seen, scale)
}

/// The pooled share of the cases that have counts.
pub fn estimate_pooled<'a>(scores: impl IntoIterator<Item = &'a CaseScore<'a>>) -> Option<Estimate> {
    let seen: Vec<_> = scores
        .into_iter()
        .filter_map(|score| Some((score.cluster, score.counts?)))
        .map(|(cluster, counts)| Observation { cluster, amount: counts.hits, weight: counts.of })
        .collect();
    estimate(&seen, Scale::Share)
}

fn averaged<'a>(case: &'a str, cluster: &'a str, tags: &'a [String], scores: &[&Score]) -> CaseScore<'a> {
    let values: Vec<f64> =
        scores.iter().filter_map(|score| score.value).filter(|value| value.is_finite()).collect();
    let counts: Vec<Counts> = scores.iter().filter_map(|score| score.counts).collect();
    let judged: Vec<bool> = scores.iter().filter_map(|score| score.passed).collect();
    CaseScore {
        case,
        cluster,
        tags,
        value: mean(&values),
        counts: mean(&counts.iter().map(|one| one.hits).collect::<Vec<_>>())
            .zip(mean(&counts.iter().map(|one| one.of).collect::<Vec<_>>()))
            .map(|(hits, of)| Counts { hits, of }),
        judged: runs(judged.len()),
        passed: runs(judged.iter().filter(|passed| **passed).count()),
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

fn runs(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
