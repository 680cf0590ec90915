//! Phrases looked up among words, all of a table in one pass. It must not know what they mean.

use std::collections::HashMap;
use std::ops::Range;

use super::super::words::Word;

/// A table of phrases. A `*` at the end of a word stands for any ending.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// The phrases by the first letter of their first word, long ones first.
    phrases: HashMap<char, Vec<Vec<&'static str>>>,
}

impl Lexicon {
    /// The table of these phrases, which a `|` parts.
    pub(super) fn of(phrases: &'static str) -> Self {
        let mut table: HashMap<char, Vec<Vec<&'static str>>> = HashMap::new();
        for phrase in phrases.split('|') {
            let parts: Vec<&str> = phrase.split_whitespace().collect();
            if let Some(first) = parts.first().and_then(|part| part.chars().next()) {
                table.entry(first).or_default().push(parts);
            }
        }
        for group in table.values_mut() {
            group.sort_by_key(|parts| std::cmp::Reverse(parts.len()));
        }
        Self { phrases: table }
    }

    /// How many words the longest phrase has that opens them.
    pub(super) fn at(&self, words: &[Word]) -> Option<usize> {
        let first = words.first()?.low.chars().next()?;
        let group = self.phrases.get(&first)?;
        group.iter().find(|parts| opens(words, parts)).map(Vec::len)
    }

    /// The first place where a phrase stands.
    pub(super) fn find(&self, words: &[Word]) -> Option<Range<usize>> {
        (0..words.len()).find_map(|at| self.at(&words[at..]).map(|length| at..at + length))
    }

    /// Whether a phrase stands anywhere.
    pub(super) fn has(&self, words: &[Word]) -> bool {
        self.find(words).is_some()
    }

    /// Whether a phrase opens the words.
    pub(super) fn opens(&self, words: &[Word]) -> bool {
        self.at(words).is_some()
    }

    /// The words after all phrases of the table that open them.
    pub(super) fn skip<'w>(&self, mut words: &'w [Word]) -> &'w [Word] {
        while let Some(length) = self.at(words) {
            words = &words[length..];
        }
        words
    }
}

fn opens(words: &[Word], parts: &[&str]) -> bool {
    parts.len() <= words.len()
        && parts.iter().zip(words).all(|(part, word)| match part.strip_suffix('*') {
            Some(start) => word.low.starts_with(start),
            None => word.low == *part,
        })
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::*;

    #[test]
    fn the_longest_phrase_counts() {
        let table = Lexicon::of("i will | i will make sure to | updat* ");
        let check = |text: &str, expected: Option<Range<usize>>| {
            assert_eq!(table.find(&words(text)), expected, "{text}");
        };
        check("So I will make sure to go", Some(1..6));
        check("So I will go", Some(1..3));
        check("updating it", Some(0..1));
        check("nothing", None);
        check("", None);
    }
}
