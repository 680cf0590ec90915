//! A person starts a task without a rule. The same person, task and moment is one start, however often it comes.

use infohub::ids::PersonId;
use infohub::occasion::Occasion;
use infohub::yaml::nearest;
use jiff::Timestamp;

use super::{Outcome, View};
use crate::policy::Policy;
use crate::rules::Subject;
use crate::step::Effect;
use crate::task::{Task, TaskId, TaskStatus};

/// What stands in the place of a rule and of an event's source where a person started the task.
const PERSON: &str = "person";

pub(super) fn decide(
    view: View<'_>,
    by: &PersonId,
    run: &str,
    occasion: &Occasion,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    if let Err(why) = usable(view, run, occasion, policy) {
        return outcome.ignore(why);
    }
    let subject = subject(view);
    let waiting = view.state.pending().find(|task| task.is_same_work(run, &subject, occasion));
    if let Some(task) = waiting {
        return outcome.ignore(format!("the same work already waits as {}", task.id));
    }
    let id = TaskId::of(run, PERSON, &subject, &format!("{by}\n{now}"));
    if view.state.task(&id).is_some() {
        return outcome.ignore(format!("task {id} was started already"));
    }
    outcome.tell(Effect::TaskOrdered { task: id.clone(), by: by.clone() });
    outcome.state.tasks.push(Task {
        id,
        run: run.to_owned(),
        rule: String::new(),
        action: format!("{by} asked for {run}"),
        subject,
        cause: (PERSON.to_owned(), by.to_string()),
        started_by: Some(by.clone()),
        occasion: occasion.clone(),
        opened: now,
        draft: 1,
        status: TaskStatus::Pending,
    });
}

fn usable(view: View<'_>, run: &str, occasion: &Occasion, policy: &Policy) -> Result<(), String> {
    if !policy.tasks.contains_key(run) {
        let meant = nearest(run, policy.tasks.keys().map(String::as_str));
        let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        return Err(format!("no agent has a task '{run}'{meant}"));
    }
    if let Some(item) = &occasion.item
        && !view.plan.is_some_and(|plan| plan.items().any(|(_, _, known)| known.id() == item))
    {
        return Err(format!("the plan has no item '{item}'"));
    }
    let people = [&occasion.handed_over_by, &occasion.taken_over_by].into_iter().flatten();
    match people.into_iter().find(|person| !policy.knows(person)) {
        Some(stranger) => Err(format!("'{stranger}' is not in team.yaml")),
        None => Ok(()),
    }
}

/// The plan's own opportunity, or the only one; else the account.
fn subject(view: View<'_>) -> Subject {
    let planned = view.plan.and_then(|plan| plan.plan.opportunity.clone());
    let only = || match view.facts.opportunities.as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    };
    planned
        .or_else(only)
        .map_or_else(|| Subject::Account(view.facts.account.to_string()), Subject::Opportunity)
}
