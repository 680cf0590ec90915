//! The client itself: a permit, attempts with waits between them, one answer or one failure.
//!
//! It must not know prompts or what the answers mean. Times are tokio's, so tests can hold them;
//! dropping the future, as a cancel does, closes the connection.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use async_openai::config::Config;
use async_openai::error::OpenAIError;
use http::header::{AUTHORIZATION, HeaderMap};
use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use super::attempts::Attempts;
use super::pace::Pace;
use super::retry::next_wait;
use super::transport::{BoundedTransport, TransportFault};
use super::wire_reply::Answer;
use super::wire_request::WireRequest;
use super::{
    ApiKey, Fault, Malformation, Memory, ModelFailure, ModelReply, ModelRequest, ModelSettings,
    SettingsError, TimeLimit,
};
use crate::tls::{Transport, client_config};

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// TLS cannot be set up, as on a machine without root certificates.
    #[error("TLS cannot be set up; are root certificates installed on this machine?")]
    Tls(#[source] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("HTTP client cannot be made")]
    Http(#[source] reqwest::Error),
}

/// A client of one model on one server. Clones share connections and the bounds on concurrency and pace.
#[derive(Clone)]
pub struct ModelClient {
    shared: Arc<Shared>,
    memory: Option<Arc<dyn Memory>>,
}

struct Shared {
    settings: ModelSettings,
    /// Absent where only a recording is replayed.
    server: Option<async_openai::Client<Endpoint>>,
    permits: Semaphore,
    pace: Pace,
}

/// Where requests go and what they carry. `async-openai`'s own configuration reads the environment
/// and sends an `Authorization` header even without a key.
struct Endpoint {
    base_url: String,
    headers: HeaderMap,
    key: SecretString,
}

impl ModelClient {
    /// Checks the settings and prepares connections; nothing is sent yet.
    pub fn new(settings: &ModelSettings, key: Option<ApiKey>) -> Result<Self, ClientError> {
        let settings = settings.validated()?;
        let http = http_client(&settings)?;
        let endpoint = Endpoint::new(&settings.base_url, key.as_ref());
        let transport = BoundedTransport::new(http.clone(), settings.limits.clone(), key);
        let server = async_openai::Client::build(http, endpoint).with_http_service(transport);
        Ok(Self::with(settings, Some(server)))
    }

    /// A client without a server: what its memory does not know is [`Fault::NotRecorded`].
    pub fn replaying(settings: &ModelSettings, memory: Arc<dyn Memory>) -> Result<Self, ClientError> {
        Ok(Self::with(settings.validated()?, None).remembering(memory))
    }

    /// The same client, which asks only what its memory does not know and keeps what it is answered.
    #[must_use]
    pub fn remembering(&self, memory: Arc<dyn Memory>) -> Self {
        Self { memory: Some(memory), ..self.clone() }
    }

    fn with(settings: ModelSettings, server: Option<async_openai::Client<Endpoint>>) -> Self {
        let permits = Semaphore::new(usize::from(settings.concurrency));
        let pace = Pace::new(settings.requests_per_minute);
        Self { shared: Arc::new(Shared { settings, server, permits, pace }), memory: None }
    }

    /// The settings as they are in force.
    pub fn settings(&self) -> &ModelSettings {
        &self.shared.settings
    }

    /// Asks the model, repeating what is worth repeating within the limits of the settings.
    ///
    /// The total limit starts when a permit is there; waiting for one ends with `cancel` only. A reply that the
    /// memory has says what it took when it was given.
    pub async fn ask(
        &self,
        request: &ModelRequest,
        cancel: &CancellationToken,
    ) -> Result<ModelReply, ModelFailure> {
        let Some(memory) = &self.memory else { return self.ask_server(request, cancel).await };
        let question = request.fingerprint();
        if let Some(reply) = memory.recall(&question) {
            return Ok(reply);
        }
        let reply = self.ask_server(request, cancel).await?;
        memory.keep(&question, &reply);
        Ok(reply)
    }

    async fn ask_server(
        &self,
        request: &ModelRequest,
        cancel: &CancellationToken,
    ) -> Result<ModelReply, ModelFailure> {
        let settings = self.settings();
        let permit = cancel.run_until_cancelled(self.shared.permits.acquire()).await;
        let mut attempts = Attempts::start(settings.limits.total());
        let prices = settings.prices.as_ref();
        if permit.is_none() {
            return Err(attempts.given_up(Fault::Cancelled, prices));
        }
        let wire = match WireRequest::new(request, settings) {
            Ok(wire) => wire,
            Err(fault) => return Err(attempts.given_up(fault, prices)),
        };
        let Some(server) = &self.shared.server else {
            return Err(attempts.given_up(Fault::NotRecorded, prices));
        };
        let seed = seed_of(request);
        loop {
            if cancel.run_until_cancelled(self.shared.pace.turn()).await.is_none() {
                return Err(attempts.given_up(Fault::Cancelled, prices));
            }
            let begun = Instant::now();
            let (status, fault) = match self.attempt(server, &wire, attempts.deadline(), cancel).await {
                Ok(answer) => return Ok(attempts.answered(begun, answer, settings)),
                Err(TransportFault { status, fault }) => (status, fault),
            };
            attempts.failed(begun, status, fault.clone());
            let left = attempts.time_left();
            let Some(wait) = next_wait(&settings.limits, attempts.made(), seed, left) else {
                return Err(attempts.given_up(fault, prices));
            };
            log_repetition(&fault, attempts.made().len(), wait);
            if cancel.run_until_cancelled(sleep(wait)).await.is_none() {
                return Err(attempts.given_up(Fault::Cancelled, prices));
            }
        }
    }

    async fn attempt(
        &self,
        server: &async_openai::Client<Endpoint>,
        wire: &WireRequest<'_>,
        deadline: Instant,
        cancel: &CancellationToken,
    ) -> Result<Answer, TransportFault> {
        let limit_ms = self.settings().limits.total_ms;
        let chat = server.chat();
        let exchange = timeout_at(deadline, chat.create_byot::<_, Answer>(wire));
        let without_status = |fault| TransportFault { status: None, fault };
        match cancel.run_until_cancelled(exchange).await {
            None => Err(without_status(Fault::Cancelled)),
            Some(Err(_)) => Err(without_status(Fault::TimedOut { limit: TimeLimit::Total, limit_ms })),
            Some(Ok(exchanged)) => exchanged.map_err(transport_fault),
        }
    }
}

impl std::fmt::Debug for ModelClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelClient").field("settings", self.settings()).finish_non_exhaustive()
    }
}

impl Endpoint {
    fn new(base_url: &str, key: Option<&ApiKey>) -> Self {
        let authorization = key.and_then(ApiKey::authorization);
        Self {
            base_url: base_url.to_owned(),
            headers: authorization.map(|value| (AUTHORIZATION, value)).into_iter().collect(),
            key: key.map_or_else(|| SecretString::from(""), |key| key.secret().clone()),
        }
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base_url
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// Redirects, proxies of the environment and repetitions below us are off: each could send the key
/// or a customer's text where the settings do not say.
fn http_client(settings: &ModelSettings) -> Result<reqwest::Client, ClientError> {
    let transport = if settings.base_url.starts_with("https:") { Transport::Tls } else { Transport::Plain };
    reqwest::Client::builder()
        .tls_backend_preconfigured(client_config(&transport).map_err(ClientError::Tls)?)
        .connect_timeout(Duration::from_millis(settings.limits.connect_ms))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .build()
        .map_err(ClientError::Http)
}

fn transport_fault(error: OpenAIError) -> TransportFault {
    let unknown =
        TransportFault { status: None, fault: Fault::Malformed { what: Malformation::WrongShape, bytes: 0 } };
    match error {
        OpenAIError::Boxed(inner) => inner.downcast().map_or(unknown, |fault| *fault),
        _ => unknown,
    }
}

/// Spreads the waits of different questions without a source of chance: questions that differ
/// wait differently, and a run can be repeated exactly.
fn seed_of(request: &ModelRequest) -> u64 {
    let mut hasher = DefaultHasher::new();
    for message in &request.messages {
        message.hash(&mut hasher);
    }
    hasher.finish()
}

fn log_repetition(fault: &Fault, attempts: usize, wait: Duration) {
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    tracing::warn!(attempts, wait_ms, %fault, "model call failed and will be repeated");
}
