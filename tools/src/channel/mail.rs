//! E-mail over SMTP. The id of a message becomes its Message-ID, which mail programs use to drop doubles.
//!
//! It must not know chat, nor where a password is kept.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message as Letter};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::{ChannelFault, Message, TIME_LIMIT, words};

/// How the connection to the mail server is kept private.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte, port 465 unless said otherwise.
    #[default]
    Tls,
    /// A plain beginning that must turn into TLS, port 587 unless said otherwise.
    StartTls,
    /// None; taken for this machine only. Port 25 unless said otherwise.
    Plain,
}

/// A mail server and who writes.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The server's name or address.
    pub host: String,
    /// Its port, where it is not the usual one.
    pub port: Option<u16>,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// User and password, for a server that asks for them.
    pub login: Option<(String, SecretString)>,
    /// Who writes, as `Customer success <csp@example.org>`.
    pub from: String,
    /// The most that one attempt may take.
    pub time_limit: Option<Duration>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender is not an address.
    #[error("from '{from}' is not an e-mail address: {why}")]
    From {
        /// What was set.
        from: String,
        /// What is wrong with it.
        why: String,
    },
    /// The password would cross the network readably.
    #[error("security = \"plain\" is for a server on this machine; '{0}' is another one")]
    PlainAbroad(String),
    /// TLS could not be set up.
    #[error("failed to set up TLS for '{host}': {why}")]
    Tls {
        /// The server.
        host: String,
        /// Why.
        why: String,
    },
}

/// A mail server that is set up.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The part of a Message-ID behind the `@`.
    domain: String,
    time_limit: Duration,
}

impl Mail {
    /// Checks the settings; nothing is connected yet.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let from: Mailbox = settings.from.parse().map_err(|error: lettre::address::AddressError| {
            MailError::From { from: settings.from.clone(), why: error.to_string() }
        })?;
        let tls = tls(settings)?;
        let time_limit = settings.time_limit.unwrap_or(TIME_LIMIT);
        let usual = match settings.security {
            MailSecurity::Tls => 465,
            MailSecurity::StartTls => 587,
            MailSecurity::Plain => 25,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
            .port(settings.port.unwrap_or(usual))
            .tls(tls)
            .timeout(Some(time_limit));
        if let Some((user, password)) = &settings.login {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        let domain = from.email.domain().to_owned();
        Ok(Self { transport: builder.build(), from, domain, time_limit })
    }

    /// Sends one letter.
    pub(super) async fn send(&self, message: &Message) -> Result<(), ChannelFault> {
        let letter = self.letter(message)?;
        // The library's own limit holds for connecting; a server that falls silent later is ours to leave.
        match tokio::time::timeout(self.time_limit, self.transport.send(letter)).await {
            Ok(sent) => sent.map(drop).map_err(|error| fault(&error)),
            Err(_) => Err(ChannelFault::Unreached { why: format!("no answer within {:?}", self.time_limit) }),
        }
    }

    fn letter(&self, message: &Message) -> Result<Letter, ChannelFault> {
        let unsendable = |why: String| ChannelFault::Unsendable { why };
        let to =
            message.to.as_deref().ok_or_else(|| unsendable("the person has no e-mail address".into()))?;
        let to: Mailbox =
            to.parse().map_err(|error| unsendable(format!("address '{}': {error}", words(to))))?;
        Letter::builder()
            .from(self.from.clone())
            .to(to)
            .subject(words(&message.subject))
            .message_id(Some(format!("<{}@{}>", message.id, self.domain)))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|error| unsendable(words(error)))
    }
}

fn tls(settings: &MailSettings) -> Result<Tls, MailError> {
    let host = &settings.host;
    let parameters = || {
        TlsParameters::new(host.clone())
            .map_err(|error| MailError::Tls { host: host.clone(), why: words(error) })
    };
    match settings.security {
        MailSecurity::Tls => Ok(Tls::Wrapper(parameters()?)),
        MailSecurity::StartTls => Ok(Tls::Required(parameters()?)),
        MailSecurity::Plain if is_this_machine(host) => Ok(Tls::None),
        MailSecurity::Plain => Err(MailError::PlainAbroad(host.clone())),
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A 5xx answer will be the same next time; all else may pass.
fn fault(error: &lettre::transport::smtp::Error) -> ChannelFault {
    let why = words(error);
    if error.is_permanent() {
        ChannelFault::Refused { why }
    } else if error.is_transient() {
        ChannelFault::Later { why, wait_s: None }
    } else if error.is_client() {
        ChannelFault::Unsendable { why }
    } else {
        ChannelFault::Unreached { why }
    }
}
