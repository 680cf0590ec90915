//! Registers on the way of every input: drafts into them, edits of them, and files that do not read.

use infohub::hub::Edit;
use orchestrator::step::{Effect, Input};

use crate::office::{Office, now};

const COMPANY: &str = r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#;

/// With a first plan and a register that a person has begun.
fn office() -> Office {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    std::fs::write(
        office.path("action_tracker.yaml"),
        "# mine\naccount: acme\nactions:\n  - action: Book the room\n",
    )
    .unwrap();
    office
}

#[test]
fn an_edit_of_a_register_is_a_step_and_no_version() {
    let office = office();
    assert!(office.orchestrator.glance(&office.slug).unwrap().plan_touched);
    let taken = office.take(&Input::HandEdit);
    assert_eq!(taken.version, 1);
    let [Effect::PlanChanged { diff, .. }] = &taken.effects[..] else { panic!("{taken:?}") };
    assert_eq!(diff.changes.len(), 1);
    let glance = office.orchestrator.glance(&office.slug).unwrap();
    assert!(!glance.plan_touched);
    assert!(office.read("action_tracker.yaml").starts_with("# mine\naccount: acme\n"));
    assert!(office.take(&Input::HandEdit).record.is_none(), "once");
    office.assert_sound();
}

#[test]
fn an_event_takes_the_edit_in_first_and_a_broken_register_lets_events_in() {
    let office = office();
    let taken = office.event("e-2", "proposal.requested", "{}");
    assert!(matches!(taken.effects.first(), Some(Effect::PlanChanged { .. })), "{taken:?}");
    let good = office.read("action_tracker.yaml");
    std::fs::write(office.path("action_tracker.yaml"), good.replace("actions:", "acts:")).unwrap();
    assert!(office.event("e-3", "proposal.requested", "{}").record.is_some());
    let account = office.orchestrator.load(&office.slug).unwrap();
    assert!(matches!(&account.edit, Edit::Broken(files) if files.len() == 1), "{:?}", account.edit);
    let drafted = office.drafted(&office.pending()[0], COMPANY);
    office.orchestrator.take(&office.slug, &drafted, now()).unwrap_err();
    std::fs::write(office.path("action_tracker.yaml"), good).unwrap();
    let taken = office.take(&drafted);
    assert_eq!(taken.version, 2);
    assert_eq!(office.plan().registers.action_tracker.actions.len(), 1);
    office.assert_sound();
}
