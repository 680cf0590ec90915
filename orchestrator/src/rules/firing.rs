//! Which rules fire: a pure step from what fired before and what is true now.
//!
//! - A rule on facts fires when it becomes true, once per subject, and is ready again when it has
//!   become false. *Unknown* and *incomparable* change nothing: they do not fire, and a rule that
//!   has fired stays fired, so that a value that goes missing for a while starts nothing twice.
//! - A rule that reads `Event.*` fires for each event that makes it true, and remembers nothing.
//! - The subject is the opportunity if the rule reads `Opportunity.*`, else the account.
//! - Memory goes by the rule's name: a condition that is changed under its old name does not fire
//!   again for the subjects that it has fired for; under a new name it does.
//! - A rule is asked when a field that it reads has changed. One that is new to the file is first
//!   asked at the next such change.
//!
//! Must not know the clock, the store or what a firing starts.

use super::explain::{Explanation, Outcome};
use super::facts::Facts;
use super::field::Field;
use super::ruleset::{Rule, RuleSet};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a rule is asked about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An account by its slug.
    Account(String),
    /// An opportunity by its id.
    Opportunity(String),
}

/// A subject as it is now. Facts of the event belong only to the subjects that the event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Who or what.
    pub subject: Subject,
    /// All that is known; for an opportunity with what is known of its account and plan.
    pub facts: Facts,
    /// The fields that may be another than at the last sighting; see [`Facts::changed_since`].
    pub changed: BTreeSet<Field>,
}

/// What has fired and is not ready to fire again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FiringMemory {
    fired: BTreeMap<String, BTreeSet<Subject>>,
}

/// A rule that fires for a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// The name of the rule.
    pub rule: String,
    /// For whom.
    pub subject: Subject,
    /// Why.
    pub explanation: Explanation,
}

/// The outcome of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// What fires, by the order of the rules, then of the sightings.
    pub firings: Vec<Firing>,
    /// What could not be decided because values have no order, such as two currencies. A person
    /// must be told: the rule is neither true nor false until it is mended.
    pub undecided: Vec<Firing>,
    /// What is remembered for the next step.
    pub memory: FiringMemory,
}

/// Asks the rules that the changes can concern.
#[must_use]
pub fn fires(rules: &RuleSet, memory: &FiringMemory, sightings: &[Sighting]) -> Fired {
    let mut memory = memory.clone();
    let mut firings = Vec::new();
    let mut undecided = Vec::new();
    for sighting in sightings {
        for (rank, rule) in rules.woken_by(&sighting.changed) {
            if !rule.concerns(&sighting.subject) {
                continue;
            }
            let outcome = rule.eval(&sighting.facts);
            if memory.takes(rule, &sighting.subject, outcome) {
                firings.push((rank, rule.firing(sighting)));
            } else if outcome == Outcome::Incomparable {
                undecided.push((rank, rule.firing(sighting)));
            }
        }
    }
    Fired { firings: by_rank(firings), undecided: by_rank(undecided), memory }
}

fn by_rank(mut firings: Vec<(usize, Firing)>) -> Vec<Firing> {
    firings.sort_by_key(|(rank, _)| *rank);
    firings.into_iter().map(|(_, firing)| firing).collect()
}

impl Rule {
    pub(super) fn concerns(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Account(_) => !self.is_per_opportunity(),
            Subject::Opportunity(_) => self.is_per_opportunity(),
        }
    }

    fn firing(&self, sighting: &Sighting) -> Firing {
        Firing {
            rule: self.name.clone(),
            subject: sighting.subject.clone(),
            explanation: self.explain(&sighting.facts),
        }
    }
}

impl FiringMemory {
    /// Whether the rule has fired for the subject and is not ready again.
    #[must_use]
    pub fn has_fired(&self, rule: &str, subject: &Subject) -> bool {
        self.fired.get(rule).is_some_and(|subjects| subjects.contains(subject))
    }

    /// Takes an outcome in and says whether it is a firing.
    fn takes(&mut self, rule: &Rule, subject: &Subject, outcome: Outcome) -> bool {
        match outcome {
            Outcome::True if rule.awaits_event() => true,
            Outcome::True if self.has_fired(&rule.name, subject) => false,
            Outcome::True => {
                let fired = self.fired.entry(rule.name.clone()).or_default();
                fired.insert(subject.clone())
            }
            Outcome::False => {
                self.forget(&rule.name, subject);
                false
            }
            Outcome::Unknown | Outcome::Incomparable => false,
        }
    }

    fn forget(&mut self, rule: &str, subject: &Subject) {
        let Some(subjects) = self.fired.get_mut(rule) else {
            return;
        };
        subjects.remove(subject);
        if subjects.is_empty() {
            self.fired.remove(rule);
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(slug) => write!(formatter, "account {slug}"),
            Self::Opportunity(id) => write!(formatter, "opportunity {id}"),
        }
    }
}
