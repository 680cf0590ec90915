//! Section 6 and the action tracker: each milestone that is still to be reached has one action that carries it.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::Settling;
use super::carry::{Carried, Side};
use super::pairing::{Entry, Pairs, folded, pair};
use crate::ids::ItemId;
use crate::plan::sections::adoption_journey::Milestone;
use crate::plan::{Progress, SectionKey};
use crate::registers::action_tracker::{Action, ActionStatus, Due};

/// Both sides as they stood before the change.
#[derive(Default)]
struct Earlier<'a> {
    milestones: BTreeMap<&'a ItemId, &'a Milestone>,
    actions: BTreeMap<&'a ItemId, &'a Action>,
    /// Milestone to action.
    carried_by: BTreeMap<&'a ItemId, &'a ItemId>,
}

pub(super) fn settle(work: &mut Settling<'_>) {
    let earlier = Earlier::of(work);
    let mut milestones = take(&mut work.plan.adoption_journey.milestones);
    let mut actions = take(&mut work.plan.registers.action_tracker.actions);
    put_back(&earlier, &milestones, &mut actions, work);
    let pairs = pairs(&earlier, &milestones, &actions);
    for (milestone, action) in &pairs.both {
        agree(&earlier, &mut milestones[*milestone], &mut actions[*action], work);
    }
    let mut gone = BTreeSet::new();
    let alone = (0..actions.len()).filter(|at| !pairs.has_right(*at));
    for action in alone.collect::<Vec<_>>() {
        if unlink(&earlier, &milestones, &mut actions[action], work) == Fate::Dropped {
            gone.insert(actions[action].id.clone());
        }
    }
    actions.retain(|action| !gone.contains(&action.id));
    for (at, milestone) in milestones.iter().enumerate() {
        if !pairs.has_left(at) && !ended(milestone.status) {
            actions.push(action_for(milestone, work));
        }
    }
    work.plan.adoption_journey.milestones = milestones;
    work.plan.registers.action_tracker.actions = actions;
}

impl<'a> Earlier<'a> {
    fn of(work: &Settling<'a>) -> Self {
        let Some(before) = work.before else { return Self::default() };
        let mut earlier = Self {
            milestones: before.adoption_journey.milestones.iter().map(|item| (&item.id, item)).collect(),
            actions: before.registers.action_tracker.actions.iter().map(|item| (&item.id, item)).collect(),
            carried_by: BTreeMap::new(),
        };
        for action in &before.registers.action_tracker.actions {
            if let Some((id, _)) =
                action.milestone.as_ref().and_then(|id| earlier.milestones.get_key_value(id))
            {
                earlier.carried_by.entry(id).or_insert(&action.id);
            }
        }
        earlier
    }

    /// The milestone that the action carried, if it was the one that did.
    fn milestone_of(&self, action: &ItemId) -> Option<&'a ItemId> {
        let named = self.actions.get(action)?.milestone.as_ref()?;
        (self.carried_by.get(named) == Some(&action)).then_some(named)
    }
}

/// An open milestone's action comes back if it was taken out and nothing new took its place.
fn put_back(
    earlier: &Earlier<'_>,
    milestones: &[Milestone],
    actions: &mut Vec<Action>,
    work: &mut Settling<'_>,
) {
    let here: BTreeSet<ItemId> = actions.iter().map(|action| action.id.clone()).collect();
    for milestone in milestones.iter().filter(|milestone| !ended(milestone.status)) {
        let action = earlier.carried_by.get(&milestone.id).and_then(|id| earlier.actions.get(id));
        let replaced = |action: &Action| actions.iter().any(|new| replaces(earlier, new, milestone, action));
        if let Some(action) = action.filter(|action| !here.contains(&action.id) && !replaced(action)) {
            work.follow(
                format!("{} is put back into action_tracker.yaml: {}", action.id, action.action),
                format!("{} is open; cancel one of the two to end both", milestone.id),
            );
            actions.push((*action).clone());
        }
    }
}

/// An entry that was written anew, as when its id got lost: it names the milestone, or has the old words.
fn replaces(earlier: &Earlier<'_>, new: &Action, milestone: &Milestone, old: &Action) -> bool {
    let speaks_of_it = match &new.milestone {
        Some(named) => *named == milestone.id,
        None => {
            folded(&new.action) == folded(&old.action) && folded(&old.action) == folded(&milestone.milestone)
        }
    };
    speaks_of_it
        && !earlier.actions.contains_key(&new.id)
        && new.review == milestone.review
        && !ended(new.status.map(as_progress))
}

fn pairs(earlier: &Earlier<'_>, milestones: &[Milestone], actions: &[Action]) -> Pairs {
    let left: Vec<_> = milestones
        .iter()
        .map(|milestone| Entry {
            id: &milestone.id,
            text: &milestone.milestone,
            review: milestone.review,
            was: earlier.carried_by.get(&milestone.id).copied(),
            names: None,
            by_words: !ended(milestone.status),
        })
        .collect();
    let right: Vec<_> = actions
        .iter()
        .map(|action| Entry {
            id: &action.id,
            text: &action.action,
            review: action.review,
            was: earlier.milestone_of(&action.id),
            names: action.milestone.as_ref(),
            by_words: !ended(action.status.map(as_progress)),
        })
        .collect();
    pair(&left, &right)
}

/// Makes milestone and action say the same, where they speak of the same.
fn agree(earlier: &Earlier<'_>, milestone: &mut Milestone, action: &mut Action, work: &mut Settling<'_>) {
    let was = (earlier.milestones.get(&milestone.id).copied(), earlier.actions.get(&action.id).copied());
    let mut carried = Carried::default();
    reword(was.0, milestone, action, &mut carried);
    macro_rules! carry {
        ($($field:ident),*) => {$(
            carried.field(
                stringify!($field),
                &mut Side::new(&mut milestone.$field, was.0.map(|item| &item.$field)),
                &mut Side::new(&mut action.$field, was.1.map(|item| &item.$field)),
            );
        )*};
    }
    carry!(owner, completed_on, review);
    carried.evidence(
        &mut Side::new(&mut milestone.evidence, was.0.map(|item| &item.evidence)),
        &mut Side::new(&mut action.evidence, was.1.map(|item| &item.evidence)),
    );
    carry_due(was, milestone, action, &mut carried);
    carry_status(was, milestone, action, &mut carried);
    if action.milestone.as_ref().is_some_and(|named| *named != milestone.id) {
        work.follow(format!("{} carries {} as before", action.id, milestone.id), super::LINKS_ARE_KEPT);
    }
    action.milestone = Some(milestone.id.clone());
    tell(&carried, milestone, action, work);
}

type Was<'a> = (Option<&'a Milestone>, Option<&'a Action>);

/// An action that still has the milestone's old words gets the new ones.
fn reword(was: Option<&Milestone>, milestone: &Milestone, action: &mut Action, carried: &mut Carried) {
    let same = was.is_some_and(|was| was.milestone == action.action);
    if same && milestone.milestone != action.action {
        action.action.clone_from(&milestone.milestone);
        carried.to_register.push("action");
    }
}

fn carry_due(was: Was<'_>, milestone: &mut Milestone, action: &mut Action, carried: &mut Carried) {
    let day = |action: &Action| action.due.and_then(Due::day);
    let (mut due, due_was) = (day(action), was.1.map(day));
    carried.field(
        "due",
        &mut Side::new(&mut milestone.due_date, was.0.map(|item| &item.due_date)),
        &mut Side::new(&mut due, due_was.as_ref()),
    );
    let moved = due != day(action);
    if moved || action.due.is_none() {
        action.due = Some(due.map_or(Due::UNSAID, Due::On));
    }
    if moved {
        // The words in which the old day was said do not mean the new one.
        action.due_said = None;
    }
}

fn carry_status(was: Was<'_>, milestone: &mut Milestone, action: &mut Action, carried: &mut Carried) {
    let mut left = milestone.status;
    let mut right = action.status.map(as_progress);
    let stands = |status: Option<Progress>| status.or(Some(Progress::Planned));
    // A known side that says nothing means "not begun"; a new one has not spoken yet.
    if was.0.is_some() || right.is_none() {
        left = stands(left);
    }
    if was.1.is_some() || left.is_none() {
        right = stands(right);
    }
    let left_was = was.0.map(|item| stands(item.status));
    let right_was = was.1.map(|item| stands(item.status.map(as_progress)));
    carried.field(
        "status",
        &mut Side::new(&mut left, left_was.as_ref()),
        &mut Side::new(&mut right, right_was.as_ref()),
    );
    if left != stands(milestone.status) {
        milestone.status = left;
    }
    if right != stands(action.status.map(as_progress)) {
        action.status = right.map(as_action_status);
    }
}

fn tell(carried: &Carried, milestone: &Milestone, action: &Action, work: &mut Settling<'_>) {
    let (milestone_id, action_id) = (&milestone.id, &action.id);
    if !carried.to_plan.is_empty() {
        work.follow(
            format!("{milestone_id} in section 6 takes over: {}", carried.to_plan.join(", ")),
            format!("its action {action_id} was changed"),
        );
    }
    if !carried.to_register.is_empty() {
        work.follow(
            format!("{action_id} in action_tracker.yaml takes over: {}", carried.to_register.join(", ")),
            format!("its milestone {milestone_id} was changed"),
        );
    }
    for clash in &carried.clashes {
        let question = format!(
            "\"{}\" says two things since {}: {} is {} for the milestone ({milestone_id}), which stands, and was {} for its \
             action ({action_id}). Which is right?",
            milestone.milestone, work.on, clash.field, clash.plan, clash.register
        );
        work.ask(SectionKey::AdoptionJourney, question);
    }
}

/// What becomes of an action that carries no milestone.
#[derive(PartialEq)]
enum Fate {
    Stays,
    Dropped,
}

fn unlink(
    earlier: &Earlier<'_>,
    milestones: &[Milestone],
    action: &mut Action,
    work: &mut Settling<'_>,
) -> Fate {
    let Some(named) = action.milestone.take() else { return Fate::Stays };
    let id = &action.id;
    if milestones.iter().any(|milestone| milestone.id == named) {
        work.follow(
            format!("{id} does not carry {named} any more: {}", action.action),
            "a milestone has one action, and this one has another",
        );
        return Fate::Stays;
    }
    let why = format!("the milestone {named} was taken out");
    let was_draft = earlier.milestones.get(&named).is_some_and(|milestone| milestone.review.is_some());
    if was_draft && action.review.is_some() {
        work.follow(format!("the draft {id} is taken out"), why);
        return Fate::Dropped;
    }
    if earlier.milestone_of(id) == Some(&named) && !ended(action.status.map(as_progress)) {
        action.status = Some(ActionStatus::Cancelled);
        work.follow(format!("{id} in action_tracker.yaml is cancelled: {}", action.action), why);
    } else {
        work.follow(format!("{id} carries no milestone: {}", action.action), format!("there is no {named}"));
    }
    Fate::Stays
}

/// The action that carries a milestone.
fn action_for(milestone: &Milestone, work: &mut Settling<'_>) -> Action {
    let id = work.derived_id("ac", &milestone.id);
    work.follow(
        format!("{id} in action_tracker.yaml: {}", milestone.milestone),
        format!("{} is to be reached", milestone.id),
    );
    Action {
        id,
        action: milestone.milestone.clone(),
        owner: milestone.owner.clone(),
        due: Some(milestone.due_date.map_or(Due::UNSAID, Due::On)),
        due_said: None,
        done_when: None,
        status: Some(as_action_status(milestone.status.unwrap_or(Progress::Planned))),
        completed_on: milestone.completed_on,
        milestone: Some(milestone.id.clone()),
        source: Some("the plan, section 6".to_owned()),
        evidence: milestone.evidence.clone(),
        review: milestone.review,
    }
}

fn ended(status: Option<Progress>) -> bool {
    matches!(status, Some(Progress::Done | Progress::Cancelled))
}

fn as_progress(status: ActionStatus) -> Progress {
    match status {
        ActionStatus::Open => Progress::Planned,
        ActionStatus::InProgress => Progress::InProgress,
        ActionStatus::Done => Progress::Done,
        ActionStatus::Cancelled => Progress::Cancelled,
    }
}

fn as_action_status(progress: Progress) -> ActionStatus {
    match progress {
        Progress::Planned => ActionStatus::Open,
        Progress::InProgress => ActionStatus::InProgress,
        Progress::Done => ActionStatus::Done,
        Progress::Cancelled => ActionStatus::Cancelled,
    }
}
