//! Any bytes as a rules file: the reader gives rules or faults, the linter an end, and nobody panics.
//!
//! ```text
//! cargo +nightly fuzz run rules -- -max_total_time=1800 -dict=fuzz/rules.dict
//! ```
//!
//! `orchestrator/src/rules/tests/fuzz.rs` does the same on a stable compiler, without coverage.

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use orchestrator::rules::{RuleSet, Vocabulary, compile, lint};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let vocabulary = Vocabulary::default();
    let tasks = BTreeSet::from(["sa.initiate_csp".to_owned()]);
    if let Err(errors) = compile(text, &vocabulary) {
        assert!(errors.iter().all(|error| text.get(error.span.start..error.span.end).is_some()));
    }
    match RuleSet::parse("automation.yaml", text, &vocabulary, &tasks) {
        Ok(rules) => drop(lint(&rules, &tasks)),
        Err(errors) => errors.iter().for_each(|error| drop(error.report())),
    }
});
