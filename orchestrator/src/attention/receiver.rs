//! Who gets a person's notices today: the person, or who stands in while they are away. It must not know what
//! the notices say.

use std::collections::BTreeSet;
use std::sync::Arc;

use infohub::ids::PersonId;
use infohub::team::{Person, Team};
use jiff::Timestamp;

use super::held::{Held, Why};
use super::next_opening;
use crate::calendar::{Calendar, Moment};

/// How long a notice to nobody waits before the team is asked again.
const STRANGER_WAITS: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// The person who gets what is for `person` now, with the moment as they see it; or why nobody does.
///
/// Who stands in may be away too, and then it is their stand-in. A circle of people who are all away ends with
/// the notice held until the first of them is back.
///
/// # Errors
/// Why nobody gets it now, and until when.
pub fn receiver<'a>(
    team: &'a Team,
    person: &PersonId,
    now: Timestamp,
    calendar: &Arc<Calendar>,
) -> Result<(&'a Person, Moment), Held> {
    let mut asked = BTreeSet::new();
    let mut next = person;
    let mut first_away = None;
    loop {
        let Some(found) = team.person(next) else {
            let until = now.checked_add(STRANGER_WAITS).unwrap_or(Timestamp::MAX);
            return Err(Held { until, why: Why::Stranger { person: next.clone() } });
        };
        let moment = Moment::new(now, found.time_zone.as_deref(), calendar);
        let Some(absence) = found.away_on(moment.today()) else { return Ok((found, moment)) };
        let back = || {
            let after = absence.to.tomorrow().ok().and_then(|day| moment.opening(calendar.on_or_after(day)));
            after.filter(|at| *at > now).unwrap_or_else(|| next_opening(&moment))
        };
        let held =
            first_away.get_or_insert_with(|| Held { until: back(), why: Why::Away { to: absence.to } });
        match &absence.delegate {
            Some(delegate) if asked.insert(delegate.clone()) => next = delegate,
            _ => return Err(held.clone()),
        }
    }
}
