//! Whether what stands on both sides is linked both ways and says the same.

use std::collections::BTreeMap;

use super::{Finding, note};
use crate::ids::ItemId;
use crate::plan::sections::risks::RiskStatus;
use crate::plan::{Plan, Progress, SectionKey};
use crate::registers::action_tracker::{Action, Due};
use crate::registers::risk_register::RegisteredRisk;

/// What the runtime does by itself with the next change of the plan.
const BY_ITSELF: &str = "the runtime mends it with the plan's next change; `csp work` takes edits in";

pub(super) fn check(plan: &Plan, found: &mut Vec<Finding>) {
    risks(plan, found);
    milestones(plan, found);
}

fn risks(plan: &Plan, found: &mut Vec<Finding>) {
    let entries: BTreeMap<&ItemId, &RegisteredRisk> =
        plan.registers.risk_register.risks.iter().map(|entry| (&entry.id, entry)).collect();
    for risk in &plan.risks.risks {
        let mut tell = |what: String| note(found, SectionKey::Risks, &risk.id, what, BY_ITSELF);
        let Some(named) = &risk.register else {
            tell("it is not in risk_register.yaml".to_owned());
            continue;
        };
        let Some(entry) = entries.get(named) else {
            tell(format!("it names {named}, which is not in risk_register.yaml"));
            continue;
        };
        if entry.plan_risk.as_ref() != Some(&risk.id) {
            tell(format!("it names {named}, which does not name it"));
        }
        macro_rules! differ {
            ($($field:ident),*) => {
                [$( (stringify!($field), risk.$field != entry.$field) ),*]
            };
        }
        let fields = differ!(risk, rating, likelihood, impact, mitigation, owner, status, review);
        let differing: Vec<_> =
            fields.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
        if !differing.is_empty() {
            tell(format!("{named} in risk_register.yaml says otherwise: {}", differing.join(", ")));
        }
    }
    for entry in entries.values() {
        let named =
            entry.plan_risk.as_ref().is_some_and(|id| plan.risks.risks.iter().any(|risk| risk.id == *id));
        if !named && (entry.plan_risk.is_some() || entry.status != Some(RiskStatus::Closed)) {
            let what = "it is open and not in section 10".to_owned();
            note(found, SectionKey::RiskRegister, &entry.id, what, BY_ITSELF);
        }
    }
}

fn milestones(plan: &Plan, found: &mut Vec<Finding>) {
    let mut carrying: BTreeMap<&ItemId, Vec<&Action>> = BTreeMap::new();
    for action in &plan.registers.action_tracker.actions {
        let Some(named) = &action.milestone else { continue };
        if plan.adoption_journey.milestones.iter().any(|milestone| milestone.id == *named) {
            carrying.entry(named).or_default().push(action);
        } else {
            let what = format!("it carries {named}, which is not in section 6");
            note(found, SectionKey::ActionTracker, &action.id, what, BY_ITSELF);
        }
    }
    for milestone in &plan.adoption_journey.milestones {
        let mut tell =
            |what: String| note(found, SectionKey::AdoptionJourney, &milestone.id, what, BY_ITSELF);
        let over = matches!(milestone.status, Some(Progress::Done | Progress::Cancelled));
        match carrying.get(&milestone.id).map(Vec::as_slice).unwrap_or_default() {
            [] if over => {}
            [] => tell("no action carries it".to_owned()),
            [action] => {
                if action.due.and_then(Due::day) != milestone.due_date {
                    tell(format!("its action {} is due on another day", action.id));
                }
                if action.owner != milestone.owner {
                    tell(format!("its action {} has another owner", action.id));
                }
            }
            several => {
                let ids: Vec<_> = several.iter().map(|action| action.id.to_string()).collect();
                tell(format!("several actions carry it: {}", ids.join(", ")));
            }
        }
    }
}
