//! Which days are worked on, and at what hours.
//!
//! Must not know time zones' instants nor whose calendar it is.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// How far a business day is looked for; no calendar has a longer row of free days that is meant.
const FARTHEST: usize = 366;

/// Business days and office hours, as a workspace sets them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// The days of each week that are free.
    pub weekend: BTreeSet<DayOfWeek>,
    /// Other free days.
    pub holidays: BTreeSet<Date>,
    /// When the office opens; reminders come then.
    pub opens: Time,
    /// When it closes.
    pub closes: Time,
    /// The IANA name of the zone of those who name none.
    pub time_zone: String,
}

/// A day of the week, in the order that begins on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say all")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Settings that no week can be worked by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// Nothing is left to work on.
    #[error("all seven days are weekend; leave at least one")]
    NoWorkday,
    /// The office would never be open.
    #[error("the office opens at {opens} and closes at {closes}; it must close later than it opens")]
    Hours {
        /// When it opens.
        opens: Time,
        /// When it closes.
        closes: Time,
    },
    /// A zone that the time zone database does not have.
    #[error("time zone '{0}' is not an IANA name such as Europe/Berlin")]
    Zone(String),
}

/// Saturday and Sunday are free, the office is open from 9 to 18, and days are those of UTC.
impl Default for Calendar {
    fn default() -> Self {
        Self {
            weekend: BTreeSet::from([DayOfWeek::Saturday, DayOfWeek::Sunday]),
            holidays: BTreeSet::new(),
            opens: Time::constant(9, 0, 0, 0),
            closes: Time::constant(18, 0, 0, 0),
            time_zone: "UTC".to_owned(),
        }
    }
}

impl Calendar {
    /// Every fault of the settings.
    pub fn faults(&self) -> Vec<CalendarFault> {
        let mut faults = Vec::new();
        if self.weekend.len() == 7 {
            faults.push(CalendarFault::NoWorkday);
        }
        if self.opens >= self.closes {
            faults.push(CalendarFault::Hours { opens: self.opens, closes: self.closes });
        }
        if TimeZone::get(&self.time_zone).is_err() {
            faults.push(CalendarFault::Zone(self.time_zone.clone()));
        }
        faults
    }

    /// Whether the day is worked on.
    pub fn is_business_day(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday().into()) && !self.holidays.contains(&day)
    }

    /// The day itself if it is worked on, else the last one before it that is.
    pub fn on_or_before(&self, day: Date) -> Date {
        self.nearest(day, |day| day.yesterday().ok())
    }

    /// The day itself if it is worked on, else the first one after it that is.
    pub fn on_or_after(&self, day: Date) -> Date {
        self.nearest(day, |day| day.tomorrow().ok())
    }

    /// The business day that comes this many after the day.
    pub fn after(&self, day: Date, count: u32) -> Date {
        (0..count).fold(day, |day, _| self.on_or_after(day.tomorrow().unwrap_or(day)))
    }

    /// The business day that comes this many before the day.
    pub fn before(&self, day: Date, count: u32) -> Date {
        (0..count).fold(day, |day, _| self.on_or_before(day.yesterday().unwrap_or(day)))
    }

    /// A calendar without business days within a year answers with the day itself.
    fn nearest(&self, day: Date, next: impl Fn(&Date) -> Option<Date>) -> Date {
        let days = std::iter::successors(Some(day), |day| next(day)).take(FARTHEST);
        days.into_iter().find(|day| self.is_business_day(*day)).unwrap_or(day)
    }
}

impl DayOfWeek {
    /// All seven.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The day of this English name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| format!("{day:?}").eq_ignore_ascii_case(name))
    }

    /// How many days after Monday it is.
    pub(super) fn after_monday(self) -> i64 {
        self as i64
    }
}

impl From<Weekday> for DayOfWeek {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        let holidays = BTreeSet::from([date(2026, 12, 25), date(2026, 12, 28)]);
        Calendar { holidays, ..Calendar::default() }
    }

    #[test]
    fn weekends_and_holidays_are_passed_over() {
        let calendar = calendar();
        assert!(!calendar.is_business_day(date(2026, 12, 26)));
        assert_eq!(calendar.on_or_before(date(2026, 12, 27)), date(2026, 12, 24));
        assert_eq!(calendar.on_or_after(date(2026, 12, 25)), date(2026, 12, 29));
        assert_eq!(calendar.on_or_after(date(2026, 12, 29)), date(2026, 12, 29));
        assert_eq!(calendar.after(date(2026, 12, 24), 2), date(2026, 12, 30));
        assert_eq!(calendar.before(date(2026, 12, 29), 1), date(2026, 12, 24));
        assert_eq!(calendar.before(date(2026, 12, 26), 0), date(2026, 12, 26));
    }

    #[test]
    fn settings_that_no_week_can_be_worked_by_are_told() {
        let idle = Calendar {
            weekend: DayOfWeek::ALL.into(),
            opens: Time::constant(18, 0, 0, 0),
            time_zone: "Mars/Base".to_owned(),
            ..Calendar::default()
        };
        assert_eq!(idle.faults().len(), 3);
        assert_eq!(idle.on_or_after(date(2026, 1, 1)), date(2026, 1, 1));
        assert_eq!(calendar().faults(), []);
    }

    #[test]
    fn settings_are_read_as_they_are_written() {
        let json = r#"{"weekend":["friday"],"holidays":["2026-12-25"],"opens":"08:30:00"}"#;
        let calendar: Calendar = serde_json::from_str(json).unwrap();
        assert!(calendar.is_business_day(date(2026, 12, 26)));
        assert!(!calendar.is_business_day(date(2026, 12, 18)));
        assert_eq!(calendar.opens, Time::constant(8, 30, 0, 0));
    }
}
