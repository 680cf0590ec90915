//! Every way in which a question gets no usable answer, each with what is known about it.
//!
//! `Display` never shows text of a request, an answer or a server's message: those may hold a
//! customer's words. Such text stands in fields, for the run record. Which fault is worth a
//! repetition is said by [`Fault::repeat`] in `retry`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Attempt, Cost, Usage};

/// A question that got no usable answer: the last fault and the whole way there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{fault} (attempts: {})", attempts.len())]
pub struct ModelFailure {
    /// The fault that ended it.
    pub fault: Fault,
    /// Every attempt, oldest first; empty when nothing was sent.
    pub attempts: Vec<Attempt>,
    /// From the first attempt to the end, waits included.
    pub elapsed_ms: u64,
    /// What was paid nevertheless, as far as the server told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

impl ModelFailure {
    /// Whether the same question may well succeed later.
    pub fn is_transient(&self) -> bool {
        self.fault.is_transient()
    }
}

/// Why an attempt gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// The answer ran into the token limit, so its end is missing.
    #[error("answer was cut off at the token limit after {partial_chars} characters")]
    Truncated {
        /// How much had been written.
        partial_chars: u64,
        /// Tokens spent.
        usage: Option<Usage>,
    },
    /// The model declined.
    #[error("model refused to answer")]
    Refused {
        /// Its words, shortened; for the run record, not for logs.
        text: String,
        /// Tokens spent.
        usage: Option<Usage>,
    },
    /// A filter of the vendor stepped in.
    #[error("content filter of the server stopped the {stage}")]
    ContentFiltered {
        /// Which side it stopped.
        stage: FilterStage,
        /// Tokens spent.
        usage: Option<Usage>,
    },
    /// The server answered properly, but there is nothing in the answer.
    #[error("answer is empty")]
    Empty {
        /// Tokens spent.
        usage: Option<Usage>,
    },
    /// What arrived is not a chat completion.
    #[error("unusable response of {bytes} bytes: {what}")]
    Malformed {
        /// In what way.
        what: Malformation,
        /// The size of what arrived.
        bytes: u64,
    },
    /// The question is longer than the model can take.
    #[error("question exceeds the context of the model{}", overflow_numbers(*prompt_tokens, *limit))]
    ContextOverflow {
        /// Tokens of the question, if the server told.
        prompt_tokens: Option<u64>,
        /// Tokens that fit, if the server told.
        limit: Option<u64>,
    },
    /// A time limit of ours passed.
    #[error("no answer within the {limit} limit of {limit_ms} ms")]
    TimedOut {
        /// Which limit.
        limit: TimeLimit,
        /// How long it is.
        limit_ms: u64,
    },
    /// The connection was not made, or broke.
    #[error("connection lost {stage}: {reason}")]
    ConnectionLost {
        /// How far it had come.
        stage: LossStage,
        /// What the operating system or TLS said.
        reason: String,
        /// Bytes of the answer that had arrived.
        received_bytes: u64,
    },
    /// The server asks for fewer requests.
    #[error("server is limiting the rate of requests{}", wait_words(*retry_after_ms))]
    RateLimited {
        /// How long it asks to wait, if it says.
        retry_after_ms: Option<u64>,
    },
    /// The server failed or is overloaded.
    #[error("server is unavailable, status {status}{}", wait_words(*retry_after_ms))]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long it asks to wait, if it says.
        retry_after_ms: Option<u64>,
    },
    /// The key is missing, wrong, or not allowed to use this model.
    #[error("server does not accept the key, status {status}")]
    Unauthorized {
        /// The HTTP status.
        status: u16,
    },
    /// The server understood the request and will not have it.
    #[error("server rejected the request, status {status}{}", code_words(code.as_deref()))]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// The server's code for the reason, reduced to an identifier.
        code: Option<String>,
        /// The server's words, shortened; for the run record, not for logs.
        message: String,
    },
    /// The request was never sent, because it cannot be right.
    #[error("request cannot be sent: {reason}")]
    Unsendable {
        /// What is wrong with it.
        reason: String,
    },
    /// The client only replays, and this question was not asked when the recording was made.
    #[error("recording has no answer to this question")]
    NotRecorded,
    /// The caller called it off.
    #[error("call was cancelled")]
    Cancelled,
}

impl Fault {
    /// Whether it is about the way to the model rather than about what the model says: nothing was measured then.
    pub fn is_of_the_server(&self) -> bool {
        match self {
            Self::Malformed { .. }
            | Self::TimedOut { .. }
            | Self::ConnectionLost { .. }
            | Self::RateLimited { .. }
            | Self::Unavailable { .. }
            | Self::Unauthorized { .. }
            | Self::Rejected { .. }
            | Self::Unsendable { .. }
            | Self::NotRecorded
            | Self::Cancelled => true,
            Self::Truncated { .. }
            | Self::Refused { .. }
            | Self::ContentFiltered { .. }
            | Self::Empty { .. }
            | Self::ContextOverflow { .. } => false,
        }
    }
}

/// Which side a content filter stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterStage {
    /// The question was not let in.
    Question,
    /// The answer was not let out.
    Answer,
}

/// In what way a response is not a chat completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Malformation {
    /// A page for people, as proxies send it.
    Html,
    /// Not JSON, or JSON that ends too early.
    NotJson,
    /// JSON without the parts of a chat completion.
    WrongShape,
    /// It ended for a reason that we do not know, so we cannot tell whether it is whole.
    UnknownFinish,
    /// More than the limit on response bytes.
    TooLarge,
}

/// The time limits of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeLimit {
    /// Making the connection.
    Connect,
    /// From sending the request to the head of the response.
    FirstByte,
    /// Between two parts of the body.
    Silence,
    /// The whole question, all attempts and waits.
    Total,
}

/// How far a connection had come when it broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossStage {
    /// No connection was made.
    Connect,
    /// The server's identity could not be verified.
    Tls,
    /// The request was under way, or waited for its response.
    Request,
    /// The response had begun.
    Body,
}

impl Fault {
    /// Tokens that the attempt cost, if the server told.
    pub fn usage(&self) -> Option<Usage> {
        match self {
            Self::Truncated { usage, .. }
            | Self::Refused { usage, .. }
            | Self::ContentFiltered { usage, .. }
            | Self::Empty { usage } => *usage,
            _ => None,
        }
    }

    /// How long the server asked to wait, if it did.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms } | Self::Unavailable { retry_after_ms, .. } => {
                *retry_after_ms
            }
            _ => None,
        }
    }

    /// The server's or the model's own words, if any; may hold customer text.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Refused { text, .. } => Some(text),
            Self::Rejected { message, .. } => Some(message),
            _ => None,
        }
    }
}

impl fmt::Display for FilterStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Question => "question",
            Self::Answer => "answer",
        })
    }
}

impl fmt::Display for Malformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Html => "a web page in place of an answer",
            Self::NotJson => "not valid JSON",
            Self::WrongShape => "not a chat completion",
            Self::UnknownFinish => "ended for an unknown reason",
            Self::TooLarge => "larger than the limit",
        })
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connect",
            Self::FirstByte => "first byte",
            Self::Silence => "silence",
            Self::Total => "total",
        })
    }
}

impl fmt::Display for LossStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "while connecting",
            Self::Tls => "while verifying the server",
            Self::Request => "before the response",
            Self::Body => "inside the response",
        })
    }
}

fn overflow_numbers(prompt_tokens: Option<u64>, limit: Option<u64>) -> String {
    match (prompt_tokens, limit) {
        (Some(prompt), Some(limit)) => format!(" ({prompt} tokens, {limit} fit)"),
        (Some(prompt), None) => format!(" ({prompt} tokens)"),
        (None, Some(limit)) => format!(" ({limit} tokens fit)"),
        (None, None) => String::new(),
    }
}

fn wait_words(retry_after_ms: Option<u64>) -> String {
    retry_after_ms.map_or_else(String::new, |ms| format!(", asks to wait {ms} ms"))
}

fn code_words(code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| format!(", code {code}"))
}
