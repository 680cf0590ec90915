//! Changes what stands between brackets or braces, comma by comma.
//!
//! It is the editor's other half: the same rules as in block notation, without lines.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::rewrite::RewriteError;
use super::super::scalar::{self, Quotes};
use super::super::tree::{Entry, Item, Kind, Node};
use super::super::value::{count, differs, field, same};
use super::Editor;
use super::items::{Origin, kept, origins};

/// One value between commas.
struct Piece {
    start: usize,
    end: usize,
    comma: Option<usize>,
    kept: bool,
}

/// A new value's text and the piece that it follows, if any.
type Addition = (Option<usize>, String);

impl Editor<'_> {
    /// Turns a value in flow notation from `old` into `new`.
    pub(super) fn change_in_flow(
        &mut self,
        node: &Node,
        old: Option<&Value>,
        new: &Value,
    ) -> Result<(), RewriteError> {
        if old.is_some_and(|old| same(old, new)) {
            return Ok(());
        }
        self.refuse_alias(node)?;
        match (&node.kind, old, new) {
            (Kind::FlowMap(entries), Some(Value::Object(old)), Value::Object(new))
                if !entries.is_empty() && count(new) > 0 =>
            {
                self.flow_fields(entries, node.start, old, new)
            }
            (Kind::FlowSeq(items), Some(Value::Array(old)), Value::Array(new))
                if !items.is_empty() && !new.is_empty() =>
            {
                self.flow_items(items, node.start, old, new)
            }
            _ => self.replace_in_flow(node, new),
        }
    }

    fn flow_fields(
        &mut self,
        entries: &[Entry],
        open: usize,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) -> Result<(), RewriteError> {
        let mut pieces = Vec::with_capacity(entries.len());
        for entry in entries {
            let (before, after) = (field(old, &entry.key), field(new, &entry.key));
            if let Some(after) = after {
                self.change_in_flow(&entry.value, before, after)?;
            }
            let kept = before.is_none() || after.is_some();
            pieces.push(Piece { start: entry.start, end: entry.value.end, comma: entry.comma, kept });
        }
        let keys = entries.iter().map(|entry| entry.key.as_str());
        let places: HashMap<&str, usize> = keys.zip(0..).collect();
        let (mut after, mut additions) = (pieces.iter().rposition(|piece| piece.kept), Vec::new());
        for (key, value) in new.iter().filter(|(_, value)| !value.is_null()) {
            match places.get(key.as_str()) {
                Some(index) => after = Some(*index),
                None if differs(old, key, value) => {
                    additions.push((after, self.writer().flow_entry(key, value)?));
                }
                None => {}
            }
        }
        self.rearrange(open, &pieces, &additions)
    }

    fn flow_items(
        &mut self,
        items: &[Item],
        open: usize,
        old: &[Value],
        new: &[Value],
    ) -> Result<(), RewriteError> {
        if items.len() != old.len() {
            return Err(RewriteError::Stale);
        }
        let origins = origins(old, new);
        let mut pieces = Vec::with_capacity(items.len());
        for (item, kept) in items.iter().zip(kept(&origins, items.len())) {
            // An anchor or a tag before the value goes with it.
            let bare = item.value.room == item.start;
            let blanks = self.text[item.start..].len() - self.text[item.start..].trim_start().len();
            let start = if bare { item.value.start } else { item.start + blanks };
            pieces.push(Piece { start, end: item.value.end, comma: item.comma, kept });
        }
        let (mut after, mut additions) = (None, Vec::new());
        for (value, origin) in new.iter().zip(origins) {
            if let Origin::Kept(index) = origin {
                self.change_in_flow(&items[index].value, old.get(index), value)?;
                after = Some(index);
            } else {
                additions.push((after, self.writer().flow(value)?));
            }
        }
        self.rearrange(open, &pieces, &additions)
    }

    /// Takes the pieces away that are not kept, and puts new ones in.
    fn rearrange(
        &mut self,
        open: usize,
        pieces: &[Piece],
        additions: &[Addition],
    ) -> Result<(), RewriteError> {
        for piece in pieces.iter().filter(|piece| !piece.kept) {
            self.refuse_shared(piece.start..piece.end)?;
            if !self.tree.comments(self.text, piece.start..piece.end).is_empty() {
                return Err(self.unsupported(piece.start, "a comment inside of a removed value in brackets"));
            }
            self.splice(piece.start..piece.end, String::new());
            self.cut_comma(piece);
        }
        let last_kept = pieces.iter().rfind(|piece| piece.kept);
        if let (Some(kept), Some(last)) = (last_kept, pieces.last())
            && !last.kept
            && last.comma.is_none()
        {
            self.cut_comma(kept);
        }
        let mut first = true;
        for (after, text) in additions {
            let (at, with) = match (after, last_kept) {
                (Some(index), _) => (pieces[*index].end, format!(", {text}")),
                (None, Some(_)) => (open + 1, format!("{text}, ")),
                (None, None) if std::mem::take(&mut first) => (open + 1, text.clone()),
                (None, None) => (open + 1, format!(", {text}")),
            };
            self.splice(at..at, with);
        }
        Ok(())
    }

    /// Takes a comma away, with the blanks behind it.
    fn cut_comma(&mut self, piece: &Piece) {
        if let Some(comma) = piece.comma {
            let behind = &self.text[comma + 1..];
            let blanks = behind.len() - behind.trim_start_matches(' ').len();
            // A comment needs a blank before it, or it becomes part of the value.
            let blanks = if behind[blanks..].starts_with('#') { 0 } else { blanks };
            self.splice(comma..comma + 1 + blanks, String::new());
        }
    }

    fn replace_in_flow(&mut self, node: &Node, new: &Value) -> Result<(), RewriteError> {
        self.refuse_shared(node.start..node.end)?;
        if !self.tree.comments(self.text, node.start..node.end).is_empty() {
            return Err(self.unsupported(node.start, "a comment inside of a replaced value in brackets"));
        }
        let text = match (&node.kind, new) {
            (Kind::Missing, _) => return Err(self.unsupported(node.start, "a key without a colon")),
            (Kind::Scalar(quotes @ (Quotes::Single | Quotes::Double)), Value::String(text)) => {
                scalar::inline(text, *quotes)
            }
            _ => self.writer().flow(new)?,
        };
        let with = if matches!(node.kind, Kind::Nothing) { format!(" {text}") } else { text };
        self.splice(node.start..node.end, with);
        Ok(())
    }
}
