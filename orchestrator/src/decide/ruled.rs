//! What the rules say of a step: the account as it was and as it is now are laid before them, with the moment in its
//! time zone. What fires starts tasks, tells people and closes gates; then the account's next instant is noted.
//! It must not know what brought the news, beyond the event's own words.

use infohub::event::{Event, EventBody};
use infohub::facts::AccountFile;
use infohub::hub::BookFile;
use infohub::occasion::Occasion;
use infohub::plan::{Lifecycle, Plan};
use jiff::{SignedDuration, Timestamp};

use super::{Outcome, View, gate, handoff, notify};
use crate::calendar::Moment;
use crate::handoff::Handoff;
use crate::health::{Checkup, HealthLog};
use crate::policy::Policy;
use crate::review::Review;
use crate::rules::{
    Facts, Field, Fired, Firing, GateName, Known, Outcome as Answer, Rule, Sighting, Told, Value, Workflow,
    fires, sightings,
};
use crate::state::State;
use crate::step::{Effect, Input};
use crate::task::{Task, TaskId, TaskStatus};

/// When an instant that has come brought nothing is looked at again.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// A step on its way, as rules see it.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) view: View<'a>,
    pub(super) input: &'a Input,
    /// What the input says of the work that it may start.
    pub(super) occasion: &'a Occasion,
    pub(super) policy: &'a Policy,
    pub(super) moment: &'a Moment,
    /// The facts after it.
    pub(super) facts: &'a AccountFile,
    /// The plan after it.
    pub(super) plan: Option<&'a Plan>,
}

/// Asks the rules and carries out what they say.
pub(super) fn ask(
    view: View<'_>,
    input: &Input,
    occasion: &Occasion,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let facts = outcome.facts.clone();
    let facts = facts.as_ref().unwrap_or(view.facts);
    let plan = dated(view, outcome.plan.as_ref(), now);
    let plan = plan.as_ref().or(view.plan);
    let moment = moment(facts, now, policy);
    let step = Step { view, input, occasion, policy, moment: &moment, facts, plan };
    note_contact(step, &mut outcome.state.health);
    gate::note_request(step, outcome);
    let checkup = checkup(plan, facts, &outcome.state.health, policy, &moment);
    let seen = step.sightings(checkup.as_ref(), &outcome.state);
    let Fired { firings, passed_over, memory, .. } = fires(&policy.rules, &outcome.state.fired, &seen);
    outcome.state.fired = memory;
    // An item that is gone and comes again is another one; so is what rules say of it.
    outcome.state.fired.retain(|_, subject| seen.iter().any(|sighting| sighting.subject == *subject));
    notify::silence(step, &seen, outcome);
    tell_health(checkup.as_ref(), now, outcome);
    gate::look(step, &seen, checkup.as_ref(), outcome);
    if let Input::Event(event) = input {
        tell_silent(event, policy, &seen, &firings, outcome);
    }
    for passed in passed_over {
        let (rule, subject, occasion, why) = (passed.rule, passed.subject, passed.occasion, passed.why);
        outcome.tell(Effect::PassedOver { rule, subject, occasion, why });
    }
    for firing in firings {
        carry_out(step, firing, &seen, outcome);
    }
    handoff::tell(step, outcome);
    let rules = policy.rules.next_instant(&outcome.state.fired, &seen).map(|ahead| ahead.at);
    wake(step, rules, checkup.as_ref(), outcome);
}

/// The moment in the account's time zone.
pub(super) fn moment(facts: &AccountFile, now: Timestamp, policy: &Policy) -> Moment {
    let zone = facts.facts.time_zone.as_ref().and_then(|zone| zone.value.as_deref());
    policy.rules.moment(now, zone)
}

/// The health of a plan, with what the account's log knows of meetings.
pub(super) fn checkup(
    plan: Option<&Plan>,
    facts: &AccountFile,
    log: &HealthLog,
    policy: &Policy,
    moment: &Moment,
) -> Option<Checkup> {
    plan.map(|plan| Checkup::of(plan, facts, &policy.template, log, plan.plan.last_updated, moment))
}

/// An account as it is at a moment, for whoever explains its rules.
pub fn subjects(view: View<'_>, now: Timestamp, policy: &Policy) -> (Vec<Sighting>, Option<Checkup>) {
    let moment = moment(view.facts, now, policy);
    let checkup = checkup(view.plan, view.facts, &view.state.health, policy, &moment);
    let more = more(checkup.as_ref(), view.state, &moment);
    let known = known(view.facts, view.plan, Some(&more), policy);
    (sightings(Some(known), known, None, &moment), checkup)
}

/// What is known from elsewhere than the files: how the plan is, and what the account was asked for.
fn more(checkup: Option<&Checkup>, state: &State, moment: &Moment) -> Facts {
    let facts = checkup.and_then(|checkup| checkup.facts().ok()).unwrap_or_default();
    let asked = state.gates.get(&GateName::Proposal).and_then(|gate| gate.asked);
    let asked = asked.map(|at| Value::Date(moment.day_of(at)));
    let with = |asked| facts.clone().with(Field::AccountProposalRequestedOn, asked).ok();
    asked.and_then(with).unwrap_or(facts)
}

fn known<'a>(
    account: &'a AccountFile,
    plan: Option<&'a Plan>,
    more: Option<&'a Facts>,
    policy: &'a Policy,
) -> Known<'a> {
    Known { account, plan, template: Some(&policy.template), won: policy.rules.won(), more }
}

/// The new plan with the time that its commit will give it, since rules count from there. An edit of csp.yaml makes a
/// version even if it changes nothing but a comment.
fn dated(view: View<'_>, after: Option<&Plan>, now: Timestamp) -> Option<Plan> {
    let mut plan = after?.clone();
    let edited = view.edit.is_some_and(|edit| edit.files().any(|file| file == BookFile::Plan));
    if edited || !view.plan.is_some_and(|before| before.is_same_but_registers(&plan)) {
        plan.plan.last_updated = now;
        plan.plan.version = view.plan.map_or(0, |before| before.plan.version) + 1;
    }
    Some(plan)
}

impl Step<'_> {
    fn sightings(self, after: Option<&Checkup>, state: &State) -> Vec<Sighting> {
        let Self { view, policy, moment, .. } = self;
        let before = checkup(view.plan, view.facts, &view.state.health, policy, moment);
        let before = more(before.as_ref(), view.state, moment);
        let after = more(after, state, moment);
        let event = match self.input {
            Input::Event(event) => Some(Told { event, is_news: !self.occasion.changes.is_empty() }),
            _ => None,
        };
        let before = known(view.facts, view.plan, Some(&before), policy);
        let now = known(self.facts, self.plan, Some(&after), policy);
        sightings(Some(before), now, event, moment)
    }

    /// What makes a firing one firing: the event's key, the instant waited for, or the version and the moment of the
    /// step; a clock that stands still may see several versions.
    pub(super) fn cause(self, firing: &Firing) -> (String, String) {
        match (&firing.occasion, self.input) {
            (Some(occasion), _) => ("time".to_owned(), occasion.at.to_string()),
            (None, Input::Event(event)) => (event.source.clone(), event.id.clone()),
            (None, Input::Tick) => ("time".to_owned(), self.moment.today().to_string()),
            (None, _) => {
                let version = self.plan.map_or(0, |plan| plan.plan.version);
                ("plan".to_owned(), format!("version {version} of {}", self.moment.now))
            }
        }
    }
}

/// When the plan began and when the customer was met last, which no file says.
fn note_contact(step: Step<'_>, log: &mut HealthLog) {
    if let (None, Some(plan)) = (log.began, step.plan) {
        log.began = Some(step.moment.day_of(plan.plan.last_updated));
    }
    if let Input::Event(event) = step.input
        && let EventBody::MeetingRecorded(meeting) = &event.body
    {
        let day = meeting.held_on.unwrap_or_else(|| step.moment.day_of(event.time));
        log.met = log.met.max(Some(day));
    }
}

fn tell_health(checkup: Option<&Checkup>, now: Timestamp, outcome: &mut Outcome) {
    let Some(checkup) = checkup else { return };
    let from = outcome.state.health.last().map(|last| last.standing);
    if let Some(change) = outcome.state.health.note(&checkup.health, now).cloned() {
        outcome.tell(Effect::HealthChanged { from, now: change });
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
                    why: rule.explain_news(sighting),
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

/// All that a rule wants done when it fires. That it closes a gate is seen by looking at the gate.
fn carry_out(step: Step<'_>, firing: Firing, seen: &[Sighting], outcome: &mut Outcome) {
    let Some(rule) = step.policy.rules.get(&firing.rule) else { return };
    if held_by_gate(step, rule, outcome) {
        return;
    }
    let work = rule.effects.run.as_ref().map(|run| work(step, run, &firing, outcome));
    notify::of_rule(step, rule, &firing, seen, work.as_ref().map(|work| &work.task), outcome);
    if rule.effects.start == Some(Workflow::Handoff) {
        handoff::offer(step, &firing.subject, outcome);
    }
    match rule.effects.run.as_ref().zip(work) {
        Some((run, work)) => start(step, rule, run, firing, work, outcome),
        None => outcome.tell(Effect::RuleFired {
            rule: firing.rule,
            subject: firing.subject,
            action: rule.action.clone(),
            occasion: firing.occasion,
            why: firing.explanation,
        }),
    }
}

/// A request for a proposal at a closed gate starts only what helps to open it: the plan's completion. What fires in
/// the same step for another reason, such as a Monday that nobody had looked at yet, is none of the request's.
fn held_by_gate(step: Step<'_>, rule: &Rule, outcome: &mut Outcome) -> bool {
    let (Some(missing), Some(run)) = (gate::holds_back(step, outcome), &rule.effects.run) else {
        return false;
    };
    let phase = step.policy.tasks.get(run).and_then(|rights| rights.phase);
    if phase == Some(Lifecycle::Finalize) || !rule.awaits_event() {
        return false;
    }
    let (gate, rule) = (GateName::Proposal, Some(rule.name.clone()));
    outcome.tell(Effect::HeldByGate { gate, rule, missing });
    true
}

/// The work that a firing asks for.
struct Work {
    task: TaskId,
    /// Whether the same work for the same subject and occasion is still waiting.
    waits: bool,
    cause: (String, String),
    occasion: Occasion,
}

fn work(step: Step<'_>, run: &str, firing: &Firing, outcome: &Outcome) -> Work {
    let occasion = of_item(step, firing);
    let waiting = outcome.state.pending().find(|task| task.is_same_work(run, &firing.subject, &occasion));
    let cause = step.cause(firing);
    let new = || TaskId::of(run, &firing.rule, &firing.subject, &format!("{}\n{}", cause.0, cause.1));
    let task = waiting.map_or_else(new, |task| task.id.clone());
    Work { task, waits: waiting.is_some(), cause, occasion }
}

/// Starts the rule's task, unless it waits already.
fn start(step: Step<'_>, rule: &Rule, run: &str, firing: Firing, work: Work, outcome: &mut Outcome) {
    let Work { task: id, waits, cause, occasion } = work;
    if waits {
        outcome.tell(Effect::AlreadyPending { task: id, rule: firing.rule, why: firing.explanation });
        return;
    }
    outcome.tell(Effect::TaskStarted {
        task: id.clone(),
        rule: firing.rule.clone(),
        action: rule.action.clone(),
        why: firing.explanation,
    });
    outcome.state.tasks.push(Task {
        id,
        run: run.to_owned(),
        rule: firing.rule,
        action: rule.action.clone(),
        subject: firing.subject,
        cause,
        started_by: None,
        occasion,
        opened: step.moment.now,
        draft: 1,
        status: TaskStatus::Pending,
    });
}

/// What the event said, or the item that the rule fired for and the day that it is about. An instant that is noticed
/// when an event comes is not about what the event says.
fn of_item(step: Step<'_>, firing: &Firing) -> Occasion {
    if matches!(step.input, Input::Event(_)) && firing.occasion.is_none() {
        return step.occasion.clone();
    }
    let day = firing.occasion.as_ref().map(|occasion| step.moment.day_of(occasion.at));
    Occasion { item: notify::item_of(&firing.subject), day, ..Occasion::default() }
}

/// Notes when time alone will next bring something. An instant that has come and brought nothing is looked at again
/// after a while rather than at once, so that the loop cannot turn on one account for ever.
fn wake(step: Step<'_>, rules: Option<Timestamp>, checkup: Option<&Checkup>, outcome: &mut Outcome) {
    let now = step.moment.now;
    let rules = rules.map(|at| if at > now { at } else { now.checked_add(AGAIN).unwrap_or(Timestamp::MAX) });
    let health = checkup.and_then(|checkup| checkup.later.first()).map(|(from, _)| *from);
    let gates = outcome.state.gates.values().filter(|gate| !gate.closed_by.is_empty());
    let gates = gates.filter_map(|gate| gate.lets_through_by(now)).map(|opened| opened.until);
    let looks_back = outcome.state.handoffs.values().filter_map(Handoff::follow_up);
    let looks_back = looks_back.filter_map(|day| step.moment.opening(day));
    let reviews = outcome.state.reviews.values().filter_map(Review::next_instant);
    let next = rules.into_iter().chain(health).chain(gates).chain(looks_back).chain(reviews);
    let next = next.filter(|at| *at > now).min();
    outcome.state.wake = next;
    outcome.state.ruled_by = step.policy.rules.fingerprint();
}
