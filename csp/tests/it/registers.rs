//! Registers as people meet them: written by hand, taken in, shown, checked, lost and brought back.

use crate::stage::{ACCOUNT, STARTS, Stage};

const ACTIONS: &str = "# kept by hand
account: veldhaven-logistics
actions:
  - action: Send the list of exported fields
    due: 2026-02-20
    owner: {name: Mira, side: ours}
  - action: Book the room   # the large one
    due: 2026-02-03
  - action: Sign the order
    status: done
";

fn file(name: &str) -> String {
    format!("infohub/{ACCOUNT}/{name}")
}

/// The sample with a drafted plan and a register that was begun by hand and taken in.
fn tracked() -> Stage {
    let stage = Stage::drafted();
    stage.write(&file("action_tracker.yaml"), ACTIONS);
    let told = stage.csp(&["work", "--until-idle", "--now", "2026-02-05"]).ok();
    assert!(told.contains("action_tracker.yaml was edited by hand"), "{told}");
    stage
}

#[test]
fn a_register_begun_by_hand_is_taken_in_and_shown() {
    let stage = tracked();
    let text = stage.read(&file("action_tracker.yaml"));
    for kept in
        ["# kept by hand\n", "Book the room   # the large one", "owner: {name: Mira, side: ours}", "id: ac-"]
    {
        assert!(text.contains(kept), "{kept} is missing in:\n{text}");
    }
    let shown = stage.csp(&["register", "show", ACCOUNT, "action_tracker", "--now", "2026-02-05"]).ok();
    let order = ["Book the room", "Send the list", "Sign the order"].map(|words| shown.find(words).unwrap());
    assert!(order.is_sorted(), "{shown}");
    assert!(shown.contains("2026-02-03, overdue") && shown.contains("Mira (ours)"), "{shown}");
    let listed = stage.csp(&["register", "list", "--json", "--now", "2026-02-05"]).json();
    let row = &listed["registers"][0];
    assert_eq!((&row["register"], &row["entries"]), (&"action_tracker".into(), &3.into()));
    assert_eq!((&row["open"], &row["overdue"]), (&2.into(), &1.into()));
    let json = stage.csp(&["register", "show", ACCOUNT, "--json"]).json();
    assert_eq!(json["registers"][2]["entries"][0]["item"]["action"], "Book the room");
    assert_eq!(json["registers"].as_array().unwrap().len(), 4);
    stage.csp(&["plan", "verify", ACCOUNT]).ok();
    let nothing = stage.csp(&["register", "show", ACCOUNT, "briefing"]).ok();
    assert!(nothing.contains("nothing stands in briefing.yaml yet"), "{nothing}");
}

#[test]
fn a_register_makes_no_version_and_the_plans_diff_shows_it() {
    let stage = tracked();
    let history = stage.csp(&["plan", "history", ACCOUNT, "--json"]).json();
    assert_eq!(history["versions"].as_array().unwrap().len(), 1, "{history}");
    let diff = stage.csp(&["plan", "diff", ACCOUNT]).ok();
    assert!(diff.contains("action_tracker.actions") && diff.contains("Book the room"), "{diff}");
    let plan = stage.csp(&["plan", "show", ACCOUNT, "--section", "action_tracker"]).ok();
    assert!(plan.contains("Book the room"), "{plan}");
    let plan = stage.csp(&["plan", "show", ACCOUNT, "--section", "action_tracker", "--json"]).json();
    assert_eq!(plan["action_tracker"]["actions"].as_array().unwrap().len(), 3);
    assert!(!stage.csp(&["plan", "show", ACCOUNT, "--as-customer"]).ok().contains("Book the room"));
}

#[test]
fn a_broken_register_waits_for_a_person_and_no_event_is_lost() {
    let stage = tracked();
    let path = file("action_tracker.yaml");
    let good = stage.read(&path);
    let bad = good.replace("    due: 2026-02-03\n", "    deu: 2026-02-03\n");
    stage.write(&path, &bad);
    let told = stage.csp(&["check"]).ends(1).out;
    let row = bad.lines().position(|line| line.contains("deu:")).unwrap() + 1;
    assert!(told.contains(&format!("action_tracker.yaml:{row}:5: unknown field \"deu\"")), "{told}");
    stage.csp(&["emit", "events/04-veldhaven-evaluation-started.json"]).ok();
    let blocked = stage.csp(&["work", "--until-idle"]).ends(5);
    assert_eq!(blocked.out.matches("blocked: infohub/").count(), 1, "{}", blocked.out);
    assert_eq!(stage.read(&path), bad);
    let shown = stage.csp(&["register", "show", ACCOUNT]).ends(5);
    assert!(shown.out.contains("Book the room") && shown.err.contains("deu"), "{}{}", shown.out, shown.err);
    stage.write(&path, &good);
    stage.csp(&["work", "--until-idle"]).ok();
    stage.csp(&["check"]).ok();
}

#[test]
fn lost_and_broken_registers_are_brought_back() {
    let stage = tracked();
    let path = file("action_tracker.yaml");
    let good = stage.read(&path);
    stage.csp(&["emit", "events/04-veldhaven-evaluation-started.json"]).ok();
    std::fs::remove_file(stage.root().join(&path)).unwrap();
    let told = stage.csp(&["check"]).ends(1).out;
    assert!(told.contains("action_tracker.yaml: the file is gone; `csp plan restore`"), "{told}");
    stage.csp(&["plan", "restore", ACCOUNT]).ok();
    assert_eq!(stage.read(&path), good);
    stage.write(&path, "account: [");
    stage.write(&file("briefing.yaml"), "account: [");
    let told = stage.csp(&["plan", "restore", ACCOUNT, "--now", "2026-02-05"]).ends(4);
    assert_eq!(stage.read(&path), good);
    let kept = file("success_plan/csp_artifacts/action_tracker_broken_20260205T000000Z.yaml");
    assert_eq!(stage.read(&kept), "account: [");
    assert!(told.err.contains("briefing.yaml has no earlier text"), "{}", told.err);
}

#[test]
fn a_register_before_its_plan_waits_and_is_checked() {
    let stage = Stage::sample();
    stage.write(&file("action_tracker.yaml"), ACTIONS);
    let told = stage.csp(&["check"]).ok();
    assert!(told.contains("action_tracker.yaml (3 items) is left alone until there is a plan"), "{told}");
    stage.csp(&["work", "--until-idle"]).ok();
    assert_eq!(stage.read(&file("action_tracker.yaml")), ACTIONS);
    stage.write(&file("briefing.yaml"), "account: veldhaven-logistics\nremnders: []\n");
    let told = stage.csp(&["check"]).ends(1).out;
    assert!(told.contains("briefing.yaml:2:1: unknown field \"remnders\""), "{told}");
    std::fs::remove_file(stage.root().join(file("briefing.yaml"))).unwrap();
    stage.csp(&["emit", STARTS]).ok();
    stage.csp(&["work", "--until-idle"]).ok();
    assert!(stage.csp(&["register", "show", ACCOUNT]).ok().contains("Book the room"));
    stage.csp(&["plan", "verify"]).ok();
}
