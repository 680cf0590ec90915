//! A person's edit of csp.yaml and the registers becomes a step of its own.

use infohub::plan::QuestionStatus;

use super::{Outcome, View};
use crate::step::Effect;

pub(super) fn decide(view: View<'_>, outcome: &mut Outcome) {
    let Some(edit) = view.edit else {
        return outcome.ignore("csp.yaml and the registers are as they were written");
    };
    let mut plan = edit.plan.clone();
    for question in &mut plan.questions {
        if question.answer.is_some() && question.status == QuestionStatus::Open {
            question.status = QuestionStatus::Answered;
        }
    }
    outcome.tell(Effect::PlanChanged { diff: edit.diff.clone(), questions: 0 });
    outcome.plan = Some(plan);
}
