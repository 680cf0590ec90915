//! What is found, one fault each.

use serde_json::{Value, json};

use super::*;
use crate::registers::Registers;

fn plan(sections: Value, registers: Value) -> Plan {
    let mut plan = json!({ "plan": { "schema": 1, "version": 3, "account": "acme", "lifecycle": "develop",
        "status": "draft", "last_updated": "2026-01-15T10:00:00Z" } });
    if let (Some(plan), Value::Object(sections)) = (plan.as_object_mut(), sections) {
        plan.extend(sections);
    }
    let mut plan: Plan = serde_json::from_value(plan).unwrap();
    plan.registers = serde_json::from_value::<Registers>(registers).unwrap();
    plan
}

/// The findings of a plan as lines, each with its remedy.
fn check(sections: Value, registers: Value, expected: &[&str]) {
    let team =
        json!({ "people": [{ "id": "maria", "name": "Maria Lund" }, { "id": "ops", "name": "Otto Pohl" }] });
    let team: Team = serde_json::from_value(team).unwrap();
    let found = findings(&plan(sections, registers), &team);
    let told: Vec<_> = found.iter().map(|finding| format!("{finding} -> {}", finding.remedy)).collect();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.contains(expected), "{told}\nshould say {expected}");
    }
}

fn owned(name: &str, side: &str) -> Value {
    let item = json!({ "id": "oi-1", "item": "Access", "owner": { "name": name, "side": side } });
    json!({ "handoff": { "open_items": [item] } })
}

#[test]
fn an_owner_is_one_person() {
    for (name, side, expected) in [
        ("Anna and Ben", "customer", "two owners"),
        ("A / B", "customer", "two owners"),
        ("Anna Berg, Ben Ode", "partner", "two owners"),
        ("Platform team", "customer", "no person"),
        ("everyone", "ours", "no person"),
        ("IT", "customer", "no person"),
        ("TBD", "customer", "nobody"),
        ("Mara Lund", "ours", "did you mean 'Maria Lund'?"),
        ("maria lundt", "ours", "did you mean 'Maria Lund'?"),
        ("Otto", "ours", "did you mean 'Otto Pohl'?"),
        ("Zoe Quist", "ours", "add the person to team.yaml"),
    ] {
        check(owned(name, side), json!({}), &[expected]);
    }
    for (name, side) in [
        ("maria", "ours"),
        ("ops", "ours"),
        ("Ines Roy", "customer"),
        ("Roy, Ines", "customer"),
        ("Andor Sand", "customer"),
    ] {
        check(owned(name, side), json!({}), &[]);
    }
}

#[test]
fn links_lead_somewhere_and_back() {
    let sections = json!({
        "adoption_journey": { "milestones": [{ "id": "ms-1", "milestone": "Live", "phase": "ph-9", "status": "done" }] },
        "risks": { "risks": [{ "id": "rk-1", "risk": "Late", "register": "rr-1", "rating": "red" }, { "id": "rk-2", "risk": "Lost" }] }
    });
    let registers = json!({
        "risk_register": { "risks": [{ "id": "rr-1", "risk": "late" }] },
        "action_tracker": { "actions": [{ "id": "ac-1", "action": "Go", "milestone": "ms-9", "due": "no date said" }] },
        "decision_log": { "decisions": [{ "id": "dc-1", "decision": "So", "serves": ["bo-1"] }] },
        "briefing": { "reminders": [{ "id": "rm-1", "words": "Mind", "item": "ms-8" }] }
    });
    check(
        sections,
        registers,
        &[
            "ms-1: phase names ph-9",
            "rk-1: it names rr-1, which does not name it",
            "rk-1: rr-1 in risk_register.yaml says otherwise: risk, rating",
            "rk-2: it is not in risk_register.yaml",
            "dc-1: serves names bo-1",
            "rr-1: it is open and not in section 10",
            "ac-1: it carries ms-9",
            "rm-1: item names ms-8",
        ],
    );
}

#[test]
fn actions_and_decisions_say_what_they_must() {
    let registers = json!({
        "action_tracker": { "actions": [
            { "id": "ac-1", "action": "One" },
            { "id": "ac-2", "action": "Two", "due": "2026-05-04", "status": "done" },
            { "id": "ac-3", "action": "two ", "due": "no date said", "completed_on": "2026-05-04" },
            { "id": "ac-4", "action": "TWO", "due": "no date said" }] },
        "decision_log": { "decisions": [
            { "id": "dc-1", "decision": "A", "status": "superseded" },
            { "id": "dc-2", "decision": "B", "status": "superseded", "superseded_by": "dc-3" },
            { "id": "dc-3", "decision": "C", "status": "superseded", "superseded_by": "dc-2" }] }
    });
    check(
        json!({}),
        registers,
        &[
            "dc-1: it is superseded, and does not say by what",
            "dc-2: its successors lead back to it",
            "dc-3: its successors lead back to it",
            "ac-1: it has no due date",
            "ac-2: it is done, and no day",
            "ac-3: it has a day of completion",
            "ac-4: it says the same as ac-3",
        ],
    );
}

#[test]
fn sums_kept_by_hand_are_added_up() {
    let sections = json!({ "value_tracking": { "outcome_progress": [
        { "id": "op-1", "progress": "85 seats in total (40 sales, 25 support, 10 IT)" },
        { "id": "op-2", "progress": "40 + 45 = 85" }] } });
    check(sections, json!({}), &["op-1: it says 85, and 40 + 25 + 10 make 75"]);
}

#[test]
fn a_settled_plan_has_no_loose_links() {
    let sections = json!({
        "adoption_journey": { "milestones": [{ "id": "ms-1", "milestone": "Live" }] },
        "risks": { "risks": [{ "id": "rk-1", "risk": "Late" }] }
    });
    let settled = crate::registers::links::settle(
        None,
        plan(sections, json!({})),
        jiff::civil::date(2026, 1, 1),
        "a test",
    );
    assert_eq!(findings(&settled.plan, &Team::default()), []);
}
