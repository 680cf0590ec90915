//! What to say in a quarterly business review: the talking points of the briefing, and the lines of value tracking that they
//! rest on. A value that nobody measured is told as that.

use infohub::ids::ItemId;
use infohub::plan::sections::value_tracking::{OutcomeProgress, Utilization};
use infohub::plan::{Measured, Plan};
use jiff::civil::Date;
use serde::Serialize;

/// The preparation of a review.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Qbr {
    /// The day of the review, if the briefing names one that is still to come.
    pub review_on: Option<Date>,
    /// What to say.
    pub points: Vec<Point>,
    /// What value tracking shows.
    pub value: Vec<ValueLine>,
}

/// A talking point with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// Its id.
    pub id: ItemId,
    /// What to say.
    pub point: String,
    /// The items that it is about, by id and words.
    pub about: Vec<(ItemId, String)>,
    /// Whether a person has yet to accept it.
    pub drafted: bool,
}

/// One line of value tracking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueLine {
    /// Its id.
    pub id: ItemId,
    /// The metric, or the outcome.
    pub what: String,
    /// How it stands, in words.
    pub stands: String,
    /// The day of the newest reading.
    pub on: Option<Date>,
    /// Whether a person has yet to accept it.
    pub drafted: bool,
}

/// Prepares a review of this plan.
pub fn qbr(plan: &Plan, today: Date) -> Qbr {
    let briefed = &plan.registers.briefing.talking_points;
    let words = |id: &ItemId| {
        plan.items().find(|(_, _, item)| item.id() == id).map(|(_, _, item)| item.text().to_owned())
    };
    let points = briefed.iter().map(|point| Point {
        id: point.id.clone(),
        point: point.point.clone(),
        about: point.about.iter().filter_map(|id| Some((id.clone(), words(id)?))).collect(),
        drafted: point.review.is_some(),
    });
    let metrics = plan.value_tracking.utilization.iter().map(metric_line);
    let outcomes = plan.value_tracking.outcome_progress.iter().map(|progress| outcome_line(plan, progress));
    Qbr {
        review_on: briefed.iter().filter_map(|point| point.review_on).filter(|day| *day >= today).min(),
        points: points.collect(),
        value: outcomes.chain(metrics).collect(),
    }
}

fn measured(value: Option<Measured>, unit: Option<&str>) -> String {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match value {
        Some(Measured::Value(value)) => format!("{value}{unit}"),
        Some(Measured::Not(_)) | None => "not measured".to_owned(),
    }
}

fn metric_line(metric: &Utilization) -> ValueLine {
    let newest = metric.readings.iter().max_by_key(|reading| reading.on);
    let unit = metric.unit.as_deref();
    let mut stands = measured(newest.map(|reading| reading.value), unit);
    let sides = [("baseline", metric.baseline), ("target", metric.target)];
    let known = sides.into_iter().filter_map(|(name, value)| {
        value.map(|value| format!("{name} {}", measured(Some(Measured::Value(value)), unit)))
    });
    let known: Vec<String> = known.collect();
    if !known.is_empty() {
        stands += &format!(" ({})", known.join(", "));
    }
    ValueLine {
        id: metric.id.clone(),
        what: metric.metric.clone(),
        stands,
        on: newest.map(|reading| reading.on),
        drafted: metric.review.is_some(),
    }
}

fn outcome_line(plan: &Plan, progress: &OutcomeProgress) -> ValueLine {
    let mut outcomes = plan.background.outcomes.iter();
    let outcome = outcomes.find(|outcome| Some(&outcome.id) == progress.outcome.as_ref());
    let value = measured(progress.measured, progress.unit.as_deref());
    let target = outcome.and_then(|outcome| outcome.target.as_deref());
    let target = target.map(|target| format!(" (target {target})")).unwrap_or_default();
    let (what, stands) = match outcome {
        Some(outcome) => (outcome.outcome.clone(), format!("{value}{target}: {}", progress.progress)),
        None => (progress.progress.clone(), value),
    };
    let (id, drafted) = (progress.id.clone(), progress.review.is_some());
    ValueLine { id, what, stands, on: progress.on, drafted }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn points_come_with_what_value_tracking_says() {
        let plan = json!({ "plan": { "schema": 1, "version": 3, "account": "acme", "lifecycle": "execute",
            "status": "active", "last_updated": "2026-01-15T10:00:00Z" },
            "background": { "outcomes": [{ "id": "bo-1", "outcome": "Halve lead time", "target": "5 days" }] },
            "value_tracking": {
                "utilization": [
                    { "id": "ut-1", "metric": "Seats", "unit": "users", "baseline": 0, "target": 120, "readings": [
                        { "on": "2026-03-01", "value": 80 }, { "on": "2026-02-01", "value": 40 }] },
                    { "id": "ut-2", "metric": "Logins", "readings": [{ "on": "2026-03-01", "value": "not measured" }] }],
                "outcome_progress": [{ "id": "op-1", "progress": "On the way", "outcome": "bo-1", "measured": 7.5,
                    "unit": "days", "review": "drafted" }] } });
        let mut plan: Plan = serde_json::from_value(plan).unwrap();
        let briefing = json!({ "talking_points": [
            { "id": "tp-1", "point": "Lead time falls", "about": ["bo-1"], "review_on": "2026-04-10" },
            { "id": "tp-2", "point": "Long ago", "review_on": "2026-01-10" }] });
        plan.registers.briefing = serde_json::from_value(briefing).unwrap();
        let prepared = qbr(&plan, date(2026, 3, 2));
        assert_eq!(prepared.review_on, Some(date(2026, 4, 10)));
        assert_eq!(prepared.points[0].about, [("bo-1".parse().unwrap(), "Halve lead time".to_owned())]);
        let lines: Vec<_> = prepared.value.iter().map(|line| (line.stands.as_str(), line.drafted)).collect();
        assert_eq!(
            lines,
            [
                ("7.5 days (target 5 days): On the way", true),
                ("80 users (baseline 0 users, target 120 users)", false),
                ("not measured", false)
            ]
        );
    }
}
