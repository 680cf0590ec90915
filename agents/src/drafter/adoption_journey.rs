//! Section 6 from the material: phases and milestones, where somebody wrote them down as such.

use std::rc::Rc;

use infohub::evidence::Evidence;
use infohub::plan::sections::adoption_journey::{AdoptionJourneyPatch, Milestone, Phase};

use super::block::{Block, Kind};
use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::news::News;
use super::passage::Passage;
use super::progress;
use super::topic::Topic;
use super::words::{has, opens, words};
use crate::sentence::without_mark;

/// So many phases a plan has at most.
const MOST_PHASES: usize = 8;
/// So many headings of phases are looked at.
const MOST_HEADINGS: usize = 64;
/// So many milestones a plan has at most.
const MOST_MILESTONES: usize = 20;

pub(super) fn draft(desk: &Desk<'_>) -> AdoptionJourneyPatch {
    let plan = &desk.plan.adoption_journey;
    let headings = desk.reading.blocks.iter().filter(|block| heads_a_phase(block)).take(MOST_HEADINGS);
    let milestones = desk.reading.under(Topic::Milestones).map(|passage| milestone(desk, passage));
    let mut milestones = fresh(&plan.milestones, milestones, MOST_MILESTONES);
    News::of(desk).update(desk, &plan.milestones, &mut milestones, |milestone, stated| {
        milestone.status = stated.status.or(milestone.status);
        milestone.completed_on = stated.on.or(milestone.completed_on);
        milestone.due_date = stated.moved_to.or(milestone.due_date);
    });
    AdoptionJourneyPatch {
        phases: fresh(&plan.phases, headings.map(|heading| phase(desk, heading)), MOST_PHASES),
        milestones,
    }
}

/// `### Phase 1: Venlo chilled lanes`
fn heads_a_phase(block: &Rc<Block<'_>>) -> bool {
    let words = words(without_mark(&block.text));
    let numbered = words.get(1).is_some_and(|word| word.low.starts_with(|c: char| c.is_ascii_digit()));
    block.kind == Kind::Heading
        && block.topics.contains(&Topic::Phases)
        && opens(&words, &["phase"])
        && numbered
}

fn phase(desk: &Desk<'_>, heading: &Rc<Block<'_>>) -> Phase {
    let mut phase = Phase {
        id: Default::default(),
        name: without_mark(&heading.text).trim_matches('*').to_owned(),
        objectives: Vec::new(),
        use_cases: Vec::new(),
        exit_criteria: Vec::new(),
        starts: None,
        ends: None,
        status: None,
        evidence: vec![heading.cite()],
        review: None,
    };
    let under = |passage: &&Passage<'_>| {
        passage.block.under == heading.under && passage.block.source == heading.source
    };
    for passage in desk.reading.statements().filter(under) {
        if take(&mut phase, passage) {
            cite_once(&mut phase.evidence, passage.cite());
        }
    }
    phase
}

/// Takes what a line under a phase's heading says of it; false if it says nothing that a phase has.
fn take(phase: &mut Phase, passage: &Passage<'_>) -> bool {
    if let Some(label) = &passage.label {
        let label = words(label);
        let lists = [
            (&mut phase.objectives, ["objective*", "goal*"]),
            (&mut phase.use_cases, ["use case*", "use cases"]),
            (&mut phase.exit_criteria, ["exit*", "done when"]),
        ];
        let named = lists.into_iter().find(|(_, names)| has(&label, names));
        return named.map(|(list, _)| list.push(passage.text.clone())).is_some();
    }
    let days = days(&passage.words);
    let [(_, starts), (_, ends)] = days.as_slice() else { return false };
    let spans = passage.opens(&["from"]) && phase.starts.is_none() && starts <= ends;
    if spans {
        (phase.starts, phase.ends) = (Some(*starts), Some(*ends));
    }
    spans
}

fn cite_once(known: &mut Vec<Evidence>, evidence: Evidence) {
    if !known.contains(&evidence) {
        known.push(evidence);
    }
}

/// `2026-04-10: alarms connected (owner: Ann Bell)`
fn milestone(desk: &Desk<'_>, passage: &Passage<'_>) -> Milestone {
    let labelled = passage.label.as_ref().and_then(|label| days(&words(label)).into_iter().next());
    let day = labelled.or_else(|| days(&passage.words).into_iter().next()).map(|(_, date)| date);
    let (text, owner) = desk.owned(&passage.text);
    let status = progress::of_bracket(&passage.text);
    Milestone {
        id: Default::default(),
        milestone: text.to_owned(),
        phase: None,
        due_date: day,
        owner,
        status,
        completed_on: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}
