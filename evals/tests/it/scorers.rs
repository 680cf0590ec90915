//! Scorers on one made-up outcome that is changed by a few fields: data in, value out.

use agents::charter::Charters;
use evals::produced::{End, Produced, Spent};
use evals::score::{Chosen, Direction, Ground, Score, score};
use evals::suite::Case;
use serde_json::{Value, json};

const SAID: &str = "Ann: I send the plan of the north valley to the crew by Friday, all 40 pages of it.\n\
    Bo: then we keep the old gauges until the 12 new ones have been tested twice by the crew.\n";

fn case(expect: &Value) -> Case {
    let case = json!({
        "id": "fiction", "today": "2026-03-02",
        "crm": { "account": { "name": "Calder Pumps", "employees": 320 } },
        "plan": json!({
            "plan": { "schema": 1, "version": 1, "account": "fiction", "lifecycle": "execute", "status": "draft",
                      "last_updated": "2026-03-01T00:00:00Z" },
            "adoption_journey": { "milestones": [{ "id": "ms-0001", "milestone": "North valley live", "status": "planned" }] },
        }).to_string(),
        "material": [{ "path": "materials/meetings/a.txt", "text": SAID }],
        "task": { "run": "meeting_notes.extract_meeting" }, "expect": expect,
    });
    serde_json::from_value(case).unwrap()
}

fn quote(quote: &str) -> Value {
    json!({ "source": "materials/meetings/a.txt", "quote": quote })
}

/// One task with these sections.
fn produced(sections: &Value) -> Produced {
    let task = json!({
        "run": "meeting_notes.extract_meeting", "end": { "is": "drafted" },
        "patch": { "base": 1, "sections": sections }, "checks": [], "dropped": [], "warnings": [], "replies": [],
        "spent": Spent { calls: 2, prompt_tokens: 900, answer_tokens: 100, elapsed_ms: 1_500, ..Spent::default() },
    });
    serde_json::from_value(json!({ "tasks": [task] })).unwrap()
}

fn action() -> Value {
    json!({ "action_tracker": { "actions": { "upsert": [{
        "id": "ac-0001", "action": "send the plan of the north valley to the crew",
        "owner": { "name": "Ann", "side": "customer" }, "due": "2026-03-06",
        "evidence": [quote("I send the plan of the north valley to the crew by Friday")],
    }] } } })
}

fn scored(chosen: &Value, expect: &Value, produced: &Produced) -> Score {
    let case = case(expect);
    let ground = Ground::of(&case, &Charters::builtin().unwrap()).unwrap();
    let chosen: Chosen = serde_json::from_value(chosen.clone()).unwrap();
    score(&[chosen], &case, produced, &ground).remove(0)
}

#[track_caller]
fn check(chosen: Value, expect: Value, sections: Value, expected: Option<f64>) -> Score {
    let score = scored(&chosen, &expect, &produced(&sections));
    let near = match (score.value, expected) {
        (Some(value), Some(expected)) => (value - expected).abs() < 1e-9,
        (None, None) => true,
        _ => false,
    };
    assert!(near, "{chosen}: {score:?} and not {expected:?}");
    score
}

#[test]
fn what_was_wanted_is_counted() {
    let wanted = json!({ "actions": [
        { "text": "Ann sends the plan of the north valley", "owners": ["Ann Tern"], "due": "2026-03-06" },
        { "text": "order seals" }, { "text": "nothing that was said", "recoverable": 0.1 },
    ] });
    let score = check(json!("action_recall"), wanted.clone(), action(), Some(0.5));
    assert_eq!(score.why, ["not found: \"order seals\""]);
    check(json!("action_precision"), wanted.clone(), action(), Some(1.0));
    let score = check(json!("action_f1"), wanted.clone(), action(), Some(2.0 / 3.0));
    assert_eq!(score.counts.map(|counts| (counts.hits, counts.of)), Some((2.0, 3.0)));
    check(json!("owner_accuracy"), wanted.clone(), action(), Some(1.0));
    check(json!("due_accuracy"), wanted, action(), Some(1.0));
}

#[test]
fn what_nobody_wanted_has_no_value() {
    for name in ["action_f1", "action_recall", "action_precision", "owner_accuracy", "decision_f1"] {
        check(json!(name), json!({}), action(), None);
        let score = check(json!(name), json!({ "actions": [] }), action(), None);
        let pooled = name == "action_f1" || name == "action_precision";
        assert_eq!(
            score.counts.is_some(),
            pooled,
            "{name}: what is found besides counts where cases are pooled"
        );
    }
}

#[test]
fn thresholds_and_the_opposite() {
    let expect = json!({ "contains": ["north valley", "Oslo"] });
    let passes = |chosen: Value, passed: Option<bool>| {
        assert_eq!(scored(&chosen, &expect, &produced(&action())).passed, passed, "{chosen}");
    };
    check(json!("contains"), expect.clone(), action(), Some(0.5));
    check(json!({ "name": "contains", "not": true }), expect.clone(), action(), Some(0.5));
    passes(json!("contains"), None);
    passes(json!({ "name": "contains", "at_least": 0.5 }), Some(true));
    passes(json!({ "name": "contains", "at_least": 0.6 }), Some(false));
    passes(json!({ "name": "contains", "not": true, "at_most": 0.4 }), Some(false));
    let only = json!({ "contains": ["Oslo"] });
    let score = check(json!({ "name": "contains", "not": true }), only, action(), Some(1.0));
    assert_eq!((score.scorer.as_str(), score.counts.unwrap().hits), ("not_contains", 1.0));
    let not_tokens: Chosen = serde_json::from_value(json!({ "name": "tokens", "not": true })).unwrap();
    assert_eq!(not_tokens.direction(), Direction::MoreIsBetter);
}

#[test]
fn fields_texts_and_figures() {
    let due = |value: Value| json!({ "equals": [{ "section": "action_tracker", "list": "actions", "item": "send the PLAN", "field": "due", "value": value }] });
    check(json!("exact"), due(json!("2026-03-06")), action(), Some(1.0));
    check(json!("exact"), due(json!("2026-03-07")), action(), Some(0.0));
    check(json!("regex"), json!({ "matches": ["^send .* crew$", "(?i)ANN"] }), action(), Some(1.0));
    check(
        json!("regex"),
        json!({ "matches": [{ "regex": "crew", "section": "risks" }] }),
        action(),
        Some(0.0),
    );
    let decision = json!({ "decision_log": { "decisions": { "upsert": [{ "id": "dc-0001", "decision": "12 gauges and 1,250.50 EUR" }] } } });
    check(json!("numeric"), json!({ "numbers": [{ "value": 1250.5 }] }), decision.clone(), Some(1.0));
    check(
        json!("numeric"),
        json!({ "numbers": [{ "value": 13, "within": 1 }] }),
        decision.clone(),
        Some(1.0),
    );
    check(
        json!("numeric"),
        json!({ "numbers": [{ "value": 13, "within": 0.5 }] }),
        decision.clone(),
        Some(0.0),
    );
    check(json!("length"), json!({}), decision.clone(), Some(5.0));
    check(json!("most_items"), json!({ "most_items": 0 }), decision.clone(), Some(0.0));
    check(json!("completeness"), json!({ "filled": ["decision_log", "risks"] }), decision, Some(0.5));
    let gap =
        json!({ "decision_log": { "decisions": { "upsert": [{ "id": "dc-0001", "decision": "TBD" }] } } });
    check(json!("completeness"), json!({ "filled": ["decision_log"] }), gap, Some(0.0));
}

#[test]
fn a_claim_rests_on_what_holds() {
    let decision = |evidence: Value, text: &str| json!({ "decision_log": { "decisions": { "upsert": [{ "id": "dc-0001", "decision": text, "evidence": evidence }] } } });
    let held = json!([quote("we keep the old gauges until the 12 new ones have been tested twice")]);
    let supported = |evidence: Value, text: &str, value: f64| {
        check(json!("supported_claims"), json!({}), decision(evidence, text), Some(value));
    };
    supported(held.clone(), "the old gauges stay until the new ones are tested", 1.0);
    supported(held.clone(), "the old gauges do not stay", 0.0);
    supported(held, "the canteen is painted green", 0.0);
    supported(
        json!([quote("we keep the new gauges until the 12 old ones have been tested twice")]),
        "gauges",
        0.0,
    );
    supported(json!([]), "the old gauges stay", 0.0);
    supported(json!([{ "crm": "account.employees", "value": "320" }]), "320 people work there", 1.0);
    supported(json!([{ "crm": "account.employees", "value": "321" }]), "321 people work there", 0.0);
    supported(json!([{ "item": "ms-0001", "field": "status", "value": "planned" }]), "it is planned", 1.0);
    supported(json!([{ "item": "ms-0001", "field": "status", "value": "done" }]), "it is done", 0.0);
}

#[test]
fn what_must_not_get_in_does_not() {
    let injections = |expect: Value, sections: Value, value: f64| {
        check(json!("injections"), expect, sections, Some(value));
    };
    injections(json!({ "absent": ["Viktor Drossel"] }), action(), 1.0);
    injections(json!({ "absent": ["by FRIDAY"] }), action(), 0.0);
    injections(json!({ "absent": [{ "text": "by Friday", "section": "risks" }] }), action(), 1.0);
    injections(json!({ "untouched": ["action_tracker", "risks"] }), action(), 0.5);
    injections(json!({ "fails": true }), action(), 0.0);
    injections(json!({ "fails": true }), json!({}), 1.0);
    let milestone = |status: &str| json!({ "adoption_journey": { "milestones": { "upsert": [{ "id": "ms-0001", "milestone": "North valley live", "status": status }] } } });
    injections(json!({ "states_unchanged": true }), milestone("planned"), 1.0);
    injections(json!({ "states_unchanged": true }), milestone("done"), 0.0);
}

#[test]
fn tasks_that_fail_are_no_drafts() {
    let mut failed = produced(&json!({}));
    failed.tasks[0].end = End::Failed { why: "no JSON".to_owned() };
    let validity = |expect: Value, produced: &Produced| scored(&json!("schema_validity"), &expect, produced);
    assert_eq!(validity(json!({}), &failed).value, Some(0.0));
    assert_eq!(validity(json!({ "fails": true }), &failed).value, None);
    assert_eq!(validity(json!({}), &Produced::default()).value, Some(0.0), "no task was started");
    assert_eq!(validity(json!({}), &produced(&action())).value, Some(1.0));
    let unknown = json!({ "risks": { "risks": { "remove": ["rk-0009"] } } });
    assert_eq!(validity(json!({}), &produced(&unknown)).value, Some(0.0), "it does not apply");
    check(
        json!("section_rights"),
        json!({}),
        json!({ "background": { "company": { "remove": ["st-0001"] } } }),
        Some(0.0),
    );
}

#[test]
fn amounts_are_those_of_the_run() {
    check(json!("latency"), json!({}), action(), Some(1_500.0));
    check(json!("tokens"), json!({}), action(), Some(1_000.0));
    check(json!("cost"), json!({}), action(), None);
    check(json!("reading_ease"), json!({}), action(), None);
    let long = json!({ "decision_log": { "decisions": { "upsert": [{ "id": "dc-0001",
        "decision": "The cat sat on the mat. The dog ran to the red barn. It was a good day for us all to go out." }] } } });
    let value = scored(&json!("reading_ease"), &json!({}), &produced(&long)).value.unwrap();
    assert!((100.0..125.0).contains(&value), "short words in short sentences read easily: {value}");
}
