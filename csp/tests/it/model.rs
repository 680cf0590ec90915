//! A model drafts through the real binary, against a server of our own: what it gets wrong is told and never
//! written, and neither key nor text shows up in any log.

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{ACCOUNT, Ran, STARTS, Stage, run};

const KEY: &str = "sk-not-a-real-key-4f7a";

/// The sample with a model at this server, and a task that waits.
fn with_model(server: &MockServer) -> Stage {
    let stage = Stage::sample();
    let config = format!(
        "[drafter]\nkind = \"model\"\n[model]\nbase_url = \"{}/v1\"\nmodel = \"scripted\"\napi_key_env = \"TEST_MODEL_KEY\"\n[model.limits]\nmax_attempts = 1\n",
        server.uri()
    );
    stage.write("csp.toml", config);
    stage.csp(&["emit", "events/01-veldhaven-stage-1.json"]).ok();
    stage.csp(&["emit", STARTS]).ok();
    stage
}

fn work(stage: &Stage) -> Ran {
    run(stage.command(&["work", "--until-idle", "-vvv"]).env("TEST_MODEL_KEY", KEY).current_dir(stage.root()))
}

/// A server that gives the answer to whoever has the key.
async fn server(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let ask = Mock::given(method("POST")).and(path("/v1/chat/completions"));
    ask.and(header("authorization", format!("Bearer {KEY}"))).respond_with(template).mount(&server).await;
    server
}

fn reply(answer: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "id": "r-1", "object": "chat.completion", "created": 1_770_000_000, "model": "scripted",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer.to_string()}}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990},
    }))
}

/// Two statements on the company: one with the source's own words, one with words that stand nowhere.
fn answer() -> Value {
    let item = |text: &str, quote: &str| json!({ "text": text, "evidence": [{ "source": "materials/discovery/2026-01-12.md", "quote": quote }] });
    let true_words = "Moves 2.1 million consignments a year, two thirds of them for retail customers.";
    let invented = "The board has already decided to buy three more warehouses in the south of France.";
    json!({
        "sections": { "background": { "company": { "upsert": [item(true_words, true_words), item(invented, invented)] } } },
        "questions": [],
    })
}

#[test]
fn what_a_model_invents_is_told_and_not_written() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(server(reply(&answer())));
    let stage = with_model(&server);
    let ran = work(&stage).ends(0);
    let plan = stage.csp(&["plan", "show", ACCOUNT]).ok();
    assert!(plan.contains("Moves 2.1 million consignments"), "{plan}");
    assert!(!plan.contains("• The board has already decided"), "{plan}");
    let tasks = stage.csp(&["task", "list", "--all", "--json"]).json();
    let id = tasks["tasks"][0]["task"]["id"].as_str().unwrap();
    let told = stage.csp(&["task", "show", id]).ok();
    assert!(told.contains("by scripted") && told.contains("dropped"), "{told}");
    for text in [&ran.out, &ran.err, &told] {
        assert!(!text.contains(KEY), "the key is told");
    }
    assert!(!ran.err.contains("cross-dock"), "the account's text is in a log");
}

#[test]
fn a_server_that_fails_fails_the_task_and_a_person_can_start_it_again() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(server(ResponseTemplate::new(500).set_body_string("out of order")));
    let stage = with_model(&server);
    let ran = work(&stage).ends(0);
    assert!(ran.out.contains("task failed"), "{}", ran.out);
    assert!(ran.out.contains("csp task retry"), "{}", ran.out);
    stage.csp(&["plan", "show", ACCOUNT]).ends(4);
    stage.write("csp.toml", "");
    let tasks = stage.csp(&["task", "list", "--all", "--json"]).json();
    let id = tasks["tasks"][0]["task"]["id"].as_str().unwrap();
    stage.csp(&["task", "retry", id, "--as", "mira"]).ok();
    stage.csp(&["work", "--until-idle"]).ok();
    assert!(stage.csp(&["plan", "show", ACCOUNT]).ok().contains("14 cross-dock warehouses"));
}

#[test]
fn a_key_that_is_not_there_is_told_before_anything_is_asked() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(server(reply(&answer())));
    let stage = with_model(&server);
    let ran = stage.csp(&["work", "--until-idle"]).ends(5);
    assert!(ran.err.contains("TEST_MODEL_KEY, which is not set"), "{}", ran.err);
    assert!(stage.csp(&["check"]).ok().contains("note: csp.toml takes the model's key from TEST_MODEL_KEY"));
    assert!(runtime.block_on(server.received_requests()).unwrap().is_empty());
}
