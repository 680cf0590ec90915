//! A compiled condition: checked, and ready to be asked of any facts.
//!
//! Must not know files, subjects or what follows when it is true.

use super::asked::Asked;
use super::check::check;
use super::explain::Outcome;
use super::facts::Facts;
use super::fault::{ConditionError, Fault, Span};
use super::field::Field;
use super::parser::parse;
use super::syntax::Comparison;
use super::value::Value;
use super::vocabulary::Vocabulary;
use crate::calendar::{Length, Repeat, Schedule};
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
    /// A schedule, and the date that it is counted from if one is named.
    Schedule(Schedule, Option<Field>),
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
    /// How long ago the date is, in whole days. A date to come is younger than any length.
    Age(Comparison, Length),
    /// The date is today or to come, by no more than this.
    Within(Length),
    /// The date is past, and what was due then is still open.
    Overdue,
    /// A reminder of the date has come.
    Approaching,
    /// The value has become this one.
    Enters(Value),
    /// The value has become another one.
    Changes,
}

/// Compiles a condition against the words of a workspace.
///
/// # Errors
/// The first fault of the syntax, or else every fault of names and types, in the order of the text.
pub fn compile(text: &str, vocabulary: &Vocabulary) -> Result<Condition, Vec<ConditionError>> {
    let expr = parse(text).map_err(|error| vec![error])?;
    let root = check(&expr, vocabulary)?;
    let mut reads = BTreeSet::new();
    root.visit(&mut |node| reads.extend(node.fields()));
    let condition = Condition { text: text.to_owned(), root, reads };
    condition.asks_one_kind().map(|()| condition).map_err(|error| vec![error])
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

    /// Whether it holds for these facts, of which nothing has just changed.
    #[must_use]
    pub fn eval(&self, facts: &Facts) -> Outcome {
        self.root.eval(&Asked::of(facts))
    }

    /// A condition is asked of an opportunity, of a milestone and so on, and not of pairs of them.
    fn asks_one_kind(&self) -> Result<(), ConditionError> {
        let mut many = self.reads.iter().filter(|field| field.topic().is_one_of_many());
        let Some(first) = many.next() else {
            return Ok(());
        };
        match many.find(|field| field.topic() != first.topic()) {
            None => Ok(()),
            Some(other) => {
                let fault = Fault::TwoKinds(*first, *other);
                let all = Span::new(0, self.text.len());
                Err(ConditionError::new(fault, all).hint("write two rules, or ask about the plan as a whole"))
            }
        }
    }
}

impl Node {
    pub(super) fn eval(&self, asked: &Asked) -> Outcome {
        match &self.kind {
            NodeKind::All(sides) => Outcome::all(sides.iter().map(|side| side.eval(asked))),
            NodeKind::Any(sides) => Outcome::any(sides.iter().map(|side| side.eval(asked))),
            NodeKind::Not(inner) => inner.eval(asked).inverted(),
            NodeKind::Test(field, test) => test.eval(*field, asked),
            NodeKind::Schedule(..) => Outcome::from(asked.is_due()),
        }
    }

    /// Visits the part and all parts below it, in the order of the text.
    pub(super) fn visit<'a>(&'a self, visitor: &mut impl FnMut(&'a Self)) {
        visitor(self);
        match &self.kind {
            NodeKind::All(sides) | NodeKind::Any(sides) => {
                sides.iter().for_each(|side| side.visit(visitor));
            }
            NodeKind::Not(inner) => inner.visit(visitor),
            NodeKind::Test(..) | NodeKind::Schedule(..) => {}
        }
    }

    /// The fields that the part itself reads, without those below it.
    fn fields(&self) -> Vec<Field> {
        match &self.kind {
            NodeKind::Test(field, Test::Overdue | Test::Approaching) => {
                std::iter::once(*field).chain(field.open_while()).collect()
            }
            NodeKind::Test(field, _) => vec![*field],
            NodeKind::Schedule(schedule, since) => counted_from(schedule, *since).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// The date that a schedule is counted from, if it is counted from one.
pub(super) fn counted_from(schedule: &Schedule, since: Option<Field>) -> Option<Field> {
    match schedule.repeat {
        Repeat::Anniversary { .. } => Some(Field::AccountAnniversary),
        _ => since,
    }
}

impl Test {
    /// The answer for what is known of a field.
    pub(super) fn eval(&self, field: Field, asked: &Asked) -> Outcome {
        match (self, asked.value(field)) {
            (Self::IsSet(wanted), value) => Outcome::from(value.is_some() == *wanted),
            (Self::Changes, _) => Outcome::from(asked.is_replaced(field)),
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
            (Self::Enters(written), Some(value)) => match compare(Comparison::Equal, value, written) {
                Outcome::True => Outcome::from(asked.is_changed(field)),
                other => other,
            },
            (
                Self::Age(..) | Self::Within(_) | Self::Overdue | Self::Approaching,
                Some(Value::Date(date)),
            ) => self.eval_date(field, *date, asked),
            _ => Outcome::Incomparable,
        }
    }

    fn eval_date(&self, field: Field, date: jiff::civil::Date, asked: &Asked) -> Outcome {
        let Some((today, calendar)) = asked.today() else {
            return Outcome::Unknown;
        };
        let open = field.open_while().is_none_or(|open| asked.value(open) != Some(&Value::Flag(false)));
        Outcome::from(match self {
            Self::Age(comparison, length) => comparison.holds(today.cmp(&length.after(date, calendar))),
            Self::Within(length) => today <= date && date <= length.after(today, calendar),
            Self::Overdue => open && date < today,
            Self::Approaching => open && asked.is_due(),
            _ => return Outcome::Incomparable,
        })
    }
}

fn compare(comparison: Comparison, value: &Value, written: &Value) -> Outcome {
    match value.compare(written) {
        Ok(order) => Outcome::from(comparison.holds(order)),
        Err(_) => Outcome::Incomparable,
    }
}
