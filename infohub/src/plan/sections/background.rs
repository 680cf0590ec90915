//! Section 1: the company, why it acts now, and the business outcomes that success is measured by.

use jiff::civil::Date;

use super::{Statement, each, need};
use crate::number::Money;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{says_something, words};

words! {
    /// What kind of business context a point is.
    ContextKind {
        /// Something that the company has set out to do.
        Priority,
        /// Something that stands in its way.
        Challenge,
        /// What makes it act now.
        WhyNow,
    }
}

item! {
    /// A point of business context.
    ContextPoint "cx" {
        /// What is so.
        [shared] text: String;
        /// What kind of point it is.
        [shared] kind: Option<ContextKind>,
    }
}

item! {
    /// A business outcome that the customer wants, and how both sides will know.
    Outcome "bo" {
        /// What will be true for the business.
        [shared] outcome: String;
        /// What is measured.
        [shared] metric: Option<String>,
        /// Where the metric stands today, with its unit.
        [shared] baseline: Option<String>,
        /// Where it is to be, with its unit.
        [shared] target: Option<String>,
        /// How it is measured.
        [shared] method: Option<String>,
        /// By when.
        [shared] by: Option<Date>,
        /// What reaching it is worth; a commercial figure, never shown to customers.
        value: Option<Money>,
    }
}

section! {
    /// Section 1.
    Background / BackgroundPatch {
        /// Who the customer is.
        [shared] company: Statement,
        /// Priorities, challenges, and why now.
        [shared] context: ContextPoint,
        /// Business outcomes.
        [shared] outcomes: Outcome,
        /// Commercial and competitive notes.
        internal_notes: Statement,
    }
}

impl Background {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.company, "who the company is");
        need(&mut gaps, &self.context, "business context");
        need(&mut gaps, &self.outcomes, "at least one business outcome");
        each(&mut gaps, &self.outcomes, "a metric for the outcome", |outcome| {
            says_something(outcome.metric.as_deref())
        });
        each(&mut gaps, &self.outcomes, "a baseline for the outcome", |outcome| {
            says_something(outcome.baseline.as_deref())
        });
        each(&mut gaps, &self.outcomes, "a target for the outcome", |outcome| {
            says_something(outcome.target.as_deref())
        });
        gaps
    }
}
