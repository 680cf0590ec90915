//! Tables without lines: a head, columns two blanks apart, wrapped to the terminal and to nothing else.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table as Grid};

use super::screen::Screen;

/// Rows under a head.
pub struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(head: &[&'static str]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines.
    pub fn render(&self, screen: &Screen) -> String {
        let mut grid = Grid::new();
        grid.load_style(NOTHING).force_no_tty();
        if screen.terminal {
            grid.set_content_arrangement(ContentArrangement::Dynamic);
            grid.set_width(u16::try_from(terminal_width().unwrap_or(screen.width)).unwrap_or(u16::MAX));
        }
        if screen.paint.is_on() {
            grid.enforce_styling();
        }
        grid.set_header(self.head.iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
        grid.add_rows(self.rows.iter().cloned());
        let last = self.head.len().saturating_sub(1);
        for (at, column) in grid.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            // Ids and paths are there to be copied, so only the words at the end are broken into lines.
            if at < last {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        grid.trim_fmt()
    }
}

/// The terminal's width in columns, if there is a terminal.
pub fn terminal_width() -> Option<usize> {
    Grid::new().width().map(usize::from)
}
