//! What steps did to an account, in a few lines: what matters by name, the rest counted by section.

use std::collections::BTreeMap;

use infohub::plan::{Change, Happened, SectionKey};

use crate::step::{Effect, Step};

/// How many changes are told by name.
const MOST_NAMED: usize = 5;

/// The lines about these steps, oldest first.
pub(super) fn lines<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<String> {
    let mut named = Vec::new();
    let mut counted: BTreeMap<SectionKey, usize> = BTreeMap::new();
    for effect in steps.flat_map(|step| &step.effects) {
        match effect {
            Effect::FactsChanged { changes } => {
                let deal = changes.iter().filter(|change| matters(&change.field));
                named.extend(deal.map(|change| {
                    format!("{}: {}", change.field, change.new.as_deref().unwrap_or("cleared"))
                }));
            }
            Effect::PlanChanged { diff, .. } => {
                for change in &diff.changes {
                    match telling(change) {
                        Some(line) => named.push(line),
                        None => *counted.entry(change.section).or_default() += 1,
                    }
                }
            }
            Effect::ReviewClosed { review, verdict } => named.push(format!("{review}: {verdict}")),
            _ => {}
        }
    }
    let more = named.len().saturating_sub(MOST_NAMED);
    named.drain(..more);
    if more > 0 {
        named.insert(0, format!("{more} earlier"));
    }
    named.extend(counted_line(&counted));
    named
}

/// Facts that a deal turns on.
fn matters(field: &str) -> bool {
    [".stage", ".arr", ".close_date"].iter().any(|end| field.ends_with(end))
}

/// Milestones and risks whose state, day or colour changed.
fn telling(change: &Change) -> Option<String> {
    if !matches!(change.section, SectionKey::AdoptionJourney | SectionKey::Risks) {
        return None;
    }
    let Happened::Changed { text, fields } = &change.happened else { return None };
    let field =
        fields.iter().find(|field| ["status", "due_date", "rating"].contains(&field.field.as_str()))?;
    let words = |value: &Option<String>| value.as_deref().unwrap_or("none").replace('_', " ");
    let name = field.field.replace('_', " ");
    Some(format!("{text}: {name} from {} to {}", words(&field.old), words(&field.new)))
}

fn counted_line(counted: &BTreeMap<SectionKey, usize>) -> Option<String> {
    let counts = counted.iter().map(|(section, number)| {
        let name = section.as_str().replace('_', " ");
        format!("{name} {number}")
    });
    let counts: Vec<String> = counts.collect();
    (!counts.is_empty()).then(|| format!("items changed: {}", counts.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_matters_is_named_and_the_rest_is_counted() {
        let effects = json!([
            { "effect": "facts_changed", "changes": [
                { "field": "opportunity.006A1.stage", "old": "Stage 1", "new": "Stage 2" },
                { "field": "account.website", "new": "example.com" }] },
            { "effect": "plan_changed", "questions": 0, "diff": { "changes": [
                { "section": "adoption_journey", "list": "milestones", "id": "ms-1", "change": "changed", "text": "Live",
                  "fields": [{ "field": "status", "old": "in_progress", "new": "done" }] },
                { "section": "action_tracker", "list": "actions", "id": "ac-1", "change": "added", "text": "Live" },
                { "section": "action_tracker", "list": "actions", "id": "ac-2", "change": "added", "text": "Else" }] } }
        ]);
        let step = json!({ "input": "hand_edit", "effects": effects, "state": {} });
        let step: Step = serde_json::from_value(step).unwrap();
        assert_eq!(
            lines(std::iter::once(&step)),
            [
                "opportunity.006A1.stage: Stage 2",
                "Live: status from in progress to done",
                "items changed: action tracker 2"
            ]
        );
    }
}
