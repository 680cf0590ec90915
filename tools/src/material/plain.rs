//! Plain text and notes without markup: what of it is a heading, a list item, a label.
//! Must not know where the lines come from; pages and documents use it too.

use super::{Draft, Line, LineKind, date, speech};

/// Labels count as a note's head only this far down.
const HEAD_LINES: usize = 20;

/// Reads a plain text.
pub(super) fn read(text: &str) -> Draft {
    let lines = text
        .lines()
        .zip(1u32..)
        .filter(|(row, _)| !row.trim().is_empty())
        .map(|(row, number)| Line::new(number, kind(row), row.trim_end()))
        .collect();
    finish(Draft { lines, ..Draft::default() })
}

/// What a line without markup is, by its own look.
pub(super) fn kind(row: &str) -> LineKind {
    let row = row.trim();
    if is_list_item(row) {
        LineKind::ListItem
    } else if is_heading(row) {
        LineKind::Heading(2)
    } else {
        LineKind::Text
    }
}

/// `- text`, `* text`, `• text`, `1. text`, `2) text`.
pub(super) fn is_list_item(row: &str) -> bool {
    let row = row.trim_start();
    let rest = match row.strip_prefix(['-', '*', '+', '•', '–', '◦', '▪']) {
        Some(rest) => rest,
        None => {
            let digits = row.bytes().take_while(u8::is_ascii_digit).count();
            match row[digits..].strip_prefix(['.', ')']) {
                Some(rest) if (1..=3).contains(&digits) => rest,
                _ => return false,
            }
        }
    };
    rest.starts_with([' ', '\t']) && !rest.trim().is_empty()
}

/// A short line in capitals, or one that ends with a colon and says nothing after it.
fn is_heading(row: &str) -> bool {
    let words = row.split_whitespace().count();
    if words == 0 || words > 7 || row.starts_with(['[', '<', '(', '"']) {
        return false;
    }
    let letters = row.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = letters > 3 && !row.chars().any(char::is_lowercase) && row.chars().any(char::is_uppercase);
    let label = row.ends_with(':') && row.starts_with(char::is_uppercase) && letters > 2;
    label || (capitals && !row.ends_with(['.', ',', ';']))
}

/// Marks a note's head and its speakers, and takes title and date from them.
pub(super) fn finish(mut draft: Draft) -> Draft {
    mark_head(&mut draft);
    speech::attribute(&mut draft.lines);
    if draft.title.is_none() {
        draft.title = draft
            .lines
            .iter()
            .take(HEAD_LINES)
            .find(|line| matches!(line.kind, LineKind::Heading(_)))
            .map(|line| bare(&line.text).to_owned());
    }
    draft
}

fn mark_head(draft: &mut Draft) {
    for line in draft.lines.iter_mut().take(HEAD_LINES) {
        let Some((label, value)) = labelled(&line.text) else { continue };
        if draft.date.is_none() && is_date_label(label) {
            draft.date = date::in_value(value);
        }
        if matches!(line.kind, LineKind::Text | LineKind::ListItem) && speech::is_label(label) {
            line.kind = LineKind::Meta;
        }
    }
}

fn is_date_label(label: &str) -> bool {
    let label = label.to_lowercase();
    ["date", "when", "recorded", "held"].iter().any(|word| label.contains(word))
}

/// A line's label and value with the marks around them taken off: `**Date:** 2026-01-12`.
fn labelled(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(['-', '*', ' ', '>', '_', '#']);
    let (label, value) = text.split_once(':')?;
    let is_label = label.len() <= 40 && !value.starts_with("//");
    is_label.then(|| (label.trim_end_matches(['*', '_', ' ']), value.trim_matches(['*', '_', ' '])))
}

/// A heading's words without the marks of a heading.
pub(super) fn bare(text: &str) -> &str {
    text.trim_start_matches(['#', ' ']).trim_matches(['*', '_', ' ', ':', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, expected: LineKind) {
        assert_eq!(kind(row), expected, "{row}");
    }

    #[test]
    fn looks_tell_what_a_line_is() {
        check("Challenges:", LineKind::Heading(2));
        check("NEXT STEPS", LineKind::Heading(2));
        check("- an item", LineKind::ListItem);
        check("12) an item", LineKind::ListItem);
        check("-5 degrees", LineKind::Text);
        check("2026. was a year", LineKind::Text);
        check("The team said: we go", LineKind::Text);
        check("OK.", LineKind::Text);
    }

    #[test]
    fn a_head_gives_date_and_title() {
        let draft = read("DISCOVERY CALL\nDate: 12 January 2026\nAttendees: Ann\n\nThey are slow.\n");
        assert_eq!(draft.title.as_deref(), Some("DISCOVERY CALL"));
        assert_eq!(draft.date.map(|date| date.to_string()).as_deref(), Some("2026-01-12"));
        let kinds: Vec<(u32, LineKind)> = draft.lines.iter().map(|line| (line.number, line.kind)).collect();
        assert_eq!(
            kinds,
            [(1, LineKind::Heading(2)), (2, LineKind::Meta), (3, LineKind::Meta), (5, LineKind::Text)]
        );
    }
}
