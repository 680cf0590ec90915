//! CSV: each record a line with the file's own text, and its cells for whoever asks.
//! Must not know what the columns mean.

use super::{Draft, Format, Line, LineKind, Material};

/// Reads a table; a record over several rows becomes one line, numbered by its first row.
pub(super) fn read(text: &str) -> Draft {
    let mut lines = Vec::new();
    let mut open: Option<Record> = None;
    for (row, number) in text.lines().zip(1u32..) {
        let record = match open.take() {
            Some(record) => record.and(row),
            None => Record::default().at(number).and(row),
        };
        if record.goes_on() {
            open = Some(record);
        } else {
            lines.extend(record.line());
        }
    }
    lines.extend(open.and_then(Record::line));
    Draft { lines, ..Draft::default() }
}

/// A record while its rows are collected.
#[derive(Default)]
struct Record {
    number: u32,
    text: String,
    quote_marks: usize,
}

impl Record {
    fn at(self, number: u32) -> Self {
        Self { number, ..self }
    }

    fn and(mut self, row: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(row.trim_end());
        self.quote_marks += row.bytes().filter(|byte| *byte == b'"').count();
        self
    }

    /// An odd number of quote marks means that a field goes on in the next row.
    fn goes_on(&self) -> bool {
        self.quote_marks % 2 == 1 && self.text.len() <= FIELD_BYTES
    }

    fn line(self) -> Option<Line> {
        let has_words = self.text.chars().any(char::is_alphanumeric);
        has_words.then(|| Line::new(self.number, LineKind::Row, self.text))
    }
}

/// A quote mark that is still open after so many bytes was never meant as one.
const FIELD_BYTES: usize = 16 << 10;

/// The cells of a CSV material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// Each row with the number of its line.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Table {
    /// Takes a CSV material apart; `None` for other formats and for a table without rows.
    pub fn of(material: &Material) -> Option<Self> {
        if material.format != Format::Csv {
            return None;
        }
        let (first, rest) = material.lines.split_first()?;
        let separator = separator(&first.text);
        let header = cells(&first.text, separator)?;
        let rows: Vec<_> =
            rest.iter().filter_map(|line| Some((line.number, cells(&line.text, separator)?))).collect();
        (!rows.is_empty()).then_some(Self { header, rows })
    }

    /// The place of a column, whatever the case of its name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column.trim().eq_ignore_ascii_case(name))
    }
}

/// The separator that splits the header most often.
fn separator(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

fn cells(text: &str, separator: u8) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().map(|cell| cell.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<Table> {
        Table::of(&Material {
            path: "usage.csv".into(),
            format: Format::Csv,
            title: String::new(),
            date: None,
            hash: String::new(),
            lines: read(text).lines,
            notes: Vec::new(),
        })
    }

    #[test]
    fn cells_keep_the_line_of_their_row() {
        let table =
            table("month;users\n\n2026-01;\"1,204\"\n2026-02;\"two\nrows\"\n2026-03;9\n").expect("rows");
        assert_eq!(table.column("Users"), Some(1));
        assert_eq!(
            table.rows,
            [
                (3, vec!["2026-01".to_owned(), "1,204".to_owned()]),
                (4, vec!["2026-02".to_owned(), "two rows".to_owned()]),
                (6, vec!["2026-03".to_owned(), "9".to_owned()]),
            ]
        );
    }

    #[test]
    fn a_stray_quote_mark_does_not_swallow_the_table() {
        let long = format!("a,b\n1,5\" disk\n{}", "2,x\n".repeat(20_000));
        assert!(read(&long).lines.len() > 10_000);
    }

    #[test]
    fn no_rows_no_table() {
        assert_eq!(table("a,b\n"), None);
        assert_eq!(table(""), None);
    }
}
