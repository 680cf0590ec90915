//! Why a rule has fired, will fire, or does not: for each rule and each thing that it is asked of.
//!
//! Typed values, for whoever shows them. Must not know pages or terminals.

use super::ahead::Turn;
use super::asked::Asked;
use super::condition::{Condition, Node, NodeKind, counted_from};
use super::explain::{Explanation, Outcome};
use super::fault::Shown;
use super::field::{Field, Topic};
use super::firing::{Sighting, Subject};
use super::memory::FiringMemory;
use super::rule::{GateName, Rule};
use super::ruleset::RuleSet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One rule asked of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The name of the rule.
    pub rule: String,
    /// What it was asked of. Absent if the account has nothing of the kind.
    pub subject: Option<Subject>,
    /// What it reads, and what is known of that.
    pub read: Vec<Read>,
    /// What it answers now, part by part. Absent if it was asked of nothing.
    pub explanation: Option<Explanation>,
    /// When it last fired.
    pub fired_at: Option<Timestamp>,
    /// How it stands.
    pub standing: Standing,
    /// What would have to be different for its condition to be true. Absent if it is, or if only time
    /// is missing.
    pub needs: Option<Needs>,
}

/// A field that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// The field.
    pub field: Field,
    /// Its value as a condition would have it, if it has one.
    pub value: Option<String>,
}

/// How a rule stands towards one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Standing {
    /// It has fired, holds still, and fires again only after having been false.
    Fired,
    /// It fires at this instant if nothing else changes; one that is past waits for the next step.
    Fires {
        /// When.
        at: Timestamp,
    },
    /// It fires at once if such a moment comes: an event, or a change.
    Awaits {
        /// Of what.
        fields: Vec<Field>,
    },
    /// Time alone does not make it fire.
    Quiet,
    /// There is nothing that it could be asked of.
    Nothing {
        /// The kind of thing.
        of: String,
    },
}

/// What would have to be different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// This part must become true.
    True {
        /// The part's text.
        text: String,
        /// What is found instead.
        found: String,
    },
    /// This part must become false.
    False {
        /// The part's text.
        text: String,
        /// What is found now.
        found: String,
    },
    /// All of these.
    All(Vec<Needs>),
    /// One of these.
    One(Vec<Needs>),
}

/// A rule that closes a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The name of the rule.
    pub rule: String,
    /// Because of what.
    pub subject: Subject,
    /// What it says is done, in its words.
    pub action: String,
    /// Why it holds.
    pub explanation: Explanation,
}

impl RuleSet {
    /// Every rule with everything of the account that it is asked of, in the order of the file. The
    /// sightings are all subjects of the account as they are now.
    #[must_use]
    pub fn explain_all(&self, memory: &FiringMemory, sightings: &[Sighting]) -> Vec<Why> {
        let of_rule = |rule: &Rule| {
            let asked_of = rule.asked_of();
            let concerned = sightings.iter().filter(move |sighting| sighting.subject.topic() == asked_of);
            let mut whys: Vec<Why> = concerned.map(|sighting| rule.why(memory, sighting)).collect();
            if let (true, Some(topic)) = (whys.is_empty(), asked_of) {
                whys.push(rule.asked_of_nothing(topic));
            }
            whys
        };
        self.rules().iter().flat_map(of_rule).collect()
    }

    /// The rules that keep a gate closed now. A rule that cannot be decided closes nothing.
    #[must_use]
    pub fn closed(&self, gate: GateName, sightings: &[Sighting]) -> Vec<Closed> {
        let claiming = self.rules().iter().filter(|rule| rule.effects.gate == Some(gate));
        let pairs = claiming.flat_map(|rule| sightings.iter().map(move |sighting| (rule, sighting)));
        let holding = pairs.filter(|(rule, sighting)| {
            rule.asked_of() == sighting.subject.topic() && rule.eval(&sighting.facts).is_true()
        });
        let closed = |(rule, sighting): (&Rule, &Sighting)| Closed {
            rule: rule.name.clone(),
            subject: sighting.subject.clone(),
            action: rule.action.clone(),
            explanation: rule.explain(&sighting.facts),
        };
        holding.map(closed).collect()
    }
}

impl Rule {
    fn why(&self, memory: &FiringMemory, sighting: &Sighting) -> Why {
        let asked = Asked::of(&sighting.facts);
        let shown = |field| asked.value(field).map(|value| Shown::bare(&value.to_string()).to_string());
        // The moment itself is what is waited for, so that it is not what is wrong.
        let needs = needs_all(self.conditions(), &asked.due());
        Why {
            rule: self.name.clone(),
            subject: Some(sighting.subject.clone()),
            read: self.reads().into_iter().map(|field| Read { field, value: shown(field) }).collect(),
            explanation: Some(self.explain_to(&asked)),
            fired_at: memory.fired_at(&self.name, &sighting.subject),
            standing: self.standing(memory, sighting),
            needs,
        }
    }

    fn standing(&self, memory: &FiringMemory, sighting: &Sighting) -> Standing {
        if self.timer.is_none() && self.awaits_moment() {
            let mut fields = self.awaited_changes();
            fields.extend(self.reads().into_iter().filter(|field| field.topic() == Topic::Event));
            return Standing::Awaits { fields: fields.into_iter().collect() };
        }
        if memory.has_fired(&self.name, &sighting.subject) {
            return Standing::Fired;
        }
        match self.next_turn(memory, sighting) {
            Some((at, Turn::Fires)) => Standing::Fires { at },
            _ => Standing::Quiet,
        }
    }

    fn asked_of_nothing(&self, topic: Topic) -> Why {
        Why {
            rule: self.name.clone(),
            subject: None,
            read: self.reads().into_iter().map(|field| Read { field, value: None }).collect(),
            explanation: None,
            fired_at: None,
            standing: Standing::Nothing { of: format!("{topic:?}").to_lowercase() },
            needs: None,
        }
    }
}

fn needs_all<'a>(
    conditions: impl Iterator<Item = (&'static str, &'a Condition)>,
    asked: &Asked,
) -> Option<Needs> {
    let needs = conditions
        .filter_map(|(key, condition)| condition.root.needs(key != "unless", &condition.text, asked))
        .flat_map(|needs| match needs {
            Needs::All(inner) => inner,
            other => vec![other],
        });
    joined(needs.collect(), Needs::All)
}

fn joined(mut needs: Vec<Needs>, join: fn(Vec<Needs>) -> Needs) -> Option<Needs> {
    match needs.len() {
        0 => None,
        1 => needs.pop(),
        _ => Some(join(needs)),
    }
}

impl Node {
    /// What would have to be different for the part to be true, or false.
    fn needs(&self, wanted: bool, text: &str, asked: &Asked) -> Option<Needs> {
        let has = if wanted { Outcome::True } else { Outcome::False };
        let is_schedule = matches!(self.kind, NodeKind::Schedule(..));
        if self.eval(asked) == has && !is_schedule {
            return None;
        }
        let below =
            |sides: &[Self]| sides.iter().filter_map(|side| side.needs(wanted, text, asked)).collect();
        match &self.kind {
            NodeKind::Not(inner) => inner.needs(!wanted, text, asked),
            NodeKind::All(sides) => joined(below(sides), if wanted { Needs::All } else { Needs::One }),
            NodeKind::Any(sides) => joined(below(sides), if wanted { Needs::One } else { Needs::All }),
            NodeKind::Test(field, test) => {
                let (text, found) = (self.line(text), test.found(*field, asked));
                Some(if wanted { Needs::True { text, found } } else { Needs::False { text, found } })
            }
            NodeKind::Schedule(schedule, since) => {
                let from = counted_from(schedule, *since).filter(|from| asked.date(*from).is_none())?;
                let found = format!("{from} has no value to count from");
                Some(Needs::True { text: self.line(text), found })
            }
        }
    }

    /// The part's own text in one line.
    fn line(&self, text: &str) -> String {
        self.span.of(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// One line a need, those below one another indented.
impl fmt::Display for Needs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, 0)
    }
}

impl Needs {
    fn write(&self, formatter: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let indent = 2 * depth;
        let (words, below) = match self {
            Self::True { text, found } => return write!(formatter, "{:indent$}{text} ({found})", ""),
            Self::False { text, found } => return write!(formatter, "{:indent$}not {text} ({found})", ""),
            Self::All(below) => ("all of:", below),
            Self::One(below) => ("one of:", below),
        };
        write!(formatter, "{:indent$}{words}", "")?;
        for needs in below {
            writeln!(formatter)?;
            needs.write(formatter, depth + 1)?;
        }
        Ok(())
    }
}
