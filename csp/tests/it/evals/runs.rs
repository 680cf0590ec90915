//! Runs: the shipped suites by rule, re-scoring, the cache and the budget.

use serde_json::Value;

use super::{Model, SHIPPED, TOKENS, answer, depots, eval, log, timeless};
use crate::stage::Stage;

/// The suites of a workspace, by name.
fn names(stage: &Stage) -> Vec<String> {
    let listed = eval(stage, &["list"]).ends(0).json();
    let suites = listed["suites"].as_array().unwrap();
    suites.iter().map(|suite| suite["suite"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_shipped_suite_runs_by_rule_and_comes_out_the_same_twice() {
    let stage = Stage::sample();
    assert_eq!(names(&stage), SHIPPED);
    for name in SHIPPED {
        let run = || {
            let ran = eval(&stage, &["run", name]).ends(0).json();
            assert_eq!(ran["errored"], Value::Array(Vec::new()), "{name}");
            let lines = log(&stage, &ran);
            assert_eq!(
                lines.len(),
                1 + usize::try_from(ran["summary"]["origin"]["cases"].as_u64().unwrap()).unwrap()
            );
            timeless(&lines)
        };
        assert_eq!(run(), run(), "{name}");
    }
}

#[test]
fn scored_again_a_log_has_the_same_scores() {
    let stage = Stage::sample();
    for suite in ["extraction", "injections", "sa"] {
        let ran = eval(&stage, &["run", suite]).ends(0).json();
        let log = ran["log"].as_str().unwrap();
        let before = stage.read(log);
        let again = eval(&stage, &["score", log, "--to", &format!("{suite}-again.jsonl")]).ends(0).json();
        assert_eq!((&again["same"], &again["summary"]), (&true.into(), &ran["summary"]), "{suite}");
        assert_eq!(stage.read(log), before, "the log itself stays");
        assert_eq!(stage.read(&format!("{suite}-again.jsonl")), before);
        eval(&stage, &["score", log, "--to", log]).ends(3);
    }
    // Where an expectation has changed, the scores do.
    let suite = stage.read("evals/extraction.yaml").replacen("owners: [Bo Larkin]", "owners: [Jon Abara]", 1);
    stage.write("evals/extraction.yaml", suite);
    let log = std::fs::read_dir(stage.root().join("evals/logs")).unwrap().flatten();
    let log = log.map(|file| file.path()).find(|path| path.to_string_lossy().contains("extraction")).unwrap();
    assert_eq!(eval(&stage, &["score", log.to_str().unwrap()]).ends(0).json()["same"], false);
}

#[test]
fn a_case_that_changed_is_neither_scored_again_nor_compared() {
    let stage = depots(3);
    let first = eval(&stage, &["run", "depots"]).ends(0).json();
    let first = first["log"].as_str().unwrap();
    let suite = stage.read("evals/depots.jsonl");
    let suite = suite.replace("depot 01 before the summer", "depot 01 before the winter");
    stage.write("evals/depots.jsonl", suite.replace("spare valves in depot 02\"", "valves in depot 02\""));

    let again = eval(&stage, &["score", first, "--to", "again.jsonl"]).ends(0).json();
    assert_eq!(again["left_out"], serde_json::json!(["depot-01"]), "its material is another one");
    let second = eval(&stage, &["run", "depots"]).ends(0).json();
    let second = second["log"].as_str().unwrap();
    let changed = |before: &str| eval(&stage, &["compare", before, second]).ends(0).json()["changed"].clone();
    assert_eq!(changed(first), serde_json::json!(["depot-01", "depot-02"]));
    assert_eq!(changed("again.jsonl"), serde_json::json!([]), "scored again it expects the same");
    let told = stage.csp(&["eval", "compare", first, second]).ends(0).out;
    assert!(told.contains("depot-01, depot-02") && told.contains("1 case alike"), "{told}");
}

#[test]
fn nothing_is_asked_twice_unless_it_is_to_be() {
    let model = Model::new(answer);
    let stage = depots(3);
    model.serve(&stage);
    let run = |more: &[&str], asked: usize| {
        let before = model.asked();
        let ran = eval(&stage, &[&["run", "depots"], more].concat()).ends(0).json();
        assert_eq!(model.asked() - before, asked, "{more:?}");
        timeless(&log(&stage, &ran)).split_off(1)
    };
    let first = run(&[], 3);
    assert_eq!(run(&[], 0), first, "the second run is that of the cache");
    run(&["--fresh"], 3);
    let repeated = run(&["--repeats", "2"], 3);
    assert_eq!(repeated.len(), 6, "the first repeat is cached, the second is a question of its own");
    run(&["--repeats", "2"], 0);
    super::make_hasty(&stage);
    // What is made up is asked about once more.
    run(&[], 3 * 2);
}

#[test]
fn a_budget_ends_the_run_and_it_can_be_gone_on_with() {
    let model = Model::new(answer);
    let stage = depots(5);
    model.serve(&stage);
    let budget = (TOKENS * 2 + 1).to_string();
    let within = ["--budget-tokens", &budget, "--concurrency", "1", "--fresh"];
    let ran = eval(&stage, &[&["run", "depots"], &within[..]].concat()).ends(5).json();
    assert_eq!((log(&stage, &ran).len(), &ran["left"], model.asked()), (1 + 3, &2.into(), 3));
    let told = stage.csp(&[&["eval", "run", "depots"], &within[..]].concat()).ends(5).out;
    assert!(told.contains("the budget is reached; 2 cases not run"), "{told}");
    let resumed = eval(&stage, &["run", "depots", "--resume", "--fresh"]).ends(0).json();
    assert_eq!((log(&stage, &resumed).len(), model.asked()), (1 + 5, 3 + 3 + 2));
    assert_eq!(resumed["left"], 0);
}

#[test]
fn cases_are_chosen_by_id_and_tag() {
    let stage = depots(4);
    let chosen = |arguments: &[&str]| {
        let ran = eval(&stage, &[&["run", "depots"], arguments].concat());
        let ran = ran.json();
        let mut cases: Vec<_> = log(&stage, &ran)[1..].iter().map(|line| line["case"].clone()).collect();
        cases.sort_by_key(ToString::to_string);
        cases
    };
    assert_eq!(chosen(&["--tag", "even"]), ["depot-00", "depot-02"]);
    assert_eq!(chosen(&["--case", "depot-01", "--case", "depot-03"]), ["depot-01", "depot-03"]);
    let unknown = stage.csp(&["eval", "run", "depots", "--case", "depot-1"]).ends(4);
    assert!(
        unknown.err.contains("has no case 'depot-1'") && unknown.err.contains("did you mean"),
        "{}",
        unknown.err
    );
    stage.csp(&["eval", "run", "depots", "--tag", "gone"]).ends(4);
    assert!(stage.csp(&["eval", "run", "depot"]).ends(4).err.contains("did you mean 'depots'?"));
}

#[test]
fn the_last_of_several_runs_of_one_moment_is_the_last() {
    let stage = depots(1);
    let run = || eval(&stage, &["run", "depots", "--now", "2026-03-05"]).json();
    (0..10).for_each(|_| drop(run()));
    let last = run();
    let resumed = stage.csp(&["eval", "run", "depots", "--resume", "--now", "2026-03-05", "--json"]).json();
    assert_eq!(resumed["log"], last["log"]);
    assert!(last["log"].as_str().unwrap().ends_with("-11.jsonl"), "{last}");
}
