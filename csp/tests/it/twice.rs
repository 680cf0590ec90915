//! Doing the same twice changes nothing the second time.

use crate::stage::{STARTS, Stage};

#[test]
fn a_second_init_changes_nothing() {
    let stage = Stage::sample();
    let before = stage.tree();
    let again = stage.outside(&["init", "w", "--sample"]).ends(3);
    assert!(again.err.contains("w is a workspace already; nothing was changed"), "{}", again.err);
    assert_eq!(stage.tree(), before);
}

#[test]
fn init_keeps_away_from_other_peoples_folders() {
    let stage = Stage::empty();
    std::fs::create_dir(stage.folder().join("mine")).unwrap();
    std::fs::write(stage.folder().join("mine/letter.txt"), "dear").unwrap();
    let before = stage.tree();
    let refused = stage.outside(&["init", "mine"]).ends(3);
    assert!(refused.err.contains("mine is not empty; nothing was changed"), "{}", refused.err);
    assert!(refused.err.contains("help: name a folder that is empty or does not exist"), "{}", refused.err);
    stage.outside(&["init", "mine/letter.txt"]).ends(3);
    stage.outside(&["demo", "mine"]).ends(3);
    assert_eq!(stage.tree(), before);
}

#[test]
fn the_same_events_twice_are_one_each() {
    let stage = Stage::sample();
    stage.csp(&["emit", STARTS]).ok();
    stage.csp(&["work", "--until-idle"]).ok();
    let before = stage.tree();
    let again = stage.csp(&["emit", STARTS]).ok();
    assert!(again.contains("was taken in before"), "{again}");
    stage.csp(&["work", "--until-idle"]).ok();
    stage.csp(&["check"]).ok();
    stage.csp(&["plan", "verify"]).ok();
    assert_eq!(stage.tree(), before);
}

#[test]
fn a_second_account_of_one_name_is_refused() {
    let stage = Stage::bare();
    stage.csp(&["account", "add", "acme"]).ok();
    let before = stage.tree();
    stage.csp(&["account", "add", "acme", "--tier", "strategic"]).ends(3);
    assert_eq!(stage.tree(), before);
}

#[test]
fn a_second_demo_takes_a_new_folder() {
    let stage = Stage::empty();
    stage.outside(&["demo"]).ok();
    assert!(stage.outside(&["demo"]).ok().contains("csp-demo-2"));
    assert!(stage.folder().join("csp-demo-2/csp.toml").is_file());
}
