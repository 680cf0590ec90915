//! The values that fields hold and rules are written with: text, numbers, money, dates, yes or no.
//!
//! Must not know fields; what kind of value a field takes stands in `field`.

use crate::calendar::Length;
use infohub::number::{Currency, Number};
use jiff::civil::Date;
use std::cmp::Ordering;
use std::fmt;

/// A value of a fact, or one written in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Any text; also a stage and a word of a closed list.
    Text(String),
    /// An exact decimal number.
    Number(Number),
    /// An amount of money.
    Money(Amount),
    /// A day, without time and zone.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// A length of time. Facts hold none; a condition compares the age of a date with it.
    Length(Length),
}

/// An amount of money. The CRM may tell the amount before it tells the currency, so that a fact may
/// lack it, which the plan's own `Money` may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How much, in whole units of the currency.
    pub value: Number,
    /// Of what, if that is known.
    pub currency: Option<Currency>,
}

/// Two values that have no order between them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot compare {found} with {wanted}")]
pub(super) struct Incomparable {
    found: String,
    wanted: String,
}

impl Value {
    /// What this is, for messages.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Money(_) => "money",
            Self::Date(_) => "a date",
            Self::Flag(_) => "yes or no",
            Self::Length(_) => "a length of time",
        }
    }

    /// The order of a fact and a value written in a rule. A number without a currency is taken in
    /// the currency of the fact.
    pub(super) fn compare(&self, written: &Self) -> Result<Ordering, Incomparable> {
        match (self, written) {
            (Self::Text(a), Self::Text(b)) => Ok(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => Ok(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Ok(a.cmp(b)),
            (Self::Flag(a), Self::Flag(b)) => Ok(a.cmp(b)),
            (Self::Money(a), Self::Number(b)) => Ok(a.value.cmp(b)),
            (Self::Money(a), Self::Money(b)) => a.compare(b),
            (a, b) => Err(Incomparable { found: a.kind_name().to_owned(), wanted: b.kind_name().to_owned() }),
        }
    }
}

impl Amount {
    fn compare(&self, written: &Self) -> Result<Ordering, Incomparable> {
        match (&self.currency, &written.currency) {
            (Some(a), Some(b)) if a == b => Ok(self.value.cmp(&written.value)),
            (found, wanted) => {
                let named = |currency: &Option<Currency>| match currency {
                    Some(currency) => currency.to_string(),
                    None => "an amount without a currency".to_owned(),
                };
                Err(Incomparable { found: named(found), wanted: named(wanted) })
            }
        }
    }
}

/// As it would be written in a condition.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "'{}'", text.replace('\'', "''")),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Money(Amount { value, currency: Some(currency) }) => {
                write!(formatter, "{value} {currency}")
            }
            Self::Money(Amount { value, currency: None }) => write!(formatter, "{value}"),
            Self::Date(date) => write!(formatter, "{date}"),
            Self::Flag(flag) => write!(formatter, "{flag}"),
            Self::Length(length) => write!(formatter, "{length}"),
        }
    }
}
