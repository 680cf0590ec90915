//! The top-level keys of a text, found line by line without parsing it.
//!
//! An outline is given only where lines alone prove it: all keys are plain words in the first column,
//! each stands there once, and nothing else does. Then a section can be read and changed by itself.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::value::field;

/// A top-level key with all lines up to the next one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section<'t> {
    pub key: &'t str,
    pub start: usize,
    pub end: usize,
}

/// The sections of a text, and where another one could be appended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline<'t> {
    pub sections: Vec<Section<'t>>,
    pub end: usize,
}

/// The outline of a text that holds `fields`; none if lines do not prove it.
pub(super) fn outline<'t>(text: &'t str, fields: &Map<String, Value>) -> Option<Outline<'t>> {
    if has_anchor(text) {
        return None;
    }
    let mut outline = Outline { sections: Vec::new(), end: text.len() };
    let (mut start, mut open, mut ended) = (0, false, false);
    let mut keys = HashSet::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let inside = is_inside(content);
        if content.starts_with('#') || content.trim_start().is_empty() {
            // Comments and blank lines belong to whatever section they stand in.
        } else if ended || (inside && outline.sections.is_empty()) {
            return None;
        } else if content == "---" && !open && outline.sections.is_empty() {
            open = true;
        } else if content == "..." {
            (ended, outline.end) = (true, start);
        } else if !inside {
            let key = key_of(content)?;
            if !keys.insert(key) {
                return None;
            }
            outline.sections.push(Section { key, start, end: text.len() });
        }
        start += line.len();
    }
    close(&mut outline);
    agrees(text, &outline, &keys, fields).then_some(outline)
}

/// True for a line that continues a section; a list may have its dashes below the key.
fn is_inside(line: &str) -> bool {
    line.starts_with([' ', '\t']) || line.starts_with("- ") || line.trim_end() == "-"
}

/// Each section ends where the next one starts.
fn close(outline: &mut Outline<'_>) {
    let mut end = outline.end;
    for section in outline.sections.iter_mut().rev() {
        section.end = end;
        end = section.start;
    }
}

/// Anchors tie parts of a document together, so none of them can be read alone.
fn has_anchor(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let in_word = text[..at].ends_with(|before: char| before.is_ascii_alphanumeric());
        !in_word && text[at + 1..].starts_with(|after: char| !after.is_ascii_whitespace())
    })
}

/// The plain word before the colon.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let word = key.starts_with(|first: char| first.is_ascii_alphabetic());
    (plain && word && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(key)
}

/// A key that only looks like one (it is a line of some text) betrays itself: the value lacks it.
fn agrees(text: &str, outline: &Outline<'_>, keys: &HashSet<&str>, fields: &Map<String, Value>) -> bool {
    let held = |section: &Section<'_>| field(fields, section.key).is_some() || is_empty(text, section);
    let mut filled = fields.iter().filter(|(_, value)| !value.is_null());
    outline.sections.iter().all(held) && filled.all(|(key, _)| keys.contains(key.as_str()))
}

/// True for a section that holds comments at most, and null or brackets with nothing between them.
fn is_empty(text: &str, section: &Section<'_>) -> bool {
    let mut lines = text[section.start + section.key.len() + 1..section.end].lines();
    let first = lines.next().unwrap_or("").trim();
    let null = first.split(" #").next().unwrap_or(first).trim_end();
    let empty = |line: &str| line.is_empty() || line.starts_with('#');
    (empty(first) || matches!(null, "~" | "null" | "{}" | "[]")) && lines.all(|line| empty(line.trim_start()))
}

/// The offset in a section's text behind its last line that is indented, or behind its first line.
///
/// Comments and blank lines after it lead over to the next section.
pub(super) fn content_end(section: &str) -> usize {
    let (mut at, mut end) = (0, 0);
    for line in section.split_inclusive('\n') {
        let indented = is_inside(line) && !line.trim().is_empty();
        if at == 0 || indented {
            end = at + line.len();
        }
        at += line.len();
    }
    end
}

/// True if a block scalar may own the blank lines behind it, so that nothing goes between them.
pub(super) fn keeps_blank_lines(section: &str) -> bool {
    section.lines().any(|line| {
        let header = line.split(" #").next().unwrap_or(line).trim_end();
        header.ends_with('+') || header.trim_end_matches(|each: char| each.is_ascii_digit()).ends_with('+')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str, value: &Value, expected: Option<&[(&str, usize, usize)]>) {
        let found = outline(text, value.as_object().unwrap());
        let found = found.map(|found| {
            found.sections.iter().map(|each| (each.key, each.start, each.end)).collect::<Vec<_>>()
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn sections_run_to_the_next_key() {
        check(
            "# head\na: 1\n\n# b\nb:\n  - x\n# end\n",
            &json!({"a": 1, "b": ["x"]}),
            Some(&[("a", 7, 17), ("b", 17, 32)]),
        );
        check("---\na: 1\n...\n", &json!({"a": 1}), Some(&[("a", 4, 9)]));
        check("a:  # nothing\n  # yet\nb: 1\n", &json!({"b": 1}), Some(&[("a", 0, 22), ("b", 22, 27)]));
        check("# nothing\n", &json!({}), Some(&[]));
        check("a:\n- x\n-\nb: 1\n", &json!({"a": ["x", null], "b": 1}), Some(&[("a", 0, 9), ("b", 9, 14)]));
        check("a: R&D\n", &json!({"a": "R&D"}), Some(&[("a", 0, 7)]));
    }

    #[test]
    fn what_lines_do_not_prove_has_no_outline() {
        for (text, value) in [
            (" a: 1\n", json!({"a": 1})),
            ("\"a\": 1\n", json!({"a": 1})),
            ("{a: 1}\n", json!({"a": 1})),
            ("a: 1\na: 2\n", json!({"a": 1})),
            ("a: [\n1\n]\n", json!({"a": [1]})),
            ("a: \"x\nb: y\"\n", json!({"a": "x b: y"})),
            ("a: \"x\nb: \"\n", json!({"a": "x b: "})),
            ("a: &x 1\nb: *x\n", json!({"a": 1, "b": 1})),
            ("a: 1\n...\nb: 1\n", json!({"a": 1})),
            ("%YAML 1.2\n---\na: 1\n", json!({"a": 1})),
            ("a: 1\n", json!({"a": 1, "b": 2})),
        ] {
            check(text, &value, None);
        }
    }

    #[test]
    fn indented_lines_belong_to_the_section_above() {
        assert_eq!(content_end("a:\n  b: 1\n\n  # c\n\n# next\n"), 17);
        assert_eq!(content_end("a: 1\n\n# next\n"), 5);
        assert!(keeps_blank_lines("a: |+\n  x\n"));
        assert!(keeps_blank_lines("a: >+2 # c\n  x\n"));
        assert!(!keeps_blank_lines("a: |-\n  x+y\n"));
    }
}
