//! Arithmetic as evidence: a figure that was worked out from figures which are cited themselves. This file knows the
//! form and the arithmetic; whether the cited figures stand where they are said to is checked elsewhere.
//!
//! Everything is exact decimal arithmetic. The result is rounded once, at the end, to the places that the calculation
//! declares (two if it declares none); a half goes to the even neighbour.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::LineRange;
use crate::ids::ItemId;
use crate::number::Number;

/// A calculation names at most so many inputs; a long column of a table is one input.
pub const MOST_INPUTS: usize = 24;
/// A result has this many decimals unless the calculation declares others.
const CENTS: u8 = 2;
/// Nobody reads more decimals.
const MOST_PLACES: u8 = 6;

/// A figure and how it was worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calculation {
    /// What is done with the inputs.
    pub operation: Operation,
    /// The figures, in the order in which the operation takes them.
    pub inputs: Vec<Input>,
    /// What comes out, as it is claimed.
    pub result: Number,
    /// The decimals to which the result is rounded; two if none are declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u8>,
    /// The result's unit or currency; filled in by the runtime where the figures carry one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// What can be done with figures. A closed list: what the runtime cannot recompute proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// All figures added.
    Sum,
    /// Their average.
    Mean,
    /// The smallest of them.
    Smallest,
    /// The largest of them.
    Largest,
    /// How many there are.
    Count,
    /// The first of them, in the order of their rows.
    First,
    /// The last of them.
    Last,
    /// The last of them less the first.
    LastLessFirst,
    /// The first less the second.
    Difference,
    /// All multiplied.
    Product,
    /// The first divided by the second.
    Quotient,
    /// The first as percent of the second.
    Percent,
    /// From the first to the second, in percent of the first.
    ChangePercent,
    /// Baseline, target, present value: the share of the way that is done, in percent.
    ProgressPercent,
    /// Before, after, then factors such as volume and rate: what the difference comes to.
    Saving,
}

/// A figure that goes into a calculation, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "RawInput", into = "RawInput")]
#[schemars(with = "RawInput")]
pub enum Input {
    /// The figures of a column in some rows of a table.
    Cells {
        /// Path of the table, as `materials/usage/2026-01.csv`.
        source: String,
        /// The column's name in the header.
        column: String,
        /// The lines of the file on which the rows stand; all rows if left out.
        rows: Option<LineRange>,
        /// The figure, where it is one row.
        value: Option<Number>,
    },
    /// A figure in words of a material.
    Quoted {
        /// Path of the material.
        source: String,
        /// Where the words stand; filled in by the runtime.
        lines: Option<LineRange>,
        /// The words, verbatim.
        quote: String,
        /// The figure in them.
        value: Number,
    },
    /// A field of the CRM.
    Fact {
        /// `account.NAME` or `opportunity.ID.NAME`.
        field: String,
        /// Its figure.
        value: Number,
    },
    /// A figure that the plan states, such as an outcome's baseline.
    Planned {
        /// The item.
        item: ItemId,
        /// Its field.
        field: String,
        /// The figure in it.
        value: Number,
    },
}

/// Why figures give no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "cannot", rename_all = "snake_case")]
pub enum Incomputable {
    /// The operation takes another number of figures.
    #[error("{operation} takes {takes}, and there are {given}")]
    Figures {
        /// The operation.
        operation: Operation,
        /// How many it takes, in words.
        takes: String,
        /// How many there are.
        given: usize,
    },
    /// The divisor is nothing.
    #[error("{operation} would divide by zero")]
    ByZero {
        /// The operation.
        operation: Operation,
    },
    /// The result may not be rounded so.
    #[error("a result of {operation} cannot have {places} decimals; take 2 to 6, or 0 to 6 for percentages")]
    Places {
        /// The operation.
        operation: Operation,
        /// The decimals that were declared.
        places: u8,
    },
    /// The result has more digits than are kept.
    #[error("the result of {operation} has too many digits")]
    TooLarge {
        /// The operation.
        operation: Operation,
    },
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Sum,
        Self::Mean,
        Self::Smallest,
        Self::Largest,
        Self::Count,
        Self::First,
        Self::Last,
        Self::LastLessFirst,
        Self::Difference,
        Self::Product,
        Self::Quotient,
        Self::Percent,
        Self::ChangePercent,
        Self::ProgressPercent,
        Self::Saving,
    ];

    /// The name with what it takes, where the order matters.
    pub fn told(self) -> &'static str {
        match self {
            Self::Difference => "difference (from, less)",
            Self::Quotient => "quotient (dividend, divisor)",
            Self::Percent => "percent (part, whole)",
            Self::ChangePercent => "change_percent (before, after)",
            Self::ProgressPercent => "progress_percent (baseline, target, now)",
            Self::Saving => "saving (before, after, factors)",
            other => other.as_str(),
        }
    }

    /// The name as it stands in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Smallest => "smallest",
            Self::Largest => "largest",
            Self::Count => "count",
            Self::First => "first",
            Self::Last => "last",
            Self::LastLessFirst => "last_less_first",
            Self::Difference => "difference",
            Self::Product => "product",
            Self::Quotient => "quotient",
            Self::Percent => "percent",
            Self::ChangePercent => "change_percent",
            Self::ProgressPercent => "progress_percent",
            Self::Saving => "saving",
        }
    }

    /// Works out the exact result.
    ///
    /// # Errors
    /// When the figures are too many or too few, divide by zero, or give more digits than can be held.
    pub fn of(self, figures: &[Decimal]) -> Result<Decimal, Incomputable> {
        let result = match (self, figures) {
            (Self::Count, figures) => Some(Decimal::from(figures.len())),
            (Self::Sum, [_, ..]) => sum(figures),
            (Self::Mean, [_, ..]) => {
                sum(figures).and_then(|sum| sum.checked_div(Decimal::from(figures.len())))
            }
            (Self::Smallest, [_, ..]) => figures.iter().min().copied(),
            (Self::Largest, [_, ..]) => figures.iter().max().copied(),
            (Self::First, [first, ..]) => Some(*first),
            (Self::Last, [.., last]) => Some(*last),
            (Self::LastLessFirst, [first, .., last]) => last.checked_sub(*first),
            (Self::Difference, [from, less]) => from.checked_sub(*less),
            (Self::Product, [_, _, ..]) => product(figures),
            (Self::Quotient, [part, whole]) => self.ratio(*part, *whole)?,
            (Self::Percent, [part, whole]) => self.ratio(hundredfold(*part), *whole)?,
            (Self::ChangePercent, [from, to]) => self.ratio(change(*from, *to), from.abs())?,
            (Self::ProgressPercent, [baseline, target, now]) => {
                self.ratio(change(*baseline, *now), target.checked_sub(*baseline))?
            }
            (Self::Saving, [before, after, factors @ ..]) if !factors.is_empty() => {
                before.checked_sub(*after).zip(product(factors)).and_then(|(saved, by)| saved.checked_mul(by))
            }
            _ => return Err(self.wrong_count(figures.len())),
        };
        result.ok_or(Incomputable::TooLarge { operation: self })
    }

    /// The result as it is stated, rounded to the declared places.
    ///
    /// # Errors
    /// As [`Operation::of`], when it may not be rounded so, and when it is no [`Number`] then.
    pub fn stated(self, figures: &[Decimal], places: Option<u8>) -> Result<Number, Incomputable> {
        let places = places.unwrap_or(CENTS);
        let fewest = if self.is_percentage() { 0 } else { CENTS };
        if !(fewest..=MOST_PLACES).contains(&places) {
            return Err(Incomputable::Places { operation: self, places });
        }
        let exact = self.of(figures)?;
        let rounded = exact.round_dp_with_strategy(u32::from(places), RoundingStrategy::MidpointNearestEven);
        if rounded.is_zero() && !exact.is_zero() && places < CENTS {
            // Rounded so far it would say that nothing happened.
            return Err(Incomputable::Places { operation: self, places });
        }
        Number::try_from(rounded).map_err(|_| Incomputable::TooLarge { operation: self })
    }

    /// True where the result is a share in percent.
    pub fn is_percentage(self) -> bool {
        matches!(self, Self::Percent | Self::ChangePercent | Self::ProgressPercent)
    }

    /// The outer option is for digits that do not fit.
    fn ratio(
        self,
        part: impl Into<Option<Decimal>>,
        whole: impl Into<Option<Decimal>>,
    ) -> Result<Option<Decimal>, Incomputable> {
        match (part.into(), whole.into()) {
            (_, Some(whole)) if whole.is_zero() => Err(Incomputable::ByZero { operation: self }),
            (Some(part), Some(whole)) => Ok(part.checked_div(whole)),
            _ => Ok(None),
        }
    }

    fn wrong_count(self, given: usize) -> Incomputable {
        let takes = match self {
            Self::Count
            | Self::Sum
            | Self::Mean
            | Self::Smallest
            | Self::Largest
            | Self::First
            | Self::Last => "at least one figure",
            Self::Difference | Self::Quotient => "two figures",
            Self::Product | Self::LastLessFirst => "at least two figures",
            Self::Percent => "two figures, the part and the whole",
            Self::ChangePercent => "two figures, the earlier and the later",
            Self::ProgressPercent => "three figures: baseline, target, present value",
            Self::Saving => "before, after and at least one factor",
        };
        Incomputable::Figures { operation: self, takes: takes.to_owned(), given }
    }
}

fn sum(figures: &[Decimal]) -> Option<Decimal> {
    figures.iter().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(*figure))
}

fn product(figures: &[Decimal]) -> Option<Decimal> {
    figures.iter().try_fold(Decimal::ONE, |product, figure| product.checked_mul(*figure))
}

fn hundredfold(figure: Decimal) -> Option<Decimal> {
    figure.checked_mul(Decimal::ONE_HUNDRED)
}

/// A hundred times the way from one figure to another: multiplied first, so that nothing is lost.
fn change(from: Decimal, to: Decimal) -> Option<Decimal> {
    to.checked_sub(from).and_then(hundredfold)
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cells { source, column, rows, value } => {
                if let Some(value) = value {
                    write!(f, "{value} in ")?;
                }
                match rows {
                    Some(rows) => write!(f, "{source}:{rows} \"{column}\""),
                    None => write!(f, "{source} \"{column}\""),
                }
            }
            Self::Quoted { source, lines: Some(lines), value, .. } => {
                write!(f, "{value} in {source}:{lines}")
            }
            Self::Quoted { source, value, .. } => write!(f, "{value} in {source}"),
            Self::Fact { field, value } => write!(f, "{value} in CRM {field}"),
            Self::Planned { item, field, value } => write!(f, "{value} in {item} {field}"),
        }
    }
}

impl fmt::Display for Calculation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: Vec<String> = self.inputs.iter().map(ToString::to_string).collect();
        let unit = self.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        write!(f, "{}{unit} = {} of {}", self.result, self.operation, inputs.join(", "))
    }
}

/// The form on disk and in a model's answer: one flat mapping, as for evidence.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Input")]
struct RawInput {
    /// Path of the material or table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Name of the table's column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// Lines of the table's rows, as 2-13; all rows if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<LineRange>,
    /// Lines of the quote, as 12-14.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lines: Option<LineRange>,
    /// The material's own words with the figure, copied exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote: Option<String>,
    /// Name of the CRM field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crm: Option<String>,
    /// Id of an item of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<ItemId>,
    /// The item's field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
}

impl TryFrom<RawInput> for Input {
    type Error = String;
    fn try_from(raw: RawInput) -> Result<Self, String> {
        match raw {
            RawInput {
                source: Some(source),
                column: Some(column),
                rows,
                value,
                lines: None,
                quote: None,
                crm: None,
                item: None,
                field: None,
            } => Ok(Self::Cells { source, column, rows, value }),
            RawInput {
                source: Some(source),
                quote: Some(quote),
                value: Some(value),
                lines,
                column: None,
                rows: None,
                crm: None,
                item: None,
                field: None,
            } => Ok(Self::Quoted { source, lines, quote, value }),
            RawInput {
                crm: Some(field),
                value: Some(value),
                source: None,
                column: None,
                rows: None,
                lines: None,
                quote: None,
                item: None,
                field: None,
            } => Ok(Self::Fact { field, value }),
            RawInput {
                item: Some(item),
                field: Some(field),
                value: Some(value),
                source: None,
                column: None,
                rows: None,
                lines: None,
                quote: None,
                crm: None,
            } => Ok(Self::Planned { item, field, value }),
            _ => Err(
                "an input is source and column (and rows), or source, quote and value, or crm and value, \
                      or item, field and value"
                    .into(),
            ),
        }
    }
}

impl From<Input> for RawInput {
    fn from(input: Input) -> Self {
        let none = Self::default();
        match input {
            Input::Cells { source, column, rows, value } => {
                Self { source: Some(source), column: Some(column), rows, value, ..none }
            }
            Input::Quoted { source, lines, quote, value } => {
                Self { source: Some(source), lines, quote: Some(quote), value: Some(value), ..none }
            }
            Input::Fact { field, value } => Self { crm: Some(field), value: Some(value), ..none },
            Input::Planned { item, field, value } => {
                Self { item: Some(item), field: Some(field), value: Some(value), ..none }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimals(figures: &[&str]) -> Vec<Decimal> {
        figures.iter().map(|figure| figure.parse().unwrap()).collect()
    }

    #[test]
    fn results_are_what_an_accountant_would_write() {
        let check = |operation: Operation, figures: &[&str], expected: &str| {
            let result = operation.stated(&decimals(figures), None);
            let told = result.map_or_else(|error| error.to_string(), |result| result.to_string());
            assert_eq!(told, expected, "{operation} of {figures:?}");
        };
        check(Operation::Sum, &["0.1", "0.2"], "0.3");
        check(Operation::Mean, &["1", "2", "2"], "1.67");
        check(Operation::Mean, &["0.01", "0"], "0");
        check(Operation::Mean, &["0.03", "0"], "0.02");
        check(Operation::Mean, &["-0.03", "0"], "-0.02");
        check(Operation::First, &["3", "5", "4"], "3");
        check(Operation::Last, &["3", "5", "4"], "4");
        check(Operation::LastLessFirst, &["3", "5", "4"], "1");
        check(Operation::Smallest, &["3", "-2"], "-2");
        check(Operation::Largest, &["3", "-2"], "3");
        check(Operation::Count, &[], "0");
        check(Operation::Difference, &["11", "3"], "8");
        check(Operation::Product, &["19.99", "3"], "59.97");
        check(Operation::Quotient, &["1", "3"], "0.33");
        check(Operation::Percent, &["1", "8"], "12.5");
        check(Operation::ChangePercent, &["80", "70"], "-12.5");
        check(Operation::ChangePercent, &["-80", "-70"], "12.5");
        check(Operation::ProgressPercent, &["11", "3", "9"], "25");
        check(Operation::Saving, &["11", "9", "5105", "0.5"], "5105");
        check(Operation::Quotient, &["1", "0"], "quotient would divide by zero");
        check(Operation::ProgressPercent, &["5", "5", "6"], "progress_percent would divide by zero");
        check(
            Operation::Saving,
            &["1", "2"],
            "saving takes before, after and at least one factor, and there are 2",
        );
        check(Operation::Sum, &[], "sum takes at least one figure, and there are 0");
        let huge = "9999999999999999999999999999";
        check(Operation::Product, &[huge, huge], "the result of product has too many digits");
    }

    #[test]
    fn rounding_has_a_limit() {
        let check = |operation: Operation, figures: &[&str], places: u8, expected: &str| {
            let result = operation.stated(&decimals(figures), Some(places));
            let told = result.map_or_else(|_| "refused".to_owned(), |result| result.to_string());
            assert_eq!(told, expected, "{operation} of {figures:?} to {places}");
        };
        check(Operation::Mean, &["1", "2", "2"], 3, "1.667");
        check(Operation::Mean, &["1", "2", "2"], 1, "refused");
        check(Operation::Mean, &["1", "2", "2"], 7, "refused");
        check(Operation::Percent, &["1", "8"], 0, "12");
        check(Operation::Percent, &["3", "8"], 0, "38");
        check(Operation::Percent, &["1", "1000"], 0, "refused");
        check(Operation::Percent, &["1", "1000"], 1, "0.1");
        check(Operation::Percent, &["0", "1000"], 0, "0");
    }

    #[test]
    fn form_on_disk_is_flat() {
        let check = |json: &str| {
            let input: Input = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&input).unwrap(), json);
        };
        check(r#"{"source":"materials/a.csv","column":"users","rows":"2-4"}"#);
        check(r#"{"source":"materials/a.csv","column":"users"}"#);
        check(r#"{"source":"materials/a.md","quote":"it takes 11 minutes","value":11}"#);
        check(r#"{"crm":"account.employees","value":1400}"#);
        check(r#"{"item":"bo-3f9a","field":"baseline","value":11}"#);
        for wrong in
            [r#"{"crm":"a"}"#, r#"{"source":"a","quote":"b"}"#, r#"{"item":"bo-1","crm":"a","value":1}"#]
        {
            let error = serde_json::from_str::<Input>(wrong).unwrap_err().to_string();
            assert!(error.contains("an input is source"), "{error}");
        }
    }

    /// Half to even, in whole numbers.
    fn divided(part: i128, whole: i128) -> i128 {
        let (quotient, rest) = (part.div_euclid(whole), part.rem_euclid(whole));
        match (2 * rest).cmp(&whole) {
            std::cmp::Ordering::Less => quotient,
            std::cmp::Ordering::Greater => quotient + 1,
            std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
        }
    }

    proptest! {
        /// In whole cents and integer arithmetic, which shares nothing with the code above.
        #[test]
        fn results_are_right_to_the_cent(cents in prop::collection::vec(-9_999_999_999_i64..9_999_999_999, 1..60)) {
            let figures: Vec<Decimal> = cents.iter().map(|cents| Decimal::new(*cents, 2)).collect();
            let total: i128 = cents.iter().map(|cents| i128::from(*cents)).sum();
            let result = |operation: Operation| operation.stated(&figures, None).unwrap().decimal();
            let cents = |cents: i128| Decimal::from_i128_with_scale(cents, 2).normalize();
            prop_assert_eq!(result(Operation::Sum), cents(total));
            prop_assert_eq!(result(Operation::Mean), cents(divided(total, figures.len() as i128)));
        }
    }
}
