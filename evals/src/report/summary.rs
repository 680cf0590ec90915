//! What a run came to, from its log. It must not know how this is shown.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::figures;
use crate::compare::Origin;
use crate::compare::Run;
use crate::log::CaseResult;
use crate::produced::Spent;
use crate::score::Direction;
use crate::stats::{
    CaseScore, Estimate, FEW_CLUSTERS, Latest, PassRate, case_scores, estimate_mean, estimate_pooled,
    pass_rates,
};

/// Cases that a scorer names as its worst.
const MOST_WORST: usize = 5;

/// A run, summed up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What was run.
    pub origin: Origin,
    /// Repeats that were asked for.
    pub repeats: u32,
    /// Runs of cases that ended with scores.
    pub runs: usize,
    /// Clusters that the cases fall into.
    pub clusters: usize,
    /// Runs that broke; they have no scores.
    pub errored: Vec<Errored>,
    /// Each scorer's figures.
    pub scorers: Vec<ScorerSummary>,
    /// That k runs of a case pass all scorers that have a threshold; empty if none has.
    pub passes: Vec<PassRate>,
    /// What the agents took.
    pub spent: Spent,
    /// What model-graded scorers took.
    pub judged: Spent,
    /// Means by tag.
    pub slices: Vec<SliceSummary>,
    /// What a reader should know before trusting the figures.
    pub notes: Vec<Note>,
}

/// A run of a case that broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Errored {
    /// The case.
    pub case: String,
    /// Which repeat.
    pub repeat: u32,
    /// What broke.
    pub why: String,
}

/// A scorer's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScorerSummary {
    /// The scorer.
    pub scorer: String,
    /// What it measures.
    pub direction: Direction,
    /// The mean over cases; absent if nothing was measured.
    pub mean: Option<Estimate>,
    /// The pooled share, where there are counts.
    pub pooled: Option<Estimate>,
    /// Cases with a value.
    pub measured: usize,
    /// Cases that gave nothing to measure.
    pub unmeasured: usize,
    /// Cases that have a word on passing.
    pub judged: usize,
    /// Of these, cases of which a repeat did not pass.
    pub failed: usize,
    /// The cases with the worst values that are not perfect.
    pub worst: Vec<Worst>,
}

/// A case that a scorer found bad.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worst {
    /// The case.
    pub case: String,
    /// Its value.
    pub value: f64,
}

/// The cases of a tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SliceSummary {
    /// The tag.
    pub tag: String,
    /// Each scorer's mean.
    pub means: Vec<SliceMean>,
}

/// A scorer's mean within a slice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SliceMean {
    /// The scorer.
    pub scorer: String,
    /// The mean over the slice's cases.
    pub mean: Estimate,
}

/// What a reader should know before trusting the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Note {
    /// Intervals are rough.
    FewClusters {
        /// How many there are.
        clusters: usize,
    },
    /// Some runs broke.
    Errored {
        /// How many.
        runs: usize,
    },
    /// Cases have not been run as often as was asked for.
    Unfinished {
        /// How many.
        cases: usize,
    },
}

impl Summary {
    /// Of a run.
    pub fn of(run: Run<'_>) -> Self {
        let latest = Latest::of(run.lines);
        let scores: Vec<_> = scorers(run, &latest)
            .into_iter()
            .map(|(name, direction)| (case_scores(&latest, &name), name, direction))
            .collect();
        let (spent, judged) = accounts(&latest);
        let errored: Vec<_> = latest
            .errored()
            .map(|(line, why)| Errored { case: line.case.clone(), repeat: line.repeat, why: why.to_owned() })
            .collect();
        let clusters = latest.lines().map(|line| &line.cluster).collect::<BTreeSet<_>>().len();
        Self {
            origin: Origin::of(run.header, &latest),
            repeats: run.header.repeats,
            runs: latest.lines().count() - errored.len(),
            clusters,
            notes: notes(run, &latest, clusters, errored.len()),
            errored,
            slices: slices(&scores),
            scorers: scores
                .into_iter()
                .map(|(scores, name, direction)| scorer(name, direction, &scores))
                .collect(),
            passes: pass_rates(&latest.passes()),
            spent,
            judged,
        }
    }
}

/// The header's scorers, and those that only the lines have, as after a scorer was added by hand.
fn scorers(run: Run<'_>, latest: &Latest<'_>) -> Vec<(String, Direction)> {
    let mut known = run.header.scorers.clone();
    for score in latest.lines().flat_map(|line| line.scores()) {
        known.entry(score.scorer.clone()).or_insert(Direction::MoreIsBetter);
    }
    known.into_iter().collect()
}

fn accounts(latest: &Latest<'_>) -> (Spent, Spent) {
    latest.lines().fold((Spent::default(), Spent::default()), |(agents, judges), line| match &line.result {
        CaseResult::Ran { spent, judged, .. } => (agents.plus(*spent), judges.plus(*judged)),
        CaseResult::Errored { .. } => (agents, judges),
    })
}

fn scorer(scorer: String, direction: Direction, scores: &[CaseScore<'_>]) -> ScorerSummary {
    let measured = scores.iter().filter(|score| score.value.is_some()).count();
    ScorerSummary {
        scorer,
        direction,
        mean: estimate_mean(scores, direction),
        pooled: estimate_pooled(scores),
        measured,
        unmeasured: scores.len() - measured,
        judged: scores.iter().filter(|score| score.judged > 0).count(),
        failed: scores.iter().filter(|score| score.passed < score.judged).count(),
        worst: worst(direction, scores),
    }
}

fn worst(direction: Direction, scores: &[CaseScore<'_>]) -> Vec<Worst> {
    let mut found: Vec<(&str, f64)> =
        scores.iter().filter_map(|score| Some((score.case, score.value?))).collect();
    match direction {
        Direction::MoreIsBetter => found.sort_by(|one, other| one.1.total_cmp(&other.1)),
        Direction::LessIsBetter => found.sort_by(|one, other| other.1.total_cmp(&one.1)),
    }
    let perfect = if direction == Direction::MoreIsBetter { 1.0 } else { 0.0 };
    found.retain(|(_, value)| (value - perfect).abs() > f64::EPSILON);
    let told = found.into_iter().take(MOST_WORST);
    told.map(|(case, value)| Worst { case: case.to_owned(), value }).collect()
}

fn slices(scores: &[(Vec<CaseScore<'_>>, String, Direction)]) -> Vec<SliceSummary> {
    let tags: BTreeSet<&String> =
        scores.iter().flat_map(|(scores, ..)| scores).flat_map(|score| score.tags).collect();
    let means = |tag: &String| {
        scores
            .iter()
            .filter_map(|(scores, scorer, direction)| {
                let tagged: Vec<_> =
                    scores.iter().filter(|score| score.tags.contains(tag)).cloned().collect();
                Some(SliceMean { scorer: scorer.clone(), mean: estimate_mean(&tagged, *direction)? })
            })
            .collect()
    };
    tags.into_iter().map(|tag| SliceSummary { tag: tag.clone(), means: means(tag) }).collect()
}

fn notes(run: Run<'_>, latest: &Latest<'_>, clusters: usize, errored: usize) -> Vec<Note> {
    let repeats = usize::try_from(run.header.repeats).unwrap_or(usize::MAX);
    let unfinished = latest.cases().values().filter(|lines| lines.len() < repeats).count();
    let mut notes = Vec::new();
    notes.extend((clusters < FEW_CLUSTERS).then_some(Note::FewClusters { clusters }));
    notes.extend((errored > 0).then_some(Note::Errored { runs: errored }));
    notes.extend((unfinished > 0).then_some(Note::Unfinished { cases: unfinished }));
    notes
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewClusters { clusters } => write!(
                f,
                "{} only: the intervals are rough below {FEW_CLUSTERS}, and fewer than 7 show no difference however large",
                figures::counted(u64::try_from(*clusters).unwrap_or(u64::MAX), "cluster")
            ),
            Self::Errored { runs } => write!(
                f,
                "{} broke and {} no score; resume to run {} again",
                figures::counted(u64::try_from(*runs).unwrap_or(u64::MAX), "run"),
                if *runs == 1 { "has" } else { "have" },
                if *runs == 1 { "it" } else { "them" }
            ),
            Self::Unfinished { cases } => write!(f, "cases that lack repeats: {cases}; resume to run them"),
        }
    }
}
