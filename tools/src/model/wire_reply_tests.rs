//! Tests of `wire_reply`: bodies as servers send them, and the answer or fault in each.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Answer, parse};
use crate::model::{Content, Fault, FilterStage, Malformation, ToolCall, Usage};

const USAGE: Usage = Usage { prompt: 12, completion: 3, cached: 4 };

fn answer_in(body: &[u8]) -> Result<Answer, Fault> {
    parse(body, "application/json")
}

/// A whole completion with one choice.
fn completion(finish: Value, message: Value) -> Value {
    json!({
        "id": "x", "object": "chat.completion", "created": 1, "model": "m1-2026",
        "choices": [{"index": 0, "finish_reason": finish, "message": message, "logprobs": null}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15,
                  "prompt_tokens_details": {"cached_tokens": 4}},
    })
}

fn check_fault(body: &Value, expected: Fault) {
    let seen = answer_in(body.to_string().as_bytes());
    assert_eq!(seen, Err(expected), "{body}");
}

fn malformed(what: Malformation, body: &Value) -> Fault {
    Fault::Malformed { what, bytes: body.to_string().len() as u64 }
}

#[test]
fn answers_are_text_or_calls() {
    fn check(finish: &str, message: Value, expected: Content) {
        let body = completion(json!(finish), message).to_string();
        let answer = answer_in(body.as_bytes()).unwrap();
        assert_eq!(answer.content, expected, "{body}");
        assert_eq!(answer.usage, Some(USAGE));
        assert_eq!(answer.model.as_deref(), Some("m1-2026"));
    }
    fn call(id: &str, arguments: &str) -> ToolCall {
        ToolCall { id: id.to_owned(), name: "search".to_owned(), arguments: arguments.to_owned() }
    }
    let text = |text: &str| Content::Text(text.to_owned());
    check("stop", json!({"role": "assistant", "content": "yes"}), text("yes"));
    check("eos", json!({"content": " yes\n", "refusal": null, "tool_calls": []}), text(" yes\n"));
    let called = json!({"content": null, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{}"}},
        {"id": null, "function": {"name": "search", "arguments": {"q": 1}}}]});
    let calls = vec![call("c1", "{}"), call("call_1", r#"{"q":1}"#)];
    check("tool_calls", called.clone(), Content::Calls(calls.clone()));
    check("stop", called, Content::Calls(calls));
}

#[test]
fn how_it_ended_comes_before_what_it_says() {
    let usage = Some(USAGE);
    let half = json!({"content": "{\"a\": \"é"});
    let cut = Fault::Truncated { partial_chars: 8, usage };
    check_fault(&completion(json!("length"), half.clone()), cut);
    let filtered = Fault::ContentFiltered { stage: FilterStage::Answer, usage };
    check_fault(&completion(json!("content_filter"), half.clone()), filtered);
    let refused = Fault::Refused { text: "I cannot".to_owned(), usage };
    let refusal = json!({"content": null, "refusal": "I cannot"});
    check_fault(&completion(json!("stop"), refusal), refused);
    for reason in [json!("gremlins"), json!(null)] {
        let body = completion(reason, half.clone());
        check_fault(&body, malformed(Malformation::UnknownFinish, &body));
    }
}

#[test]
fn nothing_in_the_answer_is_empty() {
    let usage = Some(USAGE);
    for message in [json!({}), json!({"content": null}), json!({"content": " \n"}), json!(null)] {
        check_fault(&completion(json!("stop"), message), Fault::Empty { usage });
    }
    check_fault(&json!({"choices": []}), Fault::Empty { usage: None });
}

#[test]
fn other_shapes_are_malformed() {
    for body in [
        json!({}),
        json!([]),
        json!({"choices": null}),
        json!({"choices": "none"}),
        completion(json!("stop"), json!({"content": ["parts"]})),
        completion(json!("tool_calls"), json!({"tool_calls": [{"id": "c1"}]})),
    ] {
        check_fault(&body, malformed(Malformation::WrongShape, &body));
    }
}

#[test]
fn undecodable_bodies_are_told_by_kind() {
    fn check(body: &str, content_type: &str, expected: Malformation) {
        let fault = parse(body.as_bytes(), content_type).unwrap_err();
        let bytes = body.len() as u64;
        let what = expected;
        assert_eq!(fault, Fault::Malformed { what, bytes }, "{body:?}");
    }
    check("", "application/json", Malformation::NotJson);
    check("{\"choices\": [", "application/json", Malformation::NotJson);
    check("{} trailing", "application/json", Malformation::NotJson);
    check(&"[".repeat(100_000), "application/json", Malformation::WrongShape);
    check("\n <!doctype html>", "application/json", Malformation::Html);
    check("please log in", "text/html; charset=utf-8", Malformation::Html);
}

#[test]
fn an_error_under_a_success_status_is_an_error() {
    check_fault(
        &json!({"error": {"code": 429, "message": "upstream busy"}}),
        Fault::RateLimited { retry_after_ms: None },
    );
    check_fault(
        &json!({"error": {"code": 502, "message": "upstream gone"}}),
        Fault::Unavailable { status: 502, retry_after_ms: None },
    );
}

#[test]
fn a_strange_usage_does_not_cost_the_answer() {
    for usage in [json!(null), json!("many"), json!({"prompt_tokens": -1}), json!([1])] {
        let mut body = completion(json!("stop"), json!({"content": "yes"}));
        body["usage"] = usage;
        let answer = answer_in(body.to_string().as_bytes()).unwrap();
        assert_eq!(answer.usage, None, "{body}");
    }
}

proptest! {
    #[test]
    fn no_body_upsets_the_reader(body: Vec<u8>) {
        prop_assert!(answer_in(&body).is_err());
    }

    #[test]
    fn a_completion_cut_anywhere_is_never_an_answer(at in 0.0_f64..1.0) {
        let body = completion(json!("stop"), json!({"content": "yes"})).to_string();
        let cut = &body.as_bytes()[..(body.len() as f64 * at) as usize];
        prop_assert!(answer_in(cut).is_err());
    }
}
