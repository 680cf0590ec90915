//! The whole path against a real model: `scripts/real-model` starts one and runs this. A small model gets most
//! things wrong; what is shown is that nothing wrong enters a plan, and that each failure is told.
//!
//! CSP_MODEL_URL names the server, CSP_REAL_CASES how many accounts (2 unless said).

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::stage::Stage;

#[test]
#[ignore = "needs a model server; run scripts/real-model"]
fn real_model_writes_nothing_that_is_not_in_the_source() {
    let Ok(url) = std::env::var("CSP_MODEL_URL") else {
        println!("SKIPPED: CSP_MODEL_URL is not set");
        return;
    };
    let cases = std::env::var("CSP_REAL_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let stage = Stage::bare();
    stage.write("csp.toml", settings(&url, 1600, 1990));
    let materials = materials(cases);
    for (number, material) in materials.iter().enumerate() {
        let account = format!("case-{number}");
        stage.write(
            &format!("infohub/{account}/materials/discovery/story.html"),
            std::fs::read_to_string(material).unwrap(),
        );
        let event = format!(
            r#"{{"specversion":"1.0","id":"e-{number}","source":"crm","type":"opportunity.changed","subject":"{account}","time":"2026-01-15T10:00:00Z","data":{{"account":{{"name":"Case {number}"}},"opportunity":{{"id":"006-{number}","name":"First deal","stage":"Stage 2","arr":250000,"currency":"USD"}}}}}}"#
        );
        stage.write("event.json", event);
        stage.csp(&["emit", "event.json"]).ok();
    }
    work(&stage, &[]);
    let (mut items, mut quotes) = (0, 0);
    for (number, material) in materials.iter().enumerate() {
        let account = format!("case-{number}");
        let page = bare(&std::fs::read_to_string(material).unwrap());
        let told = tell(&stage, &account);
        let plan = stage.root().join(format!("infohub/{account}/success_plan/csp.yaml"));
        if let Ok(text) = std::fs::read_to_string(plan) {
            let shown = stage.csp(&["plan", "show", &account, "--json"]).json();
            let (found, cited) = check(&shown, &page, &account);
            items += found;
            quotes += cited;
            assert!(text.contains("review: drafted") || found == 0);
        }
        println!("{account} ({}): {told}", material.display());
        stage.csp(&["plan", "verify", &account]).ok();
    }
    println!(
        "{} accounts by a real model: {items} items in plans, {quotes} quotes, all in their sources",
        materials.len()
    );
}

/// A small model on a small machine: little room, much time. One account at a time, since it has one slot.
pub fn settings(url: &str, prompt: u32, answer: u32) -> String {
    format!(
        "[drafter]\nkind = \"model\"\nprompt_tokens = {prompt}\nanswer_tokens = {answer}\n[model]\nbase_url = \"{url}\"\n\
         model = \"smollm2\"\nconcurrency = 1\n[model.supports]\nschema = \"plain_schema\"\ntools = false\n\
         [model.limits]\nfirst_byte_ms = 880000\ntotal_ms = 900000\nmax_attempts = 1\n[work]\nconcurrency = 1\n"
    )
}

/// Works until nothing waits. An account that is blocked is told by the exit code and does not keep the others from
/// being looked at.
pub fn work(stage: &Stage, more: &[&str]) {
    let ran = stage.csp(&[&["work", "--until-idle"], more].concat());
    assert!(ran.code == 0 || ran.code == 5, "exit {}: {}\n{}", ran.code, ran.out, ran.err);
}

/// Case studies where they are at hand, else the sample's own notes.
fn materials(cases: usize) -> Vec<PathBuf> {
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/material/case-studies");
    let Ok(entries) = std::fs::read_dir(studies) else {
        println!("no case studies at hand; the sample's notes are taken");
        return vec![
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("sample/infohub/veldhaven-logistics/materials/discovery/2026-01-12.md"),
        ];
    };
    let mut pages: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path().join("index.html")).filter(|page| page.is_file()).collect();
    pages.sort_by_key(|page| std::fs::metadata(page).map_or(0, |meta| meta.len()));
    pages.into_iter().take(cases).collect()
}

/// What the run record says of the account's task: how it ended, tokens, checks, what was dropped.
fn tell(stage: &Stage, account: &str) -> String {
    let runs = stage.root().join(format!("infohub/{account}/success_plan/csp_runs"));
    let mut told = Vec::new();
    for entry in std::fs::read_dir(runs).unwrap() {
        let run: Value =
            serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let exchanges = run["exchanges"].as_array().map_or(0, Vec::len);
        assert!(run["outcome"].is_string(), "every run says how it ended: {run}");
        let count = |field: &str| run[field].as_array().map_or(0, Vec::len);
        told.push(format!(
            "{}; {exchanges} questions, {} checks, {} dropped, {} warnings",
            run["outcome"].as_str().unwrap(),
            count("checks"),
            count("dropped"),
            count("warnings")
        ));
        for entry in ["dropped", "checks"] {
            told.extend(
                run[entry]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .take(3)
                    .map(|line| format!("    {entry}: {line}")),
            );
        }
    }
    told.join("\n")
}

/// Every quote anywhere in the plan stands in the page, letters and digits compared. Gives items and quotes.
pub fn check(plan: &Value, page: &str, account: &str) -> (usize, usize) {
    match plan {
        Value::Object(fields) => {
            let mut counts = (usize::from(fields.contains_key("evidence")), 0);
            if let Some(quote) = fields.get("quote").and_then(Value::as_str) {
                assert!(page.contains(&bare(quote)), "{account}: not in the source: {quote}");
                counts.1 += 1;
            }
            for value in fields.values() {
                let (items, quotes) = check(value, page, account);
                counts = (counts.0 + items, counts.1 + quotes);
            }
            counts
        }
        Value::Array(values) => values.iter().fold((0, 0), |sum, value| {
            let (items, quotes) = check(value, page, account);
            (sum.0 + items, sum.1 + quotes)
        }),
        _ => (0, 0),
    }
}

/// Letters and digits of the text between tags.
pub fn bare(text: &str) -> String {
    let mut outside = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        outside.push_str(&rest[..at]);
        rest = rest[at..].split_once('>').map_or("", |(_, after)| after);
    }
    outside.push_str(rest);
    outside
        .replace("&amp;", "&")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
