//! `risk_register.yaml`: every risk of the account with its history. Section 10 of the plan holds the same
//! risks for the plan's readers; the runtime keeps the two in step.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::sections::risks::RiskStatus;
use crate::plan::words::{Level, Light, Owner};

/// One change of a risk, and its cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskChange {
    /// The day of the change.
    pub on: Date,
    /// What changed.
    pub change: String,
    /// What caused it.
    pub cause: String,
}

item! {
    /// A risk in the register.
    RegisteredRisk "rr" {
        /// What may happen.
        risk: String;
        /// Its colour.
        rating: Option<Light>,
        /// How likely it is.
        likelihood: Option<Level>,
        /// How much it would hurt.
        impact: Option<Level>,
        /// What is done about it.
        mitigation: Option<String>,
        /// Who answers for it.
        owner: Option<Owner>,
        /// What has become of it.
        status: Option<RiskStatus>,
        /// The same risk in section 10 of the plan.
        plan_risk: Option<ItemId>,
        /// The day it was first named.
        raised_on: Option<Date>,
        /// Who named it.
        raised_by: Option<String>,
        /// What changed and why, oldest first; kept by the runtime.
        history: Vec<RiskChange>,
    }
}

section! {
    /// The risk register.
    RiskRegister / RiskRegisterPatch {
        /// The risks.
        risks: RegisteredRisk,
    }
}

impl RiskRegister {
    #[allow(clippy::unused_self, reason = "a register may be empty, a section may not")]
    pub(crate) fn gaps(&self) -> Vec<String> {
        Vec::new()
    }
}
