//! The model client against a scripted server: each fault of a server has a test named after it.
//!
//! Every test ends by checking what holds for every request that the server has seen.

mod answers;
mod bounds;
mod chaos;
mod connections;
mod disclosure;
mod statuses;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tools::model::scripted::{CapturedRequest, ScriptedAnswer, ScriptedServer, WireFault};
use tools::model::{
    ApiKey, ClientError, Content, Fault, FilterStage, LossStage, Malformation, Message, ModelClient,
    ModelFailure, ModelReply, ModelRequest, ModelSettings, OutputSchema, Prices, TimeLimit, ToolCall, Usage,
};

const KEY: &str = "sk-test-0123456789abcdef";

/// Words of a customer, which may stand in requests and records but never in messages.
const SECRET_WORDS: &str = "Project Nightjar";

const USAGE: Usage = Usage { prompt: 100, completion: 20, cached: 0 };

/// Limits short enough to be reached in a test, long enough for a busy machine.
fn settings(base_url: &str) -> ModelSettings {
    let mut settings = ModelSettings::new(base_url, "m1");
    settings.limits.connect_ms = 2_000;
    settings.limits.first_byte_ms = 5_000;
    settings.limits.silence_ms = 5_000;
    settings.limits.total_ms = 20_000;
    settings.limits.backoff_ms = 10;
    settings.limits.backoff_cap_ms = 40;
    settings
}

fn question() -> ModelRequest {
    ModelRequest {
        messages: vec![Message::User { text: format!("What does {SECRET_WORDS} need?") }],
        tools: Vec::new(),
        schema: Some(OutputSchema {
            name: "draft".to_owned(),
            schema: json!({"type": "object", "properties": {}, "additionalProperties": false}).into(),
        }),
        max_tokens: 200,
        temperature: Some(0.0),
        seed: Some(1),
    }
}

/// What came of asking one scripted server one question.
struct Call {
    outcome: Result<ModelReply, ModelFailure>,
    requests: usize,
    took: Duration,
}

impl Call {
    fn failure(&self) -> &ModelFailure {
        self.outcome.as_ref().expect_err("the call should have failed")
    }

    fn reply(&self) -> &ModelReply {
        self.outcome.as_ref().expect("the call should have succeeded")
    }

    fn assert_fault(&self, expected: &Fault, requests: usize) {
        assert_eq!(&self.failure().fault, expected);
        assert_eq!(self.requests, requests, "requests at the server");
        assert_eq!(self.failure().attempts.len(), requests, "attempts in the record");
    }
}

async fn call(answers: Vec<ScriptedAnswer>) -> Call {
    call_with(answers, |_| {}).await
}

async fn call_with(answers: Vec<ScriptedAnswer>, change: impl FnOnce(&mut ModelSettings)) -> Call {
    let server = ScriptedServer::start_with(answers).await.unwrap();
    let mut settings = settings(&server.base_url());
    change(&mut settings);
    let client = ModelClient::new(&settings, Some(ApiKey::parse(KEY).unwrap())).unwrap();
    let started = Instant::now();
    let outcome = client.ask(&question(), &CancellationToken::new()).await;
    let took = started.elapsed();
    let requests = server.requests();
    for request in &requests {
        assert_request_is_proper(request);
    }
    assert_record_is_clean(&outcome, &client);
    server.stop().await;
    Call { outcome, requests: requests.len(), took }
}

/// What holds for every request, whatever happens around it.
fn assert_request_is_proper(request: &CapturedRequest) {
    let body = request.json();
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/v1/chat/completions");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert!(!String::from_utf8_lossy(&request.body).contains(KEY));
    assert_eq!(body["model"], "m1");
    assert_eq!(body["max_tokens"], 200);
    assert_eq!(body["seed"], 1);
    assert_eq!(body.get("stream"), None);
    let format = &body["response_format"];
    assert_eq!(format["type"], "json_schema");
    assert_eq!(format["json_schema"]["strict"], true);
    assert_eq!(format["json_schema"]["schema"]["type"], "object");
}

/// What holds for every outcome: it can be stored and read again, and it gives nothing away.
fn assert_record_is_clean(outcome: &Result<ModelReply, ModelFailure>, client: &ModelClient) {
    let record = match outcome {
        Ok(reply) => {
            let record = serde_json::to_string(reply).unwrap();
            assert_eq!(&serde_json::from_str::<ModelReply>(&record).unwrap(), reply);
            record
        }
        Err(failure) => {
            let record = serde_json::to_string(failure).unwrap();
            assert_eq!(&serde_json::from_str::<ModelFailure>(&record).unwrap(), failure);
            assert!(!failure.to_string().contains(SECRET_WORDS), "{failure}");
            record
        }
    };
    for shown in [record, format!("{outcome:?}"), format!("{client:?}")] {
        assert!(!shown.contains(KEY), "{shown}");
    }
}

fn error(status: u16, message: &str) -> ScriptedAnswer {
    ScriptedAnswer::json(status, &json!({"error": {"message": message, "type": "server_error"}}))
}

fn malformed(what: Malformation, body: &str) -> Fault {
    let bytes = body.len() as u64;
    Fault::Malformed { what, bytes }
}

fn unavailable(status: u16) -> Fault {
    Fault::Unavailable { status, retry_after_ms: None }
}

fn fine() -> ScriptedAnswer {
    ScriptedAnswer::text("{}")
}
