//! Days as people write them in a sentence, with their place. It must not know what happens on them.

use std::ops::Range;

use jiff::civil::Date;
use tools::material::MONTHS;

use super::words::Word;

/// The days that the words name in full, in order: `2026-01-30`, `31 December 2026`, `March 5th, 2026`.
pub(super) fn days(words: &[Word]) -> Vec<(Range<usize>, Date)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match day_at(&words[at..]) {
            Some((length, date)) => {
                found.push((at..at + length, date));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether the word is the name of a month.
pub(super) fn is_month(word: &str) -> bool {
    month(word).is_some()
}

fn day_at(words: &[Word]) -> Option<(usize, Date)> {
    let word = |at: usize| words.get(at).map(|word| word.low.as_str());
    let first = word(0)?;
    if let Some(date) = iso(first) {
        return Some((1, date));
    }
    let (second, third) = (word(1)?, word(2)?);
    let (day, month) = match (month(first), month(second)) {
        (Some(month), None) => (ordinal(second)?, month),
        (None, Some(month)) => (ordinal(first)?, month),
        _ => return None,
    };
    let year = third.parse().ok().filter(|year| (1990..2100).contains(year))?;
    Some((3, Date::new(year, month, day).ok()?))
}

fn iso(word: &str) -> Option<Date> {
    let dashed = word.len() == 10 && word.bytes().filter(|byte| *byte == b'-').count() == 2;
    if dashed { word.parse().ok() } else { None }
}

/// The number of the month that a word names.
pub(super) fn month(word: &str) -> Option<i8> {
    let at =
        MONTHS.iter().position(|month| *month == word || (word.len() == 3 && month.starts_with(word)))?;
    i8::try_from(at + 1).ok()
}

/// The day of the month in `5`, `5th`.
pub(super) fn ordinal(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    if matches!(ending, "" | "st" | "nd" | "rd" | "th") { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn days_are_found_in_sentences() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = days(&words(text)).iter().map(|(_, date)| date.to_string()).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("sends the list by 2026-01-30.", &["2026-01-30"]);
        check("starts on 9 February 2026 and ends on March 6th, 2026", &["2026-02-09", "2026-03-06"]);
        check("on 5 March we measure", &[]);
        check("may 2026 be good", &[]);
        check("31 February 2026", &[]);
    }
}
