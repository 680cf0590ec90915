//! Section 13: what the customer says about us, and whether we answered.

use jiff::civil::Date;

use super::{Statement, need};
use crate::number::Number;
use crate::plan::item::item;
use crate::plan::section::section;

item! {
    /// A score that the customer gave.
    Score "vs" {
        /// Which score, as NPS or CSAT.
        score: String;
        /// Its value.
        value: Option<Number>,
        /// When it was given.
        on: Option<Date>,
        /// Who gave it.
        respondent: Option<String>,
    }
}

item! {
    /// Something that the customer told us.
    Feedback "fb" {
        /// What was said.
        feedback: String;
        /// Who said it.
        from: Option<String>,
        /// When.
        on: Option<Date>,
        /// Whether the person was told what came of it.
        loop_closed: Option<bool>,
    }
}

section! {
    /// Section 13.
    VoiceOfCustomer / VoiceOfCustomerPatch {
        /// Scores.
        scores: Score,
        /// Themes.
        themes: Statement,
        /// Feedback.
        feedback: Feedback,
    }
}

impl VoiceOfCustomer {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        if self.feedback.is_empty() {
            need(&mut gaps, &self.scores, "a score or a first feedback of the customer");
        }
        gaps
    }
}
