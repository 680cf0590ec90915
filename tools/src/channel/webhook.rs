//! Chat by a webhook: one POST with `{"text": ...}`, as Slack and those who follow it take it.
//!
//! The address is a secret, since whoever has it can write. The message's id goes along as `Idempotency-Key`.
//! It must not know mail.

use std::error::Error as _;
use std::time::Duration;

use http::StatusCode;
use http::header::RETRY_AFTER;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{ChannelFault, Message, TIME_LIMIT, words};
use crate::tls::{Transport, client_config};

/// Characters of a text; longer ones are cut, since Slack cuts them too.
const LONGEST_TEXT: usize = 3_000;
/// Bytes of an answer that are read.
const MOST_ANSWER: usize = 1 << 10;

/// Where chat messages go.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// The address, kept like a password.
    pub url: SecretString,
    /// The most that one attempt may take.
    pub time_limit: Option<Duration>,
}

/// Why the settings cannot be used. The address itself is never shown.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The address is none.
    #[error("the webhook's address is not a URL: {0}")]
    Url(String),
    /// The text would cross the network readably.
    #[error("the webhook's address must begin with https://, or lead to this machine")]
    Plain,
    /// The client could not be set up.
    #[error("failed to set up the connection: {0}")]
    Client(String),
}

/// A webhook that is set up.
pub struct Webhook {
    http: reqwest::Client,
    url: Url,
    time_limit: Duration,
}

impl Webhook {
    /// Checks the settings; nothing is connected yet.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: &WebhookSettings) -> Result<Self, WebhookError> {
        let text = settings.url.expose_secret().trim();
        let url = Url::parse(text).map_err(|error| WebhookError::Url(error.to_string()))?;
        let transport = match url.scheme() {
            "https" => Transport::Tls,
            "http" if is_this_machine(&url) => Transport::Plain,
            _ => return Err(WebhookError::Plain),
        };
        let tls = client_config(&transport).map_err(|error| WebhookError::Client(error.to_string()))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(|error| WebhookError::Client(error.without_url().to_string()))?;
        Ok(Self { http, url, time_limit: settings.time_limit.unwrap_or(TIME_LIMIT) })
    }

    /// Posts one message.
    pub(super) async fn send(&self, message: &Message) -> Result<(), ChannelFault> {
        let text = format!("*{}*\n{}", escaped(&message.subject), escaped(&message.text));
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        let unreached = |error: reqwest::Error| ChannelFault::Unreached { why: words(innermost(&error)) };
        let mut response = self
            .http
            .post(self.url.clone())
            .timeout(self.time_limit)
            .header("Idempotency-Key", &message.id)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(json!({ "text": text }).to_string())
            .send()
            .await
            .map_err(unreached)?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let mut answer = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            answer.extend_from_slice(&chunk);
            if answer.len() >= MOST_ANSWER {
                break;
            }
        }
        Err(refusal(status, seconds, &String::from_utf8_lossy(&answer)))
    }
}

/// What it comes down to, as "connection refused"; the layers above it only say that a request was sent. It does not
/// name the address, which is a secret.
fn innermost(error: &reqwest::Error) -> String {
    let layers = std::iter::successors(error.source(), |error| (*error).source());
    layers.last().map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}

fn refusal(status: StatusCode, wait_s: Option<u64>, answer: &str) -> ChannelFault {
    let why = words(format!("{status} {answer}"));
    let later = status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429);
    if later { ChannelFault::Later { why, wait_s } } else { ChannelFault::Refused { why } }
}

/// The three characters that Slack reads as its own: so no text can mention a whole channel or hide a link.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_matches(['[', ']']);
        host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}
