use infohub::plan::{Plan, SectionKey};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::*;

const TODAY: Date = date(2026, 6, 30);

/// A plan that is complete and healthy on the day.
fn sound() -> Value {
    json!({
        "plan": {"schema": 1, "version": 4, "account": "a", "lifecycle": "execute", "status": "active",
                 "last_updated": "2026-06-20T10:00:00Z", "last_customer_review": "2026-05-01"},
        "stakeholders": {"people": [{"id": "st-1", "name": "Imke Sand"}]},
        "technical_evaluation": {"success_criteria": [{"id": "sc-1", "criterion": "Lead time under a day",
                                 "measurement": "report", "target": "1 day"}]},
        "adoption_journey": {
            "phases": [{"id": "ph-1", "name": "Pilot", "objectives": ["one site"]}],
            "milestones": [{"id": "ms-1", "milestone": "Site live", "due_date": "2026-06-30", "owner": {"name": "imke", "side": "ours"}}]},
        "value_tracking": {"utilization": [{"id": "ut-1", "metric": "active users", "baseline": 10, "target": 90,
                            "readings": [{"on": "2026-05-31", "value": 40}, {"on": "2026-06-28", "value": 40}]}]},
        "risks": {"risks": [{"id": "rk-1", "risk": "Key user leaves", "rating": "red", "mitigation": "train two"}]}
    })
}

fn health(plan: &Value, updated: Date) -> Health {
    let plan: Plan = serde_json::from_value(plan.clone()).unwrap();
    let required = [SectionKey::AdoptionJourney, SectionKey::Risks];
    Health::of(Case {
        plan: &plan,
        required: &required,
        today: TODAY,
        updated,
        last_contact: date(2026, 6, 1),
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut plan = sound();
    *plan.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    plan
}

/// The standing, and the criteria that it rests on.
fn standing(plan: &Value, updated: Date) -> (Standing, Vec<Criterion>) {
    let health = health(plan, updated);
    (health.standing, health.causes().into_iter().map(|finding| finding.criterion).collect())
}

#[test]
fn a_sound_plan_is_complete_and_healthy() {
    let health = health(&sound(), date(2026, 6, 20));
    assert!(health.complete, "{:?}", health.missing().collect::<Vec<_>>());
    assert_eq!(health.standing, Standing::Healthy);
    assert_eq!(health.findings.len(), 13);
}

#[test]
fn staleness_has_its_days() {
    let (fresh, edge, stale) = (Criterion::Fresh, Standing::Watch, Criterion::Stale);
    let check = |updated, expected: (Standing, Vec<Criterion>)| {
        assert_eq!(standing(&sound(), updated), expected, "{updated}");
    };
    assert_eq!(standing(&sound(), date(2026, 5, 31)).0, Standing::Healthy, "30 days");
    check(date(2026, 5, 30), (edge, vec![fresh]));
    check(date(2026, 5, 2), (edge, vec![fresh]));
    check(date(2026, 5, 1), (Standing::AtRisk, vec![stale]));
    check(date(2026, 4, 30), (Standing::AtRisk, vec![stale]));
}

#[test]
fn each_criterion_is_broken_by_its_own_fault() {
    use Criterion::*;
    let updated = date(2026, 6, 20);
    let incomplete = |plan: Value, criterion: Criterion| {
        let health = health(&plan, updated);
        assert!(!health.complete, "{criterion:?}");
        assert!(health.missing().any(|finding| finding.criterion == criterion), "{criterion:?}");
    };
    incomplete(with("/risks/risks/0/mitigation", json!("TBD")), SectionsPopulated);
    let six: Vec<Value> =
        (0..6).map(|n| json!({"id": format!("sc-{n}"), "criterion": format!("C{n}")})).collect();
    incomplete(with("/technical_evaluation/success_criteria", json!(six)), CriteriaDefined);
    incomplete(with("/stakeholders/people", json!([])), StakeholdersIdentified);
    incomplete(with("/stakeholders/people/0/name", json!("TBD")), StakeholdersIdentified);
    incomplete(with("/adoption_journey/phases", json!([])), PhasesDefined);
    incomplete(with("/value_tracking/utilization/0/baseline", Value::Null), MetricsBaselined);

    let at = |plan: Value| standing(&plan, updated);
    let late = with("/adoption_journey/milestones/0/due_date", json!("2026-06-29"));
    assert_eq!(at(late), (Standing::AtRisk, vec![Overdue]));
    let falling = with("/value_tracking/utilization/0/readings/1/value", json!(39));
    assert_eq!(at(falling), (Standing::AtRisk, vec![Declining]));
    assert_eq!(
        at(with("/risks/risks/0/mitigation", json!("tbd"))),
        (Standing::Watch, vec![RedRisksMitigated])
    );
    let unseen = with("/plan/last_customer_review", json!("2026-03-29"));
    assert_eq!(at(unseen), (Standing::Watch, vec![CustomerReviewed]));
}

#[test]
fn what_is_worse_is_told_by_baseline_and_target() {
    let mut plan = with("/value_tracking/utilization/0/target", json!(5));
    assert_eq!(standing(&plan, date(2026, 6, 20)).0, Standing::Healthy);
    plan["value_tracking"]["utilization"][0]["readings"][1]["value"] = json!(41);
    assert_eq!(standing(&plan, date(2026, 6, 20)), (Standing::AtRisk, vec![Criterion::Declining]));
    plan["value_tracking"]["utilization"][0]["readings"][1]["value"] = json!("not measured");
    assert_eq!(standing(&plan, date(2026, 6, 20)).0, Standing::Healthy);
}

#[test]
fn a_customer_who_is_not_heard_of_for_a_quarter_is_not_engaged() {
    let plan: Plan = serde_json::from_value(sound()).unwrap();
    let case = |last_contact| Case { plan: &plan, required: &[], today: TODAY, updated: TODAY, last_contact };
    assert!(!Criterion::NotEngaged.judge(case(date(2026, 3, 30))).holds);
    let gone = Criterion::NotEngaged.judge(case(date(2026, 3, 29)));
    assert!(gone.holds);
    assert_eq!(gone.why, "last met or heard on 2026-03-29, 93 days ago");
}

#[test]
fn the_customers_next_review_follows_the_table() {
    let due = |plan: &Value| {
        let plan: Plan = serde_json::from_value(plan.clone()).unwrap();
        let due = ReviewDue::of(&plan, date(2026, 1, 31));
        (due.cadence, due.due)
    };
    let mut plan = sound();
    assert_eq!(due(&plan), (Cadence::BiWeekly, Some(date(2026, 5, 15))));
    plan["plan"]["last_customer_review"] = Value::Null;
    assert_eq!(due(&plan), (Cadence::BiWeekly, Some(date(2026, 2, 14))));
    plan["adoption_journey"]["phases"][0]["status"] = json!("done");
    assert_eq!(due(&plan), (Cadence::Quarterly, Some(date(2026, 4, 30))));
    plan["adoption_journey"]["phases"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "ph-2", "name": "Roll-out"}));
    assert_eq!(due(&plan), (Cadence::Monthly, Some(date(2026, 2, 28))));
    plan["plan"]["lifecycle"] = json!("finalize");
    assert_eq!(due(&plan), (Cadence::PerMilestone, None));
    plan["adoption_journey"]["milestones"][0]["completed_on"] = json!("2026-03-03");
    assert_eq!(due(&plan), (Cadence::PerMilestone, Some(date(2026, 3, 3))));
}
