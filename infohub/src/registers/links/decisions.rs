//! The decision log: what a decision serves is in the plan, and a superseded one names its successor.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::Settling;
use crate::ids::ItemId;
use crate::plan::SectionKey;
use crate::registers::decision_log::{Decision, DecisionStatus};

pub(super) fn settle(work: &mut Settling<'_>) {
    let in_plan: BTreeSet<ItemId> = work
        .plan
        .sections()
        .iter()
        .flat_map(|section| section.lists())
        .flat_map(|(_, items)| items.into_iter().map(|item| item.id().clone()))
        .collect();
    let mut decisions = take(&mut work.plan.registers.decision_log.decisions);
    let logged: BTreeSet<ItemId> = decisions.iter().map(|decision| decision.id.clone()).collect();
    let before = work.before.map(|plan| plan.registers.decision_log.decisions.as_slice()).unwrap_or_default();
    let known: BTreeMap<&ItemId, &Decision> =
        before.iter().map(|decision| (&decision.id, decision)).collect();
    for decision in &mut decisions {
        keep_served(decision, &in_plan, work);
        keep_successor(decision, known.get(&decision.id).copied(), &logged, work);
        let version = work.plan.plan.version;
        if decision.plan_version.is_none() && version > 0 {
            decision.plan_version = Some(version);
        }
    }
    work.plan.registers.decision_log.decisions = decisions;
}

/// Takes out what is not in the plan, and asks what the decision serves now.
fn keep_served(decision: &mut Decision, in_plan: &BTreeSet<ItemId>, work: &mut Settling<'_>) {
    let mut named = BTreeSet::new();
    let (mut here, mut gone) = (Vec::new(), Vec::new());
    for id in take(&mut decision.serves) {
        match in_plan.contains(&id) {
            _ if !named.insert(id.clone()) => {}
            true => here.push(id),
            false => gone.push(id),
        }
    }
    decision.serves = here;
    for id in gone {
        let words = words_of(&id, work).map(|text| format!(" (\"{text}\")")).unwrap_or_default();
        work.follow(
            format!("{} in decision_log.yaml does not serve {id} any more", decision.id),
            format!("the plan has no {id}{words}"),
        );
        let question = format!(
            "The decision \"{}\" ({}) was said to serve {id}{words}, which is not in the plan. What does it serve, and does \
             it still stand?",
            decision.decision, decision.id
        );
        work.ask(SectionKey::DecisionLog, question);
    }
}

/// What the item said while it was there.
fn words_of(id: &ItemId, work: &Settling<'_>) -> Option<String> {
    let before = work.before?;
    before.items().find(|(_, _, item)| item.id() == id).map(|(_, _, item)| item.text().to_owned())
}

/// Status and successor say the same; whichever was changed is believed.
fn keep_successor(
    decision: &mut Decision,
    was: Option<&Decision>,
    logged: &BTreeSet<ItemId>,
    work: &mut Settling<'_>,
) {
    let id = decision.id.clone();
    if let Some(lost) = decision.superseded_by.take_if(|next| *next == id || !logged.contains(next)) {
        work.follow(
            format!("{id} in decision_log.yaml does not name {lost} as its successor any more"),
            "a successor is another decision of the log",
        );
    }
    let superseded = decision.status == Some(DecisionStatus::Superseded);
    match (&decision.superseded_by, superseded) {
        (Some(_), false) if was.is_some_and(|was| was.status != decision.status) => {
            decision.superseded_by = None;
            work.follow(format!("{id} in decision_log.yaml has no successor"), "its status was changed");
        }
        (Some(next), false) => {
            work.follow(
                format!("{id} in decision_log.yaml is superseded"),
                format!("it names {next} as its successor"),
            );
            decision.status = Some(DecisionStatus::Superseded);
        }
        (None, true) => {
            let question = format!(
                "The decision \"{}\" ({id}) is superseded. Which decision took its place?",
                decision.decision
            );
            work.ask(SectionKey::DecisionLog, question);
        }
        _ => {}
    }
}
