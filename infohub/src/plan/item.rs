//! What all items of the plan's lists have in common, and the macro that declares an item type.
//!
//! A field is internal unless its declaration says `[shared]`: the macro then marks it in the JSON
//! Schema (`x-visibility: customer`) and puts it into the customer's view. There is no other way in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::evidence::Evidence;
use crate::ids::ItemId;

/// Set by the runtime on what an agent wrote; a person's acceptance takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Written by an agent, evidence checked, not yet accepted by a person. Customers do not see it.
    Drafted,
}

/// How evidence writes the value of a field that is not there.
pub const NOT_SET: &str = "not set";

/// An entry of a list in a section, whatever its type.
pub trait Item {
    /// First part of its ids, as `ms` in `ms-3f9a`.
    fn prefix(&self) -> &'static str;
    /// Its id; empty until one is assigned.
    fn id(&self) -> &ItemId;
    /// Gives it an id.
    fn set_id(&mut self, id: ItemId);
    /// The one text that says what it is.
    fn text(&self) -> &str;
    /// What it rests on.
    fn evidence(&self) -> &[Evidence];
    /// What it rests on, to repair or complete.
    fn evidence_mut(&mut self) -> &mut Vec<Evidence>;
    /// Whether a person still has to accept it.
    fn review(&self) -> Option<Review>;
    /// Marks it as drafted, or as accepted.
    fn set_review(&mut self, review: Option<Review>);
    /// The shared fields only.
    fn customer_view(&self) -> Value;
    /// All fields.
    fn to_value(&self) -> Value;
    /// The names of the fields that say something, whether they are there or not.
    fn field_names(&self) -> &'static [&'static str];

    /// What a field says, or a part of it after a dot; [`NOT_SET`] where it is left out. Nothing if the item has no
    /// such field, or the field is no plain text, number, date or list of them.
    fn said(&self, field: &str) -> Option<String> {
        let mut parts = field.split('.');
        let name = parts.next().filter(|name| self.field_names().contains(name))?;
        let value = self.to_value();
        let Some(mut value) = value.get(name) else { return Some(NOT_SET.to_owned()) };
        for part in parts {
            value = value.as_object()?.get(part)?;
        }
        plain_text(value)
    }

    /// A short hash of all that is said in the item (review marks apart), to notice changes by others.
    fn content_hash(&self) -> String {
        let mut value = self.to_value();
        if let Value::Object(fields) = &mut value {
            fields.remove("review");
        }
        let digest = Sha256::digest(value.to_string().as_bytes());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(values) => Some(values.iter().map(plain_text).collect::<Option<Vec<_>>>()?.join("; ")),
        Value::Null | Value::Object(_) => None,
    }
}

/// Fields that need not be written when they hold nothing.
pub trait Absent {
    /// True if leaving the field out says the same.
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Declares an item type: first the required text that says what the item is (closed by `;`), then
/// optional fields. `id`, `evidence` and `review` are added to each.
macro_rules! item {
    (
        $(#[$meta:meta])* $name:ident $prefix:literal {
            $(#[$main_meta:meta])* $([$main_vis:ident])? $main:ident : String;
            $( $(#[$field_meta:meta])* $([$vis:ident])? $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Stable id; empty or left out for a new item.
            #[serde(default, skip_serializing_if = "crate::ids::ItemId::is_unassigned")]
            pub id: $crate::ids::ItemId,
            $(#[$main_meta])*
            $(#[schemars(extend("x-visibility" = $crate::plan::item::visibility!($main_vis)))])?
            pub $main: String,
            $(
                $(#[$field_meta])*
                $(#[schemars(extend("x-visibility" = $crate::plan::item::visibility!($vis)))])?
                #[serde(default, skip_serializing_if = "crate::plan::item::Absent::is_absent")]
                pub $field: $type,
            )*
            /// What the item rests on.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub evidence: Vec<$crate::evidence::Evidence>,
            /// Present while a person has not accepted what an agent drafted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub review: Option<$crate::plan::item::Review>,
        }

        impl $crate::plan::item::Item for $name {
            fn prefix(&self) -> &'static str { $prefix }
            fn id(&self) -> &$crate::ids::ItemId { &self.id }
            fn set_id(&mut self, id: $crate::ids::ItemId) { self.id = id; }
            fn text(&self) -> &str { &self.$main }
            fn evidence(&self) -> &[$crate::evidence::Evidence] { &self.evidence }
            fn evidence_mut(&mut self) -> &mut Vec<$crate::evidence::Evidence> { &mut self.evidence }
            fn review(&self) -> Option<$crate::plan::item::Review> { self.review }
            fn set_review(&mut self, review: Option<$crate::plan::item::Review>) { self.review = review; }
            #[allow(unused_mut, unused_variables, reason = "some items share nothing")]
            fn customer_view(&self) -> serde_json::Value {
                let mut view = serde_json::Map::new();
                $( $crate::plan::item::share!($main_vis view, $main, &self.$main); )?
                $( $( $crate::plan::item::share!($vis view, $field, &self.$field); )? )*
                serde_json::Value::Object(view)
            }
            fn field_names(&self) -> &'static [&'static str] {
                &[stringify!($main), $( stringify!($field) ),*]
            }
            fn to_value(&self) -> serde_json::Value {
                // These types hold only strings, numbers, dates and lists of them: nothing that JSON lacks.
                serde_json::to_value(self).unwrap_or_default()
            }
        }
    };
}

/// The only word that a field's visibility can have besides none.
macro_rules! visibility {
    (shared) => {
        "customer"
    };
}

/// Puts one shared field into the customer's view.
macro_rules! share {
    (shared $view:ident, $field:ident, $value:expr) => {
        if let Some(value) = serde_json::to_value($value).ok().filter(|value| !value.is_null()) {
            $view.insert(stringify!($field).into(), value);
        }
    };
}

pub(crate) use {item, share, visibility};
