//! An event: what it says becomes facts, and the rules that read those facts are asked.

use infohub::event::{Event, EventBody};
use infohub::facts::FactChange;
use jiff::Timestamp;

use super::{Outcome, View};
use crate::policy::Policy;
use crate::rules::{Firing, Known, Sighting, fires, sightings};
use crate::step::Effect;
use crate::task::{Task, TaskId, TaskStatus};

pub(super) fn decide(view: View<'_>, event: &Event, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    outcome.files.extend(outcome.state.seen.note(event));
    let mut facts = view.facts.clone();
    let changes = take_in(&mut facts, event);
    let zone = facts.facts.time_zone.as_ref().and_then(|zone| zone.value.as_deref());
    let moment = policy.rules.moment(now, zone);
    let known = |account| Known {
        account,
        plan: view.plan,
        template: Some(&policy.template),
        won: policy.rules.won(),
        more: None,
    };
    let seen = sightings(Some(known(view.facts)), known(&facts), Some(event), &moment);
    let news = if changes.is_empty() { Effect::NothingNew } else { Effect::FactsChanged { changes } };
    if news != Effect::NothingNew || matches!(event.body, EventBody::OpportunityChanged(_)) {
        outcome.tell(news);
    }
    let fired = fires(&policy.rules, &outcome.state.fired, &seen);
    outcome.state.fired = fired.memory;
    tell_silent(policy, &seen, &fired.firings, outcome);
    for firing in fired.firings {
        start(firing, event, now, policy, outcome);
    }
    if facts != *view.facts {
        outcome.facts = Some(facts);
    }
}

fn take_in(facts: &mut infohub::facts::AccountFile, event: &Event) -> Vec<FactChange> {
    match &event.body {
        EventBody::OpportunityChanged(data) => facts.opportunity_changed(data, event.time),
        EventBody::EvaluationStarted(data) => facts.evaluation_started(data, event.time),
        EventBody::EvaluationFinished(data) => facts.evaluation_finished(data, event.time),
        EventBody::ProposalRequested(_) | EventBody::MeetingRecorded(_) => Vec::new(),
    }
}

/// Rules that the event woke and that did not fire are told with what was found.
fn tell_silent(policy: &Policy, seen: &[Sighting], firings: &[Firing], outcome: &mut Outcome) {
    for sighting in seen {
        for rule in policy.rules.woken(sighting) {
            let fired =
                firings.iter().any(|firing| firing.rule == rule.name && firing.subject == sighting.subject);
            if !fired {
                outcome.tell(Effect::NotFired {
                    rule: rule.name.clone(),
                    subject: sighting.subject.clone(),
                    why: rule.explain_news(sighting),
                });
            }
        }
    }
}

/// Starts the rule's task if it has one, unless the same work for the same subject is still waiting.
fn start(firing: Firing, event: &Event, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    let Some(rule) = policy.rules.get(&firing.rule) else { return };
    let Some(run) = &rule.effects.run else { return };
    let waiting = outcome.state.pending().find(|task| task.run == *run && task.subject == firing.subject);
    if let Some(task) = waiting.map(|task| task.id.clone()) {
        outcome.tell(Effect::AlreadyPending { task, rule: firing.rule, why: firing.explanation });
        return;
    }
    let id = TaskId::of(run, &rule.name, &firing.subject, &event.key());
    outcome.tell(Effect::TaskStarted {
        task: id.clone(),
        rule: firing.rule.clone(),
        action: rule.action.clone(),
        why: firing.explanation,
    });
    outcome.state.tasks.push(Task {
        id,
        run: run.clone(),
        rule: firing.rule,
        action: rule.action.clone(),
        subject: firing.subject,
        cause: (event.source.clone(), event.id.clone()),
        opened: now,
        draft: 1,
        status: TaskStatus::Pending,
    });
}
