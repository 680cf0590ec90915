//! A model's replies, recorded and replayed: by whoever records, and in CI those that the sample brings.

use crate::stage::Stage;

use super::{INVENTED, Model, SHIPPED, answer, depots, eval, log, make_hasty, timeless};

#[test]
fn a_recording_replays_without_a_server_and_gives_the_same_scores() {
    let model = Model::new(answer);
    let stage = depots(4);
    model.serve(&stage);
    let recorded = eval(&stage, &["record", "depots", "--repeats", "2"]).ends(0).json();
    assert_eq!(model.asked(), 8);
    // No model, no server: the recording says all that is needed.
    stage.write("csp.toml", "");
    let replay = || eval(&stage, &["run", "depots", "--replay", "--repeats", "2"]);
    let replayed = replay().ends(0).json();
    assert_eq!(model.asked(), 8);
    let lines = |told| timeless(&log(&stage, told)).split_off(1);
    assert_eq!(lines(&replayed), lines(&recorded));
    assert_eq!(lines(&replayed).len(), 8);
    // What a server took when it was recorded is what a replay says it takes.
    assert_eq!(replayed["summary"]["spent"], recorded["summary"]["spent"]);
    let bytes = stage.read("evals/recordings/depots.jsonl");
    stage.csp(&["eval", "run", "depots", "--replay", "--fresh"]).ends(2);
    assert!(stage.csp(&["eval", "list"]).ok().contains("depots"));

    make_hasty(&stage);
    let stale = replay().ends(5);
    assert!(
        stale.err.contains("the recording is stale: the prompts of meeting_notes.extract_meeting"),
        "{}",
        stale.err
    );
    let told = stale.json();
    assert_eq!(told["errored"].as_array().unwrap().len(), 8, "what was not recorded has no score: {told}");
    assert_eq!(model.asked(), 8);
    assert_eq!(stage.read("evals/recordings/depots.jsonl"), bytes, "a replay changes no recording");
}

#[test]
fn a_recording_takes_the_place_of_an_earlier_one_once_it_is_whole() {
    let broken = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_broken = std::sync::Arc::clone(&broken);
    let model = Model::new(move |request: &wiremock::Request| {
        if is_broken.load(std::sync::atomic::Ordering::SeqCst) && super::depot(request) == 2 {
            return wiremock::ResponseTemplate::new(500).set_body_string("out of order");
        }
        answer(request)
    });
    let stage = depots(3);
    model.serve(&stage);
    eval(&stage, &["record", "depots"]).ends(0);
    let first = stage.read("evals/recordings/depots.jsonl");
    make_hasty(&stage);
    broken.store(true, std::sync::atomic::Ordering::SeqCst);
    eval(&stage, &["record", "depots"]).ends(5);
    assert_eq!(stage.read("evals/recordings/depots.jsonl"), first);
    assert_eq!(model.asked(), 3 + 2 * 2 + 1, "a hasty model is asked twice, unless its server is broken");
    broken.store(false, std::sync::atomic::Ordering::SeqCst);
    eval(&stage, &["record", "depots"]).ends(0);
    assert_eq!(model.asked(), 3 + 2 * 2 + 1 + 2, "what was paid for is not asked again");
    assert_ne!(stage.read("evals/recordings/depots.jsonl"), first);
    eval(&stage, &["run", "depots", "--replay"]).ends(0);
}

/// How the recordings of the shipped suites are made again.
const AGAIN: &str = "cargo test -p csp --test it make_the_recordings_again -- --ignored";

#[test]
fn every_shipped_suite_replays_without_a_network_and_nothing_made_up_gets_in() {
    let stage = Stage::sample();
    let mut told = String::new();
    for suite in SHIPPED {
        let ran = eval(&stage, &["run", suite, "--replay"]);
        assert!(
            !ran.err.contains("stale"),
            "a prompt has changed; make the recordings again: {AGAIN}\n{}",
            ran.err
        );
        let (code, answer) = (ran.code, ran.json());
        let lines = log(&stage, &answer);
        for line in &lines[1..] {
            let case = &line["case"];
            assert_eq!(
                line["result"]["is"], "ran",
                "{suite} {case}; if what is asked has changed: {AGAIN}\n{line}"
            );
            for task in line["result"]["produced"]["tasks"].as_array().unwrap() {
                assert_eq!(task["end"]["is"], "drafted", "{suite} {case}: {task}");
                assert!(!task["patch"]["sections"].to_string().contains(INVENTED), "{suite} {case}");
            }
        }
        let invented =
            lines[1..].iter().flat_map(|line| line["result"]["produced"]["tasks"].as_array().unwrap());
        let invented = invented.filter(|task| task["replies"].to_string().contains(INVENTED)).count();
        told += &format!(
            "{suite}: {} cases, {invented} with something made up, ends with {code}\n",
            lines.len() - 1
        );
        for scorer in answer["summary"]["scorers"].as_array().unwrap() {
            if let Some(mean) = scorer["mean"]["value"].as_f64().filter(|_| scorer["scorer"] != "latency") {
                told += &format!("  {} {mean:.3}\n", scorer["scorer"].as_str().unwrap());
            }
        }
    }
    insta::assert_snapshot!(told);
}
