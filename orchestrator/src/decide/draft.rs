//! A draft: rights, the review gate, the plan. A draft that comes twice or too late does nothing.

use std::collections::BTreeSet;

use infohub::ids::ItemId;
use infohub::plan::{Diff, Item, Patch, Plan, Review as Mark, apply};
use jiff::Timestamp;
use serde_json::Value;

use super::meta::{advance, first_plan};
use super::{Outcome, View};
use crate::approval::Case;
use crate::calendar::Moment;
use crate::policy::{Gate, Policy};
use crate::review::{Place, Rejected, Review};
use crate::step::{Drafted, Effect};
use crate::task::{MOST_DRAFTS, Task, TaskId, TaskStatus};

pub(super) fn decide(
    view: View<'_>,
    drafted: &Drafted,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let Some(task) = awaited(view, &drafted.task, drafted.draft) else {
        return outcome.ignore(format!("task {} does not wait for this draft", drafted.task));
    };
    if let Some(why) = beyond_rights(task, &drafted.patch, policy) {
        return fail(task, why, now, outcome);
    }
    let new;
    let plan = match view.plan {
        Some(plan) => plan,
        None => {
            new = first_plan(view.facts, &task.subject, now, policy);
            &new
        }
    };
    let mut patch = drafted.patch.clone();
    leave_out_rejected(view, &mut patch, outcome);
    leave_out_known(plan, &mut patch, outcome);
    let agent = task.run.split('.').next().unwrap_or_default();
    match policy.review.gate(agent, &patch, plan) {
        Gate::Auto => write(view, task, plan, patch, now, policy, outcome),
        Gate::Review if patch.changes_nothing() => write(view, task, plan, patch, now, policy, outcome),
        Gate::Review => propose(view, task, plan, patch, now, policy, outcome),
    }
}

pub(super) fn failed(
    view: View<'_>,
    id: &TaskId,
    draft: u32,
    why: &str,
    now: Timestamp,
    outcome: &mut Outcome,
) {
    match awaited(view, id, draft) {
        Some(task) => fail(task, why.to_owned(), now, outcome),
        None => outcome.ignore(format!("task {id} does not wait for this draft")),
    }
}

/// The task, if it waits for just this draft.
fn awaited<'a>(view: View<'a>, id: &TaskId, draft: u32) -> Option<&'a Task> {
    view.state.task(id).filter(|task| task.status == TaskStatus::Pending && task.draft == draft)
}

fn fail(task: &Task, why: String, now: Timestamp, outcome: &mut Outcome) {
    outcome.state.set(&task.id, TaskStatus::Failed { at: now, why: why.clone() });
    outcome.tell(Effect::TaskFailed { task: task.id.clone(), why });
}

/// The second check of section rights: whatever stands between the model and here, nothing gets past it.
fn beyond_rights(task: &Task, patch: &Patch, policy: &Policy) -> Option<String> {
    let Some(rights) = policy.tasks.get(&task.run) else {
        return Some(format!("no agent has a task '{}' any more", task.run));
    };
    let touched = patch.sections.changes().into_iter().map(|change| change.key());
    let beyond = touched.into_iter().find(|section| !rights.sections.contains(section))?;
    Some(format!("the draft changes {}, which {} may not write", beyond.spoken(), task.run))
}

fn leave_out_rejected(view: View<'_>, patch: &mut Patch, outcome: &mut Outcome) {
    let mut items = 0;
    patch.retain(|section, _, item| {
        let keep = !view.state.rejected.contains(&Rejected::of(section, item));
        items += usize::from(!keep);
        keep
    });
    if items > 0 {
        outcome.tell(Effect::LeftOut { items });
    }
}

/// Another draft, made on the same plan, may have brought the same item in meanwhile; nobody wants to read it twice.
pub(super) fn leave_out_known(plan: &Plan, patch: &mut Patch, outcome: &mut Outcome) {
    let lists: BTreeSet<_> = patch.upserts().map(|(section, list, _)| (section, list)).collect();
    let known: Vec<_> = plan
        .items()
        .filter(|(section, list, _)| lists.contains(&(*section, *list)))
        .map(|(section, list, item)| (section, list, said(item)))
        .collect();
    let mut items = 0;
    patch.retain(|section, list, item| {
        let changes_it = plan.items().any(|(_, _, known)| known.id() == item.id());
        let keep = changes_it || !known.contains(&(section, list, said(item)));
        items += usize::from(!keep);
        keep
    });
    if items > 0 {
        outcome.tell(Effect::AlreadyThere { items });
    }
}

/// All that an item says, without its name, what it rests on, and whether it was accepted.
fn said(item: &dyn Item) -> Value {
    let mut said = item.to_value();
    if let Some(fields) = said.as_object_mut() {
        fields.retain(|field, _| !matches!(field.as_str(), "id" | "evidence" | "review"));
    }
    said
}

fn write(
    view: View<'_>,
    task: &Task,
    plan: &Plan,
    mut patch: Patch,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    patch.mark(Some(Mark::Drafted));
    let (mut new, diff) = match apply(plan, &patch) {
        Ok(applied) => applied,
        Err(conflict) => return again(task, conflict.to_string(), now, outcome),
    };
    advance(&mut new, task, view.facts, policy, outcome);
    let same = view.plan.is_some_and(|plan| plan.is_same_but_registers(&new));
    let version = view.plan.map_or(0, |plan| plan.plan.version) + u64::from(!same);
    outcome.state.set(&task.id, TaskStatus::Done { at: now, version });
    open_review(view, task, &new, &diff, now, policy, outcome);
    if view.plan != Some(&new) {
        let questions = new.questions.len() - view.plan.map_or(0, |plan| plan.questions.len());
        outcome.tell(Effect::PlanChanged { diff, questions });
        outcome.plan = Some(new);
    }
    outcome.tell(Effect::TaskDone { task: task.id.clone() });
}

/// What the draft brought into the plan waits there, marked, for a person to accept it.
fn open_review(
    view: View<'_>,
    task: &Task,
    plan: &Plan,
    diff: &Diff,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let items: Vec<ItemId> = diff.changes.iter().map(|change| change.id.clone()).collect();
    if !items.is_empty() {
        wait(view, task, plan, Place::InPlan(items), now, policy, outcome);
    }
}

fn propose(
    view: View<'_>,
    task: &Task,
    plan: &Plan,
    patch: Patch,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    outcome.state.set(&task.id, TaskStatus::InReview { since: now });
    wait(view, task, plan, Place::Proposed(Box::new(patch)), now, policy, outcome);
}

/// Opens the review; its deadlines are in the days of the person who is asked to decide.
fn wait(
    view: View<'_>,
    task: &Task,
    plan: &Plan,
    draft: Place,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let in_plan = matches!(draft, Place::InPlan(_));
    let mut review =
        Review { task: task.id.clone(), run: task.run.clone(), draft, deadlines: None, late: None };
    let approval = policy.approval(now);
    let asked = approval.asked(Case { review: &review, task, plan: Some(plan) }, view.facts);
    let zone = asked.and_then(|asked| asked.time_zone.as_deref());
    review.deadlines = policy.review.times.from(&Moment::new(now, zone, approval.calendar));
    outcome.state.reviews.insert(task.id.clone(), review);
    outcome.tell(Effect::ReviewOpened { review: task.id.clone(), in_plan });
}

/// Somebody changed the same item meanwhile: the task is drafted again on the new version.
pub(super) fn again(task: &Task, why: String, now: Timestamp, outcome: &mut Outcome) {
    if task.draft >= MOST_DRAFTS {
        return fail(task, format!("gave up after {MOST_DRAFTS} drafts: {why}"), now, outcome);
    }
    if let Some(task) = outcome.state.task_mut(&task.id) {
        task.draft += 1;
        task.status = TaskStatus::Pending;
    }
    outcome.tell(Effect::TaskRestarted { task: task.id.clone(), why });
}
