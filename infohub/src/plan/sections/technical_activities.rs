//! Section 4: technical work done, under way and planned.

use jiff::civil::Date;

use super::{each, need};
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Owner, Progress};

item! {
    /// A piece of technical work.
    Activity "ac" {
        /// What is done.
        [shared] activity: String;
        /// How far it has come.
        [shared] status: Option<Progress>,
        /// Who does it.
        [shared] owner: Option<Owner>,
        /// When it is due or was done.
        [shared] date: Option<Date>,
        /// What holds it up.
        blockers: Option<String>,
    }
}

section! {
    /// Section 4.
    TechnicalActivities / TechnicalActivitiesPatch {
        /// The work.
        [shared] activities: Activity,
    }
}

impl TechnicalActivities {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.activities, "at least one technical activity");
        each(&mut gaps, &self.activities, "a status for", |activity| activity.status.is_some());
        gaps
    }
}
