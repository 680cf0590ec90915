//! Reminders around a date: `7 days before, 1 day before, day of`.
//!
//! Must not know what is due, nor who is reminded.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Length, Moment};

/// The distance of a reminder from its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// How far; nothing on the day itself.
    pub length: Length,
    /// To which side.
    pub when: When,
}

/// On which side of a date a reminder lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say all")]
pub enum When {
    Before,
    DayOf,
    After,
}

/// All reminders around one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminders(pub Vec<Offset>);

/// One reminder of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// When it comes.
    pub at: Timestamp,
    /// Which it is.
    pub offset: Offset,
    /// The date that it reminds of.
    pub date: Date,
}

impl Reminders {
    /// The most reminders around one date.
    pub const MOST: usize = 16;

    /// The reminders of a date in the order of time. Of two at one instant the one whose own day is
    /// later comes last.
    pub fn of(&self, date: Date, moment: &Moment) -> Vec<Reminder> {
        let mut reminders: Vec<_> = self.0.iter().filter_map(|offset| offset.of(date, moment)).collect();
        reminders.sort_by_key(|(day, reminder)| (reminder.at, *day));
        reminders.into_iter().map(|(_, reminder)| reminder).collect()
    }
}

impl Offset {
    /// The reminder of a date, with the day on which it would come if all days were worked on.
    fn of(self, date: Date, moment: &Moment) -> Option<(Date, Reminder)> {
        let calendar = &moment.calendar;
        let day = match self.when {
            When::Before => self.length.before(date, calendar),
            When::DayOf => date,
            When::After => self.length.after(date, calendar),
        };
        let moved = match self.when {
            When::Before | When::DayOf => calendar.on_or_before(day),
            When::After => calendar.on_or_after(day),
        };
        Some((day, Reminder { at: moment.opening(moved)?, offset: self, date }))
    }
}

impl Reminder {
    /// Whether its words are no longer true: a reminder of what is to come is void once the day is over.
    pub fn is_too_late(&self, moment: &Moment) -> bool {
        self.offset.when != When::After && moment.today() > self.date
    }
}

/// As it is written in a rule.
impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.when {
            When::Before => write!(formatter, "{} before", self.length),
            When::DayOf => formatter.write_str("day of"),
            When::After => write!(formatter, "{} after", self.length),
        }
    }
}

impl fmt::Display for Reminders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        formatter.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::calendar::{Calendar, Unit};
    use jiff::civil::date;

    fn seed() -> Reminders {
        let before = |count| Offset { length: Length { count, unit: Unit::Day }, when: When::Before };
        let after = Offset { length: Length { count: 1, unit: Unit::Day }, when: When::After };
        let day_of = Offset { length: Length::NOTHING, when: When::DayOf };
        Reminders(vec![before(7), before(1), day_of, after])
    }

    fn check(due: Date, expected: &[&str]) {
        let calendar = Arc::new(Calendar::default());
        let moment = Moment::new(Timestamp::UNIX_EPOCH, Some("Europe/Berlin"), &calendar);
        let told = |reminder: &Reminder| format!("{} {}", moment.shown(reminder.at), reminder.offset);
        let shown: Vec<String> = seed().of(due, &moment).iter().map(told).collect();
        let expected: Vec<String> =
            expected.iter().map(|line| line.replacen(" ", " 09:00 Europe/Berlin ", 1)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn reminders_stand_around_their_date() {
        assert_eq!(seed().to_string(), "7 days before, 1 day before, day of, 1 day after");
        check(
            date(2026, 6, 10),
            &[
                "2026-06-03 7 days before",
                "2026-06-09 1 day before",
                "2026-06-10 day of",
                "2026-06-11 1 day after",
            ],
        );
    }

    #[test]
    fn a_free_day_moves_a_reminder_to_where_it_helps() {
        // 14 June 2026 is a Sunday.
        check(
            date(2026, 6, 14),
            &[
                "2026-06-05 7 days before",
                "2026-06-12 1 day before",
                "2026-06-12 day of",
                "2026-06-15 1 day after",
            ],
        );
    }

    #[test]
    fn a_reminder_of_what_is_to_come_is_void_after_the_day() {
        let calendar = Arc::new(Calendar::default());
        let late = |now: &str| {
            let moment = Moment::new(now.parse().unwrap(), Some("Europe/Berlin"), &calendar);
            let reminders = seed().of(date(2026, 6, 10), &moment);
            reminders.iter().filter(|reminder| reminder.is_too_late(&moment)).count()
        };
        assert_eq!(late("2026-06-10T21:59:00Z"), 0);
        assert_eq!(late("2026-06-10T22:00:00Z"), 3);
    }
}
