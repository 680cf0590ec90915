//! Section 12: where the customer is on the journey, and which moments made or broke it.

use jiff::civil::Date;

use super::need;
use crate::plan::item::item;
use crate::plan::section::section;

item! {
    /// A stage of the journey that the customer reached.
    JourneyStage "js" {
        /// The stage.
        stage: String;
        /// Since when.
        since: Option<Date>,
    }
}

item! {
    /// A moment that decided how the customer feels about us.
    MomentOfTruth "mo" {
        /// What happened.
        moment: String;
        /// When.
        date: Option<Date>,
        /// How it ended.
        outcome: Option<String>,
    }
}

item! {
    /// Something that makes it harder than it need be.
    FrictionPoint "fr" {
        /// What it is.
        friction: String;
        /// What it costs the customer.
        impact: Option<String>,
        /// What is done about it.
        resolution: Option<String>,
    }
}

section! {
    /// Section 12.
    CustomerJourney / CustomerJourneyPatch {
        /// Stages, oldest first.
        stages: JourneyStage,
        /// Moments of truth.
        moments_of_truth: MomentOfTruth,
        /// Friction points.
        friction_points: FrictionPoint,
    }
}

impl CustomerJourney {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.stages, "the stage of the customer's journey");
        gaps
    }
}
