//! A compiled condition: checked, and ready to be asked of any facts.
//!
//! Must not know files, subjects or what follows when it is true.

use super::check::check;
use super::explain::Outcome;
use super::facts::Facts;
use super::fault::{ConditionError, Span};
use super::field::Field;
use super::parser::parse;
use super::syntax::Comparison;
use super::value::Value;
use super::vocabulary::Vocabulary;
use std::collections::BTreeSet;

/// A condition whose names and types are right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub(super) text: String,
    pub(super) root: Node,
    reads: BTreeSet<Field>,
}

/// A part of a checked condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: NodeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Test(Field, Test),
}

/// What is asked of one field's value; whatever needs the vocabulary has been looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Whether there is a value (true), or none (false).
    IsSet(bool),
    Compare(Comparison, Value),
    /// Whether the value is in the list (true), or not (false).
    In(bool, Vec<Value>),
    /// The stages that satisfy it, and those that fall short. Any other stage is unknown.
    Reaches {
        reached: Vec<String>,
        short: Vec<String>,
    },
}

/// Compiles a condition against the words of a workspace.
///
/// # Errors
/// The first fault of the syntax, or else every fault of names and types, in the order of the text.
pub fn compile(text: &str, vocabulary: &Vocabulary) -> Result<Condition, Vec<ConditionError>> {
    let expr = parse(text).map_err(|error| vec![error])?;
    let root = check(&expr, vocabulary)?;
    let mut reads = BTreeSet::new();
    collect_fields(&root, &mut reads);
    Ok(Condition { text: text.to_owned(), root, reads })
}

fn collect_fields(node: &Node, fields: &mut BTreeSet<Field>) {
    match &node.kind {
        NodeKind::All(sides) | NodeKind::Any(sides) => {
            sides.iter().for_each(|side| collect_fields(side, fields));
        }
        NodeKind::Not(inner) => collect_fields(inner, fields),
        NodeKind::Test(field, _) => {
            fields.insert(*field);
        }
    }
}

impl Condition {
    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fields whose values decide it.
    #[must_use]
    pub fn reads(&self) -> &BTreeSet<Field> {
        &self.reads
    }

    /// Whether it holds for these facts.
    #[must_use]
    pub fn eval(&self, facts: &Facts) -> Outcome {
        self.root.eval(facts)
    }
}

impl Node {
    fn eval(&self, facts: &Facts) -> Outcome {
        match &self.kind {
            NodeKind::All(sides) => Outcome::all(sides.iter().map(|side| side.eval(facts))),
            NodeKind::Any(sides) => Outcome::any(sides.iter().map(|side| side.eval(facts))),
            NodeKind::Not(inner) => inner.eval(facts).inverted(),
            NodeKind::Test(field, test) => test.eval(facts.get(*field)),
        }
    }
}

impl Test {
    /// The answer for one value, or for none.
    pub(super) fn eval(&self, value: Option<&Value>) -> Outcome {
        match (self, value) {
            (Self::IsSet(wanted), value) => Outcome::from(value.is_some() == *wanted),
            (_, None) => Outcome::Unknown,
            (Self::Compare(comparison, written), Some(value)) => compare(*comparison, value, written),
            (Self::In(wanted, list), Some(value)) => {
                let equal = |written| compare(Comparison::Equal, value, written);
                let found = Outcome::any(list.iter().map(equal));
                if *wanted { found } else { found.inverted() }
            }
            (Self::Reaches { reached, short }, Some(Value::Text(stage))) => {
                if reached.contains(stage) {
                    Outcome::True
                } else if short.contains(stage) {
                    Outcome::False
                } else {
                    Outcome::Unknown
                }
            }
            (Self::Reaches { .. }, Some(_)) => Outcome::Incomparable,
        }
    }
}

fn compare(comparison: Comparison, value: &Value, written: &Value) -> Outcome {
    match value.compare(written) {
        Ok(order) => Outcome::from(comparison.holds(order)),
        Err(_) => Outcome::Incomparable,
    }
}
