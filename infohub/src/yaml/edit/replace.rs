//! Writes a value over another one of any kind, and takes fields and items away.
//!
//! It is the editor's other half for block notation: here whole values go, there they are compared.

use serde_json::Value;

use super::super::emit::{Behind, Parts};
use super::super::rewrite::RewriteError;
use super::super::scalar::{self, Quotes};
use super::super::tree::{Entry, Item, Kind, Node};
use super::{Editor, Slot};

impl Editor<'_> {
    /// Writes another value over a node, whatever it was.
    pub(super) fn replace(&mut self, node: &Node, slot: Slot, new: &Value) -> Result<(), RewriteError> {
        self.refuse_shared(node.start..node.end)?;
        let parts = self.parts(node, slot, new)?;
        match &node.kind {
            Kind::Nothing => self.replace_nothing(node, slot, &parts),
            Kind::Block => self.replace_block(node, &parts),
            Kind::Map(_) | Kind::Seq(_) => return self.replace_collection(node, &parts),
            Kind::Scalar(_) | Kind::FlowMap(_) | Kind::FlowSeq(_) => {
                self.replace_inline(node, slot, parts);
            }
            Kind::Alias | Kind::Missing => return Err(self.unsupported(node.start, "this value")),
        }
        Ok(())
    }

    /// The new value's text, in the quotes of the old one where it had some.
    fn parts(&self, node: &Node, slot: Slot, new: &Value) -> Result<Parts, RewriteError> {
        if let (Kind::Scalar(quotes @ (Quotes::Single | Quotes::Double)), Value::String(text)) =
            (&node.kind, new)
            && !text.contains('\n')
        {
            return Ok(Parts { inline: scalar::inline(text, *quotes), lines: String::new() });
        }
        Ok(self.writer().parts(new, slot.behind, slot.column)?)
    }

    fn replace_nothing(&mut self, node: &Node, slot: Slot, parts: &Parts) {
        let mut at = self.next_line(node.room);
        if parts.inline.is_empty() {
            // What explains an empty section stays above what fills it.
            at = self.behind_comments(at, slot.column);
        } else {
            self.splice(node.room..node.room, format!(" {}", parts.inline));
        }
        self.insert_lines(at, &parts.lines);
    }

    fn replace_block(&mut self, node: &Node, parts: &Parts) {
        let header = self.text[node.start..].find([' ', '\t', '\r', '\n']);
        let header_end = header.map_or(self.text.len(), |length| node.start + length);
        self.splice(self.swallow(node.start, parts)..header_end, parts.inline.clone());
        let content = self.next_line(node.start);
        self.splice(content..self.next_line(node.end).max(content), String::new());
        self.insert_lines(content, &parts.lines);
    }

    fn replace_inline(&mut self, node: &Node, slot: Slot, mut parts: Parts) {
        let comments = self.tree.comments(self.text, node.start..node.end);
        for comment in &comments {
            parts.lines += &format!("{}{comment}\n", " ".repeat(slot.column));
        }
        let line_end = self.next_line(node.end);
        let alone = self.text[node.end..line_end].trim().is_empty() && comments.is_empty();
        if slot.behind == Behind::Dash && parts.inline.is_empty() && alone {
            let lines = parts.lines.trim().replace('\n', self.line_end);
            self.splice(node.start..node.end, lines);
            return;
        }
        self.splice(self.swallow(node.start, &parts)..node.end, parts.inline.clone());
        let empty = matches!(&node.kind, Kind::FlowMap(entries) if entries.is_empty());
        let empty = empty || matches!(&node.kind, Kind::FlowSeq(items) if items.is_empty());
        let at = if empty { self.behind_comments(line_end, slot.column) } else { line_end };
        self.insert_lines(at, &parts.lines);
    }

    fn replace_collection(&mut self, node: &Node, parts: &Parts) -> Result<(), RewriteError> {
        let first_end = match &node.kind {
            Kind::Map(entries) => entries.first().map(|entry| entry.value.end),
            Kind::Seq(items) => items.first().map(|item| item.value.end),
            _ => None,
        };
        match &node.kind {
            Kind::Map(entries) => entries.iter().try_for_each(|entry| self.remove_entry(entry))?,
            Kind::Seq(items) => items.iter().try_for_each(|item| self.remove_item(item))?,
            _ => {}
        }
        if !parts.inline.is_empty() {
            self.splice(node.room..node.room, format!(" {}", parts.inline));
        }
        let at = if self.opens_line(node.start) {
            self.line_start(node.start)
        } else {
            self.next_line(first_end.unwrap_or(node.end))
        };
        self.insert_lines(at, &parts.lines);
        Ok(())
    }

    /// Takes a field away; comments on and between its lines stay.
    pub(super) fn remove_entry(&mut self, entry: &Entry) -> Result<(), RewriteError> {
        self.refuse_shared(entry.start..entry.value.end)?;
        let pad = " ".repeat(self.column(entry.start));
        if self.opens_line(entry.start) {
            let range = self.line_start(entry.start)..self.next_line(entry.value.end);
            let comments = self.tree.comments(self.text, range.clone());
            let kept = comments.iter().map(|comment| format!("{pad}{comment}{}", self.line_end)).collect();
            self.splice(range, kept);
        } else {
            let range = entry.start..entry.value.end;
            let comments = self.tree.comments(self.text, range.clone());
            self.splice(range, comments.join(&format!("{}{pad}", self.line_end)));
        }
        Ok(())
    }

    /// Takes an item away with all its lines.
    pub(super) fn remove_item(&mut self, item: &Item) -> Result<(), RewriteError> {
        self.refuse_shared(item.start..item.value.end)?;
        if self.opens_line(item.start) {
            self.splice(self.line_start(item.start)..self.next_line(item.value.end), String::new());
        } else {
            self.splice(item.start..item.value.end, String::new());
        }
        Ok(())
    }

    /// Where the blanks before a value start, if the value leaves its line.
    fn swallow(&self, start: usize, parts: &Parts) -> usize {
        if parts.inline.is_empty() { self.text[..start].trim_end_matches([' ', '\t']).len() } else { start }
    }
}
