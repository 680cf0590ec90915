//! Section 8: whether the value arrives. "Not measured" is a value of its own.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{each, need};
use crate::ids::ItemId;
use crate::number::Number;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Light, Measured};

/// One reading of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The day it was taken.
    pub on: Date,
    /// What was read.
    pub value: Measured,
}

item! {
    /// How much the product is used.
    Utilization "ut" {
        /// What is measured.
        [shared] metric: String;
        /// Its unit.
        [shared] unit: Option<String>,
        /// Where it stood at the start.
        [shared] baseline: Option<Number>,
        /// Where it is to be.
        [shared] target: Option<Number>,
        /// The readings, oldest first.
        [shared] readings: Vec<Reading>,
    }
}

item! {
    /// How far a business outcome of section 1 has come.
    OutcomeProgress "op" {
        /// What can be said about it.
        [shared] progress: String;
        /// The outcome in section 1.
        [shared] outcome: Option<ItemId>,
        /// The metric's value.
        [shared] measured: Option<Measured>,
        /// Its unit.
        [shared] unit: Option<String>,
        /// The day it was measured.
        [shared] on: Option<Date>,
    }
}

item! {
    /// A sign of the account's health; our own reading.
    HealthIndicator "hi" {
        /// What is watched.
        indicator: String;
        /// How it stands.
        state: Option<Light>,
        /// Since when.
        on: Option<Date>,
    }
}

section! {
    /// Section 8.
    ValueTracking / ValueTrackingPatch {
        /// Utilization metrics.
        [shared] utilization: Utilization,
        /// Progress of the business outcomes.
        [shared] outcome_progress: OutcomeProgress,
        /// Health indicators.
        health_indicators: HealthIndicator,
    }
}

impl ValueTracking {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.utilization, "at least one value metric");
        each(&mut gaps, &self.utilization, "a baseline for", |metric| metric.baseline.is_some());
        gaps
    }
}
