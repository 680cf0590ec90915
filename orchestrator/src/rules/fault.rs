//! What can be wrong with a condition, where in its text, and what to write instead.
//!
//! Must not know files: places here are bytes of the condition's own text.

use super::field::{Field, Kind};
use std::fmt;

/// A range of bytes in the text of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text that the span covers, or nothing where it does not fit the text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A fault of a condition's text, with its place and, where there is one, a way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct ConditionError {
    /// What is wrong.
    pub fault: Fault,
    /// Where in the condition's text.
    pub span: Span,
    /// What to write instead.
    pub hint: Option<String>,
}

impl ConditionError {
    pub(super) fn new(fault: Fault, span: Span) -> Self {
        Self { fault, span, hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The ways in which a condition can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing but white space.
    #[error("the condition is empty")]
    Empty,
    /// More text than anyone reads.
    #[error("the condition has {length} bytes, the limit is {limit}")]
    TooLong {
        /// Bytes found.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// More parentheses and NOTs inside one another than the limit.
    #[error("parentheses and NOT are nested more than {limit} deep")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// A character that begins nothing in the language.
    #[error("unexpected character {}", Shown::quoted(&.0.to_string()))]
    Character(char),
    /// A sign of another language, such as `&&`.
    #[error("`{0}` is not an operator of this language")]
    ForeignOperator(String),
    /// A quote that is never closed.
    #[error("the text opened by {0} is not closed")]
    UnclosedText(char),
    /// Something that begins like a number and is none.
    #[error("{} is not a number", Shown::quoted(.0))]
    Number(String),
    /// A comma between groups of digits.
    #[error("a comma cannot group the digits of {}", Shown::quoted(.0))]
    GroupingComma(String),
    /// `100.000`, which is a hundred to one reader and a hundred thousand to another.
    #[error("{} may be read in two ways", Shown::quoted(.0))]
    AmbiguousNumber(String),
    /// More digits than can be computed with exactly.
    #[error("{} is too large", Shown::quoted(.0))]
    TooLarge(String),
    /// A date that the calendar does not have.
    #[error("{} is not a date", Shown::quoted(.0))]
    Date(String),
    /// One thing stands where another must.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What may stand here.
        expected: &'static str,
        /// What stands here.
        found: String,
    },
    /// `a < b < c`.
    #[error("comparisons cannot be chained")]
    Chained,
    /// A value without a comparison.
    #[error("{} is compared with nothing", Shown::quoted(.0))]
    LoneValue(String),
    /// A comparison of two values, which is true or false for ever.
    #[error("a comparison needs a field on one side")]
    NoField,
    /// A comparison of two fields.
    #[error("a field is compared with a value, not with another field")]
    TwoFields,
    /// A bare word where a value belongs.
    #[error("{} is neither a field nor a quoted text", Shown::quoted(.0))]
    Unquoted(String),
    /// A length of time that dates cannot be counted by.
    #[error("{} is not a length of time that dates are counted by", Shown::quoted(.0))]
    Length(String),
    /// An hour that no day has.
    #[error("{} is not an hour of a day", Shown::quoted(.0))]
    Hour(String),
    /// A day that no month has.
    #[error("{} is not a day of a month", Shown::quoted(.0))]
    MonthDay(String),
    /// A moment, such as `changes` or a schedule, under NOT.
    #[error("{} is a moment and cannot be negated", Shown::quoted(.0))]
    NegatedMoment(String),
    /// Two kinds of items in one condition.
    #[error("the condition asks about {} and {}, and is asked of one kind of thing at a time", .0.name(), .1.name())]
    TwoKinds(Field, Field),
    /// A name that the schema does not have.
    #[error("unknown field {}", Shown::quoted(.0))]
    UnknownField(String),
    /// A word that is not in the field's closed list.
    #[error("{} is not {kind} that {} can have", Shown::quoted(.word), .field.name())]
    UnknownWord {
        /// The field compared.
        field: Field,
        /// Its kind, which names the list.
        kind: Kind,
        /// The word found.
        word: String,
    },
    /// A value of another type than the field's.
    #[error("{} is {}, {written} is {found}", .field.name(), .field.kind())]
    Mismatch {
        /// The field compared.
        field: Field,
        /// The value as written, shortened.
        written: Shown,
        /// What that value is.
        found: &'static str,
    },
    /// An operator that the field's type does not have.
    #[error("`{operator}` cannot be asked of {}, which is {}", .field.name(), .field.kind())]
    Operator {
        /// The field.
        field: Field,
        /// The operator as written.
        operator: &'static str,
    },
    /// A field by itself that is not a yes-or-no field.
    #[error("{} is {} and says nothing by itself", .0.name(), .0.kind())]
    LoneField(Field),
}

/// Somebody's text, made fit for one line of a message: cut, and without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    const LONGEST: usize = 48;

    pub(super) fn bare(text: &str) -> Self {
        let mut shown = String::new();
        for (count, character) in text.chars().enumerate() {
            if count == Self::LONGEST {
                shown.push('…');
                break;
            }
            if character.is_control() {
                shown.extend(character.escape_default());
            } else {
                shown.push(character);
            }
        }
        Self(shown)
    }

    pub(super) fn quoted(text: &str) -> Self {
        Self(format!("`{}`", Self::bare(text)))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
