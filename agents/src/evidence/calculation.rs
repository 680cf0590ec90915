//! Works a cited calculation out again: each figure is looked up where it is said to stand, and the result is the
//! runtime's own or none. It must not know who calculated.

use std::fmt;

use infohub::calculation::{Calculation, Input, MOST_INPUTS};
use infohub::evidence::{Evidence, LineRange};
use infohub::number::Number;
use infohub::plan::Plan;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::cells::{Cell, Cells};
use super::unit::{self, Mixed, Unit};
use super::{Sources, Verdict};
use crate::figures::signed_numbers;

/// A calculation goes over at most so many cells.
const MOST_CELLS: usize = 10_000;
/// Columns that are named to somebody who named none of them.
const MOST_COLUMNS: usize = 12;

/// Why a figure that goes into a calculation is not the one that is cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum InputFault {
    /// What is cited does not hold.
    Cited {
        /// What became of it.
        of: Box<Verdict>,
    },
    /// What is cited holds and has another figure, several, or none.
    OtherFigure {
        /// What it says.
        text: String,
    },
    /// The material is no table.
    NoTable {
        /// Whether there is such a material.
        source_exists: bool,
    },
    /// The table has no such column.
    NoColumn {
        /// Those that it has.
        columns: Vec<String>,
    },
    /// No figure stands in these rows.
    NoRows,
    /// A cell holds words.
    Words {
        /// On this line.
        line: u32,
        /// These.
        text: String,
    },
    /// More cells than are looked at.
    TooManyCells,
    /// The plan has no such item or field.
    NoItem,
    /// It has another unit than those before it.
    MixedUnits {
        /// Two that do not go together.
        units: (String, String),
    },
    /// What comes out has another unit than is stated.
    OtherUnit {
        /// This.
        actual: String,
    },
}

/// A figure, or the figures of a column, as they stand in their source.
struct Held {
    input: Input,
    figures: Vec<Decimal>,
    unit: Option<Unit>,
}

/// Looks up every figure and works the result out.
pub(super) fn judge(cited: &Calculation, sources: &Sources<'_>, plan: &Plan) -> Verdict {
    if cited.inputs.len() > MOST_INPUTS {
        return Verdict::InputFails { input: MOST_INPUTS + 1, why: InputFault::TooManyCells };
    }
    let (mut figures, mut inputs, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for (at, input) in cited.inputs.iter().enumerate() {
        match look_up(input, sources, plan) {
            Ok(held) if figures.len() + held.figures.len() <= MOST_CELLS => {
                inputs.push(held.input);
                figures.extend(held.figures);
                units.push(held.unit);
            }
            Ok(_) => return Verdict::InputFails { input: at + 1, why: InputFault::TooManyCells },
            Err(why) => return Verdict::InputFails { input: at + 1, why },
        }
    }
    let unit = match result_unit(cited, &units) {
        Ok(unit) => unit,
        Err(why) => return Verdict::InputFails { input: inputs.len(), why },
    };
    match cited.operation.stated(&figures, cited.places) {
        Err(why) => Verdict::Incomputable { why },
        Ok(actual) if actual == cited.result => {
            Verdict::Calculated { calculation: Calculation { inputs, unit, ..cited.clone() } }
        }
        Ok(actual) => Verdict::Miscalculated { stated: cited.result, actual },
    }
}

/// The unit that the figures carry, else the one that is stated; the two must not differ.
fn result_unit(cited: &Calculation, units: &[Option<Unit>]) -> Result<Option<String>, InputFault> {
    let found = unit::of_result(cited.operation, units).map_err(|Mixed(one, other)| {
        InputFault::MixedUnits { units: (one.as_str().to_owned(), other.as_str().to_owned()) }
    })?;
    let Some(found) = found else { return Ok(cited.unit.clone()) };
    let stated = cited.unit.as_deref();
    // `minutes per booking` is a kind of minutes.
    let same = |stated: &str| {
        Unit::named(stated)
            .or_else(|| Unit::named(stated.split_whitespace().next()?))
            .is_none_or(|unit| unit == found)
    };
    match stated {
        Some(stated) if !same(stated) => Err(InputFault::OtherUnit { actual: found.as_str().to_owned() }),
        Some(stated) => Ok(Some(stated.to_owned())),
        None => Ok(Some(found.as_str().to_owned())),
    }
}

/// Looks a cited figure up where it is said to stand.
fn look_up(input: &Input, sources: &Sources<'_>, plan: &Plan) -> Result<Held, InputFault> {
    let one = |input: Input, figure: Decimal, unit| Held { input, figures: vec![figure], unit };
    match input {
        Input::Cells { source, column, rows, value } => {
            let (figures, unit) = cells(sources, source, column, *rows)?;
            let held = Input::Cells {
                source: source.clone(),
                column: column.clone(),
                rows: *rows,
                value: same_cell(&figures, *value)?,
            };
            Ok(Held { input: held, figures, unit })
        }
        Input::Quoted { source, lines, quote, value } => {
            let cited = Evidence::Quote { source: source.clone(), lines: *lines, quote: quote.clone() };
            let Evidence::Quote { source, lines, quote } = holds(&cited, sources)? else {
                return Err(InputFault::NoRows);
            };
            if !signed_numbers(&quote).contains(&value.decimal()) {
                return Err(InputFault::OtherFigure { text: quote });
            }
            let unit = Unit::of_text(&quote);
            Ok(one(Input::Quoted { source, lines, quote, value: *value }, value.decimal(), unit))
        }
        Input::Fact { field, value } => {
            let cited = Evidence::Crm { field: field.clone(), value: value.to_string(), as_of: None };
            holds(&cited, sources)?;
            Ok(one(input.clone(), value.decimal(), currency(sources, field)))
        }
        Input::Planned { item, field, value } => {
            let text = plan.item(item).and_then(|(_, _, item)| item.said(field)).ok_or(InputFault::NoItem)?;
            match signed_numbers(&text).as_slice() {
                [only] if *only == value.decimal() => Ok(one(input.clone(), *only, Unit::of_text(&text))),
                _ => Err(InputFault::OtherFigure { text }),
            }
        }
    }
}

/// The value of the only cell, which has to be the one that is cited.
fn same_cell(figures: &[Decimal], cited: Option<Number>) -> Result<Option<Number>, InputFault> {
    let only = match figures {
        [one] => Number::try_from(*one).ok(),
        _ => None,
    };
    match (cited, only) {
        (Some(cited), Some(only)) if cited != only => Err(InputFault::OtherFigure { text: only.to_string() }),
        (Some(_), None) => Err(InputFault::OtherFigure { text: format!("{} figures", figures.len()) }),
        _ => Ok(only),
    }
}

/// The currency of an opportunity, for its amounts.
fn currency(sources: &Sources<'_>, field: &str) -> Option<Unit> {
    let (deal, _) = field.rsplit_once('.').filter(|(_, name)| matches!(*name, "arr" | "amount"))?;
    let wanted = format!("{deal}.currency");
    let known = sources.facts.known();
    known.iter().find(|(name, ..)| *name == wanted).and_then(|(_, code, _)| Unit::named(code))
}

fn holds(cited: &Evidence, sources: &Sources<'_>) -> Result<Evidence, InputFault> {
    let verdict = sources.judge(cited);
    verdict.corrected(cited).ok_or_else(|| InputFault::Cited { of: Box::new(verdict) })
}

/// The figures of a column in the rows on these lines. An empty cell is one that nobody measured, and is passed over.
fn cells(
    sources: &Sources<'_>,
    source: &str,
    column: &str,
    rows: Option<LineRange>,
) -> Result<(Vec<Decimal>, Option<Unit>), InputFault> {
    let material = sources.library.get(source).ok_or(InputFault::NoTable { source_exists: false })?;
    let views = sources.folds.get(material);
    let cells: &Cells = views.cells(material).ok_or(InputFault::NoTable { source_exists: true })?;
    let at = cells.column(column).ok_or_else(|| InputFault::NoColumn {
        columns: cells.table.header.iter().take(MOST_COLUMNS).cloned().collect(),
    })?;
    let all = &cells.table.rows;
    let from = rows.map_or(0, |rows| all.partition_point(|(line, _)| *line < rows.first));
    let to = rows.map_or(all.len(), |rows| all.partition_point(|(line, _)| *line <= rows.last));
    let chosen = all.get(from..to).unwrap_or_default();
    if chosen.len() > MOST_CELLS {
        return Err(InputFault::TooManyCells);
    }
    let ordered = views.ordered(material);
    if chosen.iter().any(|(line, _)| ordered.touches(LineRange { first: *line, last: *line })) {
        return Err(InputFault::Cited { of: Box::new(Verdict::GivesOrders) });
    }
    let mut figures = Vec::new();
    for (line, row) in chosen {
        match cells.cell(row, at) {
            Cell::Figure(figure) => figures.push(figure.normalize()),
            Cell::Empty => {}
            Cell::Words => {
                let text = row.get(at).map(|text| super::shortened(text)).unwrap_or_default();
                return Err(InputFault::Words { line: *line, text });
            }
        }
    }
    if figures.is_empty() {
        return Err(InputFault::NoRows);
    }
    Ok((figures, cells.unit(at)?))
}

impl From<Mixed> for InputFault {
    fn from(Mixed(one, other): Mixed) -> Self {
        Self::MixedUnits { units: (one.as_str().to_owned(), other.as_str().to_owned()) }
    }
}

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cited { of } => of.fmt(f),
            Self::OtherFigure { text } => {
                write!(f, "is not the figure that stands there (\"{}\")", super::shortened(text))
            }
            Self::NoTable { source_exists: true } => {
                f.write_str("names a material that is no table; quote it")
            }
            Self::NoTable { source_exists: false } => f.write_str(
                "names a material that the account does not have; take a path from the material shown",
            ),
            Self::NoColumn { columns } => {
                write!(f, "names a column that the table does not have; it has {}", columns.join(", "))
            }
            Self::NoRows => f.write_str("has no figure in these rows; name the lines on which they stand"),
            Self::Words { line, text } => {
                write!(f, "has words on line {line} (\"{text}\"); leave that row out")
            }
            Self::TooManyCells => {
                write!(f, "has too many figures; take at most {MOST_INPUTS} inputs and {MOST_CELLS} cells")
            }
            Self::NoItem => f.write_str("names an item or field that the plan does not have"),
            Self::MixedUnits { units: (one, other) } => {
                write!(f, "mixes {one} with {other}; calculate within one unit")
            }
            Self::OtherUnit { actual } => write!(f, "gives {actual} and not the unit that is stated"),
        }
    }
}
