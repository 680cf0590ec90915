//! Checked names of files in a store. A `StorePath` that exists is harmless: relative, without `..`, printable.
//!
//! Must not know the layout of an InfoHub, nor touch any file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest part in bytes; the common file systems allow no more.
const MAX_PART: usize = 255;
/// The longest path in bytes; object stores allow no longer keys.
const MAX_PATH: usize = 1024;
/// The deepest path in parts; deeper trees are mistakes, and recursion over them must end.
const MAX_PARTS: usize = 32;
/// Names that begin so are half-written files of the local store, and no one else's.
pub(super) const TEMP_PREFIX: &str = ".csp-tmp-";

/// A checked path in a store: `infohub/acme/success_plan/csp.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StorePath(String);

/// Why a text is no path in a store.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PathError {
    /// Nothing between two slashes, at either end, or at all.
    #[error("{path:?} has an empty part")]
    EmptyPart {
        /// The text that was given, shortened when long.
        path: String,
    },
    /// A part that steps to another folder instead of naming a child.
    #[error("{path:?} has a part `.` or `..`")]
    Step {
        /// The text that was given, shortened when long.
        path: String,
    },
    /// A backslash or a control character, which some systems read as something else.
    #[error("{path:?} contains {character:?}, which no file name here may")]
    Character {
        /// The text that was given, shortened when long.
        path: String,
        /// The first offending character.
        character: char,
    },
    /// A name that the store keeps for itself.
    #[error("{path:?} has a part that begins with `{TEMP_PREFIX}`, which marks half-written files")]
    Reserved {
        /// The text that was given, shortened when long.
        path: String,
    },
    /// Too long in one part or as a whole, or too deep.
    #[error("{path:?} is over {MAX_PART} bytes in a part, {MAX_PATH} bytes, or {MAX_PARTS} parts")]
    TooLong {
        /// The text that was given, shortened.
        path: String,
    },
}

impl StorePath {
    /// Checks a text and takes it as a path.
    pub fn new(text: impl Into<String>) -> Result<Self, PathError> {
        let text = text.into();
        check(&text)?;
        Ok(Self(text))
    }

    /// The path as text, parts separated by `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its parts from the root on.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.split().1
    }

    /// The folder that it is in, unless that is the root.
    pub fn parent(&self) -> Option<Self> {
        self.split().0.map(|parent| Self(parent.to_owned()))
    }

    /// The path below this one that `rest`, itself one or more parts, names.
    pub fn join(&self, rest: &str) -> Result<Self, PathError> {
        // Checking the rest alone first keeps the message about what the caller gave.
        check(rest)?;
        Self::new(format!("{self}/{rest}"))
    }

    /// Whether `folder` is this path or one of its ancestors.
    pub fn is_in(&self, folder: &Self) -> bool {
        self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The folder as text, if any, and the name in it.
    pub(super) fn split(&self) -> (Option<&str>, &str) {
        match self.0.rsplit_once('/') {
            Some((parent, name)) => (Some(parent), name),
            None => (None, &self.0),
        }
    }
}

impl fmt::Display for StorePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StorePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::new(text)
    }
}

impl TryFrom<String> for StorePath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        Self::new(text)
    }
}

impl From<StorePath> for String {
    fn from(path: StorePath) -> Self {
        path.0
    }
}

fn check(text: &str) -> Result<(), PathError> {
    let path = || text.chars().take(100).collect::<String>();
    if text.len() > MAX_PATH {
        return Err(PathError::TooLong { path: path() });
    }
    if let Some(character) = text.chars().find(|c| *c == '\\' || c.is_control()) {
        let path = path();
        return Err(PathError::Character { path, character });
    }
    for (index, part) in text.split('/').enumerate() {
        if part.is_empty() {
            return Err(PathError::EmptyPart { path: path() });
        }
        if part == "." || part == ".." {
            return Err(PathError::Step { path: path() });
        }
        if part.starts_with(TEMP_PREFIX) {
            return Err(PathError::Reserved { path: path() });
        }
        if part.len() > MAX_PART || index >= MAX_PARTS {
            return Err(PathError::TooLong { path: path() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Result<(), &str>) {
        let found = StorePath::new(text).map(|path| assert_eq!(path.as_str(), text));
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn ordinary_names_pass() {
        check("csp.toml", Ok(()));
        check("infohub/acme/success_plan/csp.yaml", Ok(()));
        check("infohub/acme/materials/Größe 2026 (final).md", Ok(()));
        check("infohub/acme/materials/...", Ok(()));
    }

    #[test]
    fn tricks_are_refused_with_their_reason() {
        check("", Err("\"\" has an empty part"));
        check("/etc/passwd", Err("\"/etc/passwd\" has an empty part"));
        check("a//b", Err("\"a//b\" has an empty part"));
        check("a/", Err("\"a/\" has an empty part"));
        check("a/../b", Err("\"a/../b\" has a part `.` or `..`"));
        check("./a", Err("\"./a\" has a part `.` or `..`"));
        check("a\\b", Err("\"a\\\\b\" contains '\\\\', which no file name here may"));
        check("a\0", Err("\"a\\0\" contains '\\0', which no file name here may"));
        check("a\u{85}", Err("\"a\\u{85}\" contains '\\u{85}', which no file name here may"));
        check(
            "a/.csp-tmp-1",
            Err("\"a/.csp-tmp-1\" has a part that begins with `.csp-tmp-`, which marks half-written files"),
        );
    }

    #[test]
    fn lengths_are_bounded() {
        assert!(StorePath::new("é".repeat(127)).is_ok());
        assert!(matches!(StorePath::new("é".repeat(128)), Err(PathError::TooLong { .. })));
        assert!(StorePath::new(["a"; 32].join("/")).is_ok());
        assert!(matches!(StorePath::new(["a"; 33].join("/")), Err(PathError::TooLong { .. })));
        assert!(matches!(StorePath::new("a/".repeat(600)), Err(PathError::TooLong { .. })));
    }

    #[test]
    fn a_path_knows_its_folder_and_its_ancestors() {
        let path = StorePath::new("infohub/acme/csp.yaml").unwrap();
        assert_eq!(path.name(), "csp.yaml");
        assert_eq!(path.parent().unwrap().as_str(), "infohub/acme");
        assert_eq!(StorePath::new("infohub").unwrap().parent(), None);
        assert!(path.is_in(&StorePath::new("infohub").unwrap()));
        assert!(!path.is_in(&StorePath::new("infohub/ac").unwrap()));
    }

    proptest! {
        #[test]
        fn whatever_passes_stays_below_the_root(text in r"[a./\\ é\x00\n-]{0,12}|\PC{0,20}") {
            if let Ok(path) = StorePath::new(text.clone()) {
                prop_assert_eq!(path.as_str(), text);
                let native = std::path::Path::new(path.as_str());
                prop_assert!(native.components().all(|c| matches!(c, std::path::Component::Normal(_))));
                prop_assert_eq!(native.components().count(), path.parts().count());
                let json = serde_json::to_string(&path).unwrap();
                prop_assert_eq!(serde_json::from_str::<StorePath>(&json).unwrap(), path);
            } else {
                prop_assert!(serde_json::from_value::<StorePath>(text.into()).is_err());
            }
        }

        #[test]
        fn joining_is_the_same_as_writing_it_out(left in "[a-c./]{1,6}", right in "[a-c./]{1,6}") {
            let whole = StorePath::new(format!("{left}/{right}")).ok();
            let joined = StorePath::new(left).ok().and_then(|left| left.join(&right).ok());
            prop_assert_eq!(whole, joined);
        }
    }
}
