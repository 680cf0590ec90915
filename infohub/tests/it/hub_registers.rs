//! The registers in their files: written with the plan, waiting for it, and as older versions knew them.

use infohub::hub::{Edit, Register};
use serde_json::{Value, json};

use crate::hub_desk::{Desk, FIRST, actions};

#[test]
fn a_first_plan_brings_its_registers_and_empty_ones_get_no_file() {
    let desk = Desk::with_plan();
    insta::assert_snapshot!(desk.text("action_tracker.yaml"));
    assert!(desk.text("risk_register.yaml").contains("revision: 1\n"));
    assert!(!desk.store.snapshot().contains_key("infohub/acme/decision_log.yaml"));
    assert!(!desk.text("success_plan/csp.yaml").contains("The interface is late"));
    let account = desk.load();
    assert_eq!(actions(account.plan().unwrap()), ["Send the list of fields", "Book the room"]);
    desk.assert_sound();
}

#[test]
fn a_step_that_touches_only_registers_makes_no_version() {
    let desk = Desk::with_plan();
    let plan = desk.text("success_plan/csp.yaml");
    let risks = desk.text("risk_register.yaml");
    let id = desk.plan().registers.action_tracker.actions[0].id.clone();
    let patch = json!({ "sections": { "action_tracker": { "actions": { "upsert": [{ "id": id, "action": "Send the list of fields", "status": "done" }] } } } });
    assert_eq!(desk.draft(&patch.to_string()), (2, 1));
    assert_eq!(desk.text("success_plan/csp.yaml"), plan);
    assert_eq!(desk.text("risk_register.yaml"), risks);
    assert!(desk.text("action_tracker.yaml").contains("revision: 2\n"));
    desk.assert_sound();
    let other = r#"{"sections":{"background":{"context":{"upsert":[{"text":"Wants to grow"}]}}}}"#;
    assert_eq!(desk.draft(other), (3, 2));
    assert!(desk.text("action_tracker.yaml").contains("revision: 2\n"), "it was not touched");
    desk.assert_sound();
}

#[test]
fn registers_written_before_there_is_a_plan_wait_for_it() {
    let desk = Desk::new();
    desk.write("action_tracker.yaml", "# mine\naccount: acme\nactions:\n  - action: Call them\n");
    desk.write("decision_log.yaml", "account: acme\ndecisions:\n  - decision: Two regions\n");
    let account = desk.load();
    assert!(matches!(account.edit, Edit::None) && account.plan.is_none());
    assert_eq!(account.waiting, [Register::DecisionLog, Register::ActionTracker]);
    assert!(!desk.hub.glance::<Value>(&desk.slug, None).unwrap().plan_touched);
    assert_eq!(desk.hub.check_waiting(&desk.slug, Register::ActionTracker).unwrap(), 1);
    desk.draft(FIRST);
    assert!(desk.text("action_tracker.yaml").starts_with("# mine\n"), "nothing is written over it");
    desk.take_in();
    let plan = desk.plan();
    assert_eq!(actions(&plan), ["Send the list of fields", "Book the room", "Call them"]);
    assert_eq!(plan.registers.decision_log.decisions.len(), 1);
    assert!(desk.text("action_tracker.yaml").starts_with("# mine\n"));
    desk.assert_sound();
}

#[test]
fn records_from_before_there_were_registers_still_load() {
    let desk = Desk::new();
    desk.draft(r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#);
    let record = desk.text("success_plan/csp_journal/00000001.json");
    // A record without registers is byte for byte what it was before there were any.
    assert!(record.contains(r#""payload":{"files":{"plan":{"version":1,"hash":""#), "{record}");
    assert!(!record.contains("registers"), "{record}");
    let patch = r#"{"sections":{"briefing":{"reminders":{"upsert":[{"words":"The list is due"}]}}}}"#;
    assert_eq!(desk.draft(patch), (2, 1));
    assert!(
        desk.text("success_plan/csp_journal/00000002.json")
            .contains(r#""registers":{"briefing":{"record":2,"#)
    );
    desk.assert_sound();
}

#[test]
fn a_version_knows_the_registers_of_its_time() {
    let desk = Desk::with_plan();
    let action = |words: &str| {
        desk.draft(
            &json!({ "sections": { "action_tracker": { "actions": { "upsert": [{ "action": words }] } } } })
                .to_string(),
        )
    };
    let context = |words: &str| {
        desk.draft(
            &json!({ "sections": { "background": { "context": { "upsert": [{ "text": words }] } } } })
                .to_string(),
        )
    };
    action("three");
    context("version 2");
    action("four");
    action("five");
    context("version 3");
    action("six");
    let count = |version: u64| {
        let found = desk.hub.plan_version(&desk.slug, version).unwrap();
        found.map(|(plan, _)| plan.registers.action_tracker.actions.len())
    };
    assert_eq!([count(0), count(1), count(2), count(3), count(4)], [None, Some(3), Some(5), Some(6), None]);
}
