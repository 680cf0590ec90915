//! The Customer Success Plan: metadata, thirteen sections of items, open questions. Pure data; it must
//! not know files, models or rules.

pub(crate) mod apply;
mod completeness;
mod diff;
pub(crate) mod item;
mod meta;
mod patch;
mod question;
pub(crate) mod section;
pub mod sections;
mod view;
pub(crate) mod words;

pub use apply::{Conflict, Seen};
pub use completeness::{Gap, gaps};
pub use diff::{Change, Diff, FieldChange, Happened};
pub use item::{Item, NOT_SET, Review};
pub use meta::{Agreement, Lifecycle, Meta, PlanOwner, Role, SCHEMA_VERSION, Status};
pub use patch::{Patch, SectionPatches};
pub use question::{Question, QuestionDraft, QuestionStatus};
pub use section::{ListChange, Section, SectionChange, SectionKey};
pub use view::customer_view;
pub use words::{Level, Light, Measured, NotMeasured, Owner, Progress, Side, is_placeholder};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::registers::Registers;
use sections::{
    adoption_journey::AdoptionJourney, background::Background, current_state::CurrentState,
    customer_journey::CustomerJourney, handoff::Handoff, initiatives::Initiatives,
    professional_services::ProfessionalServices, risks::Risks, stakeholders::Stakeholders,
    technical_activities::TechnicalActivities, technical_evaluation::TechnicalEvaluation,
    value_tracking::ValueTracking, voice_of_customer::VoiceOfCustomer,
};

/// One account's plan, as `csp.yaml` holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What is said about the plan as a whole; kept by the runtime.
    pub plan: Meta,
    /// Section 1.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub background: Background,
    /// Section 2.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub stakeholders: Stakeholders,
    /// Section 3.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub current_state: CurrentState,
    /// Section 4.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub technical_activities: TechnicalActivities,
    /// Section 5.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub technical_evaluation: TechnicalEvaluation,
    /// Section 6.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub adoption_journey: AdoptionJourney,
    /// Section 7.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub initiatives: Initiatives,
    /// Section 8.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub value_tracking: ValueTracking,
    /// Section 9.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub handoff: Handoff,
    /// Section 10.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub risks: Risks,
    /// Section 11.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub professional_services: ProfessionalServices,
    /// Section 12.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub customer_journey: CustomerJourney,
    /// Section 13.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "is_default")]
    pub voice_of_customer: VoiceOfCustomer,
    /// What is not known yet and who should say it; internal.
    #[serde(default, deserialize_with = "empty_is_default", skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The registers beside the plan. They are read, patched and committed with it, in files of their own.
    #[serde(skip)]
    pub registers: Registers,
}

impl Plan {
    /// A plan with nothing in it yet.
    pub fn new(meta: Meta) -> Self {
        Self {
            plan: meta,
            background: Background::default(),
            stakeholders: Stakeholders::default(),
            current_state: CurrentState::default(),
            technical_activities: TechnicalActivities::default(),
            technical_evaluation: TechnicalEvaluation::default(),
            adoption_journey: AdoptionJourney::default(),
            initiatives: Initiatives::default(),
            value_tracking: ValueTracking::default(),
            handoff: Handoff::default(),
            risks: Risks::default(),
            professional_services: ProfessionalServices::default(),
            customer_journey: CustomerJourney::default(),
            voice_of_customer: VoiceOfCustomer::default(),
            questions: Vec::new(),
            registers: Registers::default(),
        }
    }

    /// The sections in the order of their numbers.
    pub fn sections(&self) -> [&dyn Section; 13] {
        [
            &self.background,
            &self.stakeholders,
            &self.current_state,
            &self.technical_activities,
            &self.technical_evaluation,
            &self.adoption_journey,
            &self.initiatives,
            &self.value_tracking,
            &self.handoff,
            &self.risks,
            &self.professional_services,
            &self.customer_journey,
            &self.voice_of_customer,
        ]
    }

    /// The sections, then the registers.
    pub fn parts(&self) -> impl Iterator<Item = &dyn Section> {
        self.sections().into_iter().chain(self.registers.parts())
    }

    /// The same, to mark or complete items.
    pub fn parts_mut(&mut self) -> [&mut dyn Section; 17] {
        let [decisions, risks, actions, briefing] = self.registers.parts_mut();
        [
            &mut self.background,
            &mut self.stakeholders,
            &mut self.current_state,
            &mut self.technical_activities,
            &mut self.technical_evaluation,
            &mut self.adoption_journey,
            &mut self.initiatives,
            &mut self.value_tracking,
            &mut self.handoff,
            &mut self.risks,
            &mut self.professional_services,
            &mut self.customer_journey,
            &mut self.voice_of_customer,
            decisions,
            risks,
            actions,
            briefing,
        ]
    }

    /// One section or register by its key.
    pub fn section(&self, key: SectionKey) -> &dyn Section {
        let [first, ..] = self.sections();
        self.parts().find(|section| section.key() == key).unwrap_or(first)
    }

    /// Whether csp.yaml says the same for both: all but the registers is equal.
    pub fn is_same_but_registers(&self, other: &Self) -> bool {
        // Taken apart, so that a field that is new cannot be forgotten here.
        let Self {
            plan,
            background,
            stakeholders,
            current_state,
            technical_activities,
            technical_evaluation,
            adoption_journey,
            initiatives,
            value_tracking,
            handoff,
            risks,
            professional_services,
            customer_journey,
            voice_of_customer,
            questions,
            registers: _,
        } = self;
        *plan == other.plan
            && *background == other.background
            && *stakeholders == other.stakeholders
            && *current_state == other.current_state
            && *technical_activities == other.technical_activities
            && *technical_evaluation == other.technical_evaluation
            && *adoption_journey == other.adoption_journey
            && *initiatives == other.initiatives
            && *value_tracking == other.value_tracking
            && *handoff == other.handoff
            && *risks == other.risks
            && *professional_services == other.professional_services
            && *customer_journey == other.customer_journey
            && *voice_of_customer == other.voice_of_customer
            && *questions == other.questions
    }

    /// All items of sections and registers with the place where they stand.
    pub fn items(&self) -> impl Iterator<Item = (SectionKey, &'static str, &dyn Item)> {
        self.parts().flat_map(|section| {
            let key = section.key();
            section
                .lists()
                .into_iter()
                .flat_map(move |(list, items)| items.into_iter().map(move |item| (key, list, item)))
        })
    }

    /// The item with this id, with its place.
    pub fn item(&self, id: &ItemId) -> Option<(SectionKey, &'static str, &dyn Item)> {
        self.items().find(|(_, _, item)| item.id() == id).filter(|_| !id.is_unassigned())
    }

    /// Ids that stand more than once in the plan; patches would not know which one is meant.
    pub fn doubled_ids(&self) -> Vec<ItemId> {
        let mut ids: Vec<_> =
            self.items().map(|(_, _, item)| item.id().clone()).filter(|id| !id.is_unassigned()).collect();
        ids.sort();
        let mut doubled: Vec<_> =
            ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
        doubled.dedup();
        doubled
    }

    /// Adds the questions that were not asked before.
    pub fn ask(&mut self, questions: &[QuestionDraft]) {
        question::add_new(&mut self.questions, questions);
    }

    /// Gives an id to every item that people wrote without one: none that an item of `beside` has. `seed` makes
    /// the ids repeatable.
    pub fn assign_ids(&mut self, seed: &str, beside: Option<&Self>) {
        let items = self.items().chain(beside.into_iter().flat_map(Self::items));
        let mut taken: std::collections::BTreeSet<String> =
            items.map(|(_, _, item)| item.id().to_string()).collect();
        for section in self.parts_mut() {
            for (list, item) in section.items_mut() {
                if item.id().is_unassigned() {
                    let text = format!("{list}/{}", item.text());
                    let id = ItemId::derive(item.prefix(), seed, &text, |id| taken.contains(id));
                    taken.insert(id.to_string());
                    item.set_id(id);
                }
            }
        }
    }
}

/// Applies a patch: gives the new plan and what changed, or why not. The plan's metadata stays as it is.
pub fn apply(plan: &Plan, patch: &Patch) -> Result<(Plan, Diff), Conflict> {
    let mut new = plan.clone();
    let mut merge = apply::Merge { seen: &patch.seen, diff: Diff::default() };
    patch.sections.apply_to(&mut new, &mut merge)?;
    question::add_new(&mut new.questions, &patch.questions);
    Ok((new, merge.diff))
}

/// A section with only comments in it reads as null, and people write `[]` or `{}`; all mean empty.
pub(crate) fn empty_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
