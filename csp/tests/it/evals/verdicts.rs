//! Worse, better, no difference: what a run is compared with, what makes it the baseline, and what reports say of it.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use wiremock::{Request, ResponseTemplate};

use super::{HASTY, INVENTED, Model, answer, depot, depots, eval, lines, log, make_hasty, mean};
use crate::stage::Stage;

const BLESS: [&str; 6] = ["bless", "depots", "--why", "the prompt as it is shipped", "--as", "mira"];

/// The verdict on a scorer, and whether it is a regression.
fn verdict<'t>(told: &'t Value, scorer: &str) -> (&'t str, bool) {
    let scorers = told["comparison"]["scorers"].as_array().unwrap();
    let found =
        scorers.iter().find(|one| one["scorer"] == scorer).unwrap_or_else(|| panic!("{scorer}: {told}"));
    (found["verdict"].as_str().unwrap(), found["regression"].as_bool().unwrap())
}

#[test]
fn a_worse_prompt_is_called_worse_the_same_one_no_different_and_a_better_one_better() {
    let model = Model::new(answer);
    let stage = depots(24);
    model.serve(&stage);
    eval(&stage, &["run", "depots"]).ends(0);
    eval(&stage, &BLESS).ends(0);

    let same = eval(&stage, &["run", "depots", "--fresh"]).ends(0).json();
    for scorer in ["action_f1", "action_recall", "owner_accuracy", "supported_claims", "schema_validity"] {
        assert_eq!(verdict(&same, scorer), ("no_difference_shown", false), "{scorer}");
    }
    make_hasty(&stage);
    let worse = eval(&stage, &["run", "depots"]).ends(1).json();
    for scorer in ["action_f1", "action_recall", "owner_accuracy"] {
        assert_eq!(verdict(&worse, scorer), ("worse", true), "{scorer}");
    }
    assert_eq!(verdict(&worse, "schema_validity"), ("no_difference_shown", false));
    assert!((mean(&worse, "action_recall") - 0.5).abs() < 1e-9, "{worse}");
    let interval = &worse["comparison"]["scorers"].as_array().unwrap();
    let recall = interval.iter().find(|one| one["scorer"] == "action_recall").unwrap();
    assert!((recall["difference"]["value"].as_f64().unwrap() + 0.5).abs() < 1e-9, "{recall}");
    assert_eq!(recall["worsened"], 24);
    assert!(!log(&stage, &worse)[1..].iter().any(|line| {
        line["result"]["produced"]["tasks"][0]["patch"]["sections"].to_string().contains(INVENTED)
    }));
    let told = stage.csp(&["eval", "compare", "depots"]).ends(1).out;
    assert!(
        told.contains("worse of depots") && told.contains("differs: the prompts of meeting_notes"),
        "{told}"
    );

    let why = ["bless", "depots", "--why", "to see what is better", "--as", "mira"];
    eval(&stage, &why).ends(0);
    std::fs::remove_file(stage.root().join("prompts/meeting_notes.yaml")).unwrap();
    let better = eval(&stage, &["run", "depots"]).ends(0).json();
    for scorer in ["action_f1", "action_recall", "owner_accuracy"] {
        assert_eq!(verdict(&better, scorer), ("better", false), "{scorer}");
    }
    assert_eq!(lines(&stage.read("evals/baselines/depots.blessed.jsonl")).len(), 2, "each blessing is noted");
}

#[test]
fn a_loss_within_the_margin_is_no_regression() {
    // Every other meeting loses an action: recall falls by a quarter.
    let model = Model::new(|request: &Request| -> ResponseTemplate {
        let mut request = request.clone();
        if depot(&request).is_multiple_of(2) {
            request.body = String::from_utf8_lossy(&request.body).replace(HASTY, "").into_bytes();
        }
        answer(&request)
    });
    let stage = depots(24);
    model.serve(&stage);
    let suite = stage.read("evals/depots.jsonl");
    let lenient = |name: &str| format!("{{\"name\":\"{name}\",\"margin\":0.6}}");
    let suite = ["action_f1", "action_recall", "owner_accuracy", "supported_claims"]
        .iter()
        .fold(suite, |suite, name| suite.replacen(&format!("\"{name}\""), &lenient(name), 1));
    stage.write("evals/depots.jsonl", suite);
    eval(&stage, &["run", "depots"]).ends(0);
    eval(&stage, &BLESS).ends(0);
    make_hasty(&stage);
    let told = eval(&stage, &["run", "depots"]).ends(0).json();
    assert_eq!(verdict(&told, "action_recall"), ("worse", false));
    assert!((mean(&told, "action_recall") - 0.75).abs() < 1e-9, "{told}");
}

#[test]
fn only_a_whole_run_is_blessed_and_only_blessing_changes_the_baseline() {
    let model = Model::new(|request: &Request| match depot(request) {
        1 => ResponseTemplate::new(500).set_body_string("out of order"),
        _ => answer(request),
    });
    let stage = depots(3);
    model.serve(&stage);
    let refused = |stage: &Stage, arguments: &[&str], expected: &str| {
        let before = stage.tree();
        let told = stage.csp(&[&["eval"], arguments].concat()).ends(3);
        assert!(told.err.contains(expected), "{expected}: {}", told.err);
        assert_eq!(stage.tree(), before, "{expected}");
    };
    eval(&stage, &["run", "depots"]).ends(5);
    refused(&stage, &BLESS, "1 runs broke, as depot-01");
    eval(
        &stage,
        &[
            "run",
            "depots",
            "--case",
            "depot-00",
            "--case",
            "depot-02",
            "--repeats",
            "2",
            "--budget-tokens",
            "1",
            "--concurrency",
            "1",
            "--fresh",
        ],
    )
    .ends(5);
    refused(&stage, &BLESS, "has run 1 of 2 times");
    eval(&stage, &["run", "depots", "--case", "depot-00", "--case", "depot-02"]).ends(0);
    refused(&stage, &["bless", "depots", "--why", "good", "--as", "eve"], "'eve' is not in team.yaml");
    refused(&stage, &["bless", "depots", "--why", " ", "--as", "mira"], "say why");
    refused(&stage, &["bless", "depots", "--why", "good"], "CSP_PERSON");

    let before = stage.tree();
    let told = eval(&stage, &BLESS).ends(0).json();
    assert_eq!((&told["blessing"]["by"], &told["blessing"]["cases"]), (&"mira".into(), &2.into()));
    let after = stage.tree();
    let new: Vec<_> = after.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    let named = |path: &&&std::path::PathBuf| path.to_string_lossy().contains("evals/baselines/depots.");
    assert_eq!((new.len(), new.iter().filter(named).count()), (2, 2), "{new:?}");
    let baseline = stage.read("evals/baselines/depots.jsonl");
    for arguments in [&["run", "depots", "--case", "depot-00"][..], &["compare", "depots"], &["list"]] {
        eval(&stage, arguments);
    }
    assert_eq!(stage.read("evals/baselines/depots.jsonl"), baseline);
}

#[test]
fn a_run_is_reported_as_a_page_as_junit_and_as_markdown() {
    let model = Model::new(answer);
    let stage = depots(16);
    model.serve(&stage);
    eval(&stage, &["run", "depots"]).ends(0);
    eval(&stage, &BLESS).ends(0);
    make_hasty(&stage);
    eval(&stage, &["run", "depots"]).ends(1);
    for file in ["report.html", "report.xml", "report.md"] {
        stage.csp(&["eval", "report", "depots", "--to", file]).ok();
    }
    let page = stage.read("report.html");
    for reference in ["src=\"http", "src='http", "href=\"http", "href='http", "url(http", "@import", "fetch("]
    {
        assert!(!page.contains(reference), "{reference}");
    }
    assert!(
        page.contains("depot-07") && page.contains("paint the gate of depot 07"),
        "what was expected is there"
    );
    let (cases, failures) = junit(&stage.read("report.xml"));
    // A case a meeting, and of the comparison one a scorer, of which three are regressions.
    assert_eq!((cases, failures), (16 + 8, 3), "{}", stage.read("report.xml"));
    let markdown = stage.read("report.md");
    assert!(markdown.contains("Regression") && markdown.contains("action_recall"), "{markdown}");
    let printed = stage.csp(&["eval", "report", "depots", "--form", "markdown"]).ok();
    assert_eq!(printed.trim_end(), markdown.trim_end());
    stage.csp(&["eval", "report", "extraction"]).ends(4);
}

/// Test cases and failures of a JUnit file.
fn junit(text: &str) -> (usize, usize) {
    let mut reader = Reader::from_str(text);
    let (mut cases, mut failures) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                _ => {}
            },
            Event::Eof => return (cases, failures),
            _ => {}
        }
    }
}
