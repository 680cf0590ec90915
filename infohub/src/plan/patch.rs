//! A patch: what an agent or a person wants to change, section by section, and what it was drafted on.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::apply::{Conflict, Merge, Seen};
use super::item::Item;
use super::question::QuestionDraft;
use super::section::{ApplyTo, SectionChange, SectionKey};
use super::sections::{
    adoption_journey::AdoptionJourneyPatch, background::BackgroundPatch, current_state::CurrentStatePatch,
    customer_journey::CustomerJourneyPatch, handoff::HandoffPatch, initiatives::InitiativesPatch,
    professional_services::ProfessionalServicesPatch, risks::RisksPatch, stakeholders::StakeholdersPatch,
    technical_activities::TechnicalActivitiesPatch, technical_evaluation::TechnicalEvaluationPatch,
    value_tracking::ValueTrackingPatch, voice_of_customer::VoiceOfCustomerPatch,
};
use super::{Plan, Review};
use crate::ids::ItemId;
use crate::registers::{
    action_tracker::ActionTrackerPatch, briefing::BriefingPatch, decision_log::DecisionLogPatch,
    risk_register::RiskRegisterPatch,
};

/// Changes to a plan, with the version and the items that they were drafted on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Version of the plan that was read; 0 if there was none.
    #[serde(default)]
    pub base: u64,
    /// Existing items that the patch changes, by id, with the hash of what they said then.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub seen: Seen,
    /// Changes by section.
    #[serde(default)]
    pub sections: SectionPatches,
    /// Questions to ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionDraft>,
}

macro_rules! section_patches {
    (
        sections { $($number:literal $field:ident $patch:ident),* $(,)? }
        registers { $($register:ident $register_patch:ident),* $(,)? }
    ) => {
        /// The changed sections and registers; what is left out stays as it is.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct SectionPatches {
            $(
                #[doc = concat!("Changes to section ", stringify!($number), ".")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$patch>,
            )*
            $(
                #[doc = concat!("Changes to ", stringify!($register), ".yaml.")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $register: Option<$register_patch>,
            )*
        }

        impl SectionPatches {
            /// The changed sections.
            pub fn changes(&self) -> Vec<&dyn SectionChange> {
                let mut changes: Vec<&dyn SectionChange> = Vec::new();
                $( changes.extend(self.$field.as_ref().map(|patch| patch as &dyn SectionChange)); )*
                $( changes.extend(self.$register.as_ref().map(|patch| patch as &dyn SectionChange)); )*
                changes
            }

            /// The same, to complete or repair.
            pub fn changes_mut(&mut self) -> Vec<&mut dyn SectionChange> {
                let mut changes: Vec<&mut dyn SectionChange> = Vec::new();
                $( changes.extend(self.$field.as_mut().map(|patch| patch as &mut dyn SectionChange)); )*
                $( changes.extend(self.$register.as_mut().map(|patch| patch as &mut dyn SectionChange)); )*
                changes
            }

            pub(super) fn apply_to(&self, plan: &mut Plan, merge: &mut Merge<'_>) -> Result<(), Conflict> {
                $( if let Some(patch) = &self.$field { patch.apply_to(&mut plan.$field, merge)?; } )*
                $( if let Some(patch) = &self.$register { patch.apply_to(&mut plan.registers.$register, merge)?; } )*
                Ok(())
            }
        }
    };
}

section_patches! {
    sections {
        1 background BackgroundPatch,
        2 stakeholders StakeholdersPatch,
        3 current_state CurrentStatePatch,
        4 technical_activities TechnicalActivitiesPatch,
        5 technical_evaluation TechnicalEvaluationPatch,
        6 adoption_journey AdoptionJourneyPatch,
        7 initiatives InitiativesPatch,
        8 value_tracking ValueTrackingPatch,
        9 handoff HandoffPatch,
        10 risks RisksPatch,
        11 professional_services ProfessionalServicesPatch,
        12 customer_journey CustomerJourneyPatch,
        13 voice_of_customer VoiceOfCustomerPatch,
    }
    registers {
        decision_log DecisionLogPatch,
        risk_register RiskRegisterPatch,
        action_tracker ActionTrackerPatch,
        briefing BriefingPatch,
    }
}

impl Patch {
    /// Items to add or change, with their places.
    pub fn upserts(&self) -> impl Iterator<Item = (SectionKey, &'static str, &dyn Item)> {
        self.sections.changes().into_iter().flat_map(|change| {
            let key = change.key();
            change.upserts().into_iter().map(move |(list, item)| (key, list, item))
        })
    }

    /// Items to take away, with their places.
    pub fn removals(&self) -> impl Iterator<Item = (SectionKey, &'static str, &ItemId)> {
        self.sections.changes().into_iter().flat_map(|change| {
            let key = change.key();
            change.removals().into_iter().map(move |(list, id)| (key, list, id))
        })
    }

    /// True if it changes no section and asks nothing.
    pub fn is_empty(&self) -> bool {
        self.upserts().next().is_none() && self.removals().next().is_none() && self.questions.is_empty()
    }

    /// True if it changes no item (it may ask).
    pub fn changes_nothing(&self) -> bool {
        self.upserts().next().is_none() && self.removals().next().is_none()
    }

    /// Drops items for which `keep` is false.
    pub fn retain(&mut self, mut keep: impl FnMut(SectionKey, &'static str, &dyn Item) -> bool) {
        for change in self.sections.changes_mut() {
            let key = change.key();
            change.retain(&mut |list, item| keep(key, list, item));
        }
    }

    /// Marks each item as drafted by an agent, or as accepted.
    pub fn mark(&mut self, review: Option<Review>) {
        for change in self.sections.changes_mut() {
            for (_, item) in change.upserts_mut() {
                item.set_review(review);
            }
        }
    }

    /// Ties the patch to the plan that it was drafted on: notes the version and what the items it changes
    /// say there, and gives each new item an id made from `seed`. Gives back ids that the plan does not have.
    pub fn tie_to(&mut self, plan: &Plan, seed: &str) -> Vec<ItemId> {
        self.base = plan.plan.version;
        let known: BTreeMap<&str, &dyn Item> =
            plan.items().map(|(_, _, item)| (item.id().as_str(), item)).collect();
        let mut given: BTreeSet<String> = BTreeSet::new();
        let mut strange = Vec::new();
        let removed: Vec<ItemId> = self.removals().map(|(_, _, id)| id.clone()).collect();
        let mut note = |id: &ItemId, seen: &mut Seen| match known.get(id.as_str()) {
            Some(item) => {
                seen.insert(id.clone(), item.content_hash());
            }
            None => strange.push(id.clone()),
        };
        for id in &removed {
            note(id, &mut self.seen);
        }
        for change in self.sections.changes_mut() {
            for (list, item) in change.upserts_mut() {
                if item.id().is_unassigned() {
                    let text = format!("{list}/{}", item.text());
                    let id = ItemId::derive(item.prefix(), seed, &text, |id| {
                        known.contains_key(id) || given.contains(id)
                    });
                    given.insert(id.to_string());
                    item.set_id(id);
                } else {
                    note(item.id(), &mut self.seen);
                }
            }
        }
        strange
    }
}
