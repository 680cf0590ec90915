//! Scenarios: text files in `tests/scenarios`, each played by the real binary on a workspace of its own. What was
//! said and answered is the snapshot beside it; what must be seen whatever the snapshot says stands in the file.
//!
//!     stage_jump.txt ──► script: steps ──► play: a stage, the binary ──► transcript ──► stage_jump.snap
//!
//! `script.rs` has the words that a scenario may use. `INSTA_UPDATE=always cargo test -p csp --test it scenarios`
//! writes the snapshots anew; read them before you keep them.

mod play;
mod script;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the scenarios are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn check(name: &str) {
    let path = folder().join(format!("{name}.txt"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let transcript = play::play(name, &script::Script::parse(name, &text));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../scenarios");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, transcript));
}

macro_rules! scenarios {
    ($($name:ident),* $(,)?) => {
        const ALL: &[&str] = &[$(stringify!($name)),*];
        $( #[test] fn $name() { check(stringify!($name)); } )*
    };
}

scenarios! {
    stage_jump,
    arr_falls,
    strategic_without_arr,
    exactly_the_line,
    six_criteria,
    criterion_tbd,
    plan_does_not_read,
    milestone_moved,
    due_at_the_weekend,
    due_in_a_clock_change,
    days_stale,
    anniversary_on_the_31st,
    approval_then_edit,
    closed_won_twice,
    won_and_set_back,
    won_before_stage_4,
    handoff_refused,
    champion_leaves,
    owner_on_holiday,
    two_agents_one_section,
    slept_over_reminders,
    dead_chat,
}

#[test]
fn every_scenario_of_the_folder_is_played_and_has_its_transcript() {
    let files = |ending: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
        let of_ending = entries.filter(|path| path.extension().is_some_and(|end| end == ending));
        of_ending.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let all: BTreeSet<String> = ALL.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(files("txt"), all);
    assert_eq!(files("snap"), all);
}
