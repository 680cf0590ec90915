//! Suites as people write them and get them: imported, wrong, checked.

use serde_json::json;

use super::{eval, suite};
use crate::stage::Stage;

fn meeting(id: &str, series: &str) -> String {
    json!({
        "id": id, "date": "2026-03-05", "series": series, "attendees": ["Bo Larkin", "Una Prewitt"],
        "transcript_text_unmarked": "Bo Larkin: I will paint the gate before the summer.\nUna Prewitt: Agreed.\n",
        "gold": { "actions": [{ "text": "paint the gate", "owner_norm": ["Bo Larkin"], "recoverable": 1.0 }],
                  "decisions": [] },
    })
    .to_string()
}

#[test]
fn minutes_are_imported_once_and_run() {
    let stage = Stage::bare();
    for (id, series) in [("fic-1", "gates"), ("fic-2", "gates"), ("fic-3", "valves")] {
        stage.write(&format!("minutes/{id}.json"), meeting(id, series));
    }
    stage.write("minutes/notes.txt", "no meeting");
    let made = eval(&stage, &["import", "meetings", "minutes"]).ends(0).json();
    assert_eq!((&made["suite"], &made["cases"]), (&"meetings".into(), &3.into()));
    let nobody = stage.csp(&["eval", "run", "meetings"]).ends(3);
    assert!(nobody.err.contains("help: name a person in team.yaml"), "{}", nobody.err);
    stage.write("team.yaml", "people:\n  - { id: mira, name: Mira Castellane, roles: [sa] }\n");
    let ran = eval(&stage, &["run", "meetings"]).json();
    assert_eq!(ran["summary"]["origin"]["cases"], 3);
    assert_eq!(ran["summary"]["clusters"], 2, "a series is one cluster");
    assert_eq!(ran["errored"].as_array().unwrap().len(), 0, "{ran}");
    let before = stage.tree();
    let again = stage.csp(&["eval", "import", "meetings", "minutes"]).ends(3);
    assert!(again.err.contains("evals/meetings.jsonl is there already"), "{}", again.err);
    stage.write("minutes/fic-2.json", meeting("fic-2", "gates").replace("\"gold\"", "\"silver\""));
    let wrong = stage.csp(&["eval", "import", "meetings", "minutes", "--to", "more"]).ends(3);
    assert!(wrong.err.contains("fic-2.json") && wrong.err.contains("gold"), "{}", wrong.err);
    stage.write("minutes/fic-2.json", meeting("fic-2", "gates"));
    stage.csp(&["eval", "import", "meetings", "nowhere", "--to", "more"]).ends(4);
    assert_eq!(stage.tree(), before);
    stage.write("evals/more.yaml", "about: of the same name\n");
    stage.csp(&["eval", "import", "meetings", "minutes", "--to", "more"]).ends(3);
}

#[test]
fn a_suite_that_does_not_read_is_told_at_its_place_and_nothing_is_written() {
    let stage = Stage::sample();
    let good = stage.read("evals/nudger.yaml");
    let check = |text: &str, expected: &[&str]| {
        assert_ne!(text, good);
        stage.write("evals/nudger.yaml", text);
        let before = stage.tree();
        let refused = stage.csp(&["eval", "run", "nudger"]).ends(3);
        let listed = stage.csp(&["eval", "list"]).ends(3);
        let checked = stage.csp(&["check"]).ends(1);
        for expected in expected {
            for told in [&refused.err, &listed.err, &checked.out] {
                assert!(told.contains(expected), "{expected}: {told}");
            }
        }
        assert_eq!(stage.tree(), before);
    };
    check(&good.replacen("    cluster:", "    clutser:", 1), &["evals/nudger.yaml:5:5", "clutser"]);
    check(
        &good.replacen("id: brackwater-reminder-late", "id: brackwater-reminder", 1),
        &["evals/nudger.yaml:17:9", "another case has the id 'brackwater-reminder'"],
    );
    check(
        &good.replacen("cases:", "scorers: [latencyy]\ncases:", 1),
        &["evals/nudger.yaml:3:11", "scorer 'latencyy' is not known; did you mean 'latency'?"],
    );
    check(
        &good.replacen("nudger.write_reminder", "nudger.write_remainder", 1),
        &["evals/nudger.yaml:10:", "task 'nudger.write_remainder' is not known"],
    );
    check(
        &good.replacen("plans/brackwater.yaml", "plans/gone.yaml", 1),
        &["evals/nudger.yaml:8:", "the file 'evals/plans/gone.yaml' cannot be read"],
    );
    stage.write("evals/nudger.yaml", &good);
    assert!(stage.csp(&["check"]).ok().contains("10 suites"));
}

#[test]
fn two_suites_of_one_name_are_refused_and_lines_have_places_too() {
    let stage = Stage::sample();
    let broken = suite(3).replacen("\"id\":\"depot-02\"", "\"id\":\"depot-01\"", 1);
    stage.write("evals/depots.jsonl", broken);
    let refused = stage.csp(&["eval", "run", "depots"]).ends(3);
    assert!(refused.err.contains("evals/depots.jsonl:4:"), "{}", refused.err);
    stage.write("evals/nudger.jsonl", suite(1));
    let refused = stage.csp(&["eval", "list"]).ends(3);
    assert!(
        refused.err.contains("evals/nudger.jsonl") && refused.err.contains("two suites"),
        "{}",
        refused.err
    );
}
