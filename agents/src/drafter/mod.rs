//! The extractive drafter: an agent's tasks done by rule, without a model.
//!
//! It takes what the material states outright, in the material's own words, cites each item, and asks about
//! the rest. It infers nothing: no sentiment, no likelihood, no date that is not written down. It must not
//! know storage, clock, prompts or models.
//!
//! ```text
//! Library ─► blocks (headings say what they are about) ─► passages (sentences) ─┐
//!                    └─ orders to software are left out       CRM facts, team ──┼─► one file a section ─► Patch
//!                                                                   plan so far ┘        what lacks ─► questions
//! ```
//!
//! Placement rests on headings first and on a few telling phrases second. A sentence that neither places
//! stays where it is: a question costs a person a minute, a wrong item costs trust.

mod adoption_journey;
mod ask;
mod background;
mod block;
mod cue;
mod current_state;
mod day;
mod desk;
mod figure;
mod fresh;
mod guard;
mod handoff;
pub mod meeting;
mod passage;
mod person;
mod quantity;
mod reading;
mod risks;
mod sentence;
mod shift;
mod stakeholders;
mod technical_activities;
mod technical_evaluation;
mod topic;
mod usage;
mod value_tracking;
mod words;

use std::collections::BTreeSet;

use infohub::evidence::Evidence;
use infohub::facts::AccountFile;
use infohub::plan::sections::Statement;
use infohub::plan::{Patch, Plan, SectionKey, SectionPatches};
use infohub::team::Team;
use tools::material::Library;

use desk::Desk;
use passage::Passage;
use reading::Reading;
use usage::Usage;

/// What is to be drafted.
#[derive(Debug, Clone)]
pub struct DraftTask<'a> {
    /// The sections that the task may write. Those of the customer architect are only asked about.
    pub sections: &'a [SectionKey],
    /// What the ids of new items are made from; the task's own id will do.
    pub seed: &'a str,
}

/// Drafts the task's sections from what the account has. The patch only adds, is tied to `plan`, and asks one
/// question for each gap that the plan would have with it.
pub fn draft(
    task: &DraftTask<'_>,
    library: &Library,
    facts: &AccountFile,
    team: &Team,
    plan: &Plan,
) -> Patch {
    let mut desk = desk(library, facts, team, plan);
    let tracks = task.sections.contains(&SectionKey::ValueTracking);
    let usage = if tracks { Usage::of(library) } else { Usage::default() };
    let mut patch = Patch { sections: sections(&desk, &usage, task.sections), ..Patch::default() };
    patch.tie_to(plan, task.seed);
    value_tracking::ask(&mut desk, &usage);
    ask::contradictions(&mut desk, task.sections);
    ask::placeholders(&mut desk, task.sections);
    ask::gaps(&mut desk, &patch, task.sections);
    patch.questions = desk.questions;
    patch
}

fn desk<'a>(library: &'a Library, facts: &'a AccountFile, team: &'a Team, plan: &'a Plan) -> Desk<'a> {
    let reading = Reading::of(library);
    let mut desk = Desk {
        reading,
        facts,
        team,
        plan,
        names: Vec::new(),
        people: BTreeSet::new(),
        questions: Vec::new(),
    };
    desk.names = desk.company_names();
    desk.people =
        stakeholders::mentions(&desk).into_iter().map(|(mention, _)| person::key(&mention.name)).collect();
    desk
}

fn sections(desk: &Desk<'_>, usage: &Usage<'_>, wanted: &[SectionKey]) -> SectionPatches {
    let mut patches = SectionPatches::default();
    for section in wanted {
        match section {
            SectionKey::Background => patches.background = Some(background::draft(desk)),
            SectionKey::Stakeholders => patches.stakeholders = Some(stakeholders::draft(desk)),
            SectionKey::CurrentState => patches.current_state = Some(current_state::draft(desk)),
            SectionKey::TechnicalActivities => {
                patches.technical_activities = Some(technical_activities::draft(desk));
            }
            SectionKey::TechnicalEvaluation => {
                patches.technical_evaluation = Some(technical_evaluation::draft(desk));
            }
            SectionKey::AdoptionJourney => patches.adoption_journey = Some(adoption_journey::draft(desk)),
            SectionKey::Handoff => patches.handoff = Some(handoff::draft(desk)),
            SectionKey::Risks => patches.risks = Some(risks::draft(desk)),
            SectionKey::ValueTracking => patches.value_tracking = Some(value_tracking::draft(desk, usage)),
            SectionKey::Initiatives
            | SectionKey::ProfessionalServices
            | SectionKey::CustomerJourney
            | SectionKey::VoiceOfCustomer
            | SectionKey::DecisionLog
            | SectionKey::RiskRegister
            | SectionKey::ActionTracker
            | SectionKey::Briefing => {}
        }
    }
    patches
}

/// A passage as a plain statement.
fn statement(passage: &Passage<'_>) -> Statement {
    stated(passage.full(), passage.cite())
}

fn stated(text: String, evidence: Evidence) -> Statement {
    Statement { id: Default::default(), text, evidence: vec![evidence], review: None }
}
