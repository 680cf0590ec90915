//! Rules files: the seed's form, and reports with the place in the file.

use super::*;
use std::collections::BTreeSet;

const SOUND: &str = include_str!("sound.yaml");

fn tasks() -> BTreeSet<String> {
    ["sa.initiate_csp", "sa.develop_csp", "sa.finalize_csp"].map(str::to_owned).into()
}

fn parse(text: &str) -> Result<RuleSet, Vec<RuleError>> {
    RuleSet::parse("automation.yaml", text, &Vocabulary::default(), &tasks())
}

fn report(text: &str) -> String {
    let errors = parse(text).expect_err("the file is faulty");
    let reports: Vec<String> = errors.iter().map(RuleError::report).collect();
    reports.join("\n\n")
}

/// The line and column of the first fault.
fn check_place(text: &str, line: usize, column: usize) {
    let errors = parse(text).expect_err(text);
    assert_eq!(errors[0].place, Place { line, column }, "{}", errors[0].report());
}

#[test]
fn a_sound_file_is_read_in_its_order() {
    let rules = parse(SOUND).unwrap();
    let names: Vec<&str> = rules.rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["csp_creation", "strategic_account", "validated_evaluation"]);
    let first = rules.get("csp_creation").unwrap();
    assert_eq!(first.action, "SA Agent initiates CSP");
    assert_eq!(first.notification, "SA receives CSP creation task");
    assert_eq!(first.effects.run.as_deref(), Some("sa.initiate_csp"));
    assert_eq!(first.trigger.text(), "Opportunity.stage == 'Stage 2' AND Opportunity.arr > 100000");
    let second = rules.get("strategic_account").unwrap();
    assert_eq!(second.place, Place { line: 9, column: 3 });
    assert!(second.is_per_opportunity() && !second.awaits_event());
    assert_eq!(second.eval(&deal()), Outcome::True);
    insta::assert_snapshot!("when", second.explain(&deal()));
}

/// What editors check by has the keys that the reader takes: a rule of all of them is read.
#[test]
fn the_schema_has_the_keys_of_the_reader() {
    let schema = serde_json::to_value(schema()).unwrap();
    let rule = &schema["properties"]["automation"]["additionalProperties"];
    let keys: BTreeSet<&String> = rule["properties"].as_object().unwrap().keys().collect();
    let value = |key: &str| match key {
        "run" => "sa.initiate_csp",
        "notify" => "[owner, ca]",
        "gate" => "proposal",
        "escalate" => "ca_manager",
        "start" => "handoff",
        "priority" => "high",
        "timing" => "day of",
        "trigger" => "CSP.agreed_on approaching",
        _ => "CSP.exists",
    };
    // A gate is no effect of a moment, so that one rule cannot have all keys.
    for left_out in ["gate", "timing"] {
        let keys = keys.iter().filter(|key| **key != left_out);
        let lines: String = keys.map(|key| format!("    {key}: {}\n", value(key))).collect();
        let trigger =
            if left_out == "timing" { "CSP.agreed_on overdue" } else { "CSP.agreed_on approaching" };
        let lines = lines.replace("CSP.agreed_on approaching", trigger);
        assert!(parse(&format!("automation:\n  a:\n{lines}")).unwrap().rules()[0].when.is_some());
    }
    for required in rule["required"].as_array().unwrap() {
        assert!(keys.iter().any(|key| key.as_str() == required));
    }
}

#[test]
fn no_rules_are_no_fault() {
    assert_eq!(parse("automation: {}").unwrap().rules(), []);
}

#[test]
fn all_faults_are_told_with_their_places() {
    insta::assert_snapshot!("report", report(include_str!("faulty.yaml")));
}

#[test]
fn a_file_that_is_not_of_the_form_is_told() {
    let faulty = [
        "",
        "automation",
        "automations: {}",
        "automation:\n  a:\n    trigger: \"x\n",
        "automation:\n  a: text\n",
        "automation:\n  a:\n    trigger: CSP.exists\n    trigger: CSP.exists\n",
        "automation:\n  a: {run: [[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]}\n",
        "automation:\n\ta: {}\n",
    ];
    let reports: Vec<String> = faulty.iter().map(|text| report(text)).collect();
    insta::assert_snapshot!("forms", reports.join("\n\n"));
}

#[test]
fn places_are_exact_in_every_style_of_scalar() {
    let rule = |trigger: &str| {
        format!(
            "automation:\n  a:\n    action: x\n    notification: y\n    run: sa.initiate_csp\n    trigger: {trigger}\n"
        )
    };
    check_place(&rule("CSP.exists AND CSP.exist"), 6, 29);
    check_place(&rule("CSP.exists AND # why\n"), 6, 28);
    check_place(&rule("'Opportunity.stage == ''Stage 2'' AND CSP.exist'"), 6, 52);
    check_place(&rule("\"Opportunity.name == \\\"é\\u00e9\\\" AND CSP.exist\""), 6, 51);
    check_place(&rule("\"CSP.exists AND\n      CSP.exist\""), 7, 7);
    check_place(&rule("|\n      CSP.exists AND\n        CSP.exist\n"), 7 + 1, 9);
    check_place(&rule(">-\n      CSP.exists\n      AND CSP.exist\n"), 8, 11);
}

#[test]
fn long_and_odd_lines_are_cut_to_a_screen() {
    let names = "CSP.exists AND ".repeat(40);
    let trigger = format!("{names}CSP.exist\u{85}AND {names}CSP.exists");
    let text = format!(
        "automation:\n  a: {{run: sa.initiate_csp, action: a, notification: n, trigger: \"{trigger}\"}}"
    );
    for line in report(&text).lines() {
        assert!(line.chars().count() <= 120 && !line.contains('\u{85}'), "{line}");
    }
}

#[test]
fn the_number_of_faults_told_is_bounded() {
    let rules: String =
        (0..5_000).map(|rank| format!("  r{rank}: {{trigger: CSP.exist, run: x}}\n")).collect();
    let keys: String = (0..5_000).map(|rank| format!("    k{rank}: 1\n")).collect();
    for text in [format!("automation:\n{rules}"), format!("automation:\n  a:\n{keys}")] {
        let errors = parse(&text).unwrap_err();
        assert!(errors.len() < 110, "{}", errors.len());
        let untold = errors.iter().filter(|error| error.problem == Problem::TooMany(100));
        assert_eq!(untold.count(), 1);
    }
}

#[test]
fn the_size_of_a_file_is_bounded() {
    let errors = parse(&format!("automation: {{}}\n# {}", "x".repeat(5_000_000))).unwrap_err();
    assert!(matches!(errors[0].problem, Problem::TooLarge { .. }));
    let bomb = "automation:\n  a: &a {run: x}\n".to_owned()
        + &(1..30)
            .map(|rank| {
                format!(
                    "  b{rank}: &a{rank} {{x: [*a{p}, *a{p}]}}\n",
                    p = if rank == 1 { String::new() } else { (rank - 1).to_string() }
                )
            })
            .collect::<String>();
    let errors = parse(&bomb).unwrap_err();
    assert!(matches!(errors[0].problem, Problem::Yaml(_)), "{}", errors[0]);
}
