//! Every task of every agent on the sample workspace, from its trigger to a plan that holds what it drafted: once
//! by the extractive drafter, and once by a model whose answers stand in `tasks/answers.json`. The story is that
//! of the sample's events; what no event starts is started by a person.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::stage::{Ran, Stage, run};

const OWNER: &str = "brackwater-utilities";
const REACHED: &str = "Upper Valley loggers connected";
/// What each answer of the scripted model holds besides, and what must never stand in a plan.
const INVENTED: &str = "The chairman has promised the whole board to buy everything that we will ever make.";

/// Each task with the sections that the sample's material fills by rule alone, without a model.
const TASKS: [(&str, &[&str]); 15] = [
    ("sa.initiate_csp", &["background", "stakeholders", "current_state"]),
    ("sa.develop_csp", &["technical_activities", "technical_evaluation"]),
    ("sa.finalize_csp", &["adoption_journey", "risks"]),
    ("sa.prepare_handoff", &[]),
    ("ae.update_commercial_context", &[]),
    ("ca.accept_handoff", &["handoff"]),
    ("ca.track_value", &[]),
    ("ca.refresh_csp", &["risks"]),
    ("ca.update_risks", &["risks"]),
    ("ca.plan_next_phase", &[]),
    ("delivery.update_delivery", &["technical_activities"]),
    ("ve.quantify_outcomes", &[]),
    ("ve.track_value_evidence", &[]),
    ("meeting_notes.extract_meeting", &[]),
    ("nudger.write_reminder", &[]),
];

/// What became of a task: how often it was done, and what it changed, as `section.list: text`.
#[derive(Default)]
struct Done {
    times: usize,
    changed: BTreeSet<String>,
}

/// The sample's events in their order: name of the file, event.
fn events(stage: &Stage) -> Vec<(String, Value)> {
    let files = std::fs::read_dir(stage.root().join("events")).unwrap().flatten();
    let mut names: Vec<String> =
        files.map(|file| format!("events/{}", file.file_name().to_str().unwrap())).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), serde_json::from_str(&stage.read(&name)).unwrap())).collect()
}

/// The material that the event brings with it.
fn material(event: &Value) -> Option<String> {
    let path = event["data"]["material"].as_str()?;
    Some(format!("infohub/{}/{path}", event["subject"].as_str().unwrap()))
}

/// Plays the events, each drafted before the next comes in, and each bringing its material.
fn play(stage: &Stage) -> BTreeMap<String, Done> {
    let mut done = BTreeMap::new();
    let events = events(stage);
    let brought = events.iter().filter_map(|(_, event)| material(event));
    let brought: BTreeMap<String, String> = brought.map(|path| (path.clone(), stage.read(&path))).collect();
    for path in brought.keys() {
        std::fs::remove_file(stage.root().join(path)).unwrap();
    }
    for (name, mut event) in events {
        if let Some(path) = material(&event) {
            stage.write(&path, &brought[&path]);
        }
        if event["type"] == "milestone.completed" {
            event["data"]["item"] = milestone(stage, REACHED).into();
            stage.write(&name, event.to_string());
        }
        stage.csp(&["emit", &name]).ok();
        note(&mut done, work(stage).ends(0));
    }
    let due = milestone(stage, "all three valleys live");
    let start = ["task", "start", "nudger.write_reminder", OWNER, "--item", &due, "--as", "adaeze"];
    stage.csp(&start).ok();
    note(&mut done, work(stage).ends(0));
    done
}

fn work(stage: &Stage) -> Ran {
    let arguments = ["work", "--until-idle", "--json"];
    run(stage.command(&arguments).env("TEST_MODEL_KEY", "none").current_dir(stage.root()))
}

/// The milestone's id, by what it says.
fn milestone(stage: &Stage, text: &str) -> String {
    let shown = stage.csp(&["plan", "show", OWNER, "--json"]).json();
    let milestones = shown.pointer("/adoption_journey/milestones").unwrap().as_array().unwrap();
    let says = |milestone: &&Value| milestone["milestone"].as_str().unwrap().eq_ignore_ascii_case(text);
    let found = milestones.iter().find(says).unwrap_or_else(|| panic!("{text} is not in {shown}"));
    found["id"].as_str().unwrap().to_owned()
}

fn note(done: &mut BTreeMap<String, Done>, ran: Ran) {
    for line in ran.json_lines().iter().filter(|line| line["told"] == "took") {
        let effects = line["effects"].as_array().unwrap();
        let task = line["task"].as_str().unwrap().rsplit_once('-').unwrap().0;
        let is_done = effects.iter().any(|effect| effect["effect"] == "task_done");
        assert!(is_done, "{task} did not end well: {line}");
        let entry = done.entry(task.to_owned()).or_default();
        entry.times += 1;
        for effect in effects.iter().filter(|effect| effect["effect"] == "plan_changed") {
            for change in effect["diff"]["changes"].as_array().unwrap() {
                let text = change["text"].as_str().unwrap_or_default();
                let place =
                    format!("{}.{}", change["section"].as_str().unwrap(), change["list"].as_str().unwrap());
                entry.changed.insert(format!("{place}: {text}"));
            }
        }
    }
}

#[test]
fn every_task_comes_from_its_trigger_to_the_plan_by_rule() {
    let stage = Stage::sample();
    let done = play(&stage);
    for (task, sections) in TASKS {
        let done = done.get(task).unwrap_or_else(|| panic!("{task} was not started"));
        println!("{task}: done {} times, {} changes", done.times, done.changed.len());
        for section in sections {
            let fills = |change: &String| change.starts_with(&format!("{section}."));
            assert!(done.changed.iter().any(fills), "{task} left {section} empty: {:?}", done.changed);
        }
    }
    assert_eq!(done.len(), TASKS.len(), "{:?}", done.keys());
    take_over(&stage);
    let plan = stage.csp(&["plan", "show", OWNER, "--json"]).json();
    assert_eq!(plan.pointer("/plan/owner/person"), Some(&json!("adaeze")), "the handoff passes it on");
    assert_eq!(plan.pointer("/plan/lifecycle"), Some(&json!("execute")));
    assert_eq!(plan.pointer("/plan/last_customer_review"), Some(&json!("2026-06-30")));
    stage.csp(&["plan", "verify"]).ok();
}

/// The customer architect answers to each commitment and takes the account over.
fn take_over(stage: &Stage) {
    let plan = stage.csp(&["plan", "show", OWNER, "--json"]).json();
    assert_eq!(
        plan.pointer("/plan/owner/person"),
        Some(&json!("mira")),
        "an agent's draft hands nothing over"
    );
    let commitments =
        plan.pointer("/handoff/commitments").and_then(Value::as_array).cloned().unwrap_or_default();
    for commitment in &commitments {
        let id = commitment["id"].as_str().unwrap();
        stage.csp(&["handoff", "commitment", OWNER, id, "accepted", "--as", "adaeze"]).ok();
    }
    stage.csp(&["handoff", "accept", OWNER, "--as", "adaeze"]).ok();
}

/// What the scripted model says: by task, and by account where a task runs for two.
fn answers() -> Value {
    serde_json::from_str(include_str!("tasks/answers.json")).unwrap()
}

/// The answer to the task of this request, with an invention beside what it quotes.
fn answer(request: &Request) -> ResponseTemplate {
    let body: Value = request.body_json().unwrap();
    let task = body.pointer("/response_format/json_schema/name").unwrap().as_str().unwrap();
    let account = if body.to_string().contains("Brackwater") { "brackwater" } else { "others" };
    let answers = answers();
    let mut sections = answers[task].get(account).unwrap_or(&answers[task]).clone();
    assert!(sections.is_object(), "{task} has no answer");
    for lists in sections.as_object_mut().unwrap().values_mut() {
        for change in lists.as_object_mut().unwrap().values_mut() {
            let items = change["upsert"].as_array_mut().unwrap();
            let mut invented = items[0].clone();
            let text = items[0].as_object().unwrap().keys().find(|key| key.as_str() != "evidence").unwrap();
            invented[text] = INVENTED.into();
            invented["evidence"] =
                json!([{ "source": "materials/discovery/2026-01-15.md", "quote": INVENTED }]);
            items.push(invented);
        }
    }
    let content = json!({ "sections": sections, "questions": [] }).to_string();
    ResponseTemplate::new(200).set_body_json(json!({
        "id": "r-1", "object": "chat.completion", "created": 1_770_000_000, "model": "scripted",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990},
    }))
}

#[test]
fn every_task_comes_from_its_trigger_to_the_plan_by_a_model() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(MockServer::start());
    let ask = Mock::given(method("POST")).and(path("/v1/chat/completions"));
    runtime.block_on(ask.respond_with(answer).mount(&server));
    let stage = Stage::sample();
    let config = format!(
        "[drafter]\nkind = \"model\"\n[model]\nbase_url = \"{}/v1\"\nmodel = \"scripted\"\napi_key_env = \"TEST_MODEL_KEY\"\n[model.limits]\nmax_attempts = 1\n",
        server.uri()
    );
    stage.write("csp.toml", config);
    let done = play(&stage);
    for (task, _) in TASKS {
        let done = done.get(task).unwrap_or_else(|| panic!("{task} was not started"));
        let said = answers()[task.replace('.', "_")].clone();
        let said = said.get("brackwater").unwrap_or(&said).clone();
        for section in said.as_object().unwrap().keys() {
            let fills = |change: &String| change.starts_with(&format!("{section}."));
            assert!(done.changed.iter().any(fills), "{task} left {section} empty: {:?}", done.changed);
        }
        assert!(done.changed.iter().all(|change| !change.contains(INVENTED)), "{task}: {:?}", done.changed);
    }
    for account in [OWNER, "veldhaven-logistics"] {
        let tree = stage.csp(&["plan", "show", account, "--json"]).json().to_string();
        assert!(!tree.contains(INVENTED), "{account}");
    }
    stage.csp(&["plan", "verify"]).ok();
}
