//! Every task of every agent on one invented account, in the order in which an account lives through them: what each
//! drafts is a snapshot, rests on what it cites, and is not drafted twice.

use agents::draft::{Draft, Why};
use agents::drafter::{DraftTask, Errand, draft};
use agents::evidence::{Folds, Sources};
use infohub::event::OpportunityChanged;
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use infohub::occasion::Occasion;
use infohub::plan::SectionKey::{self, *};
use infohub::plan::{Plan, apply};
use jiff::civil::date;
use tools::material::{Library, Readers};

use super::hostile::Texts;
use super::{DEVELOP, FINALIZE, INITIATE, empty_plan, fill, sample_team, told, verify};

/// Each task with the sections that it may write.
pub(super) const TASKS: &[(&str, &[SectionKey])] = &[
    ("sa.initiate_csp", INITIATE),
    ("ae.update_commercial_context", &[Background, Stakeholders]),
    ("ve.quantify_outcomes", &[Background]),
    ("sa.develop_csp", DEVELOP),
    ("sa.finalize_csp", FINALIZE),
    ("sa.prepare_handoff", &[Handoff]),
    ("ca.accept_handoff", &[Handoff]),
    ("delivery.update_delivery", &[TechnicalActivities, AdoptionJourney, ProfessionalServices]),
    ("ca.update_risks", &[Risks]),
    ("ca.plan_next_phase", &[AdoptionJourney, Initiatives]),
    ("meeting_notes.extract_meeting", MEETING),
    ("ca.track_value", &[ValueTracking]),
    ("ve.track_value_evidence", &[ValueTracking]),
    (
        "ca.refresh_csp",
        &[AdoptionJourney, Initiatives, ValueTracking, Risks, CustomerJourney, VoiceOfCustomer, Briefing],
    ),
    ("nudger.write_reminder", &[Briefing]),
];
const MEETING: &[SectionKey] = &[DecisionLog, ActionTracker, Risks, Handoff, Stakeholders, AdoptionJourney];

/// The account's material in the order of its days; later tasks see more of it.
const FILES: &[(&str, &str)] = &[
    ("materials/discovery/2026-02-03.md", include_str!("oakfen/discovery.md")),
    ("materials/crm/account.yaml", include_str!("oakfen/crm.yaml")),
    ("materials/delivery/2026-03-02-rollout.md", include_str!("oakfen/rollout.md")),
    ("materials/delivery/2026-05-08-status.md", include_str!("oakfen/status.md")),
    ("materials/meetings/2026-05-12-weekly.vtt", include_str!("oakfen/meeting.vtt")),
    ("materials/usage/2026-05.csv", include_str!("oakfen/usage.csv")),
];

fn oakfen(files: usize) -> Library {
    let files = FILES.iter().take(files).map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Library::load(&Texts(files.collect()), &Readers::default()).unwrap()
}

fn facts() -> AccountFile {
    let mut facts = AccountFile::new(AccountSlug::new("oakfen").unwrap());
    let data: OpportunityChanged = serde_json::from_str(
        r#"{"account":{"name":"Oakfen Water","industry":"Utilities"},
            "opportunity":{"id":"006OAK1","name":"Oakfen burst detection","stage":"Stage 3","arr":180000,
                           "currency":"EUR","close_date":"2026-04-30"}}"#,
    )
    .unwrap();
    facts.opportunity_changed(&data, "2026-03-01T09:00:00Z".parse().unwrap());
    facts
}

/// What the task is about: the meeting, or nothing in particular.
fn occasion(errand: Errand) -> Occasion {
    let material = (errand == Errand::ExtractMeeting).then(|| FILES[4].0.to_owned());
    Occasion { material, ..Occasion::default() }
}

/// Drafts the task, checks the draft as the runtime does, and gives it with the plan that it leads to.
fn run(run: &str, sections: &[SectionKey], library: &Library, plan: &Plan) -> (Draft, Plan) {
    let errand = run.parse().unwrap();
    let today = Some(date(2026, 5, 29));
    let task = DraftTask { errand, sections, occasion: &occasion(errand), today, seed: run };
    let (facts, team, folds) = (facts(), sample_team(), Folds::default());
    let drafted = draft(&task, library, &facts, &team, plan);
    verify(&drafted.patch, library, &facts, plan);
    assert_eq!(drafted, draft(&task, library, &facts, &team, plan), "{run} is not the same twice");
    for (section, ..) in drafted.patch.upserts() {
        assert!(sections.contains(&section), "{run}: {section} is not the task's");
    }
    let sources = Sources { library, facts: &facts, folds: &folds };
    let draft = Draft::of(drafted.patch, plan, &sources);
    let lost: Vec<_> = draft.dropped.iter().filter(|dropped| dropped.why != Why::AlreadyThere).collect();
    assert!(lost.is_empty(), "{run}: {lost:?}");
    let after = apply(plan, &draft.patch).unwrap().0;
    (draft, after)
}

#[test]
fn every_task_drafts_what_the_account_says_and_only_once() {
    let mut plan = empty_plan("oakfen");
    for (nth, (name, sections)) in TASKS.iter().enumerate() {
        // Delivery and whoever comes after it have the status report, the meeting and what follows have all.
        let library = oakfen(if nth < 5 { 3 } else { FILES.len() });
        let (draft, after) = run(name, sections, &library, &plan);
        let warnings: String = draft.warnings.iter().map(|warning| format!("\n! {warning}")).collect();
        insta::assert_snapshot!(name.replace('.', "-"), format!("{}{warnings}", told(&draft.patch)));
        let (again, _) = run(name, sections, &library, &after);
        assert!(again.patch.is_empty(), "{name} again: {}", told(&again.patch));
        plan = after;
    }
}

#[test]
fn nothing_that_customers_see_names_the_deal() {
    let (draft, _) =
        run("ae.update_commercial_context", &[Background, Stakeholders], &oakfen(3), &empty_plan("oakfen"));
    let mut notes = 0;
    for (section, list, item) in draft.patch.upserts() {
        let view = item.customer_view().to_string();
        let is_note = list == "internal_notes";
        notes += usize::from(is_note);
        assert!(
            is_note || !["180000", "Stage 3", "Buyer", "48,000"].iter().any(|secret| view.contains(secret)),
            "{section}.{list}: {view}"
        );
    }
    assert!(notes >= 3, "{}", told(&draft.patch));
}

#[test]
fn a_deal_that_changes_is_noted_again_and_not_twice() {
    let library = oakfen(2);
    let sections = &[Background, Stakeholders];
    let (_, plan) = run("ae.update_commercial_context", sections, &library, &empty_plan("oakfen"));
    let mut facts = facts();
    let data: OpportunityChanged =
        serde_json::from_str(r#"{"opportunity":{"id":"006OAK1","stage":"Stage 4"}}"#).unwrap();
    facts.opportunity_changed(&data, "2026-04-01T09:00:00Z".parse().unwrap());
    let task = DraftTask { errand: Errand::CommercialContext, ..fill(sections) };
    let drafted = draft(&task, &library, &facts, &sample_team(), &plan);
    let (plan, diff) = apply(&plan, &drafted.patch).unwrap();
    let stages: Vec<_> =
        plan.background.internal_notes.iter().filter(|note| note.text.contains("Stage")).collect();
    assert_eq!(stages.len(), 1, "{diff:?}");
    assert_eq!(stages[0].text, "Oakfen burst detection: Stage Stage 4");
    assert_eq!(stages[0].evidence.len(), 1, "the old value stays cited: {:?}", stages[0].evidence);
}

/// A second meeting that says again what the first said completes it, and does not write it twice.
#[test]
fn what_two_meetings_say_is_one_entry_with_two_quotes() {
    let first = "# Weekly\n\n- ACTION: Tomas Eberlin to send the list of all pressure zones in the hills\n";
    let second = "# Weekly\n\n- ACTION: Tomas Eberlin to send the list of all pressure zones in the hills by 2026-05-29\n";
    let paths = ["materials/meetings/2026-05-12.md", "materials/meetings/2026-05-19.md"];
    let texts = [first, second].into_iter().zip(paths).map(|(text, path)| (path.to_owned(), text.to_owned()));
    let library = Library::load(&Texts(texts.collect()), &Readers::default()).unwrap();
    let facts = facts();
    let mut plan = empty_plan("oakfen");
    for path in paths.into_iter().chain(paths) {
        let occasion = Occasion { material: Some(path.to_owned()), ..Occasion::default() };
        let task =
            DraftTask { errand: Errand::ExtractMeeting, occasion: &occasion, seed: path, ..fill(MEETING) };
        let drafted = draft(&task, &library, &facts, &sample_team(), &plan);
        verify(&drafted.patch, &library, &facts, &plan);
        plan = apply(&plan, &drafted.patch).unwrap().0;
    }
    let actions = &plan.registers.action_tracker.actions;
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!(actions[0].evidence.len(), 2);
    assert_eq!(actions[0].due.and_then(|due| due.day()), Some(date(2026, 5, 29)));
    // Nobody knows on whose side he is, so he is asked about and owns nothing yet.
    assert_eq!(actions[0].owner, None);
    assert_eq!(plan.questions.iter().filter(|question| question.question.contains("Tomas")).count(), 1);
}

/// What the tasks could draft without any material is nothing but notes on the deal.
#[test]
fn an_account_without_material_gives_questions_and_no_items() {
    let facts = AccountFile::new(AccountSlug::new("oakfen").unwrap());
    let plan = empty_plan("oakfen");
    for (name, sections) in TASKS {
        let errand = name.parse().unwrap();
        let task = DraftTask { errand, ..fill(sections) };
        let drafted = draft(&task, &oakfen(0), &facts, &sample_team(), &plan);
        assert_eq!(
            drafted.patch.sections.changes().iter().map(|c| c.upserts().len()).sum::<usize>(),
            0,
            "{name}"
        );
        let speaks =
            !matches!(errand, Errand::CommercialContext | Errand::ExtractMeeting | Errand::WriteReminder);
        assert_eq!(!drafted.patch.questions.is_empty(), speaks, "{name}");
    }
}
