//! What is wrong with a YAML file, where, and what to do about it.
//!
//! It knows the text and a place in it; it must not know which parser found the fault.

use std::fmt::Write as _;

/// The widest source line that a snippet shows, in characters.
const SNIPPET_WIDTH: usize = 100;
/// How many lines before the faulty one a snippet shows.
const SNIPPET_CONTEXT: usize = 2;

/// A file that could not be read, with the place and a hint where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(.file, *.line, *.column))]
pub struct YamlError {
    /// The file's name as the caller gave it.
    pub file: String,
    /// Line, counted from 1.
    pub line: Option<u32>,
    /// Column, counted from 1 in characters.
    pub column: Option<u32>,
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// The source lines with a caret below the place, plain text.
    pub snippet: Option<String>,
    /// What the person can do.
    pub hint: Option<String>,
}

impl YamlError {
    /// An error about the file as a whole.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            snippet: None,
            hint: None,
        }
    }

    /// An error at a place, with the source lines cut out of `text`.
    pub(crate) fn at(file: &str, text: &str, line: u32, column: u32, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line: Some(line),
            column: Some(column),
            message,
            snippet: snippet(text, line, column),
            hint: None,
        }
    }

    /// The same error with a hint.
    pub(crate) fn hinting(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

fn place(file: &str, line: Option<u32>, column: Option<u32>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
        (Some(line), None) => format!("{file}:{line}: "),
        _ => format!("{file}: "),
    }
}

/// Line and column (from 1, in characters) of a byte offset.
pub(super) fn line_column(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (clamp(line), clamp(column))
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The lines up to the fault and a caret; none if the place lies outside the text.
fn snippet(text: &str, line: u32, column: u32) -> Option<String> {
    let row = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let first = row.saturating_sub(SNIPPET_CONTEXT);
    let lines: Vec<&str> = text.lines().skip(first).take(row - first + 1).collect();
    if lines.len() != row - first + 1 {
        return None;
    }
    // A long line is cut to a window around the place; the others follow the same window.
    let from = column.saturating_sub(SNIPPET_WIDTH * 3 / 4);
    let margin = line.to_string().len();
    let mut shown = String::new();
    for (index, source) in lines.iter().enumerate() {
        let cut: String = source.chars().skip(from).take(SNIPPET_WIDTH).map(visible).collect();
        let _ = writeln!(shown, "{:>margin$} | {}", first + index + 1, cut.trim_end());
    }
    let _ = write!(shown, "{:>margin$} | {:>caret$}", "", "^", caret = column - from + 1);
    Some(shown)
}

/// Control characters and tabs take one plain cell, so the caret stays below its place.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        character if character.is_control() => '\u{b7}',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_opens_with_the_place() {
        let error = YamlError::at("csp.yaml", "a: 1\nb: 2\n", 2, 4, "bad".to_owned());
        assert_eq!(error.to_string(), "csp.yaml:2:4: bad");
        assert_eq!(YamlError::whole("csp.yaml", "bad").to_string(), "csp.yaml: bad");
    }

    #[test]
    fn the_caret_stands_below_the_place() {
        assert_eq!(snippet("a: 1\nb: é\t2\n", 2, 4).as_deref(), Some("1 | a: 1\n2 | b: é 2\n  |    ^"));
        assert_eq!(snippet("a: 1\n", 7, 1), None);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}x{}", "a".repeat(5_000), "b".repeat(5_000));
        let shown = snippet(&text, 1, 5_001).unwrap();
        let rows: Vec<&str> = shown.lines().collect();
        assert!(rows[0].chars().count() <= SNIPPET_WIDTH + 4);
        let caret = rows[1].find('^').unwrap();
        assert_eq!(rows[0].as_bytes()[caret], b'x');
    }

    #[test]
    fn places_count_characters() {
        assert_eq!(line_column("ä: 1\né b", 9), (2, 3));
        assert_eq!(line_column("a", 99), (1, 2));
    }
}
