//! The outcomes of section 1: what the customer wants, by which metric, from where to where. A metric's values are
//! taken as they are stated; an outcome that lacks one is completed where a figure of its name is stated elsewhere.

use infohub::plan::ListChange;
use infohub::plan::sections::background::Outcome;

use super::cue;
use super::day::days;
use super::desk::Desk;
use super::figure::{Figure, figures};
use super::fresh::fresh;
use super::passage::Passage;
use super::shift::{Shift, goal, shift};
use super::topic::Topic;
use super::words::{content, find};

/// So many outcomes a plan has at most; a plan that says everything is read by nobody.
const MOST: usize = 8;
/// Improvements without a figure in front and behind say little, so only so many are taken.
const MOST_VAGUE: usize = 3;
/// Of a figure's name, at least this share of words has to stand in the outcome, in percent.
const SAME_FIGURE: usize = 80;

/// The outcomes that the material wants.
pub(super) fn draft(desk: &Desk<'_>) -> ListChange<Outcome> {
    fresh(&desk.plan.background.outcomes, told(desk), MOST)
}

/// The same, and the known outcomes completed with what the material says of their metric.
pub(super) fn quantified(desk: &Desk<'_>) -> ListChange<Outcome> {
    let figures = figures(desk);
    let mut change = draft(desk);
    for outcome in &mut change.upsert {
        complete(desk, outcome, &figures);
    }
    for known in &desk.plan.background.outcomes {
        let mut outcome = known.clone();
        complete(desk, &mut outcome, &figures);
        if outcome != *known {
            change.upsert.push(outcome);
        }
    }
    change
}

fn complete(desk: &Desk<'_>, outcome: &mut Outcome, figures: &[Figure]) {
    let complete = outcome.metric.is_some() && outcome.baseline.is_some() && outcome.target.is_some();
    let named = content(&format!("{} {}", outcome.outcome, outcome.metric.as_deref().unwrap_or_default()));
    if let Some(figure) = figures.iter().filter(|_| !complete).find(|figure| is_named(&figure.name, &named)) {
        let adds = (outcome.baseline.is_none() && figure.today.is_some())
            || (outcome.target.is_none() && figure.wanted.is_some())
            || outcome.metric.is_none();
        if adds {
            outcome.metric.get_or_insert_with(|| figure.name.clone());
            outcome.baseline = outcome.baseline.take().or_else(|| figure.today.clone());
            outcome.target = outcome.target.take().or_else(|| figure.wanted.clone());
            if !outcome.evidence.contains(&figure.evidence) {
                outcome.evidence.push(figure.evidence.clone());
            }
        }
    }
    if outcome.method.is_none()
        && let Some(metric) = outcome.metric.as_deref()
    {
        let measured = desk.reading.statements().find_map(|passage| {
            let method = after(passage, "is measured")?;
            is_named(metric, &content(&passage.full())).then_some((passage, method))
        });
        if let Some((passage, method)) = measured {
            outcome.method = Some(method);
            outcome.evidence.push(passage.cite());
        }
    }
}

/// Whether a figure's name stands among the words.
fn is_named(name: &str, words: &[String]) -> bool {
    let name = content(name);
    let said = name.iter().filter(|word| words.binary_search(word).is_ok()).count();
    !name.is_empty() && said * 100 >= name.len() * SAME_FIGURE
}

fn told(desk: &Desk<'_>) -> Vec<Outcome> {
    let wanted = desk
        .reading
        .under(Topic::Outcomes)
        .map(|passage| (passage, shift(passage).or_else(|| goal(passage))));
    let said = desk.reading.statements().filter(|passage| passage.is_loose() && !desk.is_ours(passage));
    let said = said.filter_map(|passage| Some((passage, Some(shift(passage)?))));
    let reached =
        desk.reading.under(Topic::Impact).filter_map(|passage| Some((passage, Some(shift(passage)?))));
    let vague =
        desk.reading.under(Topic::Impact).filter(|passage| is_gain(passage)).map(|passage| (passage, None));
    wanted
        .chain(said)
        .chain(reached)
        .chain(vague.take(MOST_VAGUE))
        .map(|(passage, shift)| outcome(passage, shift))
        .collect()
}

/// Whether a sentence names an improvement with a figure but without both of its ends.
fn is_gain(passage: &Passage<'_>) -> bool {
    let figure = passage.words.iter().any(|word| word.low.starts_with(|c: char| c.is_ascii_digit()));
    let supposed = passage.has(&["would", "could", "if they", "might"]);
    shift(passage).is_none() && figure && !supposed && passage.has(cue::BETTER)
}

fn outcome(passage: &Passage<'_>, shift: Option<Shift>) -> Outcome {
    let (metric, baseline, target) =
        shift.map_or((None, None, None), |shift| (shift.metric, shift.baseline, shift.target));
    Outcome {
        id: Default::default(),
        outcome: passage.full(),
        metric,
        baseline,
        target,
        method: after(passage, "measured"),
        by: due(passage),
        value: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// What follows a word, to the end of the sentence.
fn after(passage: &Passage<'_>, word: &str) -> Option<String> {
    let range = find(&passage.words, word)?;
    let rest = passage.slice(range.end..passage.words.len());
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// The day after `by`.
fn due(passage: &Passage<'_>) -> Option<jiff::civil::Date> {
    let by = |at: usize| {
        at.checked_sub(1).and_then(|before| passage.words.get(before)).is_some_and(|word| word.low == "by")
    };
    days(&passage.words).into_iter().find(|(range, _)| by(range.start)).map(|(_, date)| date)
}
