//! The periods that rows of figures are about: a day, a week, a month, a quarter. It must not know tables.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use tools::material::MONTHS;

/// A period, by its first and last day. Longer grains are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Date,
    pub(crate) last: Date,
    pub(crate) grain: Grain,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grain {
    Day,
    Week,
    Month,
    Quarter,
}

impl Period {
    /// Whether the period begins or ends on this day.
    pub(crate) fn has_edge(&self, date: Date) -> bool {
        self.first == date || self.last == date
    }
}

/// The period that a text names: `2026-01-31`, `2026-W05`, `2026-01`, `Jan 2026`, `2026-Q1`, `Q1 2026`.
pub(crate) fn period(text: &str) -> Option<Period> {
    let text = text.trim();
    if let Some(day) = day(text) {
        return Some(Period { first: day, last: day, grain: Grain::Day });
    }
    let (left, right) = text.split_once(['-', ' ', '/'])?;
    year(left).and_then(|year| part(year, right)).or_else(|| year(right).and_then(|year| part(year, left)))
}

fn day(text: &str) -> Option<Date> {
    let head = text.get(..10)?;
    let rest = text.get(10..)?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| head.parse().ok())?
}

fn year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|year| text.len() == 4 && (1990..2100).contains(year))
}

fn part(year: i16, part: &str) -> Option<Period> {
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| (1..=2).contains(&text.len()));
    let low = part.to_ascii_lowercase();
    if let Some(week) = low.strip_prefix('w').and_then(number) {
        let first = ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
        let last = ISOWeekDate::new(year, week, Weekday::Sunday).ok()?.date();
        return Some(Period { first, last, grain: Grain::Week });
    }
    if let Some(quarter) = low.strip_prefix('q').and_then(number).filter(|quarter| (1..=4).contains(quarter))
    {
        let first = Date::new(year, quarter * 3 - 2, 1).ok()?;
        let last = Date::new(year, quarter * 3, 1).ok()?.last_of_month();
        return Some(Period { first, last, grain: Grain::Quarter });
    }
    let named = |name: &str| name == low || (low.len() == 3 && name.starts_with(&low));
    let month = number(part).filter(|_| part.len() == 2).or_else(|| {
        let at = MONTHS.iter().position(|name| named(name))?;
        i8::try_from(at + 1).ok()
    })?;
    let first = Date::new(year, month, 1).ok()?;
    Some(Period { first, last: first.last_of_month(), grain: Grain::Month })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_named_in_many_ways() {
        let check = |text: &str, expected: &str| {
            let told =
                period(text).map(|period| format!("{} {} {:?}", period.first, period.last, period.grain));
            assert_eq!(told.unwrap_or_default(), expected, "{text}");
        };
        check("2026-01-31", "2026-01-31 2026-01-31 Day");
        check("2026-01-31T10:00:00Z", "2026-01-31 2026-01-31 Day");
        check("2026-W05", "2026-01-26 2026-02-01 Week");
        check("2026-02", "2026-02-01 2026-02-28 Month");
        check("Feb 2024", "2024-02-01 2024-02-29 Month");
        check("December 2026", "2026-12-01 2026-12-31 Month");
        check("2026-Q4", "2026-10-01 2026-12-31 Quarter");
        check("q1 2026", "2026-01-01 2026-03-31 Quarter");
        for none in
            ["", "2026", "2026-13", "2026-W54", "2026-Q5", "Hub 2026", "2026-1234", "1 2026", "2026-02-31"]
        {
            check(none, "");
        }
    }
}
