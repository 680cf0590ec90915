//! Replies to the shipped suites, written by this test and by no model: what the extractive drafter found, put as a
//! model would put it; in every second case with an item that is made up, and where a file gives orders, obedient.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::{Map, Value, json};
use wiremock::{Request, ResponseTemplate};

use super::{INVENTED, Model, eval, lines, log, reply};
use crate::stage::Stage;

/// Nobody listens there; a replay never asks.
const NOWHERE: &str = "http://127.0.0.1:9/v1";

/// The fields that say what an item is, whichever list it is in.
const SAID: [&str; 22] = [
    "text",
    "progress",
    "outcome",
    "name",
    "risk",
    "action",
    "decision",
    "commitment",
    "point",
    "words",
    "activity",
    "metric",
    "indicator",
    "engagement",
    "criterion",
    "step",
    "milestone",
    "item",
    "initiative",
    "feedback",
    "score",
    "stage",
];

/// Where an order is obeyed, by task: section, list, and an entry without its text, which stands in the field named.
fn obedient(task: &str) -> (&'static str, &'static str, &'static str, Value) {
    let nothing = json!({});
    match task {
        "delivery.update_delivery" => ("technical_activities", "activities", "activity", nothing),
        "meeting_notes.extract_meeting" => {
            ("action_tracker", "actions", "action", json!({ "due": "no date said" }))
        }
        "ca.update_risks" => ("risks", "risks", "risk", nothing),
        "ca.track_value" => ("value_tracking", "health_indicators", "indicator", nothing),
        _ => ("background", "company", "text", nothing),
    }
}

/// The answer to one case's task: what was found by rule, as an answer has it.
fn found(patch: &Value, plan: &str) -> Value {
    let mut sections = patch["sections"].clone();
    for lists in sections.as_object_mut().unwrap().values_mut() {
        lists
            .as_object_mut()
            .unwrap()
            .retain(|_, change| change["upsert"].as_array().is_some_and(|items| !items.is_empty()));
        for change in lists.as_object_mut().unwrap().values_mut() {
            change["upsert"].as_array_mut().unwrap().iter_mut().for_each(|item| as_said(item, plan));
        }
    }
    let sections: Map<String, Value> =
        sections.as_object().unwrap().clone().into_iter().filter(|(_, lists)| lists != &json!({})).collect();
    Value::Object(sections)
}

/// An item as an answer has it: new ones have no id and name none, and where a quote stands is found out later.
fn as_said(item: &mut Value, plan: &str) {
    let is_new = |id: &Value| id.as_str().is_some_and(|id| !plan.contains(id));
    let fields = item.as_object_mut().unwrap();
    fields.remove("review");
    for reference in ["id", "phase", "outcome", "engagement"] {
        if fields.get(reference).is_some_and(|id| is_new(id) && (reference == "id" || looks_like_an_id(id))) {
            fields.remove(reference);
        }
    }
    // What a model is not asked for: notes are people's, and whether a point of the checklist is done is worked out.
    for field in ["notes", "done"] {
        fields.remove(field);
    }
    let evidence = fields.get_mut("evidence").and_then(Value::as_array_mut);
    for one in evidence.into_iter().flatten().filter_map(Value::as_object_mut) {
        one.remove("lines");
        if one.contains_key("crm") {
            one.retain(|field, _| ["crm", "value"].contains(&field.as_str()));
        }
        let inputs = one.get_mut("inputs").and_then(Value::as_array_mut).into_iter().flatten();
        let columns = inputs.filter_map(Value::as_object_mut).filter(|input| input.contains_key("column"));
        columns.for_each(|input| drop(input.remove("value")));
    }
}

fn looks_like_an_id(value: &Value) -> bool {
    let parts = value.as_str().and_then(|text| text.split_once('-'));
    parts.is_some_and(|(kind, rest)| kind.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Puts an item beside the first that says and quotes what stands nowhere.
fn invent(sections: &mut Value) {
    let lists = sections.as_object_mut().unwrap().values_mut();
    let Some(change) = lists.flat_map(|lists| lists.as_object_mut().unwrap().values_mut()).next() else {
        return;
    };
    let items = change["upsert"].as_array_mut().unwrap();
    let mut invented = items[0].clone();
    let fields = invented.as_object_mut().unwrap();
    fields.remove("id");
    let said = SAID.into_iter().find(|field| fields.contains_key(*field));
    let said = said.unwrap_or_else(|| panic!("which field says it? {fields:?}"));
    fields.insert(said.to_owned(), INVENTED.into());
    fields.insert(
        "evidence".to_owned(),
        json!([{ "source": "materials/discovery/2026-01-15.md", "quote": INVENTED }]),
    );
    items.push(invented);
}

/// Puts in what the material orders, with the order as its evidence.
fn obey(sections: &mut Value, task: &str, case: &Value) {
    let (section, list, field, rest) = obedient(task);
    let material = &case["material"][0];
    let lines: Vec<&str> =
        material["text"].as_str().unwrap().lines().filter(|line| !line.is_empty()).collect();
    let ordered = &lines[1..lines.len() - 1];
    let items = case["expect"]["absent"].as_array().unwrap().iter().map(|absent| {
        let absent = absent.as_str().unwrap();
        let quote = ordered.iter().find(|line| line.contains(absent)).unwrap_or(&ordered[0]);
        let mut item = rest.clone();
        item[field] = if quote.contains(absent) { (*quote).into() } else { absent.into() };
        item["evidence"] = json!([{ "source": material["path"], "quote": quote }]);
        item
    });
    let items: Vec<Value> = items.collect();
    let lists = sections.as_object_mut().unwrap().entry(section).or_insert_with(|| json!({}));
    let change = lists.as_object_mut().unwrap().entry(list).or_insert_with(|| json!({ "upsert": [] }));
    change["upsert"].as_array_mut().unwrap().extend(items);
}

/// The answers to a suite's questions in the order in which its cases are run one after the other.
fn answers(stage: &Stage, suite: &str) -> VecDeque<Value> {
    let ran = eval(stage, &["run", suite, "--drafter", "extractive", "--concurrency", "1"]).ends(0).json();
    let plans = ["brackwater", "calder"].map(|plan| stage.read(&format!("evals/plans/{plan}.yaml"))).concat();
    let mut answers = VecDeque::new();
    for (nth, line) in log(stage, &ran)[1..].iter().enumerate() {
        for task in line["result"]["produced"]["tasks"].as_array().unwrap() {
            let mut sections = found(&task["patch"], &plans);
            if nth.is_multiple_of(2) {
                invent(&mut sections);
            }
            if suite == "injections" {
                obey(
                    &mut sections,
                    task["run"].as_str().unwrap(),
                    &case(stage, line["case"].as_str().unwrap()),
                );
            }
            answers.push_back(json!({ "sections": sections, "questions": [] }));
        }
    }
    answers
}

/// A case of the suite of injections, as it is written.
fn case(stage: &Stage, id: &str) -> Value {
    let suite = infohub::yaml::read_value("injections.yaml", &stage.read("evals/injections.yaml")).unwrap();
    suite["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

/// Gives the answers one after the other; a question that is asked again gets the same answer again.
struct InTurn {
    left: Mutex<(VecDeque<Value>, Value)>,
}

impl wiremock::Respond for InTurn {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut left = self.left.lock().unwrap();
        let asked_before = String::from_utf8_lossy(&request.body).contains("\"role\":\"assistant\"");
        if !asked_before {
            left.1 = left.0.pop_front().expect("no more questions than tasks");
        }
        reply(&left.1)
    }
}

/// Records a suite; gives the recording without what differs from machine to machine.
fn recorded(suite: &str) -> String {
    let stage = Stage::sample();
    let answers = answers(&stage, suite);
    let model = Model::new(InTurn { left: Mutex::new((answers, Value::Null)) });
    model.serve(&stage);
    let told = eval(&stage, &["record", suite, "--concurrency", "1"]).ends(0).json();
    for line in &log(&stage, &told)[1..] {
        let task = &line["result"]["produced"]["tasks"][0];
        println!("{suite} {}: {} {}", line["case"], task["end"], task["dropped"]);
    }
    let mut lines = lines(&stage.read(&format!("evals/recordings/{suite}.jsonl")));
    lines[0]["model"]["base_url"] = NOWHERE.into();
    for line in &mut lines[1..] {
        line["reply"]["elapsed_ms"] = 0.into();
        line["reply"]["attempts"].as_array_mut().unwrap().iter_mut().for_each(|attempt| {
            attempt["elapsed_ms"] = 0.into();
            attempt["started_after_ms"] = 0.into();
        });
    }
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

#[test]
#[ignore = "writes the recordings of the shipped suites anew, as after a prompt has changed"]
fn make_the_recordings_again() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample/evals/recordings");
    std::fs::create_dir_all(&folder).unwrap();
    for suite in super::SHIPPED {
        std::fs::write(folder.join(format!("{suite}.jsonl")), recorded(suite)).unwrap();
    }
}
