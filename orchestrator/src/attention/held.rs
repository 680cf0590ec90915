//! Why a notice is held back, and until when. It must not know who decides it.

use std::fmt;

use infohub::ids::PersonId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A notice that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// When it is looked at again.
    pub until: Timestamp,
    /// Why it waits.
    pub why: Why,
}

impl Held {
    /// Whether the other hold is no news. Whoever nobody knows is looked for each hour, which is not told each hour.
    pub fn says(&self, other: &Self) -> bool {
        self.why == other.why && (self.until == other.until || matches!(self.why, Why::Stranger { .. }))
    }
}

/// Why a notice waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Why {
    /// It is evening, night or early morning where the person is.
    QuietHours,
    /// Nobody works on this day.
    FreeDay {
        /// The day.
        day: Date,
    },
    /// The person has had all messages of the day; it goes into the next digest.
    BudgetUsed {
        /// How many messages that is.
        messages: u8,
    },
    /// The person has been reminded of the same item today.
    ItemHadOne,
    /// A channel failed and is tried again later.
    Retry,
    /// Another process has begun to send it.
    Underway,
    /// The person is away and named nobody to stand in.
    Away {
        /// The last day of it.
        to: Date,
    },
    /// Nobody of this name is in team.yaml.
    Stranger {
        /// The name.
        person: PersonId,
    },
    /// The store or the account could not be read or written.
    Trouble,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QuietHours => f.write_str("quiet hours"),
            Self::FreeDay { day } => write!(f, "{day} is a free day"),
            Self::BudgetUsed { messages } => {
                write!(f, "the day's {messages} messages are used; it goes into the next digest")
            }
            Self::ItemHadOne => f.write_str("the item had its reminder today"),
            Self::Retry => f.write_str("a channel failed and is tried again"),
            Self::Underway => f.write_str("another process is sending it"),
            Self::Away { to } => write!(f, "away until {to}, and nobody stands in"),
            Self::Stranger { person } => write!(f, "'{person}' is not in team.yaml"),
            Self::Trouble => f.write_str("files could not be read or written"),
        }
    }
}
