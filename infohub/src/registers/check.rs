//! What people should mend in a plan and its registers: links that lead nowhere, owners that are nobody, entries that stand
//! twice, sums that are none. Pure; it finds and never mends, and each finding says what to do. Must not know files.

mod counterparts;
mod owners;
mod sums;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::action_tracker::ActionStatus;
use super::decision_log::DecisionStatus;
use super::links::{finished, folded};
use crate::ids::ItemId;
use crate::plan::{Item, Plan, SectionKey, is_placeholder};
use crate::team::Team;

/// How many successors of a decision are followed.
const MOST_SUCCESSORS: usize = 64;
/// How many findings one plan gives; who has mended these sees the next.
const MOST: usize = 500;

/// Something that people should mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The section of csp.yaml, or the register.
    pub part: SectionKey,
    /// The entry.
    pub id: ItemId,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.part.spoken(), self.id, self.what)
    }
}

/// What is to be mended in the plan and its registers, in the order in which it stands there.
pub fn findings(plan: &Plan, team: &Team) -> Vec<Finding> {
    let mut found = Vec::new();
    counterparts::check(plan, &mut found);
    references(plan, &mut found);
    actions(plan, &mut found);
    decisions(plan, &mut found);
    doubled(plan, &mut found);
    for (part, _, item) in plan.items() {
        owners::check(part, item, team, &mut found);
        sums::check(part, item, &mut found);
    }
    found.sort_by_key(|finding| finding.part);
    found.truncate(MOST);
    found
}

fn note(found: &mut Vec<Finding>, part: SectionKey, id: &ItemId, what: String, remedy: &str) {
    found.push(Finding { part, id: id.clone(), what, remedy: remedy.to_owned() });
}

/// Ids that are named and not there.
fn references(plan: &Plan, found: &mut Vec<Finding>) {
    let here: BTreeSet<&ItemId> = plan.items().map(|(_, _, item)| item.id()).collect();
    let mut named: Vec<(SectionKey, &ItemId, &str, &ItemId)> = Vec::new();
    for milestone in &plan.adoption_journey.milestones {
        named.extend(
            milestone.phase.iter().map(|id| (SectionKey::AdoptionJourney, &milestone.id, "phase", id)),
        );
    }
    for progress in &plan.value_tracking.outcome_progress {
        named.extend(
            progress.outcome.iter().map(|id| (SectionKey::ValueTracking, &progress.id, "outcome", id)),
        );
    }
    for decision in &plan.registers.decision_log.decisions {
        let own = decision.serves.iter().map(|id| ("serves", id));
        let next = decision.superseded_by.iter().map(|id| ("superseded_by", id));
        named.extend(own.chain(next).map(|(field, id)| (SectionKey::DecisionLog, &decision.id, field, id)));
    }
    for point in &plan.registers.briefing.talking_points {
        named.extend(point.about.iter().map(|id| (SectionKey::Briefing, &point.id, "about", id)));
    }
    for reminder in &plan.registers.briefing.reminders {
        named.extend(reminder.item.iter().map(|id| (SectionKey::Briefing, &reminder.id, "item", id)));
    }
    for (part, id, field, named) in named.into_iter().filter(|(_, _, _, named)| !here.contains(named)) {
        note(
            found,
            part,
            id,
            format!("{field} names {named}, which is nowhere"),
            "name an entry that is there, or take the link out",
        );
    }
}

fn actions(plan: &Plan, found: &mut Vec<Finding>) {
    let part = SectionKey::ActionTracker;
    for action in &plan.registers.action_tracker.actions {
        let done = action.status == Some(ActionStatus::Done);
        if action.due.is_none() {
            let what = "it has no due date".to_owned();
            note(found, part, &action.id, what, "write the day, or `due: no date said`");
        }
        if done && action.completed_on.is_none() {
            let what = "it is done, and no day says since when".to_owned();
            note(found, part, &action.id, what, "write `completed_on`");
        }
        if !done && action.completed_on.is_some() {
            let what = "it has a day of completion and is not done".to_owned();
            note(found, part, &action.id, what, "set `status: done`, or take `completed_on` out");
        }
    }
}

/// Superseded decisions without a successor, and successors that lead back to where they began.
fn decisions(plan: &Plan, found: &mut Vec<Finding>) {
    let decisions = &plan.registers.decision_log.decisions;
    let next: BTreeMap<&ItemId, &ItemId> = decisions
        .iter()
        .filter_map(|decision| Some((&decision.id, decision.superseded_by.as_ref()?)))
        .collect();
    for decision in decisions {
        if decision.status == Some(DecisionStatus::Superseded) && decision.superseded_by.is_none() {
            let what = "it is superseded, and does not say by what".to_owned();
            note(found, SectionKey::DecisionLog, &decision.id, what, "name the decision in `superseded_by`");
        }
        let mut at = &decision.id;
        let circle = (0..MOST_SUCCESSORS).any(|_| match next.get(at) {
            Some(then) => {
                at = then;
                at == &decision.id
            }
            None => false,
        });
        if circle {
            let what = "its successors lead back to it".to_owned();
            let remedy = "one of them is the latest: take its `superseded_by` out";
            note(found, SectionKey::DecisionLog, &decision.id, what, remedy);
        }
    }
}

/// Entries of one list with the same words; what is over may be said again.
fn doubled(plan: &Plan, found: &mut Vec<Finding>) {
    let over = finished(plan);
    let mut said: BTreeMap<(SectionKey, &str, String), &ItemId> = BTreeMap::new();
    let speaking = |item: &dyn Item| !over.contains(item.id()) && !is_placeholder(item.text());
    for (part, list, item) in plan.items().filter(|(_, _, item)| speaking(*item)) {
        let first = said.entry((part, list, folded(item.text()))).or_insert(item.id());
        if *first != item.id() {
            let what = format!("it says the same as {first}: {}", item.text());
            note(found, part, item.id(), what, "keep one of the two");
        }
    }
}
