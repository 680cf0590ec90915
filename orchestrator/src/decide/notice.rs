//! Notices in decisions: what a sender reports, which reminders a decision makes pointless, and who is told that
//! a draft waits or that a task failed.

use infohub::ids::PersonId;
use infohub::plan::{Meta, Plan, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::{Outcome, View};
use crate::attention::{About, Kind, Notice, NoticeId, Report};
use crate::policy::Policy;
use crate::step::Effect;

/// The fields in which items keep the day that they are due.
const DUE_FIELDS: [&str; 4] = ["due_date", "due", "by", "date"];
/// The words of a status after which nobody needs to be reminded.
const OVER: [&str; 10] = [
    "done",
    "cancelled",
    "kept",
    "declined",
    "closed",
    "mitigated",
    "withdrawn",
    "superseded",
    "met",
    "confirmed",
];

/// Takes in what became of notices.
pub(super) fn told(reports: &[Report], now: Timestamp, outcome: &mut Outcome) {
    for report in reports {
        let effects = outcome.state.outbox.report(report, now);
        outcome.effects.extend(effects);
    }
    if outcome.effects.is_empty() {
        outcome.ignore("what became of these notices is known");
    }
}

/// Takes out what the decision made pointless: reminders of items that moved, are over or are gone, and notices
/// about reviews and tasks that are closed.
pub(super) fn silence(outcome: &mut Outcome) {
    let closed: Vec<String> = outcome.effects.iter().filter_map(closed).collect();
    let mut effects = outcome.state.outbox.silence(|notice| {
        let asks = matches!(notice.kind, Kind::Review | Kind::Task | Kind::Decision);
        (asks && closed.contains(&notice.source)).then(|| "it is decided".to_owned())
    });
    if let Some(plan) = &outcome.plan {
        effects.extend(outcome.state.outbox.silence(|notice| pointless(notice, plan)));
    }
    outcome.effects.extend(effects);
}

/// Tells the plan's owner of drafts that wait and of tasks that failed.
pub(super) fn raise(view: View<'_>, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    let plan = outcome.plan.as_ref().or(view.plan);
    let Some(to) = owner(plan.map(|plan| &plan.plan), policy).cloned() else { return };
    let notices: Vec<Notice> =
        outcome.effects.iter().filter_map(|effect| asks(effect, view, &to, now)).collect();
    for notice in notices {
        let effects = outcome.state.outbox.add(notice);
        outcome.effects.extend(effects);
    }
}

/// Who is told what nobody else is named for: the owner, or the only person with the owner's role.
fn owner<'a>(meta: Option<&'a Meta>, policy: &'a Policy) -> Option<&'a PersonId> {
    let owner = meta.and_then(|meta| meta.owner.as_ref());
    let named = owner.and_then(|owner| owner.person.as_ref());
    let role = owner.map_or(Role::Sa, |owner| owner.role);
    named.or_else(|| policy.team.sole(role).map(|person| &person.id))
}

/// The notice of what a person has to do because of the effect.
fn asks(effect: &Effect, view: View<'_>, to: &PersonId, now: Timestamp) -> Option<Notice> {
    let (task, kind, words) = match effect {
        Effect::ReviewOpened { review, in_plan } => {
            let place = if *in_plan { "is in the plan, marked as drafted" } else { "waits outside the plan" };
            let words =
                format!("The draft {place}. Accept it, change it or turn it down: csp review show {review}");
            (review, Kind::Review, words)
        }
        Effect::TaskFailed { task, why } => {
            let words = format!("It failed: {why}. To start it again: csp task retry {task}");
            (task, Kind::Task, words)
        }
        _ => return None,
    };
    let known = view.state.task(task)?;
    let about = About { account: view.facts.account.clone(), item: None };
    Some(Notice {
        id: NoticeId::of(&about, to, task.as_str(), &format!("{}/{}", kind.word(), known.draft)),
        to: to.clone(),
        about,
        kind,
        priority: kind.priority(),
        title: known.action.clone(),
        words,
        due: None,
        source: task.to_string(),
        since: now,
    })
}

/// The id of the review or task that the effect closes.
fn closed(effect: &Effect) -> Option<String> {
    match effect {
        Effect::ReviewClosed { review: id, .. }
        | Effect::TaskRestarted { task: id, .. }
        | Effect::TaskCancelled { task: id, .. } => Some(id.to_string()),
        _ => None,
    }
}

/// Why a notice about an item has nothing to say any more.
fn pointless(notice: &Notice, plan: &Plan) -> Option<String> {
    let id = notice.about.item.as_ref()?;
    if !matches!(notice.kind, Kind::Nudge | Kind::Escalation) {
        return None;
    }
    let Some((_, _, item)) = plan.items().find(|(_, _, item)| item.id() == id) else {
        return Some(format!("{id} is not in the plan any more"));
    };
    let fields = item.to_value();
    if let Some(status) = over(&fields) {
        return Some(format!("{id} is {}", status.replace('_', " ")));
    }
    let due = notice.due?;
    match due_date(&fields) {
        Some(now_due) if now_due != due => Some(format!("{id} moved from {due} to {now_due}")),
        None => Some(format!("{id} has no due date any more")),
        Some(_) => None,
    }
}

/// The word for its being over. What says how it stands is believed; where nothing does, a day of completion is.
fn over(fields: &Value) -> Option<String> {
    let status = fields.get("status").and_then(Value::as_str);
    let reached = || fields.get("completed_on").and_then(Value::as_str).map(|_| "done");
    let over = status.map_or_else(reached, |status| OVER.into_iter().find(|word| *word == status));
    over.map(str::to_owned)
}

/// The day that an item is due.
pub(super) fn due_date(fields: &Value) -> Option<Date> {
    DUE_FIELDS.iter().find_map(|field| fields.get(*field)?.as_str()?.parse().ok())
}
