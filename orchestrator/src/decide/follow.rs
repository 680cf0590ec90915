//! Whatever changes the plan: its registers follow in the same step, so that what is committed is in step with itself.

use infohub::facts::AccountFile;
use infohub::plan::{Diff, Plan};
use infohub::registers::links::settle;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Outcome, View};
use crate::calendar::{Calendar, zone};
use crate::policy::Policy;
use crate::step::{Effect, Input};
use crate::task::TaskStatus;

pub(super) fn follow(view: View<'_>, input: &Input, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    let Some(plan) = outcome.plan.take() else { return };
    let settled = settle(view.plan, plan, day_of(view.facts, now, policy.rules.calendar()), &cause(input));
    if !settled.followed.is_empty() || !settled.questions.is_empty() {
        let nothing = Plan::new(settled.plan.plan.clone());
        let all = Diff::between(view.plan.unwrap_or(&nothing), &settled.plan);
        for effect in &mut outcome.effects {
            if let Effect::PlanChanged { diff, questions } = effect {
                diff.clone_from(&all);
                *questions += settled.questions.len();
            }
        }
        outcome.tell(Effect::Followed { changes: settled.followed });
        date_tasks(view, &settled.plan, outcome);
    }
    outcome.plan = Some(settled.plan);
}

/// A draft that touched only registers is in a new version after all if the plan followed.
fn date_tasks(view: View<'_>, plan: &Plan, outcome: &mut Outcome) {
    let same = view.plan.is_some_and(|before| before.is_same_but_registers(plan));
    let holds = view.plan.map_or(0, |before| before.plan.version) + u64::from(!same);
    let done: Vec<_> = outcome
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::TaskDone { task } => Some(task.clone()),
            _ => None,
        })
        .collect();
    for task in done {
        if let Some(TaskStatus::Done { version, .. }) =
            outcome.state.task_mut(&task).map(|task| &mut task.status)
        {
            *version = holds;
        }
    }
}

/// The day in the account's time zone, else in that of the calendar.
pub fn day_of(facts: &AccountFile, now: Timestamp, calendar: &Calendar) -> Date {
    let named = facts.facts.time_zone.as_ref().and_then(|fact| fact.value.as_deref());
    now.to_zoned(zone(named, &calendar.time_zone)).date()
}

/// What changed the plan, for the history of risks.
fn cause(input: &Input) -> String {
    match input {
        Input::Event(event) => format!("event {} from {}", event.id, event.source),
        Input::HandEdit => "an edit by hand".to_owned(),
        Input::Drafted(drafted) => format!("{} ({})", drafted.task, drafted.author),
        Input::Failed { task, .. } => task.to_string(),
        Input::Decision(decision) => format!("a decision of {}", decision.by),
        Input::Told(_) => "a message that was sent".to_owned(),
        Input::Tick => "the passing of time".to_owned(),
    }
}
