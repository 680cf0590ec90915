//! Section 3: what the customer has today, what hurts, and what is wanted instead.

use jiff::civil::Date;

use super::{Statement, each, need};
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::says_something;

item! {
    /// A figure that describes a state.
    Metric "mt" {
        /// What is measured.
        [shared] metric: String;
        /// Its value with the unit, as said.
        [shared] value: Option<String>,
        /// When it had that value.
        [shared] as_of: Option<Date>,
    }
}

section! {
    /// Section 3.
    CurrentState / CurrentStatePatch {
        /// Tools and processes in use.
        [shared] tools: Statement,
        /// What hurts.
        [shared] pains: Statement,
        /// What limits the choices: rules, dates, people.
        [shared] constraints: Statement,
        /// Figures of today.
        [shared] baseline_metrics: Metric,
        /// What is wanted instead.
        [shared] desired_state: Statement,
        /// Figures that are wanted.
        [shared] target_metrics: Metric,
    }
}

impl CurrentState {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.tools, "the tools in use");
        need(&mut gaps, &self.pains, "what hurts today");
        need(&mut gaps, &self.baseline_metrics, "a figure of today's state");
        need(&mut gaps, &self.desired_state, "the desired state");
        each(&mut gaps, &self.baseline_metrics, "a value for", |metric| {
            says_something(metric.value.as_deref())
        });
        gaps
    }
}
