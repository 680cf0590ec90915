//! Whom a rule wants told, and what they are told: parts are looked up in the plan, in account.yaml and in team.yaml.
//! It must not know when notices are sent.

use infohub::ids::{ItemId, PersonId};
use infohub::plan::{Owner, Role, Side};
use jiff::civil::Date;

use super::ruled::Step;
use super::{Outcome, notice};
use crate::attention::{About, Kind, Notice, NoticeId, Priority as Pressing, reminder_words};
use crate::rules::{Audience, Firing, Priority, Rule, Sighting, Subject, Value};
use crate::step::Effect;
use crate::task::TaskId;

/// Makes the notices of a rule that fires. Who has several parts is told once; whom the matter is escalated to, so.
/// `work` is the task that it starts.
pub(super) fn of_rule(
    step: Step<'_>,
    rule: &Rule,
    firing: &Firing,
    seen: &[Sighting],
    work: Option<&TaskId>,
    outcome: &mut Outcome,
) {
    // What a handoff asks of people is not done with an agent's draft.
    let work = work.filter(|_| rule.effects.start.is_none());
    let mut told: Vec<PersonId> = Vec::new();
    let escalated = rule.effects.escalate.iter().map(|part| (*part, Kind::Escalation));
    let kind = kind(rule);
    let notified = rule.effects.notify.iter().map(|part| (*part, kind));
    for (part, kind) in escalated.chain(notified) {
        let Some(person) = person(step, part, &firing.subject) else {
            outcome.tell(Effect::NobodyHas { rule: rule.name.clone(), part });
            continue;
        };
        if !told.contains(&person) {
            let plain = notice(step, rule, firing, &person, kind);
            let due = plain.due.or_else(|| date_of(rule, &firing.subject, seen));
            let notice = Notice { due, work: work.cloned(), ..plain };
            let effects = outcome.state.outbox.add(notice);
            outcome.effects.extend(effects);
            told.push(person);
        }
    }
}

/// The date that a rule reminds of.
fn date_of(rule: &Rule, subject: &Subject, seen: &[Sighting]) -> Option<Date> {
    let sighting = seen.iter().find(|sighting| sighting.subject == *subject)?;
    match sighting.facts.get(rule.reminds_of()?) {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    }
}

/// Takes out what rules wanted told of a date of the account that is another one now, as items' own dates are looked
/// at elsewhere.
fn silence_moved(step: Step<'_>, seen: &[Sighting], outcome: &mut Outcome) {
    let account = Subject::Account(step.facts.account.to_string());
    let effects = outcome.state.outbox.silence(|notice| {
        let rule = step.policy.rules.get(&notice.source)?;
        let (field, due) = rule.reminds_of().zip(notice.due)?;
        let moved = notice.about.item.is_none()
            && rule.asked_of().is_none()
            && date_of(rule, &account, seen) != Some(due);
        moved.then(|| format!("{field} is not {due} any more"))
    });
    outcome.effects.extend(effects);
}

/// Takes out what rules on states wanted told while they held, and that is not so any more.
pub(super) fn silence(step: Step<'_>, seen: &[Sighting], outcome: &mut Outcome) {
    silence_moved(step, seen, outcome);
    let fired = &outcome.state.fired;
    let effects = outcome.state.outbox.silence(|notice| {
        let rule = step.policy.rules.get(&notice.source).filter(|rule| !rule.awaits_moment())?;
        let reminds = rule.effects.run.is_none() && rule.effects.start.is_none();
        let about = seen.iter().filter(|sighting| item_of(&sighting.subject) == notice.about.item);
        let holds = about.into_iter().any(|sighting| fired.has_fired(&rule.name, &sighting.subject));
        (reminds && !holds).then(|| "it is not so any more".to_owned())
    });
    outcome.effects.extend(effects);
}

/// A rule that starts work tells of a task; any other reminds.
fn kind(rule: &Rule) -> Kind {
    if rule.effects.gate.is_some() {
        Kind::Decision
    } else if rule.effects.run.is_some() || rule.effects.start.is_some() {
        Kind::Task
    } else {
        Kind::Nudge
    }
}

fn notice(step: Step<'_>, rule: &Rule, firing: &Firing, to: &PersonId, kind: Kind) -> Notice {
    let item = item_of(&firing.subject);
    let known = item.as_ref().and_then(|id| fields(step, id));
    let (title, due) = known.unwrap_or_else(|| (rule.action.clone(), None));
    let words = match (&item, step.plan) {
        (Some(id), Some(plan)) => reminder_words(plan, id, due, &rule.notification),
        _ => rule.notification.clone(),
    };
    let about = About { account: step.facts.account.clone(), item };
    let (source, id) = step.cause(firing);
    Notice {
        id: NoticeId::of(
            &about,
            to,
            &rule.name,
            &format!("{}/{source}/{id}/{}", kind.word(), firing.subject),
        ),
        to: to.clone(),
        about,
        kind,
        priority: pressing(rule.priority).unwrap_or_else(|| kind.priority()),
        title,
        words,
        due,
        source: rule.name.clone(),
        work: None,
        since: step.moment.now,
    }
}

/// A notice about the account that no rule asked for.
pub(super) fn notice_to(
    step: Step<'_>,
    to: &PersonId,
    kind: Kind,
    title: &str,
    words: String,
    source: &str,
    occasion: &str,
) -> Notice {
    let about = About { account: step.facts.account.clone(), item: None };
    Notice {
        id: NoticeId::of(&about, to, source, occasion),
        to: to.clone(),
        about,
        kind,
        priority: kind.priority(),
        title: title.to_owned(),
        words,
        due: None,
        source: source.to_owned(),
        work: None,
        since: step.moment.now,
    }
}

/// The priority that the rule gives; nothing if it gives the usual one.
fn pressing(priority: Priority) -> Option<Pressing> {
    match priority {
        Priority::Low => Some(Pressing::Low),
        Priority::Normal => None,
        Priority::High => Some(Pressing::High),
        Priority::Urgent => Some(Pressing::Urgent),
    }
}

/// The item that a subject is.
pub(super) fn item_of(subject: &Subject) -> Option<ItemId> {
    match subject {
        Subject::Milestone(id) | Subject::Action(id) | Subject::Risk(id) => ItemId::new(id).ok(),
        Subject::Account(_) | Subject::Opportunity(_) => None,
    }
}

/// What an item says of itself in one line, and the day that it is due.
fn fields(step: Step<'_>, id: &ItemId) -> Option<(String, Option<Date>)> {
    let (_, _, item) = step.plan?.items().find(|(_, _, item)| item.id() == id)?;
    Some((item.text().to_owned(), notice::due_date(&item.to_value())))
}

/// The person who has the part.
fn person(step: Step<'_>, part: Audience, subject: &Subject) -> Option<PersonId> {
    let owner = || {
        let owner = step.plan.and_then(|plan| plan.plan.owner.as_ref());
        let named = owner.and_then(|owner| owner.person.clone());
        named.or_else(|| holder(step, owner.map_or(Role::Sa, |owner| owner.role)))
    };
    match part {
        Audience::Owner => owner(),
        Audience::ItemOwner => item_owner(step, subject).or_else(owner),
        Audience::Sa => holder(step, Role::Sa),
        Audience::Ae => holder(step, Role::Ae),
        Audience::Ca => holder(step, Role::Ca),
        Audience::Delivery => holder(step, Role::Delivery),
        Audience::Ve => holder(step, Role::Ve),
        Audience::SaManager => leader(step, Role::Sa, Role::SaManager),
        Audience::CaManager => leader(step, Role::Ca, Role::CaManager),
    }
}

/// The person that the account names for the role, else the only one who has it.
pub(super) fn holder(step: Step<'_>, role: Role) -> Option<PersonId> {
    let sole = || step.policy.team.sole(role).map(|person| person.id.clone());
    step.facts.person(role).cloned().or_else(sole)
}

/// The manager of the account's own person, else the only leader.
fn leader(step: Step<'_>, of: Role, leader: Role) -> Option<PersonId> {
    let own = holder(step, of).and_then(|person| step.policy.team.person(&person)?.manager.clone());
    own.or_else(|| holder(step, leader))
}

/// Whoever answers for the item, if it is one of ours.
fn item_owner(step: Step<'_>, subject: &Subject) -> Option<PersonId> {
    let id = item_of(subject)?;
    let (_, _, item) = step.plan?.items().find(|(_, _, item)| *item.id() == id)?;
    let owner: Owner = serde_json::from_value(item.to_value().get("owner")?.clone()).ok()?;
    if owner.side == Side::Customer {
        return None;
    }
    let known = |person: &&infohub::team::Person| {
        person.id.as_str() == owner.name || person.name.eq_ignore_ascii_case(&owner.name)
    };
    step.policy.team.people.iter().find(known).map(|person| person.id.clone())
}
