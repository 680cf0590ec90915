//! What a terminal may be given: text of customers, mails and exports must not move the cursor, change the
//! window's title or turn the writing direction around. It must not know where the text comes from.

/// What stands for a character that is not shown.
const SHOWN: char = '\u{fffd}';

/// The text without control characters besides line ends and tabs. Where colours are on, sequences that only
/// set colours pass, since they are how our own colours are written.
pub fn printable(text: &str, colours: bool) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(sequence) = colour(rest).filter(|_| colours) {
            safe.push_str(sequence);
            rest = &rest[sequence.len()..];
            continue;
        }
        safe.push(if is_harmless(letter) { letter } else { SHOWN });
        rest = &rest[letter.len_utf8()..];
    }
    safe
}

/// The sequence at the beginning of the text that only sets colours, if there is one.
fn colour(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("\u{1b}[")?;
    let end = inner.find(|letter: char| !letter.is_ascii_digit() && letter != ';')?;
    inner[end..].starts_with('m').then(|| &text[..end + 3])
}

/// Everything but controls and the marks that turn the writing direction around.
fn is_harmless(letter: char) -> bool {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    matches!(letter, '\n' | '\t') || !(letter.is_control() || turns)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, colours: bool, expected: &str) {
        assert_eq!(printable(text, colours), expected, "{text:?}");
    }

    #[test]
    fn nothing_moves_the_cursor() {
        check("plain\n\ttext ü", false, "plain\n\ttext ü");
        check("a\u{1b}[2Jb", true, "a\u{fffd}[2Jb");
        check("a\u{1b}]0;title\u{7}b", true, "a\u{fffd}]0;title\u{fffd}b");
        check("over\rwritten", false, "over\u{fffd}written");
        check("abc\u{202e}def", true, "abc\u{fffd}def");
        check("\u{1b}[1;31mred\u{1b}[0m", true, "\u{1b}[1;31mred\u{1b}[0m");
        check("\u{1b}[1;31mred\u{1b}[0m", false, "\u{fffd}[1;31mred\u{fffd}[0m");
        check("\u{1b}[", true, "\u{fffd}[");
    }

    proptest! {
        #[test]
        fn what_is_left_is_text_and_colours(text in r"(\x1b|\[|[0-9;m]|\PC|\r|\n){0,40}", colours: bool) {
            let safe = printable(&text, colours);
            let bare = if colours { without_colours(&safe) } else { safe.clone() };
            prop_assert!(bare.chars().all(|letter| letter == '\n' || !letter.is_control()), "{safe:?}");
            prop_assert_eq!(printable(&safe, colours), safe);
        }
    }

    fn without_colours(text: &str) -> String {
        let mut parts = text.split("\u{1b}[");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |bare, part| {
            let (codes, rest) = part.split_once('m').unwrap();
            assert!(codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{text:?}");
            bare + rest
        })
    }
}
