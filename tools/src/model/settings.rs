//! How to reach a model server, what it can do, and the bounds on every call.
//!
//! It must not read files or the environment, and never holds the key: the caller hands that in
//! apart, so that settings can be printed and stored.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::Prices;

/// The path that the client appends; people paste it along with the base.
const CHAT_PATH: &str = "/chat/completions";

/// The longest wait of any kind that settings may ask for: a day.
const MAX_MS: u64 = 86_400_000;

/// Everything that a model client needs besides the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Up to and including the version, such as `http://127.0.0.1:8080/v1`.
    pub base_url: String,
    /// The model's name as the server knows it.
    pub model: String,
    /// Bounds on time, size and attempts.
    #[serde(default)]
    pub limits: CallLimits,
    /// What the server can do.
    #[serde(default)]
    pub supports: Supports,
    /// Prices, if calls are to be priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
    /// How many questions may be under way at once.
    #[serde(default = "default_concurrency")]
    pub concurrency: u16,
    /// How many requests may start in a minute, repetitions counted; unbounded if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
    /// Lets `http://` reach beyond this machine; then anyone on the way reads key and customer text.
    #[serde(default)]
    pub allow_plain_http: bool,
}

/// Bounds on one question; times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallLimits {
    /// To make a connection.
    pub connect_ms: u64,
    /// To the head of the response. Answers are not streamed, so this covers the generation.
    pub first_byte_ms: u64,
    /// Between two parts of a body.
    pub silence_ms: u64,
    /// For the whole question: all attempts and all waits between them.
    pub total_ms: u64,
    /// How often the server is tried at most.
    pub max_attempts: u32,
    /// The first wait between two attempts; it doubles each time.
    pub backoff_ms: u64,
    /// The longest wait that we choose ourselves.
    pub backoff_cap_ms: u64,
    /// The longest wait asked for by a server that is waited for; beyond it the call is given up.
    pub retry_after_cap_ms: u64,
    /// The largest request that is sent.
    pub max_request_bytes: usize,
    /// The largest response that is read.
    pub max_response_bytes: usize,
}

/// What a server can do. What it cannot do is not sent to it, and the caller must do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Supports {
    /// How it takes the schema of an answer.
    pub schema: SchemaMode,
    /// Whether it takes tools.
    pub tools: bool,
    /// How it calls the limit on answer tokens.
    pub token_limit: TokenLimitField,
}

/// How a server takes the schema of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemaMode {
    /// Schema with `strict`, which some vendors enforce and narrow.
    #[default]
    Strict,
    /// Schema without `strict`.
    PlainSchema,
    /// Only that the answer be JSON; the schema has to stand in the prompt.
    JsonObject,
    /// Nothing of the kind.
    None,
}

/// How a server calls the limit on answer tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenLimitField {
    /// What nearly all servers honour; OpenAI's reasoning models refuse it loudly.
    #[default]
    MaxTokens,
    /// OpenAI's newer name; a server that does not know it would generate without a bound.
    MaxCompletionTokens,
}

/// What is wrong with settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The address cannot be used.
    #[error("model base_url {problem}")]
    BaseUrl {
        /// What is wrong with it.
        problem: String,
    },
    /// A field has a value that cannot work.
    #[error("model {field} {problem}")]
    Field {
        /// The field as settings spell it.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl ModelSettings {
    /// Settings with every default.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            limits: CallLimits::default(),
            supports: Supports::default(),
            prices: None,
            concurrency: default_concurrency(),
            requests_per_minute: None,
            allow_plain_http: false,
        }
    }

    /// The same settings with white space and trailing slashes dropped, or the first mistake.
    pub fn validated(&self) -> Result<Self, SettingsError> {
        let settings =
            Self { base_url: self.checked_base_url()?, model: self.model.trim().to_owned(), ..self.clone() };
        if settings.model.is_empty() || settings.model.chars().any(char::is_control) {
            return Err(field("model", "must name a model, on one line"));
        }
        if settings.concurrency == 0 {
            return Err(field("concurrency", "must be 1 or more"));
        }
        if settings.requests_per_minute == Some(0) {
            return Err(field("requests_per_minute", "must be 1 or more; leave it out for no bound"));
        }
        settings.limits.check()?;
        if let Some(prices) = &settings.prices {
            check_prices(prices)?;
        }
        Ok(settings)
    }

    fn checked_base_url(&self) -> Result<String, SettingsError> {
        let text = self.base_url.trim().trim_end_matches('/');
        if text.contains(char::is_whitespace) {
            return Err(base_url("holds white space"));
        }
        let url = Url::parse(text).map_err(|error| base_url(format!("is not a URL: {error}")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(base_url("holds a user or password; hand in a key instead"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(base_url("must end with a path, without ? or #"));
        }
        if url.path().ends_with(CHAT_PATH) {
            return Err(base_url(format!("must end before {CHAT_PATH}, which is added to it")));
        }
        match url.scheme() {
            "https" => {}
            "http" if self.allow_plain_http || is_loopback(&url) => {}
            "http" => {
                return Err(base_url(
                    "is http:// beyond this machine, where key and text could be read; \
                     use https:// or set allow_plain_http",
                ));
            }
            other => {
                return Err(base_url(format!("has the scheme {other}; use https or http")));
            }
        }
        Ok(text.to_owned())
    }
}

impl CallLimits {
    fn check(&self) -> Result<(), SettingsError> {
        let times = [
            ("limits.connect_ms", self.connect_ms),
            ("limits.first_byte_ms", self.first_byte_ms),
            ("limits.silence_ms", self.silence_ms),
            ("limits.total_ms", self.total_ms),
            ("limits.backoff_ms", self.backoff_ms),
            ("limits.backoff_cap_ms", self.backoff_cap_ms),
        ];
        for (name, ms) in times {
            if !(1..=MAX_MS).contains(&ms) {
                return Err(field(name, format!("must be from 1 to {MAX_MS}, is {ms}")));
            }
        }
        if self.retry_after_cap_ms > MAX_MS {
            return Err(field("limits.retry_after_cap_ms", format!("must be at most {MAX_MS}")));
        }
        if !(1..=20).contains(&self.max_attempts) {
            return Err(field("limits.max_attempts", "must be from 1 to 20"));
        }
        let sizes = [
            ("limits.max_request_bytes", self.max_request_bytes),
            ("limits.max_response_bytes", self.max_response_bytes),
        ];
        for (name, bytes) in sizes {
            if !(1_024..=1 << 30).contains(&bytes) {
                return Err(field(name, "must be from 1024 to 1073741824"));
            }
        }
        Ok(())
    }

    pub(super) fn total(&self) -> Duration {
        Duration::from_millis(self.total_ms)
    }
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            connect_ms: 10_000,
            first_byte_ms: 180_000,
            silence_ms: 30_000,
            total_ms: 300_000,
            max_attempts: 4,
            backoff_ms: 500,
            backoff_cap_ms: 20_000,
            retry_after_cap_ms: 60_000,
            max_request_bytes: 4 << 20,
            max_response_bytes: 8 << 20,
        }
    }
}

impl Default for Supports {
    fn default() -> Self {
        Self { schema: SchemaMode::default(), tools: true, token_limit: TokenLimitField::default() }
    }
}

fn default_concurrency() -> u16 {
    4
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

fn check_prices(prices: &Prices) -> Result<(), SettingsError> {
    let all = [Some(prices.input), prices.cached_input, Some(prices.output)];
    if all.into_iter().flatten().any(|price| price.is_sign_negative() && !price.is_zero()) {
        return Err(field("prices", "must not be negative"));
    }
    let code = &prices.currency;
    if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(field("prices.currency", "must be a code of three capitals, such as USD"));
    }
    Ok(())
}

fn base_url(problem: impl Into<String>) -> SettingsError {
    SettingsError::BaseUrl { problem: problem.into() }
}

fn field(field: &'static str, problem: impl Into<String>) -> SettingsError {
    SettingsError::Field { field, problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_url(text: &str, expected: Result<&str, &str>) {
        let validated = ModelSettings::new(text, "m").validated();
        match (validated, expected) {
            (Ok(settings), Ok(expected)) => assert_eq!(settings.base_url, expected, "{text:?}"),
            (Err(error), Err(part)) => {
                assert!(error.to_string().contains(part), "{text:?}: {error}");
            }
            (seen, expected) => panic!("{text:?}: {seen:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn base_urls_are_mended_or_refused() {
        check_url("https://models.example/v1", Ok("https://models.example/v1"));
        check_url(" https://models.example/v1// \n", Ok("https://models.example/v1"));
        check_url("http://127.0.0.1:8080/v1", Ok("http://127.0.0.1:8080/v1"));
        check_url("http://localhost:8080/v1/", Ok("http://localhost:8080/v1"));
        check_url("http://[::1]:8080/v1", Ok("http://[::1]:8080/v1"));
        check_url("http://models.example/v1", Err("allow_plain_http"));
        check_url("http://127.0.0.1.example/v1", Err("allow_plain_http"));
        check_url("https://me:pw@models.example/v1", Err("password"));
        check_url("https://models.example/v1?key=k", Err("without ?"));
        check_url("https://models.example/v1/chat/completions/", Err("must end before"));
        check_url("https://models.example/ v1", Err("white space"));
        check_url("ftp://models.example", Err("scheme ftp"));
        check_url("models.example/v1", Err("not a URL"));
        check_url("", Err("not a URL"));
    }

    #[test]
    fn values_that_cannot_work_are_named() {
        fn check(change: impl FnOnce(&mut ModelSettings), expected: &str) {
            let mut settings = ModelSettings::new("https://models.example/v1", "m");
            change(&mut settings);
            let error = settings.validated().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        check(|s| s.model = "  ".to_owned(), "model must name");
        check(|s| s.model = "a\nb".to_owned(), "model must name");
        check(|s| s.concurrency = 0, "concurrency");
        check(|s| s.limits.total_ms = 0, "limits.total_ms");
        check(|s| s.limits.first_byte_ms = u64::MAX, "limits.first_byte_ms");
        check(|s| s.limits.max_attempts = 0, "max_attempts");
        check(|s| s.limits.max_response_bytes = 1, "max_response_bytes");
        let prices = Prices {
            input: "-1".parse().unwrap(),
            cached_input: None,
            output: "1".parse().unwrap(),
            currency: "USD".to_owned(),
        };
        let mut dollars = prices.clone();
        dollars.input = "1".parse().unwrap();
        dollars.currency = "dollar".to_owned();
        check(|s| s.prices = Some(prices), "negative");
        check(|s| s.prices = Some(dollars), "currency");
    }

    #[test]
    fn settings_read_with_defaults_and_without_unknown_fields() {
        let text = r#"{"base_url": "https://models.example/v1", "model": "m",
            "limits": {"total_ms": 5}, "supports": {"schema": "json_object"}}"#;
        let settings: ModelSettings = serde_json::from_str(text).unwrap();
        assert_eq!(settings.limits.total_ms, 5);
        assert_eq!(settings.limits.max_attempts, CallLimits::default().max_attempts);
        assert_eq!(settings.supports.schema, SchemaMode::JsonObject);
        assert!(settings.supports.tools);
        let unknown = text.replace("total_ms", "total_s");
        assert!(serde_json::from_str::<ModelSettings>(&unknown).is_err());
    }
}
