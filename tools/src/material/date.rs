//! Dates as people write them in file names and note headers. Must not know which file it reads.

use jiff::civil::Date;

/// The first `2026-01-12`, `2026_01_12` or `20260112` in a text that is a real day.
pub(super) fn in_name(name: &str) -> Option<Date> {
    let digits = name.as_bytes();
    (0..digits.len()).find_map(|at| {
        let starts_here = at == 0 || !digits.get(at - 1).is_some_and(u8::is_ascii_digit);
        if starts_here { separated(&digits[at..]).or_else(|| packed(&digits[at..])) } else { None }
    })
}

/// The date in the value of a header such as `Date: 12 January 2026`.
pub(super) fn in_value(value: &str) -> Option<Date> {
    in_name(value).or_else(|| in_words(value))
}

/// `2026-01-12` with one and the same separator.
fn separated(text: &[u8]) -> Option<Date> {
    let separator = *text.get(4)?;
    let fits = matches!(separator, b'-' | b'_' | b'.' | b'/')
        && text.get(7) == Some(&separator)
        && !text.get(10).is_some_and(u8::is_ascii_digit);
    if !fits {
        return None;
    }
    day(number(text.get(..4)?)?, number(text.get(5..7)?)?, number(text.get(8..10)?)?)
}

/// `20260112`, which other numbers look like, so only years that a plan can be about count.
fn packed(text: &[u8]) -> Option<Date> {
    if text.get(8).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let year = number(text.get(..4)?)?;
    if !(1990..2100).contains(&year) {
        return None;
    }
    day(year, number(text.get(4..6)?)?, number(text.get(6..8)?)?)
}

/// `12 January 2026`, `January 12th, 2026`, `Jan 12 2026`.
fn in_words(value: &str) -> Option<Date> {
    let words: Vec<&str> =
        value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(16).collect();
    words.windows(3).find_map(|three| {
        let [a, b, year] = three else { return None };
        let year: i32 = year.parse().ok().filter(|year| (1900..2200).contains(year))?;
        match (month(a), month(b)) {
            (Some(month), None) => day(year, month, ordinal(b)?),
            (None, Some(month)) => day(year, month, ordinal(a)?),
            _ => None,
        }
    })
}

/// The months as English writes them, in lower case.
pub const MONTHS: [&str; 12] = [
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
];

fn month(word: &str) -> Option<i32> {
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    i32::try_from(at + 1).ok()
}

/// `12` or `12th`.
fn ordinal(word: &str) -> Option<i32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    matches!(ending, "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok())?
}

fn number(digits: &[u8]) -> Option<i32> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn day(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(in_value(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn days_are_found_as_people_write_them() {
        check("2026-01-12", Some("2026-01-12"));
        check("notes-2026_01_12-acme", Some("2026-01-12"));
        check("call 20260112", Some("2026-01-12"));
        check("Monday, 12 January 2026, 10:00", Some("2026-01-12"));
        check("Friday, Nov 13th, 2020 14:00 UTC", Some("2020-11-13"));
        check("January 12, 2026", Some("2026-01-12"));
    }

    #[test]
    fn what_is_no_day_is_not_taken_for_one() {
        check("2026-13-40", None);
        check("order 12345678", None);
        check("2026-01-123", None);
        check("may be 2026", None);
        check("", None);
    }
}
