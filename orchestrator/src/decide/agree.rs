//! The customer's agreement: the version that they were shown becomes the baseline that later versions are compared
//! with. Only a person records it.

use infohub::plan::{Agreement, Diff, Status, is_placeholder};
use jiff::Timestamp;

use super::ruled::moment;
use super::{Outcome, View};
use crate::policy::Policy;
use crate::step::Effect;

pub(super) fn decide(
    view: View<'_>,
    agreement: &Agreement,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let Some(plan) = view.plan else { return outcome.ignore("there is no plan to agree to") };
    if agreement.version != plan.plan.version {
        let (meant, last) = (agreement.version, plan.plan.version);
        return outcome.ignore(format!("version {meant} is not the last one, which is {last}"));
    }
    if is_placeholder(&agreement.by) {
        return outcome.ignore("say who agreed on the customer's side");
    }
    let ours = |person: &infohub::team::Person| {
        agreement.by.trim().eq_ignore_ascii_case(&person.name) || agreement.by.trim() == person.id.as_str()
    };
    if policy.team.people.iter().any(ours) {
        return outcome.ignore(format!("{} is one of ours; the customer agrees", agreement.by));
    }
    if agreement.on > moment(view.facts, now, policy).today() {
        return outcome.ignore(format!("{} is still to come", agreement.on));
    }
    let mut new = plan.clone();
    new.plan.agreed = Some(agreement.clone());
    if matches!(new.plan.status, Status::Draft | Status::InReview) {
        new.plan.status = Status::Agreed;
    }
    outcome.tell(Effect::PlanChanged { diff: Diff::between(plan, &new), questions: 0 });
    outcome.tell(Effect::Agreed { agreement: agreement.clone() });
    outcome.plan = Some(new);
}
