//! Reviews that nobody decides on: reminded of once, then brought to whoever leads the person, and in the end a draft
//! outside the plan lapses. What is in the plan already stays there, marked. Of several deadlines that passed while
//! nobody looked, what is still true is told, once.

use jiff::Timestamp;

use super::{Outcome, View};
use crate::approval::Case;
use crate::policy::Policy;
use crate::review::{Lateness, Place, Review};
use crate::step::Effect;
use crate::task::{Task, TaskStatus};

/// Looks at each review whose time has come.
pub(super) fn look(view: View<'_>, now: Timestamp, policy: &Policy, outcome: &mut Outcome) {
    let late: Vec<(Review, Task, Lateness)> = outcome
        .state
        .reviews
        .values()
        .filter_map(|review| {
            Some((review.clone(), outcome.state.task(&review.task)?.clone(), review.grown_late(now)?))
        })
        .collect();
    for (review, task, late) in late {
        if late == Lateness::Expired && matches!(review.draft, Place::Proposed(_)) {
            lapse(&task, now, outcome);
        } else {
            tell(view, &review, &task, late, now, policy, outcome);
        }
    }
}

/// The draft never enters the plan, and is not remembered as turned down: it may be drafted again.
fn lapse(task: &Task, now: Timestamp, outcome: &mut Outcome) {
    outcome.state.reviews.remove(&task.id);
    let why = "nobody decided on its draft in time".to_owned();
    outcome.state.set(&task.id, TaskStatus::Lapsed { at: now, why: why.clone() });
    outcome.tell(Effect::ReviewLapsed { review: task.id.clone(), why });
}

fn tell(
    view: View<'_>,
    review: &Review,
    task: &Task,
    late: Lateness,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let approval = policy.approval(now);
    let plan = outcome.plan.as_ref().or(view.plan);
    let facts = outcome.facts.as_ref().unwrap_or(view.facts);
    let asked = approval.asked(Case { review, task, plan }, facts);
    let leader = asked.and_then(|asked| approval.leader(asked)).map(|leader| leader.id.clone());
    let asked = asked.map(|asked| asked.id.clone());
    if let Some(known) = outcome.state.reviews.get_mut(&task.id) {
        known.late = Some(late);
    }
    let id = || task.id.clone();
    if review.late.is_none() {
        outcome.tell(Effect::ReviewReminded { review: id(), to: asked });
    }
    if late >= Lateness::Escalated {
        outcome.tell(Effect::ReviewEscalated {
            review: id(),
            to: leader,
            expired: late == Lateness::Expired,
        });
    }
}
