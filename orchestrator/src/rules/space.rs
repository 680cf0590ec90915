//! What a condition leaves room for, so that two of them can be compared without any facts.
//!
//! A condition is a sum of *cells*; a cell has, for each field that it reads, the values that are left.
//! Where nothing is known of a test (`approaching`, say) it is its own field with the values true and
//! false. Bounded: a condition with too many cells has no space, and is compared with nothing. Must not
//! know rules nor what is made of a comparison.

use super::condition::{Node, NodeKind, Test};
use super::field::{Field, Kind};
use super::syntax::Comparison;
use super::value::Value;
use crate::calendar::{Length, Unit};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The most cells of a condition.
const MOST_CELLS: usize = 64;

/// What a cell is bounded in: a field's value, a date's age, or the answer of a test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    Value(Field),
    Age(Field, Unit),
    Answer(String),
}

/// The values that are left on one axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    /// Whether there is a value, if that is said.
    present: Option<bool>,
    /// The words that it may be; any if that is not said.
    words: Option<BTreeSet<String>>,
    refused: BTreeSet<String>,
    low: Option<Edge>,
    high: Option<Edge>,
    currency: Option<String>,
    /// Two currencies, or a value and none.
    torn: bool,
}

/// The end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) at: Decimal,
    /// Whether the end belongs to the range.
    pub(super) closed: bool,
}

/// One way in which a condition is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell(pub(super) BTreeMap<Axis, Room>);

/// All ways in which a condition is true; nothing if there are too many to look at.
pub(super) fn space(node: &Node, wanted: bool) -> Option<Vec<Cell>> {
    match &node.kind {
        NodeKind::Not(inner) => space(inner, !wanted),
        NodeKind::All(sides) if wanted => {
            sides.iter().try_fold(vec![Cell::default()], |all, side| product(&all, &space(side, wanted)?))
        }
        NodeKind::Any(sides) if !wanted => {
            sides.iter().try_fold(vec![Cell::default()], |all, side| product(&all, &space(side, wanted)?))
        }
        NodeKind::All(sides) | NodeKind::Any(sides) => {
            let mut sum = Vec::new();
            for side in sides {
                sum.extend(space(side, wanted)?);
            }
            (sum.len() <= MOST_CELLS).then_some(sum)
        }
        NodeKind::Test(field, test) => {
            let (axis, room) = test.room(*field, wanted);
            Some(vec![Cell(BTreeMap::from([(axis, room)]))])
        }
        NodeKind::Schedule(schedule, since) => {
            let answer = Axis::Answer(format!("{schedule} {since:?}"));
            Some(vec![Cell(BTreeMap::from([(answer, Room::of_word(wanted.to_string()))]))])
        }
    }
}

/// Both hold: each way of the one with each way of the other.
pub(super) fn product(some: &[Cell], more: &[Cell]) -> Option<Vec<Cell>> {
    if some.len() * more.len() > MOST_CELLS {
        return None;
    }
    let pairs = some.iter().flat_map(|one| more.iter().map(move |other| one.and(other)));
    Some(pairs.collect())
}

impl Cell {
    /// What both leave room for.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (axis, room) in &other.0 {
            let known = both.0.entry(axis.clone()).or_default();
            *known = known.and(room);
        }
        both
    }

    /// Whether no values are left on some axis.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().any(|(axis, room)| room.is_empty(axis))
    }

    /// Whether all that it leaves room for, the other one does as well.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let nothing = Room::default();
        other.0.iter().all(|(axis, room)| self.0.get(axis).unwrap_or(&nothing).is_within(room, axis))
    }
}

impl Test {
    /// What an answer says of the field.
    fn room(&self, field: Field, wanted: bool) -> (Axis, Room) {
        let axis = Axis::Value(field);
        match self {
            Self::IsSet(set) => (axis, Room { present: Some(*set == wanted), ..Room::default() }),
            Self::Compare(comparison, value) => {
                let comparison = if wanted { *comparison } else { comparison.opposite() };
                (axis, Room::of_comparison(comparison, value))
            }
            Self::In(is, list) => match list.iter().map(word).collect::<Option<BTreeSet<_>>>() {
                Some(words) => (axis, Room::of_words(words, *is == wanted)),
                None => self.answer(field, wanted),
            },
            Self::Reaches { reached, short } => {
                let words = if wanted { reached } else { short };
                (axis, Room::of_words(words.iter().cloned().collect(), true))
            }
            Self::Age(comparison, length) => {
                let comparison = if wanted { *comparison } else { comparison.opposite() };
                let (unit, count) = in_units(*length);
                (Axis::Age(field, unit), Room::of_range(comparison, count))
            }
            _ => self.answer(field, wanted),
        }
    }

    /// A test of which nothing but its answer is known.
    fn answer(&self, field: Field, wanted: bool) -> (Axis, Room) {
        (Axis::Answer(format!("{field} {self:?}")), Room::of_word(wanted.to_string()))
    }
}

/// A length in the unit that it can be compared in; months and days have no order between them.
fn in_units(length: Length) -> (Unit, Decimal) {
    let count = |count: u32| Decimal::from(count);
    match (length.days(), length.months()) {
        (Some(days), _) => (Unit::Day, count(days)),
        (_, Some(months)) => (Unit::Month, count(months)),
        _ => (length.unit, count(length.count)),
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::Text(word) => Some(word.clone()),
        Value::Flag(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn days(date: Date) -> Decimal {
    Decimal::from(date.duration_since(Date::ZERO).as_hours() / 24)
}

impl Room {
    fn of_word(word: String) -> Self {
        Self::of_words(BTreeSet::from([word]), true)
    }

    fn of_words(words: BTreeSet<String>, are: bool) -> Self {
        match are {
            true => Self { words: Some(words), ..Self::default() },
            false => Self { refused: words, ..Self::default() },
        }
    }

    fn of_comparison(comparison: Comparison, value: &Value) -> Self {
        match value {
            Value::Number(number) => Self::of_range(comparison, number.decimal()),
            Value::Money(amount) => Self {
                currency: amount.currency.as_ref().map(ToString::to_string),
                ..Self::of_range(comparison, amount.value.decimal())
            },
            Value::Date(date) => Self::of_range(comparison, days(*date)),
            Value::Text(_) | Value::Flag(_) => {
                let words = word(value).into_iter().collect();
                Self::of_words(words, comparison == Comparison::Equal)
            }
            Value::Length(_) => Self::default(),
        }
    }

    fn of_range(comparison: Comparison, at: Decimal) -> Self {
        let (open, closed) = (Some(Edge { at, closed: false }), Some(Edge { at, closed: true }));
        let (low, high) = match comparison {
            Comparison::Equal => (closed, closed),
            Comparison::NotEqual => {
                return Self { refused: BTreeSet::from([at.normalize().to_string()]), ..Self::default() };
            }
            Comparison::Less => (None, open),
            Comparison::LessOrEqual => (None, closed),
            Comparison::Greater => (open, None),
            Comparison::GreaterOrEqual => (closed, None),
        };
        Self { low, high, ..Self::default() }
    }

    /// Exactly this value.
    pub(super) fn of_point(&self, at: Decimal) -> Self {
        Self { currency: self.currency.clone(), ..Self::of_range(Comparison::Equal, at) }
    }

    pub(super) fn low(&self) -> Option<Edge> {
        self.low
    }

    pub(super) fn high(&self) -> Option<Edge> {
        self.high
    }

    fn and(&self, other: &Self) -> Self {
        let words = match (&self.words, &other.words) {
            (Some(some), Some(more)) => Some(some.intersection(more).cloned().collect()),
            (some, more) => some.clone().or_else(|| more.clone()),
        };
        let differ =
            |one: &Option<String>, other: &Option<String>| one.is_some() && other.is_some() && one != other;
        Self {
            present: self.present.or(other.present),
            words,
            refused: self.refused.union(&other.refused).cloned().collect(),
            low: tighter(self.low, other.low, Ordering::Greater),
            high: tighter(self.high, other.high, Ordering::Less),
            currency: self.currency.clone().or_else(|| other.currency.clone()),
            torn: self.torn
                || other.torn
                || differ(&self.currency, &other.currency)
                || matches!((self.present, other.present), (Some(one), Some(other)) if one != other),
        }
    }

    /// Whether it speaks of a value, so that there must be one.
    fn asks_for_value(&self) -> bool {
        self.words.is_some() || !self.refused.is_empty() || self.low.is_some() || self.high.is_some()
    }

    fn is_empty(&self, axis: &Axis) -> bool {
        let absent = self.present == Some(false) && self.asks_for_value();
        let all = closed_list(axis);
        let words = self.words.as_ref().or(all.as_ref());
        let no_word = words.is_some_and(|words| words.iter().all(|word| self.refused.contains(word)));
        let no_number = match (self.low, self.high) {
            (Some(low), Some(high)) => match low.at.cmp(&high.at) {
                Ordering::Greater => true,
                Ordering::Equal => {
                    !low.closed || !high.closed || self.refused.contains(&low.at.normalize().to_string())
                }
                Ordering::Less => false,
            },
            _ => false,
        };
        self.torn || absent || no_word || no_number
    }

    fn is_within(&self, other: &Self, axis: &Axis) -> bool {
        let present = match other.present {
            None => true,
            Some(true) => self.present == Some(true) || self.asks_for_value(),
            Some(false) => self.present == Some(false),
        };
        let all = closed_list(axis);
        let words: Option<BTreeSet<&String>> = self
            .words
            .as_ref()
            .or(all.as_ref().filter(|_| self.asks_for_value()))
            .map(|words| words.iter().filter(|word| !self.refused.contains(*word)).collect());
        let among = match (&other.words, &words) {
            (None, _) => true,
            (Some(wanted), Some(words)) => words.iter().all(|word| wanted.contains(*word)),
            (Some(_), None) => false,
        };
        let spared = other.refused.iter().all(|refused| {
            self.refused.contains(refused)
                || words.as_ref().is_some_and(|words| !words.contains(refused))
                || refused.parse().is_ok_and(|at| self.leaves_out(at))
        });
        let currency = other.currency.is_none() || other.currency == self.currency;
        let low = other.low.is_none_or(|low| {
            self.low.is_some_and(|own| tighter(Some(own), Some(low), Ordering::Greater) == Some(own))
        });
        let high = other.high.is_none_or(|high| {
            self.high.is_some_and(|own| tighter(Some(own), Some(high), Ordering::Less) == Some(own))
        });
        present && among && spared && currency && low && high
    }

    /// Whether the number lies outside of the range.
    fn leaves_out(&self, at: Decimal) -> bool {
        let below = self.low.is_some_and(|low| at < low.at || (at == low.at && !low.closed));
        let above = self.high.is_some_and(|high| at > high.at || (at == high.at && !high.closed));
        below || above
    }
}

/// All words that the axis has, where they are a closed list.
fn closed_list(axis: &Axis) -> Option<BTreeSet<String>> {
    let words: &[&str] = match axis {
        Axis::Answer(_) => &["true", "false"],
        Axis::Value(field) => match field.kind() {
            Kind::Flag => &["true", "false"],
            Kind::Word(list) => list.words(),
            _ => return None,
        },
        Axis::Age(..) => return None,
    };
    Some(words.iter().map(|word| (*word).to_owned()).collect())
}

/// The edge that leaves less room; of two at one place the one that is not closed.
fn tighter(one: Option<Edge>, other: Option<Edge>, wins: Ordering) -> Option<Edge> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let order = one.at.cmp(&other.at);
            let first = order == wins || (order.is_eq() && !one.closed);
            Some(if first || (order.is_eq() && other.closed) { one } else { other })
        }
        (one, other) => one.or(other),
    }
}
