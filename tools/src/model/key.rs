//! The key to a model server: held so that it cannot be printed, logged or serialized by accident.
//!
//! It must not know where a key comes from; the binary reads it and hands it in.

use std::fmt;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// Longer than any vendor's key, short enough for one header line.
const MAX_KEY_BYTES: usize = 4096;

/// What stands where a key stood.
const REDACTED: &str = "[key]";

/// A key that shows itself to the wire only. There is deliberately no `Serialize`.
#[derive(Clone)]
pub struct ApiKey(SecretString);

/// Why a text cannot be a key. The messages never hold the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing but white space.
    #[error("key is empty; leave it out for a server that needs none")]
    Empty,
    /// White space or a control character inside, as after a careless paste.
    #[error("key holds white space or a control character at byte {at}; was more than the key pasted?")]
    Inside {
        /// Where, counted from 0 after trimming.
        at: usize,
    },
    /// Characters that an HTTP header cannot carry.
    #[error("key holds a character outside ASCII at byte {at}")]
    NotAscii {
        /// Where, counted from 0 after trimming.
        at: usize,
    },
    /// Too long to be one.
    #[error("key is longer than {MAX_KEY_BYTES} bytes; is it a file's content?")]
    TooLong,
}

impl ApiKey {
    /// Takes a key as people store it; white space and newlines around it are dropped.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = text.trim();
        if key.is_empty() {
            return Err(KeyError::Empty);
        }
        if key.len() > MAX_KEY_BYTES {
            return Err(KeyError::TooLong);
        }
        for (at, letter) in key.char_indices() {
            if letter.is_whitespace() || letter.is_control() {
                return Err(KeyError::Inside { at });
            }
            if !letter.is_ascii() {
                return Err(KeyError::NotAscii { at });
            }
        }
        Ok(Self(SecretString::from(key)))
    }

    /// Takes the key out of a text that a server sent back.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), REDACTED)
    }

    /// The `Authorization` header, marked so that HTTP layers do not print it.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    pub(super) fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_trimmed_or_refused() {
        fn check(text: &str, expected: Result<&str, KeyError>) {
            let parsed = ApiKey::parse(text);
            let seen = parsed.as_ref().map(|key| key.0.expose_secret());
            assert_eq!(seen, expected.as_ref().copied(), "{text:?}");
        }
        check("sk-abc", Ok("sk-abc"));
        check("  sk-abc\r\n", Ok("sk-abc"));
        check(" \n ", Err(KeyError::Empty));
        check("sk-a\nsk-b", Err(KeyError::Inside { at: 4 }));
        check("Bearer sk-a", Err(KeyError::Inside { at: 6 }));
        check("sk-ä", Err(KeyError::NotAscii { at: 3 }));
        check(&"k".repeat(5000), Err(KeyError::TooLong));
    }

    #[test]
    fn a_key_shows_itself_to_the_wire_only() {
        let key = ApiKey::parse("sk-very-secret").unwrap();
        let header = key.authorization().unwrap();
        assert_eq!(header.to_str().unwrap(), "Bearer sk-very-secret");
        for shown in [format!("{key:?}"), format!("{header:?}")] {
            assert!(!shown.contains("very-secret"), "{shown}");
        }
        assert_eq!(key.redact("wrong key sk-very-secret!"), "wrong key [key]!");
    }
}
