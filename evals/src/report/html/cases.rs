//! A case's details, as data that the page's script shows when the case is opened. Texts are cut to a bound, and beyond
//! a bound for the whole page cases come without their details: the log has everything.
//! It must not know the page's form.

use agents::evidence::EvidenceCheck;
use infohub::plan::{Item, SectionKey};
use serde::Serialize;

use crate::compare::Comparison;
use crate::log::{CaseResult, Line};
use crate::produced::{End, Spent, TaskOutcome};
use crate::report::figures;
use crate::score::Score;

/// Characters of one text.
const LONGEST: usize = 20_000;
/// Bytes of all cases' data; a browser still opens that in a moment.
const MOST_BYTES: usize = 64 << 20;

#[derive(Debug, Serialize)]
struct Whole<'a> {
    id: &'a str,
    cluster: &'a str,
    tags: &'a [String],
    expected: Option<String>,
    changes: Vec<String>,
    runs: Vec<One<'a>>,
    cut: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct One<'a> {
    repeat: u32,
    errored: Option<String>,
    scores: Vec<Scored<'a>>,
    tasks: Vec<Task<'a>>,
    judged: Option<String>,
}

#[derive(Debug, Serialize)]
struct Scored<'a> {
    scorer: &'a str,
    value: String,
    passed: Option<bool>,
    why: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Task<'a> {
    run: &'a str,
    failed: Option<String>,
    items: Vec<Shown>,
    removed: Vec<String>,
    questions: Vec<String>,
    checks: Vec<Check>,
    dropped: Vec<String>,
    warnings: Vec<String>,
    exchanges: Vec<Exchange>,
    spent: String,
}

#[derive(Debug, Serialize)]
struct Shown {
    place: String,
    text: String,
    evidence: Vec<String>,
    fields: String,
}

/// One piece of evidence, and what became of it.
#[derive(Debug, Serialize)]
struct Check {
    place: String,
    cited: String,
    holds: bool,
    verdict: String,
}

#[derive(Debug, Serialize)]
struct Exchange {
    prompt: Option<String>,
    reply: Option<String>,
}

/// Makes the details of one case after the other, as long as there is room.
pub(super) struct Details<'a> {
    comparison: Option<&'a Comparison>,
    left: usize,
}

impl<'a> Details<'a> {
    pub fn new(comparison: Option<&'a Comparison>) -> Self {
        Self { comparison, left: MOST_BYTES }
    }

    /// The case's data for its script element.
    pub fn of(&mut self, case: &str, lines: &[&Line], expected: Option<&String>) -> String {
        let (cluster, tags) =
            lines.first().map_or(("", [].as_slice()), |line| (line.cluster.as_str(), line.tags.as_slice()));
        let changes = self.changes(case);
        let mut whole = Whole {
            id: case,
            cluster,
            tags,
            expected: expected.map(|text| cut(text)),
            changes,
            runs: Vec::new(),
            cut: None,
        };
        whole.runs = lines.iter().map(|line| one(line)).collect();
        let text = super::embedded(&whole);
        let text = if text.len() <= self.left { text } else { super::embedded(&bare(whole)) };
        self.left = self.left.saturating_sub(text.len());
        text
    }

    /// What became of the case since the earlier run, by scorer.
    fn changes(&self, case: &str) -> Vec<String> {
        let scorers = self.comparison.into_iter().flat_map(|found| &found.scorers);
        scorers
            .filter_map(|scorer| Some((scorer, scorer.changes.iter().find(|change| change.case == case)?)))
            .map(|(scorer, change)| {
                let (before, after) = (figures::figure(change.before), figures::figure(change.after));
                format!("{}: {before} → {after}", scorer.scorer)
            })
            .collect()
    }
}

fn bare(mut whole: Whole<'_>) -> Whole<'_> {
    whole.expected = None;
    for run in &mut whole.runs {
        run.tasks.clear();
    }
    whole.cut = Some("The page is full, so this case is here without what was written; the log has it.");
    whole
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((at, _)) => format!("{} […] cut here; the log has all of it", &text[..at]),
    }
}

fn cuts<'t>(texts: impl IntoIterator<Item = &'t String>) -> Vec<String> {
    texts.into_iter().map(|text| cut(text)).collect()
}

fn one(line: &Line) -> One<'_> {
    match &line.result {
        CaseResult::Errored { why } => One {
            repeat: line.repeat,
            errored: Some(cut(why)),
            scores: Vec::new(),
            tasks: Vec::new(),
            judged: None,
        },
        CaseResult::Ran { produced, scores, judged, .. } => One {
            repeat: line.repeat,
            errored: None,
            scores: scores.iter().map(scored).collect(),
            tasks: produced.tasks.iter().map(task).collect(),
            judged: (*judged != Spent::default()).then(|| figures::spent(judged)),
        },
    }
}

fn scored(score: &Score) -> Scored<'_> {
    Scored {
        scorer: &score.scorer,
        value: score.value.map_or_else(|| "–".into(), figures::figure),
        passed: score.passed,
        why: cuts(&score.why),
    }
}

fn task(outcome: &TaskOutcome) -> Task<'_> {
    let patch = &outcome.patch;
    Task {
        run: &outcome.run,
        failed: match &outcome.end {
            End::Drafted => None,
            End::Failed { why } => Some(cut(why)),
        },
        items: patch.upserts().map(|(section, list, item)| shown(section, list, item)).collect(),
        removed: patch.removals().map(|(section, list, id)| format!("{section}.{list} {id}")).collect(),
        questions: patch
            .questions
            .iter()
            .map(|one| cut(&format!("{}: {}", one.section, one.question)))
            .collect(),
        checks: outcome.checks.iter().map(check).collect(),
        dropped: outcome.dropped.iter().map(|item| cut(&item.to_string())).collect(),
        warnings: outcome.warnings.iter().map(|warning| cut(&warning.to_string())).collect(),
        exchanges: exchanges(outcome),
        spent: figures::spent(&outcome.spent),
    }
}

fn shown(section: SectionKey, list: &str, item: &dyn Item) -> Shown {
    let fields = serde_json::to_string_pretty(&item.to_value()).unwrap_or_default();
    Shown {
        place: format!("{section}.{list} {}", item.id()),
        text: cut(item.text()),
        evidence: item.evidence().iter().map(|cited| cut(&cited.to_string())).collect(),
        fields: cut(&fields),
    }
}

fn check(found: &EvidenceCheck) -> Check {
    Check {
        place: format!("{}.{} {}", found.section, found.list, found.id),
        cited: cut(&found.cited.to_string()),
        holds: found.verdict.holds(),
        verdict: found.verdict.to_string(),
    }
}

/// Questions beside their answers; either may be missing where a run broke off.
fn exchanges(outcome: &TaskOutcome) -> Vec<Exchange> {
    let number = outcome.prompts.len().max(outcome.replies.len());
    let text = |texts: &[String], at: usize| texts.get(at).map(|text| cut(text));
    (0..number)
        .map(|at| Exchange { prompt: text(&outcome.prompts, at), reply: text(&outcome.replies, at) })
        .collect()
}
