//! The answer to a condition, and why: the same tree as the condition, with what was found.
//!
//! Must not know how it is shown; `Display` is the plain form that everyone may use.

use super::asked::Asked;
use super::condition::{Condition, Node, NodeKind, Test, counted_from};
use super::facts::Facts;
use super::fault::Shown;
use super::field::Field;
use super::value::Value;
use crate::calendar::Schedule;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The four answers. Only `True` is true.
///
/// AND takes the first that occurs of false, incomparable, unknown, true; OR the first of true,
/// incomparable, unknown, false. So one side that decides alone is enough, and an error is told
/// rather than hidden behind a missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// A value that it needs is not there.
    Unknown,
    /// Values that have no order were to be compared, such as two currencies.
    Incomparable,
}

impl From<bool> for Outcome {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl Outcome {
    /// Whether it holds.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// The answer of AND.
    pub(super) fn all(sides: impl Iterator<Item = Self>) -> Self {
        Self::first_of(sides, Self::False, Self::True)
    }

    /// The answer of OR.
    pub(super) fn any(sides: impl Iterator<Item = Self>) -> Self {
        Self::first_of(sides, Self::True, Self::False)
    }

    /// The answer of NOT.
    pub(super) fn inverted(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            other => other,
        }
    }

    fn first_of(sides: impl Iterator<Item = Self>, deciding: Self, neutral: Self) -> Self {
        let mut answer = neutral;
        for side in sides {
            if side == deciding {
                return deciding;
            }
            if side == Self::Incomparable || answer == neutral {
                answer = side;
            }
        }
        answer
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unknown => "unknown",
            Self::Incomparable => "incomparable",
        })
    }
}

/// Why a condition, or a part of one, has its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The part's own text.
    pub text: String,
    /// The answer.
    pub outcome: Outcome,
    /// What the facts say, in words. Absent where the parts below say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The parts that it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Explanation>,
}

impl Condition {
    /// Why the condition holds for these facts, or why not.
    #[must_use]
    pub fn explain(&self, facts: &Facts) -> Explanation {
        self.explain_to(&Asked::of(facts))
    }

    pub(super) fn explain_to(&self, asked: &Asked) -> Explanation {
        self.root.explain(&self.text, asked)
    }
}

impl Node {
    fn explain(&self, text: &str, asked: &Asked) -> Explanation {
        let parts: Vec<Explanation> = match &self.kind {
            NodeKind::All(sides) | NodeKind::Any(sides) => {
                sides.iter().map(|side| side.explain(text, asked)).collect()
            }
            NodeKind::Not(inner) => vec![inner.explain(text, asked)],
            NodeKind::Test(..) | NodeKind::Schedule(..) => Vec::new(),
        };
        let answers = parts.iter().map(|part| part.outcome);
        let (outcome, found) = match &self.kind {
            NodeKind::All(_) => (Outcome::all(answers), None),
            NodeKind::Any(_) => (Outcome::any(answers), None),
            NodeKind::Not(_) => (Outcome::all(answers).inverted(), None),
            NodeKind::Test(field, test) => (test.eval(*field, asked), Some(test.found(*field, asked))),
            NodeKind::Schedule(schedule, since) => {
                let from = counted_from(schedule, *since);
                (self.eval(asked), Some(found_schedule(schedule, from, asked)))
            }
        };
        Explanation { text: self.span.of(text).to_owned(), outcome, found, parts }
    }
}

impl Test {
    /// What the facts say about the field.
    pub(super) fn found(&self, field: Field, asked: &Asked) -> String {
        let Some(value) = asked.value(field) else {
            return format!("{field} has no value");
        };
        let refused = match self {
            Self::Compare(_, written) | Self::Enters(written) => value.compare(written).err(),
            Self::In(_, list) => list.iter().find_map(|written| value.compare(written).err()),
            _ => None,
        };
        // Facts come from other systems and may hold anything, so they are made fit for a line.
        let shown = Shown::bare(&value.to_string());
        match (self.eval(field, asked), refused, self) {
            (Outcome::Incomparable, Some(why), _) => format!("{why}: {field} is {shown}"),
            (Outcome::Unknown, _, Self::Reaches { .. }) => {
                format!("{field} is {shown}, which is no configured stage")
            }
            (_, _, Self::Changes) if !asked.is_replaced(field) => {
                format!("{field} is {shown}, as it was")
            }
            (Outcome::False, _, Self::Enters(written)) if value == written => {
                format!("{field} is {shown}, as it was")
            }
            _ => format!("{field} is {shown}{}", distance(value, self, asked)),
        }
    }
}

/// How far a date lies from today, where that is what was asked.
fn distance(value: &Value, test: &Test, asked: &Asked) -> String {
    let of_time = matches!(test, Test::Age(..) | Test::Within(_) | Test::Overdue | Test::Approaching);
    let (Value::Date(date), Some((today, _)), true) = (value, asked.today(), of_time) else {
        return String::new();
    };
    match date.duration_since(today).as_hours() / 24 {
        0 => ", today".to_owned(),
        1 => ", tomorrow".to_owned(),
        -1 => ", yesterday".to_owned(),
        days if days > 0 => format!(", in {days} days"),
        days => format!(", {} days ago", -days),
    }
}

fn found_schedule(schedule: &Schedule, from: Option<Field>, asked: &Asked) -> String {
    let anchor = from.and_then(|from| asked.date(from));
    let counted = match (from, anchor) {
        (Some(from), None) => return format!("{from} has no value to count from"),
        (Some(from), Some(anchor)) => format!(", counted from {from}, {anchor}"),
        (None, _) => String::new(),
    };
    let next = asked.facts().moment().and_then(|moment| {
        let next = schedule.next(moment.now, anchor, moment)?;
        Some(moment.shown(next))
    });
    match next {
        Some(next) => format!("next comes {next}{counted}"),
        None => format!("{schedule} is asked without a clock"),
    }
}

/// One line a part, those below it indented.
impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, 0)
    }
}

impl Explanation {
    fn write(&self, formatter: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let indent = 2 * depth;
        // A condition may stand in several lines of the file; here it takes one.
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(formatter, "{:indent$}{:<13}{text}", "", self.outcome)?;
        if let Some(found) = &self.found {
            write!(formatter, "  ({found})")?;
        }
        for part in &self.parts {
            writeln!(formatter)?;
            part.write(formatter, depth + 1)?;
        }
        Ok(())
    }
}
