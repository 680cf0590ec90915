//! Section 7: what is undertaken in the first 30, 90, 180 days and after.

use super::{each, need};
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Owner, Progress, says_something};

/// Days after go-live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub enum Window {
    /// Days 0 to 30.
    #[serde(rename = "0-30")]
    First30,
    /// Days 30 to 90.
    #[serde(rename = "30-90")]
    To90,
    /// Days 90 to 180.
    #[serde(rename = "90-180")]
    To180,
    /// Day 180 and after.
    #[serde(rename = "180+")]
    After180,
}

item! {
    /// Something undertaken together.
    Initiative "in" {
        /// What is undertaken.
        [shared] initiative: String;
        /// When.
        [shared] window: Option<Window>,
        /// Who leads it.
        [shared] owner: Option<Owner>,
        /// How its success is measured.
        [shared] success_measure: Option<String>,
        /// How far it has come.
        [shared] status: Option<Progress>,
    }
}

section! {
    /// Section 7.
    Initiatives / InitiativesPatch {
        /// The initiatives.
        [shared] initiatives: Initiative,
    }
}

impl Initiatives {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.initiatives, "at least one initiative");
        each(&mut gaps, &self.initiatives, "a success measure for", |initiative| {
            says_something(initiative.success_measure.as_deref())
        });
        gaps
    }
}
