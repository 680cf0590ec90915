//! Where lines start and end around a value, and what may be put or taken there.
//!
//! It knows offsets, indentation and anchors; it must not know values.

use std::ops::Range;

use super::super::emit::Writer;
use super::super::error::line_column;
use super::super::rewrite::RewriteError;
use super::super::splice::Splice;
use super::super::tree::{Kind, Node};
use super::Editor;

impl Editor<'_> {
    /// Behind the comment lines that are indented further than `column`, as they belong to what is above.
    pub(super) fn behind_comments(&self, mut at: usize, column: usize) -> usize {
        loop {
            let line = &self.text[at..self.next_line(at)];
            let content = line.trim_start_matches([' ', '\t']);
            if !content.starts_with('#') || line.len() - content.len() <= column {
                return at;
            }
            at += line.len();
        }
    }

    /// Puts lines (which end in `\n`) between two lines of the text.
    pub(super) fn insert_lines(&mut self, at: usize, lines: &str) {
        if lines.is_empty() {
            return;
        }
        let lines = lines.replace('\n', self.line_end);
        let hangs = at == self.text.len() && !self.text.is_empty() && !self.text.ends_with('\n');
        let with =
            if hangs { format!("{}{}", self.line_end, lines.trim_end_matches(['\r', '\n'])) } else { lines };
        self.splice(at..at, with);
    }

    pub(super) fn splice(&mut self, at: Range<usize>, with: String) {
        if !at.is_empty() || !with.is_empty() {
            self.splices.push(Splice { at, with });
        }
    }

    pub(super) fn writer(&self) -> Writer {
        Writer::new(self.style)
    }

    /// An alias, or what an alias repeats, cannot be changed in one place only.
    pub(super) fn refuse_alias(&self, node: &Node) -> Result<(), RewriteError> {
        if matches!(node.kind, Kind::Alias) || self.tree.shared.contains(&node.anchor) {
            return Err(RewriteError::Aliased { line: self.line(node.start) });
        }
        Ok(())
    }

    /// What an alias elsewhere repeats cannot be taken away.
    pub(super) fn refuse_shared(&self, range: Range<usize>) -> Result<(), RewriteError> {
        let shared =
            |(anchor, start): &&(usize, usize)| range.contains(start) && self.tree.shared.contains(anchor);
        match self.tree.anchors.iter().find(shared) {
            Some((_, start)) => Err(RewriteError::Aliased { line: self.line(*start) }),
            None => Ok(()),
        }
    }

    pub(super) fn unsupported(&self, offset: usize, what: &'static str) -> RewriteError {
        RewriteError::Unsupported { line: self.line(offset), what }
    }

    fn line(&self, offset: usize) -> u32 {
        line_column(self.text, offset).0
    }

    pub(super) fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |before| before + 1)
    }

    /// The start of the line after the one that holds `offset`.
    pub(super) fn next_line(&self, offset: usize) -> usize {
        self.text[offset..].find('\n').map_or(self.text.len(), |length| offset + length + 1)
    }

    pub(super) fn opens_line(&self, offset: usize) -> bool {
        self.text[self.line_start(offset)..offset].trim().is_empty()
    }

    pub(super) fn column(&self, offset: usize) -> usize {
        self.text[self.line_start(offset)..offset].chars().count()
    }
}
