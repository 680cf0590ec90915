//! What reading, writing and rewriting a plan of 13 KB costs, per call, beside libyaml in Rust.
//!
//! Run with `cargo bench -p infohub --bench yaml`. It knows the public YAML functions alone.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its numbers and stops at the first failure"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use infohub::yaml::{Way, emit, read_value, rewrite};
use serde_json::{Value, json};

const SECTIONS: [&str; 10] = [
    "background",
    "stakeholders",
    "current_state",
    "technical_activities",
    "technical_evaluation",
    "adoption_journey",
    "initiatives",
    "value_tracking",
    "risks",
    "customer_journey",
];

fn main() {
    let old = plan();
    let plain = emit(&old).unwrap();
    let commented = plain.replace("      status:", "      # asked twice\n      status:");
    let quoted = commented.replacen("background:", "\"background\":", 1);
    let mut leaf = old.clone();
    leaf["risks"]["items"][2]["status"] = json!("mitigated");
    let mut item = old.clone();
    let new_item = new_item("risks", 99);
    item["risks"]["items"].as_array_mut().unwrap().push(new_item);

    println!("a plan of {} bytes, {} with comments; time per call", plain.len(), commented.len());
    row("read_value", || read_value("plan", &plain).unwrap());
    row("emit", || emit(&old).unwrap());
    row("serde_yaml from_str", || serde_yaml::from_str::<Value>(&plain).unwrap());
    row("serde_yaml to_string", || serde_yaml::to_string(&old).unwrap());
    row("emit and read one section", || {
        read_value("plan", &emit(&json!({"risks": old["risks"]})).unwrap()).unwrap()
    });
    for (what, text, way) in [
        ("as emitted", &plain, Way::Spliced),
        ("with comments", &commented, Way::Edited),
        ("whole document", &quoted, Way::Whole),
    ] {
        for (change, new) in [("a leaf", &leaf), ("a new item", &item)] {
            assert_eq!(rewrite(text, &old, new).unwrap().way, way);
            row(&format!("rewrite {change}, {what}"), || rewrite(text, &old, new).unwrap());
        }
    }
}

/// Prints the fastest of several rounds: what else runs on the machine only adds.
fn row<T>(name: &str, mut call: impl FnMut() -> T) {
    let mut rounds: Vec<Duration> = (0..25)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..40 {
                black_box(call());
            }
            start.elapsed() / 40
        })
        .collect();
    rounds.sort();
    println!("{name:<42} {:>8.1} us", rounds[0].as_secs_f64() * 1e6);
}

/// A fictional plan.
fn plan() -> Value {
    let sections = SECTIONS.iter().map(|section| {
        let items: Vec<Value> = (0..4).map(|number| new_item(section, number)).collect();
        ((*section).to_owned(), json!({"summary": "What stands here is fiction.", "items": items}))
    });
    Value::Object(sections.collect())
}

fn new_item(section: &str, number: u32) -> Value {
    json!({
        "id": format!("it-{section}-{number}"),
        "title": "Reduce the time that a change of plan takes",
        "owner": {"role": "sa", "person": "p-17"},
        "due_date": "2026-06-30",
        "status": "open",
        "evidence": [{"source": "materials/discovery.md", "lines": "12-14", "quote": "it takes us nine days, on a good month"}],
    })
}
