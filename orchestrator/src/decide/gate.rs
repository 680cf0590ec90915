//! Gates: rules close them, a person lets through for a while, and both are told when they change.

use infohub::event::EventBody;
use infohub::ids::PersonId;
use jiff::{SignedDuration, Timestamp};

use super::ruled::Step;
use super::{Outcome, View};
use crate::health::{Checkup, Override};
use crate::rules::{GateName, Sighting};
use crate::step::{Effect, Input};

/// The gates that there are.
const GATES: [GateName; 1] = [GateName::Proposal];
/// The longest that a decision to let through may last.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Notes that a proposal is asked for, since a rule may close the gate from then on, whatever the deal's stage.
pub(super) fn note_request(step: Step<'_>, outcome: &mut Outcome) {
    if let Input::Event(event) = step.input
        && asks_for_proposal(step)
    {
        let log = outcome.state.gates.entry(GateName::Proposal).or_default();
        log.asked = log.asked.max(Some(event.time));
    }
}

/// Looks at each gate and tells what has changed.
pub(super) fn look(step: Step<'_>, seen: &[Sighting], checkup: Option<&Checkup>, outcome: &mut Outcome) {
    let now = step.moment.now;
    for gate in GATES {
        let mut closed_by: Vec<String> =
            step.policy.rules.closed(gate, seen).into_iter().map(|closed| closed.rule).collect();
        closed_by.dedup();
        if closed_by.is_empty() && !outcome.state.gates.contains_key(&gate) {
            continue;
        }
        let log = outcome.state.gates.entry(gate).or_default();
        log.closed_by = closed_by;
        let closed = log.is_closed(now);
        let was_closed = std::mem::replace(&mut log.told_closed, closed);
        let (rules, through) = (log.closed_by.clone(), log.lets_through_by(now).is_some());
        match (was_closed, closed) {
            (false, true) => outcome.tell(Effect::GateClosed { gate, rules, missing: missing(checkup) }),
            (true, false) if !through => {
                outcome.tell(Effect::GateOpened { gate, why: "no rule closes it any more".to_owned() });
            }
            _ => {}
        }
    }
    if let Some(missing) = asks_for_proposal(step).then(|| holds(step, outcome, checkup)).flatten() {
        outcome.tell(Effect::HeldByGate { gate: GateName::Proposal, rule: None, missing });
    }
}

/// What is missing if the step asks for what a closed gate holds back.
pub(super) fn holds_back(step: Step<'_>, outcome: &Outcome) -> Option<Vec<String>> {
    let told = outcome.effects.iter().find_map(|effect| match effect {
        Effect::HeldByGate { rule: None, missing, .. } => Some(missing.clone()),
        _ => None,
    });
    told.filter(|_| asks_for_proposal(step))
}

fn asks_for_proposal(step: Step<'_>) -> bool {
    matches!(step.input, Input::Event(event) if matches!(event.body, EventBody::ProposalRequested(_)))
}

fn holds(step: Step<'_>, outcome: &Outcome, checkup: Option<&Checkup>) -> Option<Vec<String>> {
    let log = outcome.state.gates.get(&GateName::Proposal)?;
    log.is_closed(step.moment.now).then(|| missing(checkup))
}

/// What completeness lacks, criterion by criterion.
pub fn missing(checkup: Option<&Checkup>) -> Vec<String> {
    let Some(checkup) = checkup else { return vec!["there is no plan".to_owned()] };
    let lacking = checkup.health.missing();
    lacking.map(|finding| format!("{}: {}", finding.criterion.words(), finding.why)).collect()
}

/// A person lets through a closed gate.
pub(super) fn open(
    view: View<'_>,
    by: &PersonId,
    gate: GateName,
    reason: &str,
    until: Timestamp,
    now: Timestamp,
    outcome: &mut Outcome,
) {
    let closed = view.state.gates.get(&gate).is_some_and(|log| !log.closed_by.is_empty());
    if !closed {
        return outcome.ignore(format!("gate {gate} is open; there is nothing to let through"));
    }
    if reason.trim().is_empty() {
        return outcome.ignore("letting through a closed gate needs a reason");
    }
    if until <= now {
        return outcome.ignore(format!("it would end at {until}, which is not after now"));
    }
    if now.checked_add(LONGEST).is_ok_and(|latest| until > latest) {
        return outcome.ignore("it may last 90 days at most; decide again then");
    }
    let by = Override { by: by.clone(), reason: reason.trim().to_owned(), until };
    outcome.state.gates.entry(gate).or_default().opened = Some(by.clone());
    outcome.tell(Effect::GateOverridden { gate, by });
}
