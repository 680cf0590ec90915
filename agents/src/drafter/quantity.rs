//! Quantities in a sentence: numbers with their unit and rate, as written. It must not know what is measured.

use super::day::is_month;
use super::words::{Word, opens};
use crate::numeral;

/// Words that count without saying how many.
const VAGUE: &[&str] = &["half", "several", "dozens"];
const MODIFIERS: &[&str] = &[
    "less than",
    "fewer than",
    "more than",
    "at least",
    "at most",
    "up to",
    "no older than",
    "never older than",
    "no more than",
    "never more than",
    "as few as",
    "as little as",
    "about",
    "around",
    "roughly",
    "almost",
    "nearly",
    "under",
    "over",
    "below",
    "above",
    "only",
    "just",
    "every",
    "approximately",
];
const TIMES: &[&str] = &[
    "ms",
    "millisecond*",
    "second",
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
    "quarter",
    "quarters",
    "year",
    "years",
];
const UNITS: &[&str] = &[
    "percent",
    "times",
    "million",
    "dozen",
    "hundred",
    "thousand",
    "billion",
    "eur",
    "usd",
    "gbp",
    "working days",
    "business days",
];
const RATES: &[&str] = &["a", "per", "each", "every"];

/// The end of the quantity that starts at this word, if one does.
pub(super) fn quantity(words: &[Word], at: usize) -> Option<usize> {
    let mut end = at;
    while let Some(length) = opening(&words[end..], MODIFIERS) {
        end += length;
    }
    end += number(words.get(end..)?)?;
    // `one to two weeks` is one quantity; `one to two` alone may be two.
    if let Some(rest) = words.get(end + 1..) {
        let ranged = words[end].low == "to" && number(rest).is_some_and(|length| unit(&rest[length..]) > 0);
        if ranged && unit(&words[end..]) == 0 && !words[end - 1].low.ends_with('%') {
            end += 1 + number(rest)?;
        }
    }
    end += unit(&words[end..]);
    end += rate(&words[end..]);
    Some(end)
}

/// All quantities of a sentence, in order.
pub(super) fn quantities(words: &[Word]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match quantity(words, at) {
            Some(end) => {
                found.push(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn number(words: &[Word]) -> Option<usize> {
    let word = words.first()?.low.as_str();
    let next = words.get(1).map(|next| next.low.as_str());
    let bare = word.trim_start_matches(['$', '€', '£']);
    if bare.starts_with(|c: char| c.is_ascii_digit()) {
        let year = bare.len() == 4
            && (1990..2100).contains(&bare.parse().unwrap_or(0))
            && !next.is_some_and(is_time);
        let date = bare.bytes().filter(|byte| *byte == b'-').count() > 1 || next.is_some_and(is_month);
        return (!year && !date).then_some(1);
    }
    if numeral::value(word).is_some() || VAGUE.contains(&word) {
        // `half a week`, `half an hour`
        let halved = word == "half" && matches!(next, Some("a" | "an"));
        return Some(if halved { 2 } else { 1 });
    }
    (matches!(word, "a" | "an") && next.is_some_and(is_time)).then_some(1)
}

fn unit(words: &[Word]) -> usize {
    let scale = opening(words, UNITS).unwrap_or(0);
    let time = opening(&words[scale..], TIMES).unwrap_or(0);
    scale + time
}

fn rate(words: &[Word]) -> usize {
    match opening(words, RATES) {
        Some(length) if words.get(length).is_some_and(|word| is_time(&word.low)) => length + 1,
        _ => 0,
    }
}

/// How many words the longest phrase has that opens the words.
fn opening(words: &[Word], phrases: &[&str]) -> Option<usize> {
    phrases.iter().filter(|phrase| opens(words, &[phrase])).map(|phrase| phrase.split(' ').count()).max()
}

fn is_time(word: &str) -> bool {
    TIMES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn quantities_keep_unit_and_rate() {
        let check = |text: &str, expected: &[&str]| {
            let found = words(text);
            let quantities: Vec<&str> = quantities(&found)
                .into_iter()
                .map(|range| &text[found[range.start].from..found[range.end - 1].to])
                .collect();
            assert_eq!(quantities, expected, "{text}");
        };
        check(
            "from 1,150 a week to under 400 a week by 30 September 2026",
            &["1,150 a week", "under 400 a week"],
        );
        check("up from 87.4% to 95%", &["87.4%", "95%"]);
        check("went from one to two weeks to two to four hours", &["one to two weeks", "two to four hours"]);
        check("every 4-6 weeks, then 3-4 times a day", &["every 4-6 weeks", "3-4 times a day"]);
        check("in 2026 and on 2026-01-02", &[]);
        check("within 5 working days or half an hour", &["5 working days", "half an hour"]);
        check("an hour, $1.4 million a year", &["an hour", "$1.4 million a year"]);
        check("two dozen sites and one hundred lanes", &["two dozen", "one hundred"]);
        check("a house", &[]);
        check("less than", &[]);
        check("one to", &["one"]);
    }
}
