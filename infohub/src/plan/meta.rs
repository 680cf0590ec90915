//! What is said about a plan as a whole.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountSlug, PersonId};

/// The form of csp.yaml that this version writes.
pub const SCHEMA_VERSION: u32 = 1;

super::words::words! {
    /// Where the plan is in the specification's lifecycle.
    Lifecycle {
        /// Stage 2: business context, stakeholders, goals.
        Initiate,
        /// Stage 3: technical evaluation, success criteria.
        Develop,
        /// Stage 4: review with the customer, agree.
        Finalize,
        /// After the sale: track value, update metrics.
        Execute,
    }
    /// What may be done with the plan.
    Status {
        /// Agents and people write in it.
        Draft,
        /// Ready for, or in, review with the customer.
        InReview,
        /// The customer agreed to it.
        Agreed,
        /// It is carried out.
        Active,
        /// All is done.
        Completed,
        /// Nobody needs it any more.
        Archived,
    }
    /// Who a person is for an account.
    Role {
        /// Solution architect; owns the plan before the sale.
        Sa,
        /// Account executive.
        Ae,
        /// Customer architect; owns the plan after the sale.
        Ca,
        /// Delivery.
        Delivery,
        /// Value engineer.
        Ve,
        /// Leads the SAs.
        SaManager,
        /// Leads the CAs.
        CaManager,
    }
}

macro_rules! as_written {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let word = serde_json::to_value(self).ok();
                f.pad(word.as_ref().and_then(|word| word.as_str()).unwrap_or_default())
            }
        }
    )*};
}
as_written!(Lifecycle, Status, Role);

/// The plan's metadata. The runtime keeps it; people need not touch it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Form of this file; 1.
    pub schema: u32,
    /// Counts up with every change; also in the history's file names.
    pub version: u64,
    /// The account's folder.
    pub account: AccountSlug,
    /// Id of the CRM's opportunity that the plan was started for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<String>,
    /// Lifecycle phase.
    pub lifecycle: Lifecycle,
    /// Status.
    pub status: Status,
    /// Who owns the plan now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PlanOwner>,
    /// When its content last changed.
    pub last_updated: Timestamp,
    /// When the customer last reviewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_customer_review: Option<Date>,
    /// What the customer agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Agreement>,
}

/// The owner of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanOwner {
    /// The role that owns plans in this phase.
    pub role: Role,
    /// The person, as named in team.yaml.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// The baseline that the customer agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Version of the plan.
    pub version: u64,
    /// SHA-256 of that version's file.
    pub hash: String,
    /// Who agreed, on the customer's side.
    pub by: String,
    /// When.
    pub on: Date,
}
