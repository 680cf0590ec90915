//! A person's decision: reviews are bound to what was shown, tasks are started again or called off.

use infohub::ids::{ItemId, PersonId};
use infohub::plan::{Diff, Patch, Plan, apply};
use jiff::Timestamp;

use super::draft::{again, leave_out_known};
use super::meta::{advance, first_plan};
use super::{Outcome, View, agree, gate, handoff, start};
use crate::approval::{Able, Approval, Case, Refusal};
use crate::policy::Policy;
use crate::review::{Place, Rejected, Review};
use crate::step::{Decision, Effect, Verdict};
use crate::task::{Task, TaskId, TaskStatus};

pub(super) fn decide(
    view: View<'_>,
    decision: &Decision,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    if !policy.knows(&decision.by) {
        return outcome
            .ignore(format!("'{}' is not in team.yaml; only people named there decide", decision.by));
    }
    match &decision.verdict {
        Verdict::Start { run, occasion } => {
            start::decide(view, &decision.by, run, occasion, now, policy, outcome);
        }
        Verdict::OpenGate { gate, reason, until } => {
            gate::open(view, &decision.by, *gate, reason, *until, now, outcome);
        }
        Verdict::Agree { agreement } => agree::decide(view, agreement, now, policy, outcome),
        Verdict::Handoff { handoff: key, is } => {
            handoff::decide(view, &decision.by, key, is, now, policy, outcome);
        }
        Verdict::Retry { task } => retry(view, task, &decision.by.to_string(), outcome),
        Verdict::Cancel { task, reason } => cancel(view, task, reason, now, outcome),
        Verdict::Accept { review, shown } => {
            close(Closing { by: &decision.by, view, now, policy, review, shown }, &Patch::default(), outcome);
        }
        Verdict::Edit { review, shown, patch } => {
            close(Closing { by: &decision.by, view, now, policy, review, shown }, patch, outcome);
        }
        Verdict::Reject { review, shown, reason } => {
            reject(Closing { by: &decision.by, view, now, policy, review, shown }, reason, outcome);
        }
    }
}

/// One review about to be closed.
#[derive(Clone, Copy)]
struct Closing<'a> {
    by: &'a PersonId,
    view: View<'a>,
    now: Timestamp,
    policy: &'a Policy,
    review: &'a TaskId,
    shown: &'a str,
}

/// A review that is open and that the person may decide on.
struct Open<'a> {
    review: &'a Review,
    task: &'a Task,
    /// Words to put after the verdict, if the person decides in the place of another.
    for_whom: String,
}

/// Who may give a verdict.
type May<'a> = fn(&Approval<'a>, &PersonId, Case<'_>) -> Result<Able<'a>, Refusal>;

impl<'a> Closing<'a> {
    /// The review with its task, if it is open, says what was shown, and the person may decide on it.
    fn open(&self, may: May<'a>, outcome: &mut Outcome) -> Option<Open<'a>> {
        let refused = match self.may_close(may) {
            Ok(open) => return Some(open),
            Err(why) => why,
        };
        outcome.ignore(refused);
        None
    }

    fn may_close(&self, may: May<'a>) -> Result<Open<'a>, String> {
        let Self { by, view, now, policy, .. } = *self;
        let review = view.state.reviews.get(self.review);
        let (review, task) = review
            .zip(view.state.task(self.review))
            .ok_or_else(|| format!("there is no open review '{}'", self.review))?;
        if let Some(at) = review.lapsed(now) {
            let id = self.review;
            return Err(format!("the draft lapsed at {at}; `csp task retry {id}` has it drafted again"));
        }
        let case = Case { review, task, plan: view.plan };
        let able = may(&policy.approval(now), by, case).map_err(|refusal| refusal.to_string())?;
        if review.content_hash(view.plan) != self.shown {
            return Err("the draft has changed since it was shown; look at it again".to_owned());
        }
        let lender = able.stands_in_for.map(|(lender, _)| &lender.id);
        let for_whom = lender.map(|lender| format!(" in the place of {lender}")).unwrap_or_default();
        Ok(Open { review, task, for_whom })
    }
}

/// Accepts a draft, with the person's changes to it.
fn close(closing: Closing<'_>, changes: &Patch, outcome: &mut Outcome) {
    let Some(Open { review, task, for_whom }) = closing.open(Approval::accept, outcome) else { return };
    let verdict = if changes.is_empty() { "accepted" } else { "edited and accepted" };
    let verdict = format!("{verdict}{for_whom}");
    let Closing { view, now, policy, .. } = closing;
    let base = view.plan.cloned().unwrap_or_else(|| first_plan(view.facts, &task.subject, now, policy));
    let drafted = match &review.draft {
        Place::InPlan(ids) => Ok(accepted(base.clone(), ids)),
        Place::Proposed(patch) => {
            let mut patch = patch.clone();
            leave_out_known(&base, &mut patch, outcome);
            let ids: Vec<ItemId> = patch.upserts().map(|(_, _, item)| item.id().clone()).collect();
            apply(&base, &patch).map(|(plan, _)| accepted(plan, &ids))
        }
    };
    let mut new = match drafted {
        Ok(plan) => plan,
        Err(conflict) => {
            outcome.state.reviews.remove(&task.id);
            return again(task, conflict.to_string(), now, outcome);
        }
    };
    let mut changes = changes.clone();
    let strange = changes.tie_to(&new, &format!("edit/{}", task.id));
    if let Some(id) = strange.first() {
        return outcome.ignore(format!("the plan has no item '{id}'"));
    }
    changes.mark(None);
    match apply(&new, &changes) {
        Ok((edited, _)) => new = edited,
        Err(conflict) => return outcome.ignore(conflict.to_string()),
    }
    if matches!(review.draft, Place::Proposed(_)) {
        advance(&mut new, task, view.facts, policy, outcome);
    }
    finish(closing, task, &verdict, new, outcome);
}

/// Puts the new plan in and closes review and task.
fn finish(closing: Closing<'_>, task: &Task, verdict: &str, new: Plan, outcome: &mut Outcome) {
    let before = closing.view.plan;
    outcome.state.reviews.remove(&task.id);
    if before != Some(&new) {
        let nothing = Plan::new(new.plan.clone());
        let before = before.unwrap_or(&nothing);
        let questions = new.questions.len().saturating_sub(before.questions.len());
        outcome.tell(Effect::PlanChanged { diff: Diff::between(before, &new), questions });
    }
    if !task.status.is_closed() {
        let same = before.is_some_and(|plan| plan.is_same_but_registers(&new));
        let version = before.map_or(0, |plan| plan.plan.version) + u64::from(!same);
        outcome.state.set(&task.id, TaskStatus::Done { at: closing.now, version });
        outcome.tell(Effect::TaskDone { task: task.id.clone() });
    }
    if before != Some(&new) {
        outcome.plan = Some(new);
    }
    outcome.tell(Effect::ReviewClosed { review: task.id.clone(), verdict: verdict.to_owned() });
}

fn accepted(mut plan: Plan, ids: &[ItemId]) -> Plan {
    for section in plan.parts_mut() {
        for (_, item) in section.items_mut() {
            if ids.contains(item.id()) {
                item.set_review(None);
            }
        }
    }
    plan
}

/// Takes a draft out of the plan, or never lets it in, and remembers what it said.
fn reject(closing: Closing<'_>, reason: &str, outcome: &mut Outcome) {
    let Some(Open { review, task, for_whom }) = closing.open(Approval::reject, outcome) else { return };
    if reason.trim().is_empty() {
        return outcome.ignore("a rejection needs a reason");
    }
    let new = match &review.draft {
        Place::Proposed(patch) => {
            outcome.state.reject(patch.upserts().map(|(section, _, item)| Rejected::of(section, item)));
            None
        }
        Place::InPlan(ids) => closing.view.plan.map(|plan| without(plan, ids, outcome)),
    };
    let why = format!("rejected{for_whom}: {reason}");
    match new {
        Some(new) => finish(closing, task, &why, new, outcome),
        None => {
            outcome.state.reviews.remove(&task.id);
            outcome.tell(Effect::ReviewClosed { review: task.id.clone(), verdict: why.clone() });
        }
    }
    if !task.status.is_closed() {
        outcome.state.set(&task.id, TaskStatus::Cancelled { at: closing.now, why });
    }
}

/// The plan without the drafted items; what a person has accepted meanwhile stays.
fn without(plan: &Plan, ids: &[ItemId], outcome: &mut Outcome) -> Plan {
    let drafted = |id: &ItemId| {
        ids.contains(id) && plan.items().any(|(_, _, item)| item.id() == id && item.review().is_some())
    };
    let gone = plan.items().filter(|(_, _, item)| drafted(item.id()));
    outcome.state.reject(gone.map(|(section, _, item)| Rejected::of(section, item)).collect::<Vec<_>>());
    let mut new = plan.clone();
    for section in new.parts_mut() {
        section.remove(&|id| drafted(id));
    }
    new
}

fn retry(view: View<'_>, id: &TaskId, by: &str, outcome: &mut Outcome) {
    let Some(task) = view.state.task(id) else {
        return outcome.ignore(format!("there is no task '{id}'"));
    };
    let over = matches!(
        task.status,
        TaskStatus::Failed { .. } | TaskStatus::Lapsed { .. } | TaskStatus::Cancelled { .. }
    );
    if !over {
        return outcome.ignore(format!(
            "task {id} is {}, and only failed, lapsed or cancelled tasks can be started again",
            task.status.word()
        ));
    }
    if let Some(task) = outcome.state.task_mut(id) {
        task.draft += 1;
        task.status = TaskStatus::Pending;
    }
    outcome.tell(Effect::TaskRestarted { task: id.clone(), why: format!("{by} asked for it") });
}

fn cancel(view: View<'_>, id: &TaskId, reason: &str, now: Timestamp, outcome: &mut Outcome) {
    let Some(task) = view.state.task(id) else {
        return outcome.ignore(format!("there is no task '{id}'"));
    };
    if task.status.is_closed() {
        return outcome.ignore(format!("task {id} is {} already", task.status.word()));
    }
    outcome.state.reviews.remove(id);
    outcome.state.set(id, TaskStatus::Cancelled { at: now, why: reason.to_owned() });
    outcome.tell(Effect::TaskCancelled { task: id.clone(), why: reason.to_owned() });
}
