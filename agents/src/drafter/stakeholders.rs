//! Section 2 from the material: the people on both sides, with the title and the words that the material
//! gives them. What they feel is nobody's business here: stance and influence are never drafted.

use std::rc::Rc;

use infohub::evidence::Evidence;
use infohub::plan::sections::stakeholders::{Stakeholder, StakeholdersPatch};
use infohub::plan::{ListChange, Role, Side};
use tools::material::Format;

use super::block::{Block, Kind};
use super::contacts::{Contact, contacts};
use super::desk::Desk;
use super::passage::Passage;
use super::person::{self, Mention};
use super::topic::Topic;
use super::words::{has, words};
use crate::sentence::{labelled, without_mark};

/// So many people a plan names at most.
const MOST: usize = 16;
/// So many mentions of people are looked at; an account's material names the same few again and again.
const MOST_MENTIONS: usize = 2_000;
/// Words with which people say what they care about.
const CARES: &[&str] = &["cares about", "wants", "needs", "priority*", "hopes"];

pub(super) fn draft(desk: &Desk<'_>) -> StakeholdersPatch {
    let mut found: Vec<Stakeholder> = Vec::new();
    for (mention, evidence) in mentions(desk) {
        let Some(side) = desk.side_of(&mention) else { continue };
        let key = person::key(&mention.name);
        match found.iter_mut().find(|known| person::key(&known.name) == key) {
            Some(known) => complete(known, mention, evidence),
            None => found.push(stakeholder(desk, mention, side, evidence)),
        }
    }
    let known = |name: &str| {
        desk.plan.stakeholders.people.iter().any(|known| person::key(&known.name) == person::key(name))
    };
    found.retain(|person| !known(&person.name));
    found.truncate(MOST.saturating_sub(desk.plan.stakeholders.people.len()));
    StakeholdersPatch { people: ListChange { upsert: found, remove: Vec::new() } }
}

fn stakeholder(desk: &Desk<'_>, mention: Mention, side: Side, evidence: Evidence) -> Stakeholder {
    let colleague = desk.colleague(&mention.name);
    // What our people are is in our own team file; what a note calls them is an abbreviation.
    let role = colleague.and_then(|person| person.roles.first()).map(|role| title(*role)).or(mention.title);
    let (priorities, notes) = cares(mention.rest.as_deref());
    Stakeholder {
        id: Default::default(),
        name: mention.name,
        side: Some(side),
        role,
        priorities,
        cadence: None,
        stance: None,
        influence: None,
        notes,
        evidence: vec![evidence],
        review: None,
    }
}

/// A later mention adds what the earlier ones left open.
fn complete(known: &mut Stakeholder, mention: Mention, evidence: Evidence) {
    let (priorities, notes) = cares(mention.rest.as_deref());
    let adds_role = known.role.is_none() && mention.title.is_some();
    let adds = adds_role
        || (known.priorities.is_none() && priorities.is_some())
        || (known.notes.is_none() && notes.is_some());
    known.role = known.role.take().or(mention.title);
    known.priorities = known.priorities.take().or(priorities);
    known.notes = known.notes.take().or(notes);
    if adds {
        known.evidence.push(evidence);
    }
}

/// What an entry says that the person cares about; anything else that it says is an internal note.
fn cares(rest: Option<&str>) -> (Option<String>, Option<String>) {
    let parts = rest.unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty());
    let (priorities, notes): (Vec<&str>, Vec<&str>) = parts.partition(|part| has(&words(part), CARES));
    let joined = |parts: Vec<&str>| (!parts.is_empty()).then(|| parts.join("; "));
    (joined(priorities), joined(notes))
}

/// The people of section 2 with those whom the CRM's record names, known people completed by what it adds.
pub(super) fn with_contacts(desk: &Desk<'_>) -> StakeholdersPatch {
    let mut patch = draft(desk);
    let known = &desk.plan.stakeholders.people;
    for contact in contacts(desk.library) {
        let key = person::key(&contact.name);
        if let Some(found) = patch.people.upsert.iter_mut().find(|person| person::key(&person.name) == key) {
            add(found, contact);
        } else if let Some(old) = known.iter().find(|person| person::key(&person.name) == key) {
            let mut person = old.clone();
            add(&mut person, contact);
            if person != *old {
                patch.people.upsert.push(person);
            }
        } else if known.len() + patch.people.upsert.len() < MOST {
            let mention = Mention { name: contact.name.clone(), title: None, organisation: None, rest: None };
            let side = desk.side_of(&mention).unwrap_or(Side::Customer);
            let mut person = stakeholder(desk, mention, side, contact.evidence[0].clone());
            add(&mut person, contact);
            patch.people.upsert.push(person);
        }
    }
    patch
}

/// Adds what the CRM's record says and nobody else has said; the part in the deal is for us alone.
fn add(person: &mut Stakeholder, contact: Contact) {
    let note = contact.part.map(|part| format!("Part in the deal: {part}"));
    let adds =
        (person.role.is_none() && contact.title.is_some()) || (person.notes.is_none() && note.is_some());
    if adds {
        person.role = person.role.take().or(contact.title);
        person.notes = person.notes.take().or(note);
        let new: Vec<_> =
            contact.evidence.into_iter().filter(|cited| !person.evidence.contains(cited)).collect();
        person.evidence.extend(new);
    }
}

/// Everybody who is named; those first of whom most is said.
pub(super) fn mentions(desk: &Desk<'_>) -> Vec<(Mention, Evidence)> {
    let blocks = || desk.reading.blocks.iter();
    let entries = blocks()
        .filter(|block| is_entry(block))
        .filter_map(|block| Some((person::entry(without_mark(&block.text))?, block.cite())));
    let attendees = blocks().filter(|block| block.kind == Kind::Meta).flat_map(attending);
    let provable = || desk.reading.passages.iter().filter(|passage| passage.is_provable());
    let speakers = provable().filter_map(speaking);
    let attributed = provable().flat_map(|passage| {
        let named = |mention| (mention, passage.cite());
        person::attributed(&passage.raw).into_iter().map(named).collect::<Vec<_>>()
    });
    entries.chain(attendees).chain(attributed).chain(speakers).take(MOST_MENTIONS).collect()
}

fn is_entry(block: &Block<'_>) -> bool {
    block.kind == Kind::Item && block.topics.contains(&Topic::People) && block.proves(&block.text)
}

fn attending(block: &Rc<Block<'_>>) -> Vec<(Mention, Evidence)> {
    let Some((label, list)) = labelled(without_mark(&block.text)) else { return Vec::new() };
    if !["attendees", "present", "participants", "from", "to", "cc"].contains(&label.to_lowercase().as_str())
    {
        return Vec::new();
    }
    person::listed(list).into_iter().map(|mention| (mention, block.cite())).collect()
}

/// Only transcripts name their speakers for certain, and in the very lines that are cited.
fn speaking(passage: &Passage<'_>) -> Option<(Mention, Evidence)> {
    let speaker = passage.block.speaker.filter(|_| passage.block.format == Format::WebVtt)?;
    Some((person::listed(speaker).into_iter().next()?, passage.cite()))
}

/// What our people are called in front of customers.
fn title(role: Role) -> String {
    match role {
        Role::Sa => "Solution architect",
        Role::Ae => "Account executive",
        Role::Ca => "Customer architect",
        Role::Delivery => "Delivery lead",
        Role::Ve => "Value engineer",
        Role::SaManager => "Manager of the solution architects",
        Role::CaManager => "Manager of the customer architects",
    }
    .to_owned()
}
