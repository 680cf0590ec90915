//! Records from a customer relationship management system (CRM), and the events that they become.
//!
//! ```text
//! an export's bytes ──salesforce::read──► CrmBatch ──events──► `opportunity.changed`
//! a describe answer ──salesforce::describe──► fields ──stages──► the order of the sales stages
//! ```
//!
//! Must not know rules, plans or where events go. What a record says is kept as far as a plan can use it;
//! everything else is counted and dropped.

mod event;
mod record;
pub mod salesforce;
mod slug;

pub use event::{Events, events};
pub use record::{Account, Contact, CrmBatch, CrmRecord, Opportunity, Organization, Seen, Skipped};
pub use slug::{Slugs, slug};

/// Why an export cannot be read at all; single records are skipped instead.
#[derive(Debug, thiserror::Error)]
pub enum CrmError {
    /// It is longer than anything that is read in one piece.
    #[error("failed to read {name}: it has {bytes} bytes, the limit is {limit}; split it")]
    TooLarge {
        /// The export's name.
        name: String,
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// It is not text.
    #[error("failed to read {name}: it is not UTF-8 at byte {offset}")]
    Encoding {
        /// The export's name.
        name: String,
        /// The first byte that is not.
        offset: usize,
    },
    /// It is not of a kind that is known.
    #[error("failed to read {name}: it is none of CSV, JSON and a recorded answer in YAML")]
    UnknownKind {
        /// The export's name.
        name: String,
    },
    /// Its JSON is broken.
    #[error("failed to read {name} as JSON at line {line}, column {column}: {detail}")]
    Json {
        /// The export's name.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        detail: String,
    },
    /// Its YAML is broken.
    #[error("failed to read {name} as a recorded answer: {detail}")]
    Yaml {
        /// The export's name.
        name: String,
        /// What is wrong, with its place.
        detail: String,
    },
    /// Its table is broken.
    #[error("failed to read {name} as CSV at line {line}: {detail}")]
    Csv {
        /// The export's name.
        name: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        detail: String,
    },
    /// Neither its name, its ids nor its columns tell what it holds.
    #[error(
        "failed to read {name}: nothing tells which object it holds; name the file after it, such as account.csv"
    )]
    UnknownObject {
        /// The export's name.
        name: String,
    },
    /// It is a readable answer, but describes no object.
    #[error("failed to read {name} as a description of an object: {detail}")]
    NotADescription {
        /// The export's name.
        name: String,
        /// What is missing.
        detail: String,
    },
}

impl CrmError {
    /// Whether the same bytes may be read on another try: never.
    pub fn is_transient(&self) -> bool {
        false
    }
}
