//! The thirteen sections by number and name, the registers beside them, what each can do, and the macro that
//! declares one.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::apply::{Conflict, Merge};
use super::item::Item;
use crate::ids::ItemId;

macro_rules! section_keys {
    (
        sections { $($number:literal $variant:ident $key:literal $title:literal),* $(,)? }
        registers { $($register:ident $file:literal $heading:literal),* $(,)? }
    ) => {
        /// A part of an account's book: one of the plan's thirteen sections (the numbers are the
        /// specification's), or one of the registers beside it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum SectionKey {
            $( #[doc = $title] $variant, )*
            $( #[doc = $heading] $register, )*
        }

        impl SectionKey {
            /// The plan's sections in the order of their numbers.
            pub const ALL: [SectionKey; 13] = [$(SectionKey::$variant),*];
            /// The registers, each a file of its own.
            pub const REGISTERS: [SectionKey; 4] = [$(SectionKey::$register),*];

            /// The section's number, 1 to 13; registers have none.
            pub fn number(self) -> Option<u8> {
                match self { $(Self::$variant => Some($number),)* $(Self::$register => None,)* }
            }
            /// The section's name in csp.yaml, or the register's file name without its ending.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $key,)* $(Self::$register => $file,)* }
            }
            /// The heading for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* $(Self::$register => $heading,)* }
            }
        }
    };
}

section_keys! {
    sections {
        1 Background "background" "Customer background and business outcomes",
        2 Stakeholders "stakeholders" "Stakeholders",
        3 CurrentState "current_state" "Current and desired state",
        4 TechnicalActivities "technical_activities" "Technical activities",
        5 TechnicalEvaluation "technical_evaluation" "Technical evaluation",
        6 AdoptionJourney "adoption_journey" "Adoption journey",
        7 Initiatives "initiatives" "Initiatives",
        8 ValueTracking "value_tracking" "Value tracking",
        9 Handoff "handoff" "Handoff",
        10 Risks "risks" "Risks",
        11 ProfessionalServices "professional_services" "Professional services",
        12 CustomerJourney "customer_journey" "Customer journey",
        13 VoiceOfCustomer "voice_of_customer" "Voice of the customer",
    }
    registers {
        DecisionLog "decision_log" "Decision log",
        RiskRegister "risk_register" "Risk register",
        ActionTracker "action_tracker" "Action tracker",
        Briefing "briefing" "Briefing",
    }
}

impl SectionKey {
    /// All sections, then all registers.
    pub fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::REGISTERS)
    }

    /// True for a register.
    pub fn is_register(self) -> bool {
        self.number().is_none()
    }

    /// What a person calls it in a sentence: `section 10 (risks)`, `risk_register.yaml`.
    pub fn spoken(self) -> String {
        match self.number() {
            Some(number) => format!("section {number} ({self})"),
            None => format!("{self}.yaml"),
        }
    }
}

impl fmt::Display for SectionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for SectionKey {
    type Err = String;
    /// Takes the name or the number.
    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse::<u8>().ok();
        let found =
            Self::every().find(|key| key.as_str() == text || (number.is_some() && key.number() == number));
        found.ok_or_else(|| {
            format!(
                "'{text}' is not a section; sections are 1 to 13 or names such as background or decision_log"
            )
        })
    }
}

/// What the plan's generic code needs of a section.
pub trait Section {
    /// Which section it is.
    fn key(&self) -> SectionKey;
    /// Its lists by name, in order.
    fn lists(&self) -> Vec<(&'static str, Vec<&dyn Item>)>;
    /// All its items, to mark or complete them.
    fn items_mut(&mut self) -> Vec<(&'static str, &mut dyn Item)>;
    /// Takes away the items for which `gone` is true.
    fn remove(&mut self, gone: &dyn Fn(&ItemId) -> bool);
    /// The lists that customers may see at all.
    fn shared_lists(&self) -> &'static [&'static str];
    /// What is still missing for the section to count as populated; placeholder text counts as missing.
    fn missing(&self) -> Vec<String>;
}

/// What the plan's generic code needs of a section's patch.
pub trait SectionChange {
    /// Which section it changes.
    fn key(&self) -> SectionKey;
    /// Items to add or change, with the name of their list.
    fn upserts(&self) -> Vec<(&'static str, &dyn Item)>;
    /// The same, to complete or repair.
    fn upserts_mut(&mut self) -> Vec<(&'static str, &mut dyn Item)>;
    /// Items to take away, with the name of their list.
    fn removals(&self) -> Vec<(&'static str, &ItemId)>;
    /// Drops the upserts for which `keep` is false.
    fn retain(&mut self, keep: &mut dyn FnMut(&'static str, &dyn Item) -> bool);
}

/// Changes to one list: items to add (no id) or change (id and what is to change; what is left out stays),
/// and items to take away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
#[schemars(bound = "T: JsonSchema")]
pub struct ListChange<T> {
    /// Items to add or to change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upsert: Vec<T>,
    /// Ids of items to take away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<ItemId>,
}

impl<T> Default for ListChange<T> {
    fn default() -> Self {
        Self { upsert: Vec::new(), remove: Vec::new() }
    }
}

impl<T> ListChange<T> {
    /// True if it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.upsert.is_empty() && self.remove.is_empty()
    }
}

/// A section's patch as part of the plan's: applied by the code that the macro below writes.
pub(crate) trait ApplyTo<S> {
    fn apply_to(&self, section: &mut S, merge: &mut Merge<'_>) -> Result<(), Conflict>;
}

/// Declares a section and its patch: named lists of items.
macro_rules! section {
    (
        $(#[$meta:meta])* $name:ident / $patch:ident {
            $( $(#[$list_meta:meta])* $([$vis:ident])? $list:ident : $item:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$list_meta])*
                $(#[schemars(extend("x-visibility" = $crate::plan::item::visibility!($vis)))])?
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                pub $list: Vec<$item>,
            )*
        }

        #[doc = concat!("Changes to [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $patch {
            $(
                $(#[$list_meta])*
                #[serde(default, skip_serializing_if = "crate::plan::section::ListChange::is_empty")]
                pub $list: $crate::plan::section::ListChange<$item>,
            )*
        }

        impl $crate::plan::section::Section for $name {
            fn key(&self) -> $crate::plan::SectionKey { $crate::plan::SectionKey::$name }
            fn lists(&self) -> Vec<(&'static str, Vec<&dyn $crate::plan::Item>)> {
                vec![$( (stringify!($list), self.$list.iter().map(|item| item as &dyn $crate::plan::Item).collect()) ),*]
            }
            fn items_mut(&mut self) -> Vec<(&'static str, &mut dyn $crate::plan::Item)> {
                let mut items: Vec<(&'static str, &mut dyn $crate::plan::Item)> = Vec::new();
                $( items.extend(self.$list.iter_mut().map(|item| (stringify!($list), item as &mut dyn $crate::plan::Item))); )*
                items
            }
            fn remove(&mut self, gone: &dyn Fn(&$crate::ids::ItemId) -> bool) {
                $( self.$list.retain(|item| !gone(&item.id)); )*
            }
            fn shared_lists(&self) -> &'static [&'static str] {
                const SHARED: &[(&str, bool)] = &[$( (stringify!($list), $crate::plan::section::is_shared!($($vis)?)) ),*];
                const COUNT: usize = $crate::plan::section::count_shared(SHARED);
                const NAMES: [&str; COUNT] = $crate::plan::section::shared_names(SHARED);
                &NAMES
            }
            fn missing(&self) -> Vec<String> { self.gaps() }
        }

        impl $crate::plan::section::SectionChange for $patch {
            fn key(&self) -> $crate::plan::SectionKey { $crate::plan::SectionKey::$name }
            fn upserts(&self) -> Vec<(&'static str, &dyn $crate::plan::Item)> {
                let mut items: Vec<(&'static str, &dyn $crate::plan::Item)> = Vec::new();
                $( items.extend(self.$list.upsert.iter().map(|item| (stringify!($list), item as &dyn $crate::plan::Item))); )*
                items
            }
            fn upserts_mut(&mut self) -> Vec<(&'static str, &mut dyn $crate::plan::Item)> {
                let mut items: Vec<(&'static str, &mut dyn $crate::plan::Item)> = Vec::new();
                $( items.extend(self.$list.upsert.iter_mut().map(|item| (stringify!($list), item as &mut dyn $crate::plan::Item))); )*
                items
            }
            fn removals(&self) -> Vec<(&'static str, &$crate::ids::ItemId)> {
                let mut ids = Vec::new();
                $( ids.extend(self.$list.remove.iter().map(|id| (stringify!($list), id))); )*
                ids
            }
            fn retain(&mut self, keep: &mut dyn FnMut(&'static str, &dyn $crate::plan::Item) -> bool) {
                $( self.$list.upsert.retain(|item| keep(stringify!($list), item)); )*
            }
        }

        impl $crate::plan::section::ApplyTo<$name> for $patch {
            fn apply_to(
                &self,
                section: &mut $name,
                merge: &mut $crate::plan::apply::Merge<'_>,
            ) -> Result<(), $crate::plan::apply::Conflict> {
                $( merge.list($crate::plan::SectionKey::$name, stringify!($list), &mut section.$list, &self.$list)?; )*
                Ok(())
            }
        }
    };
}

macro_rules! is_shared {
    () => {
        false
    };
    (shared) => {
        true
    };
}

/// How many of a section's lists are shared; at compile time.
pub(crate) const fn count_shared(lists: &[(&str, bool)]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < lists.len() {
        if lists[at].1 {
            count += 1;
        }
        at += 1;
    }
    count
}

/// The names of a section's shared lists; at compile time.
pub(crate) const fn shared_names<const N: usize>(lists: &[(&'static str, bool)]) -> [&'static str; N] {
    let mut names = [""; N];
    let (mut at, mut next) = (0, 0);
    while at < lists.len() {
        if lists[at].1 {
            names[next] = lists[at].0;
            next += 1;
        }
        at += 1;
    }
    names
}

pub(crate) use {is_shared, section};
