//! What one meeting brought, found by rule and without a model: actions, decisions, risks, commitments, who came
//! and went, news of milestones. It must not know sections, registers or storage.
//!
//! ```text
//! Material ─► script (lines, sentences, who speaks, under which topic) ─┬─► ballots, spoken decisions
//!                 └─ orders to software are left out                     ├─► markers, promises, requests, assignments
//!             cast (who takes part, by which names) ────────────────────┴─► changes, risks, milestones ─► Findings
//! ```
//!
//! Each finding quotes the source word for word. What nobody said stays missing: an owner is somebody who spoke, was
//! asked and agreed, or is named; a day is one that the words and the meeting's date give.

mod action;
mod assignment;
mod ballot;
mod candidate;
mod cast;
mod change;
mod closing;
mod context;
mod cue;
mod decision;
mod due;
mod lexicon;
mod marker;
mod milestone;
mod promise;
mod quote;
mod reference;

mod risk;
mod script;
#[cfg(test)]
mod tests;
mod wording;

use infohub::evidence::Evidence;
use jiff::civil::Date;
use tools::material::Material;

use cast::Cast;
use script::Script;

pub use due::Due;

/// What a meeting brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is to be done.
    pub actions: Vec<FoundAction>,
    /// What was decided, or stands as a proposal.
    pub decisions: Vec<FoundDecision>,
    /// What may go wrong.
    pub risks: Vec<FoundRisk>,
    /// Who promised what to whom.
    pub commitments: Vec<FoundCommitment>,
    /// Who joined, left or does something else now.
    pub stakeholder_changes: Vec<FoundChange>,
    /// What happened to milestones.
    pub milestones: Vec<FoundMilestone>,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAction {
    /// What is to be done, with who does it in front where that was said.
    pub text: String,
    /// Who does it, as the meeting names the person.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Due>,
    /// What counts as done, where that was said.
    pub done_when: Option<String>,
    /// The words that it rests on.
    pub evidence: Evidence,
}

/// How far a decision is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Several agreed, or the record or the chair states it.
    Confirmed,
    /// Nobody confirmed it.
    Proposed,
}

/// Something decided or proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDecision {
    /// What was decided.
    pub text: String,
    /// Whether anybody confirmed it.
    pub standing: Standing,
    /// The words that it rests on.
    pub evidence: Evidence,
}

/// Something that may go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRisk {
    /// What may go wrong, as it was said.
    pub text: String,
    /// What is done about it, where that was said.
    pub mitigation: Option<String>,
    /// Who raised it.
    pub raised_by: Option<String>,
    /// The words that it rests on.
    pub evidence: Evidence,
}

/// A promise from one to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCommitment {
    /// What was promised.
    pub text: String,
    /// Who promised it.
    pub by: String,
    /// To whom; nobody in particular unless that was said.
    pub to: Option<String>,
    /// By when.
    pub due: Option<Due>,
    /// The words that it rests on.
    pub evidence: Evidence,
}

/// What became of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Is new.
    Joined,
    /// Is gone or goes.
    Left,
    /// Does something else: the role, as it was said.
    Role(String),
}

/// A person who joined, left or changed role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundChange {
    /// The name as it was said.
    pub person: String,
    /// What became of the person.
    pub change: Change,
    /// When, where that was said.
    pub when: Option<Due>,
    /// The words that it rests on.
    pub evidence: Evidence,
}

/// What happened to a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MilestoneNews {
    /// It is reached.
    Reached,
    /// It is now due then.
    Moved(Due),
    /// It will not happen.
    Cancelled,
}

/// News of a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMilestone {
    /// The milestone in the words of the meeting.
    pub name: String,
    /// What happened to it.
    pub news: MilestoneNews,
    /// The words that it rests on.
    pub evidence: Evidence,
}

/// Finds what the meeting brought. `held_on` is the day that relative dates count from, the material's own date where
/// it is not given; `known_people` are names beside those that the meeting itself gives.
pub fn find(text: &Material, held_on: Option<Date>, known_people: &[&str]) -> Findings {
    let script = Script::of(text);
    let cast = Cast::of(&script, known_people);
    let held_on = held_on.or(text.date);
    Findings {
        actions: action::actions(&script, &cast, held_on),
        decisions: decision::decisions(&script, &cast),
        risks: risk::risks(&script),
        commitments: promise::commitments(&script, &cast, held_on),
        stakeholder_changes: change::changes(&script, &cast, held_on),
        milestones: milestone::milestones(&script, held_on),
    }
}
