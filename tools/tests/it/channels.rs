//! Mail and chat at the wire: what arrives, and what each failure becomes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tools::channel::{
    Channel, ChannelFault, Mail, MailError, MailSecurity, MailSettings, Message, Webhook, WebhookError,
    WebhookSettings,
};
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn message() -> Message {
    Message {
        id: "nt-3f9a".into(),
        to: Some("imke@example.org".into()),
        subject: "Due tomorrow:\r\nBcc: all@example.org".into(),
        text: "Site live is due on 2026-06-30.\n.\nSource: section 6 <!channel> & more".into(),
    }
}

/// A mail server that answers RCPT as it is told and keeps what it got.
async fn mail_server(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let got = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&got);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, answer, Arc::clone(&kept)));
        }
    });
    (port, got)
}

async fn talk(stream: TcpStream, answer: &'static str, got: Arc<Mutex<Vec<String>>>) {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    if answer == "silence" {
        tokio::time::sleep(Duration::from_secs(30)).await;
        return;
    }
    writing.write_all(b"220 here\r\n").await.unwrap();
    let mut in_letter = false;
    while let Ok(Some(line)) = lines.next_line().await {
        got.lock().unwrap().push(line.clone());
        let reply = match line.split(' ').next().unwrap_or_default() {
            _ if in_letter && line != "." => continue,
            "." => {
                in_letter = false;
                "250 taken"
            }
            "RCPT" if answer == "cut" => return,
            "RCPT" => answer,
            "DATA" => {
                in_letter = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 yes",
        };
        if writing.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

fn mail(port: u16) -> Channel {
    let settings = MailSettings {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: MailSecurity::Plain,
        login: None,
        from: "Customer success <csp@example.org>".into(),
        time_limit: Some(Duration::from_millis(400)),
    };
    Channel::Mail(Mail::new(&settings).unwrap())
}

#[tokio::test]
async fn a_letter_arrives_with_its_id_and_nothing_smuggled_in() {
    let (port, got) = mail_server("250 yes").await;
    mail(port).send(&message()).await.unwrap();
    let got = got.lock().unwrap().join("\n");
    assert!(got.contains("Message-ID: <nt-3f9a@example.org>"), "{got}");
    assert!(got.contains("RCPT TO:<imke@example.org>"), "{got}");
    assert!(got.contains("Subject: Due tomorrow: Bcc: all@example.org"), "{got}");
    assert!(!got.contains("\nBcc:"), "{got}");
    assert!(got.contains("\n..\nSource"), "the lone dot is stuffed: {got}");
}

#[tokio::test]
async fn each_failure_of_a_mail_server_has_its_outcome() {
    let outcome = |answer: &'static str| async move {
        let (port, _) = mail_server(answer).await;
        mail(port).send(&message()).await.unwrap_err()
    };
    let later = outcome("450 mailbox busy").await;
    assert!(matches!(&later, ChannelFault::Later { why, .. } if why.contains("mailbox busy")), "{later:?}");
    let refused = outcome("550 no such person").await;
    assert!(
        matches!(&refused, ChannelFault::Refused { why } if why.contains("no such person")),
        "{refused:?}"
    );
    for cut in ["cut", "silence"] {
        let fault = outcome(cut).await;
        assert!(matches!(fault, ChannelFault::Unreached { .. }), "{cut}: {fault:?}");
        assert!(fault.is_transient());
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let fault = mail(closed).send(&message()).await.unwrap_err();
    assert!(matches!(fault, ChannelFault::Unreached { .. }), "{fault:?}");
    let nobody = Message { to: None, ..message() };
    let fault = mail(closed).send(&nobody).await.unwrap_err();
    assert!(matches!(fault, ChannelFault::Unsendable { .. }) && !fault.is_transient(), "{fault:?}");
}

#[test]
fn settings_that_would_leak_are_refused() {
    let settings = |host: &str, security, from: &str| MailSettings {
        host: host.into(),
        port: None,
        security,
        login: Some(("csp".into(), SecretString::from("hush"))),
        from: from.into(),
        time_limit: None,
    };
    let plain = Mail::new(&settings("mail.example.org", MailSecurity::Plain, "a@example.org"));
    assert!(matches!(plain, Err(MailError::PlainAbroad(_))));
    let nobody = Mail::new(&settings("localhost", MailSecurity::Plain, "nobody"));
    assert!(matches!(nobody, Err(MailError::From { .. })));
    let url = |url: &str| Webhook::new(&WebhookSettings { url: url.into(), time_limit: None }).err();
    assert!(matches!(url("http://chat.example.org/T/B/hush"), Some(WebhookError::Plain)));
    let error = url("not a url hush").unwrap();
    assert!(matches!(error, WebhookError::Url(_)) && !error.to_string().contains("hush"), "{error}");
    assert!(!format!("{:?}", settings("localhost", MailSecurity::Plain, "a@b.c")).contains("hush"));
}

fn chat(url: &str) -> Channel {
    let settings = WebhookSettings {
        url: format!("{url}/T/B/hush").into(),
        time_limit: Some(Duration::from_millis(400)),
    };
    Channel::Chat(Webhook::new(&settings).unwrap())
}

#[tokio::test]
async fn a_chat_message_arrives_escaped_and_with_its_id() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(header("Idempotency-Key", "nt-3f9a"))
        .respond_with(ResponseTemplate::new(200).set_body_string("ok"))
        .expect(1)
        .mount(&server)
        .await;
    chat(&server.uri()).send(&message()).await.unwrap();
    let body = server.received_requests().await.unwrap().remove(0).body;
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let text = body["text"].as_str().unwrap();
    assert!(text.contains("&lt;!channel&gt; &amp; more"), "{text}");
}

#[tokio::test]
async fn each_failure_of_a_chat_server_has_its_outcome() {
    let answers = [
        (ResponseTemplate::new(429).insert_header("Retry-After", "7"), true),
        (ResponseTemplate::new(503), true),
        (ResponseTemplate::new(200).set_delay(Duration::from_secs(2)), true),
        (ResponseTemplate::new(403).set_body_string("invalid_token"), false),
        (ResponseTemplate::new(302).insert_header("Location", "http://127.0.0.1:1/"), false),
    ];
    for (answer, transient) in answers {
        let server = MockServer::start().await;
        Mock::given(method("POST")).respond_with(answer).mount(&server).await;
        let fault = chat(&server.uri()).send(&message()).await.unwrap_err();
        assert_eq!(fault.is_transient(), transient, "{fault:?}");
        assert!(!fault.to_string().contains("hush"), "{fault}");
        if let ChannelFault::Later { wait_s: Some(wait), .. } = fault {
            assert_eq!(wait, 7);
        }
    }
}
