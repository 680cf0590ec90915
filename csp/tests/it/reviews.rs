//! People accept, change and turn down drafts; each decision is bound to what was shown.

use serde_json::Value;

use crate::stage::{ACCOUNT, Stage, run};

fn review(stage: &Stage) -> (String, String) {
    let list = stage.csp(&["review", "list", "--json"]).ends(0).json();
    let first = &list["reviews"][0];
    (first["review"].as_str().unwrap().to_owned(), first["shown"].as_str().unwrap().to_owned())
}

fn plan(stage: &Stage) -> Value {
    stage.csp(&["plan", "show", ACCOUNT, "--json"]).ends(0).json()
}

#[test]
fn accepted_items_reach_the_customer() {
    let stage = Stage::drafted();
    let (id, shown) = review(&stage);
    let told = stage.csp(&["review", "show", &id]).ok();
    assert!(told.contains(&format!("shown {shown}")), "{told}");
    stage.csp(&["review", "accept", &id, "--shown", &shown, "--as", "mira"]).ok();
    assert_eq!(stage.csp(&["review", "list"]).ok().trim(), "Nothing waits for a person.");
    let customer = stage.csp(&["plan", "show", ACCOUNT, "--as-customer"]).ok();
    assert!(customer.contains("14 cross-dock warehouses"), "{customer}");
    assert!(!customer.contains("12% discount"), "internal notes stay inside: {customer}");
    stage.csp(&["review", "accept", &id, "--as", "mira"]).ends(4);
}

#[test]
fn only_known_people_decide_and_only_on_what_they_saw() {
    let stage = Stage::drafted();
    let (id, shown) = review(&stage);
    let before = stage.tree();
    let nobody = stage.csp(&["review", "accept", &id]).ends(3);
    assert!(nobody.err.contains("help: say `--as PERSON`, or set CSP_PERSON"), "{}", nobody.err);
    let stranger = stage.csp(&["review", "accept", &id, "--as", "eve"]).ends(3);
    assert!(stranger.err.contains("'eve' is not in team.yaml"), "{}", stranger.err);
    let stale = stage.csp(&["review", "accept", &id, "--shown", "000000000000", "--as", "mira"]).ends(3);
    assert!(stale.err.contains("has changed since it was shown"), "{}", stale.err);
    stage.csp(&["review", "reject", &id, "--reason", " ", "--as", "mira"]).ends(3);
    assert_eq!(stage.tree(), before);
    let by_environment = run(stage
        .command(&["review", "accept", &id, "--shown", &shown])
        .env("CSP_PERSON", "mira")
        .current_dir(stage.root()));
    by_environment.ok();
}

#[test]
fn a_rejected_draft_leaves_the_plan_and_the_reason_stays() {
    let stage = Stage::drafted();
    let (id, _) = review(&stage);
    stage.csp(&["review", "reject", &id, "--reason", "old figures", "--as", "mira"]).ok();
    assert!(plan(&stage).get("background").is_none());
    let journal = stage.csp(&["plan", "history", ACCOUNT]).ok();
    assert!(journal.contains("mira rejected"), "{journal}");
}

#[test]
fn an_edited_draft_is_accepted_as_the_person_wants_it() {
    let stage = Stage::drafted();
    let (id, _) = review(&stage);
    let text = stage.csp(&["review", "edit", &id, "--print"]).ok();
    let before = plan(&stage);
    let outcomes = before["background"]["outcomes"].as_array().unwrap().len();
    // One item changed, one field of another cleared, one item deleted, one added.
    let text = text.replace("About 1,850 people", "About 1,900 people").replacen(
        "      metric: On-time delivery\n",
        "",
        1,
    );
    let gone = text.find("    - id: bo-29dc").expect("the sample's outcome about carriers");
    let end = gone
        + 5
        + text[gone + 5..].find("    - id:").or_else(|| text[gone + 5..].find("  internal_notes")).unwrap();
    let end = end.min(gone + text[gone..].find("\n  internal_notes").map_or(usize::MAX, |at| at + 1));
    let text = format!("{}    - outcome: Fewer screens for planners\n{}", &text[..gone], &text[end..]);
    stage.write("draft.yaml", &text);
    let told = stage.csp(&["review", "edit", &id, "--file", "draft.yaml", "--as", "mira"]).ok();
    assert!(told.contains("edited and accepted"), "{told}");
    let after = plan(&stage).to_string();
    assert!(after.contains("About 1,900 people") && after.contains("Fewer screens for planners"), "{after}");
    assert!(!after.contains("bo-29dc"), "{after}");
    let outcomes_now = plan(&stage)["background"]["outcomes"].as_array().unwrap().clone();
    let cleared = outcomes_now.iter().find(|item| item["target"] == "95%").unwrap();
    assert!(cleared.get("metric").is_none() && cleared["evidence"][0]["quote"].is_string(), "{cleared}");
    assert!(!after.contains("\"review\""), "all of it is accepted: {after}");
    assert_eq!(outcomes_now.len(), outcomes);
}

#[test]
fn the_editor_of_the_person_is_used_and_an_unchanged_text_decides_nothing() {
    let stage = Stage::drafted();
    let (id, _) = review(&stage);
    let edit = |editor: &str| {
        run(stage
            .command(&["review", "edit", &id, "--as", "mira"])
            .env("EDITOR", editor)
            .env("TMPDIR", stage.folder())
            .current_dir(stage.root()))
    };
    let before = stage.tree();
    assert!(edit("true").ends(3).err.contains("nothing was changed"));
    assert!(edit("false").ends(3).err.contains("nothing was decided"));
    let script = stage.folder().join("editor");
    for old in std::fs::read_dir(stage.folder()).unwrap() {
        let path = old.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            std::fs::remove_file(path).unwrap();
        }
    }
    assert_eq!(stage.tree(), before);
    std::fs::write(&script, "#!/bin/sh\nsed -i 's/About 1,850 people/About 1,900 people/' \"$1\"\n").unwrap();
    let editor = format!("sh {}", script.display());
    edit(&editor).ok();
    assert!(plan(&stage).to_string().contains("About 1,900 people"));
}

#[test]
fn a_draft_that_does_not_read_is_refused_at_its_place() {
    let stage = Stage::drafted();
    let (id, _) = review(&stage);
    let text = stage.csp(&["review", "edit", &id, "--print"]).ok();
    let before = stage.tree();
    let check = |text: String, expected: &str| {
        stage.write("draft.yaml", text);
        let refused = stage.csp(&["review", "edit", &id, "--file", "draft.yaml", "--as", "mira"]).ends(3);
        assert!(refused.err.contains(expected), "{expected}: {}", refused.err);
    };
    check(text.replace("\nbackground:", "\nbackgrund:"), "draft.yaml:6:1: unknown field \"backgrund\"");
    check(text.replacen("      text: ", "      txt: ", 1), "draft.yaml:9:7: unknown field \"txt\"");
    check(text.replacen("id: st-", "id: zz-", 1), "is no item of this draft");
    check(format!("{text}\nbackground: {{}}\n"), "draft.yaml:");
    std::fs::remove_file(stage.root().join("draft.yaml")).unwrap();
    assert_eq!(stage.tree(), before);
}

#[test]
fn where_the_policy_asks_for_review_the_draft_waits_outside() {
    let stage = Stage::sample();
    let config = stage.read("csp.toml");
    stage.write("csp.toml", format!("{config}\n[review.sa]\nbackground = \"review\"\n"));
    stage.csp(&["emit", crate::stage::STARTS]).ok();
    stage.csp(&["work", "--until-idle"]).ok();
    stage.csp(&["plan", "show", ACCOUNT]).ends(4);
    let (id, shown) = review(&stage);
    assert!(stage.csp(&["review", "show", &id]).ok().contains("outside the plan"));
    stage.csp(&["review", "accept", &id, "--shown", &shown, "--as", "mira"]).ok();
    assert!(plan(&stage).to_string().contains("14 cross-dock warehouses"));
}

#[test]
fn a_task_is_called_off_and_started_again() {
    let stage = Stage::sample();
    stage.csp(&["emit", crate::stage::STARTS]).ok();
    let tasks = stage.csp(&["task", "list", "--json"]).json();
    let id = tasks["tasks"][0]["task"]["id"].as_str().unwrap();
    stage.csp(&["task", "retry", id, "--as", "mira"]).ends(3);
    stage.csp(&["task", "cancel", id, "--reason", "on hold", "--as", "mira"]).ok();
    assert_eq!(stage.csp(&["work", "--until-idle"]).ok().trim(), "0 tasks done.");
    assert!(stage.csp(&["task", "show", id]).ok().contains("cancelled on"));
    stage.csp(&["task", "retry", id, "--as", "mira"]).ok();
    assert!(stage.csp(&["work", "--until-idle"]).ok().contains("1 task done."));
}
