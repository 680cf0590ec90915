//! What a model answered and what it took to get there; kept in the run record as it stands.
//!
//! It must not know wire formats, nor what the answer is used for.

use serde::{Deserialize, Serialize};

use super::{Cost, Fault, ToolCall};

/// A usable answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReply {
    /// Text or calls, never both to be acted on.
    pub content: Content,
    /// Tokens of the attempt that answered, as far as the server told.
    pub usage: Option<Usage>,
    /// The model that answered, in the server's words.
    pub model: String,
    /// Every attempt, the successful one last.
    pub attempts: Vec<Attempt>,
    /// From the first attempt to the answer, waits included, without the wait for a permit.
    pub elapsed_ms: u64,
    /// What all attempts cost together; absent without prices or without a usage to price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

/// What the model wants: to say something, or to have tools called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Its answer; not yet checked against any schema.
    Text(String),
    /// Tools to call before it can answer.
    Calls(Vec<ToolCall>),
}

/// Tokens as the server counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the question, cached ones included.
    pub prompt: u64,
    /// Tokens of the answer.
    pub completion: u64,
    /// Tokens of the question that the server had cached.
    #[serde(default)]
    pub cached: u64,
}

/// One try at the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    /// When it began, from the beginning of the first.
    pub started_after_ms: u64,
    /// How long it took.
    pub elapsed_ms: u64,
    /// The HTTP status, if one arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Tokens spent on it, if the server told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Why it gave no answer; absent when it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}
