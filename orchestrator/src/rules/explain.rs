//! The answer to a condition, and why: the same tree as the condition, with what was found.
//!
//! Must not know how it is shown; `Display` is the plain form that everyone may use.

use super::condition::{Condition, Node, NodeKind, Test};
use super::facts::Facts;
use super::fault::Shown;
use super::field::Field;
use super::value::Value;
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
        self.root.explain(&self.text, facts)
    }
}

impl Node {
    fn explain(&self, text: &str, facts: &Facts) -> Explanation {
        let parts: Vec<Explanation> = match &self.kind {
            NodeKind::All(sides) | NodeKind::Any(sides) => {
                sides.iter().map(|side| side.explain(text, facts)).collect()
            }
            NodeKind::Not(inner) => vec![inner.explain(text, facts)],
            NodeKind::Test(..) => Vec::new(),
        };
        let answers = parts.iter().map(|part| part.outcome);
        let (outcome, found) = match &self.kind {
            NodeKind::All(_) => (Outcome::all(answers), None),
            NodeKind::Any(_) => (Outcome::any(answers), None),
            NodeKind::Not(_) => (Outcome::all(answers).inverted(), None),
            NodeKind::Test(field, test) => {
                let value = facts.get(*field);
                (test.eval(value), Some(test.found(*field, value)))
            }
        };
        Explanation { text: self.span.of(text).to_owned(), outcome, found, parts }
    }
}

impl Test {
    /// What the facts say about the field.
    fn found(&self, field: Field, value: Option<&Value>) -> String {
        let Some(value) = value else {
            return format!("{field} has no value");
        };
        let refused = match self {
            Self::Compare(_, written) => value.compare(written).err(),
            Self::In(_, list) => list.iter().find_map(|written| value.compare(written).err()),
            Self::IsSet(_) | Self::Reaches { .. } => None,
        };
        // Facts come from other systems and may hold anything, so they are made fit for a line.
        let shown = Shown::bare(&value.to_string());
        match (self.eval(Some(value)), refused) {
            (Outcome::Incomparable, Some(why)) => format!("{why}: {field} is {shown}"),
            (Outcome::Unknown, _) => format!("{field} is {shown}, which is no configured stage"),
            _ => format!("{field} is {shown}"),
        }
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
