//! When something that comes again comes next, and when it came last.
//!
//! Must not know accounts: the date that a schedule is counted from is an argument.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp};

use super::{DayOfWeek, Length, Moment, instant};

/// The Monday that `Every 14 days` is counted from where nothing else is said, so that all accounts
/// have the same days.
const FIRST_MONDAY: Date = Date::constant(2024, 1, 1);
/// How many days are tried for the next occurrence: the day itself, and those around it whose hour is past.
const TRIES: usize = 4;

/// Something that comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// On which days.
    pub repeat: Repeat,
    /// At which hour; when the office opens if it is not said.
    pub at: Option<Time>,
}

/// The days of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Each day.
    Daily,
    /// Each week on this day.
    Weekly(DayOfWeek),
    /// On this day of each period of 1, 3 or 12 months of the calendar year.
    Monthly {
        /// The day.
        day: MonthDay,
        /// How many months a period has.
        months: u32,
    },
    /// On the day of the month on which the account began, each 1, 3 or 12 months after it.
    Anniversary {
        /// How many months lie between.
        months: u32,
    },
    /// Each so often, counted from a date.
    Every(Length),
}

/// A day of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthDay {
    /// By its number; the last day where a month is shorter.
    Nth {
        /// From 1 to 31.
        day: u8,
        /// Whether it was said in so many words what holds for short months.
        or_last: bool,
    },
    /// The last.
    Last,
}

impl Schedule {
    /// The first occurrence after an instant. None if it is counted from a date and there is none.
    pub fn next(&self, after: Timestamp, anchor: Option<Date>, moment: &Moment) -> Option<Timestamp> {
        let mut day = moment.day_of(after).yesterday().ok()?;
        for _ in 0..TRIES {
            day = self.repeat.on_or_after(day, anchor)?;
            let at = self.instant(day, moment)?;
            if at > after {
                return Some(at);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The last occurrence up to an instant.
    pub fn last(&self, until: Timestamp, anchor: Option<Date>, moment: &Moment) -> Option<Timestamp> {
        let mut day = moment.day_of(until).tomorrow().ok()?;
        for _ in 0..TRIES {
            day = self.repeat.on_or_before(day, anchor)?;
            let at = self.instant(day, moment)?;
            if at <= until {
                return Some(at);
            }
            day = day.yesterday().ok()?;
        }
        None
    }

    fn instant(&self, day: Date, moment: &Moment) -> Option<Timestamp> {
        instant(day, self.at.unwrap_or(moment.calendar.opens), &moment.zone)
    }

    /// Whether it names a day that some months lack and does not say what holds for them.
    pub fn forgets_short_months(&self) -> bool {
        let forgets = |day| matches!(day, MonthDay::Nth { day: 29..=31, or_last: false });
        matches!(self.repeat, Repeat::Monthly { day, .. } if forgets(day))
    }
}

impl Repeat {
    /// The first of its days that is not before the day.
    fn on_or_after(self, day: Date, anchor: Option<Date>) -> Option<Date> {
        match self {
            Self::Daily => Some(day),
            Self::Weekly(wanted) => Some(add_days(day, days_until(day, wanted))),
            Self::Monthly { day: wanted, months } => {
                let period = add_months(day.first_of_month(), -into_period(day, months));
                let candidates = (0..3).map(|count| wanted.of(add_months(period, count * i64::from(months))));
                candidates.into_iter().find(|candidate| *candidate >= day)
            }
            Self::Anniversary { months } => in_months(anchor?, months, day, Edge::First),
            Self::Every(length) => every(length, day, anchor, Edge::First),
        }
    }

    /// The last of its days that is not after the day.
    fn on_or_before(self, day: Date, anchor: Option<Date>) -> Option<Date> {
        match self {
            Self::Daily => Some(day),
            Self::Weekly(wanted) => {
                let ahead = days_until(day, wanted);
                Some(add_days(day, if ahead == 0 { 0 } else { ahead - 7 }))
            }
            Self::Monthly { day: wanted, months } => {
                let period = add_months(day.first_of_month(), -into_period(day, months));
                let candidates =
                    (0..3).map(|count| wanted.of(add_months(period, -count * i64::from(months))));
                candidates.into_iter().find(|candidate| *candidate <= day)
            }
            Self::Anniversary { months } => in_months(anchor?, months, day, Edge::Last),
            Self::Every(length) => every(length, day, anchor, Edge::Last),
        }
    }
}

impl MonthDay {
    fn of(self, first: Date) -> Date {
        match self {
            Self::Last => first.last_of_month(),
            Self::Nth { day, .. } => {
                let last = first.last_of_month();
                let day = i64::from(day.max(1)) - 1;
                add_days(first, day).min(last)
            }
        }
    }
}

/// Which of two neighbours is meant where a day is none of the schedule's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// Each so often after the anchor; with none, in step with the first Monday.
fn every(length: Length, day: Date, anchor: Option<Date>, edge: Edge) -> Option<Date> {
    let from = anchor.unwrap_or(FIRST_MONDAY);
    if let Some(months) = length.months() {
        return in_months(from, months, day, edge);
    }
    let step = i64::from(length.days()?.max(1));
    let gone = days_between(from, day);
    let count = match edge {
        Edge::First => gone.div_euclid(step) + i64::from(gone.rem_euclid(step) != 0),
        Edge::Last => gone.div_euclid(step),
    };
    // The day that it is counted from is no occurrence itself.
    let least = if anchor.is_some() { 1 } else { i64::MIN };
    match edge {
        Edge::First => Some(add_days(from, count.max(least) * step)),
        Edge::Last => (count >= least).then(|| add_days(from, count * step)),
    }
}

/// The multiples of some months after a date, each counted from the date itself, so that the 31st
/// comes back after a short month.
fn in_months(from: Date, months: u32, day: Date, edge: Edge) -> Option<Date> {
    let months = i64::from(months.max(1));
    let between = i64::from(day.year() - from.year()) * 12 + i64::from(day.month()) - i64::from(from.month());
    let around = between.div_euclid(months);
    let near = (around - 1..=around + 2).filter(|count| *count >= 1);
    let mut dates = near.map(|count| add_months(from, count * months));
    match edge {
        Edge::First => {
            let first = add_months(from, months);
            if day <= first { Some(first) } else { dates.find(|date| *date >= day) }
        }
        Edge::Last => dates.rfind(|date| *date <= day),
    }
}

/// How many months a day lies within its period of the calendar year.
fn into_period(day: Date, months: u32) -> i64 {
    i64::from(day.month() - 1).rem_euclid(i64::from(months.max(1)))
}

fn days_until(day: Date, wanted: DayOfWeek) -> i64 {
    (wanted.after_monday() - DayOfWeek::from(day.weekday()).after_monday()).rem_euclid(7)
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// Dates end where jiff's calendar does, which no schedule reaches.
fn add_days(day: Date, count: i64) -> Date {
    Span::new().try_days(count).map_or(day, |span| day.saturating_add(span))
}

fn add_months(day: Date, count: i64) -> Date {
    Span::new().try_months(count).map_or(day, |span| day.saturating_add(span))
}

/// As it is written in a rule.
impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = |months: u32| match months {
            1 => "Monthly",
            3 => "Quarterly",
            _ => "Yearly",
        };
        match self.repeat {
            Repeat::Daily => formatter.write_str("Daily")?,
            Repeat::Weekly(day) => write!(formatter, "Weekly on {day:?}")?,
            Repeat::Monthly { day, months } => write!(formatter, "{} on {day}", period(months))?,
            Repeat::Anniversary { months } => write!(formatter, "{} on account anniversary", period(months))?,
            Repeat::Every(length) => write!(formatter, "Every {length}")?,
        }
        match self.at {
            Some(at) => write!(formatter, " at {}", at.strftime("%H:%M")),
            None => Ok(()),
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last => formatter.write_str("the last day"),
            Self::Nth { day, or_last } => {
                write!(formatter, "day {day}")?;
                if *or_last { formatter.write_str(" or the last day") } else { Ok(()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::calendar::{Calendar, Unit};
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    const BERLIN: Option<&str> = Some("Europe/Berlin");

    fn moment(zone: Option<&str>) -> Moment {
        Moment::new(Timestamp::UNIX_EPOCH, zone, &Arc::new(Calendar::default()))
    }

    fn anniversary(months: u32) -> Schedule {
        Schedule { repeat: Repeat::Anniversary { months }, at: None }
    }

    /// The next days after each other, as an account in Berlin sees them.
    fn days(schedule: &Schedule, after: &str, anchor: Option<Date>, count: usize) -> Vec<String> {
        let moment = moment(BERLIN);
        let first = schedule.next(after.parse().unwrap(), anchor, &moment);
        let next = |at: &Timestamp| schedule.next(*at, anchor, &moment);
        let instants = std::iter::successors(first, next).take(count);
        instants.map(|at| at.to_zoned(moment.zone.clone()).strftime("%m-%d %H:%M").to_string()).collect()
    }

    #[test]
    fn an_anniversary_on_the_31st_is_the_last_day_of_short_months() {
        let start = Some(date(2026, 1, 31));
        assert_eq!(
            days(&anniversary(1), "2026-01-31T12:00:00Z", start, 4),
            ["02-28 09:00", "03-31 09:00", "04-30 09:00", "05-31 09:00"]
        );
        // The account does not begin with an anniversary.
        assert_eq!(days(&anniversary(3), "2025-06-01T00:00:00Z", start, 2), ["04-30 09:00", "07-31 09:00"]);
        assert_eq!(days(&anniversary(1), "2026-01-01T00:00:00Z", None, 2), [""; 0]);
        let leap = Some(date(2028, 2, 29));
        assert_eq!(days(&anniversary(12), "2028-03-01T00:00:00Z", leap, 1), ["02-28 09:00"]);
        assert_eq!(days(&anniversary(12), "2031-03-01T00:00:00Z", leap, 1), ["02-29 09:00"]);
    }

    #[test]
    fn weeks_months_and_quarters_come_again() {
        let on = |repeat| Schedule { repeat, at: Some(time(8, 30, 0, 0)) };
        let monday = on(Repeat::Weekly(DayOfWeek::Monday));
        // 2026-01-05 is a Monday; 7:30 UTC is 8:30 there.
        assert_eq!(days(&monday, "2026-01-05T07:29:59Z", None, 2), ["01-05 08:30", "01-12 08:30"]);
        assert_eq!(days(&monday, "2026-01-05T07:30:00Z", None, 1), ["01-12 08:30"]);
        let last = on(Repeat::Monthly { day: MonthDay::Last, months: 1 });
        assert_eq!(days(&last, "2026-01-31T08:00:00Z", None, 2), ["02-28 08:30", "03-31 08:30"]);
        let quarter = on(Repeat::Monthly { day: MonthDay::Nth { day: 31, or_last: true }, months: 3 });
        assert_eq!(days(&quarter, "2026-02-01T00:00:00Z", None, 2), ["04-30 08:30", "07-31 08:30"]);
        let fortnight = on(Repeat::Every(Length::new(14, Unit::Day).unwrap()));
        assert_eq!(days(&fortnight, "2026-01-01T00:00:00Z", None, 2), ["01-12 08:30", "01-26 08:30"]);
        let since = Some(date(2026, 1, 7));
        assert_eq!(days(&fortnight, "2026-01-01T00:00:00Z", since, 2), ["01-21 08:30", "02-04 08:30"]);
        assert_eq!(days(&on(Repeat::Daily), "2026-03-28T08:00:00Z", None, 1), ["03-29 08:30"]);
    }

    #[test]
    fn only_a_day_that_months_lack_needs_words_for_them() {
        let monthly = |day, or_last| Schedule {
            repeat: Repeat::Monthly { day: MonthDay::Nth { day, or_last }, months: 1 },
            at: None,
        };
        assert!(monthly(31, false).forgets_short_months());
        assert!(!monthly(31, true).forgets_short_months() && !monthly(28, false).forgets_short_months());
        assert_eq!(monthly(31, true).to_string(), "Monthly on day 31 or the last day");
    }

    fn some_schedule() -> impl Strategy<Value = Schedule> {
        let repeat = prop_oneof![
            Just(Repeat::Daily),
            (0usize..7).prop_map(|day| Repeat::Weekly(DayOfWeek::ALL[day])),
            (1u8..=31, 0usize..3).prop_map(|(day, months)| Repeat::Monthly {
                day: MonthDay::Nth { day, or_last: true },
                months: [1, 3, 12][months],
            }),
            (0usize..3).prop_map(|months| Repeat::Anniversary { months: [1, 3, 12][months] }),
            (1u32..40, 0usize..4).prop_map(|(count, unit)| Repeat::Every(Length {
                count,
                unit: [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter][unit],
            })),
        ];
        (repeat, prop::option::of((0i8..24, 0i8..60))).prop_map(|(repeat, at)| Schedule {
            repeat,
            at: at.map(|(hour, minute)| time(hour, minute, 0, 0)),
        })
    }

    proptest! {
        /// What is next after the last lies in the future, and is the last once its time has come.
        #[test]
        fn next_and_last_agree(
            schedule in some_schedule(), now in 1_700_000_000i64..2_000_000_000, since in 0i64..4_000,
            zone in prop::sample::select(vec!["Europe/Berlin", "America/Santiago", "Pacific/Apia", "Asia/Kolkata"]),
        ) {
            let moment = moment(Some(zone));
            let now = Timestamp::from_second(now).unwrap();
            let anchor = Some(add_days(date(2023, 1, 1), since));
            let next = schedule.next(now, anchor, &moment).unwrap();
            prop_assert!(next > now);
            prop_assert_eq!(schedule.last(next, anchor, &moment), Some(next));
            if let Some(last) = schedule.last(now, anchor, &moment) {
                prop_assert!(last <= now);
                prop_assert_eq!(schedule.next(last, anchor, &moment), Some(next));
            }
        }
    }
}
