//! Why an answer cannot be used, each with what to do about it: for the one re-ask, and for people.
//! It must not know how it was found out.

use std::fmt;

use infohub::ids::ItemId;
use infohub::plan::SectionKey;
use serde::{Deserialize, Serialize};

use super::MOST_BYTES;
use crate::draft::Why;
use crate::evidence::EvidenceCheck;
use crate::schema::Breach;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// It has more bytes than are read.
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// It is no JSON.
    NotJson {
        /// Where reading ended.
        line: usize,
        /// Where on that line.
        column: usize,
        /// Whether it stands between code fences.
        fenced: bool,
    },
    /// It is JSON of another shape.
    Breach(Breach),
    /// It writes a section that the task may not write.
    Outside {
        /// The section.
        section: String,
        /// The sections that it may write.
        allowed: Vec<SectionKey>,
    },
    /// It changes an item that the plan does not have.
    UnknownItem {
        /// The id that it names.
        id: ItemId,
    },
    /// It takes away an item that a person wrote or accepted.
    Accepted {
        /// The item.
        id: ItemId,
    },
    /// It points to an item that is not there.
    LostReference {
        /// The list of the pointing item.
        path: String,
        /// The field that points.
        field: String,
        /// Where it points.
        target: String,
    },
    /// There would be more success criteria than are allowed.
    TooManyCriteria {
        /// How many there would be.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// The plan's types do not take it.
    Unusable {
        /// What they say.
        message: String,
    },
    /// A piece of evidence does not hold.
    Evidence(EvidenceCheck),
    /// An item cites nothing.
    NoEvidence {
        /// Where the item is.
        path: String,
        /// What it says.
        text: String,
    },
    /// An item states a figure otherwise than what it rests on.
    Claim {
        /// Where the item is.
        path: String,
        /// What it says.
        text: String,
        /// What is wrong with it.
        why: Why,
    },
}

impl Reason {
    pub(super) fn outside(section: &str, allowed: &[SectionKey]) -> Self {
        Self::Outside { section: section.chars().take(60).collect(), allowed: allowed.to_vec() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes } => {
                write!(f, "the answer has {bytes} bytes; keep it well under {MOST_BYTES}")
            }
            Self::NotJson { fenced: true, .. } => {
                f.write_str("the answer stands between code fences; send the bare JSON object")
            }
            Self::NotJson { line, column, fenced: false } => {
                write!(f, "the answer is not JSON at line {line}, column {column}; send one JSON object")
            }
            Self::Breach(Breach { path, message }) => write!(f, "{path}: {message}"),
            Self::Outside { section, allowed } => {
                let allowed: Vec<_> = allowed.iter().map(|section| section.as_str()).collect();
                write!(f, "section '{section}' is not one to write here; write only {}", allowed.join(", "))
            }
            Self::UnknownItem { id } => {
                write!(f, "the plan has no item '{id}'; leave the id out to add a new item")
            }
            Self::Accepted { id } => write!(
                f,
                "item '{id}' was written or accepted by a person; leave it and ask a question instead"
            ),
            Self::LostReference { path, field, target } => {
                write!(f, "{path}: {field} names '{target}', which the plan does not have; leave it out")
            }
            Self::TooManyCriteria { count, most } => {
                write!(f, "there would be {count} success criteria; keep the {most} that matter most")
            }
            Self::Unusable { message } => write!(f, "the plan does not take it: {message}"),
            Self::Evidence(check) => check.fmt(f),
            Self::NoEvidence { path, text } => {
                write!(f, "{path}: \"{text}\" cites nothing; cite the material or ask a question instead")
            }
            Self::Claim { path, text, why } => {
                write!(f, "{path}: \"{text}\" cannot stay: {why}; state what the evidence states, or ask")
            }
        }
    }
}
