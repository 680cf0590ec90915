//! Words of a text for comparing, by a method of its own: it shares no code with the checks that are under test.
//! It must not know quotes, items or materials.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

/// The words of a text in lower case, each between single spaces, with one at either end: so one text's words stand
/// in another's in the same order exactly where one string stands in the other.
pub(super) fn spaced(text: &str) -> String {
    let mut spaced = String::from(" ");
    for word in words(text) {
        spaced.push_str(&word);
        spaced.push(' ');
    }
    spaced
}

/// Letters and digits in a row; a point or comma between digits belongs to its figure, an apostrophe to its word.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded: Vec<char> = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, c) in folded.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| folded.get(at)).is_some_and(char::is_ascii_digit);
        let in_figure = matches!(c, '.' | ',') && digit(at.checked_sub(1)) && digit(at.checked_add(1));
        if c.is_alphanumeric() || in_figure {
            word.push(*c);
        } else if !is_silent(*c) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Apostrophes, soft hyphens and joiners, with or without which a word is the same.
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// Words that carry no content, as retrieval counts them, written without apostrophes.
const SMALL: &str = "a about above after again against ain all also am an and any are arent as at be because been before \
    being below between both but by can could couldnt did didnt do does doesnt doing dont down during each few for from \
    further had hadnt has hasnt have havent having he her here hers herself him himself his how i if in into is isnt it \
    its itself just ll may me might mightnt more most must mustnt my myself neednt no nor not now of off on once only or \
    other our ours ourselves out over own s same shall shant she should shouldnt shouldve so some such t than that thatll \
    the their theirs them themselves then there these they this those through to too under until up very was wasnt we \
    were werent what when where which while who whom why will with wont would wouldnt you youd youll your youre yours \
    yourself yourselves youve";

static SMALL_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| SMALL.split_whitespace().collect());

/// Reduces words to their stems; of English, which the shipped agents write.
pub(super) struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }
}

impl Stems {
    /// The stems of the words that carry content; single letters carry none, single digits do.
    pub(super) fn content(&self, text: &str) -> BTreeSet<String> {
        let words = words(text).into_iter();
        let telling = words.filter(|word| word.len() > 1 || word.bytes().all(|byte| byte.is_ascii_digit()));
        telling
            .filter(|word| !SMALL_WORDS.contains(word.as_str()))
            .map(|word| self.0.stem(&word).into_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_by_what_they_say() {
        let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected, "{text}");
        check("  We DON’T, don't: 1,250.50 (3.)", &["we", "dont", "dont", "1,250.50", "3"]);
        check("2026-05-04,140", &["2026", "05", "04,140"]);
        check("ﬁve de\u{ad}pots — 5%", &["five", "depots", "5"]);
        check("", &[]);
        assert_eq!(spaced("A b."), " a b ");
        assert_eq!(spaced(""), " ");
    }

    #[test]
    fn content_is_stems_of_telling_words() {
        let stems = Stems::default().content("We will not be connecting the 3 loggers, shall we?");
        assert_eq!(stems.into_iter().collect::<Vec<_>>(), ["3", "connect", "logger"]);
    }
}
