//! Which items need nobody's attention any more.

use std::collections::BTreeSet;

use crate::ids::ItemId;
use crate::plan::sections::handoff::CommitmentStatus;
use crate::plan::sections::risks::RiskStatus;
use crate::plan::{Plan, Progress};
use crate::registers::action_tracker::ActionStatus;

/// The items of plan and registers that are done, cancelled or closed.
pub fn finished(plan: &Plan) -> BTreeSet<&ItemId> {
    let ended = |status: Option<Progress>| matches!(status, Some(Progress::Done | Progress::Cancelled));
    let mut ids = BTreeSet::new();
    macro_rules! ended {
        ($($section:ident . $list:ident),*) => {
            $( ids.extend(plan.$section.$list.iter().filter(|item| ended(item.status)).map(|item| &item.id)); )*
        };
    }
    ended!(adoption_journey.phases, adoption_journey.milestones, initiatives.initiatives);
    ended!(technical_activities.activities, technical_evaluation.plan);
    ended!(professional_services.engagements, professional_services.deliverables);
    let risks = plan.risks.risks.iter().filter(|risk| risk.status == Some(RiskStatus::Closed));
    ids.extend(risks.map(|risk| &risk.id));
    let register = plan.registers.risk_register.risks.iter();
    ids.extend(register.filter(|risk| risk.status == Some(RiskStatus::Closed)).map(|risk| &risk.id));
    let actions = plan.registers.action_tracker.actions.iter();
    let ended = |status| matches!(status, Some(ActionStatus::Done | ActionStatus::Cancelled));
    ids.extend(actions.filter(|action| ended(action.status)).map(|action| &action.id));
    let answered = |status| matches!(status, Some(CommitmentStatus::Kept | CommitmentStatus::Declined));
    let commitments = plan.handoff.commitments.iter().filter(|promise| answered(promise.status));
    ids.extend(commitments.map(|promise| &promise.id));
    let points = plan.handoff.checklist.iter().filter(|point| point.done == Some(true));
    ids.extend(points.map(|point| &point.id));
    ids
}
