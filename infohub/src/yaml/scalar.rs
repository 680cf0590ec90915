//! How one text is spelt in YAML: plain where nobody can misread it, quoted or as a block otherwise.
//!
//! "Nobody" includes readers of YAML 1.1, to which `no`, `12:30` and `2026-01-15` are not text.
//! It knows single scalars; it must not know where in a document they stand.

use std::fmt::Write as _;

/// Words that some reader takes for a truth value, a number or nothing.
const WORDS: [&str; 12] =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];
/// What divides a flow collection.
const FLOW: [char; 5] = ['[', ']', '{', '}', ','];
/// A text longer than this (in characters) is folded, if it can be.
const FOLD_FROM: usize = 100;
/// Where folded lines break, in characters of text.
const FOLD_AT: usize = 92;

/// How a scalar was spelt, so that its successor can be spelt alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None where they can be spared.
    Spare,
    /// None where they can be spared between the commas of a flow collection.
    SpareInFlow,
    /// `'text'` where it can hold the text.
    Single,
    /// `"text"`.
    Double,
}

/// A text on one line.
pub(super) fn inline(text: &str, quotes: Quotes) -> String {
    match quotes {
        Quotes::Spare if is_plain(text) => text.to_owned(),
        Quotes::SpareInFlow if is_plain(text) && !text.contains(FLOW) => text.to_owned(),
        Quotes::Single if fits_single(text) => single(text),
        Quotes::Double => double(text),
        _ if text.contains(['"', '\\']) && fits_single(text) => single(text),
        _ => double(text),
    }
}

/// True for a text that reads back as itself without quotes, everywhere.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let opens = first.is_alphabetic() || (first.is_ascii_digit() && is_phrase(text));
    opens
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(is_special)
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True for a text that starts with a digit and is words all the same, such as `90 days`.
fn is_phrase(text: &str) -> bool {
    let mut words = text.split(' ');
    let counted = words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    counted && words.next().is_some_and(|word| word.chars().all(char::is_alphabetic) && word.len() > 1)
}

/// Characters that need an escape, or that editors and readers treat in their own ways.
fn is_special(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn fits_single(text: &str) -> bool {
    !text.contains('\'') && !text.chars().any(is_special)
}

fn single(text: &str) -> String {
    format!("'{text}'")
}

fn double(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            special if is_special(special) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(special));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// A text over several lines: the header that follows the key, and the lines to indent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// `|`, `|-` or `>-`.
    pub header: &'static str,
    /// The lines without indentation and line ends.
    pub lines: Vec<&'a str>,
}

/// The block form of a text that is long or has several lines, where that form is exact.
pub(super) fn block(text: &str) -> Option<Block<'_>> {
    if text.contains('\n') { literal(text) } else { folded(text) }
}

/// Lines as they are. More than one final line end would hang on how many blank lines follow.
fn literal(text: &str) -> Option<Block<'_>> {
    let (body, header) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    let exact = !body.is_empty()
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && !body.chars().any(|each| each != '\n' && is_special(each))
        && body.split('\n').all(|line| !line.ends_with(' '));
    exact.then(|| Block { header, lines: body.split('\n').collect() })
}

/// One long line, broken at single spaces, which is where a reader joins it again.
fn folded(text: &str) -> Option<Block<'_>> {
    if text.len() <= FOLD_FROM || text.starts_with(' ') || text.ends_with(' ') {
        return None;
    }
    if text.chars().any(is_special) {
        return None;
    }
    let (mut lines, mut start, mut width, mut last_gap) = (Vec::new(), 0, 0, None);
    let bytes = text.as_bytes();
    for (offset, character) in text.char_indices() {
        width += 1;
        let lone = character == ' ' && bytes[offset - 1] != b' ' && bytes[offset + 1] != b' ';
        if width > FOLD_AT
            && let Some(gap) = last_gap.take()
        {
            lines.push(&text[start..gap]);
            start = gap + 1;
            width = text[start..offset].chars().count() + 1;
        }
        if lone {
            last_gap = Some(offset);
        }
    }
    lines.push(&text[start..]);
    (lines.len() > 1).then_some(Block { header: ">-", lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(inline(text, Quotes::Spare), expected, "{text:?}");
    }

    #[test]
    fn what_nobody_misreads_stays_plain() {
        check("Reduce churn, then grow", "Reduce churn, then grow");
        check("90 days", "90 days");
        check("Überblick: nein", "\"Überblick: nein\"");
        check("ms-3f9a", "ms-3f9a");
        check("he said \"x\"", "he said \"x\"");
    }

    #[test]
    fn a_long_line_is_folded_wherever_its_letters_end() {
        for filler in ["é", "—", "🎉", "a"] {
            for length in 60..200 {
                let text =
                    format!("{} {} {}", "word ".repeat(20).trim_end(), filler.repeat(length), "end of it");
                let joined = folded(&text).map(|block| block.lines.join(" "));
                assert!(joined.is_none_or(|joined| joined == text), "{filler} {length}");
            }
        }
    }

    #[test]
    fn what_somebody_misreads_is_quoted() {
        for text in [
            "",
            " ",
            "no",
            "NO",
            "Yes",
            "n",
            "null",
            "~",
            "017",
            "17",
            "1_000",
            "1e3",
            "0x1f",
            "12:30",
            "2026-01-15",
            "2026-01-15 Z",
            "-",
            "- a",
            "#",
            "a #b",
            "a: b",
            "a:",
            "[a]",
            "{a}",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "\u{7}",
            "a\tb",
            ".5",
            "+1",
            ".inf",
            "nan",
            "a ",
        ] {
            let spelt = inline(text, Quotes::Spare);
            assert!(spelt.starts_with('"'), "{text:?} as {spelt}");
        }
        check("\"x\" and \\", "'\"x\" and \\'");
        check("a\nb", "\"a\\nb\"");
        check("\u{2028}", "\"\\u2028\"");
    }

    #[test]
    fn flow_collections_quote_commas() {
        assert_eq!(inline("a, b", Quotes::SpareInFlow), "\"a, b\"");
        assert_eq!(inline("a b", Quotes::SpareInFlow), "a b");
    }

    #[test]
    fn old_quotes_are_kept_where_they_can_be() {
        assert_eq!(inline("a", Quotes::Double), "\"a\"");
        assert_eq!(inline("a", Quotes::Single), "'a'");
        assert_eq!(inline("it's", Quotes::Single), "\"it's\"");
    }

    #[test]
    fn blocks_are_exact_or_not_taken() {
        assert_eq!(block("a\nb").map(|block| block.header), Some("|-"));
        assert_eq!(block("a\n\nb\n").map(|block| block.header), Some("|"));
        for text in ["a", " a\nb", "a \nb", "a\nb\n\n", "\n", "\na", "a\tb\nc", "a\r\nb"] {
            assert_eq!(block(text), None, "{text:?}");
        }
    }

    #[test]
    fn long_lines_break_at_lone_spaces() {
        let text = format!("{}  {} {}", "a".repeat(60), "b".repeat(60), "c d ".repeat(30).trim_end());
        let folded = block(&text).unwrap();
        assert_eq!(folded.header, ">-");
        assert_eq!(folded.lines.join(" "), text);
        assert!(folded.lines.iter().all(|line| !line.starts_with(' ') && !line.ends_with(' ')));
        assert_eq!(block(&"a".repeat(500)), None);
        assert_eq!(block(&"a  ".repeat(100)), None);
    }
}
