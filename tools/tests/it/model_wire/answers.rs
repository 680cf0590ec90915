//! Responses with status 200: what is an answer, and what only looks like one.

use super::*;

#[tokio::test]
async fn an_answer_carries_its_usage_cost_and_attempt() {
    let call = call_with(vec![fine()], |settings| {
        settings.prices = Some(Prices {
            input: "2.5".parse().unwrap(),
            cached_input: None,
            output: "10".parse().unwrap(),
            currency: "EUR".to_owned(),
        });
    })
    .await;
    let reply = call.reply();
    assert_eq!(reply.content, Content::Text("{}".to_owned()));
    assert_eq!(reply.usage, Some(USAGE));
    assert_eq!(reply.model, "scripted");
    assert_eq!(reply.cost.as_ref().unwrap().amount.to_string(), "0.00045");
    assert_eq!(reply.attempts.len(), 1);
    assert_eq!(reply.attempts[0].status, Some(200));
    assert_eq!(call.requests, 1);
}

#[tokio::test]
async fn tool_calls_come_back_as_calls() {
    let wanted =
        ToolCall { id: "c1".to_owned(), name: "search".to_owned(), arguments: r#"{"q":"cost"}"#.to_owned() };
    let call = call(vec![ScriptedAnswer::calls(std::slice::from_ref(&wanted))]).await;
    assert_eq!(call.reply().content, Content::Calls(vec![wanted]));
}

#[tokio::test]
async fn a_breach_of_the_schema_passes_as_text() {
    let call = call(vec![ScriptedAnswer::text(r#"{"unasked": 1}"#)]).await;
    assert_eq!(call.reply().content, Content::Text(r#"{"unasked": 1}"#.to_owned()));
}

#[tokio::test]
async fn truncation_is_never_an_answer() {
    let half = json!({"role": "assistant", "content": "{\"a\": 1"});
    let call = call(vec![ScriptedAnswer::finished("length", &half)]).await;
    let truncated = Fault::Truncated { partial_chars: 7, usage: Some(USAGE) };
    call.assert_fault(&truncated, 1);
    assert_eq!(call.failure().attempts[0].usage, Some(USAGE));
}

#[tokio::test]
async fn refusal_is_told_with_its_words_in_the_record_only() {
    let refusal = json!({"content": null, "refusal": format!("Not {SECRET_WORDS}")});
    let call = call(vec![ScriptedAnswer::finished("stop", &refusal)]).await;
    let refused = Fault::Refused { text: format!("Not {SECRET_WORDS}"), usage: Some(USAGE) };
    call.assert_fault(&refused, 1);
}

#[tokio::test]
async fn content_filter_is_told() {
    let half = json!({"content": "{"});
    let call = call(vec![ScriptedAnswer::finished("content_filter", &half)]).await;
    let filtered = Fault::ContentFiltered { stage: FilterStage::Answer, usage: Some(USAGE) };
    call.assert_fault(&filtered, 1);
}

#[tokio::test]
async fn empty_choices_are_empty() {
    let call = call(vec![ScriptedAnswer::json(200, &json!({"choices": []}))]).await;
    call.assert_fault(&Fault::Empty { usage: None }, 2);
}

#[tokio::test]
async fn null_content_is_empty() {
    let nothing = json!({"role": "assistant", "content": null});
    let call = call(vec![ScriptedAnswer::finished("stop", &nothing)]).await;
    call.assert_fault(&Fault::Empty { usage: Some(USAGE) }, 2);
}

#[tokio::test]
async fn an_unknown_finish_reason_is_malformed() {
    let answer = ScriptedAnswer::finished("gremlins", &json!({"content": "{}"}));
    let body = String::from_utf8(answer.body.clone()).unwrap();
    let call = call(vec![answer]).await;
    call.assert_fault(&malformed(Malformation::UnknownFinish, &body), 2);
}

#[tokio::test]
async fn broken_json_is_malformed() {
    let body = r#"{"choices": [{"message": {"content": "Project Nightj"#;
    let call = call(vec![ScriptedAnswer::raw(200, "application/json", body)]).await;
    call.assert_fault(&malformed(Malformation::NotJson, body), 2);
}

#[tokio::test]
async fn html_with_200_is_malformed() {
    let body = "<html><body>Sign in</body></html>";
    let call = call(vec![ScriptedAnswer::raw(200, "text/html", body)]).await;
    call.assert_fault(&malformed(Malformation::Html, body), 2);
}

#[tokio::test]
async fn a_response_beyond_the_byte_limit_is_malformed() {
    let long = ScriptedAnswer::text(&"x".repeat(100_000));
    let call = call_with(vec![long], |settings| {
        settings.limits.max_response_bytes = 4_096;
    })
    .await;
    let fault = &call.failure().fault;
    let Fault::Malformed { what: Malformation::TooLarge, bytes } = fault else {
        panic!("{fault:?}");
    };
    assert!(*bytes > 4_096);
}
