//! The week's digest, the preparation of a review, and what is to be mended.

use crate::stage::{ACCOUNT, Stage};

const RISKS: &str = "risks:
  risks:
    - risk: The carrier's export is late
      rating: red
      owner: {name: Platform team, side: customer}
";
const MILESTONES: &str = "adoption_journey:
  milestones:
    - milestone: First site live
      due_date: 2026-02-16
      owner: {name: Ines, side: customer}
    - milestone: Trial ends
      due_date: 2026-02-03
";

fn file(name: &str) -> String {
    format!("infohub/{ACCOUNT}/{name}")
}

/// A drafted plan with risks and milestones that a person wrote.
fn tracked() -> Stage {
    let stage = Stage::drafted();
    let plan = stage.read(&file("success_plan/csp.yaml"));
    let plan = plan.replace("\nrisks:\n", &format!("\n{RISKS}"));
    stage.write(
        &file("success_plan/csp.yaml"),
        plan.replace("\nadoption_journey:\n", &format!("\n{MILESTONES}")),
    );
    let told = stage.csp(&["work", "--until-idle", "--now", "2026-02-05"]).ok();
    assert!(told.contains("followed"), "{told}");
    stage
}

#[test]
fn the_digest_tells_what_is_late_due_and_changed() {
    let stage = tracked();
    let told = stage.csp(&["report", "digest", "--now", "2026-02-05"]).ok();
    for line in [
        "Week of 2026-02-02 to 2026-02-08, seen on 2026-02-05",
        "overdue    2026-02-03 Trial ends",
        "due        2026-02-16 First site live",
        "risk       red: The carrier's export is late",
        "no mitigation",
        "to review  sa.initiate_csp-",
        "items changed:",
    ] {
        assert!(told.contains(line), "{line} is missing in\n{told}");
    }
    let json = stage.csp(&["report", "digest", "--account", ACCOUNT, "--now", "2026-02-05", "--json"]).json();
    assert_eq!(json["accounts"][0]["overdue"][0]["what"], "Trial ends", "{json}");
    assert_eq!(json["accounts"][0]["health"]["standing"], "at_risk", "{json}");
    let later = stage.csp(&["report", "digest", "--week", "2026-03-04", "--now", "2026-02-05"]).ok();
    assert!(later.contains("nothing this week"), "{later}");
    stage.csp(&["report", "digest", "--account", "nobody"]).ends(4);
}

#[test]
fn a_review_is_prepared_from_briefing_and_value_tracking() {
    let stage = tracked();
    let nothing = stage.csp(&["report", "qbr", ACCOUNT]).ok();
    assert!(nothing.contains("Nothing is prepared") && nothing.contains("tracks nothing yet"), "{nothing}");
    let briefing = "account: veldhaven-logistics\ntalking_points:\n  - point: The first site is next\n";
    stage.write(&file("briefing.yaml"), briefing);
    stage.csp(&["work", "--until-idle", "--now", "2026-02-05"]).ok();
    assert!(stage.csp(&["report", "qbr", ACCOUNT]).ok().contains("- The first site is next"));
}

#[test]
fn check_tells_what_is_to_be_mended() {
    let stage = tracked();
    let told = stage.csp(&["check"]).ok();
    assert!(told.contains("its owner is no person: Platform team"), "{told}");
    assert!(told.contains("nothing is wrong"), "{told}");
    let json = stage.csp(&["check", "--json"]).json();
    assert_eq!(json["mend"].as_array().map(Vec::len), Some(2), "both sides of the risk: {json}");
    stage.csp(&["plan", "verify", ACCOUNT]).ok();
}
