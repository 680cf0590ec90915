//! The handoff of an account from the SA to the CA, one for each opportunity that is won.
//!
//! ```text
//! offered ──► accepted: the plan passes to the CA, and a follow-up is due after 30 days
//!    ▲ └────► refused, with reasons
//!    └──────────┘ offered again
//! offered or refused ──► withdrawn, when the deal is set back: offered anew once it is won again
//! ```
//!
//! It must not know the plan's sections, nor who may decide.

use infohub::ids::PersonId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// How often it was offered.
    pub offers: u32,
    /// Who hands over; nothing if nobody is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PersonId>,
    /// Who is to take over; nothing if any CA may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PersonId>,
    /// How it stands.
    pub stands: Stands,
}

/// How a handoff stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stands {
    /// It waits for the CA.
    Offered {
        /// Since when.
        at: Timestamp,
    },
    /// The CA has not taken it over.
    Refused {
        /// When.
        at: Timestamp,
        /// Who.
        by: PersonId,
        /// Why not.
        reason: String,
    },
    /// The deal was set back before anybody took over.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// The stage that the deal is in since.
        stage: String,
    },
    /// The CA has taken it over.
    Accepted {
        /// When.
        at: Timestamp,
        /// Who.
        by: PersonId,
        /// The day on which it is looked at again.
        follow_up: Date,
        /// Whether that day has come and people were told.
        followed_up: bool,
    },
}

impl Handoff {
    /// Whether the CA has it.
    pub fn is_accepted(&self) -> bool {
        matches!(self.stands, Stands::Accepted { .. })
    }

    /// The day of the follow-up, if it is still to come.
    pub fn follow_up(&self) -> Option<Date> {
        match self.stands {
            Stands::Accepted { follow_up, followed_up: false, .. } => Some(follow_up),
            _ => None,
        }
    }

    /// One word for tables.
    pub fn word(&self) -> &'static str {
        match self.stands {
            Stands::Offered { .. } => "offered",
            Stands::Refused { .. } => "refused",
            Stands::Withdrawn { .. } => "withdrawn",
            Stands::Accepted { .. } => "accepted",
        }
    }
}
