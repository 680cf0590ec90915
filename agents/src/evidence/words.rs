//! The words of a folded text, and which of them carry so much that a quote must not change them.
//! It must not know where the text came from.

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;

use crate::numeral;

/// The words of a folded text in order. A word is a run of letters and digits; what joins digits
/// (`3.5`, `10,000`, `2026-01-12`) and what gives them meaning (`$`, `%`, a sign) belongs to it.
pub(crate) fn words(folded: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut rest = 0;
    while let Some(start) = next_start(folded, rest) {
        let end = word_end(folded, start);
        words.push(with_sign(folded, rest, start)..end);
        rest = end;
    }
    words
}

/// How much there is to read in these words: scripts without spaces have a word in about two characters.
pub(crate) fn weight(folded: &str, words: &[Range<usize>]) -> usize {
    let (spaced, dense): (Vec<_>, Vec<_>) =
        words.iter().partition(|word| !folded.get((*word).clone()).is_some_and(starts_dense));
    spaced.len() + dense.len() / 2
}

/// True for words whose change changes what is claimed: figures, units, dates, negations, directions.
pub(crate) fn is_weighty(word: &str) -> bool {
    let counts = numeral::value(word).is_some() || numeral::multiple(word).is_some();
    counts || has_digit(word) || word.ends_with("n't") || WEIGHTY.iter().any(|group| group.contains(&word))
}

/// True for a word with a digit in it.
pub(crate) fn has_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_numeric())
}

/// True for words that turn a statement into its opposite.
pub(crate) fn is_negation(word: &str) -> bool {
    word.ends_with("n't") || NEGATIONS.contains(&word)
}

const WEIGHTY: [&[&str]; 5] = [NEGATIONS, NUMBERS, UNITS, DATES, DIRECTIONS];

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nobody", "nothing", "nor", "neither", "without", "cannot", "cant", "dont",
    "wont", "hardly", "barely", "unless", "except", "nicht", "kein", "keine", "keinen", "keiner", "nie",
    "ohne", "pas", "jamais", "aucun", "aucune", "sans", "nunca", "ningun", "ninguna", "senza",
];

/// Besides the numbers that [`numeral`] knows.
const NUMBERS: &[&str] = &[
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "billions",
    "dozens",
    "half",
    "third",
    "thirds",
    "quarter",
    "quarters",
    "double",
    "doubled",
    "triple",
    "tripled",
    "twice",
    "once",
    "first",
    "second",
    "both",
    "all",
    "ein",
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "hundert",
    "tausend",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "sept",
    "huit",
    "neuf",
    "dix",
    "cent",
    "mille",
];

const UNITS: &[&str] = &[
    "percent",
    "percentage",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "quarterly",
    "annually",
    "eur",
    "usd",
    "gbp",
    "euro",
    "euros",
    "dollar",
    "dollars",
    "pounds",
    "kb",
    "mb",
    "gb",
    "tb",
    "ms",
];

const DATES: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "today",
    "tomorrow",
    "yesterday",
    "q1",
    "q2",
    "q3",
    "q4",
];

const DIRECTIONS: &[&str] = &[
    "more",
    "less",
    "fewer",
    "most",
    "least",
    "increase",
    "increases",
    "increased",
    "increasing",
    "decrease",
    "decreases",
    "decreased",
    "decreasing",
    "reduce",
    "reduces",
    "reduced",
    "reducing",
    "up",
    "down",
    "above",
    "below",
    "over",
    "under",
    "before",
    "after",
    "until",
    "only",
    "always",
    "must",
    "may",
    "might",
    "can",
];

fn next_start(folded: &str, rest: usize) -> Option<usize> {
    let tail = folded.get(rest..)?;
    tail.char_indices().find(|(_, c)| c.is_alphanumeric()).map(|(at, _)| rest + at)
}

/// Signs and currencies right before a digit change the figure, so they are part of it.
fn with_sign(folded: &str, from: usize, start: usize) -> usize {
    let tail = folded.get(start..).unwrap_or_default();
    if !tail.starts_with(char::is_numeric) {
        return start;
    }
    let gap = folded.get(from..start).unwrap_or_default();
    let Some((at, sign)) = gap.char_indices().next_back() else { return start };
    let before = gap.get(..at).unwrap_or_default();
    let stands_alone = before.ends_with([' ', '(', '|']) || (before.is_empty() && from == 0);
    let belongs = is_currency(sign) || "+<>~".contains(sign) || (sign == '-' && stands_alone);
    if belongs { from + at } else { start }
}

fn word_end(folded: &str, start: usize) -> usize {
    let tail = folded.get(start..).unwrap_or_default();
    let mut chars = tail.char_indices().peekable();
    let mut last = '\0';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let goes_on = if at == 0 {
            true
        } else if is_dense(c) || is_dense(last) {
            false
        } else {
            c.is_alphanumeric()
                || canonical_combining_class(c) != 0
                || joins(last, c, next)
                || (last.is_numeric() && (is_currency(c) || "%‰°".contains(c)))
        };
        if !goes_on {
            return start + at;
        }
        last = c;
    }
    folded.len()
}

/// Whether a mark between two characters makes one word of them.
fn joins(before: char, mark: char, after: Option<char>) -> bool {
    match mark {
        '.' | ',' | ':' | '/' | '-' | '\u{2044}' => {
            before.is_numeric() && after.is_some_and(char::is_numeric)
        }
        '\'' => before.is_alphabetic() && after.is_some_and(char::is_alphabetic),
        _ => false,
    }
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}')
}

fn starts_dense(word: &str) -> bool {
    word.starts_with(is_dense)
}

/// Scripts that write no spaces: each character is taken as a word of its own.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let folded = fold(text);
        let found: Vec<_> = words(&folded).into_iter().map(|word| &folded[word]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn figures_keep_what_gives_them_meaning() {
        check("from $1,250.50 to -3.5% in 10 000", &["from", "$1,250.50", "to", "-3.5%", "in", "10", "000"]);
        check("by 2026-01-12, 24/7; 9:30. €5 (−2)", &["by", "2026-01-12", "24/7", "9:30", "€5", "-2"]);
        check("-4 degrees, 5°C, >90%", &["-4", "degrees", "5°c", ">90%"]);
        check("a-1 covid-19", &["a", "1", "covid", "19"]);
    }

    #[test]
    fn words_are_runs_of_letters() {
        check("Don’t “split” e-mail: **now**.", &["don't", "split", "e", "mail", "now"]);
        check("- | ... |", &[]);
        check("日本 ok", &["日", "本", "ok"]);
        check("Zürich", &["zu\u{308}rich"]);
    }

    #[test]
    fn dense_scripts_weigh_half() {
        let folded = fold("日本語の文章です two");
        assert_eq!(weight(&folded, &words(&folded)), 5);
    }
}
