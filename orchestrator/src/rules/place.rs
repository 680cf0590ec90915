//! Where in a YAML file a piece of a decoded scalar stands.
//!
//! A condition's fault has a place in the condition's text; a person needs the place in the file,
//! past quotes, escapes, folded lines and indentation. The two texts are walked side by side, so
//! that the place is exact for every style of scalar. Must not know conditions.

use std::str::Chars;

/// A line and a column of a file, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The place of a byte of a file. A byte order mark takes no column.
    pub(super) fn of(source: &str, byte: usize) -> Self {
        let before = source.get(..byte).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1,
        }
    }
}

/// The byte of the file at which the byte `offset` of the scalar's value is written. `start` is
/// the byte at which the scalar begins: at its quote, or at the first letter of its text.
pub(super) fn in_source(source: &str, start: usize, value: &str, offset: usize) -> usize {
    let style = Style::at(source, start);
    let quote = matches!(style, Style::Single | Style::Double);
    let mut walk = Walk { source, at: start + usize::from(quote), style };
    // A block scalar begins at its first text, and the blank lines before that are in its value.
    let text = match style {
        Style::Block(_) => value.trim_start_matches('\n'),
        _ => value,
    };
    let mut characters = text.chars();
    let mut behind = value.len() - text.len();
    walk.join_lines();
    while behind < offset {
        let Some(character) = characters.next() else {
            break;
        };
        behind += character.len_utf8();
        if !walk.pass(character, &characters) {
            break;
        }
    }
    walk.at.min(source.len())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    /// Literal or folded, its lines indented by this many spaces.
    Block(usize),
}

impl Style {
    fn at(source: &str, start: usize) -> Self {
        let before = source.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let indent = start.min(source.len()) - line_start;
        if before[line_start..].bytes().all(|byte| byte == b' ') && opens_block(&before[..line_start]) {
            return Self::Block(indent);
        }
        match source.as_bytes().get(start) {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            _ => Self::Plain,
        }
    }
}

/// Whether the last line that is not blank ends in the sign of a block scalar.
fn opens_block(before: &str) -> bool {
    let Some(line) = before.lines().rev().find(|line| !line.trim().is_empty()) else {
        return false;
    };
    let code = line.split(" #").next().unwrap_or_default().trim_end();
    let sign = code.trim_end_matches(|mark: char| mark.is_ascii_digit() || matches!(mark, '+' | '-'));
    sign.strip_suffix(['|', '>']).is_some_and(|key| key.is_empty() || key.ends_with(' '))
}

struct Walk<'a> {
    source: &'a str,
    at: usize,
    style: Style,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Passes what stands for one character of the value. False where the two texts part.
    fn pass(&mut self, character: char, following: &Chars) -> bool {
        if matches!(character, ' ' | '\n') && self.break_ahead().is_some() {
            self.pass_break();
            if !following.as_str().starts_with('\n') {
                while self.break_ahead().is_some() {
                    self.pass_break();
                }
            }
            return true;
        }
        match (self.style, self.rest().as_bytes()) {
            (Style::Single, [b'\'', b'\'', ..]) => self.at += 2,
            (Style::Double, [b'\\', escape, ..]) => {
                self.at += match escape {
                    b'x' => 4,
                    b'u' => 6,
                    b'U' => 10,
                    _ => 2,
                }
            }
            _ if self.rest().starts_with(character) => self.at += character.len_utf8(),
            _ => return false,
        }
        self.join_lines();
        true
    }

    /// The bytes up to the line break that comes next, if nothing but dropped blanks precede it.
    fn break_ahead(&self) -> Option<usize> {
        let rest = self.rest();
        let ahead = match self.style {
            Style::Block(_) => rest,
            _ => rest.trim_start_matches([' ', '\t']),
        };
        let breaks = ahead.starts_with('\n') || ahead.starts_with("\r\n");
        breaks.then(|| rest.len() - ahead.len())
    }

    /// Passes a line break and the indentation after it.
    fn pass_break(&mut self) {
        self.at += self.break_ahead().unwrap_or_default();
        self.at += if self.rest().starts_with('\r') { 2 } else { 1 };
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.at += match self.style {
            Style::Block(indent) => blanks.min(indent),
            _ => blanks,
        };
    }

    /// Passes a backslash at a line's end, which joins two lines and stands for nothing.
    fn join_lines(&mut self) {
        let rest = self.rest();
        if self.style != Style::Double {
            return;
        }
        if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") {
            self.at += 1;
            self.pass_break();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_saphyr::Spanned;
    use std::collections::BTreeMap;

    /// Every letter of the value is found at the same letter of the file.
    fn check(source: &str) {
        let read: BTreeMap<String, Spanned<String>> = serde_saphyr::from_str(source).unwrap();
        let scalar = &read["key"];
        let start = scalar.defined.span().byte_offset().unwrap() as usize;
        for (offset, letter) in scalar.value.char_indices() {
            let at = in_source(source, start, &scalar.value, offset);
            if letter.is_alphanumeric() {
                assert!(source[at..].starts_with(letter), "{letter} of {source:?} found at {at}");
            }
        }
    }

    #[test]
    fn letters_are_found_in_every_style() {
        for source in [
            "key: one two # three\n",
            "key: one\n  two\n\n  three\n",
            "key:\n  one two\n",
            "key: 'it''s a ''b'''\n",
            "key: 'one\n  two\n\n  three'\n",
            "key: \"a\\tb\\\"c\\\" \\x21z é\"\n",
            "key: \"one \\\n  two\\\n  three\"\n",
            "key: &anchor !!str 'tagged'\n",
            "key: |\n  one\n    two\n\n  three\n",
            "key: |- # why\n\n  'one'\n  \"two\"\n",
            "key: >\n  one\n  two\n\n  three\n    four\n  five\n",
            "other: x\nkey: >2-\n    one\n  two\n",
            "key: 'one\r\n  two'\r\nother: |\r\n  x\r\n",
            "key: |\r\n  one\r\n  two\r\n",
            "\u{feff}key: one\n",
            "{key: one, other: 'two'}\n",
            "other: &a 'shared ''one'''\nkey: *a\n",
        ] {
            check(source);
        }
    }

    #[test]
    fn columns_count_characters() {
        let source = "\u{feff}é: 'ü'\nx";
        let place = |line, column| Place { line, column };
        assert_eq!(Place::of(source, source.find('ü').unwrap()), place(1, 5));
        assert_eq!(Place::of(source, source.len() - 1), place(2, 1));
        assert_eq!(Place::of(source, 10_000), place(2, 2));
    }

    proptest! {
        #[test]
        fn no_text_and_no_offset_panics(
            source in any::<String>(), start in 0usize..64, value in any::<String>(),
            offset in 0usize..64,
        ) {
            let at = in_source(&source, start.min(source.len()), &value, offset);
            prop_assert!(at <= source.len());
        }

        #[test]
        fn quoted_words_are_found(words in prop::collection::vec("[a-z'é]{1,6}", 1..6)) {
            let text = words.join(" ");
            check(&format!("key: '{}'\n", text.replace('\'', "''")));
            check(&format!("key: '{}'\n", text.replace('\'', "''").replace(' ', "\n   ")));
            check(&format!("key: >-\n  {}\n", text.replace(' ', "\n  ")));
            check(&format!("key: |\n  {}\n", text.replace(' ', "\n  ")));
        }
    }
}
