//! Section 5 from the material: how both sides will judge, in which steps, with what, and when.

use infohub::evidence::Evidence;
use infohub::plan::Side;
use infohub::plan::sections::technical_evaluation::{
    EvaluationStep, MOST_CRITERIA, Resource, SuccessCriterion, TechnicalEvaluationPatch, TimelinePoint,
};
use jiff::civil::Date;

use super::cue;
use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::passage::Passage;
use super::quantity::quantities;
use super::shift::shift;
use super::topic::Topic;
use super::words::find;
use crate::sentence::clean;

/// So many entries the other lists have at most.
const MOST: usize = 10;
/// Words that make a dated sentence one about the evaluation.
const ABOUT_IT: &[&str] =
    &["evaluation", "trial", "pilot", "proof of concept", "poc", "the results", "kick-off"];

pub(super) fn draft(desk: &Desk<'_>) -> TechnicalEvaluationPatch {
    let plan = &desk.plan.technical_evaluation;
    TechnicalEvaluationPatch {
        success_criteria: fresh(&plan.success_criteria, criteria(desk), MOST_CRITERIA),
        plan: fresh(&plan.plan, steps(desk), MOST),
        resources: fresh(&plan.resources, resources(desk), MOST),
        timeline: fresh(&plan.timeline, timeline(desk), MOST),
    }
}

fn criteria(desk: &Desk<'_>) -> Vec<SuccessCriterion> {
    let headed = desk.reading.under(Topic::Criteria).map(|passage| criterion(passage, &passage.text));
    let said = desk.reading.statements().filter(|passage| passage.is_loose());
    let said = said.filter_map(|passage| Some(criterion(passage, following(passage, cue::CRITERION)?)));
    headed.chain(said).collect()
}

fn criterion(passage: &Passage<'_>, text: &str) -> SuccessCriterion {
    SuccessCriterion {
        id: Default::default(),
        criterion: text.trim_end_matches('.').to_owned(),
        measurement: following(passage, &["measured by", "measured as", "measured"]).map(clean),
        target: target(passage),
        status: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// The value that counts: where a figure moves to, or the first quantity that has a unit or a bound.
fn target(passage: &Passage<'_>) -> Option<String> {
    if let Some(shift) = shift(passage) {
        return shift.target;
    }
    let telling =
        |range: &std::ops::Range<usize>| range.len() > 1 || passage.slice(range.clone()).ends_with('%');
    quantities(&passage.words).into_iter().find(telling).map(|range| passage.slice(range).to_owned())
}

/// What follows the first of the phrases that stands in the passage.
fn following<'p>(passage: &'p Passage<'_>, phrases: &[&str]) -> Option<&'p str> {
    let end = phrases.iter().find_map(|phrase| find(&passage.words, phrase))?.end;
    let rest = passage.slice(end..passage.words.len());
    (!rest.is_empty()).then_some(rest)
}

fn steps(desk: &Desk<'_>) -> Vec<EvaluationStep> {
    let headed = desk
        .reading
        .under(Topic::Evaluation)
        .filter(|passage| passage.block.kind == super::block::Kind::Item);
    let said = desk.reading.statements().filter(|passage| passage.is_loose() && passage.opens(cue::STEP));
    headed.chain(said).map(step).collect()
}

fn step(passage: &Passage<'_>) -> EvaluationStep {
    EvaluationStep {
        id: Default::default(),
        step: passage.full(),
        owner: None,
        starts: None,
        ends: None,
        status: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

fn resources(desk: &Desk<'_>) -> Vec<Resource> {
    let headed = desk.reading.under(Topic::Resources).map(|passage| resource(passage, &passage.text, None));
    let said =
        desk.reading.statements().filter(|passage| passage.is_loose() && passage.block.speaker.is_some());
    let said = said.filter_map(|passage| {
        let side = if desk.is_ours(passage) { Side::Ours } else { Side::Customer };
        Some(resource(passage, following(passage, cue::PROVIDES)?, Some(side)))
    });
    headed.chain(said).collect()
}

fn resource(passage: &Passage<'_>, text: &str, side: Option<Side>) -> Resource {
    Resource {
        id: Default::default(),
        resource: text.to_owned(),
        side,
        amount: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

fn timeline(desk: &Desk<'_>) -> Vec<TimelinePoint> {
    let recorded =
        [("evaluation.started_on", "Evaluation starts"), ("evaluation.finished_on", "Evaluation ends")];
    let recorded = recorded.iter().filter_map(|(field, event)| {
        let (value, evidence) = desk.fact(field)?;
        Some(point((*event).to_owned(), value.parse().ok()?, evidence))
    });
    let told = desk
        .reading
        .statements()
        .filter(|passage| passage.under(Topic::Timeline) || (passage.is_loose() && passage.has(ABOUT_IT)));
    let told = told
        .flat_map(|passage| dated(passage).into_iter().map(|(text, date)| point(text, date, passage.cite())));
    let mut points: Vec<TimelinePoint> = recorded.chain(told.collect::<Vec<_>>()).collect();
    // The CRM and a note may name one day in different words.
    let mut taken: Vec<_> = desk.plan.technical_evaluation.timeline.iter().map(|point| point.date).collect();
    points.retain(|point| {
        let new = !taken.contains(&point.date);
        taken.push(point.date);
        new
    });
    points
}

fn point(event: String, date: Date, evidence: Evidence) -> TimelinePoint {
    TimelinePoint { id: Default::default(), event, date: Some(date), evidence: vec![evidence], review: None }
}

/// The parts of a sentence that `and` joins and that name a day, each with its day.
fn dated(passage: &Passage<'_>) -> Vec<(String, Date)> {
    let words = &passage.words;
    let mut starts: Vec<usize> =
        (0..words.len()).filter(|at| words[*at].low == "and").map(|at| at + 1).collect();
    starts.insert(0, 0);
    let days = days(words);
    let mut found = Vec::new();
    for (nth, start) in starts.iter().enumerate() {
        let end = starts.get(nth + 1).map_or(words.len(), |next| next - 1);
        let day = days.iter().find(|(range, _)| *start <= range.start && range.end <= end);
        if let (Some((_, date)), true) = (day, end > *start) {
            found.push((passage.slice(*start..end).to_owned(), *date));
        }
    }
    found
}
