//! A fault of the rules file as people see it: the place, the line with carets, what to do.
//!
//! Must not know how the file is read.

use super::fault::{Fault, Shown};
use super::place::Place;

/// A fault of the rules file, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {problem}", .place.line, .place.column)]
pub struct RuleError {
    /// The file, as the caller named it.
    pub file: String,
    /// Where it begins.
    pub place: Place,
    /// The rule that it belongs to, if it belongs to one.
    pub rule: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// What to do about it.
    pub hint: Option<String>,
    /// The line of the file with carets under what is wrong.
    pub snippet: String,
}

/// What can be wrong with a rules file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// More text than the limit.
    #[error("the file has {length} bytes, the limit is {limit}")]
    TooLarge {
        /// Bytes found.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// More faults than anyone mends at once, or than can be told in bounded time.
    #[error("more than {0} faults; those from here on are not told")]
    TooMany(usize),
    /// More rules than the limit.
    #[error("more than {0} rules")]
    TooManyRules(usize),
    /// The file is not YAML of the right form.
    #[error("{0}")]
    Yaml(String),
    /// The name of a rule is empty, too long or not made of letters, digits, `_` and `-`.
    #[error("{0} is no name for a rule")]
    Name(Shown),
    /// A key that rules do not have.
    #[error("unknown key {0}")]
    UnknownKey(Shown),
    /// A key that is missing.
    #[error("the rule has no `{0}`")]
    MissingKey(&'static str),
    /// A value that is not text.
    #[error("`{key}` must be text, this is {found}")]
    NotText {
        /// The key.
        key: String,
        /// What its value is.
        found: &'static str,
    },
    /// Words for people that are not there.
    #[error("`{0}` is blank")]
    Blank(String),
    /// A condition that does not compile.
    #[error("{0}")]
    Condition(Fault),
    /// A rule from which nothing follows.
    #[error("the rule does nothing")]
    NoEffect,
    /// A word that the key does not have.
    #[error("`{key}` cannot be {word}")]
    UnknownWord {
        /// The key.
        key: &'static str,
        /// The word found.
        word: Shown,
    },
    /// Opportunities and milestones, say, in one rule.
    #[error("the rule asks about two kinds of things, and is asked of one at a time")]
    TwoKinds,
    /// Two schedules, or a schedule and an event, in one rule.
    #[error("the rule waits for a time and for something else that is over at once")]
    TwoMoments,
    /// A gate that would never be closed.
    #[error("the rule is over at once and cannot keep a gate closed")]
    GateOnMoment,
    /// Reminders of nothing.
    #[error("`timing` has no date that it is counted from")]
    IdleTiming,
    /// A reminder that comes before its date is overdue.
    #[error("{0} never comes for what is overdue")]
    NeverDue(Shown),
    /// A task that no agent has.
    #[error("no agent has the task {0}")]
    UnknownTask(Shown),
}

impl RuleError {
    /// A fault of the bytes from `start` to `end` of a file.
    pub(super) fn new(file: &str, text: &str, start: usize, end: usize, problem: Problem) -> Self {
        Self {
            file: file.to_owned(),
            place: Place::of(text, start),
            rule: None,
            problem,
            hint: None,
            snippet: snippet(text, start, end),
        }
    }

    /// The whole report for people: the place, the line with carets, and the hint.
    #[must_use]
    pub fn report(&self) -> String {
        let mut report = self.to_string();
        if let Some(rule) = &self.rule {
            report.push_str(&format!(" (in rule `{rule}`)"));
        }
        if !self.snippet.is_empty() {
            report.push('\n');
            report.push_str(&self.snippet);
        }
        if let Some(hint) = &self.hint {
            report.push_str(&format!("\n  hint: {hint}"));
        }
        report
    }
}

/// The line of a byte with carets under the bytes from `start` to `end`, cut to what fits a screen.
fn snippet(source: &str, start: usize, end: usize) -> String {
    const BEFORE: usize = 60;
    const WIDTH: usize = 100;
    let place = Place::of(source, start);
    let line_start =
        source.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = source.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let line = line.trim_start_matches('\u{feff}');
    let skipped = if line.chars().count() > WIDTH { (place.column - 1).saturating_sub(BEFORE) } else { 0 };
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let shown: String = line.chars().skip(skipped).take(WIDTH).map(plain).collect();
    let marked = source.get(start..end.min(source.len())).unwrap_or_default();
    let indent = (place.column - 1 - skipped).min(WIDTH);
    let marked = marked.lines().next().unwrap_or_default().chars().count();
    let carets = marked.clamp(1, (WIDTH - indent).max(1));
    let number = place.line.to_string();
    let margin = number.len();
    format!("{number} | {shown}\n{:margin$} | {:indent$}{:^<carets$}", "", "", "^")
}
