//! YAML and JSON as their lines. Must not know what the records mean.
//!
//! Nothing is parsed: a quote of a record is a quote of its file, and a broken record is still text.

use super::{Draft, Line, LineKind, Note};

/// A file with lines longer than this is laid out, one value a line, so that a line can be pointed at.
const PACKED: usize = 1_000;

/// Reads YAML.
pub(super) fn read_yaml(text: &str) -> Draft {
    Draft { lines: rows(text), ..Draft::default() }
}

/// Reads JSON; a packed file is laid out and numbered by its values.
pub(super) fn read_json(text: &str) -> Draft {
    if text.lines().all(|row| row.len() <= PACKED) {
        return Draft { lines: rows(text), ..Draft::default() };
    }
    let laid_out = lay_out(text);
    let lines = laid_out
        .lines()
        .filter(|row| row.chars().any(char::is_alphanumeric))
        .zip(1u32..)
        .map(|(row, number)| Line::new(number, LineKind::Text, row.trim()))
        .collect();
    Draft { lines, notes: vec![Note::Ordinals], ..Draft::default() }
}

fn rows(text: &str) -> Vec<Line> {
    text.lines()
        .zip(1u32..)
        .filter(|(row, _)| row.chars().any(char::is_alphanumeric))
        .map(|(row, number)| Line::new(number, LineKind::Text, row.trim_end()))
        .collect()
}

/// The same text with a line end after each opening mark and each comma outside of strings.
fn lay_out(text: &str) -> String {
    let mut laid_out = String::with_capacity(text.len() + text.len() / 8);
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        laid_out.push(character);
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' | ',' if !in_string => laid_out.push('\n'),
            _ => {}
        }
    }
    laid_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_place_in_the_file() {
        let draft = read_json("{\n  \"name\": \"Acme\",\n  \"arr\": 5\n}\n");
        let lines: Vec<(u32, &str)> =
            draft.lines.iter().map(|line| (line.number, line.text.as_str())).collect();
        assert_eq!(lines, [(2, "  \"name\": \"Acme\","), (3, "  \"arr\": 5")]);
    }

    #[test]
    fn a_packed_file_is_laid_out_without_changing_a_value() {
        let filler = "x".repeat(PACKED);
        let draft = read_json(&format!(r#"{{"a":"one, [two] \" three","b":1.10,"c":"{filler}"}}"#));
        let lines: Vec<&str> = draft.lines.iter().map(|line| line.text.as_str()).take(2).collect();
        assert_eq!(lines, [r#""a":"one, [two] \" three","#, r#""b":1.10,"#]);
        assert_eq!(draft.notes, [Note::Ordinals]);
    }
}
