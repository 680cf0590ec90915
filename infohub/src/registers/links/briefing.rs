//! The briefing: nobody is reminded of what is gone or done, and nobody talks in a review about what is gone. A point about
//! something that is done stays if it was made after it was: a review is where that is told.

use std::collections::BTreeSet;
use std::mem::take;

use super::{Settling, finished};
use crate::ids::ItemId;
use crate::registers::briefing::TalkingPoint;

pub(super) fn settle(work: &mut Settling<'_>) {
    let mut points = take(&mut work.plan.registers.briefing.talking_points);
    let mut reminders = take(&mut work.plan.registers.briefing.reminders);
    let here: BTreeSet<ItemId> = work.plan.items().map(|(_, _, item)| item.id().clone()).collect();
    let done: BTreeSet<ItemId> = finished(&work.plan).into_iter().cloned().collect();
    let done_before = work.before.map(finished).unwrap_or_default();
    let just_done = |id: &ItemId| done.contains(id) && !done_before.contains(id);
    reminders.retain(|reminder| {
        let Some(item) = &reminder.item else { return true };
        let why = match (here.contains(item), done.contains(item)) {
            (false, _) => format!("{item} is gone"),
            (true, true) => format!("{item} is done with"),
            (true, false) => return true,
        };
        work.follow(format!("{} in briefing.yaml is taken out: {}", reminder.id, reminder.words), why);
        false
    });
    let known: BTreeSet<&ItemId> = work
        .before
        .map(|plan| plan.registers.briefing.talking_points.iter().map(|point| &point.id).collect())
        .unwrap_or_default();
    points.retain_mut(|point| {
        let said_earlier = known.contains(&point.id);
        let why = outdated(point, &here, &|id| said_earlier && just_done(id), &done);
        if let Some(why) = &why {
            work.follow(format!("{} in briefing.yaml is taken out: {}", point.id, point.point), why);
        }
        why.is_none()
    });
    work.plan.registers.briefing.talking_points = points;
    work.plan.registers.briefing.reminders = reminders;
}

/// Why a point is not to be said any more. What it is about and is gone is taken out of it.
fn outdated(
    point: &mut TalkingPoint,
    here: &BTreeSet<ItemId>,
    just_done: &dyn Fn(&ItemId) -> bool,
    done: &BTreeSet<ItemId>,
) -> Option<String> {
    if point.about.is_empty() {
        return None;
    }
    let (about, gone): (Vec<_>, Vec<_>) =
        take(&mut point.about).into_iter().partition(|id| here.contains(id));
    point.about = about;
    if point.about.is_empty() {
        let gone: Vec<_> = gone.iter().map(ToString::to_string).collect();
        return Some(format!("{} is gone", gone.join(", ")));
    }
    let over = point.about.iter().all(|id| done.contains(id)) && point.about.iter().any(just_done);
    over.then(|| {
        format!("{} was done since", point.about.first().map(ToString::to_string).unwrap_or_default())
    })
}
