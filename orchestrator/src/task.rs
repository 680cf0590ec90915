//! A task: one agent's piece of work on one account, and what has become of it.

use std::fmt;

use infohub::ids::PersonId;
use infohub::occasion::Occasion;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rules::Subject;

/// How often a task is drafted again because the plan changed under it.
pub const MOST_DRAFTS: u32 = 5;

/// Made from what started the task, so that the same cause can never start it twice: `sa.initiate_csp-3f9a27c1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(String);

impl TaskId {
    /// The id of the task that `rule` starts for `subject` because of the event known by `cause`.
    pub fn of(run: &str, rule: &str, subject: &Subject, cause: &str) -> Self {
        let digest = Sha256::digest(format!("{rule}\n{subject}\n{cause}"));
        let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{run}-{hex}"))
    }

    /// The text, usable as a file name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One task as the state of an account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Agent and task, as `sa.initiate_csp`.
    pub run: String,
    /// The rule that started it; empty if a person did.
    pub rule: String,
    /// What is done, in the rule's words.
    pub action: String,
    /// What the rule fired for.
    pub subject: Subject,
    /// `source` and `id` of the event that the rule fired on; for a person, `person` and the person's id.
    pub cause: (String, String),
    /// The person who started it without a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<PersonId>,
    /// What it is about, in the particulars that its prompt may name.
    #[serde(default, skip_serializing_if = "Occasion::is_empty")]
    pub occasion: Occasion,
    /// When it was opened.
    pub opened: Timestamp,
    /// How often it has been drafted or begun again; the first draft is 1.
    pub draft: u32,
    /// How it stands.
    pub status: TaskStatus,
}

impl Task {
    /// Whether doing the one does the other too. Two meetings are two pieces of work; two changes of one deal are
    /// not, since the task reads all that is known when it is done.
    pub fn is_same_work(&self, run: &str, subject: &Subject, occasion: &Occasion) -> bool {
        let about = |occasion: &Occasion| (occasion.material.clone(), occasion.item.clone());
        self.run == run && self.subject == *subject && about(&self.occasion) == about(occasion)
    }
}

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum TaskStatus {
    /// Waits for its agent.
    Pending,
    /// Its draft waits for a person before it enters the plan.
    InReview {
        /// When the draft came.
        since: Timestamp,
    },
    /// Its draft is in the plan, or there was nothing to change.
    Done {
        /// When.
        at: Timestamp,
        /// Version of the plan that holds it.
        version: u64,
    },
    /// It gave up; a person can start it again.
    Failed {
        /// When.
        at: Timestamp,
        /// Why, for people.
        why: String,
    },
    /// Nobody decided on its draft in time, so that it never entered the plan; a person can start it again.
    Lapsed {
        /// When.
        at: Timestamp,
        /// Why, for people.
        why: String,
    },
    /// A person called it off, or turned its draft down.
    Cancelled {
        /// When.
        at: Timestamp,
        /// Why, for people.
        why: String,
    },
}

impl TaskStatus {
    /// True if nothing more will happen to the task by itself.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Failed { .. } | Self::Lapsed { .. } | Self::Cancelled { .. })
    }

    /// One word for tables.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InReview { .. } => "in review",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
            Self::Lapsed { .. } => "lapsed",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}
