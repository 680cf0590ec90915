//! What a response with an error status means, whatever shape its body has.
//!
//! Known shapes: OpenAI's (`code` a word), llama.cpp's (`code` a number, sizes beside it), a bare
//! message at the root, and a `detail` as Python frameworks write it. An unknown body still has a
//! status. It must not know attempts or waits.

use serde_json::Value;

use super::{Fault, FilterStage};

/// How many characters of a server's words are kept for the run record.
const MAX_MESSAGE_CHARS: usize = 2_000;

/// How many characters of a server's code are shown.
const MAX_CODE_CHARS: usize = 64;

/// What servers without a code of their own say, in lower case, when a question is too long.
const OVERFLOW_WORDS: [&str; 5] = [
    "maximum context length",
    "exceeds the available context size",
    "greater than the context length",
    "prompt is too long",
    "exceeds the maximum number of tokens",
];

/// What a body says about an error, as far as it says anything.
#[derive(Debug, Default)]
struct ErrorBody {
    message: String,
    code: Option<String>,
    kind: Option<String>,
    prompt_tokens: Option<u64>,
    limit: Option<u64>,
}

/// The fault that a response with an error status stands for.
pub(super) fn fault_of_status(status: u16, retry_after_ms: Option<u64>, body: &[u8]) -> Fault {
    let body = read(body);
    if let Some(fault) = body.told_fault(status) {
        return fault;
    }
    match status {
        401 | 403 => Fault::Unauthorized { status },
        429 => Fault::RateLimited { retry_after_ms },
        408 | 425 | 500..=599 => Fault::Unavailable { status, retry_after_ms },
        _ => body.rejected(status),
    }
}

/// The fault in a body that came with a success status, if it holds an error instead of an answer.
///
/// Routers in front of several vendors pass a vendor's failure on in this way.
pub(super) fn fault_of_error_value(error: &Value) -> Fault {
    let wrapped = serde_json::json!({ "error": error }).to_string();
    let status = error.get("code").and_then(Value::as_u64);
    let status = status.and_then(|code| u16::try_from(code).ok()).filter(|code| *code >= 400);
    fault_of_status(status.unwrap_or(400), None, wrapped.as_bytes())
}

impl ErrorBody {
    /// A fault that the body tells more exactly than the status does.
    fn told_fault(&self, status: u16) -> Option<Fault> {
        let says = |word: &str| {
            let named = |name: &Option<String>| name.as_deref().is_some_and(|n| n == word);
            named(&self.code) || named(&self.kind)
        };
        if says("exceed_context_size_error") || says("context_length_exceeded") || self.speaks_of_overflow() {
            let (prompt_tokens, limit) = self.overflow_numbers();
            return Some(Fault::ContextOverflow { prompt_tokens, limit });
        }
        if says("content_filter") || says("content_policy_violation") {
            return Some(Fault::ContentFiltered { stage: FilterStage::Question, usage: None });
        }
        // An empty account is told as 429, but waiting does not fill it.
        (status == 429 && says("insufficient_quota")).then(|| self.rejected(status))
    }

    fn speaks_of_overflow(&self) -> bool {
        let message = self.message.to_lowercase();
        OVERFLOW_WORDS.iter().any(|words| message.contains(words))
    }

    fn overflow_numbers(&self) -> (Option<u64>, Option<u64>) {
        if self.prompt_tokens.is_some() || self.limit.is_some() {
            return (self.prompt_tokens, self.limit);
        }
        // Servers name the two numbers in either order, but what overflows is the larger one.
        let digits = self.message.split(|letter: char| !letter.is_ascii_digit());
        let mut numbers = digits.filter_map(|digits| digits.parse::<u64>().ok());
        match (numbers.next(), numbers.next()) {
            (Some(one), Some(other)) => (Some(one.max(other)), Some(one.min(other))),
            (limit, _) => (None, limit),
        }
    }

    fn rejected(&self, status: u16) -> Fault {
        Fault::Rejected {
            status,
            code: self.code.clone().or_else(|| self.kind.clone()),
            message: self.message.clone(),
        }
    }
}

fn read(body: &[u8]) -> ErrorBody {
    let Ok(root) = serde_json::from_slice::<Value>(body) else {
        return ErrorBody { message: shortened(&String::from_utf8_lossy(body)), ..ErrorBody::default() };
    };
    let error = root.get("error").filter(|error| !error.is_null()).unwrap_or(&root);
    let number = |name: &str| error.get(name).and_then(Value::as_u64);
    ErrorBody {
        message: message_of(error),
        code: error.get("code").and_then(identifier),
        kind: error.get("type").and_then(identifier),
        prompt_tokens: number("n_prompt_tokens"),
        limit: number("n_ctx"),
    }
}

fn message_of(error: &Value) -> String {
    let told = ["message", "detail"].iter().find_map(|name| error.get(name));
    match told.unwrap_or(error) {
        Value::String(text) => shortened(text),
        other => shortened(&other.to_string()),
    }
}

/// A code as a name: a vendor's word that holds anything else might hold a customer's text.
fn identifier(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let short = (1..=MAX_CODE_CHARS).contains(&text.len());
    (short && text.bytes().all(plain)).then(|| text.to_owned())
}

pub(super) fn shortened(text: &str) -> String {
    text.chars().take(MAX_MESSAGE_CHARS).collect()
}

#[cfg(test)]
#[allow(clippy::needless_pass_by_value, reason = "a check reads best when it is given plain values")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(status: u16, body: &str, expected: Fault) {
        assert_eq!(fault_of_status(status, None, body.as_bytes()), expected, "{body}");
    }

    #[test]
    fn context_overflow_in_every_shape() {
        fn overflow(prompt_tokens: Option<u64>, limit: Option<u64>) -> Fault {
            Fault::ContextOverflow { prompt_tokens, limit }
        }
        check(
            400,
            r#"{"error":{"code":400,"message":"request (723 tokens) exceeds the available context size (512 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":723,"n_ctx":512}}"#,
            overflow(Some(723), Some(512)),
        );
        check(
            400,
            r#"{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
            overflow(Some(210_000), Some(200_000)),
        );
        check(
            400,
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            overflow(Some(9001), Some(8192)),
        );
        check(
            400,
            r#"{"object":"error","message":"This model's maximum context length is 2048 tokens.","type":"BadRequestError","code":400}"#,
            overflow(None, Some(2048)),
        );
        check(500, r#"{"error":{"code":"context_length_exceeded"}}"#, overflow(None, None));
    }

    #[test]
    fn a_status_means_something_without_a_body() {
        check(401, "", Fault::Unauthorized { status: 401 });
        check(403, "<html>", Fault::Unauthorized { status: 403 });
        let limited = Fault::RateLimited { retry_after_ms: None };
        check(429, "slow down", limited);
        for status in [408, 500, 503, 529] {
            let unavailable = Fault::Unavailable { status, retry_after_ms: None };
            check(status, "\u{0}", unavailable);
        }
    }

    #[test]
    fn a_rejection_keeps_its_code_and_words() {
        fn rejected(status: u16, code: Option<&str>, message: &str) -> Fault {
            Fault::Rejected { status, code: code.map(str::to_owned), message: message.to_owned() }
        }
        check(
            404,
            r#"{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}"#,
            rejected(404, Some("model_not_found"), "no such model"),
        );
        check(
            400,
            r#"{"error":{"code":400,"message":"bad schema","type":"invalid_request_error"}}"#,
            rejected(400, Some("invalid_request_error"), "bad schema"),
        );
        check(422, r#"{"detail":"field required"}"#, rejected(422, None, "field required"));
        check(400, r#"{"error":"no"}"#, rejected(400, None, "no"));
        check(301, "", rejected(301, None, ""));
        check(
            429,
            r#"{"error":{"message":"quota","code":"insufficient_quota"}}"#,
            rejected(429, Some("insufficient_quota"), "quota"),
        );
        // A code that is a sentence is not shown.
        check(400, r#"{"error":{"message":"m","code":"Acme said no"}}"#, rejected(400, None, "m"));
        let long = "x".repeat(5_000);
        check(418, &long, rejected(418, None, &long[..MAX_MESSAGE_CHARS]));
    }

    #[test]
    fn filtered_questions_are_told_apart() {
        let filtered = Fault::ContentFiltered { stage: FilterStage::Question, usage: None };
        check(400, r#"{"error":{"message":"m","code":"content_filter"}}"#, filtered);
    }

    proptest! {
        #[test]
        fn no_body_upsets_the_reader(status in 300_u16..600, body: Vec<u8>) {
            let fault = fault_of_status(status, None, &body);
            prop_assert!(!fault.to_string().is_empty());
        }
    }
}
