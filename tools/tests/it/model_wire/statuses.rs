//! Responses with an error status: what each means and how often it is repeated.

use super::*;

#[tokio::test]
async fn status_429_with_retry_after_in_seconds_is_obeyed() {
    let busy = error(429, "slow down").with_header("retry-after", "1");
    let call = call(vec![busy, fine()]).await;
    assert!(call.took >= Duration::from_secs(1), "{:?}", call.took);
    let attempts = &call.reply().attempts;
    let limited = Fault::RateLimited { retry_after_ms: Some(1_000) };
    assert_eq!(attempts[0].fault, Some(limited));
    assert_eq!(attempts[0].status, Some(429));
    assert!(attempts[1].started_after_ms >= 1_000);
    assert_eq!(call.requests, 2);
}

#[tokio::test]
async fn status_429_with_retry_after_as_a_date_is_obeyed() {
    let busy = error(429, "slow down")
        .with_header("date", "Sun, 22 Nov 2026 12:00:00 GMT")
        .with_header("retry-after", "Sun, 22 Nov 2026 12:00:01 GMT");
    let call = call(vec![busy, fine()]).await;
    assert!(call.took >= Duration::from_secs(1), "{:?}", call.took);
    assert_eq!(call.reply().attempts.len(), 2);
}

#[tokio::test]
async fn status_429_with_an_absurd_retry_after_is_given_up_at_once() {
    let busy = error(429, "slow down").with_header("retry-after", "99999999999999999999");
    let call = call(vec![busy, fine()]).await;
    let limited = Fault::RateLimited { retry_after_ms: Some(u64::MAX) };
    call.assert_fault(&limited, 1);
    assert!(call.failure().is_transient());
    assert!(call.took < Duration::from_secs(5));
}

#[tokio::test]
async fn status_429_with_a_wait_past_the_total_limit_is_given_up_at_once() {
    let busy = error(429, "slow down").with_header("retry-after", "30");
    let call = call(vec![busy, fine()]).await;
    let limited = Fault::RateLimited { retry_after_ms: Some(30_000) };
    call.assert_fault(&limited, 1);
    assert!(call.took < Duration::from_secs(5));
}

#[tokio::test]
async fn status_429_without_a_body_of_any_shape_is_still_a_rate_limit() {
    let busy = ScriptedAnswer::raw(429, "text/plain", "busy");
    let call = call(vec![busy]).await;
    let limited = Fault::RateLimited { retry_after_ms: None };
    call.assert_fault(&limited, 4);
}

#[tokio::test]
async fn status_500_is_asked_again_once() {
    let call = call(vec![error(500, SECRET_WORDS)]).await;
    call.assert_fault(&unavailable(500), 2);
}

#[tokio::test]
async fn status_503_is_asked_again_as_often_as_allowed() {
    let call = call(vec![error(503, "overloaded")]).await;
    call.assert_fault(&unavailable(503), 4);
}

#[tokio::test]
async fn status_503_that_passes_ends_in_an_answer() {
    let call = call(vec![error(503, "loading"), error(503, "loading"), fine()]).await;
    assert_eq!(call.reply().attempts.len(), 3);
    assert_eq!(call.requests, 3);
}

#[tokio::test]
async fn status_401_is_not_repeated() {
    let body = json!({"error": {"message": format!("Incorrect API key provided: {KEY}"),
        "type": "invalid_request_error", "code": "invalid_api_key"}});
    let call = call(vec![ScriptedAnswer::json(401, &body)]).await;
    call.assert_fault(&Fault::Unauthorized { status: 401 }, 1);
}

#[tokio::test]
async fn context_overflow_in_the_shape_of_llama_cpp() {
    let body = json!({"error": {"code": 400, "type": "exceed_context_size_error",
        "message": "request (723 tokens) exceeds the available context size (512 tokens)",
        "n_prompt_tokens": 723, "n_ctx": 512}});
    check_overflow(&body, Some(723), Some(512)).await;
}

#[tokio::test]
async fn context_overflow_in_the_shape_of_openai() {
    let body = json!({"error": {"code": "context_length_exceeded", "param": "messages",
        "message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
        "type": "invalid_request_error"}});
    check_overflow(&body, Some(9001), Some(8192)).await;
}

async fn check_overflow(body: &Value, prompt_tokens: Option<u64>, limit: Option<u64>) {
    let call = call(vec![ScriptedAnswer::json(400, body)]).await;
    let overflow = Fault::ContextOverflow { prompt_tokens, limit };
    call.assert_fault(&overflow, 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = ScriptedAnswer::raw(307, "text/plain", "")
        .with_header("location", "http://127.0.0.1:9/v1/chat/completions");
    let call = call(vec![elsewhere]).await;
    let rejected = Fault::Rejected { status: 307, code: None, message: String::new() };
    call.assert_fault(&rejected, 1);
}
