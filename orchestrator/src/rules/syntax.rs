//! The syntax tree of a condition: what was written, before names and types are checked.
//!
//! Must not know fields; a name here is only text with a place.

use super::fault::Span;
use super::value::Value;
use crate::calendar::{Length, Schedule};
use std::cmp::Ordering;

/// A piece of text with a meaning, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// A part of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expr {
    pub(super) span: Span,
    pub(super) kind: ExprKind,
}

/// The forms of a condition. AND and OR hold all of their sides in one level, so that a long chain
/// is wide and not deep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ExprKind {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Test(Spanned<String>, Question),
    /// A schedule, with the field that it is counted from if one is named.
    Schedule(Schedule, Option<Spanned<String>>),
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// A yes-or-no field by itself.
    Holds,
    /// The field stands on the left; `100 < field` is turned round.
    Compare(Comparison, Spanned<Value>),
    In(Vec<Spanned<Value>>),
    NotIn(Vec<Spanned<Value>>),
    Reaches(Spanned<Value>),
    IsSet,
    IsNotSet,
    /// `> 30 days`: how long ago the date is. The span is that of the length.
    Age(Comparison, Spanned<Length>),
    /// The date is today or lies ahead, by no more than this.
    Within(Length),
    /// The date is past.
    Overdue,
    /// One of the rule's reminders around the date has come.
    Approaching,
    /// The value becomes this one.
    Enters(Spanned<Value>),
    /// The value becomes another one.
    Changes,
}

/// The six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether values in this order satisfy it.
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// The same comparison read from the other side.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::NotEqual => Self::NotEqual,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// The comparison that holds exactly where this one does not.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    /// Whether it needs values that have an order, and not only equality.
    pub(super) fn needs_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// As written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}
