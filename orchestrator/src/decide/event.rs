//! An event: its news are taken in, and the rules that read what changed are asked.

use infohub::event::{Event, EventBody};
use infohub::occasion::Occasion;
use infohub::plan::Diff;
use jiff::Timestamp;

use super::news::{News, take_in};
use super::{Outcome, View};
use crate::policy::Policy;
use crate::rules::{Facts, Field, Firing, Known, Outcome as Answer, Rule, Sighting, Value, fires, sightings};
use crate::step::Effect;
use crate::task::{Task, TaskId, TaskStatus};

pub(super) fn decide(view: View<'_>, event: &Event, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    outcome.files.extend(outcome.state.seen.note(event));
    let news = match take_in(view, event, &policy.team) {
        Ok(news) => news,
        // What cannot be true of this account starts nothing either.
        Err(why) => return outcome.ignore(why),
    };
    tell(view, &news, event, outcome);
    let before = Known { account: view.facts, plan: view.plan.map(|plan| &plan.plan) };
    let account = news.facts.as_ref().unwrap_or(view.facts);
    let after = Known { account, plan: news.plan.as_ref().or(view.plan).map(|plan| &plan.plan) };
    let seen = sightings(Some(before), after, Some(event));
    let fired = fires(&policy.rules, &outcome.state.fired, &seen);
    outcome.state.fired = fired.memory;
    tell_silent(event, policy, &seen, &fired.firings, outcome);
    let occasion = Occasion::of(event, &news.changes);
    for firing in fired.firings {
        start(firing, event, &occasion, now, policy, outcome);
    }
    outcome.facts = news.facts;
    outcome.plan = news.plan;
}

/// What is told of the news themselves.
fn tell(view: View<'_>, news: &News, event: &Event, outcome: &mut Outcome) {
    let may_bring_news = matches!(
        event.body,
        EventBody::OpportunityChanged(_) | EventBody::CustomerReviewed(_) | EventBody::MilestoneCompleted(_)
    );
    if !news.changes.is_empty() {
        outcome.tell(Effect::FactsChanged { changes: news.changes.clone() });
    } else if may_bring_news && news.plan.is_none() {
        outcome.tell(Effect::NothingNew);
    }
    if let Some((before, after)) = view.plan.zip(news.plan.as_ref()) {
        outcome.tell(Effect::PlanChanged { diff: Diff::between(before, after), questions: 0 });
    }
}

/// Rules that the event woke and that did not fire are told with what was found.
fn tell_silent(event: &Event, policy: &Policy, seen: &[Sighting], firings: &[Firing], outcome: &mut Outcome) {
    for sighting in seen {
        let woken = policy.rules.woken(sighting).filter(|rule| !waits_for_another(rule, event));
        for rule in woken {
            let fired =
                firings.iter().any(|firing| firing.rule == rule.name && firing.subject == sighting.subject);
            if !fired {
                outcome.tell(Effect::NotFired {
                    rule: rule.name.clone(),
                    subject: sighting.subject.clone(),
                    why: rule.explain(&sighting.facts),
                });
            }
        }
    }
}

/// Whether the type of the event alone decides that the rule does not hold; there is nothing to tell of it then.
fn waits_for_another(rule: &Rule, event: &Event) -> bool {
    let kind = Value::Text(event.body.kind().to_owned());
    let known = Facts::default().with(Field::EventType, kind);
    known.is_ok_and(|known| rule.eval(&known) == Answer::False)
}

/// Starts the rule's task, unless the same work for the same subject and occasion is still waiting.
fn start(
    firing: Firing,
    event: &Event,
    occasion: &Occasion,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let Some(rule) = policy.rules.get(&firing.rule) else { return };
    let waiting =
        outcome.state.pending().find(|task| task.is_same_work(&rule.run, &firing.subject, occasion));
    if let Some(task) = waiting.map(|task| task.id.clone()) {
        outcome.tell(Effect::AlreadyPending { task, rule: firing.rule, why: firing.explanation });
        return;
    }
    let id = TaskId::of(&rule.run, &rule.name, &firing.subject, &event.key());
    outcome.tell(Effect::TaskStarted {
        task: id.clone(),
        rule: firing.rule.clone(),
        action: rule.action.clone(),
        why: firing.explanation,
    });
    outcome.state.tasks.push(Task {
        id,
        run: rule.run.clone(),
        rule: firing.rule,
        action: rule.action.clone(),
        subject: firing.subject,
        cause: (event.source.clone(), event.id.clone()),
        started_by: None,
        occasion: occasion.clone(),
        opened: now,
        draft: 1,
        status: TaskStatus::Pending,
    });
}
