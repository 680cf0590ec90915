//! A length of time in whole days or longer units, and what date lies that far from another.
//!
//! Must not know what is measured.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;

use super::Calendar;

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say all")]
pub enum Unit {
    Day,
    /// A day that the calendar works on.
    BusinessDay,
    Week,
    Month,
    Quarter,
    Year,
}

/// A length of time, such as `30 days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Unit {
    /// The unit of a word, in singular or plural and in any case, or of its first letter.
    pub fn named(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        match word.strip_suffix('s').unwrap_or(&word) {
            "d" | "day" => Some(Self::Day),
            "w" | "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "y" | "year" => Some(Self::Year),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::BusinessDay => "business day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The largest count: a hundred years, so that no date leaves the calendar.
    pub fn most(self) -> u32 {
        match self {
            Self::Day => 36_525,
            // Each is looked for, so that these are fewer.
            Self::BusinessDay => 2_600,
            Self::Week => 5_217,
            Self::Month => 1_200,
            Self::Quarter => 400,
            Self::Year => 100,
        }
    }
}

impl Length {
    /// A length, if it is within a hundred years.
    pub fn new(count: u32, unit: Unit) -> Option<Self> {
        (count <= unit.most()).then_some(Self { count, unit })
    }

    /// No time at all.
    pub const NOTHING: Self = Self { count: 0, unit: Unit::Day };

    /// The date this much later. The 31st is the last day of a shorter month.
    pub fn after(self, day: Date, calendar: &Calendar) -> Date {
        match self.span() {
            Some(span) => day.saturating_add(span),
            None => calendar.after(day, self.count),
        }
    }

    /// The date this much earlier.
    pub fn before(self, day: Date, calendar: &Calendar) -> Date {
        match self.span() {
            Some(span) => day.saturating_sub(span),
            None => calendar.before(day, self.count),
        }
    }

    /// The number of months, if it is counted in months or years.
    pub fn months(self) -> Option<u32> {
        match self.unit {
            Unit::Month => Some(self.count),
            Unit::Quarter => Some(self.count * 3),
            Unit::Year => Some(self.count * 12),
            _ => None,
        }
    }

    /// The number of days, if it is the same at all times.
    pub fn days(self) -> Option<u32> {
        match self.unit {
            Unit::Day => Some(self.count),
            Unit::Week => Some(self.count * 7),
            _ => None,
        }
    }

    fn span(self) -> Option<Span> {
        // The counts are bounded, so that every span is within jiff's reach.
        self.months()
            .map(|months| Span::new().months(i64::from(months)))
            .or_else(|| self.days().map(|days| Span::new().days(i64::from(days))))
    }
}

/// A text that says no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no length of time such as 3 business days or 2 weeks")]
pub struct NoLength(String);

/// As people write it in settings: a number and a unit.
impl FromStr for Length {
    type Err = NoLength;

    fn from_str(text: &str) -> Result<Self, NoLength> {
        let words: Vec<&str> = text.split_whitespace().take(4).collect();
        let (count, unit) = match words.as_slice() {
            [count, unit] => (*count, Unit::named(unit)),
            [count, "business", "day" | "days"] => (*count, Some(Unit::BusinessDay)),
            _ => ("", None),
        };
        let length = count.parse().ok().zip(unit).and_then(|(count, unit)| Self::new(count, unit));
        length.ok_or_else(|| NoLength(text.to_owned()))
    }
}

/// As it is written in a rule.
impl fmt::Display for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(formatter, "{} {}{plural}", self.count, self.unit.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn check(day: Date, count: u32, unit: Unit, expected: Date) {
        let length = Length::new(count, unit).unwrap();
        assert_eq!(length.after(day, &Calendar::default()), expected, "{day} + {length}");
    }

    #[test]
    fn short_months_end_on_their_last_day() {
        check(date(2026, 1, 31), 1, Unit::Month, date(2026, 2, 28));
        check(date(2028, 1, 31), 1, Unit::Month, date(2028, 2, 29));
        check(date(2028, 2, 29), 1, Unit::Year, date(2029, 2, 28));
        check(date(2025, 11, 30), 1, Unit::Quarter, date(2026, 2, 28));
        check(date(2026, 1, 31), 30, Unit::Day, date(2026, 3, 2));
        check(date(2026, 1, 2), 2, Unit::BusinessDay, date(2026, 1, 6));
        check(date(9999, 12, 31), 100, Unit::Year, date(9999, 12, 31));
    }

    #[test]
    fn lengths_are_bounded() {
        assert_eq!(Length::new(101, Unit::Year), None);
        assert_eq!(Length::new(u32::MAX, Unit::BusinessDay), None);
        assert_eq!(Length::new(1, Unit::Day).unwrap().to_string(), "1 day");
        assert_eq!(Unit::named("Quarters"), Some(Unit::Quarter));
        assert_eq!(Unit::named("m"), None);
    }

    #[test]
    fn lengths_are_read_as_they_are_written() {
        for text in ["3 business days", "1 business day", "2 weeks", "30 days", "1 month"] {
            assert_eq!(text.parse::<Length>().unwrap().to_string(), text);
        }
        for text in ["", "3", "days", "3 business weeks", "-1 days", "4000 business days", "1 2 3 4 5"] {
            assert_eq!(text.parse::<Length>(), Err(NoLength(text.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn more_is_never_earlier(day in 0i64..40_000, count in 0u32..100, unit in 0usize..6) {
            let unit = [Unit::Day, Unit::BusinessDay, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year][unit];
            let day = date(1990, 1, 1).saturating_add(Span::new().days(day));
            let calendar = Calendar::default();
            let after = |count| Length { count, unit }.after(day, &calendar);
            prop_assert!(after(count) >= day && after(count + 1) >= after(count));
            let before = Length { count, unit }.before(day, &calendar);
            prop_assert!(before <= day);
        }
    }
}
