//! A request as chat completions spell it, borrowed from ours so that nothing is copied.
//!
//! It must not know replies or transports. `stream` is never written: whole answers are asked for.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Fault, Message, ModelRequest, ModelSettings, SchemaMode, TokenLimitField, ToolCall};

/// The longest schema name that servers take.
const MAX_SCHEMA_NAME: usize = 64;

/// The body of one request.
#[derive(Debug, Clone, Serialize)]
pub(super) struct WireRequest<'a> {
    model: &'a str,
    messages: Vec<WireMessage<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<WireTool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<WireFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WireCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
}

#[derive(Debug, Clone, Serialize)]
struct WireCall<'a> {
    id: &'a str,
    r#type: &'static str,
    function: WireFunction<'a>,
}

#[derive(Debug, Clone, Serialize)]
struct WireFunction<'a> {
    name: &'a str,
    arguments: &'a str,
}

#[derive(Debug, Clone, Serialize)]
struct WireTool<'a> {
    r#type: &'static str,
    function: WireToolSpec<'a>,
}

#[derive(Debug, Clone, Serialize)]
struct WireToolSpec<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum WireFormat<'a> {
    JsonSchema { json_schema: WireSchema<'a> },
    JsonObject,
}

#[derive(Debug, Clone, Serialize)]
struct WireSchema<'a> {
    name: &'a str,
    schema: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

impl<'a> WireRequest<'a> {
    /// Spells a request for a server; refuses what no server can answer.
    pub(super) fn new(request: &'a ModelRequest, settings: &'a ModelSettings) -> Result<Self, Fault> {
        check(request)?;
        let limit = |field| (settings.supports.token_limit == field).then_some(request.max_tokens);
        let tools = if settings.supports.tools { request.tools.as_slice() } else { &[] };
        Ok(Self {
            model: &settings.model,
            messages: request.messages.iter().map(wire_message).collect(),
            tools: tools.iter().map(wire_tool).collect(),
            response_format: wire_format(request, settings.supports.schema),
            max_tokens: limit(TokenLimitField::MaxTokens),
            max_completion_tokens: limit(TokenLimitField::MaxCompletionTokens),
            temperature: request.temperature,
            seed: request.seed,
        })
    }
}

fn check(request: &ModelRequest) -> Result<(), Fault> {
    let unsendable = |reason: &str| Err(Fault::Unsendable { reason: reason.to_owned() });
    if request.messages.is_empty() {
        return unsendable("it has no message");
    }
    if request.max_tokens == 0 {
        return unsendable("max_tokens is 0, so no answer fits");
    }
    if request.temperature.is_some_and(|heat| !(0.0..=2.0).contains(&heat)) {
        return unsendable("temperature must be from 0 to 2");
    }
    if let Some(schema) = &request.schema {
        let named = (1..=MAX_SCHEMA_NAME).contains(&schema.name.len())
            && schema.name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !named {
            return unsendable("the schema's name must be 1 to 64 letters, digits, _ or -");
        }
        // Servers accept other JSON here and then let the model write anything.
        if !schema.schema.is_object() {
            return unsendable("the schema must be a JSON object");
        }
    }
    Ok(())
}

fn wire_message(message: &Message) -> WireMessage<'_> {
    let plain = |role, content| WireMessage { role, content, tool_calls: Vec::new(), tool_call_id: None };
    match message {
        Message::System { text } => plain("system", Some(text)),
        Message::User { text } => plain("user", Some(text)),
        Message::Assistant { text, calls } => WireMessage {
            tool_calls: calls.iter().map(wire_call).collect(),
            ..plain("assistant", text.as_deref())
        },
        Message::Tool { call_id, text } => {
            WireMessage { tool_call_id: Some(call_id), ..plain("tool", Some(text)) }
        }
    }
}

fn wire_call(call: &ToolCall) -> WireCall<'_> {
    WireCall {
        id: &call.id,
        r#type: "function",
        function: WireFunction { name: &call.name, arguments: &call.arguments },
    }
}

fn wire_tool(tool: &super::ToolSpec) -> WireTool<'_> {
    WireTool {
        r#type: "function",
        function: WireToolSpec {
            name: &tool.name,
            description: &tool.description,
            parameters: &tool.parameters,
        },
    }
}

fn wire_format(request: &ModelRequest, mode: SchemaMode) -> Option<WireFormat<'_>> {
    let schema = request.schema.as_ref()?;
    let with_schema = |strict| WireFormat::JsonSchema {
        json_schema: WireSchema { name: &schema.name, schema: &schema.schema, strict },
    };
    match mode {
        SchemaMode::Strict => Some(with_schema(Some(true))),
        SchemaMode::PlainSchema => Some(with_schema(None)),
        SchemaMode::JsonObject => Some(WireFormat::JsonObject),
        SchemaMode::None => None,
    }
}

impl ModelRequest {
    /// The request as it would go to the wire, for people who ask what would be sent.
    pub fn as_sent(&self, settings: &ModelSettings) -> Result<Value, Fault> {
        Ok(json!(WireRequest::new(self, settings)?))
    }
}

#[cfg(test)]
#[allow(clippy::needless_pass_by_value, reason = "a check reads best when it is given plain values")]
mod tests {
    use super::*;
    use crate::model::{OutputSchema, ToolSpec};

    fn request() -> ModelRequest {
        ModelRequest {
            messages: vec![
                Message::System { text: "be brief".to_owned() },
                Message::Assistant {
                    text: None,
                    calls: vec![ToolCall {
                        id: "c1".to_owned(),
                        name: "search".to_owned(),
                        arguments: "{\"q\":1}".to_owned(),
                    }],
                },
                Message::Tool { call_id: "c1".to_owned(), text: "nothing".to_owned() },
            ],
            tools: vec![ToolSpec {
                name: "search".to_owned(),
                description: "finds".to_owned(),
                parameters: json!({"type": "object"}),
            }],
            schema: Some(OutputSchema { name: "draft".to_owned(), schema: json!({"type": "object"}).into() }),
            max_tokens: 100,
            temperature: Some(0.0),
            seed: None,
        }
    }

    fn settings(mode: SchemaMode) -> ModelSettings {
        let mut settings = ModelSettings::new("https://models.example/v1", "m1");
        settings.supports.schema = mode;
        settings
    }

    #[test]
    fn a_request_is_spelled_as_servers_expect() {
        let sent = request().as_sent(&settings(SchemaMode::Strict)).unwrap();
        let expected = json!({
            "model": "m1",
            "messages": [
                {"role": "system", "content": "be brief"},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "c1", "type": "function",
                     "function": {"name": "search", "arguments": "{\"q\":1}"}}]},
                {"role": "tool", "content": "nothing", "tool_call_id": "c1"},
            ],
            "tools": [{"type": "function", "function":
                {"name": "search", "description": "finds", "parameters": {"type": "object"}}}],
            "response_format": {"type": "json_schema", "json_schema":
                {"name": "draft", "schema": {"type": "object"}, "strict": true}},
            "max_tokens": 100,
            "temperature": 0.0,
        });
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_server_gets_only_what_it_supports() {
        fn check(mode: SchemaMode, expected: Value) {
            let sent = request().as_sent(&settings(mode)).unwrap();
            assert_eq!(sent["response_format"], expected, "{mode:?}");
        }
        let schema = json!({"name": "draft", "schema": {"type": "object"}});
        check(SchemaMode::PlainSchema, json!({"type": "json_schema", "json_schema": schema}));
        check(SchemaMode::JsonObject, json!({"type": "json_object"}));
        check(SchemaMode::None, Value::Null);

        let mut bare = settings(SchemaMode::None);
        bare.supports.tools = false;
        bare.supports.token_limit = TokenLimitField::MaxCompletionTokens;
        let sent = request().as_sent(&bare).unwrap();
        assert_eq!(sent["tools"], Value::Null);
        assert_eq!(sent["max_tokens"], Value::Null);
        assert_eq!(sent["max_completion_tokens"], 100);
    }

    #[test]
    fn what_no_server_can_answer_is_not_sent() {
        fn check(change: impl FnOnce(&mut ModelRequest), expected: &str) {
            let mut request = request();
            change(&mut request);
            let fault = request.as_sent(&settings(SchemaMode::Strict)).unwrap_err();
            assert!(fault.to_string().contains(expected), "{fault}");
        }
        check(|r| r.messages.clear(), "no message");
        check(|r| r.max_tokens = 0, "max_tokens");
        check(|r| r.temperature = Some(f32::NAN), "temperature");
        check(|r| r.schema.as_mut().unwrap().name = "a b".to_owned(), "name");
        check(|r| r.schema.as_mut().unwrap().schema = json!(true).into(), "object");
    }
}
