//! Whatever changes the plan: its registers follow in the same step, so that what is committed is in step with itself.

use infohub::facts::AccountFile;
use infohub::plan::{Diff, Plan};
use infohub::registers::links::settle;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Outcome, View};
use crate::step::{Effect, Input};

pub(super) fn follow(view: View<'_>, input: &Input, now: Timestamp, outcome: &mut Outcome) {
    let Some(plan) = outcome.plan.take() else { return };
    let settled = settle(view.plan, plan, day(view.facts, now), &cause(input));
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
    }
    outcome.plan = Some(settled.plan);
}

/// The day in the account's time zone, else in UTC.
pub(crate) fn day(facts: &AccountFile, now: Timestamp) -> Date {
    let named = facts.facts.time_zone.as_ref().and_then(|fact| fact.value.as_deref());
    let zone = named.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    now.to_zoned(zone).date()
}

/// What changed the plan, for the history of risks.
fn cause(input: &Input) -> String {
    match input {
        Input::Event(event) => format!("event {} from {}", event.id, event.source),
        Input::HandEdit => "an edit by hand".to_owned(),
        Input::Drafted(drafted) => format!("{}, drafted by {}", drafted.task, drafted.author),
        Input::Failed { task, .. } => task.to_string(),
        Input::Decision(decision) => format!("a decision of {}", decision.by),
    }
}
