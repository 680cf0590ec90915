//! What a scripted server answers: a response, and the fault it is sent with.
//!
//! It must not know sockets; it is only made into bytes here.

use std::time::Duration;

use serde_json::{Value, json};

use crate::model::ToolCall;

/// One response of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers besides `content-length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait before the first byte.
    pub delay: Duration,
    /// How sending goes wrong, if it does.
    pub fault: Option<WireFault>,
}

/// How sending a response goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    /// The connection is closed after so many bytes of the body.
    CutAfter(usize),
    /// Nothing follows so many bytes of the body, and the connection stays open.
    SilentAfter(usize),
    /// The connection is reset in place of a response.
    Reset,
}

impl ScriptedAnswer {
    /// A completion that says this.
    pub fn text(content: &str) -> Self {
        Self::finished("stop", &json!({"role": "assistant", "content": content}))
    }

    /// A completion that wants these tools called.
    pub fn calls(calls: &[ToolCall]) -> Self {
        let calls: Vec<Value> = calls
            .iter()
            .map(|call| {
                let function = json!({"name": call.name, "arguments": call.arguments});
                json!({"id": call.id, "type": "function", "function": function})
            })
            .collect();
        let message = json!({"role": "assistant", "content": null, "tool_calls": calls});
        Self::finished("tool_calls", &message)
    }

    /// A completion with this message that ended for this reason; it counts 100 tokens in, 20 out.
    pub fn finished(reason: &str, message: &Value) -> Self {
        Self::json(
            200,
            &json!({
                "id": "scripted", "object": "chat.completion", "created": 0, "model": "scripted",
                "choices": [{"index": 0, "finish_reason": reason, "message": message}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
            }),
        )
    }

    /// Any JSON with any status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::raw(status, "application/json", body.to_string())
    }

    /// Any body with any status.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), delay: Duration::ZERO, fault: None }
            .with_header("content-type", content_type)
    }

    /// The same with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, but later.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same, but it goes wrong.
    #[must_use]
    pub fn with_fault(mut self, fault: WireFault) -> Self {
        self.fault = Some(fault);
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} Scripted\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
