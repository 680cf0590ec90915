//! Mutated rules, without end: the reader gives rules or faults, the linter an end, and nobody panics.
//!
//! Runs on a stable compiler for as long as it is asked to, and tells how many texts it tried:
//!
//! ```text
//! RULES_FUZZ_SECONDS=1800 cargo test -p orchestrator --lib -- --ignored --nocapture fuzz
//! ```
//!
//! `fuzz/` has the same target for cargo-fuzz, which also looks at what code a text reaches.

use super::desk::{account, day, milestone, parse};
use super::*;
use crate::calendar::Calendar;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// No single text may take longer; a thousand times what the longest of the corpus takes.
const LONGEST_STEP: Duration = Duration::from_secs(20);
const MOST_BYTES: usize = 16_384;

/// Numbers that look like chance and are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % most.max(1) as u64).unwrap()
    }
}

/// What is mutated: whole files, and conditions, which are put into a file afterwards so that most of their
/// mutations reach the language and not only the reader of YAML.
struct Corpus {
    files: Vec<String>,
    conditions: Vec<String>,
}

impl Corpus {
    fn new() -> Self {
        let sound = [include_str!("seed.yaml"), include_str!("health.yaml")];
        let others = [include_str!("sound.yaml"), include_str!("faulty.yaml")];
        let rules = sound.iter().flat_map(|text| parse(text).rules().to_vec());
        let conditions = rules.map(|rule| rule.trigger.text().to_owned());
        let faulty = include_str!("faults.txt").lines().map(str::to_owned);
        Self {
            files: sound.into_iter().chain(others).map(str::to_owned).collect(),
            conditions: conditions.chain(faulty).collect(),
        }
    }

    fn text(&self, dice: &mut Dice) -> String {
        if dice.below(4) == 0 {
            return mutated(&self.files, dice);
        }
        let trigger = mutated(&self.conditions, dice).replace('\'', "''");
        format!(
            "automation:\n  a:\n    trigger: '{trigger}'\n    action: a\n    notification: n\n    notify: owner\n"
        )
    }
}

/// A text made of two others by a few cuts, doublings and swaps.
fn mutated(corpus: &[String], dice: &mut Dice) -> String {
    let mut below = |most: usize| dice.below(most);
    let mut letters: Vec<char> = corpus[below(corpus.len())].chars().collect();
    let other: Vec<char> = corpus[below(corpus.len())].chars().collect();
    for _ in 0..=below(6) {
        let (at, length) = (below(letters.len()), below(40));
        let end = (at + length).min(letters.len());
        match below(6) {
            0 => drop(letters.drain(at..end)),
            1 => {
                let copy = letters[at..end].to_vec();
                let again = copy.repeat(1 + below(8));
                letters.splice(at..at, again);
            }
            2 => {
                let from = below(other.len());
                let to = (from + length).min(other.len());
                letters.splice(at..end, other[from..to].iter().copied());
            }
            3 => {
                let strange = [
                    '(', ')', '\'', '"', '[', '\n', '\t', '\u{0}', '\u{feff}', 'é', '𝄞', '9', '.', '-',
                    '\u{85}', '&', '*',
                ];
                letters.splice(at..at, std::iter::repeat_n(strange[below(strange.len())], 1 + below(80)));
            }
            4 if !letters.is_empty() => {
                let to = below(letters.len());
                letters.swap(at, to);
            }
            _ => letters.splice(at..end, below(usize::MAX / 2).to_string().chars()).for_each(drop),
        }
    }
    letters.into_iter().take(MOST_BYTES).collect()
}

/// Reads, judges and asks the rules of a text. Says whether it was read without a fault.
fn tried(source: &str) -> bool {
    let vocabulary = Vocabulary::default();
    let tasks = BTreeSet::from(["sa.initiate_csp".to_owned(), "sa.develop_csp".to_owned()]);
    let rules = match RuleSet::parse("automation.yaml", source, &vocabulary, &tasks) {
        Ok(rules) => rules.with_calendar(Calendar::default()),
        Err(errors) => {
            assert!(!errors.is_empty());
            errors.iter().for_each(|error| assert!(error.report().contains("automation.yaml:")));
            return false;
        }
    };
    drop(lint(&rules, &tasks));
    let moment = rules.moment("2026-06-07T12:00:00Z".parse().unwrap(), Some("Europe/Berlin"));
    let subjects = [
        (account(), Field::CspLastUpdated, day("2026-01-31")),
        (milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-14")),
        (Subject::Opportunity("1".to_owned()), Field::OpportunityStage, text("Stage 2")),
    ];
    let seen = subjects.map(|(subject, field, value)| {
        let facts = facts(&[(field, value)]).at(moment.clone());
        let changed = facts.changed_since(&Facts::default());
        Sighting { subject, facts, changed, ..Sighting::default() }
    });
    let memory = fires(&rules, &FiringMemory::default(), &seen).memory;
    let _ = rules.next_instant(&memory, &seen);
    let _ = rules.explain_all(&memory, &seen);
    true
}

/// A short run for every day; the long one is asked for.
#[test]
fn mutated_rules_are_read_or_refused() {
    let mut dice = Dice(0);
    let corpus = Corpus::new();
    let read = (0..300).filter(|_| tried(&corpus.text(&mut dice))).count();
    assert!(read > 0, "some texts survive their mutations");
}

#[test]
#[ignore = "runs for as long as RULES_FUZZ_SECONDS says"]
#[allow(clippy::disallowed_methods, reason = "a fuzz driver takes its time limit from the environment")]
fn fuzz() {
    let seconds: u64 =
        std::env::var("RULES_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let seed = std::env::var("RULES_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut dice = Dice(seed);
    let corpus = Corpus::new();
    let (began, mut tries, mut read) = (Instant::now(), 0_u64, 0_u64);
    while began.elapsed() < Duration::from_secs(seconds) {
        let text = corpus.text(&mut dice);
        let started = Instant::now();
        let outcome = std::panic::catch_unwind(|| tried(&text));
        assert!(outcome.is_ok(), "panicked on: {text:?}");
        assert!(started.elapsed() < LONGEST_STEP, "took {:?}: {text:?}", started.elapsed());
        tries += 1;
        read += u64::from(outcome.unwrap_or_default());
    }
    println!("{tries} texts in {seconds} s, {read} of them read without a fault (seed {seed})");
}
