//! What one meeting brought, as entries of registers and plan. What the account knows already gets the new words as
//! further evidence and is not written twice; what nobody said stays missing or becomes a question. It must not know
//! how a meeting is read.

use infohub::occasion::Occasion;
use infohub::plan::sections::handoff::Commitment;
use infohub::plan::sections::risks::{Risk, RiskStatus, RisksPatch};
use infohub::plan::sections::stakeholders::{Stakeholder, StakeholdersPatch};
use infohub::plan::{ListChange, Owner, Progress, SectionKey, SectionPatches, Side};
use infohub::registers::action_tracker::{Action, ActionStatus, ActionTrackerPatch, Due};
use infohub::registers::decision_log::{Decision, DecisionLogPatch, DecisionStatus};
use jiff::civil::Date;
use tools::material::Material;

use super::desk::Desk;
use super::fresh::merged;
use super::guard;
use super::meeting::{
    Change, Findings, FoundAction, FoundChange, FoundCommitment, FoundDecision, FoundMilestone, FoundRisk,
    MilestoneNews, Standing, find,
};
use super::news::names;
use super::person;
use super::words::{content, words};

/// So many entries a register holds at most before people have to clear it.
const MOST: usize = 2_000;
/// So many entries the plan's own lists hold at most.
const MOST_IN_PLAN: usize = 60;
/// Where meetings lie, for a task that names none.
const MEETINGS: &str = "materials/meetings/";

/// Drafts from the meeting that the task is about, or from the newest; nothing where there is none.
pub(super) fn draft(desk: &mut Desk<'_>, occasion: &Occasion) -> SectionPatches {
    let Some(material) = meeting(desk, occasion.material.as_deref()) else {
        return SectionPatches::default();
    };
    let held_on = occasion.day.filter(|_| occasion.material.is_some()).or(material.date);
    let team = desk.team.people.iter().map(|person| person.name.as_str());
    let known = desk.plan.stakeholders.people.iter().map(|person| person.name.as_str());
    let people: Vec<&str> = team.chain(known).collect();
    let found = find(material, held_on, &people);
    let minutes = Minutes { source: &material.path, held_on };
    ask_about(desk, &found);
    minutes.patches(desk, &found)
}

/// The named material if the account has it; where none is named, the newest below the meetings' folder.
fn meeting<'a>(desk: &Desk<'a>, named: Option<&str>) -> Option<&'a Material> {
    let library = desk.library;
    match named {
        Some(path) => library.get(path),
        None => {
            let meetings = library.materials().filter(|material| material.path.starts_with(MEETINGS));
            meetings.max_by_key(|material| (material.date, &material.path))
        }
    }
}

/// Where and when the meeting was.
struct Minutes<'m> {
    source: &'m str,
    held_on: Option<Date>,
}

impl Minutes<'_> {
    fn patches(&self, desk: &Desk<'_>, found: &Findings) -> SectionPatches {
        let plan = desk.plan;
        let actions = found.actions.iter().map(|action| self.action(desk, action));
        let decisions = found.decisions.iter().map(|decision| self.decision(decision));
        let commitments = found.commitments.iter().map(|promise| self.commitment(promise));
        let mut patches = SectionPatches {
            action_tracker: Some(ActionTrackerPatch {
                actions: merged(&plan.registers.action_tracker.actions, actions, MOST, complete_action),
            }),
            decision_log: Some(DecisionLogPatch {
                decisions: merged(&plan.registers.decision_log.decisions, decisions, MOST, confirm),
            }),
            risks: Some(RisksPatch {
                risks: merged(&plan.risks.risks, found.risks.iter().map(risk), MOST_IN_PLAN, mitigate),
            }),
            stakeholders: Some(StakeholdersPatch { people: people(desk, &found.stakeholder_changes) }),
            ..SectionPatches::default()
        };
        let handoff = patches.handoff.get_or_insert_default();
        handoff.commitments =
            merged(&plan.handoff.commitments, commitments, MOST_IN_PLAN, complete_commitment);
        let journey = patches.adoption_journey.get_or_insert_default();
        for news in &found.milestones {
            let known = plan.adoption_journey.milestones.iter();
            if let Some(known) = known.clone().find(|known| is_about(news, &known.milestone)) {
                let mut milestone = known.clone();
                match &news.news {
                    MilestoneNews::Reached => milestone.status = Some(Progress::Done),
                    MilestoneNews::Cancelled => milestone.status = Some(Progress::Cancelled),
                    MilestoneNews::Moved(due) => milestone.due_date = due.day.or(milestone.due_date),
                }
                if milestone != *known {
                    milestone.evidence.push(news.evidence.clone());
                    journey.milestones.upsert.push(milestone);
                }
            }
        }
        patches
    }

    fn action(&self, desk: &Desk<'_>, found: &FoundAction) -> Action {
        let (due, due_said) = match &found.due {
            None => (Some(Due::UNSAID), None),
            // Words that mean no day leave the day open: something was said all the same.
            Some(due) => (due.day.map(Due::On), Some(due.said.clone())),
        };
        Action {
            id: Default::default(),
            action: found.text.clone(),
            owner: found.owner.as_deref().and_then(|name| owner(desk, name)),
            due,
            due_said,
            done_when: found.done_when.clone(),
            status: Some(ActionStatus::Open),
            completed_on: None,
            milestone: None,
            source: Some(self.source.to_owned()),
            evidence: vec![found.evidence.clone()],
            review: None,
        }
    }

    fn decision(&self, found: &FoundDecision) -> Decision {
        let is_confirmed = found.standing == Standing::Confirmed;
        Decision {
            id: Default::default(),
            decision: found.text.clone(),
            status: Some(if is_confirmed { DecisionStatus::Confirmed } else { DecisionStatus::Proposed }),
            kind: None,
            decided_on: self.held_on.filter(|_| is_confirmed),
            decided_by: Vec::new(),
            reason: None,
            serves: Vec::new(),
            plan_version: None,
            superseded_by: None,
            evidence: vec![found.evidence.clone()],
            review: None,
        }
    }

    fn commitment(&self, found: &FoundCommitment) -> Commitment {
        Commitment {
            id: Default::default(),
            commitment: found.text.clone(),
            by: Some(found.by.clone()),
            to: found.to.clone(),
            made_on: self.held_on,
            // A person answers to it.
            status: None,
            renegotiated_to: None,
            evidence: vec![found.evidence.clone()],
            review: None,
        }
    }
}

fn risk(found: &FoundRisk) -> Risk {
    // Customers see mitigations.
    let mitigation = found.mitigation.clone().filter(|text| !guard::is_commercial(&words(text)));
    Risk {
        id: Default::default(),
        risk: found.text.clone(),
        rating: None,
        likelihood: None,
        impact: None,
        mitigation,
        owner: None,
        status: Some(RiskStatus::Open),
        register: None,
        evidence: vec![found.evidence.clone()],
        review: None,
    }
}

/// A later meeting may say who does it and by when, where the earlier one did not.
fn complete_action(known: &mut Action, new: &Action) {
    known.owner = known.owner.take().or_else(|| new.owner.clone());
    if known.due.is_none_or(|due| due.day().is_none()) && new.due_said.is_some() {
        known.due = new.due;
        known.due_said.clone_from(&new.due_said);
    }
    known.done_when = known.done_when.take().or_else(|| new.done_when.clone());
}

/// A proposal that a later meeting confirms is a decision of that day.
fn confirm(known: &mut Decision, new: &Decision) {
    let open = matches!(known.status, None | Some(DecisionStatus::Proposed));
    if open && new.status == Some(DecisionStatus::Confirmed) {
        known.status = new.status;
        known.decided_on = new.decided_on;
    }
}

fn mitigate(known: &mut Risk, new: &Risk) {
    known.mitigation = known.mitigation.take().or_else(|| new.mitigation.clone());
}

fn complete_commitment(known: &mut Commitment, new: &Commitment) {
    known.by = known.by.take().or_else(|| new.by.clone());
    known.to = known.to.take().or_else(|| new.to.clone());
}

/// Known people with what became of them, and those who are new and whose role was said.
fn people(desk: &Desk<'_>, changes: &[FoundChange]) -> ListChange<Stakeholder> {
    let mut upsert: Vec<Stakeholder> = Vec::new();
    for found in changes {
        let drafted = upsert.iter().any(|person| is_called(&person.name, &found.person));
        let known =
            desk.plan.stakeholders.people.iter().find(|person| is_called(&person.name, &found.person));
        let new = match known {
            _ if drafted => None,
            Some(known) => changed(known, found),
            None => joined(desk, found),
        };
        upsert.extend(new);
    }
    ListChange { upsert, remove: Vec::new() }
}

fn changed(known: &Stakeholder, found: &FoundChange) -> Option<Stakeholder> {
    let mut person = known.clone();
    match &found.change {
        Change::Role(role) => person.role = Some(role.clone()),
        Change::Left => {
            let when = found.when.as_ref().map(|when| format!(" {}", when.said)).unwrap_or_default();
            let note = format!("Leaves or has left{when}");
            person.notes = match person.notes.take() {
                Some(notes) if notes.contains(&note) => Some(notes),
                Some(notes) => Some(format!("{notes}; {note}")),
                None => Some(note),
            };
        }
        Change::Joined => {}
    }
    (person != *known).then(|| {
        person.evidence.push(found.evidence.clone());
        person
    })
}

fn joined(desk: &Desk<'_>, found: &FoundChange) -> Option<Stakeholder> {
    // One word is not a name by which a plan could know somebody.
    let mention = person::listed(&found.person).into_iter().next()?;
    let role = match &found.change {
        Change::Role(role) => Some(role.clone()),
        Change::Joined => None,
        Change::Left => return None,
    };
    Some(Stakeholder {
        id: Default::default(),
        side: desk.colleague(&mention.name).map(|_| Side::Ours),
        name: mention.name,
        role,
        priorities: None,
        cadence: None,
        stance: None,
        influence: None,
        notes: None,
        evidence: vec![found.evidence.clone()],
        review: None,
    })
}

/// The person as an owner, if team or plan know the name and whose side it is on.
fn owner(desk: &Desk<'_>, said: &str) -> Option<Owner> {
    let ours = desk.team.people.iter().map(|person| (person.name.as_str(), Side::Ours));
    let theirs =
        desk.plan.stakeholders.people.iter().filter_map(|person| Some((person.name.as_str(), person.side?)));
    let mut called: Vec<(&str, Side)> = Vec::new();
    for (name, side) in ours.chain(theirs).filter(|(name, _)| is_called(name, said)) {
        if !called.iter().any(|(known, _)| person::key(known) == person::key(name)) {
            called.push((name, side));
        }
    }
    // Two people of one first name are nobody in particular.
    match called.as_slice() {
        [(name, side)] => Some(Owner { name: (*name).to_owned(), side: *side }),
        _ => None,
    }
}

/// Whether somebody of this name may be meant by what was said: the name, or its first word.
fn is_called(name: &str, said: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or_default();
    person::key(name) == person::key(said) || first.eq_ignore_ascii_case(said.trim())
}

fn is_about(news: &FoundMilestone, milestone: &str) -> bool {
    names(&content(&news.name), &content(milestone))
}

/// Asks about people whom nobody knows, days that cannot be told, and milestones that the plan does not have.
fn ask_about(desk: &mut Desk<'_>, found: &Findings) {
    let mut strangers: Vec<String> = Vec::new();
    for action in &found.actions {
        if let Some(said) = &action.owner
            && owner(desk, said).is_none()
            && !strangers.contains(said)
        {
            strangers.push(said.clone());
        }
    }
    for said in strangers {
        let question = format!("Who is \"{said}\", who has work to do after the meeting, and on whose side?");
        desk.ask(SectionKey::ActionTracker, question);
    }
    for action in &found.actions {
        if let Some(due) = action.due.as_ref().filter(|due| due.day.is_none()) {
            let question = format!("Which day is \"{}\", by which this is due: {}?", due.said, action.text);
            desk.ask(SectionKey::ActionTracker, question);
        }
    }
    for news in &found.milestones {
        let known =
            desk.plan.adoption_journey.milestones.iter().any(|known| is_about(news, &known.milestone));
        if !known {
            let question =
                format!("Which milestone is meant by \"{}\", of which the meeting has news?", news.name);
            desk.ask(SectionKey::AdoptionJourney, question);
        }
    }
}
