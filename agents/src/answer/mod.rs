//! From a model's text to a typed patch, or the reasons why not, in words the model can act on.
//! Evidence is looked at later (see `draft`). It must not know prompts or conversations.

mod nulls;
mod reason;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use infohub::plan::sections::technical_evaluation::MOST_CRITERIA;
use infohub::plan::{Item, Patch, Plan, QuestionDraft, SectionKey, SectionPatches, apply};
use serde::Deserialize;
use serde_json::Value;

use crate::schema::Shape;

pub use reason::Reason;

/// An answer of more bytes is not read.
pub const MOST_BYTES: usize = 1 << 20;

/// Fields that name another item of the plan.
const REFERENCES: [(&str, &str); 3] =
    [("milestones", "phase"), ("outcome_progress", "outcome"), ("deliverables", "engagement")];

/// What an answer is read against.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The shape that was asked for.
    pub shape: &'a Shape,
    /// The sections that the task may write.
    pub sections: &'a [SectionKey],
    /// The plan as it is.
    pub plan: &'a Plan,
    /// What new items' ids are made from, so that the same task gives the same ids.
    pub seed: &'a str,
}

/// An answer as it is on the wire.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(default)]
    sections: SectionPatches,
    #[serde(default)]
    questions: Vec<QuestionDraft>,
}

/// Reads an answer as a patch of the task's sections, tied to the plan.
///
/// # Errors
/// All reasons of the first kind that is found: text, rights, shape, then meaning.
pub fn read(text: &str, task: &Task<'_>) -> Result<Patch, Vec<Reason>> {
    let mut value = parse(text)?;
    rights(&value, task.sections)?;
    nulls::drop_from(&mut value);
    let breaches = task.shape.breaches(&value);
    if !breaches.is_empty() {
        return Err(breaches.into_iter().map(Reason::Breach).collect());
    }
    let answer: Answer = serde_json::from_value(value)
        .map_err(|error| vec![Reason::Unusable { message: error.to_string() }])?;
    let patch = Patch { sections: answer.sections, questions: answer.questions, ..Patch::default() };
    tie(patch, task.plan, task.sections, task.seed)
}

/// Ties a patch to the plan and refuses what the plan or the task's rights do not allow.
///
/// # Errors
/// Every reason at once.
pub fn tie(mut patch: Patch, plan: &Plan, sections: &[SectionKey], seed: &str) -> Result<Patch, Vec<Reason>> {
    let strange = patch.tie_to(plan, seed);
    let mut reasons: Vec<Reason> = strange.into_iter().map(|id| Reason::UnknownItem { id }).collect();
    let touched: BTreeSet<SectionKey> = patch.sections.changes().iter().map(|change| change.key()).collect();
    let outside = touched.into_iter().filter(|section| !sections.contains(section));
    reasons.extend(outside.map(|section| Reason::outside(section.as_str(), sections)));
    reasons.extend(accepted_removals(&patch, plan));
    reasons.extend(lost_references(&patch, plan));
    if reasons.is_empty() {
        match apply(plan, &patch) {
            Ok((changed, _)) => reasons.extend(too_many_criteria(&changed, plan)),
            Err(conflict) => reasons.push(Reason::Unusable { message: conflict.to_string() }),
        }
    }
    if reasons.is_empty() { Ok(patch) } else { Err(reasons) }
}

fn parse(text: &str) -> Result<Value, Vec<Reason>> {
    if text.len() > MOST_BYTES {
        return Err(vec![Reason::TooLong { bytes: text.len() }]);
    }
    serde_json::from_str(text).map_err(|error| {
        vec![Reason::NotJson {
            line: error.line(),
            column: error.column(),
            fenced: text.trim().starts_with("```"),
        }]
    })
}

/// Looked at before the shape, since "not one of yours" is a better reason than "unknown property".
fn rights(value: &Value, sections: &[SectionKey]) -> Result<(), Vec<Reason>> {
    let named = value.get("sections").and_then(Value::as_object).into_iter().flatten();
    let reasons: Vec<Reason> = named
        .filter(|(name, change)| {
            !change.is_null() && !sections.iter().any(|section| section.as_str() == name.as_str())
        })
        .map(|(name, _)| Reason::outside(name, sections))
        .collect();
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// Agents take away only what agents drafted: what a person wrote or accepted stays.
fn accepted_removals(patch: &Patch, plan: &Plan) -> Vec<Reason> {
    let accepted = |id: &&infohub::ids::ItemId| {
        plan.items().any(|(_, _, item)| item.id() == *id && item.review().is_none())
    };
    let removed: Vec<_> = patch.removals().map(|(_, _, id)| id).collect();
    removed.into_iter().filter(accepted).map(|id| Reason::Accepted { id: id.clone() }).collect()
}

/// References to items that neither the plan nor the patch has.
fn lost_references(patch: &Patch, plan: &Plan) -> Vec<Reason> {
    let mut known: BTreeSet<String> = plan.items().map(|(_, _, item)| item.id().to_string()).collect();
    known.extend(patch.upserts().map(|(_, _, item)| item.id().to_string()));
    let referring = patch.upserts().filter_map(|(section, list, item)| {
        let (_, field) = REFERENCES.iter().find(|(name, _)| *name == list)?;
        let target = item.to_value().get(*field)?.as_str()?.to_owned();
        (!known.contains(&target)).then(|| Reason::LostReference {
            path: format!("{section}.{list}"),
            field: (*field).to_owned(),
            target,
        })
    });
    referring.collect()
}

/// A plan that had too many before is not this answer's fault.
fn too_many_criteria(new: &Plan, old: &Plan) -> Option<Reason> {
    let count = |plan: &Plan| plan.technical_evaluation.success_criteria.len();
    (count(new) > MOST_CRITERIA && count(new) > count(old))
        .then(|| Reason::TooManyCriteria { count: count(new), most: MOST_CRITERIA })
}

/// What a person would call the item.
pub(crate) fn words_of(item: &dyn Item) -> String {
    crate::evidence::shortened(item.text())
}
