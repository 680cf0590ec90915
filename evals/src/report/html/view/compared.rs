//! The comparison's part of the page. It must not know cases' details.

use serde::Serialize;

use crate::compare::{Comparison, HeaderChange, ScorerComparison};
use crate::report::figures;
use crate::report::html::charts::{Axis, Range, extent};
use crate::stats::Verdict;

/// Cases that a scorer's list of changes names; the filter below has all.
const MOST_CHANGES: usize = 40;

#[derive(Debug, Serialize)]
pub(super) struct Compared<'a> {
    tone: &'static str,
    headline: String,
    changed: Option<String>,
    paired: String,
    scorers: Vec<Scorer<'a>>,
    differs: Vec<Differs<'a>>,
    missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
struct Scorer<'a> {
    name: &'a str,
    direction: &'static str,
    before: String,
    after: String,
    difference: String,
    pooled: Option<String>,
    interval: String,
    range: Range,
    p: String,
    verdict: &'static str,
    tone: &'static str,
    regression: bool,
    margin: Option<String>,
    improved: usize,
    worsened: usize,
    missing: String,
    changes: Vec<Changed<'a>>,
}

#[derive(Debug, Serialize)]
struct Changed<'a> {
    case: &'a str,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
struct Differs<'a> {
    what: &'a str,
    before: &'a str,
    after: &'a str,
}

#[derive(Debug, Serialize)]
struct Missing {
    what: String,
    names: String,
}

impl<'a> Compared<'a> {
    pub fn of(found: &'a Comparison) -> Self {
        let lists = [
            ("changed between the runs, so not compared", "case", &found.changed),
            ("only in the earlier run", "case", &found.only_before),
            ("only in the later run", "case", &found.only_after),
            ("in one run only, so not compared", "scorer", &found.scorers_of_one),
        ];
        let missing =
            lists.into_iter().filter(|(.., names)| !names.is_empty()).map(|(what, noun, names)| Missing {
                what: format!("{} {what}", figures::counted(wide(names.len()), noun)),
                names: names.join(", "),
            });
        Self {
            tone: if found.regressions().next().is_some() { "worse" } else { tone(found.verdict()) },
            headline: headline(found),
            changed: (!found.changed.is_empty()).then(|| changed(&found.changed)),
            paired: paired(found),
            scorers: found.scorers.iter().map(scorer).collect(),
            differs: found.differs.iter().map(differs).collect(),
            missing: missing.collect(),
        }
    }
}

fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::NoDifferenceShown | Verdict::TooFewClusters => "",
    }
}

/// What is said loudly of cases that are not the same any more.
fn changed(cases: &[String]) -> String {
    format!("{} changed between the two runs", figures::counted(wide(cases.len()), "case"))
}

/// The same sentence as in Markdown, without its marks.
fn headline(found: &Comparison) -> String {
    crate::report::markdown::headline(found).replace(['*', '`'], "")
}

fn paired(found: &Comparison) -> String {
    let side = |origin: &crate::compare::Origin| {
        let git = origin.git.as_deref().map(|git| format!(" at {git}")).unwrap_or_default();
        format!("{}{git}, {}", origin.drafter, origin.began.strftime("%Y-%m-%d %H:%M UTC"))
    };
    let cases = figures::counted(wide(found.common), "case");
    format!("{cases} compared. Before: {}. After: {}.", side(&found.before), side(&found.after))
}

fn scorer(one: &ScorerComparison) -> Scorer<'_> {
    let missing = [("before", one.only_before.len()), ("after", one.only_after.len())];
    let missing: Vec<String> = missing
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(when, number)| format!("{number} measured only {when}"))
        .collect();
    let named = |change: &'_ crate::compare::CaseChange| {
        (figures::figure(change.before), figures::figure(change.after))
    };
    Scorer {
        name: &one.scorer,
        direction: figures::direction(one.direction),
        before: figures::figure(one.before.value),
        after: figures::figure(one.after.value),
        difference: figures::signed(one.difference.value),
        pooled: one.pooled.map(|pooled| format!("pooled {}", figures::signed(pooled.difference.value))),
        interval: figures::interval(one.difference.interval),
        range: Range::of(&one.difference, Axis::around_zero(extent(&one.difference)), tone(one.verdict)),
        p: figures::probability(one.corrected_p),
        verdict: figures::verdict(one.verdict),
        tone: tone(one.verdict),
        regression: one.regression,
        margin: (one.margin > 0.0).then(|| figures::figure(one.margin)),
        improved: one.improved,
        worsened: one.worsened,
        missing: missing.join(", "),
        changes: one
            .changes
            .iter()
            .take(MOST_CHANGES)
            .map(|change| {
                let (before, after) = named(change);
                Changed { case: &change.case, before, after }
            })
            .collect(),
    }
}

fn differs(change: &HeaderChange) -> Differs<'_> {
    Differs {
        what: &change.what,
        before: change.before.as_deref().map_or("–", figures::short),
        after: change.after.as_deref().map_or("–", figures::short),
    }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
