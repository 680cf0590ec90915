//! What is remembered between steps: what has fired, since when it holds, and up to when time was
//! looked at.
//!
//! Must not know conditions, nor what a firing starts.

use super::explain::Outcome;
use super::firing::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The rules' memory of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FiringMemory {
    /// What has fired, by the rules' names; the subjects of each in their order.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fired: BTreeMap<String, Vec<Mark>>,
    /// Instants up to this one have been dealt with.
    #[serde(skip_serializing_if = "Option::is_none")]
    looked: Option<Timestamp>,
    /// The rules that wait for instants and were there when they were last looked at.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    timed: BTreeSet<String>,
}

/// One rule's firing for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    subject: Subject,
    /// When it fired last, if a clock was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    /// Whether it has not been false since, so that it is not ready again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    holds: bool,
}

impl FiringMemory {
    /// Whether the rule has fired for the subject and is not ready again.
    #[must_use]
    pub fn has_fired(&self, rule: &str, subject: &Subject) -> bool {
        self.mark(rule, subject).is_some_and(|mark| mark.holds)
    }

    /// When the rule last fired for the subject.
    #[must_use]
    pub fn fired_at(&self, rule: &str, subject: &Subject) -> Option<Timestamp> {
        self.mark(rule, subject)?.at
    }

    /// Instants up to this one have been dealt with.
    #[must_use]
    pub fn looked(&self) -> Option<Timestamp> {
        self.looked
    }

    /// Whether both remember the same, whenever they were last looked at.
    #[must_use]
    pub fn is_same_but_time(&self, other: &Self) -> bool {
        self.fired == other.fired && self.timed == other.timed
    }

    /// Whether this rule that waits for instants was there at the last look.
    pub(super) fn knows_timed(&self, rule: &str) -> bool {
        self.timed.contains(rule)
    }

    /// The rules that have fired for a subject and are not ready again.
    pub(super) fn held_by(&self, subject: &Subject) -> impl Iterator<Item = &str> {
        let holds = |marks: &[Mark]| at(marks, subject).is_ok_and(|at| marks[at].holds);
        self.fired.iter().filter(move |(_, marks)| holds(marks)).map(|(rule, _)| rule.as_str())
    }

    /// Takes the answer of a rule on facts, and says whether it is a firing.
    pub(super) fn takes(
        &mut self,
        rule: &str,
        subject: &Subject,
        outcome: Outcome,
        now: Option<Timestamp>,
    ) -> bool {
        match outcome {
            Outcome::True if self.has_fired(rule, subject) => false,
            Outcome::True => {
                self.set(rule, Mark { subject: subject.clone(), at: now, holds: true });
                true
            }
            Outcome::False => {
                if let Some(at) = self.fired_at(rule, subject) {
                    self.set(rule, Mark { subject: subject.clone(), at: Some(at), holds: false });
                } else {
                    self.forget(rule, subject);
                }
                false
            }
            Outcome::Unknown | Outcome::Incomparable => false,
        }
    }

    /// Notes that a rule on moments has fired, so that people can see when.
    pub(super) fn note(&mut self, rule: &str, subject: &Subject, now: Option<Timestamp>) {
        if now.is_some() {
            self.set(rule, Mark { subject: subject.clone(), at: now, holds: false });
        }
    }

    /// Notes that all instants up to now were dealt with.
    pub(super) fn look(&mut self, now: Option<Timestamp>, timed: impl IntoIterator<Item = String>) {
        // A clock that was put back does not bring instants back that were dealt with.
        self.looked = self.looked.max(now);
        self.timed.extend(timed);
    }

    /// Forgets rules and subjects that are not there any more, such as a milestone that was removed.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Subject) -> bool) {
        self.fired.retain(|rule, marks| {
            marks.retain(|mark| keep(rule, &mark.subject));
            !marks.is_empty()
        });
    }

    fn mark(&self, rule: &str, subject: &Subject) -> Option<&Mark> {
        let marks = self.fired.get(rule)?;
        marks.get(at(marks, subject).ok()?)
    }

    fn set(&mut self, rule: &str, mark: Mark) {
        let marks = self.fired.entry(rule.to_owned()).or_default();
        match at(marks, &mark.subject) {
            Ok(at) => marks[at] = mark,
            Err(at) => marks.insert(at, mark),
        }
    }

    fn forget(&mut self, rule: &str, subject: &Subject) {
        let Some(marks) = self.fired.get_mut(rule) else {
            return;
        };
        marks.retain(|mark| mark.subject != *subject);
        if marks.is_empty() {
            self.fired.remove(rule);
        }
    }
}

fn at(marks: &[Mark], subject: &Subject) -> Result<usize, usize> {
    marks.binary_search_by(|mark| mark.subject.cmp(subject))
}
