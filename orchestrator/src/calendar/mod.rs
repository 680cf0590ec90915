//! Time as people at work mean it: days in a time zone, business days, lengths such as `3 months`,
//! schedules and reminders around a date.
//!
//! Pure: the present is an argument. It must not know rules, plans or where settings are kept.
//!
//! - An **hour of a day** that the zone skips in spring is the first instant after the gap; one that
//!   comes twice in autumn is the first of the two.
//! - A **month** after the 31st is the last day of a shorter month, and never a day of the next one.
//!   So the anniversary of 29 February is the 28th in common years.
//! - A **reminder** before a date, or of its day, moves to the business day before if it would fall
//!   on a free day: it must not come too late. One after a date moves to the business day after.
//! - A **schedule** keeps its day, free or not, since it mostly starts the work of an agent.

mod length;
mod moment;
mod reminder;
mod schedule;
mod workdays;

pub use length::{Length, NoLength, Unit};
pub use moment::{Moment, instant, zone};
pub use reminder::{Offset, Reminder, Reminders, When};
pub use schedule::{MonthDay, Repeat, Schedule};
pub use workdays::{Calendar, CalendarFault, DayOfWeek};
