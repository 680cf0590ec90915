//! Applying a patch: pure, item by item, and never over somebody else's change.
//!
//! A patch carries the hash of each existing item that it was drafted on. An item that has changed
//! since is a conflict; items that the patch does not touch may have changed freely.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::diff::{Change, Diff, Happened};
use super::item::Item;
use super::section::{ListChange, SectionKey};
use crate::ids::ItemId;

/// Why a patch cannot be applied to this version of the plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Somebody changed the item after the patch was drafted.
    #[error("{section}.{list}: item {id} was changed since the draft was made")]
    Changed {
        /// Section of the item.
        section: SectionKey,
        /// List of the item.
        list: &'static str,
        /// The item.
        id: ItemId,
    },
    /// Somebody removed the item after the patch was drafted, or it never was there.
    #[error("{section}.{list}: item {id} is not in the plan")]
    Gone {
        /// Section of the item.
        section: SectionKey,
        /// List of the item.
        list: &'static str,
        /// The item.
        id: ItemId,
    },
    /// A new item has the id of one that is there, or none at all.
    #[error("{section}.{list}: a new item cannot have the id '{id}'")]
    Taken {
        /// Section of the item.
        section: SectionKey,
        /// List of the item.
        list: &'static str,
        /// The id.
        id: ItemId,
    },
    /// The changed item would not be of its type.
    #[error("{section}.{list}: item {id} cannot be changed so: {reason}")]
    Misfit {
        /// Section of the item.
        section: SectionKey,
        /// List of the item.
        list: &'static str,
        /// The item.
        id: ItemId,
        /// What the type says.
        reason: String,
    },
}

/// The items that a patch was drafted on, by id, with the hash of what they said.
pub type Seen = BTreeMap<ItemId, String>;

/// One application of a patch: what was seen, and what has been done so far.
pub(crate) struct Merge<'a> {
    pub(crate) seen: &'a Seen,
    pub(crate) diff: Diff,
}

impl Merge<'_> {
    pub(crate) fn list<T>(
        &mut self,
        section: SectionKey,
        list: &'static str,
        items: &mut Vec<T>,
        change: &ListChange<T>,
    ) -> Result<(), Conflict>
    where
        T: Item + Clone + Serialize + DeserializeOwned,
    {
        for id in &change.remove {
            let at = self.find(section, list, items, id)?.ok_or_else(|| Conflict::Gone {
                section,
                list,
                id: id.clone(),
            })?;
            let gone = items.remove(at);
            let happened = Happened::Removed { text: gone.text().to_owned() };
            self.diff.changes.push(Change { section, list: list.into(), id: id.clone(), happened });
        }
        for item in &change.upsert {
            match self.find(section, list, items, item.id())? {
                Some(at) => self.change(section, list, &mut items[at], item)?,
                None => self.add(section, list, items, item)?,
            }
        }
        Ok(())
    }

    /// Where the item is that the patch means; an error if it is not as the patch saw it.
    fn find<T: Item>(
        &self,
        section: SectionKey,
        list: &'static str,
        items: &[T],
        id: &ItemId,
    ) -> Result<Option<usize>, Conflict> {
        let at = items.iter().position(|item| item.id() == id);
        match (at, self.seen.get(id)) {
            (Some(at), Some(seen)) if *seen == items[at].content_hash() => Ok(Some(at)),
            (Some(_), Some(_)) => Err(Conflict::Changed { section, list, id: id.clone() }),
            (Some(_), None) => Err(Conflict::Taken { section, list, id: id.clone() }),
            (None, Some(_)) => Err(Conflict::Gone { section, list, id: id.clone() }),
            (None, None) => Ok(None),
        }
    }

    fn add<T: Item + Clone>(
        &mut self,
        section: SectionKey,
        list: &'static str,
        items: &mut Vec<T>,
        item: &T,
    ) -> Result<(), Conflict> {
        if item.id().is_unassigned() {
            return Err(Conflict::Taken { section, list, id: item.id().clone() });
        }
        let happened = Happened::Added { text: item.text().to_owned() };
        self.diff.changes.push(Change { section, list: list.into(), id: item.id().clone(), happened });
        items.push(item.clone());
        Ok(())
    }

    fn change<T>(
        &mut self,
        section: SectionKey,
        list: &'static str,
        old: &mut T,
        new: &T,
    ) -> Result<(), Conflict>
    where
        T: Item + Serialize + DeserializeOwned,
    {
        let before = old.to_value();
        let after = overlay(before.clone(), new.to_value());
        let fields = super::diff::changed_fields(&before, &after);
        if fields.is_empty() {
            return Ok(());
        }
        *old = serde_json::from_value(after).map_err(|error| Conflict::Misfit {
            section,
            list,
            id: new.id().clone(),
            reason: error.to_string(),
        })?;
        let happened = Happened::Changed { text: old.text().to_owned(), fields };
        self.diff.changes.push(Change { section, list: list.into(), id: new.id().clone(), happened });
        Ok(())
    }
}

/// What is in `new` replaces; what is not stays. Evidence is added to, since the old words still stand
/// for the fields that did not change; only an older value of a field that is cited again goes.
fn overlay(old: Value, new: Value) -> Value {
    let (Value::Object(mut fields), Value::Object(new)) = (old, new) else { return Value::Null };
    for (name, value) in new {
        match (name.as_str(), fields.get_mut(&name)) {
            ("evidence", Some(Value::Array(known))) => {
                let fresh =
                    value.as_array().into_iter().flatten().filter(|entry| !known.contains(entry)).cloned();
                let fresh: Vec<_> = fresh.collect();
                known.retain(|known| !fresh.iter().any(|fresh| cites_same_field(known, fresh)));
                known.extend(fresh);
            }
            _ => {
                fields.insert(name, value);
            }
        }
    }
    Value::Object(fields)
}

/// Whether two pieces of evidence cite one field of the CRM, or one field of one item.
fn cites_same_field(left: &Value, right: &Value) -> bool {
    let same = |name: &str| left.get(name).is_some() && left.get(name) == right.get(name);
    same("crm") || (same("item") && same("field"))
}
