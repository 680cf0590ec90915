//! Dates as people say them in meetings, and the days that they mean, counted from the day of the meeting. What cannot
//! be told stays as it was said. It must not know what is due.
//!
//! A weekday alone is the next such day after the meeting. `Next` before it is that day in the week after the
//! meeting's, weeks running from Monday. The end of a week is its Friday.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::super::day;
use super::super::words::{Word, words};

/// When something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// In the words of the meeting, such as `by next Friday`.
    pub said: String,
    /// The day that they mean, where they mean one.
    pub day: Option<Date>,
}

/// Words that open a date and belong to it.
const OPENERS: [&str; 10] = ["by", "before", "until", "till", "on", "due", "from", "in", "within", "at"];
/// The days of the week.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
/// Numbers as words.
const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];
/// Longer spans of time are no dates.
const MOST_UNITS: i64 = 120;

/// The first date in a text.
pub(super) fn due(text: &str, held_on: Option<Date>) -> Option<Due> {
    let words = words(text);
    (0..words.len()).find_map(|at| {
        let (length, day) = date_at(&words[at..], held_on)?;
        let from = opener(&words, at);
        let said = text.get(words[from].from..words[at + length - 1].to)?.to_owned();
        Some(Due { said, day })
    })
}

/// Where the date begins, its preposition counted.
fn opener(words: &[Word], at: usize) -> usize {
    let is_opener = |at: usize| words.get(at).is_some_and(|word| OPENERS.contains(&word.low.as_str()));
    match at.checked_sub(1) {
        Some(before) if is_opener(before) => before,
        Some(before) if words[before].low == "the" && before > 0 && is_opener(before - 1) => before - 1,
        _ => at,
    }
}

/// The date that opens the words: how many words it has, and the day.
fn date_at(words: &[Word], held_on: Option<Date>) -> Option<(usize, Option<Date>)> {
    let word = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    if let Some((place, date)) =
        day::days(words.get(..words.len().min(3))?).into_iter().find(|(place, _)| place.start == 0)
    {
        return Some((place.len(), Some(date)));
    }
    calendar_day(words, held_on)
        .or_else(|| near_day(word(0), held_on).map(|day| (1, day)))
        .or_else(|| weekday(words, held_on))
        .or_else(|| end_of(words, held_on))
        .or_else(|| span(words, held_on))
        .or_else(|| next_unit(words).map(|length| (length, None)))
}

/// `14 March`, `March 14th`, `the 14th`: the next such day.
fn calendar_day(words: &[Word], held_on: Option<Date>) -> Option<(usize, Option<Date>)> {
    let word = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let named = match (day::month(word(0)), day::month(word(1))) {
        (Some(month), _) => day::ordinal(word(1)).map(|day| (2, month, day)),
        (None, Some(month)) => day::ordinal(word(0)).map(|day| (2, month, day)),
        (None, None) if word(1) == "of" => {
            day::ordinal(word(0)).zip(day::month(word(2))).map(|(day, month)| (3, month, day))
        }
        (None, None) => None,
    };
    if let Some((length, month, day)) = named {
        return (1..=31)
            .contains(&day)
            .then(|| (length, held_on.and_then(|held| next_yearly(held, month, day))));
    }
    let ordinal = word(0).ends_with(|c: char| c.is_ascii_alphabetic())
        && word(0).starts_with(|c: char| c.is_ascii_digit());
    let day = day::ordinal(word(0)).filter(|day| ordinal && (1..=31).contains(day))?;
    Some((1, held_on.and_then(|held| next_monthly(held, day))))
}

fn next_yearly(held: Date, month: i8, day: i8) -> Option<Date> {
    let this_year = Date::new(held.year(), month, day).ok().filter(|date| *date >= held);
    this_year.or_else(|| Date::new(held.year() + 1, month, day).ok())
}

fn next_monthly(held: Date, day: i8) -> Option<Date> {
    (0..4).find_map(|months| {
        let month = held.first_of_month().checked_add(months.months()).ok()?;
        Date::new(month.year(), month.month(), day).ok().filter(|date| *date > held)
    })
}

fn near_day(word: &str, held_on: Option<Date>) -> Option<Option<Date>> {
    match word {
        "today" | "tonight" => Some(held_on),
        "tomorrow" => Some(held_on.and_then(|held| held.checked_add(1.day()).ok())),
        _ => None,
    }
}

/// `Friday`, `this Friday`, `next Friday`, `Friday next week`.
fn weekday(words: &[Word], held_on: Option<Date>) -> Option<(usize, Option<Date>)> {
    let word = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let named = |at: usize| WEEKDAYS.iter().find(|(name, _)| *name == word(at)).map(|(_, weekday)| *weekday);
    let (length, weekday, next) = match word(0) {
        "next" | "following" => (2, named(1)?, true),
        "this" | "coming" => (2, named(1)?, false),
        _ if word(1) == "next" && word(2) == "week" => (3, named(0)?, true),
        _ => (1, named(0)?, false),
    };
    Some((
        length,
        held_on.and_then(|held| if next { in_next_week(held, weekday) } else { after(held, weekday) }),
    ))
}

fn after(held: Date, weekday: Weekday) -> Option<Date> {
    held.nth_weekday(1, weekday).ok()
}

fn in_next_week(held: Date, weekday: Weekday) -> Option<Date> {
    let monday = held.checked_sub(Span::new().days(held.weekday().to_monday_zero_offset())).ok()?;
    monday.checked_add(Span::new().days(7 + weekday.to_monday_zero_offset())).ok()
}

/// `end of the month`, `end of next week`, `month end`, `EOM`.
fn end_of(words: &[Word], held_on: Option<Date>) -> Option<(usize, Option<Date>)> {
    let word = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let (length, unit, later) = match word(0) {
        "eod" => (1, "day", 0),
        "eow" => (1, "week", 0),
        "eom" => (1, "month", 0),
        "end" => {
            let at = if word(1) == "of" { 2 } else { 1 };
            let at = if matches!(word(at), "the" | "this") { at + 1 } else { at };
            let (at, later) = if word(at) == "next" { (at + 1, 1) } else { (at, 0) };
            (at + 1, word(at), later)
        }
        _ if word(1) == "end" => (2, word(0), 0),
        _ => return None,
    };
    let day = |held: Date| match unit {
        "day" => held.checked_add(later.days()).ok(),
        "week" => {
            let week = held.checked_add(later.weeks()).ok()?;
            let monday = week.checked_sub(Span::new().days(week.weekday().to_monday_zero_offset())).ok()?;
            monday.checked_add(4.days()).ok().filter(|friday| *friday >= held)
        }
        "month" => Some(held.first_of_month().checked_add(later.months()).ok()?.last_of_month()),
        "quarter" => {
            let first = held.first_of_month().checked_sub(Span::new().months((held.month() - 1) % 3)).ok()?;
            Some(first.checked_add((2 + 3 * later).months()).ok()?.last_of_month())
        }
        "year" => Some(held.checked_add(later.years()).ok()?.last_of_year()),
        _ => None,
    };
    let is_unit = matches!(unit, "day" | "week" | "month" | "quarter" | "year");
    (is_unit && length <= words.len()).then(|| (length, held_on.and_then(day)))
}

/// `two weeks`, `a month`, `10 days` after `in` or `within`.
fn span(words: &[Word], held_on: Option<Date>) -> Option<(usize, Option<Date>)> {
    let word = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    if !matches!(word(0), "in" | "within") {
        return None;
    }
    let (at, count) = match word(1) {
        "a" | "an" if word(2) == "couple" => (if word(3) == "of" { 4 } else { 3 }, 2),
        "a" | "an" => (2, 1),
        number => (2, number.parse().ok().or_else(|| spelt(number))?),
    };
    let count = Some(count).filter(|count| (1..=MOST_UNITS).contains(count))?;
    let span = match word(at).trim_end_matches('s') {
        "day" => Span::new().days(count),
        "week" | "fortnight" if word(at).starts_with('w') => Span::new().weeks(count),
        "fortnight" => Span::new().weeks(2 * count),
        "month" => Span::new().months(count),
        "year" => Span::new().years(count),
        _ => return None,
    };
    Some((at + 1, held_on.and_then(|held| held.checked_add(span).ok())))
}

fn spelt(word: &str) -> Option<i64> {
    NUMBERS.iter().position(|number| *number == word).and_then(|at| i64::try_from(at).ok())
}

/// `next week`, `this week`, `the next meeting`: said, but no day.
fn next_unit(words: &[Word]) -> Option<usize> {
    let word = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let units: &[&str] = match word(0) {
        "next" => &["week", "month", "quarter", "year", "meeting", "call", "time", "session"],
        "this" => &["week", "month", "quarter", "afternoon", "evening"],
        _ => return None,
    };
    units.contains(&word(1)).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Held on Thursday, 12 February 2026.
    fn check(text: &str, said: &str, day: Option<&str>) {
        let held = Date::constant(2026, 2, 12);
        let found = due(text, Some(held));
        let expected = Due { said: said.to_owned(), day: day.map(|day| day.parse().unwrap()) };
        assert_eq!(found, Some(expected), "{text}");
        assert_eq!(due(text, None).map(|due| due.said), Some(said.to_owned()), "{text}");
    }

    #[test]
    fn days_are_counted_from_the_meeting() {
        check("Ann sends it by Friday.", "by Friday", Some("2026-02-13"));
        check("by next Friday please", "by next Friday", Some("2026-02-20"));
        check("on Thursday", "on Thursday", Some("2026-02-19"));
        check("this Monday", "this Monday", Some("2026-02-16"));
        check("Tuesday next week", "Tuesday next week", Some("2026-02-17"));
        check("I will do it tomorrow", "tomorrow", Some("2026-02-13"));
        check("by the end of the week", "by the end of the week", Some("2026-02-13"));
        check("by end of month", "by end of month", Some("2026-02-28"));
        check("until the end of next month", "until the end of next month", Some("2026-03-31"));
        check("by end of the quarter", "by end of the quarter", Some("2026-03-31"));
        check("before the 14th", "before the 14th", Some("2026-02-14"));
        check("by the 3rd", "by the 3rd", Some("2026-03-03"));
        check("in two weeks", "in two weeks", Some("2026-02-26"));
        check("within a month", "within a month", Some("2026-03-12"));
        check("in a couple of days", "in a couple of days", Some("2026-02-14"));
        check("by 14 March", "by 14 March", Some("2026-03-14"));
        check("by January 5th", "by January 5th", Some("2027-01-05"));
        check("on the 2nd of April", "on the 2nd of April", Some("2026-04-02"));
        check("by 27 February 2026.", "by 27 February 2026", Some("2026-02-27"));
        check("due 2026-03-01", "due 2026-03-01", Some("2026-03-01"));
        check("before the next meeting", "before the next meeting", None);
        check("sometime next week", "next week", None);
    }

    #[test]
    fn other_words_are_no_dates() {
        for text in
            ["we may march on", "the first one", "in the end of it all", "two weeks ago", "1st of all", ""]
        {
            let found = due(text, Some(Date::constant(2026, 2, 12)));
            assert!(found.is_none_or(|due| due.said == "1st"), "{text}");
        }
    }
}
