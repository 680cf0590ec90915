//! Section 9 from the material: meetings held regularly, what is open, what our people promised. The
//! checklist is left to people: only they can say that something has been handed over.

use infohub::plan::sections::handoff::{CadencePoint, Commitment, CommitmentStatus, HandoffPatch, OpenItem};

use super::cue;
use super::desk::Desk;
use super::fresh::fresh;
use super::guard;
use super::passage::Passage;
use super::topic::Topic;
use super::words::{has, words};

/// So many entries a list has at most.
const MOST: usize = 12;
/// Words with which people promise something.
const PROMISES: &[&str] = &["i will", "we will", "i'll", "we'll", "i promise", "we promise"];

pub(super) fn draft(desk: &Desk<'_>) -> HandoffPatch {
    let plan = &desk.plan.handoff;
    let open = desk.reading.passages.iter().filter(|passage| is_open(passage)).map(open_item);
    let promised = desk.reading.statements().filter(|passage| is_promise(desk, passage)).map(commitment);
    let headed = desk.reading.under(Topic::Commitments).map(commitment);
    HandoffPatch {
        checklist: Default::default(),
        open_items: fresh(&plan.open_items, open, MOST),
        commitments: fresh(&plan.commitments, headed.chain(promised), MOST),
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

fn open_item(passage: &Passage<'_>) -> OpenItem {
    OpenItem {
        id: Default::default(),
        item: passage.full(),
        owner: None,
        due: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

fn is_promise(desk: &Desk<'_>, passage: &Passage<'_>) -> bool {
    passage.is_loose() && desk.is_ours(passage) && passage.has(PROMISES)
}

fn commitment(passage: &Passage<'_>) -> Commitment {
    Commitment {
        id: Default::default(),
        commitment: passage.full(),
        by: passage.block.speaker.map(str::to_owned),
        to: None,
        made_on: None,
        status: Some(CommitmentStatus::Open),
        evidence: vec![passage.cite()],
        review: None,
    }
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
