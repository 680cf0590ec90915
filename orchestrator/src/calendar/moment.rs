//! The present as an account sees it: an instant, a time zone, a calendar.
//!
//! Must not know where the three come from.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Calendar;

/// An instant, with what turns it into a day at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub now: Timestamp,
    /// The time zone whose days are meant.
    pub zone: TimeZone,
    /// Business days and office hours.
    pub calendar: Arc<Calendar>,
}

impl Moment {
    /// The moment in the zone that an account or a person names; the calendar's own if it names none.
    pub fn new(now: Timestamp, zone_name: Option<&str>, calendar: &Arc<Calendar>) -> Self {
        Self { now, zone: zone(zone_name, &calendar.time_zone), calendar: Arc::clone(calendar) }
    }

    /// The day.
    pub fn today(&self) -> Date {
        self.day_of(self.now)
    }

    /// The day that an instant belongs to.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The first instant of a day, if it is within the reach of timestamps.
    pub fn start_of(&self, day: Date) -> Option<Timestamp> {
        instant(day, Time::midnight(), &self.zone)
    }

    /// The instant at which the office opens on a day.
    pub fn opening(&self, day: Date) -> Option<Timestamp> {
        instant(day, self.calendar.opens, &self.zone)
    }

    /// An instant as people read it, such as `2026-02-28 09:00 Europe/Berlin`.
    pub fn shown(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned(self.zone.clone());
        let zone = self.zone.iana_name().unwrap_or("UTC");
        format!("{} {zone}", zoned.strftime("%Y-%m-%d %H:%M"))
    }
}

/// The instant of an hour on a day. An hour that the zone skips is the first instant after the gap, and
/// one that comes twice is the first of the two.
pub fn instant(day: Date, hour: Time, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(day.to_datetime(hour));
    match ambiguous.offset() {
        // The clock's jump is the first instant at which the clock shows no earlier hour.
        jiff::tz::AmbiguousOffset::Gap { .. } => {
            let behind = ambiguous.later().ok()?;
            // What precedes is strictly before, and the hour may be the very beginning of the gap.
            let past = behind.checked_add(SignedDuration::from_nanos(1)).ok()?;
            zone.preceding(past).next().map(|jump| jump.timestamp())
        }
        _ => ambiguous.compatible().ok(),
    }
}

/// The time zone of an IANA name, or that of the fallback's name; UTC if neither is known.
pub fn zone(name: Option<&str>, fallback: &str) -> TimeZone {
    let known = |name: &str| TimeZone::get(name).ok();
    name.and_then(known).or_else(|| known(fallback)).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn check(day: Date, hour: Time, zone: &str, expected: &str) {
        let zone = TimeZone::get(zone).unwrap();
        let expected: Timestamp = expected.parse().unwrap();
        assert_eq!(instant(day, hour, &zone), Some(expected), "{day} {hour}");
    }

    #[test]
    fn nine_o_clock_is_nine_o_clock_on_both_sides_of_the_change() {
        check(date(2026, 3, 28), time(9, 0, 0, 0), "Europe/Berlin", "2026-03-28T08:00:00Z");
        check(date(2026, 3, 29), time(9, 0, 0, 0), "Europe/Berlin", "2026-03-29T07:00:00Z");
        check(date(2026, 10, 24), time(9, 0, 0, 0), "Europe/Berlin", "2026-10-24T07:00:00Z");
        check(date(2026, 10, 25), time(9, 0, 0, 0), "Europe/Berlin", "2026-10-25T08:00:00Z");
    }

    #[test]
    fn a_skipped_hour_is_the_end_of_the_gap_and_a_doubled_one_the_first() {
        check(date(2026, 3, 29), time(2, 30, 0, 0), "Europe/Berlin", "2026-03-29T01:00:00Z");
        check(date(2026, 10, 25), time(2, 30, 0, 0), "Europe/Berlin", "2026-10-25T00:30:00Z");
        // Midnight itself is skipped here.
        check(date(2026, 9, 6), time(0, 0, 0, 0), "America/Santiago", "2026-09-06T04:00:00Z");
        // The whole day of 30 December 2011 is missing here.
        check(date(2011, 12, 30), time(9, 0, 0, 0), "Pacific/Apia", "2011-12-30T10:00:00Z");
    }

    #[test]
    fn a_day_belongs_to_its_zone() {
        let calendar = Arc::new(Calendar::default());
        let now = "2026-01-01T23:30:00Z".parse().unwrap();
        let today = |zone| Moment::new(now, zone, &calendar).today();
        assert_eq!(today(Some("Europe/Berlin")), date(2026, 1, 2));
        assert_eq!(today(Some("America/New_York")), date(2026, 1, 1));
        assert_eq!(today(Some("Mars/Base")), date(2026, 1, 1));
        let moment = Moment::new(now, Some("Asia/Tokyo"), &calendar);
        assert_eq!(moment.shown(now), "2026-01-02 08:30 Asia/Tokyo");
        assert_eq!(moment.opening(date(2026, 1, 2)).unwrap().to_string(), "2026-01-02T00:00:00Z");
    }
}
