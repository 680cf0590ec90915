//! What people made of the drafts in production: accepted, edited and accepted, or rejected, by task and prompt, with
//! how much was edited. Worked out from the journals, which keep both texts, so nothing is written down twice.
//! It must not read journals.

use std::collections::BTreeMap;

use infohub::ids::ItemId;
use infohub::plan::{Item, Patch};
use orchestrator::step::{Decision, Effect, Input, Step, Verdict};
use orchestrator::task::TaskId;
use serde::Serialize;
use similar::TextDiff;

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// Agent and task, as `sa.initiate_csp`.
    pub task: String,
    /// Who drafted: `extractive drafter` or the model's name.
    pub author: String,
    /// Version of the prompt; absent without a model.
    pub prompt: Option<String>,
}

/// What became of the drafts of one task, author and prompt.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// Drafts that came.
    pub drafts: u32,
    /// Items in them.
    pub items: u32,
    /// Drafts that a person accepted as they were.
    pub accepted: u32,
    /// Drafts that a person changed and accepted.
    pub edited: u32,
    /// Drafts that a person rejected.
    pub rejected: u32,
    /// How much of each edited draft was changed: 0 is nothing, 1 is every word. In the order of decision.
    pub changes: Vec<f64>,
    /// The reasons of rejections, newest last.
    pub reasons: Vec<String>,
}

impl Row {
    /// Drafts that a person has decided on.
    pub fn decided(&self) -> u32 {
        self.accepted + self.edited + self.rejected
    }

    /// The median share of an edited draft that was changed.
    pub fn median_change(&self) -> Option<f64> {
        let mut sorted = self.changes.clone();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
        Some(f64::midpoint(*low, *high))
    }
}

/// The rows of all accounts.
#[derive(Debug, Default)]
pub struct Scorecard {
    rows: BTreeMap<Key, Row>,
}

/// The draft of a task that waits for a decision.
struct Drafted {
    key: Key,
    patch: Patch,
}

impl Scorecard {
    /// Adds an account's steps, oldest first. `prompt` says which version a draft of a task was made by.
    pub fn add<'s>(
        &mut self,
        steps: impl IntoIterator<Item = &'s Step>,
        prompt: impl Fn(&TaskId, u32) -> Option<String>,
    ) {
        let mut open: BTreeMap<TaskId, Drafted> = BTreeMap::new();
        for step in steps {
            match &step.input {
                Input::Drafted(draft) => {
                    let Some(task) = step.state.task(&draft.task) else { continue };
                    let key = Key {
                        task: task.run.clone(),
                        author: draft.author.clone(),
                        prompt: prompt(&draft.task, draft.draft),
                    };
                    let row = self.rows.entry(key.clone()).or_default();
                    row.drafts += 1;
                    row.items += u32::try_from(draft.patch.upserts().count()).unwrap_or(u32::MAX);
                    open.insert(draft.task.clone(), Drafted { key, patch: draft.patch.clone() });
                }
                Input::Decision(decision) => self.decided(decision, &step.effects, &mut open),
                _ => {}
            }
        }
    }

    /// The rows by task, author and prompt.
    pub fn rows(&self) -> impl Iterator<Item = (&Key, &Row)> {
        self.rows.iter()
    }

    fn decided(&mut self, decision: &Decision, effects: &[Effect], open: &mut BTreeMap<TaskId, Drafted>) {
        // A decision that was refused closed nothing.
        let closed = effects.iter().find_map(|effect| match effect {
            Effect::ReviewClosed { review, .. } => Some(review),
            _ => None,
        });
        let Some(drafted) = closed.and_then(|review| open.remove(review)) else { return };
        let row = self.rows.entry(drafted.key).or_default();
        match &decision.verdict {
            Verdict::Accept { .. } => row.accepted += 1,
            Verdict::Edit { patch, .. } => {
                row.edited += 1;
                row.changes.push(change(&drafted.patch, patch));
            }
            Verdict::Reject { reason, .. } => {
                row.rejected += 1;
                row.reasons.push(reason.clone());
            }
            _ => {}
        }
    }
}

/// The share of a draft's words that a person's edit changed, took out or added.
fn change(drafted: &Patch, edit: &Patch) -> f64 {
    let (mut before, mut after) = (String::new(), String::new());
    let edited: BTreeMap<&ItemId, &dyn Item> = edit.upserts().map(|(_, _, item)| (item.id(), item)).collect();
    for (_, _, item) in drafted.upserts() {
        before.push_str(&text(item));
        if edit.removals().any(|(_, _, id)| id == item.id()) {
            continue;
        }
        after.push_str(&text(edited.get(item.id()).copied().unwrap_or(item)));
    }
    let is_new = |item: &dyn Item| !drafted.upserts().any(|(_, _, known)| known.id() == item.id());
    for (_, _, item) in edit.upserts().filter(|(_, _, item)| is_new(*item)) {
        after.push_str(&text(item));
    }
    f64::from(1.0 - TextDiff::from_words(&before, &after).ratio())
}

/// What an item says, without what it rests on.
fn text(item: &dyn Item) -> String {
    let said = item.field_names().iter().filter(|name| !["id", "evidence", "review"].contains(name));
    said.filter_map(|name| item.said(name)).map(|said| said + "\n").collect()
}
