//! What changed between two plans, item by item, for people and for the journal.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Plan, SectionKey};
use crate::ids::ItemId;

/// All changes of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// In the order of sections and lists.
    pub changes: Vec<Change>,
}

/// One item's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where the item is.
    pub section: SectionKey,
    /// Where in the section.
    pub list: String,
    /// Which item.
    pub id: ItemId,
    /// What happened to it.
    #[serde(flatten)]
    pub happened: Happened,
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Happened {
    /// It is new.
    Added {
        /// The item's text.
        text: String,
    },
    /// Some of its fields say something else.
    Changed {
        /// The item's text, as it is now.
        text: String,
        /// Each changed field.
        fields: Vec<FieldChange>,
    },
    /// It is gone.
    Removed {
        /// The item's text, as it was.
        text: String,
    },
}

/// One field's change; values as compact JSON, absent as `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What it said.
    pub old: Option<String>,
    /// What it says.
    pub new: Option<String>,
}

impl Diff {
    /// True if nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Compares all sections and registers of two plans.
    pub fn between(old: &Plan, new: &Plan) -> Self {
        let mut diff = Self::default();
        for (before, after) in old.parts().zip(new.parts()) {
            for ((list, was), (_, is)) in before.lists().into_iter().zip(after.lists()) {
                let section = before.key();
                let mut push = |id: &ItemId, happened| {
                    diff.changes.push(Change { section, list: list.into(), id: id.clone(), happened });
                };
                for item in &was {
                    if !is.iter().any(|other| other.id() == item.id()) {
                        push(item.id(), Happened::Removed { text: item.text().to_owned() });
                    }
                }
                for item in &is {
                    let Some(earlier) = was.iter().find(|other| other.id() == item.id()) else {
                        push(item.id(), Happened::Added { text: item.text().to_owned() });
                        continue;
                    };
                    let fields = changed_fields(&earlier.to_value(), &item.to_value());
                    if !fields.is_empty() {
                        push(item.id(), Happened::Changed { text: item.text().to_owned(), fields });
                    }
                }
            }
        }
        diff
    }
}

/// The fields of two mappings that differ.
pub(crate) fn changed_fields(old: &Value, new: &Value) -> Vec<FieldChange> {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Vec::new() };
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    names
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| FieldChange {
            field: name.clone(),
            old: old.get(name).map(as_words),
            new: new.get(name).map(as_words),
        })
        .collect()
}

fn as_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { section, list, id, happened } = self;
        match happened {
            Happened::Added { text } => write!(f, "+ {section}.{list} {id}: {text}"),
            Happened::Removed { text } => write!(f, "- {section}.{list} {id}: {text}"),
            Happened::Changed { text, fields } => {
                let names: Vec<_> = fields.iter().map(|change| change.field.as_str()).collect();
                write!(f, "~ {section}.{list} {id}: {text} ({})", names.join(", "))
            }
        }
    }
}
