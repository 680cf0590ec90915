//! Operators tune prompts in the workspace and see what would be sent before anything is.

use crate::stage::{ACCOUNT, Stage};

#[test]
fn a_prompt_is_shown_as_it_would_be_sent() {
    let stage = Stage::sample();
    stage.csp(&["emit", crate::stage::STARTS]).ok();
    assert!(stage.csp(&["prompt", "show"]).ok().contains("sa.initiate_csp"));
    assert!(stage.csp(&["prompt", "show", "sa.initiate_csp"]).ok().contains("must be known"));
    // The company's name comes with the first event, which was not taken in.
    let unnamed = stage.csp(&["prompt", "render", "sa.initiate_csp", ACCOUNT]).ok();
    assert!(unnamed.contains(&format!("at {ACCOUNT}")), "{unnamed}");
    let notes = ["prompt", "render", "meeting_notes.extract_meeting", ACCOUNT];
    let missing = stage.csp(&notes).ends(3);
    assert!(missing.err.contains("needs meeting"), "{}", missing.err);
    let named =
        [&notes[..], &["--material", "materials/meetings/2026-02-02-evaluation-planning.vtt"]].concat();
    assert!(stage.csp(&named).ok().contains("held on 2026-02-02"));
    stage.csp(&[&notes[..], &["--material", "../other/plan.md"]].concat()).ends(2);
    stage.csp(&["emit", "events/01-veldhaven-stage-1.json"]).ok();
    let sent = stage.csp(&["prompt", "render", "sa.initiate_csp", ACCOUNT]).ok();
    assert!(sent.contains("14 cross-dock warehouses") && sent.contains("Veldhaven Logistics"), "{sent}");
    let answer =
        stage.csp(&["prompt", "render", "sa.initiate_csp", ACCOUNT, "--schema", "--json"]).ends(0).json();
    assert_eq!(answer["schema"]["type"], "object", "{answer}");
    let tight = stage.csp(&["prompt", "render", "sa.initiate_csp", ACCOUNT, "--tokens", "1500"]).ok();
    assert!(tight.contains("left out:"), "{tight}");
    let none = stage.csp(&["prompt", "show", "sa.dance"]).ends(4);
    assert!(none.err.contains("help: tasks are: sa.develop_csp"), "{}", none.err);
}

#[test]
fn the_workspaces_own_charter_takes_the_place_of_the_built_in_one() {
    let stage = Stage::sample();
    let built_in = include_str!("../../../prompts/sa.yaml");
    stage.write("prompts/sa.yaml", built_in.replace("Initialize Customer Success Plan", "Begin the plan"));
    assert!(stage.csp(&["prompt", "show"]).ok().contains("Begin the plan"));
    stage.write("prompts/sa.yaml", built_in.replace("may_write:", "may_wriet:"));
    let refused = stage.csp(&["check"]).ends(1);
    assert!(refused.out.contains("prompts/sa.yaml:") && refused.out.contains("may_wriet"), "{}", refused.out);
    stage.write("prompts/sa.yaml", built_in.replace("{{ account_name }}", "{{ acount_name }}"));
    let refused = stage.csp(&["check"]).ends(1);
    assert!(
        refused.out.contains("prompts/sa.yaml:") && refused.out.contains("acount_name"),
        "{}",
        refused.out
    );
    stage.csp(&["emit", crate::stage::STARTS]).ends(3);
}
