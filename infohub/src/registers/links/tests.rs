//! The rules of keeping in step, one small story each.

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::plan::sections::risks::RiskStatus;
use crate::plan::{Progress, Status};
use crate::registers::Registers;
use crate::registers::action_tracker::{ActionStatus, Due};

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

fn first(plan: Plan) -> Settled {
    settle(None, plan, date(2026, 1, 16), "the first draft")
}

/// Settles a plan, changes it, and settles the change.
fn after(plan: Plan, change: impl FnOnce(&mut Plan)) -> Settled {
    let before = first(plan).plan;
    let mut edited = before.clone();
    change(&mut edited);
    settle(Some(&before), edited, date(2026, 2, 1), "a test")
}

fn risk() -> Plan {
    plan(
        json!({ "risks": { "risks": [{ "id": "rk-1", "risk": "The export is late", "rating": "red" }] } }),
        json!({}),
    )
}

fn milestone() -> Plan {
    let item = json!({ "id": "ms-1", "milestone": "Live in Lyon", "due_date": "2026-05-04",
        "owner": { "name": "Ines", "side": "customer" } });
    plan(json!({ "adoption_journey": { "milestones": [item] } }), json!({}))
}

#[test]
fn a_risk_of_the_plan_is_registered() {
    let settled = first(risk());
    let [entry] = &settled.plan.registers.risk_register.risks[..] else { panic!("{settled:?}") };
    assert_eq!(entry.plan_risk.as_ref().map(ItemId::as_str), Some("rk-1"));
    assert_eq!(settled.plan.risks.risks[0].register.as_ref(), Some(&entry.id));
    assert_eq!((entry.risk.as_str(), entry.raised_on), ("The export is late", Some(date(2026, 1, 16))));
    assert_eq!(entry.history[0].cause, "the first draft");
    assert_eq!(settled.followed.len(), 1, "{:?}", settled.followed);
}

#[test]
fn a_registered_risk_enters_the_plan_with_its_mark() {
    let entry = json!({ "id": "rr-1", "risk": "Nobody owns the data", "mitigation": "Name one", "review": "drafted" });
    let settled = first(plan(json!({}), json!({ "risk_register": { "risks": [entry] } })));
    let [risk] = &settled.plan.risks.risks[..] else { panic!("{settled:?}") };
    assert_eq!(risk.mitigation.as_deref(), Some("Name one"));
    assert!(risk.review.is_some());
    let mut accepted = settled.plan.clone();
    accepted.registers.risk_register.risks[0].review = None;
    let settled = settle(Some(&settled.plan), accepted, date(2026, 2, 1), "Maria accepted");
    assert_eq!(settled.plan.risks.risks[0].review, None);
    assert_eq!(settled.plan.registers.risk_register.risks[0].history[1].change, "accepted");
}

#[test]
fn the_same_risk_on_both_sides_is_one() {
    let entry = json!({ "id": "rr-1", "risk": "the export  is late", "impact": "high" });
    let mut both = risk();
    both.registers.risk_register = serde_json::from_value(json!({ "risks": [entry] })).unwrap();
    let settled = first(both);
    assert_eq!((settled.plan.risks.risks.len(), settled.plan.registers.risk_register.risks.len()), (1, 1));
    assert_eq!(settled.plan.risks.risks[0].impact, settled.plan.registers.risk_register.risks[0].impact);
    assert!(settled.questions[0].question.contains("Which is right?"), "{:?}", settled.questions);
}

#[test]
fn a_field_goes_to_the_other_side_with_its_history() {
    let settled = after(risk(), |plan| {
        plan.registers.risk_register.risks[0].mitigation = Some("Weekly call".to_owned());
    });
    assert_eq!(settled.plan.risks.risks[0].mitigation.as_deref(), Some("Weekly call"));
    let history = &settled.plan.registers.risk_register.risks[0].history;
    assert_eq!(history[1].change, "mitigation from nothing to \"Weekly call\"");
    assert_eq!((history[1].on, history[1].cause.as_str()), (date(2026, 2, 1), "a test"));
}

#[test]
fn of_two_words_the_plans_stands_and_both_are_told() {
    let settled = after(risk(), |plan| {
        plan.risks.risks[0].mitigation = Some("Weekly call".to_owned());
        plan.registers.risk_register.risks[0].mitigation = Some("Second supplier".to_owned());
    });
    let entry = &settled.plan.registers.risk_register.risks[0];
    assert_eq!(entry.mitigation.as_deref(), Some("Weekly call"));
    let [question] = &settled.plan.questions[..] else { panic!("{settled:?}") };
    assert!(question.question.contains("Weekly call") && question.question.contains("Second supplier"));
    assert_eq!(settled.questions.len(), 1);
}

#[test]
fn the_register_does_not_forget() {
    let settled = after(risk(), |plan| plan.risks.risks.clear());
    let entry = &settled.plan.registers.risk_register.risks[0];
    assert_eq!((entry.status, &entry.plan_risk), (Some(RiskStatus::Closed), &None));
    assert!(entry.history[1].change.contains("taken out of section 10"), "{:?}", entry.history);

    let settled = after(risk(), |plan| plan.registers.risk_register.risks.clear());
    assert_eq!(settled.plan.risks.risks[0].status, Some(RiskStatus::Closed));
    assert_eq!(settled.plan.registers.risk_register.risks[0].status, Some(RiskStatus::Closed));
    assert_eq!(settled.plan.registers.risk_register.risks[0].history.len(), 2);

    let settled = after(risk(), |plan| plan.registers.risk_register.risks[0].history.clear());
    assert_eq!(settled.plan.registers.risk_register.risks[0].history.len(), 1);
}

#[test]
fn a_rejected_draft_leaves_nothing() {
    let mut drafted = risk();
    drafted.risks.risks[0].review = Some(crate::plan::Review::Drafted);
    let settled = after(drafted, |plan| plan.risks.risks.clear());
    assert!(settled.plan.registers.risk_register.risks.is_empty(), "{settled:?}");

    let mut drafted = milestone();
    drafted.adoption_journey.milestones[0].review = Some(crate::plan::Review::Drafted);
    let settled = after(drafted, |plan| plan.adoption_journey.milestones.clear());
    assert!(settled.plan.registers.action_tracker.actions.is_empty(), "{settled:?}");
}

#[test]
fn a_draft_cannot_take_hold_of_what_is_accepted() {
    let mut closed = first(risk()).plan;
    closed.risks.risks.clear();
    let closed = settle(Some(&first(risk()).plan), closed, date(2026, 2, 1), "closed").plan;
    let mut edited = closed.clone();
    let entry = edited.registers.risk_register.risks[0].id.clone();
    let risk = json!({ "id": "rk-9", "risk": "The export is late", "register": entry, "review": "drafted" });
    edited.risks.risks.push(serde_json::from_value(risk).unwrap());
    let settled = settle(Some(&closed), edited, date(2026, 3, 1), "an agent");
    assert_eq!(settled.plan.registers.risk_register.risks[0], closed.registers.risk_register.risks[0]);
    assert_eq!(settled.plan.registers.risk_register.risks.len(), 2);
}

#[test]
fn a_milestone_has_an_action_and_they_move_together() {
    let settled = first(milestone());
    let [action] = &settled.plan.registers.action_tracker.actions[..] else { panic!("{settled:?}") };
    assert_eq!((action.action.as_str(), action.due), ("Live in Lyon", Some(Due::On(date(2026, 5, 4)))));

    let settled = after(milestone(), |plan| {
        let action = &mut plan.registers.action_tracker.actions[0];
        (action.status, action.completed_on) = (Some(ActionStatus::Done), Some(date(2026, 5, 2)));
        action.action = "Send the cut-over list".to_owned();
    });
    let milestone_now = &settled.plan.adoption_journey.milestones[0];
    assert_eq!(milestone_now.status, Some(Progress::Done));
    assert_eq!(milestone_now.completed_on, Some(date(2026, 5, 2)));
    assert_eq!(milestone_now.milestone, "Live in Lyon");

    let settled = after(milestone(), |plan| {
        let action = &mut plan.registers.action_tracker.actions[0];
        action.due_said = Some("first Monday in May".to_owned());
        let item = &mut plan.adoption_journey.milestones[0];
        (item.due_date, item.milestone) = (None, "Live in Lyon and Metz".to_owned());
    });
    let action = &settled.plan.registers.action_tracker.actions[0];
    assert_eq!((action.due, action.action.as_str()), (Some(Due::UNSAID), "Live in Lyon and Metz"));
    assert_eq!(action.due_said, None);
}

#[test]
fn an_action_without_its_milestone_is_cancelled_and_not_the_other_way_round() {
    let settled = after(milestone(), |plan| plan.adoption_journey.milestones.clear());
    let action = &settled.plan.registers.action_tracker.actions[0];
    assert_eq!((action.status, &action.milestone), (Some(ActionStatus::Cancelled), &None));

    let settled = after(milestone(), |plan| plan.registers.action_tracker.actions.clear());
    assert_eq!(settled.plan.registers.action_tracker.actions.len(), 1);
    assert_eq!(settled.plan.registers.action_tracker.actions[0].status, Some(ActionStatus::Open));
    assert!(settled.followed[0].why.contains("cancel one of the two"), "{:?}", settled.followed);
}

#[test]
fn done_milestones_get_no_action() {
    let mut done = milestone();
    done.adoption_journey.milestones[0].status = Some(Progress::Done);
    let settled = first(done.clone());
    assert!(settled.plan.registers.action_tracker.actions.is_empty());
    let settled = after(done, |plan| plan.adoption_journey.milestones[0].status = None);
    assert_eq!(settled.plan.registers.action_tracker.actions.len(), 1);
}

#[test]
fn decisions_serve_what_is_there() {
    let registers = json!({ "decision_log": { "decisions": [
        { "id": "dc-1", "decision": "Host in Frankfurt", "serves": ["bo-1", "bo-1", "bo-2"] },
        { "id": "dc-2", "decision": "Host in Paris", "superseded_by": "dc-1" },
        { "id": "dc-3", "decision": "Host at home", "status": "superseded" },
        { "id": "dc-4", "decision": "Host nowhere", "superseded_by": "dc-4" }] } });
    let sections = json!({ "background": { "outcomes": [
        { "id": "bo-1", "outcome": "Halve lead time" }, { "id": "bo-2", "outcome": "Fewer returns" }] } });
    let settled = after(plan(sections, registers), |plan| {
        plan.background.outcomes.pop();
    });
    let [one, two, _, four] = &settled.plan.registers.decision_log.decisions[..] else {
        panic!("{settled:?}")
    };
    assert_eq!(one.serves.iter().map(ItemId::as_str).collect::<Vec<_>>(), ["bo-1"]);
    assert_eq!(one.plan_version, Some(3));
    assert_eq!(two.status, Some(crate::registers::decision_log::DecisionStatus::Superseded));
    assert_eq!(four.superseded_by, None);
    let asked: Vec<_> = settled.plan.questions.iter().map(|question| question.question.as_str()).collect();
    assert!(asked[0].contains("Host at home"), "{asked:?}");
    assert!(asked[1].contains("Fewer returns"), "{asked:?}");
}

#[test]
fn nobody_is_reminded_of_what_is_over() {
    let mut briefed = milestone();
    briefed.registers.briefing = serde_json::from_value(json!({
        "talking_points": [{ "id": "tp-1", "point": "Lyon is next", "about": ["ms-1"] }, { "id": "tp-2", "point": "Thanks" }],
        "reminders": [{ "id": "rm-1", "words": "Lyon is due", "item": "ms-1" }, { "id": "rm-2", "words": "?", "item": "ms-9" }]
    }))
    .unwrap();
    let left = |settled: &Settled| {
        let briefing = &settled.plan.registers.briefing;
        (briefing.talking_points.len(), briefing.reminders.len())
    };
    assert_eq!(left(&first(briefed.clone())), (2, 1));
    let done = after(briefed, |plan| {
        plan.adoption_journey.milestones[0].status = Some(Progress::Done);
        let point = json!({ "id": "tp-3", "point": "Lyon went live", "about": ["ms-1"] });
        plan.registers.briefing.talking_points.push(serde_json::from_value(point).unwrap());
    });
    assert_eq!(left(&done), (2, 0), "{done:?}");
}

#[test]
fn the_rest_of_the_plan_is_left_alone() {
    let settled = first(milestone());
    assert_eq!((settled.plan.plan.version, settled.plan.plan.status), (3, Status::Draft));
    assert!(settled.plan.questions.is_empty());
}
