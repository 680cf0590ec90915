//! What to say in the next business review, drawn from the plan: how far the milestones are, what is next or late,
//! what is measured, which risks and promises are open. Each point is about items and rests on what these rest on.
//! It must not know materials.

use infohub::ids::ItemId;
use infohub::plan::sections::adoption_journey::Milestone;
use infohub::plan::sections::handoff::CommitmentStatus;
use infohub::plan::sections::risks::RiskStatus;
use infohub::plan::{Item, ListChange, Measured, Plan, Progress};
use infohub::registers::briefing::TalkingPoint;
use jiff::civil::Date;

use super::about_plan::{MOST, cited, cited_text, name, rests, same_items};
use super::fresh::renewed;

/// So many points a review can take.
const MOST_POINTS: usize = 24;
/// So many milestones, outcomes, risks and promises are spoken of each.
const MOST_OF_A_KIND: usize = 5;

/// The points as the plan has them now; `day` tells what is late.
pub(super) fn draft(plan: &Plan, day: Option<Date>) -> ListChange<TalkingPoint> {
    let points = completion(plan)
        .into_iter()
        .chain(next(plan, day))
        .chain(usage(plan))
        .chain(outcomes(plan))
        .chain(risks(plan))
        .chain(promises(plan));
    let same = |left: &TalkingPoint, right: &TalkingPoint| same_items(&left.about, &right.about);
    renewed(&plan.registers.briefing.talking_points, points, MOST_POINTS, same)
}

fn point(text: String, about: Vec<ItemId>, evidence: Vec<infohub::evidence::Evidence>) -> TalkingPoint {
    TalkingPoint { id: Default::default(), point: text, about, review_on: None, evidence, review: None }
}

/// How many milestones of each phase are done, or of the plan where they belong to no phase.
fn completion(plan: &Plan) -> Vec<TalkingPoint> {
    let journey = &plan.adoption_journey;
    let of = |phase: Option<&ItemId>| -> Vec<&Milestone> {
        journey.milestones.iter().filter(|milestone| milestone.phase.as_ref() == phase).collect()
    };
    let phases = journey.phases.iter().map(|phase| (format!("{}: ", name(phase)), of(Some(&phase.id))));
    let all = phases.chain([(String::new(), of(None))]);
    // A count of more milestones than an item can cite would not be proven.
    all.filter(|(_, milestones)| (1..=MOST).contains(&milestones.len()))
        .map(|(phase, milestones)| {
            let done = milestones.iter().filter(|milestone| milestone.status == Some(Progress::Done)).count();
            let evidence = milestones.iter().filter_map(|milestone| cited(*milestone, "status")).collect();
            let about = milestones.iter().map(|milestone| milestone.id.clone()).collect();
            let (verb, noun) =
                if milestones.len() == 1 { ("is", "milestone") } else { ("are", "milestones") };
            point(format!("{phase}{done} of {} {noun} {verb} done.", milestones.len()), about, evidence)
        })
        .collect()
}

/// The open milestones that are due first.
fn next(plan: &Plan, day: Option<Date>) -> Vec<TalkingPoint> {
    let closed =
        |milestone: &&Milestone| matches!(milestone.status, Some(Progress::Done | Progress::Cancelled));
    let mut open: Vec<(Date, &Milestone)> = plan
        .adoption_journey
        .milestones
        .iter()
        .filter(|milestone| !closed(milestone))
        .filter_map(|milestone| Some((milestone.due_date?, milestone)))
        .collect();
    open.sort_by_key(|(due, _)| *due);
    // A point about the only milestone of the plan has been made already.
    let only = plan.adoption_journey.milestones.len() == 1;
    open.into_iter()
        .take(if only { 0 } else { MOST_OF_A_KIND })
        .map(|(due, milestone)| {
            let text = if day.is_some_and(|day| due < day) {
                format!("Late: {} was due on {due}.", name(milestone))
            } else {
                format!("Next: {}, due on {due}.", name(milestone))
            };
            point(text, vec![milestone.id.clone()], rests(milestone, &["status", "due_date"]))
        })
        .collect()
}

/// The newest reading of each metric beside where it began and where it is to be.
fn usage(plan: &Plan) -> Vec<TalkingPoint> {
    let metrics = plan.value_tracking.utilization.iter().take(MOST_OF_A_KIND);
    metrics
        .filter_map(|metric| {
            let newest = metric.readings.iter().max_by_key(|reading| reading.on)?;
            let unit = metric.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
            let now = match newest.value {
                Measured::Value(value) => format!("{value}{unit} on {}", newest.on),
                Measured::Not(_) => format!("not measured on {}", newest.on),
            };
            let beside = [("baseline", metric.baseline), ("target", metric.target)];
            let beside: String = beside
                .iter()
                .filter_map(|(name, value)| Some(format!(", {name} {}{unit}", (*value)?)))
                .collect();
            let text = format!("{}: {now}{beside}.", name(metric));
            Some(point(text, vec![metric.id.clone()], rests(metric, &["metric", "baseline", "target"])))
        })
        .collect()
}

/// How far each outcome has come; an outcome of which nobody knows is said to be so.
fn outcomes(plan: &Plan) -> Vec<TalkingPoint> {
    plan.background
        .outcomes
        .iter()
        .take(MOST_OF_A_KIND)
        .map(|outcome| {
            let progress = &plan.value_tracking.outcome_progress;
            let known = progress.iter().rfind(|progress| progress.outcome.as_ref() == Some(&outcome.id));
            let about = vec![outcome.id.clone()];
            match known.filter(|progress| !matches!(progress.measured, None | Some(Measured::Not(_)))) {
                Some(progress) => {
                    let text = format!("{}: {}", name(outcome), progress.text());
                    let mut evidence = rests(progress, &["progress"]);
                    evidence.extend(cited_text(outcome));
                    point(text, about, evidence)
                }
                None => point(
                    format!("Not measured yet: {}.", name(outcome)),
                    about,
                    rests(outcome, &["outcome"]),
                ),
            }
        })
        .collect()
}

fn risks(plan: &Plan) -> Vec<TalkingPoint> {
    let open = plan.risks.risks.iter().filter(|risk| matches!(risk.status, None | Some(RiskStatus::Open)));
    open.take(MOST_OF_A_KIND)
        .map(|risk| {
            let text = match &risk.mitigation {
                Some(mitigation) => format!("Risk: {}. What is done: {mitigation}", name(risk)),
                None => format!("Risk without a mitigation: {}.", name(risk)),
            };
            point(text, vec![risk.id.clone()], rests(risk, &["mitigation"]))
        })
        .collect()
}

fn promises(plan: &Plan) -> Vec<TalkingPoint> {
    let over = |status| matches!(status, Some(CommitmentStatus::Declined | CommitmentStatus::Kept));
    plan.handoff
        .commitments
        .iter()
        .filter(|commitment| !over(commitment.status))
        .take(MOST_OF_A_KIND)
        .map(|promise| {
            let text = match &promise.renegotiated_to {
                Some(now) => format!("Promised and not kept yet: {}, by now: {now}.", name(promise)),
                None => format!("Promised and not kept yet: {}.", name(promise)),
            };
            point(text, vec![promise.id.clone()], rests(promise, &["status", "renegotiated_to"]))
        })
        .collect()
}
