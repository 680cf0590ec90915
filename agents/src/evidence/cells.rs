//! The figures in a table's cells. Whether a comma sets off decimals or thousands is decided for a whole column,
//! since one cell cannot tell. It must not know what a column means.

use std::collections::BTreeSet;

use infohub::plan::is_placeholder;
use rust_decimal::Decimal;
use tools::material::{Material, Table};

use super::unit::{Mixed, Unit};

/// Longer cells hold words.
const LONGEST: usize = 40;

/// A table, and how each of its columns writes decimals.
#[derive(Debug)]
pub(crate) struct Cells {
    /// The table's text.
    pub(crate) table: Table,
    marks: Vec<Mark>,
    units: Vec<Result<Option<Unit>, Mixed>>,
}

/// What sets off the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing, or words that hold a place: nobody measured it.
    Empty,
    /// A figure.
    Figure(Decimal),
    /// Words.
    Words,
}

impl Cells {
    /// The cells of a CSV material.
    pub(crate) fn of(material: &Material) -> Option<Self> {
        let table = Table::of(material)?;
        let marks = (0..table.header.len()).map(|column| mark(&table, column)).collect();
        let units = (0..table.header.len()).map(|column| unit(&table, column)).collect();
        Some(Self { table, marks, units })
    }

    /// The only column that plainly holds what is measured.
    pub(crate) fn measure(&self, metric: &str) -> Option<usize> {
        if let Some(at) = self.column(metric) {
            return Some(at);
        }
        let mut same = (0..self.table.header.len())
            .filter(|at| self.table.header.get(*at).is_some_and(|name| same_measure(metric, name)));
        let only = same.next()?;
        same.next().is_none().then_some(only)
    }

    /// What stands in a column of a row.
    pub(crate) fn cell(&self, row: &[String], column: usize) -> Cell {
        let text = row.get(column).map_or("", String::as_str).trim();
        if is_placeholder(text) {
            return Cell::Empty;
        }
        let mark = self.marks.get(column).copied().unwrap_or(Mark::Point);
        figure(text, mark).map_or(Cell::Words, Cell::Figure)
    }

    /// The column of this name; underscores and spaces are the same.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let wanted = spoken(name);
        self.table.header.iter().position(|known| spoken(known).eq_ignore_ascii_case(&wanted))
    }

    /// The unit in a column's name or in its cells.
    ///
    /// # Errors
    /// Two units that do not go together.
    pub(crate) fn unit(&self, column: usize) -> Result<Option<Unit>, Mixed> {
        self.units.get(column).copied().unwrap_or(Ok(None))
    }
}

/// The unit in the name of a column, or the one that all of its cells with a unit have.
fn unit(table: &Table, column: usize) -> Result<Option<Unit>, Mixed> {
    let mut unit = table.header.get(column).and_then(|name| Unit::of_column(name));
    let cells = table.rows.iter().filter_map(|(_, row)| row.get(column));
    // Most cells are bare digits, and those need no reading.
    for cell in cells.filter(|cell| cell.contains(|c: char| !c.is_ascii_digit())) {
        match (unit, Unit::of_text(cell)) {
            (Some(known), Some(other)) if known != other => return Err(Mixed(known, other)),
            (None, found) => unit = found,
            _ => {}
        }
    }
    Ok(unit)
}

/// Whether a metric and a column are plainly the same thing: all words of the column's name, two at least and its unit
/// apart, stand in the metric's, or both have the same words.
pub(crate) fn same_measure(metric: &str, column: &str) -> bool {
    let (metric, column) = (measure_words(metric), measure_words(column));
    !column.is_empty() && column.is_subset(&metric) && (column.len() > 1 || column.len() == metric.len())
}

/// The words of a measure without units, small words and plural endings.
fn measure_words(name: &str) -> BTreeSet<String> {
    const SMALL: [&str; 9] = ["of", "the", "a", "an", "in", "per", "for", "number", "share"];
    let spoken = spoken(name).to_lowercase();
    let words = spoken.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling = words.filter(|word| !SMALL.contains(word) && Unit::named(word).is_none());
    telling.map(|word| word.strip_suffix('s').unwrap_or(word).to_owned()).collect()
}

/// A column's name as people say it.
pub(crate) fn spoken(name: &str) -> String {
    name.replace('_', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A point, unless a figure of the column can only be read with a comma.
fn mark(table: &Table, column: usize) -> Mark {
    let cells = || table.rows.iter().filter_map(|(_, row)| row.get(column));
    let only = |mark: Mark, other: Mark| {
        cells().any(|cell| figure(cell, mark).is_some() && figure(cell, other).is_none())
    };
    // Where both occur the column contradicts itself, and one kind stays words.
    if only(Mark::Comma, Mark::Point) && !only(Mark::Point, Mark::Comma) { Mark::Comma } else { Mark::Point }
}

/// The figure of a cell: digits with their marks, a sign, a currency or a percent sign, and nothing else.
fn figure(text: &str, mark: Mark) -> Option<Decimal> {
    if text.len() > LONGEST {
        return None;
    }
    let (bare, sign) = unsigned(without_currency(text.trim()));
    let (bare, sign) =
        if sign == 1 { unsigned(without_currency(bare)) } else { (without_currency(bare), sign) };
    let bare = bare.strip_suffix('%').unwrap_or(bare).trim();
    let (decimal, group) = match mark {
        Mark::Point => ('.', ','),
        Mark::Comma => (',', '.'),
    };
    let (whole, fraction) = match bare.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (bare, None),
    };
    let whole = ungrouped(whole, group)?;
    let digits = match fraction {
        Some(fraction) if is_digits(fraction) => format!("{whole}.{fraction}"),
        Some(_) => return None,
        None => whole,
    };
    digits.parse::<Decimal>().ok().map(|figure| if sign < 0 { -figure } else { figure })
}

fn unsigned(text: &str) -> (&str, i8) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest.trim_start(), -1),
        None => (text.strip_prefix('+').unwrap_or(text), 1),
    }
}

fn without_currency(text: &str) -> &str {
    let is_code = |code: &str| code.bytes().all(|byte| byte.is_ascii_uppercase());
    let text = text.trim_start_matches(['$', '€', '£']).trim_end_matches(['$', '€', '£']).trim();
    match (text.split_at_checked(3), text.len().checked_sub(3).and_then(|at| text.split_at_checked(at))) {
        (Some((code, rest)), _) if is_code(code) => rest.trim_start(),
        (_, Some((rest, code))) if is_code(code) => rest.trim_end(),
        _ => text,
    }
}

/// The digits without the marks between groups of three.
fn ungrouped(text: &str, group: char) -> Option<String> {
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator else { return is_digits(text).then(|| text.to_owned()) };
    if separator != group && !matches!(separator, ' ' | '\u{a0}' | '\u{202f}' | '\'') {
        return None;
    }
    let mut groups = text.split(separator);
    let first = groups.next().filter(|first| is_digits(first) && first.len() <= 3)?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::library;

    /// The figures of a column of one table, `-` for an empty cell and `?` for words.
    fn column(cells: &[&str]) -> String {
        let text = format!(
            "week;n\n{}\n",
            cells.iter().map(|cell| format!("w;{cell}")).collect::<Vec<_>>().join("\n")
        );
        let library = library(&[("materials/usage/a.csv", &text)]);
        let cells = Cells::of(library.materials().next().unwrap()).unwrap();
        let told = |row: &[String]| match cells.cell(row, 1) {
            Cell::Figure(figure) => figure.normalize().to_string(),
            Cell::Empty => "-".into(),
            Cell::Words => "?".into(),
        };
        cells.table.rows.iter().map(|(_, row)| told(row)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cells_are_figures_nothing_or_words() {
        let check = |cells: &[&str], expected: &str| assert_eq!(column(cells), expected, "{cells:?}");
        check(&["5,210", "12", "1,234,567.50"], "5210 12 1234567.5");
        check(&["1.204,50", "12", "3,5"], "1204.5 12 3.5");
        check(&["1.204", "0,5"], "1204 0.5");
        check(&["1.204", "17"], "1.204 17");
        check(&["$1,200", "EUR 3.50", "12.5 %", "-4", "\u{2212}$2", "(5)"], "1200 3.5 12.5 -4 -2 ?");
        check(&["", "n/a", "TBD", "none", "1 of 3", "10k", "2026-01-02", "1 204"], "- - - ? ? ? ? 1204");
        check(&["1,5", "1.5"], "? 1.5");
        check(&["12,34,567", "1,2345"], "? 1.2345");
        check(&["1e9", "0x10", "99999999999999999999999999999999999"], "? ? ?");
    }

    proptest! {
        #[test]
        fn any_text_is_read(cell in "\\PC{0,60}") {
            let _ = (figure(&cell, Mark::Point), figure(&cell, Mark::Comma));
        }

        #[test]
        fn what_is_written_is_read(mantissa in -999_999_999_i64..999_999_999, scale in 0_u32..4) {
            let figure_written = Decimal::new(mantissa, scale);
            prop_assert_eq!(figure(&figure_written.to_string(), Mark::Point), Some(figure_written));
        }
    }
}
