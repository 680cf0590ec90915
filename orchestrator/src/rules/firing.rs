//! Which rules fire: a pure step from what fired before and what is true now.
//!
//! - A rule on facts fires when it becomes true, once per subject, and is ready again when it has
//!   become false. *Unknown* and *incomparable* change nothing: they do not fire, and a rule that
//!   has fired stays fired, so that a value that goes missing for a while starts nothing twice.
//! - A rule on moments (`Event.*`, `changes`, `enters`) fires for each one that makes it true.
//! - A rule on instants (a schedule, or reminders around a date) fires at each of them. Of several
//!   that have come since the last step only the last fires, if it is still true; the others are
//!   told as passed over. A date that is new or has moved has no instants that lie back.
//! - The subject is the opportunity, milestone, action or risk that the rule reads, else the account.
//! - Memory goes by the rule's name: a condition that is changed under its old name does not fire
//!   again for the subjects that it has fired for; under a new name it does.
//! - A rule is asked when a field that it reads has changed, or when time may have made it true. One
//!   that is new to the file is first asked at the next such change, and has instants from the
//!   beginning of the day on which it is first asked.
//!
//! One step sees all subjects of an account, whether an event, a new plan or the clock brought it.
//! Must not know the clock, the store or what a firing starts.

use super::asked::Asked;
use super::explain::{Explanation, Outcome};
use super::facts::Facts;
use super::field::{Field, Topic};
use super::memory::FiringMemory;
use super::rule::Rule;
use super::ruleset::RuleSet;
use super::timer::{Occasion, Timer};
use crate::calendar::Moment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What a rule is asked about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An account by its slug.
    Account(String),
    /// An opportunity by its id.
    Opportunity(String),
    /// A milestone of the account's plan by its id.
    Milestone(String),
    /// An action of the account's plan by its id.
    Action(String),
    /// A risk of the account's plan by its id.
    Risk(String),
}

/// A subject as it is now. Facts of the event belong only to the subjects that the event is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// Who or what.
    pub subject: Subject,
    /// All that is known; for one of many things with what is known of its account and plan.
    pub facts: Facts,
    /// The fields that may be another than at the last sighting, see [`Facts::changed_since`]; all of them
    /// at the first.
    pub changed: BTreeSet<Field>,
    /// Those of them that had a value before; see [`Facts::known_of`].
    pub replaced: BTreeSet<Field>,
    /// What was known before this step. An instant that came before the change must have found the
    /// rule true then.
    pub before: Option<Facts>,
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
    /// The instant that it waited for, if it waited for one. Rule, subject and this make it one firing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Occasion>,
}

/// An instant that a rule waited for and that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// The name of the rule.
    pub rule: String,
    /// For whom.
    pub subject: Subject,
    /// Which instant.
    pub occasion: Occasion,
    /// Why nothing came of it.
    pub why: Missed,
}

/// Why an instant came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// A later one had come as well.
    Overtaken,
    /// The day that it was to remind of was over.
    TooLate,
    /// The rest of the rule's condition did not hold.
    DidNotHold,
}

/// The outcome of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// What fires, by the order of the rules, then of the sightings.
    pub firings: Vec<Firing>,
    /// What could not be decided because values have no order, such as two currencies. A person
    /// must be told: the rule is neither true nor false until it is mended.
    pub undecided: Vec<Firing>,
    /// What came and is not told, in the same order.
    pub passed_over: Vec<PassedOver>,
    /// What is remembered for the next step.
    pub memory: FiringMemory,
}

/// Asks the rules that the changes, or the time that has passed, can concern.
#[must_use]
pub fn fires(rules: &RuleSet, memory: &FiringMemory, sightings: &[Sighting]) -> Fired {
    let mut step = Step { memory: memory.clone(), ..Step::default() };
    for sighting in sightings {
        for (rank, rule) in rules.asked(memory, sighting) {
            match (&rule.timer, sighting.facts.moment()) {
                (None, _) => step.ask(rank, rule, sighting),
                (Some(timer), Some(moment)) => {
                    step.timed.insert(rule.name.clone());
                    let past = dealt_with(rule, timer, memory, sighting, moment);
                    step.ask_timed(rank, rule, sighting, Window { timer, past, moment });
                }
                (Some(_), None) => {}
            }
        }
    }
    let moment = sightings.first().and_then(|sighting| sighting.facts.moment());
    step.memory.look(moment.map(|moment| moment.now), step.timed);
    Fired {
        firings: by_rank(step.firings),
        undecided: by_rank(step.undecided),
        passed_over: by_rank(step.passed_over),
        memory: step.memory,
    }
}

fn by_rank<T>(mut ranked: Vec<(usize, T)>) -> Vec<T> {
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, told)| told).collect()
}

/// Up to when the instants of a rule have been dealt with for a subject.
pub(super) fn dealt_with(
    rule: &Rule,
    timer: &Timer,
    memory: &FiringMemory,
    sighting: &Sighting,
    moment: &Moment,
) -> Timestamp {
    let Some(looked) = memory.looked() else {
        return moment.now;
    };
    if timer.anchors().any(|field| sighting.changed.contains(&field)) {
        return moment.now;
    }
    if memory.knows_timed(&rule.name) {
        return looked;
    }
    // Instants of yesterday are none of a rule that nobody had yesterday.
    let today = moment.start_of(moment.today());
    today
        .and_then(|start| start.checked_sub(jiff::SignedDuration::from_nanos(1)).ok())
        .map_or(looked, |start| looked.max(start))
}

/// One step on its way.
#[derive(Default)]
struct Step {
    memory: FiringMemory,
    timed: BTreeSet<String>,
    firings: Vec<(usize, Firing)>,
    undecided: Vec<(usize, Firing)>,
    passed_over: Vec<(usize, PassedOver)>,
}

/// The instants of a rule that are looked at.
#[derive(Clone, Copy)]
struct Window<'a> {
    timer: &'a Timer,
    /// Those up to here were dealt with.
    past: Timestamp,
    moment: &'a Moment,
}

impl Step {
    fn ask(&mut self, rank: usize, rule: &Rule, sighting: &Sighting) {
        let asked = Asked::about(sighting);
        let now = sighting.facts.moment().map(|moment| moment.now);
        let outcome = rule.answer(&asked);
        let fires = if rule.awaits_moment() {
            let fires = outcome.is_true();
            if fires {
                self.memory.note(&rule.name, &sighting.subject, now);
            }
            fires
        } else {
            self.memory.takes(&rule.name, &sighting.subject, outcome, now)
        };
        if fires {
            self.firings.push((rank, rule.firing(sighting, &asked, None)));
        } else if outcome == Outcome::Incomparable {
            self.undecided.push((rank, rule.firing(sighting, &asked, None)));
        }
    }

    fn ask_timed(&mut self, rank: usize, rule: &Rule, sighting: &Sighting, window: Window) {
        let Window { timer, past, moment } = window;
        let asked = Asked::about(sighting).due();
        let mut due = timer.due(past, moment.now, &asked, moment);
        let Some(last) = due.pop() else {
            return;
        };
        let passed = |occasion, why| PassedOver {
            rule: rule.name.clone(),
            subject: sighting.subject.clone(),
            occasion,
            why,
        };
        for earlier in due {
            let why = if earlier.too_late { Missed::TooLate } else { Missed::Overtaken };
            self.passed_over.push((rank, passed(earlier.occasion, why)));
        }
        if last.too_late {
            return self.passed_over.push((rank, passed(last.occasion, Missed::TooLate)));
        }
        let before = sighting.before.as_ref().unwrap_or(&sighting.facts);
        let then = rule.answer(&Asked::of(before).as_of(last.occasion.at).due());
        let held = last.occasion.at >= moment.now || then.is_true();
        match rule.answer(&asked) {
            Outcome::True if held => {
                self.memory.note(&rule.name, &sighting.subject, Some(moment.now));
                self.firings.push((rank, rule.firing(sighting, &asked, Some(last.occasion))));
            }
            Outcome::Incomparable => {
                self.undecided.push((rank, rule.firing(sighting, &asked, Some(last.occasion))));
            }
            _ => self.passed_over.push((rank, passed(last.occasion, Missed::DidNotHold))),
        }
    }
}

impl Rule {
    fn firing(&self, sighting: &Sighting, asked: &Asked, occasion: Option<Occasion>) -> Firing {
        Firing {
            rule: self.name.clone(),
            subject: sighting.subject.clone(),
            explanation: self.explain_to(asked),
            occasion,
        }
    }
}

impl Subject {
    /// The kind of thing that it is one of; nothing for the account.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Account(_) => None,
            Self::Opportunity(_) => Some(Topic::Opportunity),
            Self::Milestone(_) => Some(Topic::Milestone),
            Self::Action(_) => Some(Topic::Action),
            Self::Risk(_) => Some(Topic::Risk),
        }
    }
}

impl Default for Subject {
    fn default() -> Self {
        Self::Account(String::new())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(slug) => write!(formatter, "account {slug}"),
            Self::Opportunity(id) => write!(formatter, "opportunity {id}"),
            Self::Milestone(id) => write!(formatter, "milestone {id}"),
            Self::Action(id) => write!(formatter, "action {id}"),
            Self::Risk(id) => write!(formatter, "risk {id}"),
        }
    }
}

impl fmt::Display for Missed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Overtaken => "a later one had come as well",
            Self::TooLate => "the day was over",
            Self::DidNotHold => "the rest of the condition did not hold",
        })
    }
}
