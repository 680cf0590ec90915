//! What is asked of a model, in our own words; serializable because a run record keeps it.
//!
//! It must not know how any vendor spells a request (see `wire_request`).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One question to a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelRequest {
    /// The conversation so far, oldest first.
    pub messages: Vec<Message>,
    /// Tools that the model may call; withheld when the server's settings say it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ToolSpec>,
    /// The shape that the answer must have, if it must have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<OutputSchema>,
    /// The most tokens that the answer may take.
    pub max_tokens: u32,
    /// Left to the server when absent; some models refuse any value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Asks the server for the same answer to the same question, as far as it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
}

impl ModelRequest {
    /// SHA-256 of all of it, by which a question is known again.
    pub fn fingerprint(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Message {
    /// What the operator of the agent says.
    System {
        /// The message itself.
        text: String,
    },
    /// The task and its material.
    User {
        /// The message itself.
        text: String,
    },
    /// What the model said earlier.
    Assistant {
        /// Its words; absent when it only called tools.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// The tools that it called.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<ToolCall>,
    },
    /// What a tool answered.
    Tool {
        /// The id of the call that is answered.
        call_id: String,
        /// The tool's answer.
        text: String,
    },
}

/// A tool as the model sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// The name that the model calls it by.
    pub name: String,
    /// What it is good for, for the model.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: serde_json::Value,
}

/// The JSON Schema that an answer must follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputSchema {
    /// A short name; servers allow letters, digits, `_` and `-`.
    pub name: String,
    /// The schema itself; shared, since it is large and the same for all questions of a task.
    pub schema: Arc<serde_json::Value>,
}

/// A model's wish to have a tool called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ToolCall {
    /// The id that the tool's answer must carry.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments as the model wrote them: JSON text that nobody has checked yet.
    pub arguments: String,
}
