//! The plan's metadata: a first plan, its owner, and the phase that a finished task brings it to.

use infohub::facts::AccountFile;
use infohub::plan::{Lifecycle, Meta, Plan, PlanOwner, Role, SCHEMA_VERSION, Status, gaps};
use jiff::Timestamp;

use super::Outcome;
use crate::policy::Policy;
use crate::rules::Subject;
use crate::step::Effect;
use crate::task::Task;

/// The plan that a first draft is written into.
pub fn first_plan(facts: &AccountFile, subject: &Subject, now: Timestamp, policy: &Policy) -> Plan {
    let opportunity = match subject {
        Subject::Opportunity(id) => Some(id.clone()),
        _ => facts.opportunities.first().map(|opportunity| opportunity.id.clone()),
    };
    Plan::new(Meta {
        schema: SCHEMA_VERSION,
        version: 0,
        account: facts.account.clone(),
        opportunity,
        lifecycle: Lifecycle::Initiate,
        status: Status::Draft,
        owner: Some(owner(Role::Sa, facts, policy)),
        last_updated: now,
        last_customer_review: None,
        agreed: None,
    })
}

/// The person that the account names for the role, else the only one who has it.
fn owner(role: Role, facts: &AccountFile, policy: &Policy) -> PlanOwner {
    let sole = || policy.team.sole(role).map(|person| person.id.clone());
    PlanOwner { role, person: facts.person(role).cloned().or_else(sole) }
}

/// Brings the plan to the task's phase. A plan goes forward only; after the last phase before the sale it is
/// ready for review if nothing required is missing, and says what is missing otherwise.
pub(super) fn advance(
    plan: &mut Plan,
    task: &Task,
    facts: &AccountFile,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let phase = policy.tasks.get(&task.run).and_then(|rights| rights.phase);
    let Some(phase) = phase else { return };
    // What is being handed over passes to the CA when a person accepts it, and not by a draft.
    let mut handoffs = outcome.state.handoffs.values();
    if phase == Lifecycle::Execute && handoffs.any(|handoff| !handoff.is_accepted()) {
        return;
    }
    if phase > plan.plan.lifecycle {
        plan.plan.lifecycle = phase;
    }
    if phase == Lifecycle::Execute && plan.plan.owner.as_ref().is_none_or(|owner| owner.role != Role::Ca) {
        // Whoever the handoff names takes over, else the account's CA.
        let named = task.occasion.taken_over_by.clone().filter(|person| policy.knows(person));
        let own = owner(Role::Ca, facts, policy);
        plan.plan.owner = Some(PlanOwner { person: named.or(own.person), ..own });
    }
    if phase != Lifecycle::Finalize || plan.plan.status != Status::Draft {
        return;
    }
    let tier = facts.facts.tier.as_ref().and_then(|fact| fact.value);
    let missing = gaps(plan, &policy.template.required(phase, tier));
    if missing.is_empty() {
        plan.plan.status = Status::InReview;
    } else {
        outcome.tell(Effect::NotReady { gaps: missing });
    }
}
