//! Open questions: what an agent could not find is asked, not guessed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::section::SectionKey;
use crate::ids::ItemId;

/// A question that waits for a person's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id, made from section and words: the same question asked twice is one.
    #[serde(default)]
    pub id: ItemId,
    /// The section that needs the answer.
    pub section: SectionKey,
    /// The question.
    pub question: String,
    /// Whether it is answered.
    #[serde(default = "open", skip_serializing_if = "is_open")]
    pub status: QuestionStatus,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

super::words::words! {
    /// Whether a question is answered.
    QuestionStatus {
        /// It is not.
        Open,
        /// It is.
        Answered,
        /// Nobody needs the answer any more.
        Dropped,
    }
}

/// A question as an agent puts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionDraft {
    /// The section that needs the answer.
    pub section: SectionKey,
    /// What is not known, as a question to a person.
    pub question: String,
}

impl QuestionDraft {
    pub(crate) fn id(&self) -> ItemId {
        ItemId::derive("qu", self.section.as_str(), self.question.trim(), |_| false)
    }
}

/// Adds the questions that were not asked before.
pub(super) fn add_new(known: &mut Vec<Question>, drafts: &[QuestionDraft]) {
    for draft in drafts {
        let id = draft.id();
        if !known.iter().any(|question| question.id == id) {
            known.push(Question {
                id,
                section: draft.section,
                question: draft.question.trim().to_owned(),
                status: QuestionStatus::Open,
                answer: None,
            });
        }
    }
}

fn open() -> QuestionStatus {
    QuestionStatus::Open
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_open(status: &QuestionStatus) -> bool {
    *status == QuestionStatus::Open
}
