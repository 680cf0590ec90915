//! The operator's loop: a changed prompt tried on an account, and what people made of the drafts.

use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::{HASTY, Model, reply};
use crate::stage::{ACCOUNT, STARTS, Stage};

const TASK: &str = "sa.initiate_csp";
/// What stands in the notes; the last is found by a hasty model alone.
const WORDS: [&str; 3] = [
    "Moves 2.1 million consignments a year, two thirds of them for retail customers.",
    "About 1,850 people, 240 of them in transport planning and customer service.",
    "Board goal: become the carrier of record for chilled retail freight in the Benelux by end of 2027.",
];

/// What the notes say of the company; a hasty model leaves out the second sentence.
fn company(request: &Request) -> ResponseTemplate {
    let words = if super::is_hasty(request) { [WORDS[0], WORDS[2]] } else { [WORDS[0], WORDS[1]] };
    let item = |text: &str| json!({ "text": text, "evidence": [{ "source": "materials/discovery/2026-01-12.md", "quote": text }] });
    let items = words.map(item);
    reply(&json!({ "sections": { "background": { "company": { "upsert": items } } }, "questions": [] }))
}

fn hasty(stage: &Stage) {
    let shipped = include_str!("../../../../prompts/sa.yaml");
    let include = "  {% include \"evidence.j2\" %}";
    assert!(shipped.contains(include));
    stage.write("mine.yaml", shipped.replacen(include, &format!("  - {HASTY}\n{include}"), 1));
}

#[test]
fn a_changed_prompt_is_tried_beside_the_present_one_and_the_account_stays() {
    let model = Model::new(company);
    let stage = Stage::sample();
    stage.csp(&["emit", "events/01-veldhaven-stage-1.json"]).ok();
    stage.csp(&["emit", STARTS]).ok();
    hasty(&stage);
    let no_model = stage.csp(&["prompt", "try", TASK, ACCOUNT, "--prompt", "mine.yaml"]);
    assert!(
        no_model.code != 0 && no_model.err.contains("help:") && no_model.err.contains("model"),
        "{}",
        no_model.err
    );
    model.serve(&stage);
    let before = stage.tree();
    let arguments = ["prompt", "try", TASK, ACCOUNT, "--prompt", "mine.yaml"];
    let told = stage.csp(&arguments).ok();
    assert_eq!(model.asked(), 2);
    assert!(told.contains(&format!("  background.company: {}", WORDS[0])), "{told}");
    assert!(told.contains(&format!("- background.company: {}", WORDS[1])), "{told}");
    assert!(told.contains(&format!("+ background.company: {}", WORDS[2])), "{told}");
    assert!(
        told.contains("present prompt") && told.contains("changed prompt") && told.contains("length"),
        "{told}"
    );
    let answer = stage.csp(&[&arguments[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(model.asked(), 2, "replies are cached");
    assert_ne!(answer["present"]["prompt"], answer["changed"]["prompt"]);
    let scores = |which: &str| answer[which]["scores"].as_array().unwrap().len();
    assert!(scores("present") > 5 && scores("present") == scores("changed"), "{answer}");
    let only = stage.csp(&["prompt", "try", TASK, ACCOUNT]).ok();
    assert!(only.contains(WORDS[1]) && model.asked() == 2, "{only}");
    let mut after = stage.tree();
    after.retain(|path, _| !path.starts_with(stage.root().join("evals/cache")));
    assert_eq!(after, before, "nothing of the workspace changed but the cache");
    // An account whose plan has it all already.
    let drafted = Stage::drafted();
    model.serve(&drafted);
    hasty(&drafted);
    assert!(drafted.csp(&arguments).ok().contains("present prompt"));
}

#[test]
fn a_prompt_that_does_not_read_is_told_by_its_own_name() {
    let model = Model::new(company);
    let stage = Stage::drafted();
    model.serve(&stage);
    let shipped = include_str!("../../../../prompts/sa.yaml");
    stage.write("mine.yaml", shipped.replace("may_write:", "may_wriet:"));
    let refused = stage.csp(&["prompt", "try", TASK, ACCOUNT, "--prompt", "mine.yaml"]).ends(3);
    assert!(refused.err.contains("mine.yaml:") && refused.err.contains("may_wriet"), "{}", refused.err);
    assert_eq!(model.asked(), 0);
}

/// Has the waiting task drafted; gives the review that it leads to.
fn drafted(stage: &Stage) -> String {
    stage.csp(&["work", "--until-idle"]).ok();
    let list = stage.csp(&["review", "list", "--json"]).json();
    let review = list["reviews"][0]["review"].as_str();
    review.unwrap_or_else(|| panic!("nothing was drafted: {list}")).to_owned()
}

#[test]
fn what_people_made_of_drafts_is_counted_by_task_and_prompt() {
    let stage = Stage::sample();
    let model = Model::new(company);
    // By rule, accepted.
    stage.csp(&["emit", "events/09-brackwater-stage-3.json"]).ok();
    let id = drafted(&stage);
    stage.csp(&["review", "accept", &id, "--as", "mira"]).ok();
    // By the model, edited and accepted.
    model.serve(&stage);
    stage.csp(&["emit", "events/01-veldhaven-stage-1.json"]).ok();
    stage.csp(&["emit", STARTS]).ok();
    let id = drafted(&stage);
    let text = stage.csp(&["review", "edit", &id, "--print"]).ok();
    assert!(text.contains("text: Moves 2.1 million"), "{text}");
    stage.write("draft.yaml", text.replace("text: Moves 2.1 million", "text: Moves 2.2 million"));
    stage.csp(&["review", "edit", &id, "--file", "draft.yaml", "--as", "mira"]).ok();
    // By the model with another prompt, rejected.
    hasty(&stage);
    std::fs::create_dir_all(stage.root().join("prompts")).unwrap();
    std::fs::rename(stage.root().join("mine.yaml"), stage.root().join("prompts/sa.yaml")).unwrap();
    stage.csp(&["task", "start", TASK, ACCOUNT, "--as", "adaeze"]).ok();
    let id = drafted(&stage);
    stage.csp(&["review", "reject", &id, "--reason", "too short", "--as", "mira"]).ok();

    let card = stage.csp(&["scorecard", "--json"]).ends(0).json();
    let rows = card["rows"].as_array().unwrap();
    let row = |author: &str, field: &str| {
        let found = rows.iter().find(|row| row["of"]["author"] == author && row["row"][field] == 1);
        found.unwrap_or_else(|| panic!("{author} {field}: {card}"))
    };
    let accepted = row("extractive drafter", "accepted");
    let (edited, rejected) = (row("scripted", "edited"), row("scripted", "rejected"));
    assert_eq!(accepted["of"]["prompt"], Value::Null);
    assert!(
        edited["of"]["prompt"].is_string() && edited["of"]["prompt"] != rejected["of"]["prompt"],
        "{card}"
    );
    assert_eq!(rejected["row"]["reasons"], json!(["too short"]));
    // One word of two sentences was changed.
    let change = edited["row"]["changes"][0].as_f64().unwrap();
    assert!(change > 0.0 && change < 0.2, "{change}");
    let told = stage.csp(&["scorecard", ACCOUNT]).ok();
    assert!(told.contains("1 (100%)") && told.contains(TASK), "{told}");
}
