//! A desk at which an account is worked on in the tests: facts are set, the clock is moved, and what the
//! rules make of it is told in lines.

use super::*;
use crate::calendar::Calendar;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One account with its rules.
pub(super) struct Desk {
    pub(super) rules: RuleSet,
    pub(super) memory: FiringMemory,
    known: BTreeMap<Subject, Facts>,
    seen: BTreeMap<Subject, Facts>,
    zone: &'static str,
}

pub(super) fn account() -> Subject {
    Subject::Account("acme".to_owned())
}

pub(super) fn milestone(id: &str) -> Subject {
    Subject::Milestone(id.to_owned())
}

pub(super) fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

/// A rules file of these lines of conditions, each told to the owner.
pub(super) fn rules_of(triggers: &[(&str, &str)]) -> RuleSet {
    let rule = |(name, keys): &(&str, &str)| {
        let keys: String = keys.split(" | ").map(|key| format!("    {}\n", quoted(key))).collect();
        format!("  {name}:\n{keys}    action: a\n    notification: n\n    notify: owner\n")
    };
    let text: String = triggers.iter().map(rule).collect();
    parse(&format!("automation:\n{text}"))
}

/// A key with its condition in quotes, whatever is in it.
fn quoted(key: &str) -> String {
    let (name, value) = key.split_once(": ").unwrap();
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    if ["trigger", "when", "unless", "timing"].contains(&name) {
        return format!("{name}: '{}'", value.replace('\'', "''"));
    }
    key.to_owned()
}

pub(super) fn parse(text: &str) -> RuleSet {
    let tasks = BTreeSet::from(["sa.initiate_csp".to_owned()]);
    RuleSet::parse("automation.yaml", text, &Vocabulary::default(), &tasks).unwrap_or_else(|errors| {
        let reports: Vec<String> = errors.iter().map(RuleError::report).collect();
        panic!("{}", reports.join("\n"))
    })
}

impl Desk {
    pub(super) fn new(rules: RuleSet, zone: &'static str) -> Self {
        let known = BTreeMap::from([(account(), Facts::default())]);
        let memory = FiringMemory::default();
        Self { rules: rules.with_calendar(Calendar::default()), memory, known, seen: BTreeMap::new(), zone }
    }

    pub(super) fn set(&mut self, subject: &Subject, field: Field, value: Value) {
        self.known.entry(subject.clone()).or_default().set(field, value).unwrap();
    }

    /// All subjects as they are at an instant; what an account has, its milestones have as well.
    pub(super) fn sightings(&self, now: Timestamp) -> Vec<Sighting> {
        let whole = &self.known[&account()];
        let sighting = |(subject, own): (&Subject, &Facts)| {
            let mut facts = whole.clone();
            facts.extend(own);
            let before = self.seen.get(subject).cloned();
            let (changed, replaced) = match &before {
                Some(before) => {
                    let changed = facts.changed_since(before);
                    let replaced = before.known_of(&changed);
                    (changed, replaced)
                }
                None => (Field::of_states().collect(), BTreeSet::new()),
            };
            let facts = facts.at(self.rules.moment(now, Some(self.zone)));
            Sighting { subject: subject.clone(), facts, changed, replaced, before }
        };
        self.known.iter().map(sighting).collect()
    }

    /// One step, as what fires, and what is passed over with a `-`.
    pub(super) fn step(&mut self, now: &str) -> Vec<String> {
        self.step_at(now.parse().unwrap())
    }

    pub(super) fn step_at(&mut self, now: Timestamp) -> Vec<String> {
        let sightings = self.sightings(now);
        let fired = fires(&self.rules, &self.memory, &sightings);
        // What is remembered lies in a file between two steps.
        let memory = serde_json::to_string(&fired.memory).unwrap();
        self.memory = serde_json::from_str(&memory).unwrap();
        self.seen = sightings.into_iter().map(|seen| (seen.subject, seen.facts)).collect();
        let firings = fired.firings.into_iter().map(|firing| {
            let occasion = firing.occasion.map(|occasion| format!(": {occasion}")).unwrap_or_default();
            format!("{} of {}{occasion}", firing.rule, firing.subject)
        });
        let passed = fired.passed_over.into_iter().map(|passed| {
            format!("- {} of {}: {}, {}", passed.rule, passed.subject, passed.occasion, passed.why)
        });
        firings.chain(passed).collect()
    }

    /// What time will bring next.
    pub(super) fn next(&self, now: &str) -> Option<String> {
        let ahead = self.rules.next_instant(&self.memory, &self.sightings(now.parse().unwrap()))?;
        Some(format!("{} {} of {}", ahead.at, ahead.rule, ahead.subject))
    }
}
