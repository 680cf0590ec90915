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
//!                                                                        plan with the patch ─► what is said about it
//! ```
//!
//! Placement rests on headings first and on a few telling phrases second. A sentence that neither places
//! stays where it is: a question costs a person a minute, a wrong item costs trust.

mod about_plan;
mod adoption_journey;
mod ask;
mod background;
mod block;
mod checklist;
mod commercial;
mod contacts;
mod cue;
mod current_state;
mod customer_journey;
mod day;
mod desk;
mod errand;
mod figure;
mod fresh;
mod guard;
mod handoff;
mod initiatives;
pub mod meeting;
mod minutes;
mod news;
mod outcomes;
mod passage;
mod person;
mod professional_services;
mod progress;
mod quantity;
mod reading;
mod reminders;
mod risks;
mod shift;
mod stakeholders;
mod talking_points;
mod technical_activities;
mod technical_evaluation;
mod topic;
mod usage;
mod value_tracking;
mod voice_of_customer;
mod words;

use std::collections::BTreeSet;

use infohub::evidence::Evidence;
use infohub::facts::AccountFile;
use infohub::occasion::Occasion;
use infohub::plan::sections::Statement;
use infohub::plan::sections::background::BackgroundPatch;
use infohub::plan::{Patch, Plan, SectionKey, SectionPatches, apply};
use infohub::registers::briefing::BriefingPatch;
use infohub::team::Team;
use jiff::civil::Date;
use tools::material::Library;

pub use errand::Errand;

use desk::Desk;
use passage::Passage;
use reading::Reading;
use usage::Usage;

/// What is to be drafted.
#[derive(Debug, Clone)]
pub struct DraftTask<'a> {
    /// What the task is sent for.
    pub errand: Errand,
    /// The sections that the task may write; what else the errand would bring is left out.
    pub sections: &'a [SectionKey],
    /// What it is about besides the account.
    pub occasion: &'a Occasion,
    /// The day on which it is drafted; without it nothing is called late.
    pub today: Option<Date>,
    /// What the ids of new items are made from; the task's own id will do.
    pub seed: &'a str,
}

/// What came of a task.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drafted {
    /// Items to add, known items with what is new of them, and questions; tied to the plan.
    pub patch: Patch,
    /// What of the material was not read, and why.
    pub left_out: Vec<String>,
}

/// Drafts a task from what the account has, and asks one question for each gap that the plan would have with it.
pub fn draft(
    task: &DraftTask<'_>,
    library: &Library,
    facts: &AccountFile,
    team: &Team,
    plan: &Plan,
) -> Drafted {
    let mut desk = desk(library, facts, team, plan);
    let mut patch = Patch { sections: from_material(&mut desk, task), ..Patch::default() };
    keep(&mut patch, task, plan);
    // What is said about the plan is said about the plan as it will be with this very draft.
    let after = with(plan, &patch);
    about_the_plan(task, &after, &mut patch.sections);
    keep(&mut patch, task, plan);
    ask_for_what_lacks(&mut desk, task, &with(plan, &patch));
    patch.questions = desk.questions;
    patch.questions.retain(|question| task.sections.contains(&question.section));
    Drafted { patch, left_out: desk.reading.left_out }
}

/// Leaves the task's own sections in the patch and ties it to the plan.
fn keep(patch: &mut Patch, task: &DraftTask<'_>, plan: &Plan) {
    patch.retain(|section, _, _| task.sections.contains(&section));
    patch.tie_to(plan, task.seed);
}

fn with(plan: &Plan, patch: &Patch) -> Plan {
    // The patch was made on this plan, so nothing in it can have changed under it.
    apply(plan, patch).map_or_else(|_| plan.clone(), |(plan, _)| plan)
}

fn desk<'a>(library: &'a Library, facts: &'a AccountFile, team: &'a Team, plan: &'a Plan) -> Desk<'a> {
    let mut desk = Desk {
        reading: Reading::of(library),
        library,
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

/// What the material and the CRM say for the errand.
fn from_material(desk: &mut Desk<'_>, task: &DraftTask<'_>) -> SectionPatches {
    let mut patches = SectionPatches::default();
    match task.errand {
        Errand::CommercialContext => {
            patches.background = Some(commercial::draft(desk));
            patches.stakeholders = Some(stakeholders::with_contacts(desk));
        }
        Errand::QuantifyOutcomes => {
            let outcomes = outcomes::quantified(desk);
            patches.background = Some(BackgroundPatch { outcomes, ..BackgroundPatch::default() });
        }
        Errand::PlanNextPhase => {
            fill(desk, task.sections, &mut patches);
            patches.initiatives = Some(initiatives::next_phase(desk));
        }
        Errand::ExtractMeeting => patches = minutes::draft(desk, task.occasion),
        Errand::WriteReminder => {}
        Errand::Fill
        | Errand::PrepareHandoff
        | Errand::AcceptHandoff
        | Errand::TrackValue
        | Errand::Refresh => fill(desk, task.sections, &mut patches),
    }
    patches
}

/// Fills sections with what the material states.
fn fill(desk: &Desk<'_>, wanted: &[SectionKey], patches: &mut SectionPatches) {
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
            SectionKey::Initiatives => patches.initiatives = Some(initiatives::draft(desk)),
            SectionKey::Handoff => patches.handoff = Some(handoff::draft(desk)),
            SectionKey::Risks => patches.risks = Some(risks::draft(desk)),
            SectionKey::ProfessionalServices => {
                patches.professional_services = Some(professional_services::draft(desk));
            }
            SectionKey::CustomerJourney => patches.customer_journey = Some(customer_journey::draft(desk)),
            SectionKey::VoiceOfCustomer => patches.voice_of_customer = Some(voice_of_customer::draft(desk)),
            SectionKey::ValueTracking => {
                patches.value_tracking = Some(value_tracking::draft(desk, &Usage::of(desk.library)));
            }
            // Registers are written by errands of their own, or kept by the runtime.
            SectionKey::DecisionLog
            | SectionKey::RiskRegister
            | SectionKey::ActionTracker
            | SectionKey::Briefing => {}
        }
    }
}

/// What the errand says about the plan itself.
fn about_the_plan(task: &DraftTask<'_>, after: &Plan, patches: &mut SectionPatches) {
    match task.errand {
        Errand::PrepareHandoff | Errand::AcceptHandoff => {
            patches.handoff.get_or_insert_default().checklist = checklist::draft(after);
        }
        Errand::Refresh => {
            let talking_points = talking_points::draft(after, task.today);
            patches.briefing = Some(BriefingPatch { talking_points, ..BriefingPatch::default() });
        }
        Errand::WriteReminder => {
            let reminders = reminders::draft(after, task.occasion.item.as_ref(), task.today);
            patches.briefing = Some(BriefingPatch { reminders, ..BriefingPatch::default() });
        }
        _ => {}
    }
}

fn ask_for_what_lacks(desk: &mut Desk<'_>, task: &DraftTask<'_>, after: &Plan) {
    if task.errand.asks_for_gaps() {
        if task.sections.contains(&SectionKey::ValueTracking) {
            value_tracking::ask(desk, &Usage::of(desk.library));
        }
        ask::contradictions(desk, task.sections);
        ask::placeholders(desk, task.sections);
        ask::gaps(desk, after, task.sections);
    }
    if matches!(task.errand, Errand::PrepareHandoff | Errand::AcceptHandoff) {
        ask::empty_lists(desk, after);
    }
    if task.errand == Errand::AcceptHandoff {
        ask::taking_over(desk, after, task.occasion);
    }
}

/// A passage as a plain statement.
fn statement(passage: &Passage<'_>) -> Statement {
    stated(passage.full(), passage.cite())
}

fn stated(text: String, evidence: Evidence) -> Statement {
    Statement { id: Default::default(), text, evidence: vec![evidence], review: None }
}
