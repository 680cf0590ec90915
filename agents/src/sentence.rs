//! Where sentences end, and what of a sentence is its words rather than its marks.
//! It must not know what the sentence says.

use std::ops::Range;

/// Words before a full stop that does not end a sentence.
const SHORT_FORMS: [&str; 22] = [
    "dr", "mr", "mrs", "ms", "prof", "st", "e.g", "i.e", "eg", "ie", "vs", "inc", "ltd", "corp", "co",
    "approx", "no", "nos", "fig", "sr", "jr", "resp",
];

/// The places of the sentences in a text, without the white space between them.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '?' | '!')) {
        let after = at + mark.len_utf8();
        let rest = &text[after..];
        let closing: usize = rest
            .chars()
            .take_while(|c| matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '*'))
            .map(char::len_utf8)
            .sum();
        let end = after + closing;
        if end > start && text[end..].starts_with(char::is_whitespace) && ends_here(text, at, end, mark) {
            found.push(start..end);
            start = end;
        }
    }
    found.push(start..text.len());
    found.retain(|range| text[range.clone()].chars().any(char::is_alphanumeric));
    found.into_iter().map(|range| trimmed(text, range)).collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let sentence = &text[range.clone()];
    let start = range.start + sentence.len() - sentence.trim_start().len();
    start..start + sentence.trim().len()
}

fn ends_here(text: &str, at: usize, end: usize, mark: char) -> bool {
    let next = text[end..].trim_start().chars().next();
    if !next.is_some_and(|c| !c.is_lowercase() && c != '(') {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let word =
        text[..at].rsplit(|c: char| c.is_whitespace() || c == '(' || c == '"').next().unwrap_or_default();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    !initial && !SHORT_FORMS.contains(&word.to_lowercase().as_str())
}

/// A line's words without the mark of a list, a quotation or a heading in front of them.
pub(crate) fn without_mark(text: &str) -> &str {
    let text = text.trim_start_matches(['>', ' ', '\t', '#']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match text.strip_prefix(['-', '*', '+', '•', '–', '◦', '▪']) {
        Some(rest) => rest,
        None if (1..=3).contains(&digits) => text[digits..].strip_prefix(['.', ')']).unwrap_or(text),
        None => text,
    };
    if rest.len() < text.len() && rest.starts_with([' ', '\t']) { rest.trim() } else { text.trim() }
}

/// A sentence as an item says it: no emphasis, no quote mark without its partner, no dangling ends.
pub(crate) fn clean(sentence: &str) -> String {
    let text = without_mark(sentence).replace("**", "").replace("__", "").replace('`', "");
    let text = quoted_part(&text).unwrap_or(&text);
    let marks = text.chars().filter(|c| matches!(c, '"' | '“' | '”')).count();
    let text = if marks % 2 == 1 { text.trim_matches(['"', '“', '”']) } else { text };
    text.trim().trim_end_matches(';').to_owned()
}

/// What is said in `"We lose two days," says Ann Bell, Head of Planning.`
fn quoted_part(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(['"', '“'])?;
    let (said, tail) = inner.split_once(['"', '”'])?;
    let verb = tail.split_whitespace().next()?;
    let attributes = ["says", "said", "adds", "explains", "notes", "recalls"].contains(&verb);
    (attributes && !tail.contains(['"', '“'])).then(|| said.trim_end_matches(','))
}

/// The label in front of a line's words: `Use case: temperature alarms` gives `Use case` and the rest.
pub(crate) fn labelled(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text
        .split_once(": ")
        .into_iter()
        .chain(text.split_once(":** "))
        .min_by_key(|(label, _)| label.len())?;
    let label = label.trim_matches(['*', '_', ' ']);
    let plain = !label.contains(['.', '?', '!', ';', '"', '“', ',']);
    let fits = plain && label.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let short = (1..=7).contains(&label.split_whitespace().count());
    (fits && short).then(|| (label, rest.trim_start_matches(['*', '_', ' ']).trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_end_them() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected);
        };
        check("One. Two? Three", &["One.", "Two?", "Three"]);
        check(
            "Dr. Bell runs 2.5 sites, e.g. Venlo. J. Doe too.",
            &["Dr. Bell runs 2.5 sites, e.g. Venlo.", "J. Doe too."],
        );
        check("\"It hurts.\" So she left.", &["\"It hurts.\"", "So she left."]);
        check("node.js runs. 3 sites", &["node.js runs.", "3 sites"]);
        check(" . ", &[]);
    }

    #[test]
    fn marks_are_taken_off() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected);
        check("- **Excel** sheets;", "Excel sheets");
        check("2) second", "second");
        check("-5 degrees", "-5 degrees");
        check("\"We lose two days,\" says Ann Bell, Head of Planning.", "We lose two days");
        check("\"It felt slow.", "It felt slow.");
        check("A (\"the shoebox\")", "A (\"the shoebox\")");
        check("> note", "note");
    }

    #[test]
    fn labels_are_short() {
        assert_eq!(labelled("Use case: alarms"), Some(("Use case", "alarms")));
        assert_eq!(labelled("**Date:** 20 January"), Some(("Date", "20 January")));
        assert_eq!(labelled("Age at 8:30: 5 hours"), Some(("Age at 8:30", "5 hours")));
        assert_eq!(labelled("We said so, and yet: nothing"), None);
        assert_eq!(labelled("see https://x"), None);
    }
}
