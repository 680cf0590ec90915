//! Section 8 from tables of figures: what is used, how far the outcomes of section 1 have come, and what moved.
//! Every number is read or worked out; whether it is good is left to people. An outcome that no table measures is
//! said to be not measured.

use infohub::calculation::{Calculation, Input, Operation};
use infohub::evidence::{Evidence, LineRange};
use infohub::number::Number;
use infohub::plan::sections::background::Outcome;
use infohub::plan::sections::value_tracking::{
    HealthIndicator, OutcomeProgress, Reading, Utilization, ValueTrackingPatch,
};
use infohub::plan::{Item, ListChange, Measured, NOT_SET, NotMeasured, SectionKey, is_placeholder};
use rust_decimal::Decimal;

use super::desk::Desk;
use super::usage::{MOST_READINGS, Point, Series, Usage};
use crate::evidence::cells::same_measure;
use crate::evidence::unit::Unit;
use crate::figures::signed_numbers;

/// So many movements are told at most.
const MOST_MOVES: usize = 6;
/// A smaller movement, in percent, is told by the readings themselves.
const LEAST_MOVE: i64 = 10;
/// More milestones would need more evidence than one item may have.
const MOST_MILESTONES: usize = 12;
/// How the item that counts milestones ends.
const COUNTED: &str = "milestones are done";

pub(super) fn draft(desk: &Desk<'_>, usage: &Usage<'_>) -> ValueTrackingPatch {
    ValueTrackingPatch {
        utilization: added(usage.series.iter().filter_map(|series| utilization(desk, series))),
        outcome_progress: added(
            desk.plan.background.outcomes.iter().filter_map(|outcome| progress(desk, usage, outcome)),
        ),
        health_indicators: indicators(desk, usage),
    }
}

/// Asks what the tables leave open.
pub(super) fn ask(desk: &mut Desk<'_>, usage: &Usage<'_>) {
    for question in &usage.questions {
        desk.ask(SectionKey::ValueTracking, question.clone());
    }
}

fn added<T>(items: impl Iterator<Item = T>) -> ListChange<T> {
    ListChange { upsert: items.collect(), remove: Vec::new() }
}

/// A metric with its newest readings; nothing if the plan has them already.
fn utilization(desk: &Desk<'_>, series: &Series<'_>) -> Option<Utilization> {
    let known = desk.plan.value_tracking.utilization.iter();
    let known = known.into_iter().find(|item| item.metric.eq_ignore_ascii_case(&series.metric));
    let (points, mut evidence) = series.newest();
    let read = points.iter().map(|point| Reading { on: point.on(), value: Measured::Value(point.value) });
    let mut readings: Vec<Reading> = read.collect();
    let old = known.map(|item| item.readings.as_slice()).unwrap_or_default();
    // A reading that no table has any more was proven when it came in, and what a person wrote stays.
    readings.extend(old.iter().filter(|old| !points.iter().any(|point| point.on() == old.on)).cloned());
    readings.sort_by_key(|reading| reading.on);
    readings.drain(..readings.len().saturating_sub(MOST_READINGS));
    let baseline = match known.and_then(|item| item.baseline) {
        Some(_) => None,
        None => series.first().map(|first| (first.value, first)),
    };
    if known.is_some() && readings == old && baseline.is_none() {
        return None;
    }
    if let Some((_, first)) =
        baseline.filter(|(_, first)| !points.iter().any(|point| point.line == first.line))
    {
        evidence.insert(0, first.cite());
    }
    Some(Utilization {
        id: known.map(|item| item.id.clone()).unwrap_or_default(),
        metric: known.map_or_else(|| series.metric.clone(), |item| item.metric.clone()),
        unit: series.unit.map(|unit| unit.as_str().to_owned()),
        baseline: baseline.map(|(value, _)| value),
        target: None,
        readings,
        evidence,
        review: None,
    })
}

/// How far an outcome has come; nothing if the plan says so already.
fn progress(desk: &Desk<'_>, usage: &Usage<'_>, outcome: &Outcome) -> Option<OutcomeProgress> {
    if is_placeholder(&outcome.outcome) || outcome.id.is_unassigned() {
        return None;
    }
    let known = desk.plan.value_tracking.outcome_progress.iter();
    let known = known.into_iter().find(|item| item.outcome.as_ref() == Some(&outcome.id));
    let mut drafted = match measure(usage, outcome) {
        Some(series) => measured(outcome, series)?,
        None if known.is_some() => return None,
        None => not_measured(outcome)?,
    };
    if let Some(known) = known {
        if known.on >= drafted.on && known.measured.is_some() && known.on.is_some() {
            return None;
        }
        drafted.id = known.id.clone();
    }
    Some(drafted)
}

/// The only series that plainly measures the outcome, in its unit.
fn measure<'u, 'a>(usage: &'u Usage<'a>, outcome: &Outcome) -> Option<&'u Series<'a>> {
    let metric = outcome.metric.as_deref().filter(|metric| !is_placeholder(metric))?;
    let unit =
        [&outcome.baseline, &outcome.target].into_iter().flatten().find_map(|text| Unit::of_text(text));
    let fits = |series: &&Series<'a>| {
        let same_unit = series.unit.zip(unit).is_none_or(|(one, other)| one == other);
        same_unit && same_measure(metric, &series.metric)
    };
    let mut same = usage.series.iter().filter(fits);
    let only = same.next()?;
    same.next().is_none().then_some(only)
}

fn measured(outcome: &Outcome, series: &Series<'_>) -> Option<OutcomeProgress> {
    let (first, last) = (series.first()?, series.last()?);
    let figure = |field: &str, text: &Option<String>| planned(outcome, field, text.as_deref()?);
    let baseline = figure("baseline", &outcome.baseline);
    let target = figure("target", &outcome.target);
    let metric = &series.metric;
    let (text, calculation) = match (baseline, target) {
        (Some((from, baseline)), Some((to, target))) => {
            let inputs = vec![baseline, target, cell(last)];
            let share = calculated(Operation::ProgressPercent, inputs, &[from, to, last.value.decimal()])?;
            let way = format!(
                "{metric}: {} on {}; {}% of the way from {from} to {to}",
                last.value,
                last.on(),
                share.result
            );
            (way, share)
        }
        (Some((from, baseline)), None) => {
            let inputs = vec![baseline, cell(last)];
            let change = calculated(Operation::ChangePercent, inputs, &[from, last.value.decimal()])?;
            (
                format!(
                    "{metric}: {} on {}; {}% against the baseline of {from}",
                    last.value,
                    last.on(),
                    change.result
                ),
                change,
            )
        }
        (None, _) => {
            let before = series.last_two().map(|_| first)?;
            let change = change(before, last)?;
            let since = format!("{}% since {} on {}", change.result, before.value, before.on());
            (format!("{metric}: {} on {}; {since}", last.value, last.on()), change)
        }
    };
    let direction = direction(series, outcome).map(|word| format!(", {word}")).unwrap_or_default();
    Some(OutcomeProgress {
        id: Default::default(),
        progress: format!("{text}{direction}"),
        outcome: Some(outcome.id.clone()),
        measured: Some(Measured::Value(last.value)),
        unit: series.unit.map(|unit| unit.as_str().to_owned()),
        on: Some(last.on()),
        evidence: vec![last.cite(), Evidence::Calculation(calculation)],
        review: None,
    })
}

/// An outcome that no table measures. It rests on what the outcome itself rests on.
fn not_measured(outcome: &Outcome) -> Option<OutcomeProgress> {
    let cited = outcome.evidence.first().filter(|cited| matches!(cited, Evidence::Quote { .. }))?;
    let subject =
        outcome.metric.as_deref().filter(|metric| !is_placeholder(metric)).unwrap_or(&outcome.outcome);
    let bare = signed_numbers(subject).is_empty();
    let subject = if bare { format!(": {subject}") } else { String::new() };
    Some(OutcomeProgress {
        id: Default::default(),
        progress: format!("Not measured by any table of figures{subject}"),
        outcome: Some(outcome.id.clone()),
        measured: Some(Measured::Not(NotMeasured::NotMeasured)),
        unit: None,
        on: None,
        evidence: vec![cited.clone()],
        review: None,
    })
}

/// The only figure of an outcome's field.
fn planned(outcome: &Outcome, field: &str, text: &str) -> Option<(Decimal, Input)> {
    let numbers = signed_numbers(text);
    let [only] = numbers.as_slice() else { return None };
    let value = Number::try_from(*only).ok()?;
    Some((*only, Input::Planned { item: outcome.id.clone(), field: field.to_owned(), value }))
}

fn cell(point: &Point<'_>) -> Input {
    Input::Cells {
        source: point.source.to_owned(),
        column: point.column.clone(),
        rows: Some(LineRange { first: point.line, last: point.line }),
        value: Some(point.value),
    }
}

fn calculated(operation: Operation, inputs: Vec<Input>, figures: &[Decimal]) -> Option<Calculation> {
    let result = operation.stated(figures, None).ok()?;
    let unit = operation.is_percentage().then(|| "%".to_owned());
    Some(Calculation { operation, inputs, result, places: None, unit })
}

fn change(before: &Point<'_>, after: &Point<'_>) -> Option<Calculation> {
    let figures = [before.value.decimal(), after.value.decimal()];
    calculated(Operation::ChangePercent, vec![cell(before), cell(after)], &figures)
}

/// Whether the last reading is nearer to the target than the one before it.
fn direction(series: &Series<'_>, outcome: &Outcome) -> Option<&'static str> {
    let (before, last) = series.last_two()?;
    let (target, _) = planned(outcome, "target", outcome.target.as_deref()?)?;
    let (far, near) = ((before.value.decimal() - target).abs(), (last.value.decimal() - target).abs());
    match near.cmp(&far) {
        std::cmp::Ordering::Less => Some("improving"),
        std::cmp::Ordering::Greater => Some("declining"),
        std::cmp::Ordering::Equal => Some("unchanged"),
    }
}

/// What moved, and how many milestones are done. What an agent wrote of it before is replaced.
fn indicators(desk: &Desk<'_>, usage: &Usage<'_>) -> ListChange<HealthIndicator> {
    let known = &desk.plan.value_tracking.health_indicators;
    let moved =
        usage.series.iter().filter_map(moved).take(MOST_MOVES).map(|(metric, item)| (Some(metric), item));
    let all = moved.chain(milestones(desk).map(|item| (None, item)));
    let mut changes = ListChange::default();
    for (metric, item) in all {
        let about = |old: &&HealthIndicator| match &metric {
            Some(metric) => is_move_of(&old.indicator, metric),
            None => old.indicator.ends_with(COUNTED),
        };
        if known.iter().any(|old| old.indicator == item.indicator) {
            continue;
        }
        let drafted = known.iter().filter(about).filter(|old| old.review.is_some());
        changes.remove.extend(drafted.map(|old| old.id.clone()));
        changes.upsert.push(item);
    }
    changes
}

fn is_move_of(text: &str, metric: &str) -> bool {
    text.strip_prefix(metric)
        .is_some_and(|rest| rest.starts_with(" rose by ") || rest.starts_with(" fell by "))
}

/// A metric whose last reading is far from the one before it.
fn moved(series: &Series<'_>) -> Option<(String, HealthIndicator)> {
    let (before, last) = series.last_two()?;
    let change = change(before, last)?;
    let percent = change.result.decimal();
    if percent.abs() < Decimal::from(LEAST_MOVE) {
        return None;
    }
    let verb = if percent.is_sign_negative() { "fell" } else { "rose" };
    let (from, to) = ((before.value, before.on()), (last.value, last.on()));
    let text = format!(
        "{} {verb} by {}%, from {} on {} to {} on {}",
        series.metric,
        percent.abs(),
        from.0,
        from.1,
        to.0,
        to.1
    );
    let item = indicator(text, Some(last.on()), vec![Evidence::Calculation(change)]);
    Some((series.metric.clone(), item))
}

/// How many milestones are done.
fn milestones(desk: &Desk<'_>) -> Option<HealthIndicator> {
    let all = &desk.plan.adoption_journey.milestones;
    if all.is_empty() || all.len() > MOST_MILESTONES {
        return None;
    }
    let cited = |milestone: &dyn Item| Evidence::Item {
        item: milestone.id().clone(),
        field: "status".to_owned(),
        value: milestone.said("status").unwrap_or_else(|| NOT_SET.to_owned()),
    };
    let evidence: Vec<Evidence> = all.iter().map(|milestone| cited(milestone)).collect();
    let done = evidence
        .iter()
        .filter(|cited| matches!(cited, Evidence::Item { value, .. } if value == "done"))
        .count();
    // None of several is said in words, since nothing can be cited that counts to zero.
    let done = if done == 0 { "none".to_owned() } else { done.to_string() };
    Some(indicator(format!("{done} of {} {COUNTED}", all.len()), None, evidence))
}

fn indicator(indicator: String, on: Option<jiff::civil::Date>, evidence: Vec<Evidence>) -> HealthIndicator {
    HealthIndicator { id: Default::default(), indicator, state: None, on, evidence, review: None }
}
