//! Notices in decisions: what a sender reports, which reminders a decision makes pointless, and who is told that
//! a draft waits or that a task failed.

use infohub::ids::PersonId;
use infohub::plan::{Meta, Plan, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::{Outcome, View};
use crate::approval::Case;
use crate::attention::{About, Delivery, Kind, Notice, NoticeId, Report, Waiting};
use crate::policy::Policy;
use crate::step::Effect;
use crate::task::TaskId;

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

/// Takes out what the decision made pointless: reminders of items that moved, are over or are gone, all that was to
/// be said of reviews and tasks that are closed, and a rule's word about a task whose draft is decided on already.
pub(super) fn silence(outcome: &mut Outcome) {
    let closed: Vec<&TaskId> = outcome.effects.iter().filter_map(closed).collect();
    let decided: Vec<&TaskId> = outcome.effects.iter().filter_map(decided).collect();
    let mut effects = outcome.state.outbox.silence(|notice| {
        let own = closed.iter().any(|task| task.as_str() == notice.source);
        let of_work =
            notice.kind == Kind::Task && notice.work.as_ref().is_some_and(|work| decided.contains(&work));
        (own || of_work).then(|| "it is decided".to_owned())
    });
    if let Some(plan) = &outcome.plan {
        effects.extend(outcome.state.outbox.silence(|notice| pointless(notice, plan)));
    }
    outcome.effects.extend(effects);
}

/// Tells people of drafts that wait for them, that wait too long or lapsed, and of tasks that failed.
pub(super) fn raise(view: View<'_>, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    let asking = Asking { view, now, policy };
    let notices: Vec<Notice> =
        outcome.effects.iter().filter_map(|effect| asking.notice(effect, outcome)).collect();
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

/// A decision that may ask something of people.
#[derive(Clone, Copy)]
struct Asking<'a> {
    view: View<'a>,
    now: Timestamp,
    policy: &'a Policy,
}

/// What is asked of a person.
struct Asked {
    to: PersonId,
    kind: Kind,
    words: String,
    due: Option<Date>,
    /// What tells it from others of its kind about the same draft.
    which: &'static str,
}

impl Asking<'_> {
    /// The notice of what a person has to do because of the effect.
    fn notice(self, effect: &Effect, outcome: &Outcome) -> Option<Notice> {
        let (task, asked) = self.asked(effect, outcome)?;
        let known = outcome.state.task(task)?;
        let Asked { to, kind, words, due, which } = asked;
        let about = About { account: self.view.facts.account.clone(), item: None };
        Some(Notice {
            id: NoticeId::of(&about, &to, task.as_str(), &format!("{}/{}{which}", kind.word(), known.draft)),
            to,
            about,
            kind,
            priority: kind.priority(),
            title: known.action.clone(),
            words,
            due,
            source: task.to_string(),
            work: None,
            since: self.now,
        })
    }

    fn asked<'e>(self, effect: &'e Effect, outcome: &Outcome) -> Option<(&'e TaskId, Asked)> {
        let plain = |to, kind, words| Asked { to, kind, words, due: None, which: "" };
        match effect {
            Effect::ReviewOpened { review, in_plan } => {
                Some((review, self.opened(review, *in_plan, outcome)?))
            }
            Effect::ReviewReminded { review, to } => {
                let to = to.clone().filter(|to| !is_untold(review, to, outcome))?;
                let words = format!("The draft still waits for you: csp review show {review}");
                Some((review, plain(to, Kind::Nudge, words)))
            }
            Effect::ReviewEscalated { review, to, expired } => {
                let still = if *expired {
                    "is in the plan, marked as drafted, and nobody has decided on it for too long"
                } else {
                    "was to be decided by now, and nobody has"
                };
                let words = format!("The draft {still}. See who may, or decide: csp review show {review}");
                let which = if *expired { "/expired" } else { "" };
                Some((review, Asked { which, ..plain(to.clone()?, Kind::Escalation, words) }))
            }
            Effect::ReviewLapsed { review, why } => {
                let words = format!(
                    "The draft lapsed and does not enter the plan: {why}. To have it drafted again: csp task retry {review}"
                );
                Some((review, plain(self.owner(outcome)?, Kind::Task, words)))
            }
            Effect::TaskFailed { task, why } => {
                let words = format!("It failed: {why}. To start it again: csp task retry {task}");
                Some((task, plain(self.owner(outcome)?, Kind::Task, words)))
            }
            _ => None,
        }
    }

    /// A draft waits for whoever is asked; if nobody may decide, the plan's owner should know.
    fn opened(self, id: &TaskId, in_plan: bool, outcome: &Outcome) -> Option<Asked> {
        let review = outcome.state.reviews.get(id)?;
        let case = Case { review, task: outcome.state.task(id)?, plan: self.plan(outcome) };
        let asked = self.policy.approval(self.now).asked(case, self.view.facts);
        let to = asked.map(|person| person.id.clone()).or_else(|| self.owner(outcome))?;
        let place = if in_plan { "is in the plan, marked as drafted" } else { "waits outside the plan" };
        let words = format!("The draft {place}. Accept it, change it or turn it down: csp review show {id}");
        let zone = asked.and_then(|person| person.time_zone.as_deref());
        let moment = self.policy.rules.moment(self.now, zone);
        let due = review.deadlines.map(|deadlines| moment.day_of(deadlines.due));
        Some(Asked { to, kind: Kind::Review, words, due, which: "" })
    }

    fn plan<'o>(self, outcome: &'o Outcome) -> Option<&'o Plan>
    where
        Self: 'o,
    {
        outcome.plan.as_ref().or(self.view.plan)
    }

    fn owner(self, outcome: &Outcome) -> Option<PersonId> {
        owner(self.plan(outcome).map(|plan| &plan.plan), self.policy).cloned()
    }
}

/// Whether the person has not even been told yet that the draft waits; then that is what they are told.
fn is_untold(review: &TaskId, to: &PersonId, outcome: &Outcome) -> bool {
    outcome.state.outbox.waiting.iter().any(|Waiting { notice, channels, .. }| {
        let first = notice.kind == Kind::Review && notice.to == *to && notice.source == review.as_str();
        first && !channels.values().any(|delivery| matches!(delivery, Delivery::Through { .. }))
    })
}

/// The review or task that the effect closes.
fn closed(effect: &Effect) -> Option<&TaskId> {
    match effect {
        Effect::TaskRestarted { task, .. } => Some(task),
        over => decided(over),
    }
}

/// The task about which nothing is left to do.
fn decided(effect: &Effect) -> Option<&TaskId> {
    match effect {
        Effect::ReviewClosed { review: id, .. }
        | Effect::ReviewLapsed { review: id, .. }
        | Effect::TaskCancelled { task: id, .. } => Some(id),
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
