//! Suites as people write them: what is wrong is told with its place, and what is right is read whole.

use std::collections::BTreeMap;

use agents::charter::Charters;
use evals::score::{Ground, Scorer};
use evals::suite::{Known, Read, Suite, SuiteErrors, read, schema};

const GOOD: &str = r#"about: Two cases.
scorers:
  - schema_validity
  - { name: action_f1, at_least: 0.5, margin: 0.05 }
  - { name: contains, not: true }
cases:
  - id: first
    cluster: brackwater
    tags: [notes]
    today: 2026-03-02
    material:
      - { path: materials/meetings/2026-03-02.md, text: "Ann sends the plan to the crew on Friday." }
      - { path: materials/notes/other.md, file: ../infohub/a/materials/other.md }
    events:
      - { type: opportunity.changed, data: { account: { name: Acme } } }
    task: { run: meeting_notes.extract_meeting, occasion: { material: materials/meetings/2026-03-02.md } }
    expect:
      actions: [{ text: send the plan, owners: [Ann], due: no date said }]
      decisions: [the plan stays]
      contains: [plan, { text: crew, section: action_tracker }]
      absent: [wire the money]
      matches: ["(?i)plan"]
      numbers: [{ value: 12, within: 0.5 }]
      equals: [{ section: action_tracker, list: actions, item: plan, field: due, value: no date said }]
  - id: second
    today: 2026-03-03
    crm: { account: { name: Acme } }
    task: { run: sa.initiate_csp }
"#;

fn files(path: &str) -> Result<String, String> {
    let known = BTreeMap::from([("infohub/a/materials/other.md", "Other notes.")]);
    known.get(path).map(|text| (*text).to_owned()).ok_or_else(|| "there is no such file".to_owned())
}

fn read_as(file: &str, text: &str) -> Result<Suite, SuiteErrors> {
    let known = Known::of(&Charters::builtin().unwrap());
    read(&Read { file, text, open: &files, known: &known })
}

/// The suite with one text in it replaced is refused with this message.
#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    assert!(GOOD.contains(from), "{from}");
    let error = read_as("evals/s.yaml", &GOOD.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn a_suite_is_read_whole() {
    let suite = read_as("evals/s.yaml", GOOD).unwrap();
    assert_eq!((suite.name.as_str(), suite.cases.len(), suite.scorers.len()), ("s", 2, 3));
    assert_eq!(suite.scorers[2].name(), "not_contains");
    let first = &suite.cases[0];
    assert_eq!(first.material[1].text, "Other notes.");
    assert_eq!(first.material[1].file, None);
    assert_eq!((first.cluster(), suite.cases[1].cluster()), ("brackwater", "second"));
    assert_eq!(first.expect.decisions.as_ref().unwrap()[0].text, "the plan stays");
    Ground::of(first, &Charters::builtin().unwrap()).unwrap();
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    check("about: Two cases.", "abuot: Two cases.", "evals/s.yaml:1:1: unknown field");
    check("id: second", "id: first", "evals/s.yaml:25:9: another case has the id 'first' already");
    check("id: second", "id: Second", "evals/s.yaml:25:9: a case's id is also its account's");
    check(
        "sa.initiate_csp",
        "sa.initiate_cps",
        "evals/s.yaml:28:18: task 'sa.initiate_cps' is not known; did you mean 'sa.initiate_csp'?",
    );
    check(
        "opportunity.changed",
        "oportunity.changed",
        "evals/s.yaml:15:17: event type 'oportunity.changed' is not known; did you mean",
    );
    check("{ name: Acme }", "{ nam: Acme }", "unknown field `nam`");
    check(
        "- schema_validity",
        "- schema_validty",
        "evals/s.yaml:3:5: scorer 'schema_validty' is not known; did you mean 'schema_validity'?",
    );
    check("margin: 0.05", "margn: 0.05", "did you mean \"margin\"?");
    check("at_least: 0.5", "at_least: 50", "'action_f1' is a share");
    check("- schema_validity", "- action_f1", "scorer 'action_f1' is named twice");
    check(
        "../infohub/a/materials/other.md",
        "../../other.md",
        "evals/s.yaml:13:49: '../../other.md' leads out of the workspace",
    );
    check(
        "../infohub/a/materials/other.md",
        "gone.md",
        "the file 'evals/gone.md' cannot be read: there is no such file",
    );
    check("materials/notes/other.md", "notes/other.md", "is not a file below materials/");
    check("(?i)plan", "(?i", "evals/s.yaml:22:18: the regular expression does not read");
    check("task: { run: sa.initiate_csp }", "tags: []", "nothing happens");
    check(
        "list: actions",
        "list: action",
        "evals/s.yaml:24:49: list of action_tracker 'action' is not known",
    );
    check("due: no date said", "due: soon", "evals/s.yaml:18:");
    check("today: 2026-03-03", "today: 2026-02-30", "evals/s.yaml:26:12");
    check("section: action_tracker", "section: action_trackr", "did you mean \"action_tracker\"?");
}

#[test]
fn a_rubric_is_never_the_only_gate() {
    let rubric = "- { name: rubric, at_least: 0.5, rubric: { prompt: r.md, sha256: '0' } }";
    check("- { name: action_f1, at_least: 0.5, margin: 0.05 }", rubric, "never the only gate");
    check("- schema_validity", "- rubric", "says under 'rubric' what the judge is asked");
}

#[test]
fn json_lines_say_the_same() {
    let suite = read_as("evals/s.yaml", GOOD).unwrap();
    let lines = suite.to_jsonl();
    assert_eq!(lines.lines().count(), 3);
    let again = read_as("evals/s.jsonl", &lines).unwrap();
    assert_eq!(again, suite);
    assert_eq!(again.hash(), suite.hash());
    let broken = lines.replace("\"today\":\"2026-03-03\"", "\"tody\":\"2026-03-03\"");
    let error = read_as("evals/s.jsonl", &broken).unwrap_err().to_string();
    assert!(error.starts_with("evals/s.jsonl:3:") && error.contains("did you mean \"today\"?"), "{error}");
    assert!(read_as("evals/s.jsonl", "").unwrap_err().to_string().contains("is empty"));
    assert!(
        read_as("evals/s.jsonl", "{\"about\":\"x\"}\n").unwrap_err().to_string().contains("1 to 10000 cases")
    );
}

#[test]
fn the_hash_covers_what_files_say() {
    let suite = read_as("evals/s.yaml", GOOD).unwrap();
    let mut other = suite.clone();
    other.cases[0].material[1].text.push('!');
    assert_ne!(suite.hash(), other.hash());
    assert_eq!(suite.hash().len(), 64);
}

#[test]
fn without_a_list_what_can_be_measured_is() {
    let text = GOOD.replace("scorers:\n  - schema_validity\n  - { name: action_f1, at_least: 0.5, margin: 0.05 }\n  - { name: contains, not: true }\n", "");
    let suite = read_as("evals/s.yaml", &text).unwrap();
    let chosen: Vec<Scorer> = suite.scorers().iter().map(|chosen| chosen.scorer).collect();
    for scorer in [Scorer::ActionF1, Scorer::OwnerAccuracy, Scorer::Injections, Scorer::InventedQuotes] {
        assert!(chosen.contains(&scorer), "{chosen:?}");
    }
    for scorer in [Scorer::Questions, Scorer::Rubric, Scorer::Completeness] {
        assert!(!chosen.contains(&scorer), "{chosen:?}");
    }
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let written: serde_json::Value = infohub::yaml::read_value("s.yaml", GOOD).unwrap();
    let errors: Vec<String> = validator.iter_errors(&written).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let wrong =
        infohub::yaml::read_value("s.yaml", &GOOD.replace("today: 2026-03-03", "tody: 2026-03-03")).unwrap();
    assert!(!validator.is_valid(&wrong));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]
    /// Whatever stands in a file, it reads or is told why not.
    #[test]
    fn no_text_is_too_odd_to_be_read(at in 0usize..1_400, gone in 0usize..40, put in "\\PC{0,12}", as_lines: bool) {
        let whole = if as_lines { read_as("evals/s.yaml", GOOD).unwrap().to_jsonl() } else { GOOD.to_owned() };
        let letters: Vec<char> = whole.chars().collect();
        let (from, to) = (at.min(letters.len()), (at + gone).min(letters.len()));
        let text: String = letters[..from].iter().copied().chain(put.chars()).chain(letters[to..].iter().copied()).collect();
        let file = if as_lines { "evals/s.jsonl" } else { "evals/s.yaml" };
        if let Err(SuiteErrors(faults)) = read_as(file, &text) {
            proptest::prop_assert!(!faults.is_empty() && faults.iter().all(|fault| fault.file == file));
        }
    }
}
