//! What an event changes besides starting tasks: facts of account.yaml, the plan's metadata, a milestone. One
//! function a type of event; older news never undo newer. It must not know rules or tasks.

use infohub::event::{CustomerReviewed, Event, EventBody, MilestoneCompleted};
use infohub::facts::{AccountFile, FactChange};
use infohub::ids::PersonId;
use infohub::occasion::day_of;
use infohub::plan::sections::adoption_journey::Milestone;
use infohub::plan::{Item, Plan, Progress};
use infohub::team::Team;
use infohub::yaml::nearest;
use jiff::civil::Date;

use super::View;

/// What is another than before.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The facts that changed.
    pub(super) changes: Vec<FactChange>,
    /// The facts with these changes.
    pub(super) facts: Option<AccountFile>,
    /// The plan, if it changed.
    pub(super) plan: Option<Plan>,
}

/// Takes an event's news in.
///
/// # Errors
/// Why the event cannot be true of this account, in words for whoever sent it.
pub(super) fn take_in(view: View<'_>, event: &Event, team: &Team) -> Result<News, String> {
    match &event.body {
        EventBody::OpportunityChanged(data) => {
            Ok(facts(view, |facts| facts.opportunity_changed(data, event.time)))
        }
        EventBody::EvaluationStarted(data) => {
            Ok(facts(view, |facts| facts.evaluation_started(data, event.time)))
        }
        EventBody::EvaluationFinished(data) => {
            Ok(facts(view, |facts| facts.evaluation_finished(data, event.time)))
        }
        EventBody::HandoffInitiated(data) => {
            known(team, "from", data.from.as_ref())?;
            known(team, "to", data.to.as_ref())?;
            Ok(News::default())
        }
        EventBody::CustomerReviewed(data) => reviewed(view.plan, data, event),
        EventBody::MilestoneCompleted(data) => completed(view.plan, data, event),
        EventBody::ProposalRequested(_)
        | EventBody::MeetingRecorded(_)
        | EventBody::StatusReported(_)
        | EventBody::UsageReported(_) => Ok(News::default()),
    }
}

fn facts(view: View<'_>, take: impl FnOnce(&mut AccountFile) -> Vec<FactChange>) -> News {
    let mut facts = view.facts.clone();
    let changes = take(&mut facts);
    // A fact that is said again changes nothing and may still be noted under a newer time.
    let facts = (facts != *view.facts).then_some(facts);
    News { changes, facts, plan: None }
}

fn known(team: &Team, field: &str, person: Option<&PersonId>) -> Result<(), String> {
    let Some(person) = person.filter(|person| team.person(person).is_none()) else { return Ok(()) };
    let meant = nearest(person.as_str(), team.people.iter().map(|known| known.id.as_str()));
    let meant = meant.map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default();
    Err(format!("{field}: '{person}' is not in team.yaml{meant}"))
}

/// The last review is the latest of all that were told of, in whatever order they are.
fn reviewed(plan: Option<&Plan>, data: &CustomerReviewed, event: &Event) -> Result<News, String> {
    let plan = plan.ok_or("the account has no plan that a customer could have reviewed")?;
    let day = past("reviewed_on", data.reviewed_on, event)?;
    if plan.plan.last_customer_review.is_some_and(|known| known >= day) {
        return Ok(News::default());
    }
    let mut plan = plan.clone();
    plan.plan.last_customer_review = Some(day);
    Ok(News { plan: Some(plan), ..News::default() })
}

/// A milestone that is done stays as it is, and what a person called off is not done by an event.
fn completed(plan: Option<&Plan>, data: &MilestoneCompleted, event: &Event) -> Result<News, String> {
    let plan = plan.ok_or("the account has no plan, so it has no milestones")?;
    let day = past("completed_on", data.completed_on, event)?;
    let mut plan = plan.clone();
    let milestones = &mut plan.adoption_journey.milestones;
    let Some(at) = milestones.iter().position(|milestone| *milestone.id() == data.item) else {
        return Err(unknown(&data.item.to_string(), milestones));
    };
    match milestones[at].status {
        Some(Progress::Done) => Ok(News::default()),
        Some(Progress::Cancelled) => Err(format!(
            "milestone {} is cancelled in the plan; change that in csp.yaml first if it was reached after all",
            data.item
        )),
        _ => {
            milestones[at].status = Some(Progress::Done);
            milestones[at].completed_on = Some(day);
            Ok(News { plan: Some(plan), ..News::default() })
        }
    }
}

fn unknown(id: &str, milestones: &[Milestone]) -> String {
    let ids: Vec<&str> = milestones.iter().map(|milestone| milestone.id().as_str()).collect();
    let meant = nearest(id, ids.iter().copied()).map(|meant| format!("; did you mean '{meant}'?"));
    let meant = meant.unwrap_or_else(|| match ids.as_slice() {
        [] => "; it has none".to_owned(),
        ids => format!("; it has {}", ids.iter().take(10).copied().collect::<Vec<_>>().join(", ")),
    });
    format!("item: the plan has no milestone '{id}'{meant}")
}

/// The day that the event names, or its own. Days may differ by one between time zones, not by more.
fn past(field: &str, said: Option<Date>, event: &Event) -> Result<Date, String> {
    let own = day_of(event.time);
    match said {
        None => Ok(own),
        Some(day) if own.tomorrow().is_ok_and(|latest| day <= latest) => Ok(day),
        Some(day) => Err(format!("{field}: {day} lies after the event, which is of {own}")),
    }
}
