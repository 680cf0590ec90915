//! The instants that a rule waits for: those of a schedule, or of reminders around a date.
//!
//! Must not know rules, nor what was done at earlier instants.

use super::asked::Asked;
use super::field::Field;
use crate::calendar::{Moment, Reminders, Schedule};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a rule waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// A schedule, and the date that it is counted from.
    Schedule(Schedule, Option<Field>),
    /// Reminders around a date.
    Reminders(Field, Reminders),
}

/// One instant that a rule waited for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Occasion {
    /// When it was to come.
    pub at: Timestamp,
    /// What it is, such as `7 days before 2026-06-10`.
    pub words: String,
}

impl fmt::Display for Occasion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words)
    }
}

/// An occasion that has come, and whether it has become pointless since.
pub(super) struct Due {
    pub(super) occasion: Occasion,
    pub(super) too_late: bool,
}

impl Timer {
    /// The fields whose change makes other instants of it.
    pub(super) fn anchors(&self) -> impl Iterator<Item = Field> {
        let (date, open) = match self {
            Self::Schedule(_, from) => (*from, None),
            Self::Reminders(field, _) => (Some(*field), field.open_while()),
        };
        date.into_iter().chain(open)
    }

    /// The first instant after another.
    pub(super) fn next(&self, after: Timestamp, asked: &Asked, moment: &Moment) -> Option<Timestamp> {
        match self {
            Self::Schedule(schedule, from) => {
                let anchor = from.map(|from| asked.date(from));
                // What is counted from a date that is not known never comes.
                schedule.next(after, anchor.map_or(Some(None), |date| date.map(Some))?, moment)
            }
            Self::Reminders(field, reminders) => {
                let reminders = reminders.of(asked.date(*field)?, moment);
                reminders.into_iter().map(|reminder| reminder.at).find(|at| *at > after)
            }
        }
    }

    /// The occasions after one instant and up to another, in the order of time. Of a schedule that
    /// came very often, only the first few and the last.
    pub(super) fn due(&self, after: Timestamp, until: Timestamp, asked: &Asked, moment: &Moment) -> Vec<Due> {
        match self {
            Self::Schedule(schedule, from) => {
                let Some(anchor) = from.map_or(Some(None), |from| asked.date(from).map(Some)) else {
                    return Vec::new();
                };
                let instants = scheduled(schedule, anchor, after, until, moment);
                let occasion = |at| Occasion { at, words: schedule.to_string() };
                instants.into_iter().map(|at| Due { occasion: occasion(at), too_late: false }).collect()
            }
            Self::Reminders(field, reminders) => {
                let reminders = asked.date(*field).map(|date| reminders.of(date, moment)).unwrap_or_default();
                let come =
                    reminders.into_iter().filter(|reminder| after < reminder.at && reminder.at <= until);
                come.map(|reminder| {
                    let words = match reminder.offset.length.count {
                        0 => format!("day of {}", reminder.date),
                        _ => format!("{} {}", reminder.offset, reminder.date),
                    };
                    let too_late = reminder.is_too_late(moment);
                    Due { occasion: Occasion { at: reminder.at, words }, too_late }
                })
                .collect()
            }
        }
    }
}

/// The most occasions of a schedule that are told one by one.
const MOST_TOLD: usize = 16;

fn scheduled(
    schedule: &Schedule,
    anchor: Option<jiff::civil::Date>,
    after: Timestamp,
    until: Timestamp,
    moment: &Moment,
) -> Vec<Timestamp> {
    let Some(last) = schedule.last(until, anchor, moment).filter(|last| *last > after) else {
        return Vec::new();
    };
    let first = schedule.next(after, anchor, moment);
    let next = |at: &Timestamp| schedule.next(*at, anchor, moment);
    let before = std::iter::successors(first, next).take_while(|at| *at < last).take(MOST_TOLD);
    before.chain(std::iter::once(last)).collect()
}
