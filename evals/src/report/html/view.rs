//! What the page says, in the form in which the template says it. It must not know where figures come from.

mod compared;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cases::Details;
use super::charts::{Axis, Histogram, Range, extent};
use super::{Input, embedded};
use crate::compare::Comparison;
use crate::log::{CaseResult, Line};
use crate::report::figures;
use crate::report::summary::{ScorerSummary, Summary};
use crate::score::Direction;
use crate::stats::{CaseScore, Latest, PassRate, Scale, are_shares, case_scores};
use compared::Compared;

/// Cases that a scorer's row names as its worst.
const MOST_WORST: usize = 3;

/// The whole page.
#[derive(Debug, Serialize)]
pub(super) struct Page<'a> {
    title: String,
    suite: &'a str,
    css: &'a str,
    js: &'a str,
    facts: Vec<Fact>,
    notes: Vec<String>,
    scorers: Vec<Scorer<'a>>,
    passes: Vec<Passes>,
    comparison: Option<Compared<'a>>,
    slices: Vec<Slice<'a>>,
    tags: BTreeSet<&'a str>,
    cases: Vec<Case<'a>>,
    index: String,
    cost: String,
}

#[derive(Debug, Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Scorer<'a> {
    name: &'a str,
    direction: &'static str,
    mean: String,
    interval: String,
    range: Option<Range>,
    pooled: String,
    pooled_interval: Option<String>,
    histogram: Option<Histogram>,
    measured: String,
    failed: String,
    worst: Vec<Worst<'a>>,
}

#[derive(Debug, Serialize)]
struct Worst<'a> {
    case: &'a str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Passes {
    k: u32,
    any: String,
    any_interval: String,
    all: String,
    all_interval: String,
    cases: usize,
}

#[derive(Debug, Serialize)]
struct Slice<'a> {
    tag: &'a str,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Cell {
    mean: String,
    cases: String,
    change: Option<String>,
}

#[derive(Debug, Serialize)]
struct Case<'a> {
    id: &'a str,
    state: &'static str,
    state_word: &'static str,
    tags: &'a [String],
    failing: String,
    data: String,
}

/// What the script filters and sorts by.
#[derive(Debug, Serialize)]
struct Index<'a> {
    rows: Vec<IndexRow<'a>>,
    scorers: Vec<IndexScorer<'a>>,
}

#[derive(Debug, Serialize)]
struct IndexRow<'a> {
    state: &'static str,
    tags: &'a [String],
    failing: BTreeSet<&'a str>,
    lost: bool,
}

#[derive(Debug, Serialize)]
struct IndexScorer<'a> {
    name: &'a str,
    more: bool,
    values: Vec<Option<f64>>,
}

impl<'a> Page<'a> {
    pub fn of(input: Input<'a>, css: &'a str, js: &'a str) -> Self {
        let Input { run, summary, comparison, expected } = input;
        let latest = Latest::of(run.lines);
        let by_case = latest.cases();
        let scores: Vec<_> = summary.scorers.iter().map(|one| case_scores(&latest, &one.scorer)).collect();
        let index = index(&by_case, summary, &scores, comparison);
        let mut details = Details::new(comparison);
        let row = |(case, lines): (&&'a str, &Vec<&'a Line>)| {
            row(case, lines, details.of(case, lines, expected.get(*case)))
        };
        Self {
            title: format!("Evals: {}", summary.origin.suite),
            suite: &summary.origin.suite,
            css,
            js,
            facts: facts(summary),
            notes: summary.notes.iter().map(ToString::to_string).collect(),
            scorers: summary.scorers.iter().zip(&scores).map(|(one, scores)| scorer(one, scores)).collect(),
            passes: summary.passes.iter().map(passes).collect(),
            comparison: comparison.map(Compared::of),
            slices: slices(summary, comparison),
            tags: by_case.values().flatten().flat_map(|line| &line.tags).map(String::as_str).collect(),
            cases: by_case.iter().map(row).collect(),
            index: embedded(&index),
            cost: cost(summary),
        }
    }
}

fn facts(summary: &Summary) -> Vec<Fact> {
    let origin = &summary.origin;
    let mut facts = vec![
        Fact { name: "drafted by", value: origin.drafter.clone() },
        Fact { name: "git revision", value: origin.git.clone().unwrap_or_else(|| "none".into()) },
        Fact { name: "began", value: origin.began.strftime("%Y-%m-%d %H:%M UTC").to_string() },
        Fact { name: "cases", value: format!("{} in {} clusters", origin.cases, summary.clusters) },
        Fact { name: "runs", value: format!("{} scored, {} broke", summary.runs, summary.errored.len()) },
        Fact { name: "agents", value: figures::spent(&summary.spent) },
    ];
    if summary.judged.calls > 0 {
        facts.push(Fact { name: "judge", value: figures::spent(&summary.judged) });
    }
    facts
}

fn cost(summary: &Summary) -> String {
    format!(
        "Cost: agents {}, judge {}.",
        figures::cost(summary.spent.cost),
        figures::cost(summary.judged.cost)
    )
}

fn scorer<'a>(summary: &'a ScorerSummary, scores: &[CaseScore<'_>]) -> Scorer<'a> {
    let values: Vec<f64> = scores.iter().filter_map(|score| score.value).collect();
    let scale = if are_shares(summary.direction, scores) { Scale::Share } else { Scale::Plain };
    let bounds = summary.mean.as_ref().map(extent);
    let axis = match scale {
        Scale::Share => Axis::share(),
        Scale::Plain | Scale::ShareDifference => {
            Axis::from_zero(values.iter().copied().chain(bounds.into_iter().flatten()))
        }
    };
    Scorer {
        name: &summary.scorer,
        direction: figures::direction(summary.direction),
        mean: figures::value(summary.mean.as_ref()),
        interval: figures::interval(summary.mean.and_then(|mean| mean.interval)),
        range: summary.mean.as_ref().map(|mean| Range::of(mean, axis, "")),
        pooled: figures::value(summary.pooled.as_ref()),
        pooled_interval: summary.pooled.map(|pooled| figures::interval(pooled.interval)),
        histogram: (!values.is_empty()).then(|| Histogram::of(&values, axis)),
        measured: format!("{} of {}", summary.measured, summary.measured + summary.unmeasured),
        failed: if summary.judged == 0 {
            "–".into()
        } else {
            format!("{} of {}", summary.failed, summary.judged)
        },
        worst: summary.worst.iter().take(MOST_WORST).map(worst).collect(),
    }
}

fn worst(one: &crate::report::Worst) -> Worst<'_> {
    Worst { case: &one.case, value: figures::figure(one.value) }
}

fn passes(rate: &PassRate) -> Passes {
    Passes {
        k: rate.k,
        any: figures::figure(rate.any.value),
        any_interval: figures::interval(rate.any.interval),
        all: figures::figure(rate.all.value),
        all_interval: figures::interval(rate.all.interval),
        cases: rate.any.cases,
    }
}

fn slices<'a>(summary: &'a Summary, comparison: Option<&Comparison>) -> Vec<Slice<'a>> {
    let change = |tag: &str, scorer: &str| {
        let slice = comparison?.slices.iter().find(|slice| slice.tag == tag)?;
        let found = slice.differences.iter().find(|one| one.scorer == scorer)?;
        Some(figures::signed(found.difference.value))
    };
    let cell = |slice: &'a crate::report::SliceSummary, scorer: &str| {
        let found = slice.means.iter().find(|one| one.scorer == scorer).map(|one| &one.mean);
        Cell {
            mean: figures::value(found),
            cases: found.map_or_else(|| "no case".into(), |mean| cases_word(mean.cases)),
            change: change(&slice.tag, scorer),
        }
    };
    let cells = |slice| summary.scorers.iter().map(|one| cell(slice, &one.scorer)).collect();
    summary.slices.iter().map(|slice| Slice { tag: &slice.tag, cells: cells(slice) }).collect()
}

fn cases_word(number: usize) -> String {
    figures::counted(u64::try_from(number).unwrap_or(u64::MAX), "case")
}

/// A case's state, the worst of its repeats first: as a name for the filters, and as a word.
fn state(lines: &[&Line]) -> (&'static str, &'static str) {
    let has = |passed| lines.iter().any(|line| line.passed() == passed);
    if lines.iter().any(|line| matches!(line.result, CaseResult::Errored { .. })) {
        ("errored", "errored")
    } else if has(Some(false)) {
        ("failed", "failed")
    } else if has(Some(true)) {
        ("passed", "passed")
    } else {
        ("unjudged", "not judged")
    }
}

fn failing<'a>(lines: &[&'a Line]) -> BTreeSet<&'a str> {
    let scores = lines.iter().flat_map(|line| line.scores());
    scores.filter(|score| score.passed == Some(false)).map(|score| score.scorer.as_str()).collect()
}

fn row<'a>(id: &'a str, lines: &[&'a Line], data: String) -> Case<'a> {
    let (state, state_word) = state(lines);
    let tags = lines.first().map_or([].as_slice(), |line| line.tags.as_slice());
    let failing: Vec<&str> = failing(lines).into_iter().collect();
    Case { id, state, state_word, tags, failing: failing.join(", "), data }
}

fn index<'a>(
    by_case: &BTreeMap<&'a str, Vec<&'a Line>>,
    summary: &'a Summary,
    scores: &[Vec<CaseScore<'a>>],
    comparison: Option<&Comparison>,
) -> Index<'a> {
    let lost: BTreeSet<&str> = comparison.map(Comparison::lost).unwrap_or_default();
    let row = |(case, lines): (&&str, &Vec<&'a Line>)| IndexRow {
        state: state(lines).0,
        tags: lines.first().map_or([].as_slice(), |line| line.tags.as_slice()),
        failing: failing(lines),
        lost: lost.contains(case),
    };
    let scorer = |(one, scores): (&'a ScorerSummary, &Vec<CaseScore<'_>>)| {
        let values: BTreeMap<&str, f64> =
            scores.iter().filter_map(|score| Some((score.case, score.value?))).collect();
        IndexScorer {
            name: &one.scorer,
            more: one.direction == Direction::MoreIsBetter,
            values: by_case.keys().map(|case| values.get(case).copied()).collect(),
        }
    };
    Index {
        rows: by_case.iter().map(row).collect(),
        scorers: summary.scorers.iter().zip(scores).map(scorer).collect(),
    }
}
