//! Section 7: what is undertaken in the first days after go-live and later, as the material says it; and, where the
//! next phase is planned, what the open milestones ask for.

use infohub::evidence::Evidence;
use infohub::plan::sections::adoption_journey::Milestone;
use infohub::plan::sections::initiatives::{Initiative, InitiativesPatch, Window};
use infohub::plan::{ListChange, Progress};
use jiff::civil::Date;

use super::block::Kind;
use super::desk::Desk;
use super::fresh::fresh;
use super::passage::Passage;
use super::progress;
use super::topic::Topic;
use super::words::{find, has, words};
use crate::sentence::clean;

/// So many initiatives a plan has at most.
const MOST: usize = 20;
/// How windows are named. Longer names first where one holds another.
const WINDOWS: &[(Window, &[&str])] = &[
    (Window::After180, &["180+", "after day 180", "after 180 days", "beyond 180 days"]),
    (Window::To180, &["90-180", "90 to 180"]),
    (Window::To90, &["30-90", "30 to 90"]),
    (Window::First30, &["0-30", "0 to 30", "first 30 days"]),
];
/// Words after which the measure of success stands.
const MEASURES: &[&str] = &["success measure", "measured by", "success is when", "success is"];
/// Words of the milestone from which days are counted.
const GO_LIVE: &[&str] = &["go-live", "go live", "goes live", "is live", "live"];

pub(super) fn draft(desk: &Desk<'_>) -> InitiativesPatch {
    let told = desk.reading.under(Topic::Initiatives).map(|passage| told(desk, passage));
    InitiativesPatch { initiatives: fresh(&desk.plan.initiatives.initiatives, told, MOST) }
}

/// What the material says, then each open milestone that no initiative leads to.
pub(super) fn next_phase(desk: &Desk<'_>) -> InitiativesPatch {
    let known = &desk.plan.initiatives.initiatives;
    let told = desk.reading.under(Topic::Initiatives).map(|passage| told(desk, passage));
    let milestones = &desk.plan.adoption_journey.milestones;
    let start = went_live(milestones);
    let open = milestones.iter().filter(|milestone| is_open(milestone) && !milestone.evidence.is_empty());
    let open = open.map(|milestone| leading_to(milestone, start));
    let ListChange { upsert, remove } = fresh(known, told.chain(open).collect::<Vec<_>>(), MOST);
    InitiativesPatch { initiatives: ListChange { upsert, remove } }
}

fn told(desk: &Desk<'_>, passage: &Passage<'_>) -> Initiative {
    let (text, owner) = desk.owned(&passage.text);
    let measure = MEASURES.iter().find_map(|phrase| find(&passage.words, phrase)).map(|range| range.end);
    let mut evidence = vec![passage.cite()];
    let window = passage.label.as_deref().and_then(window).or_else(|| {
        let (window, heading) = headed(desk, passage)?;
        evidence.push(heading);
        Some(window)
    });
    let measure = measure.map(|at| clean(passage.slice(at..passage.words.len())));
    Initiative {
        id: Default::default(),
        initiative: text.to_owned(),
        window,
        owner,
        success_measure: measure.filter(|measure| !measure.is_empty()),
        status: progress::of_bracket(&passage.text),
        evidence,
        review: None,
    }
}

/// The window that the heading above a passage names, and the heading.
fn headed(desk: &Desk<'_>, passage: &Passage<'_>) -> Option<(Window, Evidence)> {
    let heading = desk.reading.blocks.iter().find(|block| {
        block.kind == Kind::Heading
            && block.source == passage.block.source
            && block.under == passage.block.under
    })?;
    Some((window(&heading.text)?, heading.cite()))
}

fn window(text: &str) -> Option<Window> {
    let words = words(text);
    WINDOWS.iter().find(|(_, names)| has(&words, names)).map(|(window, _)| *window)
}

fn leading_to(milestone: &Milestone, start: Option<Date>) -> Initiative {
    Initiative {
        id: Default::default(),
        initiative: milestone.milestone.clone(),
        window: start.zip(milestone.due_date).and_then(|(start, due)| counted(start, due)),
        owner: milestone.owner.clone(),
        success_measure: None,
        status: milestone.status,
        evidence: milestone.evidence.clone(),
        review: None,
    }
}

fn is_open(milestone: &Milestone) -> bool {
    !matches!(milestone.status, Some(Progress::Done | Progress::Cancelled))
}

/// The day of the go-live, if a milestone says that it was reached.
fn went_live(milestones: &[Milestone]) -> Option<Date> {
    let live = milestones.iter().filter(|milestone| {
        milestone.status == Some(Progress::Done) && has(&words(&milestone.milestone), GO_LIVE)
    });
    live.filter_map(|milestone| milestone.completed_on).min()
}

fn counted(start: Date, due: Date) -> Option<Window> {
    Some(match due.since(start).ok()?.get_days() {
        ..0 => return None,
        0..=30 => Window::First30,
        31..=90 => Window::To90,
        91..=180 => Window::To180,
        _ => Window::After180,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_counted() {
        let check = |text: &str, expected: Option<Window>| assert_eq!(window(text), expected, "{text}");
        check("### 30-90 days", Some(Window::To90));
        check("First 30 days", Some(Window::First30));
        check("Days 90 to 180", Some(Window::To180));
        check("After day 180", Some(Window::After180));
        check("Next year", None);
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(counted(day("2026-06-01"), day("2026-06-01")), Some(Window::First30));
        assert_eq!(counted(day("2026-06-01"), day("2026-07-02")), Some(Window::To90));
        assert_eq!(counted(day("2026-06-01"), day("2027-06-01")), Some(Window::After180));
        assert_eq!(counted(day("2026-06-01"), day("2026-05-01")), None);
    }
}
