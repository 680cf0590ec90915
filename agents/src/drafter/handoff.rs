//! Section 9 from the material: meetings held regularly, what is open, what our people promised. The checklist is
//! seen against the plan, in a file of its own.

use infohub::plan::sections::handoff::{CadencePoint, Commitment, HandoffPatch, OpenItem};
use jiff::civil::Date;

use super::block::Kind;
use super::cue;
use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::guard;
use super::passage::Passage;
use super::person;
use super::topic::Topic;
use super::words::{has, words};

/// So many entries a list has at most.
const MOST: usize = 12;
/// Words with which people promise something.
const PROMISES: &[&str] = &["i will", "we will", "i'll", "we'll", "i promise", "we promise"];
/// Words with which notes tell of a promise.
const PROMISED: &[&str] = &["promised", "promises", "committed to", "commits to"];

pub(super) fn draft(desk: &Desk<'_>) -> HandoffPatch {
    let plan = &desk.plan.handoff;
    let open = desk
        .reading
        .passages
        .iter()
        .filter(|passage| is_open(passage))
        .map(|passage| open_item(desk, passage));
    let promised = desk.reading.statements().filter(|passage| is_promise(desk, passage));
    let told = desk.reading.statements().filter(|passage| passage.is_loose() && is_told(desk, passage));
    let headed = desk.reading.under(Topic::Commitments);
    let commitments = headed.chain(promised).chain(told).map(|passage| commitment(desk, passage));
    HandoffPatch {
        checklist: Default::default(),
        open_items: fresh(&plan.open_items, open, MOST),
        commitments: fresh(&plan.commitments, commitments, MOST),
        cadence: fresh(&plan.cadence, desk.reading.under(Topic::Cadence).map(meeting), MOST),
    }
}

/// Open points are mostly questions, which no other section takes.
fn is_open(passage: &Passage<'_>) -> bool {
    passage.under(Topic::OpenPoints)
        && passage.words.len() > 2
        && passage.is_provable()
        && !guard::holds_a_place(passage)
}

fn open_item(desk: &Desk<'_>, passage: &Passage<'_>) -> OpenItem {
    let (text, owner) = desk.owned(&passage.text);
    let text = if owner.is_some() { text.to_owned() } else { passage.full() };
    OpenItem {
        id: Default::default(),
        item: text,
        owner,
        due: due(passage),
        evidence: vec![passage.cite()],
        review: None,
    }
}

fn is_promise(desk: &Desk<'_>, passage: &Passage<'_>) -> bool {
    passage.is_loose() && desk.is_ours(passage) && passage.has(PROMISES)
}

/// Notes that tell what one of ours promised: `Mira Castellane promised a sandbox by May.`
fn is_told(desk: &Desk<'_>, passage: &Passage<'_>) -> bool {
    passage.has(PROMISED) && desk.colleague(passage.slice(0..2)).is_some()
}

/// The day after `by`.
fn due(passage: &Passage<'_>) -> Option<Date> {
    let words = &passage.words;
    let by = |at: usize| {
        at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word.low == "by")
    };
    days(words).into_iter().find(|(range, _)| by(range.start)).map(|(_, day)| day)
}

fn commitment(desk: &Desk<'_>, passage: &Passage<'_>) -> Commitment {
    let (by, to) = parties(desk, passage);
    let spoken = passage.block.speaker.filter(|_| passage.block.kind == Kind::Speech);
    Commitment {
        id: Default::default(),
        commitment: passage.full(),
        by: by.or_else(|| passage.block.speaker.map(str::to_owned)),
        to,
        // What is said in a meeting is said on its day; notes may tell of older promises.
        made_on: spoken.and_then(|_| desk.date_of(passage.block.source)),
        // A person answers to it.
        status: None,
        renegotiated_to: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// Who promised and to whom, where a label says so or the sentence opens with the name: `Ann Bell to Bob Dorn: ...`
fn parties(desk: &Desk<'_>, passage: &Passage<'_>) -> (Option<String>, Option<String>) {
    let person = |text: &str| person::listed(text).into_iter().next().map(|mention| mention.name);
    if let Some(label) = &passage.label {
        return match label.split_once(" to ") {
            Some((by, to)) => (person(by), person(to)),
            None => (person(label), None),
        };
    }
    let opening = Some(passage.slice(0..2)).filter(|name| desk.owner(name).is_some());
    (opening.map(str::to_owned), None)
}

/// `Steering committee with both sides, monthly`
fn meeting(passage: &Passage<'_>) -> CadencePoint {
    let (meeting, frequency) = match passage.text.rsplit_once(", ") {
        Some((meeting, often)) if has(&words(often), cue::OFTEN) => {
            (meeting.to_owned(), Some(often.to_owned()))
        }
        _ => (passage.text.clone(), passage.opens(cue::OFTEN).then(|| passage.slice(0..1).to_owned())),
    };
    CadencePoint {
        id: Default::default(),
        meeting,
        frequency,
        attendees: Vec::new(),
        evidence: vec![passage.cite()],
        review: None,
    }
}
