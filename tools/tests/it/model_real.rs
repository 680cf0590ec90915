//! The model client against a real OpenAI-compatible server; run by hand and by the project's script:
//! `CSP_TEST_MODEL_URL=http://127.0.0.1:8080/v1 cargo test -p tools --test it model_real -- --ignored`
//!
//! Plumbing only: what a small model says is never judged here.

use serde_json::json;
use tokio_util::sync::CancellationToken;
use tools::model::{Content, Fault, Message, ModelClient, ModelRequest, ModelSettings, OutputSchema, Usage};

#[allow(clippy::disallowed_methods, reason = "the address of a real server can only come from outside")]
fn client() -> ModelClient {
    let base_url = std::env::var("CSP_TEST_MODEL_URL").expect("CSP_TEST_MODEL_URL must name a server");
    ModelClient::new(&ModelSettings::new(base_url, "any"), None).unwrap()
}

fn question(text: &str) -> ModelRequest {
    ModelRequest {
        messages: vec![Message::User { text: text.to_owned() }],
        tools: Vec::new(),
        schema: Some(OutputSchema {
            name: "colour".to_owned(),
            schema: json!({
                "type": "object",
                "properties": {"colour": {"type": "string", "enum": ["red", "green", "blue"]}},
                "required": ["colour"],
                "additionalProperties": false,
            })
            .into(),
        }),
        max_tokens: 60,
        temperature: Some(0.0),
        seed: Some(1),
    }
}

#[tokio::test]
#[ignore = "needs a real model server"]
async fn a_schema_is_followed() {
    let reply = client().ask(&question("Which colour is grass?"), &CancellationToken::new()).await.unwrap();
    let Content::Text(text) = &reply.content else { panic!("{reply:?}") };
    let answer: serde_json::Value = serde_json::from_str(text).unwrap();
    assert!(["red", "green", "blue"].contains(&answer["colour"].as_str().unwrap()), "{text}");
    assert!(reply.usage.is_some_and(|Usage { prompt, completion, .. }| prompt > 0 && completion > 0));
}

#[tokio::test]
#[ignore = "needs a real model server"]
async fn the_token_limit_truncates() {
    let short = ModelRequest { max_tokens: 2, ..question("Which colour is grass?") };
    let failure = client().ask(&short, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(failure.fault, Fault::Truncated { usage: Some(_), .. }), "{failure:?}");
    assert_eq!(failure.attempts.len(), 1);
}

#[tokio::test]
#[ignore = "needs a real model server"]
async fn a_question_beyond_the_context_overflows() {
    let long = question(&"grass is green and ".repeat(60_000));
    let failure = client().ask(&long, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(failure.fault, Fault::ContextOverflow { .. }), "{:?}", failure.fault);
}

#[tokio::test]
#[ignore = "needs a real model server"]
async fn a_schema_that_the_server_cannot_use_is_rejected_with_its_reason() {
    let mut odd = question("Which colour is grass?");
    odd.schema = Some(OutputSchema {
        name: "odd".to_owned(),
        schema: json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/absent"}}}).into(),
    });
    let failure = client().ask(&odd, &CancellationToken::new()).await.unwrap_err();
    let Fault::Rejected { status: 400, message, .. } = &failure.fault else { panic!("{failure:?}") };
    assert!(!message.is_empty());
}
