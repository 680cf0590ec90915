//! `action_tracker.yaml`: who does what by when. Each milestone of the plan has an action here.

use std::fmt;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Owner, words};

words! {
    /// How an action stands.
    ActionStatus {
        /// Not begun.
        Open,
        /// Under way.
        InProgress,
        /// Finished.
        Done,
        /// Will not be done.
        Cancelled,
    }
}

/// The day an action is due, or the plain statement that nobody said one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a date or the words \"no date said\"")]
pub enum Due {
    /// The day.
    On(Date),
    /// Written `no date said`.
    Unsaid(NoDate),
}

/// The words `no date said`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoDate {
    /// Nobody said a date.
    #[serde(rename = "no date said")]
    NoDateSaid,
}

impl Due {
    /// Nobody said a date.
    pub const UNSAID: Self = Self::Unsaid(NoDate::NoDateSaid);

    /// The day, if there is one.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::On(day) => Some(day),
            Self::Unsaid(_) => None,
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(day) => day.fmt(f),
            Self::Unsaid(_) => f.pad("no date said"),
        }
    }
}

impl JsonSchema for Due {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Due".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string", "format": "date" }, { "type": "string", "enum": ["no date said"] }] })
    }
}

item! {
    /// An action.
    Action "ac" {
        /// What is to be done.
        action: String;
        /// The one person who does it.
        owner: Option<Owner>,
        /// The day it is due, or `no date said`.
        due: Option<Due>,
        /// The date in the words in which it was said, as "next Friday".
        due_said: Option<String>,
        /// What counts as done.
        done_when: Option<String>,
        /// How it stands.
        status: Option<ActionStatus>,
        /// The day it was finished.
        completed_on: Option<Date>,
        /// The milestone in section 6 that it carries; the two stand and fall together.
        milestone: Option<ItemId>,
        /// Where it comes from: a meeting's material, the plan, or a person.
        source: Option<String>,
    }
}

section! {
    /// The action tracker.
    ActionTracker / ActionTrackerPatch {
        /// The actions.
        actions: Action,
    }
}

impl ActionTracker {
    #[allow(clippy::unused_self, reason = "a register may be empty, a section may not")]
    pub(crate) fn gaps(&self) -> Vec<String> {
        Vec::new()
    }
}
