//! What is sent, shown and logged: never the key, and no customer's words outside the record.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::Field;
use tracing::span::{Attributes, Id, Record};

use super::*;

#[tokio::test]
async fn a_rejection_that_quotes_the_key_and_the_question_gives_neither_away() {
    let message = format!("bad request with {KEY} about {SECRET_WORDS}");
    let call = call(vec![error(400, &message)]).await;
    let rejected = Fault::Rejected {
        status: 400,
        code: Some("server_error".to_owned()),
        message: format!("bad request with [key] about {SECRET_WORDS}"),
    };
    call.assert_fault(&rejected, 1);
}

#[tokio::test]
async fn a_request_beyond_the_byte_limit_is_not_sent() {
    let server = ScriptedServer::start(|_| fine()).await.unwrap();
    let mut settings = settings(&server.base_url());
    settings.limits.max_request_bytes = 1_024;
    let client = ModelClient::new(&settings, None).unwrap();
    let mut long = question();
    long.messages.push(Message::User { text: "x".repeat(2_000) });
    let failure = client.ask(&long, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(failure.fault, Fault::Unsendable { .. }), "{failure:?}");
    assert!(!failure.is_transient());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn no_key_sends_no_authorization() {
    let server = ScriptedServer::start(|_| fine()).await.unwrap();
    let client = ModelClient::new(&settings(&server.base_url()), None).unwrap();
    client.ask(&question(), &CancellationToken::new()).await.unwrap();
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn no_log_line_holds_a_body_or_the_key() {
    let lines = LogLines::default();
    let guard = tracing::subscriber::set_default(lines.clone());
    let half = json!({"content": format!("{SECRET_WORDS} wants")});
    for answer in [
        error(500, SECRET_WORDS),
        error(400, SECRET_WORDS),
        error(429, SECRET_WORDS).with_header("retry-after-ms", "1"),
        ScriptedAnswer::raw(200, "application/json", format!("{{\"{SECRET_WORDS}")),
        ScriptedAnswer::raw(200, "application/json", format!("[\"{SECRET_WORDS}\"]")),
        ScriptedAnswer::raw(200, "text/html", format!("<p>{SECRET_WORDS}")),
        ScriptedAnswer::finished("length", &half),
    ] {
        assert!(call(vec![answer]).await.outcome.is_err());
    }
    drop(guard);
    let lines = lines.taken();
    let repeated = lines.iter().filter(|line| line.contains("will be repeated")).count();
    assert!(repeated >= 5, "the log of repetitions should have been seen, {lines:?}");
    for line in &lines {
        assert!(!line.contains(SECRET_WORDS), "{line}");
        assert!(!line.contains(KEY), "{line}");
    }
}

/// Takes every event of every level as text; nothing is filtered, as in a careless program.
#[derive(Clone, Default)]
struct LogLines(Arc<Mutex<Vec<String>>>);

impl LogLines {
    fn taken(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl tracing::Subscriber for LogLines {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = String::new();
        span.record(&mut |field: &Field, value: &dyn Debug| line += &format!("{field}={value:?} "));
        self.0.lock().unwrap().push(line);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = String::new();
        event.record(&mut |field: &Field, value: &dyn Debug| line += &format!("{field}={value:?} "));
        self.0.lock().unwrap().push(line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
