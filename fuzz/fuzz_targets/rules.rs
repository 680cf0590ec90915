//! Any text as a condition, as one rule and as a whole rules file: the reader gives rules or faults, the linter and
//! whoever asks the rules an end, and nobody panics.
//!
//! ```text
//! cargo +nightly fuzz run rules fuzz/corpus/rules fuzz/seeds -- -max_total_time=1800 -timeout=5 -dict=fuzz/rules.dict
//! ```
//!
//! `orchestrator/src/rules/tests/fuzz.rs` does the same on a stable compiler, without coverage.

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use orchestrator::rules::{
    Facts, Field, FiringMemory, RuleSet, Sighting, Subject, Value, Vocabulary, compile, fires, lint,
};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    condition(text);
    file(&rule(text));
    file(text);
});

/// A condition alone: a fault lies within the text that it is a fault of.
fn condition(text: &str) {
    match compile(text, &Vocabulary::default()) {
        Ok(condition) => drop(condition.eval(&Facts::default())),
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| text.get(error.span.start..error.span.end).is_some()));
        }
    }
}

/// The lines as trigger, further condition and timing of one rule, so that the words of the language are tried
/// without YAML in the way.
fn rule(text: &str) -> String {
    let line = |(key, value): (&str, &str)| format!("    {key}: '{}'\n", value.replace('\'', "''"));
    let keys: String =
        ["trigger", "timing", "when", "unless"].into_iter().zip(text.lines()).map(line).collect();
    format!("automation:\n  a:\n{keys}    action: a\n    notification: n\n    notify: owner\n")
}

/// Reads, judges and asks the rules of a file.
fn file(text: &str) {
    let tasks = BTreeSet::from(["sa.initiate_csp".to_owned()]);
    match RuleSet::parse("automation.yaml", text, &Vocabulary::default(), &tasks) {
        Ok(rules) => {
            drop(lint(&rules, &tasks));
            ask(&rules);
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            errors.iter().for_each(|error| drop(error.report()));
        }
    }
}

fn ask(rules: &RuleSet) {
    let Ok(now) = "2026-06-07T12:00:00Z".parse() else { return };
    let moment = rules.moment(now, Some("Europe/Berlin"));
    let date = |text: &str| text.parse().map(Value::Date);
    let known = [
        (Subject::Account("acme".to_owned()), Field::CspLastUpdated, date("2026-01-31")),
        (Subject::Milestone("ms-1".to_owned()), Field::MilestoneDueDate, date("2026-06-14")),
        (
            Subject::Opportunity("1".to_owned()),
            Field::OpportunityStage,
            Ok(Value::Text("Stage 2".to_owned())),
        ),
    ];
    let sighting = |(subject, field, value): (Subject, Field, Result<Value, _>)| {
        let facts = Facts::default().with(field, value.ok()?).ok()?.at(moment.clone());
        let changed = facts.changed_since(&Facts::default());
        Some(Sighting { subject, facts, changed, ..Sighting::default() })
    };
    let seen: Vec<Sighting> = known.into_iter().filter_map(sighting).collect();
    let memory = fires(rules, &FiringMemory::default(), &seen).memory;
    drop(rules.next_instant(&memory, &seen));
    drop(rules.explain_all(&memory, &seen));
}
