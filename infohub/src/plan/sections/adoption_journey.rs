//! Section 6: the phases of adoption and their milestones.

use jiff::civil::Date;

use super::{each, need};
use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Owner, Progress};

item! {
    /// A phase of adoption.
    Phase "ph" {
        /// The phase's name.
        [shared] name: String;
        /// What it is to reach.
        [shared] objectives: Vec<String>,
        /// What the product is used for in it.
        [shared] use_cases: Vec<String>,
        /// What must hold for it to end.
        [shared] exit_criteria: Vec<String>,
        /// First day.
        [shared] starts: Option<Date>,
        /// Last day.
        [shared] ends: Option<Date>,
        /// How far it has come.
        [shared] status: Option<Progress>,
    }
}

item! {
    /// A dated, owned point of progress.
    Milestone "ms" {
        /// What will be true.
        [shared] milestone: String;
        /// The phase that it belongs to.
        [shared] phase: Option<ItemId>,
        /// The day it is due.
        [shared] due_date: Option<Date>,
        /// Who answers for it.
        [shared] owner: Option<Owner>,
        /// How far it has come.
        [shared] status: Option<Progress>,
        /// The day it was reached.
        [shared] completed_on: Option<Date>,
    }
}

section! {
    /// Section 6.
    AdoptionJourney / AdoptionJourneyPatch {
        /// The phases, in order.
        [shared] phases: Phase,
        /// The milestones.
        [shared] milestones: Milestone,
    }
}

impl AdoptionJourney {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.phases, "at least one adoption phase");
        each(&mut gaps, &self.phases, "an objective for phase", |phase| !phase.objectives.is_empty());
        need(&mut gaps, &self.milestones, "at least one milestone");
        each(&mut gaps, &self.milestones, "a due date for", |milestone| milestone.due_date.is_some());
        each(&mut gaps, &self.milestones, "an owner for", |milestone| milestone.owner.is_some());
        gaps
    }
}
