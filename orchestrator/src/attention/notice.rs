//! A notice: one thing that a person should know, and why. Pure data; it must not know when it is sent or how.

use std::cmp::Reverse;
use std::fmt;

use infohub::ids::{AccountSlug, ItemId, PersonId};
use infohub::plan::Plan;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::task::TaskId;

/// Made from what the notice stands for, so that the same occasion is one notice: `nt-3f9a27c1d0b4e5f6`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeId(String);

impl NoticeId {
    /// The id of what `source` has to say to a person about something, on one occasion: the event's key, or
    /// the date with the rung of its ladder.
    pub fn of(about: &About, to: &PersonId, source: &str, occasion: &str) -> Self {
        Self(format!("nt-{}", hex(&[about.key().as_str(), to.as_str(), source, occasion])))
    }

    /// The text, usable as a file name and in a Message-ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Sixteen hex digits that stand for the texts in their order.
pub(super) fn hex(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The account.
    pub account: AccountSlug,
    /// The item of its plan; the plan as a whole without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
}

impl About {
    /// The same for all notices about the same thing, usable as a part of a file name.
    pub fn key(&self) -> String {
        hex(&[self.account.as_str(), self.item.as_ref().map_or("", ItemId::as_str)])
    }
}

/// Why people are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A reminder of what they know; at most one about an item a day.
    Nudge,
    /// Something that they are to do.
    Task,
    /// Something that somebody else did not do.
    Escalation,
    /// Something that they are to decide.
    Decision,
    /// A draft that they are to look at.
    Review,
}

/// What goes first; the most pressing is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Before all else.
    Urgent,
    /// Before the usual.
    High,
    /// The usual.
    Normal,
    /// When there is room.
    Low,
}

impl Kind {
    /// The priority of a notice that nobody gave another one.
    pub fn priority(self) -> Priority {
        match self {
            Self::Escalation => Priority::Urgent,
            Self::Decision => Priority::High,
            Self::Task | Self::Review => Priority::Normal,
            Self::Nudge => Priority::Low,
        }
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nudge => "reminder",
            Self::Task => "task",
            Self::Escalation => "escalation",
            Self::Decision => "decision",
            Self::Review => "review",
        }
    }
}

/// One thing that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whom it is for.
    pub to: PersonId,
    /// What it is about.
    pub about: About,
    /// Why the person is written to.
    pub kind: Kind,
    /// What goes first.
    pub priority: Priority,
    /// What it is about, in a few words, such as the item's own text.
    pub title: String,
    /// What is said.
    pub words: String,
    /// The day that the item is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// What wants it known: the rule, or the id of the task or review.
    pub source: String,
    /// The task that it tells of, where a rule wants it known: with the task's review decided there is nothing to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<TaskId>,
    /// When it arose.
    pub since: Timestamp,
}

impl Notice {
    /// Sorts by what goes first: priority, then the earlier due date, then the earlier notice, then the id.
    pub fn order(&self) -> (Priority, Reverse<bool>, Option<Date>, Timestamp, &NoticeId) {
        (self.priority, Reverse(self.due.is_some()), self.due, self.since, &self.id)
    }
}

/// The words of a reminder of an item: the agent's, if it wrote some for the item as it stands, else the rule's.
pub fn reminder_words(plan: &Plan, item: &ItemId, due: Option<Date>, notification: &str) -> String {
    let written = plan.registers.briefing.reminders.iter().rev();
    let fitting = written
        .filter(|reminder| reminder.item.as_ref() == Some(item))
        .find(|reminder| reminder.due.is_none() || reminder.due == due);
    fitting.map_or(notification, |reminder| reminder.words.as_str()).to_owned()
}
