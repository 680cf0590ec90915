//! Section 4 from the material: technical work done, under way and planned, as the notes say it.

use infohub::plan::sections::technical_activities::{Activity, TechnicalActivitiesPatch};
use infohub::plan::{Owner, Progress};

use super::cue;
use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::news::News;
use super::passage::Passage;
use super::progress;
use super::topic::Topic;

/// So many activities are drafted at most.
const MOST: usize = 20;

pub(super) fn draft(desk: &Desk<'_>) -> TechnicalActivitiesPatch {
    let headed = desk
        .reading
        .under(Topic::Activities)
        .map(|passage| activity(desk, passage, progress::of_label(passage)));
    let steps = desk.reading.under(Topic::NextSteps).filter(|passage| passage.has(cue::TECHNICAL));
    let steps = steps.map(|passage| activity(desk, passage, Some(Progress::Planned)));
    let done = desk.reading.statements().filter(|passage| passage.is_loose() && is_done(passage));
    let done = done.map(|passage| {
        let owner = passage.block.speaker.and_then(|speaker| desk.owner(speaker));
        Activity { owner, ..activity(desk, passage, Some(Progress::Done)) }
    });
    let activities = headed.chain(steps).chain(done);
    let known = &desk.plan.technical_activities.activities;
    let mut activities = fresh(known, activities, MOST);
    News::of(desk).update(desk, known, &mut activities, |activity, stated| {
        activity.status = stated.status.or(activity.status);
        activity.date = stated.on.or(stated.moved_to).or(activity.date);
    });
    TechnicalActivitiesPatch { activities }
}

fn activity(desk: &Desk<'_>, passage: &Passage<'_>, status: Option<Progress>) -> Activity {
    Activity {
        id: Default::default(),
        activity: passage.text.clone(),
        status,
        owner: owner(desk, passage),
        date: days(&passage.words).into_iter().next_back().map(|(_, date)| date),
        blockers: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// Somebody who says of a piece of technical work that it is done.
fn is_done(passage: &Passage<'_>) -> bool {
    passage.has(&["that is done", "it is done", "is already done"]) && passage.has(cue::TECHNICAL)
}

/// The name that opens the sentence, or the one in brackets at its end.
fn owner(desk: &Desk<'_>, passage: &Passage<'_>) -> Option<Owner> {
    let bracketed =
        passage.text.trim_end_matches('.').strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let bracketed = bracketed.and_then(|(_, name)| desk.owner(name.trim_start_matches("owner: ")));
    bracketed.or_else(|| desk.owner(passage.slice(0..2)))
}
