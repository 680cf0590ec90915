//! Plan and registers in step, through drafts, reviews and edits of the files.

use infohub::plan::sections::risks::RiskStatus;
use orchestrator::step::{Effect, Input, Verdict};

use crate::office::Office;

const RISK: &str = r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}},
    "risks":{"risks":{"upsert":[{"risk":"The export is late","rating":"red"}]}}}}"#;

/// With a plan that has one risk, drafted, and its review.
fn drafted() -> (Office, orchestrator::task::TaskId) {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    let taken = office.draft(&task, RISK);
    assert!(taken.effects.iter().any(|effect| matches!(effect, Effect::Followed { .. })), "{taken:?}");
    (office, task.id)
}

#[test]
fn a_drafted_risk_is_registered_and_accepted_on_both_sides() {
    let (office, task) = drafted();
    let plan = office.plan();
    let [entry] = &plan.registers.risk_register.risks[..] else { panic!("{plan:?}") };
    assert!(entry.review.is_some());
    assert!(office.read("risk_register.yaml").contains("The export is late"));
    let shown = office.shown(&task);
    office.decide(Verdict::Accept { review: task, shown });
    let plan = office.plan();
    assert!(plan.registers.risk_register.risks[0].review.is_none());
    assert_eq!(plan.registers.risk_register.risks[0].history.len(), 2);
    office.assert_sound();
}

#[test]
fn a_rejected_risk_leaves_both_sides_and_does_not_come_back_by_the_other() {
    let (office, task) = drafted();
    let shown = office.shown(&task);
    office.decide(Verdict::Reject { review: task, shown, reason: "not so".to_owned() });
    assert!(office.plan().registers.risk_register.risks.is_empty());
    office.event("e-2", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    let entry = r#"{"sections":{"risk_register":{"risks":{"upsert":[{"risk":"The export is  late"}]}}}}"#;
    let taken = office.draft(&task, entry);
    assert!(taken.effects.contains(&Effect::LeftOut { items: 1 }), "{taken:?}");
    assert!(office.plan().risks.risks.is_empty());
}

#[test]
fn edits_of_either_file_reach_the_other() {
    let (office, task) = drafted();
    let shown = office.shown(&task);
    office.decide(Verdict::Accept { review: task, shown });
    let register = office.read("risk_register.yaml");
    let edited = register.replace("    rating: red\n", "    rating: amber   # since Tuesday\n");
    assert_ne!(edited, register);
    std::fs::write(office.path("risk_register.yaml"), edited).unwrap();
    let taken = office.take(&Input::HandEdit);
    assert_eq!(taken.version, 3, "the plan followed");
    assert!(office.read("success_plan/csp.yaml").contains("rating: amber"));
    assert!(office.read("risk_register.yaml").contains("rating: amber   # since Tuesday"));
    assert!(office.read("risk_register.yaml").contains("rating from \"red\" to \"amber\""));
    office.assert_sound();

    let plan = office.read("success_plan/csp.yaml");
    let mut within = false;
    let without: String = plan
        .split_inclusive('\n')
        .filter(|line| {
            within = if line.starts_with(' ') { within } else { line.starts_with("risks:") };
            !within
        })
        .collect();
    assert_ne!(without, plan);
    std::fs::write(office.path("success_plan/csp.yaml"), without).unwrap();
    office.take(&Input::HandEdit);
    let plan = office.plan();
    assert!(plan.risks.risks.is_empty(), "{plan:?}");
    assert_eq!(plan.registers.risk_register.risks[0].status, Some(RiskStatus::Closed));
    office.assert_sound();
}

#[test]
fn the_page_about_people_follows_until_somebody_changes_it() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(
        &task,
        r#"{"sections":{"stakeholders":{"people":{"upsert":[{"name":"Ines Roy","side":"customer"}]}}}}"#,
    );
    let page = "success_plan/csp_artifacts/stakeholder_map.md";
    assert!(office.read(page).contains("### Ines Roy"));
    let rename = |from: &str, to: &str| {
        let plan = office.read("success_plan/csp.yaml");
        std::fs::write(office.path("success_plan/csp.yaml"), plan.replace(from, to)).unwrap();
        office.take(&Input::HandEdit);
    };
    rename("Ines Roy", "Ines Ray");
    assert!(office.read(page).contains("### Ines Ray"));
    std::fs::write(office.path(page), "my own notes\n").unwrap();
    rename("Ines Ray", "Ines Rey");
    assert_eq!(office.read(page), "my own notes\n");
    std::fs::remove_file(office.path(page)).unwrap();
    rename("Ines Rey", "Ines Roi");
    assert!(office.read(page).contains("### Ines Roi"));
}
