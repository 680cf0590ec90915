//! The stages of a workspace in their order, against which conditions are checked.
//!
//! Must not know where they are configured; the caller brings them.

use std::collections::BTreeSet;

/// The words of a workspace that conditions are checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    path: Vec<String>,
    off_path: Vec<String>,
}

/// A vocabulary that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// No stage leads to winning.
    #[error("no stage stands on the winning path")]
    NoPath,
    /// A stage without a letter.
    #[error("a stage is blank")]
    Blank,
    /// The same stage twice, so that its rank would be unclear.
    #[error("the stage `{0}` is listed twice")]
    Twice(String),
}

impl Vocabulary {
    /// Stages that lead to winning, in order, and those that end elsewhere, such as `Closed Lost`.
    ///
    /// # Errors
    /// When there is no path, or a stage is blank or listed twice.
    pub fn new(path: Vec<String>, off_path: Vec<String>) -> Result<Self, VocabularyError> {
        if path.is_empty() {
            return Err(VocabularyError::NoPath);
        }
        let mut seen = BTreeSet::new();
        for stage in path.iter().chain(&off_path) {
            if stage.trim().is_empty() {
                return Err(VocabularyError::Blank);
            }
            if !seen.insert(stage) {
                return Err(VocabularyError::Twice(stage.clone()));
            }
        }
        Ok(Self { path, off_path })
    }

    /// All stages, the winning path first.
    pub fn stages(&self) -> impl Iterator<Item = &str> {
        self.path.iter().chain(&self.off_path).map(String::as_str)
    }

    /// The stage of a deal that is won: the last of the path.
    pub(super) fn won(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The stages at or past this one on the winning path. A stage off the path is only itself,
    /// and an unknown one is nothing.
    pub(super) fn reached_from(&self, stage: &str) -> Vec<String> {
        match self.path.iter().position(|known| known == stage) {
            Some(rank) => self.path[rank..].to_vec(),
            None => self.off_path.iter().filter(|known| *known == stage).cloned().collect(),
        }
    }
}

/// The stages of the specification: 1 to 4, then won; lost stands beside the path.
impl Default for Vocabulary {
    fn default() -> Self {
        let path = ["Stage 1", "Stage 2", "Stage 3", "Stage 4", "Closed Won"];
        Self { path: path.map(str::to_owned).to_vec(), off_path: vec!["Closed Lost".to_owned()] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &[&str], off_path: &[&str], expected: Option<&VocabularyError>) {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(Vocabulary::new(owned(path), owned(off_path)).as_ref().err(), expected);
    }

    #[test]
    fn stages_are_distinct_and_lead_somewhere() {
        check(&["Open", "Won"], &["Lost"], None);
        check(&[], &["Lost"], Some(&VocabularyError::NoPath));
        check(&["Open", " "], &[], Some(&VocabularyError::Blank));
        check(&["Open"], &["Open"], Some(&VocabularyError::Twice("Open".to_owned())));
    }
}
