//! The layer under `async-openai`: one HTTP exchange within the limits of time and size.
//!
//! It replaces that crate's own layer, which retries silently and reads without a bound. Every
//! response that is not a readable chat completion ends here as a [`TransportFault`], so
//! `async-openai` never sees, quotes or logs its body. It must not know attempts or waits.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use http::header::{CONTENT_TYPE, HeaderMap};
use reqwest::Response;
use tokio::time::timeout;

use super::error_body::fault_of_status;
use super::retry::retry_after_ms;
use super::{ApiKey, CallLimits, Fault, LossStage, Malformation, TimeLimit, wire_reply};

/// How many characters of an operating system's or TLS's words are kept.
const MAX_REASON_CHARS: usize = 200;

/// An exchange that gave no readable chat completion.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub(super) struct TransportFault {
    /// The HTTP status, if one arrived.
    pub(super) status: Option<u16>,
    /// What went wrong.
    pub(super) fault: Fault,
}

/// The service that `async-openai` sends its requests through.
#[derive(Clone)]
pub(super) struct BoundedTransport {
    http: reqwest::Client,
    limits: Arc<CallLimits>,
    key: Option<ApiKey>,
}

/// A body as far as it arrived, and why it went no further.
struct Body {
    bytes: Vec<u8>,
    fault: Option<Fault>,
}

impl BoundedTransport {
    pub(super) fn new(http: reqwest::Client, limits: CallLimits, key: Option<ApiKey>) -> Self {
        Self { http, limits: Arc::new(limits), key }
    }

    async fn exchange(self, factory: HttpRequestFactory) -> Result<Response, TransportFault> {
        let response = self.send(factory).await.map_err(|fault| TransportFault { status: None, fault })?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let is_success = response.status().is_success();
        let body = self.read(response).await;
        let checked = if is_success {
            checked_completion(body, &headers)
        } else {
            // An error status says enough, even when the body behind it breaks off.
            Err(fault_of_status(status, retry_after_ms(&headers), &body.bytes))
        };
        match checked {
            Ok(bytes) => Ok(http::Response::new(bytes).into()),
            Err(fault) => Err(TransportFault { status: Some(status), fault: self.redacted(fault) }),
        }
    }

    async fn send(&self, factory: HttpRequestFactory) -> Result<Response, Fault> {
        let request = factory.build().await.map_err(|error| unsendable(&error))?;
        let size = request.body().and_then(reqwest::Body::as_bytes).map_or(0, <[u8]>::len);
        let most = self.limits.max_request_bytes;
        if size > most {
            return Err(Fault::Unsendable { reason: format!("it has {size} bytes, the limit is {most}") });
        }
        let limit = Duration::from_millis(self.limits.first_byte_ms);
        match timeout(limit, self.http.execute(request)).await {
            Ok(sent) => sent.map_err(|error| self.connection_fault(&error, LossStage::Request, 0)),
            Err(_) => {
                Err(Fault::TimedOut { limit: TimeLimit::FirstByte, limit_ms: self.limits.first_byte_ms })
            }
        }
    }

    async fn read(&self, mut response: Response) -> Body {
        let mut bytes = Vec::new();
        let limit = Duration::from_millis(self.limits.silence_ms);
        let fault = loop {
            match timeout(limit, response.chunk()).await {
                Ok(Ok(Some(chunk))) if bytes.len() + chunk.len() > self.limits.max_response_bytes => {
                    break Some(Fault::Malformed {
                        what: Malformation::TooLarge,
                        bytes: (bytes.len() + chunk.len()) as u64,
                    });
                }
                Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk),
                Ok(Ok(None)) => break None,
                Ok(Err(error)) => {
                    let received = bytes.len() as u64;
                    break Some(self.connection_fault(&error, LossStage::Body, received));
                }
                Err(_) => {
                    break Some(Fault::TimedOut {
                        limit: TimeLimit::Silence,
                        limit_ms: self.limits.silence_ms,
                    });
                }
            }
        };
        Body { bytes, fault }
    }

    fn connection_fault(&self, error: &reqwest::Error, stage: LossStage, received: u64) -> Fault {
        if error.is_connect() && error.is_timeout() {
            return Fault::TimedOut { limit: TimeLimit::Connect, limit_ms: self.limits.connect_ms };
        }
        let stage = match stage {
            _ if is_tls(error) => LossStage::Tls,
            _ if error.is_connect() => LossStage::Connect,
            other => other,
        };
        Fault::ConnectionLost { stage, reason: innermost_reason(error), received_bytes: received }
    }

    /// Servers quote what they were sent, sometimes the key.
    fn redacted(&self, fault: Fault) -> Fault {
        match (fault, &self.key) {
            (Fault::Rejected { status, code, message }, Some(key)) => Fault::Rejected {
                status,
                code: code.map(|code| key.redact(&code)),
                message: key.redact(&message),
            },
            (fault, _) => fault,
        }
    }
}

/// The body of a success, if there is an answer in it. `async-openai` parses it again; parsing the
/// few kilobytes twice is the price for keeping what it cannot parse out of its log.
fn checked_completion(body: Body, headers: &HeaderMap) -> Result<Vec<u8>, Fault> {
    if let Some(fault) = body.fault {
        return Err(fault);
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    wire_reply::parse(&body.bytes, content_type.unwrap_or_default())?;
    Ok(body.bytes)
}

fn unsendable(error: &OpenAIError) -> Fault {
    let reason = match error {
        OpenAIError::Reqwest(error) => innermost_reason(error),
        _ => "its parts do not make an HTTP request".to_owned(),
    };
    Fault::Unsendable { reason }
}

fn sources(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), next_source)
}

fn next_source<'a>(cause: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let cause: &'a (dyn Error + 'static) = *cause;
    cause.source()
}

fn is_tls(error: &reqwest::Error) -> bool {
    sources(error).any(wraps_tls)
}

/// IO errors do not name what they wrap as their source, and may wrap one another.
fn wraps_tls(cause: &(dyn Error + 'static)) -> bool {
    if cause.is::<rustls::Error>() {
        return true;
    }
    let mut wrapper = cause.downcast_ref::<io::Error>();
    while let Some(inner) = wrapper.and_then(io::Error::get_ref) {
        if inner.is::<rustls::Error>() {
            return true;
        }
        wrapper = inner.downcast_ref::<io::Error>();
    }
    false
}

/// The last cause in the chain: the outer ones only say that something failed.
fn innermost_reason(error: &reqwest::Error) -> String {
    let reason = sources(error).last().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    reason.chars().take(MAX_REASON_CHARS).collect()
}

impl tower::Service<HttpRequestFactory> for BoundedTransport {
    type Response = Response;
    type Error = tower::BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, tower::BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, factory: HttpRequestFactory) -> Self::Future {
        let transport = self.clone();
        Box::pin(async move { Ok(transport.exchange(factory).await?) })
    }
}
