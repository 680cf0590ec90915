//! Ways to reach people: e-mail over SMTP, and chat by a webhook that takes what Slack's takes.
//!
//! A message is sent at least once. It carries an id that stays the same when it is sent again, so that the
//! receiver can drop doubles. A channel must not know why a message is sent, nor what is sent on another channel.

mod mail;
mod webhook;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use mail::{Mail, MailError, MailSecurity, MailSettings};
pub use webhook::{Webhook, WebhookError, WebhookSettings};

/// How long one attempt may take, unless the settings say otherwise.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// Characters of a receiver's own words that are kept.
const MOST_WORDS: usize = 200;

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The same for each attempt; of letters, digits, `.` and `-`.
    pub id: String,
    /// The receiver's e-mail address; chat does without.
    pub to: Option<String>,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Why a message did not get through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum ChannelFault {
    /// Nobody answered, or the answer broke off.
    #[error("not reached: {why}")]
    Unreached {
        /// What the connection said.
        why: String,
    },
    /// The receiver asks to come back later.
    #[error("turned away for now: {why}")]
    Later {
        /// The receiver's words.
        why: String,
        /// How long it asks to wait, in seconds.
        wait_s: Option<u64>,
    },
    /// The receiver will not take this message.
    #[error("refused: {why}")]
    Refused {
        /// The receiver's words.
        why: String,
    },
    /// The message cannot be put so that the channel takes it.
    #[error("cannot be sent: {why}")]
    Unsendable {
        /// What is wrong with it.
        why: String,
    },
}

impl ChannelFault {
    /// Whether the same message may get through later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreached { .. } | Self::Later { .. })
    }
}

/// A channel that is set up.
pub enum Channel {
    /// E-mail.
    Mail(Mail),
    /// Chat.
    Chat(Webhook),
}

impl Channel {
    /// The channel's name in settings and records.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
            Self::Chat(_) => "chat",
        }
    }

    /// Sends the message once.
    ///
    /// # Errors
    /// What went wrong; [`ChannelFault::is_transient`] says whether trying again makes sense.
    pub async fn send(&self, message: &Message) -> Result<(), ChannelFault> {
        match self {
            Self::Mail(mail) => mail.send(message).await,
            Self::Chat(webhook) => webhook.send(message).await,
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The beginning of somebody else's words, on one line.
fn words(text: impl fmt::Display) -> String {
    let line: String = text.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(MOST_WORDS).collect()
}
