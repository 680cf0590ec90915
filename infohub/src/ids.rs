//! Names that travel: account slugs, item ids, people. They must not know what they name.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is not a usable name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The slug has characters or a length that a folder name must not have.
    #[error(
        "account name '{0}' is not usable: take 1 to 63 of a-z, 0-9 and '-', starting with a letter or digit"
    )]
    Slug(String),
    /// The item id has another form than `prefix-hex`.
    #[error("item id '{0}' is not usable: take letters, digits and '-', as in 'ms-3f9a'")]
    Item(String),
    /// The person's id has characters that a file or a command line would trip over.
    #[error("person id '{0}' is not usable: take letters, digits, '.', '_', '@' and '-'")]
    Person(String),
}

macro_rules! name {
    ($(#[$meta:meta])* $name:ident, $error:ident, $valid:path, $pattern:literal $(, $default:ident)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        $(#[derive($default)])?
        pub struct $name(String);

        impl $name {
            /// Checks the text; gives it back in the error if it is not usable.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                if $valid(&text) { Ok(Self(text)) } else { Err(NameError::$error(text)) }
            }

            /// The text as it stands in files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

name!(
    /// The folder name of an account: 1 to 63 of `a-z0-9-`, so that no name can lead out of the InfoHub.
    AccountSlug, Slug, valid_slug, "^[a-z0-9][a-z0-9-]{0,62}$"
);
name!(
    /// A person in `team.yaml`, or a name on the customer's side.
    PersonId, Person, valid_person, "^[A-Za-z0-9._@-]{1,100}$"
);
name!(
    /// The stable id of an item in a list of the plan, as `ms-3f9a`. Empty means "not yet given one".
    ItemId, Item, valid_item, "^[a-z0-9-]{0,40}$", Default
);

impl ItemId {
    /// True for an item that was written down without an id.
    pub fn is_unassigned(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes an id from what it stands for: the same seed and text give the same id in every run.
    /// `taken` says which ids exist already; four hex digits are used and more where they collide.
    pub fn derive(prefix: &str, seed: &str, text: &str, taken: impl Fn(&str) -> bool) -> Self {
        let mut hash = Sha256::new();
        for part in [prefix, seed, text] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        (4..=24)
            .map(|digits| format!("{prefix}-{}", &hex[..digits]))
            .find(|id| !taken(id))
            .map(Self)
            .unwrap_or_else(|| Self(format!("{prefix}-{}", &hex[..32])))
    }
}

fn valid_slug(text: &str) -> bool {
    let first = text.bytes().next();
    text.len() <= 63
        && first.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn valid_item(text: &str) -> bool {
    text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn valid_person(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte))
        // A person has a folder, and these two would lead to another one.
        && text != "."
        && text != ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_cannot_lead_anywhere() {
        for bad in ["", "..", "a/b", "A", "-a", "a b", "a\0", "ä", "a.b", &"x".repeat(64)] {
            assert!(AccountSlug::new(bad).is_err(), "{bad:?}");
        }
        for good in ["acme", "3m", "a-b-c", &"x".repeat(63)] {
            assert!(AccountSlug::new(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn a_person_s_name_makes_a_folder() {
        for bad in ["", ".", "..", "a/b", "a b", &"x".repeat(101)] {
            assert!(PersonId::new(bad).is_err(), "{bad:?}");
        }
        for good in ["mira", "a.b@c-d_e", "...", &"x".repeat(100)] {
            assert!(PersonId::new(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn derived_ids_are_stable_and_step_aside() {
        let id = ItemId::derive("ms", "task-1", "Go live", |_| false);
        assert_eq!(id, ItemId::derive("ms", "task-1", "Go live", |_| false));
        let other = ItemId::derive("ms", "task-1", "Go live", |taken| taken == id.as_str());
        assert_ne!(id, other);
        assert!(other.as_str().starts_with(id.as_str()));
    }
}
