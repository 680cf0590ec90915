//! A sentence as words with their places, and phrases looked up in it. It must not know what a phrase means.

use std::ops::Range;

/// A word in lower case, and where it stands in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The word in lower case, curly apostrophes made straight.
    pub(super) low: String,
    /// Its first byte in the text.
    pub(super) from: usize,
    /// The byte after its last one.
    pub(super) to: usize,
}

/// The words of a text. Numbers keep their signs and units (`$1,150`, `87.4%`, `4-6`, `1200/year`).
pub(super) fn words(text: &str) -> Vec<Word> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !starts(&chars, at) {
            at += 1;
            continue;
        }
        let first = at;
        at += 1;
        while at < chars.len() && goes_on(&chars, at) {
            at += 1;
        }
        let from = chars[first].0;
        let to = chars.get(at).map_or(text.len(), |(byte, _)| *byte);
        found.push(Word { low: low(&text[from..to]), from, to });
    }
    found
}

/// Where a phrase first stands among the words. A `*` at the end of one of its words stands for any ending.
pub(super) fn find(words: &[Word], phrase: &str) -> Option<Range<usize>> {
    let (first, rest) = phrase.split_once(' ').map_or((phrase, ""), |(first, rest)| (first, rest));
    let follows = |at: &usize| rest.is_empty() || opens(&words[at + 1..], &[rest]);
    let at = (0..words.len()).filter(|at| is(&words[*at], first)).find(follows)?;
    Some(at..at + phrase.split(' ').count())
}

/// Whether any of the phrases stands among the words.
pub(super) fn has(words: &[Word], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| find(words, phrase).is_some())
}

/// Whether any of the phrases opens the words.
pub(super) fn opens(words: &[Word], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        let parts = phrase.split(' ');
        parts.clone().count() <= words.len() && parts.zip(words).all(|(part, word)| is(word, part))
    })
}

/// The words that carry meaning, for comparing two texts.
pub(super) fn content(text: &str) -> Vec<String> {
    const SMALL: [&str; 42] = [
        "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "and", "or", "is", "are", "was", "were",
        "be", "been", "has", "have", "had", "it", "its", "they", "their", "them", "we", "our", "us", "that",
        "this", "with", "as", "from", "so", "but", "into", "than", "then", "which", "who", "will",
    ];
    let mut content: Vec<String> =
        words(text).into_iter().map(|word| word.low).filter(|word| !SMALL.contains(&word.as_str())).collect();
    content.sort();
    content.dedup();
    content
}

/// Whether two sorted lists of content words say much the same: at least `percent` of all words in both.
pub(super) fn alike(left: &[String], right: &[String], percent: usize) -> bool {
    let both = left.iter().filter(|word| right.binary_search(word).is_ok()).count();
    let all = left.len() + right.len() - both;
    all > 0 && both * 100 >= all * percent
}

fn is(word: &Word, part: &str) -> bool {
    match part.strip_suffix('*') {
        Some(start) => word.low.starts_with(start),
        None => word.low == part,
    }
}

fn low(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }).collect()
}

fn starts(chars: &[(usize, char)], at: usize) -> bool {
    let next_is_digit = chars.get(at + 1).is_some_and(|(_, next)| next.is_ascii_digit());
    chars[at].1.is_alphanumeric() || (matches!(chars[at].1, '$' | '€' | '£') && next_is_digit)
}

/// Signs belong to a word where they join two parts of it, or close a number.
fn goes_on(chars: &[(usize, char)], at: usize) -> bool {
    let (before, here) = (chars[at - 1].1, chars[at].1);
    let after = chars.get(at + 1).map_or(' ', |(_, c)| *c);
    match here {
        c if c.is_alphanumeric() => true,
        '%' | '+' => before.is_ascii_digit(),
        '.' | ',' => before.is_ascii_digit() && after.is_ascii_digit(),
        '\'' | '\u{2019}' | '-' | '/' | '&' => before.is_alphanumeric() && after.is_alphanumeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_signs() {
        let check = |text: &str, expected: &[&str]| {
            let found = words(text);
            let low: Vec<&str> = found.iter().map(|word| word.low.as_str()).collect();
            assert_eq!(low, expected, "{text}");
        };
        check("Up from 87.4% to 95%.", &["up", "from", "87.4%", "to", "95%"]);
        check("$1,150, or 4-6 weeks", &["$1,150", "or", "4-6", "weeks"]);
        check("from 1200/year (they don’t)", &["from", "1200/year", "they", "don't"]);
        check("- S/4 move – R&D", &["s/4", "move", "r&d"]);
        check("", &[]);
    }

    #[test]
    fn phrases_are_whole_words() {
        let check = |text: &str, phrase: &str, expected: Option<Range<usize>>| {
            assert_eq!(find(&words(text), phrase), expected, "{text} / {phrase}");
        };
        check("They must not use it", "must not", Some(1..3));
        check("The mustard", "must", None);
        check("We are struggling", "struggl*", Some(2..3));
        check("must", "must not", None);
    }

    #[test]
    fn likeness_is_symmetric() {
        let (a, b) = (content("The bed state is five hours old"), content("Bed state: five hours old!"));
        assert!(alike(&a, &b, 80) && alike(&b, &a, 80));
        assert!(!alike(&a, &content("Something else entirely"), 10));
        assert!(!alike(&[], &[], 10));
    }
}
