//! Section 11: paid work and what it delivers.

use jiff::civil::Date;

use super::{each, need};
use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::Progress;

item! {
    /// A piece of paid work.
    Engagement "en" {
        /// What it is.
        [shared] engagement: String;
        /// How far it has come.
        [shared] status: Option<Progress>,
        /// First day.
        [shared] starts: Option<Date>,
        /// Last day.
        [shared] ends: Option<Date>,
    }
}

item! {
    /// Something that an engagement hands over.
    Deliverable "dl" {
        /// What is handed over.
        [shared] deliverable: String;
        /// The engagement that it belongs to.
        [shared] engagement: Option<ItemId>,
        /// The day it is due.
        [shared] due_date: Option<Date>,
        /// How far it has come.
        [shared] status: Option<Progress>,
    }
}

section! {
    /// Section 11.
    ProfessionalServices / ProfessionalServicesPatch {
        /// Engagements.
        [shared] engagements: Engagement,
        /// Deliverables.
        [shared] deliverables: Deliverable,
    }
}

impl ProfessionalServices {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.engagements, "an engagement, or one entry that says there is none");
        each(&mut gaps, &self.deliverables, "a status for", |deliverable| deliverable.status.is_some());
        gaps
    }
}
