//! Numbers and dates in running text, compared as what they mean and not as they are spelled.
//! It must not know evidence, materials or plans.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::evidence::fold::fold;
use crate::evidence::words::words;
use crate::numeral;
use crate::period::period;
use tools::material::MONTHS;

/// A number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    /// As it is written, folded.
    pub(crate) text: String,
    /// What it means, without its unit: `$250K` is 250000, `12%` is 12.
    pub(crate) value: Decimal,
    /// False for `two` and `dozen`.
    pub(crate) is_written_in_digits: bool,
    /// True where a minus stands before it.
    pub(crate) is_negative: bool,
}

/// The numbers of a text in order; a date or a range gives each of its parts.
pub(crate) fn numbers(text: &str) -> Vec<Figure> {
    let folded = fold(text);
    let words: Vec<&str> = words(&folded).into_iter().filter_map(|word| folded.get(word)).collect();
    let mut numbers = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(value) = numeral::value(word).or_else(|| numeral::multiple(word)) {
            let value = Decimal::from(value);
            let text = (*word).to_owned();
            numbers.push(Figure { text, value, is_written_in_digits: false, is_negative: false });
        }
        let scale = words.get(at + 1).map_or(Decimal::ONE, |next| scale(next));
        let is_negative = word.starts_with('-');
        for (place, part) in word.split(['/', '-', ':', '\u{2044}']).enumerate() {
            let figure = in_digits(part, scale);
            // The part before the minus is empty.
            numbers.extend(figure.map(|figure| Figure { is_negative: is_negative && place == 1, ..figure }));
        }
    }
    numbers
}

/// What the numbers of a text mean, with their signs.
pub(crate) fn signed_numbers(text: &str) -> Vec<Decimal> {
    let signed = |figure: Figure| if figure.is_negative { -figure.value } else { figure.value };
    numbers(text).into_iter().map(signed).collect()
}

/// Whether a text states a date in any usual way: in full, without its year, or as the edge of a month
/// or quarter.
pub(crate) fn dates_stated(text: &str, date: Date) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = words(&folded).into_iter().filter_map(|word| folded.get(word)).collect();
    if words.iter().any(|word| is_date(word, date)) {
        return true;
    }
    if text.split([',', ';', '\t', '|', ' ', '"']).filter_map(period).any(|period| period.has_edge(date)) {
        return true;
    }
    let years: Vec<i64> = words.iter().filter_map(|word| word.parse().ok()).filter(is_year).collect();
    if !years.is_empty() && !years.contains(&i64::from(date.year())) {
        return false;
    }
    let days: Vec<i8> = words.iter().filter_map(|word| day(word)).collect();
    let is_edge = date == date.last_of_month() || date == date.first_of_month();
    let month = words.iter().any(|word| month(word) == Some(date.month()));
    let quarter = words.iter().any(|word| *word == format!("q{}", (date.month() + 2) / 3));
    (month && (days.contains(&date.day()) || (days.is_empty() && is_edge))) || (quarter && is_edge)
}

/// A word in digits, with the suffixes that scale it.
fn in_digits(word: &str, scale: Decimal) -> Option<Figure> {
    let start = word.find(|c: char| c.is_ascii_digit())?;
    let body = word.get(start..)?;
    let end = body.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(body.len());
    let (digits, suffix) = body.split_at(end);
    let scale = match suffix {
        "k" => Decimal::from(1_000),
        "m" | "mn" | "mio" => Decimal::from(1_000_000),
        "b" | "bn" => Decimal::from(1_000_000_000),
        _ => scale,
    };
    let value = plain(digits)?.checked_mul(scale)?.normalize();
    Some(Figure { text: word.to_owned(), value, is_written_in_digits: true, is_negative: false })
}

/// Thousands are set off by commas (or points, where several groups of three say so).
fn plain(digits: &str) -> Option<Decimal> {
    let groups_of_three = |mark: char| {
        let mut groups = digits.split(mark);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        (1..=3).contains(&first.len()) && !rest.is_empty() && rest.iter().all(|group| group.len() == 3)
    };
    let whole = digits.split('.').next().unwrap_or_default();
    let bare = if digits.matches('.').count() > 1 && groups_of_three('.') {
        digits.replace('.', "")
    } else if whole.contains(',') {
        digits.replace(',', "")
    } else {
        digits.to_owned()
    };
    bare.trim_end_matches(['.', ',']).parse().ok()
}

fn scale(word: &str) -> Decimal {
    match word {
        "thousand" => Decimal::from(1_000),
        "million" | "millions" | "mio" => Decimal::from(1_000_000),
        "billion" | "billions" => Decimal::from(1_000_000_000),
        _ => Decimal::ONE,
    }
}

/// `2026-06-30`, `30/6/2026`, `6/30/2026`, `30.06.2026`.
fn is_date(word: &str, date: Date) -> bool {
    let parts: Vec<i64> = word.split(['-', '/', '.']).filter_map(|part| part.parse().ok()).collect();
    let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let short = year % 100;
    match parts.as_slice() {
        [a, b, c] => [[year, month, day], [day, month, year], [month, day, year], [day, month, short]]
            .contains(&[*a, *b, *c]),
        _ => false,
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "filter passes a reference")]
fn is_year(number: &i64) -> bool {
    (1990..2100).contains(number)
}

fn day(word: &str) -> Option<i8> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word);
    bare.parse().ok().filter(|day| (1..=31).contains(day))
}

fn month(word: &str) -> Option<i8> {
    let is = |name: &&str| *name == word || (word.len() >= 3 && name.starts_with(word));
    MONTHS.iter().position(is).and_then(|at| i8::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = numbers(text).iter().map(|number| number.value.to_string()).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn numbers_are_compared_by_what_they_mean() {
        check("$250K of 1,250.50", &["250000", "1250.5"]);
        check("from 9 to 4 days, 12%", &["9", "4", "12"]);
        check("2.5 million in 3-5 weeks", &["2500000", "3", "5"]);
        check("two dozen", &["2", "12"]);
        check("1.234.567 and 3.14", &["1234567", "3.14"]);
        check("no digits", &[]);
    }

    #[test]
    fn a_minus_belongs_to_its_number() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = signed_numbers(text).iter().map(ToString::to_string).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("from -3.5% to 4, 3-5 weeks", &["-3.5", "4", "3", "5"]);
        check("2.5 million", &["2500000"]);
    }

    #[test]
    fn dates_are_stated_in_many_ways() {
        let day = date(2026, 6, 30);
        for text in [
            "2026-06-30",
            "30 June",
            "June 30th, 2026",
            "30.06.2026",
            "end of June",
            "by Q2 2026",
            "2026-06,4,1",
        ] {
            assert!(dates_stated(text, day), "{text}");
        }
        for text in ["29 June", "30 July", "June 30, 2025", "in 30 days", "Q3", "2026"] {
            assert!(!dates_stated(text, day), "{text}");
        }
        assert!(!dates_stated("in June", date(2026, 6, 15)));
    }
}
