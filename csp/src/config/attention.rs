//! When and how people are reached: `[calendar]`, `[attention]`, `[channels.mail]` and `[channels.chat]`. A secret
//! never stands in the file, only the name of the variable that holds it.

use orchestrator::attention::USUAL_BUDGET;
use orchestrator::calendar::Calendar;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use tools::channel::MailSecurity;

use super::Reading;

/// What the two secrets are.
pub const PASSWORD: &str = "the mail server's password";
pub const CHAT_URL: &str = "the chat's address";
/// The most messages a day that anybody can want.
const MOST_MESSAGES: u8 = 50;

/// The `[attention]` table.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AttentionTable {
    /// Messages that a person gets on a day besides the digest, up to 50; with 0 there are digests only.
    pub messages_a_day: u8,
}

impl Default for AttentionTable {
    fn default() -> Self {
        Self { messages_a_day: USUAL_BUDGET }
    }
}

/// The `[channels]` tables.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Channels {
    /// E-mail over SMTP.
    pub mail: Option<MailTable>,
    /// Chat by a webhook.
    pub chat: Option<ChatTable>,
}

impl Channels {
    /// The variables that hold secrets, each with what it holds.
    pub fn secrets(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let password = self.mail.as_ref().and_then(|mail| mail.password_env.as_deref());
        let url = self.chat.as_ref().map(|chat| chat.url_env.as_str());
        let password = password.map(|name| (PASSWORD, name));
        password.into_iter().chain(url.map(|name| (CHAT_URL, name)))
    }
}

/// The `[channels.mail]` table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailTable {
    /// The mail server.
    pub host: String,
    /// Its port, where it is not the usual one.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is kept private.
    #[serde(default)]
    pub security: Security,
    /// Who logs in, for a server that asks.
    #[serde(default)]
    pub user: Option<String>,
    /// The environment variable that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// Who writes, as `Customer success <csp@example.org>`.
    pub from: String,
}

/// The `[channels.chat]` table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatTable {
    /// The environment variable that holds the webhook's address, which is a secret.
    pub url_env: String,
}

/// How a connection to a mail server is kept private.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// A plain beginning that must turn into TLS.
    StartTls,
    /// None; for a server on this machine only.
    Plain,
}

impl From<Security> for MailSecurity {
    fn from(security: Security) -> Self {
        match security {
            Security::Tls => Self::Tls,
            Security::StartTls => Self::StartTls,
            Security::Plain => Self::Plain,
        }
    }
}

/// What the tables say, checked.
#[derive(Debug, Clone)]
pub struct Attention {
    /// Business days and office hours.
    pub calendar: Calendar,
    /// Messages a day.
    pub messages_a_day: u8,
    /// The channels besides the inbox.
    pub channels: Channels,
}

impl Reading<'_> {
    pub(super) fn attention(
        &mut self,
        calendar: Option<Spanned<Calendar>>,
        attention: Option<Spanned<AttentionTable>>,
        channels: Option<Spanned<Channels>>,
    ) -> Attention {
        let calendar = calendar.map_or_else(Calendar::default, |table| {
            for fault in table.get_ref().faults() {
                self.note(table.span().start, format!("calendar: {fault}"));
            }
            table.into_inner()
        });
        let budget = attention.map_or_else(AttentionTable::default, |table| {
            if table.get_ref().messages_a_day > MOST_MESSAGES {
                let fault = format!("attention.messages_a_day must be from 0 to {MOST_MESSAGES}");
                self.note(table.span().start, fault);
            }
            table.into_inner()
        });
        let channels = channels.map_or_else(Channels::default, |table| {
            let mail = table.get_ref().mail.as_ref();
            if mail.is_some_and(|mail| mail.user.is_some() != mail.password_env.is_some()) {
                self.note(table.span().start, "channels.mail needs user and password_env, or neither");
            }
            table.into_inner()
        });
        Attention { calendar, messages_a_day: budget.messages_a_day, channels }
    }
}
