//! Changes a parsed document value by value, in block notation, touching nothing else.
//!
//! ```text
//! old and new value ── differ? ──► the smallest splices that turn one into the other
//! ```
//!
//! A comment goes only with a list item that it stands inside of; every other one stays or, where
//! its line goes, moves to a line of its own. It must not know sections: see the outline.

mod flow;
pub(super) mod items;
mod lines;
mod replace;

use std::collections::HashMap;

use serde_json::{Map, Value};

use self::items::{Origin, kept, origins};
use super::emit::{Behind, Style};
use super::rewrite::RewriteError;
use super::splice::{Splice, apply, sort};
use super::tree::{Entry, Item, Kind, Node, Tree};
use super::value::{count, differs, field, same};

/// Collects the splices for one text.
pub(super) struct Editor<'t> {
    pub text: &'t str,
    pub tree: &'t Tree,
    pub style: Style,
    /// `\n` or `\r\n`, as the text has it.
    pub line_end: &'static str,
    pub splices: Vec<Splice>,
}

/// What a value stands behind, and in which column that is.
#[derive(Debug, Clone, Copy)]
struct Slot {
    behind: Behind,
    column: usize,
}

impl Editor<'_> {
    /// Turns the document's mapping from `old` into `new`.
    pub fn document(
        &mut self,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) -> Result<(), RewriteError> {
        match &self.tree.root {
            Some(Node { kind: Kind::Map(entries), .. }) => self.fields(entries, old, new),
            Some(root @ Node { kind: Kind::FlowMap(_), .. }) => self.in_flow(root, old, new),
            Some(Node { kind: Kind::Nothing, .. }) | None => self.fill(new),
            Some(root) => Err(self.unsupported(root.start, "a document that is not a mapping")),
        }
    }

    fn in_flow(
        &mut self,
        root: &Node,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) -> Result<(), RewriteError> {
        let (old, new) = (Value::Object(old.clone()), Value::Object(new.clone()));
        self.change_in_flow(root, Some(&old), &new)
    }

    /// Writes the first fields of a document that holds none, before its end marker.
    fn fill(&mut self, new: &Map<String, Value>) -> Result<(), RewriteError> {
        let marker = self.text.find("\n...").map(|offset| offset + 1);
        let mut lines = String::new();
        for (key, value) in new.iter().filter(|(_, value)| !value.is_null()) {
            lines += &self.writer().entry(key, value, 0)?;
        }
        self.insert_lines(marker.unwrap_or(self.text.len()), &lines);
        Ok(())
    }

    fn change(
        &mut self,
        node: &Node,
        slot: Slot,
        old: Option<&Value>,
        new: &Value,
    ) -> Result<(), RewriteError> {
        if old.is_some_and(|old| same(old, new)) {
            return Ok(());
        }
        self.refuse_alias(node)?;
        match (&node.kind, old, new) {
            (Kind::Map(entries), Some(Value::Object(old)), Value::Object(new)) if count(new) > 0 => {
                self.fields(entries, old, new)
            }
            (Kind::Seq(items), Some(Value::Array(old)), Value::Array(new)) if !new.is_empty() => {
                self.items(items, old, new)
            }
            (Kind::FlowMap(entries), Some(Value::Object(_)), Value::Object(fields))
                if !entries.is_empty() && count(fields) > 0 =>
            {
                self.change_in_flow(node, old, new)
            }
            (Kind::FlowSeq(items), Some(Value::Array(_)), Value::Array(values))
                if !items.is_empty() && !values.is_empty() =>
            {
                self.change_in_flow(node, old, new)
            }
            _ => self.replace(node, slot, new),
        }
    }

    fn fields(
        &mut self,
        entries: &[Entry],
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) -> Result<(), RewriteError> {
        let column = entries.first().map_or(0, |entry| self.column(entry.start));
        for entry in entries {
            match (field(old, &entry.key), field(new, &entry.key)) {
                (old, Some(new)) => {
                    self.change(&entry.value, Slot { behind: Behind::Key, column }, old, new)?;
                }
                (Some(_), None) => self.remove_entry(entry)?,
                (None, None) => {}
            }
        }
        let places: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        // New fields follow the field that they follow in the new value.
        let (mut after, mut pending) = (entries.last(), String::new());
        for (key, value) in new.iter().filter(|(_, value)| !value.is_null()) {
            if let Some(entry) = places.get(key.as_str()) {
                self.insert_fields(after, column, &std::mem::take(&mut pending));
                after = Some(entry);
            } else if differs(old, key, value) {
                pending += &self.writer().entry(key, value, column)?;
            }
        }
        self.insert_fields(after, column, &pending);
        Ok(())
    }

    /// Puts whole fields behind one that is there.
    fn insert_fields(&mut self, after: Option<&Entry>, column: usize, lines: &str) {
        if let Some(entry) = after.filter(|_| !lines.is_empty()) {
            let at = self.behind_comments(self.next_line(entry.value.end), column);
            self.insert_lines(at, lines);
        }
    }

    fn items(&mut self, items: &[Item], old: &[Value], new: &[Value]) -> Result<(), RewriteError> {
        if items.len() != old.len() {
            return Err(RewriteError::Stale);
        }
        let Some(first) = items.first() else {
            return Ok(());
        };
        let column = self.column(first.start);
        let origins = origins(old, new);
        let kept = kept(&origins, items.len());
        for (item, _) in items.iter().zip(&kept).filter(|(_, kept)| !**kept) {
            self.remove_item(item)?;
        }
        let (mut after, mut pending) = (None, String::new());
        for (value, origin) in new.iter().zip(origins) {
            match origin {
                Origin::Kept(index) => {
                    self.insert_items(first, after, column, &std::mem::take(&mut pending));
                    let slot = Slot { behind: Behind::Dash, column };
                    self.change(&items[index].value, slot, old.get(index), value)?;
                    after = Some(&items[index]);
                }
                Origin::Moved(index) => {
                    pending += &self.moved(&items[index], column, &old[index], value)?;
                }
                Origin::New => pending += &self.writer().item(value, column)?,
            }
        }
        self.insert_items(first, after, column, &pending);
        Ok(())
    }

    /// Puts whole items behind one that stays, or before the first.
    fn insert_items(&mut self, first: &Item, after: Option<&Item>, column: usize, lines: &str) {
        if lines.is_empty() {
            return;
        }
        if let Some(item) = after {
            let at = self.behind_comments(self.next_line(item.value.end), column);
            self.insert_lines(at, lines);
        } else if self.opens_line(first.start) {
            self.insert_lines(self.line_start(first.start), lines);
        } else {
            // The first dash stands behind another dash, whose place the new item takes.
            let with = format!("{}{}", lines.trim_start(), " ".repeat(column));
            self.splice(first.start..first.start, with);
        }
    }

    /// The lines of an item that changes its place, with what changes inside of it.
    fn moved(
        &mut self,
        item: &Item,
        column: usize,
        old: &Value,
        new: &Value,
    ) -> Result<String, RewriteError> {
        if !self.opens_line(item.start) {
            return Ok(self.writer().item(new, column)?);
        }
        let outside = std::mem::take(&mut self.splices);
        let changed = self.change(&item.value, Slot { behind: Behind::Dash, column }, Some(old), new);
        let mut inside = std::mem::replace(&mut self.splices, outside);
        changed?;
        let range = self.line_start(item.start)..self.next_line(item.value.end);
        for splice in &mut inside {
            splice.at = splice.at.start - range.start..splice.at.end - range.start;
        }
        sort(&mut inside);
        let mut lines = apply(&self.text[range], &inside).ok_or(RewriteError::Stale)?.replace("\r\n", "\n");
        if !lines.ends_with('\n') {
            lines.push('\n');
        }
        Ok(lines)
    }
}
