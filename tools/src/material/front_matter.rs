//! The block between two `---` lines at a file's head. Must not know what follows it.

use jiff::civil::Date;

use super::{Line, LineKind, date};

/// Longer blocks are not front matter but a text that starts with a rule.
const LINES: usize = 200;

/// What a front matter says, and where the text after it starts.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    pub(super) lines: Vec<Line>,
    pub(super) title: Option<String>,
    pub(super) date: Option<Date>,
    /// Bytes and lines that the block takes, both rules included.
    pub(super) bytes: usize,
    pub(super) rows: u32,
}

/// Takes the front matter off a text; a text without one gives an empty block.
pub(super) fn split(text: &str) -> FrontMatter {
    let mut found = FrontMatter::default();
    let mut rows = text.split_inclusive('\n').zip(1u32..).take(LINES);
    match rows.next() {
        Some((first, _)) if first.trim_end() == "---" => found.bytes = first.len(),
        _ => return FrontMatter::default(),
    }
    for (row, number) in rows {
        found.bytes += row.len();
        let row = row.trim_end();
        if row == "---" || row == "..." {
            found.rows = number;
            return found;
        }
        found.note(row);
        if !row.trim().is_empty() {
            found.lines.push(Line::new(number, LineKind::Meta, row));
        }
    }
    // The second rule never came, so the first was just a rule.
    FrontMatter::default()
}

impl FrontMatter {
    fn note(&mut self, row: &str) {
        let Some((key, value)) = row.split_once(':') else {
            return;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key {
            "title" if !value.is_empty() => self.title = Some(value.to_owned()),
            "date" => self.date = date::in_value(value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_taken_off_with_its_title_and_date() {
        let text = "---\ntitle: \"First call\"\ndate: 2026-01-12\n\n---\nbody";
        let found = split(text);
        assert_eq!(found.title.as_deref(), Some("First call"));
        assert_eq!(found.date.map(|date| date.to_string()).as_deref(), Some("2026-01-12"));
        assert_eq!(found.lines.len(), 2);
        assert_eq!((&text[found.bytes..], found.rows), ("body", 5));
    }

    #[test]
    fn a_rule_alone_is_no_front_matter() {
        assert_eq!(split("---\na: b\n").bytes, 0);
        assert_eq!(split("text\n---\na: b\n---\n").bytes, 0);
        assert_eq!(split("").bytes, 0);
    }
}
