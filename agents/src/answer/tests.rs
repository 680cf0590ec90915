use infohub::plan::Review;
use serde_json::json;

use super::*;
use crate::sample::plan;
use crate::schema::Scope;

const SECTIONS: [SectionKey; 3] =
    [SectionKey::Background, SectionKey::TechnicalEvaluation, SectionKey::AdoptionJourney];

/// A plan with one accepted and one drafted outcome.
fn plan_with_outcomes() -> Plan {
    let mut plan = plan();
    plan.background.outcomes = serde_json::from_value(json!([
        {"id": "bo-aaaa", "outcome": "Accepted"}, {"id": "bo-bbbb", "outcome": "Drafted", "review": "drafted"}
    ]))
    .unwrap();
    plan
}

fn read_with(text: &str, plan: &Plan) -> Result<Patch, Vec<String>> {
    let shape = Shape::compose(&SECTIONS, Scope::Existing).unwrap();
    let task = Task { shape: &shape, sections: &SECTIONS, plan, seed: "task-1" };
    read(text, &task).map_err(|reasons| reasons.iter().map(Reason::to_string).collect())
}

fn check(text: &str, expected: &[&str]) {
    let reasons = read_with(text, &plan_with_outcomes()).expect_err(text);
    assert_eq!(reasons.len(), expected.len(), "{reasons:?}");
    for (reason, expected) in reasons.iter().zip(expected) {
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
}

fn outcomes(changes: &serde_json::Value) -> String {
    json!({"sections": {"background": {"outcomes": changes}}, "questions": []}).to_string()
}

#[test]
fn an_answer_with_nulls_becomes_a_tied_patch() {
    let text = json!({"sections": {"background": {
        "company": {"upsert": [], "remove": []}, "context": {"upsert": []},
        "outcomes": {"upsert": [
            {"evidence": [{"source": "materials/a.md", "quote": "q"}], "id": null, "outcome": "New", "metric": null, "by": "2026-06-30"},
            {"evidence": [], "id": "bo-bbbb", "outcome": "Drafted, better"}], "remove": ["bo-bbbb"]},
        "internal_notes": {"upsert": []}}, "technical_evaluation": null},
        "questions": [{"section": "background", "question": "Who decides?"}]});
    let mut value = text;
    value["sections"]["background"]["outcomes"]["remove"] = json!([]);
    let patch = read_with(&value.to_string(), &plan_with_outcomes()).unwrap();
    let ids: Vec<_> = patch.upserts().map(|(_, _, item)| item.id().to_string()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids[0].starts_with("bo-") && ids[1] == "bo-bbbb", "{ids:?}");
    assert_eq!((patch.base, patch.seen.len(), patch.questions.len()), (3, 1, 1));
}

#[test]
fn text_that_is_no_answer_is_told_so() {
    check("", &["not JSON at line 1, column 0"]);
    check("Sure! Here it is: {}", &["not JSON at line 1, column 1"]);
    check("```json\n{}\n```", &["between code fences"]);
    check("{\"sections\": {}", &["not JSON at line 1"]);
    check(&"[".repeat(100_000), &["not JSON"]);
    check(&" ".repeat(MOST_BYTES + 1), &["bytes"]);
    check("null", &["the answer: "]);
    check(
        r#"{"sections": {"background": {"outcomes": {"upsert": [{"outcome": 7}]}}}}"#,
        &["sections.background.outcomes.upsert[0].outcome: "],
    );
}

#[test]
fn rights_are_looked_at_first() {
    check(
        r#"{"sections": {"risks": {"risks": {"upsert": []}}}}"#,
        &["'risks' is not one to write here; write only background"],
    );
    check(r#"{"sections": {"plan": {"status": "agreed"}, "background": 3}}"#, &["section 'plan'"]);
}

#[test]
fn only_what_is_there_is_changed_and_only_drafts_are_removed() {
    check(
        &outcomes(&json!({"upsert": [{"id": "bo-cccc", "outcome": "x"}]})),
        &["the plan has no item 'bo-cccc'"],
    );
    check(&outcomes(&json!({"remove": ["bo-aaaa"]})), &["written or accepted by a person"]);
    let patch = read_with(&outcomes(&json!({"remove": ["bo-bbbb"]})), &plan_with_outcomes()).unwrap();
    assert_eq!(patch.removals().count(), 1);
    check(
        &json!({"sections": {"adoption_journey": {"milestones": {"upsert": [{"milestone": "m", "phase": "ph-none"}]}}}}).to_string(),
        &["phase names 'ph-none'"],
    );
}

#[test]
fn an_id_of_another_list_does_not_fit() {
    let answer =
        json!({"sections": {"background": {"context": {"upsert": [{"id": "bo-bbbb", "text": "x"}]}}}});
    check(&answer.to_string(), &["the plan does not take it: background.context"]);
}

#[test]
fn there_are_at_most_five_criteria() {
    let criteria = |count: usize| {
        let items: Vec<_> = (0..count).map(|at| json!({"criterion": format!("c{at}")})).collect();
        json!({"sections": {"technical_evaluation": {"success_criteria": {"upsert": items}}}}).to_string()
    };
    assert!(read_with(&criteria(5), &plan()).is_ok());
    check(&criteria(6), &["there would be 6 success criteria; keep the 5"]);
}

#[test]
fn a_draft_keeps_what_holds_and_asks_for_the_rest() {
    use crate::draft::{Draft, Why};
    use crate::evidence::{Folds, Sources};
    use crate::sample::{CALL, NOTES, facts, tallowmere};
    let (library, facts, folds) = (tallowmere(), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let quote = |source: &str, quote: &str| json!([{"source": source, "quote": quote}]);
    let held = "dispatchers RE-KEY every booking from e-mail into FreightDesk, which takes 11 minutes";
    let text = outcomes(&json!({"upsert": [
        {"outcome": "Bookings take 3 minutes", "evidence": quote(NOTES, "Bring the time per booking from 11 minutes to 3 minutes")},
        {"outcome": "Less keying, 90% of it", "evidence": [{"source": NOTES, "quote": held}, {"source": NOTES, "quote": "made up words that stand nowhere in any of it"}]},
        {"outcome": "Worldwide roll-out", "evidence": quote(NOTES, "The customer wants a worldwide roll-out within one year of signing")},
        {"outcome": "Depot live", "evidence": quote(NOTES, "The board wants the Rotterdam depot live before the autumn peak")},
        {"outcome": "No idea", "evidence": []},
        {"outcome": "TBD", "evidence": quote(CALL, "The board wants the Rotterdam depot live before the autumn peak")},
        {"outcome": "bookings  take 3 minutes", "evidence": quote(NOTES, "Bring the time per booking from 11 minutes to 3 minutes")},
    ]}));
    let plan = plan_with_outcomes();
    let patch = read_with(&text, &plan).unwrap();
    let draft = Draft::of(patch, &plan, &sources);
    let kept: Vec<_> = draft.patch.upserts().map(|(_, _, item)| (item.text(), item.review())).collect();
    assert_eq!(
        kept,
        [
            ("Bookings take 3 minutes", Some(Review::Drafted)),
            ("Less keying, 90% of it", Some(Review::Drafted))
        ]
    );
    for (_, _, item) in draft.patch.upserts() {
        assert!(item.evidence().iter().all(|evidence| sources.judge(evidence).name() == "verified"));
        assert_eq!(item.evidence().len(), 1);
    }
    let verdicts: Vec<_> = draft.checks.iter().map(|check| check.verdict.name()).collect();
    assert_eq!(
        verdicts,
        ["verified", "repaired", "not_found", "not_found", "misattributed", "verified", "verified"]
    );
    let dropped: Vec<_> = draft.dropped.iter().map(|dropped| dropped.why).collect();
    assert_eq!(
        dropped,
        [Why::NothingHolds, Why::NothingHolds, Why::CitesNothing, Why::Placeholder, Why::AlreadyThere]
    );
    let asked: Vec<_> = draft.patch.questions.iter().map(|asked| asked.question.as_str()).collect();
    assert_eq!(
        asked,
        ["Worldwide roll-out", "Depot live", "No idea"]
            .map(|text| format!("Is it so, and where does it stand: {text}"))
    );
    let warnings: Vec<_> = draft.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("the number '90%' in outcome"), "{warnings:?}");
    assert_eq!(draft.reasons().len(), 4);
    let stored = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<Draft>(&stored).unwrap(), draft);
}

#[test]
fn what_the_deal_is_worth_stays_with_us() {
    use crate::draft::{Draft, Why};
    use crate::evidence::{Folds, Sources};
    use crate::sample::{facts, tallowmere};
    let (library, facts, folds, plan) = (tallowmere(), facts(), Folds::default(), plan());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let evidence = json!([{"crm": "opportunity.006A1.arr", "value": "250000"}]);
    let text = json!({"sections": {"background": {
        "company": {"upsert": [{"text": "Pays $250K each year", "evidence": evidence}]},
        "internal_notes": {"upsert": [{"text": "Worth $250K each year", "evidence": evidence}]}}}});
    let draft = Draft::of(read_with(&text.to_string(), &plan).unwrap(), &plan, &sources);
    let kept: Vec<_> = draft.patch.upserts().map(|(_, list, item)| (list, item.text())).collect();
    let dropped: Vec<_> = draft.dropped.iter().map(|dropped| (dropped.list.as_str(), dropped.why)).collect();
    assert_eq!(
        (kept, dropped),
        (vec![("internal_notes", "Worth $250K each year")], vec![("company", Why::DealValue)])
    );
}
