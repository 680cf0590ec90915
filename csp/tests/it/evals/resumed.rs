//! A run that broke off is gone on with: what it comes to is what an unbroken one comes to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use wiremock::{Request, ResponseTemplate};

use super::{Model, answer, depot, depots, eval, lines, log, timeless};
use crate::stage::Stage;

/// One after the other and at a moment that stands still, so that whole logs can be compared.
const STEADY: [&str; 4] = ["--concurrency", "1", "--now", "2026-03-05"];

#[test]
fn a_resumed_run_is_the_unbroken_one_wherever_it_broke() {
    let stage = Stage::sample();
    let ran = eval(&stage, &[&["run", "extraction"], &STEADY[..]].concat()).ends(0).json();
    let whole = stage.read(ran["log"].as_str().unwrap());
    let unbroken = timeless(&lines(&whole));
    let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).collect();
    assert_eq!(ends.len(), unbroken.len());
    let middles = ends.windows(2).map(|ends| ends[0].midpoint(ends[1]));
    // After each whole line, in the middle of each, and a byte before the end of the last.
    let cuts = ends.iter().copied().chain(middles).chain([whole.len() - 1]);
    for (nth, cut) in cuts.enumerate() {
        let name = format!("cut-{nth}.jsonl");
        stage.write(&name, &whole[..cut]);
        let arguments = [&["run", "extraction", "--resume", &name], &STEADY[..]].concat();
        eval(&stage, &arguments).ends(0);
        let resumed = stage.read(&name);
        assert_eq!(timeless(&lines(&resumed)), unbroken, "cut at {cut}");
        let kept = whole[..cut].rfind('\n').unwrap() + 1;
        assert_eq!(resumed[..kept], whole[..kept], "what stood there is not changed");
    }
}

#[test]
fn what_broke_is_run_again_and_what_ended_is_not() {
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let model = Model::new(move |request: &Request| {
        if is_broken.load(Ordering::SeqCst) && depot(request) % 2 == 1 {
            return ResponseTemplate::new(500).set_body_string("out of order");
        }
        answer(request)
    });
    let stage = depots(6);
    model.serve(&stage);
    let first = eval(&stage, &["run", "depots", "--fresh"]).ends(5).json();
    let errored: Vec<&Value> = first["errored"].as_array().unwrap().iter().map(|one| &one["case"]).collect();
    assert_eq!(errored, ["depot-01", "depot-03", "depot-05"]);
    assert_eq!((model.asked(), first["summary"]["origin"]["errored"].as_u64()), (6, Some(3)));
    assert!((super::mean(&first, "action_f1") - 1.0).abs() < 1e-9, "what broke is no score: {first}");
    broken.store(false, Ordering::SeqCst);
    let resumed = eval(&stage, &["run", "depots", "--resume", "--fresh"]).ends(0).json();
    assert_eq!((model.asked(), &resumed["log"]), (6 + 3, &first["log"]));
    assert_eq!(log(&stage, &resumed).len(), 1 + 6 + 3, "the log is only added to");
    // In the end it is the run that nothing broke.
    let unbroken = eval(&stage, &["run", "depots", "--fresh"]).ends(0).json();
    let ran = |told: &Value| -> Vec<Value> {
        let lines = timeless(&log(&stage, told)).split_off(1);
        lines.into_iter().filter(|line| line["result"]["is"] == "ran").collect()
    };
    assert_eq!(ran(&resumed), ran(&unbroken));
    assert_eq!(resumed["summary"]["scorers"][0], unbroken["summary"]["scorers"][0]);
}

#[test]
fn a_run_of_something_else_is_not_gone_on_with() {
    let stage = depots(3);
    eval(&stage, &["run", "depots"]);
    let suite = stage.read("evals/depots.jsonl");
    stage.write("evals/depots.jsonl", suite.replace("Calder Pumps", "Calder Pipes"));
    let before = stage.tree();
    let refused = stage.csp(&["eval", "run", "depots", "--resume"]).ends(3);
    assert!(refused.err.contains("the suite changed since"), "{}", refused.err);
    stage.write("evals/depots.jsonl", &suite);
    let refused = stage.csp(&["eval", "run", "depots", "--resume", "--repeats", "2"]).ends(3);
    assert!(refused.err.contains("the number of repeats changed"), "{}", refused.err);
    stage.write("evals/depots.jsonl", suite.replace("Calder Pumps", "Calder Pipes"));
    assert_eq!(stage.tree(), before);
    stage.csp(&["eval", "run", "sa", "--resume"]).ends(4);
}
