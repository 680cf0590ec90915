//! From the body of a successful response to an answer, or to the fault that it hides.
//!
//! Everything in a body is optional here: a missing part becomes a named fault, not a parser's
//! message that quotes the body. It must not know attempts or transports.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::error_body::{fault_of_error_value, shortened};
use super::{Content, Fault, FilterStage, Malformation, ToolCall, Usage};

/// More calls than any tool round allows.
const MAX_CALLS: usize = 64;

/// The longest model name that is kept.
const MAX_MODEL_CHARS: usize = 200;

/// The parts of a chat completion that we read.
#[derive(Debug, Deserialize)]
struct WireReply {
    #[serde(default)]
    choices: Option<Vec<WireChoice>>,
    #[serde(default, deserialize_with = "lenient_usage")]
    usage: Option<Usage>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct WireChoice {
    #[serde(default)]
    finish_reason: Option<String>,
    #[serde(default)]
    message: Option<WireMessage>,
}

#[derive(Debug, Default, Deserialize)]
struct WireMessage {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<WireCall>>,
}

#[derive(Debug, Deserialize)]
struct WireCall {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Option<WireFunction>,
}

#[derive(Debug, Deserialize)]
struct WireFunction {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    arguments: Value,
}

/// An answer that passed every check of this module.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(try_from = "WireReply")]
pub(super) struct Answer {
    pub(super) content: Content,
    pub(super) usage: Option<Usage>,
    pub(super) model: Option<String>,
}

/// How a generation ended, in the words of several servers.
enum Finish {
    Whole,
    Cut,
    Filtered,
    Unknown,
}

/// The answer in a body; what is wrong with it is told without quoting it.
pub(super) fn parse(body: &[u8], content_type: &str) -> Result<Answer, Fault> {
    let bytes = body.len() as u64;
    let reply: WireReply = serde_json::from_slice(body).map_err(|error| {
        let is_page = content_type.contains("html") || body.trim_ascii_start().starts_with(b"<");
        let what = match error.classify() {
            _ if is_page => Malformation::Html,
            serde_json::error::Category::Data => Malformation::WrongShape,
            _ => Malformation::NotJson,
        };
        Fault::Malformed { what, bytes }
    })?;
    reply.into_answer(bytes)
}

impl TryFrom<WireReply> for Answer {
    type Error = Fault;

    fn try_from(reply: WireReply) -> Result<Self, Fault> {
        reply.into_answer(0)
    }
}

impl WireReply {
    /// The answer in it. How it ended is checked before what it says, since a cut answer may look
    /// whole. `bytes` is the size of the body, for the fault.
    fn into_answer(self, bytes: u64) -> Result<Answer, Fault> {
        let usage = self.usage;
        if let Some(error) = self.error.filter(|error| !error.is_null()) {
            return Err(fault_of_error_value(&error));
        }
        let malformed = |what| Fault::Malformed { what, bytes };
        let choices = self.choices.ok_or_else(|| malformed(Malformation::WrongShape))?;
        let Some(choice) = choices.into_iter().next() else {
            return Err(Fault::Empty { usage });
        };
        let message = choice.message.unwrap_or_default();
        if let Some(refusal) = message.refusal.filter(|refusal| !refusal.trim().is_empty()) {
            return Err(Fault::Refused { text: shortened(&refusal), usage });
        }
        let text = message.content.unwrap_or_default();
        let calls = message.tool_calls.unwrap_or_default();
        check_finish(choice.finish_reason.as_deref(), &text, usage, bytes)?;
        let content = if calls.is_empty() {
            whole_text(text).ok_or(Fault::Empty { usage })?
        } else {
            Content::Calls(tool_calls(calls).ok_or_else(|| malformed(Malformation::WrongShape))?)
        };
        let model = self.model.map(|name| name.chars().take(MAX_MODEL_CHARS).collect());
        Ok(Answer { content, usage, model })
    }
}

fn check_finish(reason: Option<&str>, text: &str, usage: Option<Usage>, bytes: u64) -> Result<(), Fault> {
    match finish(reason) {
        Finish::Whole => Ok(()),
        Finish::Cut => Err(Fault::Truncated { partial_chars: text.chars().count() as u64, usage }),
        Finish::Filtered => Err(Fault::ContentFiltered { stage: FilterStage::Answer, usage }),
        Finish::Unknown => Err(Fault::Malformed { what: Malformation::UnknownFinish, bytes }),
    }
}

fn finish(reason: Option<&str>) -> Finish {
    match reason {
        // The words after the first three are those of other servers for the same thing.
        Some(
            "stop" | "tool_calls" | "function_call" | "eos" | "eos_token" | "end_turn" | "stop_sequence",
        ) => Finish::Whole,
        Some("length" | "max_tokens" | "model_length") => Finish::Cut,
        Some("content_filter") => Finish::Filtered,
        Some(_) | None => Finish::Unknown,
    }
}

fn whole_text(text: String) -> Option<Content> {
    (!text.trim().is_empty()).then_some(Content::Text(text))
}

/// Every call, or nothing if one has no name: half of a round cannot be answered.
fn tool_calls(calls: Vec<WireCall>) -> Option<Vec<ToolCall>> {
    if calls.len() > MAX_CALLS {
        return None;
    }
    let numbered = calls.into_iter().enumerate();
    numbered
        .map(|(index, call)| {
            let function = call.function?;
            let arguments = match function.arguments {
                Value::String(text) => text,
                Value::Null => "{}".to_owned(),
                // Some servers send the arguments as JSON rather than as text.
                other => other.to_string(),
            };
            Some(ToolCall {
                id: call.id.filter(|id| !id.is_empty()).unwrap_or(format!("call_{index}")),
                name: function.name.filter(|name| !name.is_empty())?,
                arguments,
            })
        })
        .collect()
}

/// A usage in a strange shape must not cost us the answer beside it.
fn lenient_usage<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Usage>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = |path: &str| value.pointer(path).and_then(Value::as_u64);
    Ok(number("/prompt_tokens").map(|prompt| Usage {
        prompt,
        completion: number("/completion_tokens").unwrap_or(0),
        cached: number("/prompt_tokens_details/cached_tokens").unwrap_or(0),
    }))
}

#[cfg(test)]
#[allow(clippy::needless_pass_by_value, reason = "a check reads best when it is given plain values")]
#[path = "wire_reply_tests.rs"]
mod tests;
