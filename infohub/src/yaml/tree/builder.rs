//! Puts the parser's events together into nodes, and finds what events do not tell.
//!
//! Events give the spans of scalars and brackets. Dashes, colons, commas, block headers and the room
//! behind an anchor are looked for in the text between them.

use std::ops::Range;

use serde_saphyr::granit_parser::{Event, ScalarStyle, Span, StructureStyle};

use super::super::error::line_column;
use super::super::read::MAX_ALIASES;
use super::super::scalar::Quotes;
use super::{Entry, Item, Kind, Node, Tree, TreeError};

/// A collection whose end has not come yet.
struct Open {
    start: usize,
    room: usize,
    anchor: usize,
    list: bool,
    flow: bool,
    entries: Vec<Entry>,
    items: Vec<Item>,
    /// A key whose value has not come yet: key, start, and where its value's room begins.
    key: Option<(String, usize, Lead)>,
    /// Where the node itself is to be put when it ends.
    place: Place,
}

/// Where a node stands in its parent.
#[derive(Debug, Clone, Copy)]
enum Place {
    Root,
    Key { start: usize },
    Value,
    Item { start: usize },
}

/// Where the text of a node may begin.
#[derive(Debug, Clone, Copy)]
enum Lead {
    At(usize),
    /// There is no colon that it could stand behind.
    None(usize),
}

/// A tree in the making.
pub(super) struct Builder<'t> {
    text: &'t str,
    tree: Tree,
    open: Vec<Open>,
    /// Behind the last token that was placed.
    cursor: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, tree: Tree::default(), open: Vec::new(), cursor: 0 }
    }

    pub(super) fn finish(mut self) -> Tree {
        let Tree { shared, anchors, .. } = &mut self.tree;
        anchors.retain(|(anchor, _)| shared.contains(anchor));
        self.tree
    }

    pub(super) fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), TreeError> {
        let range = span.byte_range().unwrap_or(self.cursor..self.cursor);
        match event {
            Event::DocumentStart(explicit, _) => {
                self.cursor = if explicit { range.end } else { self.cursor };
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let properties = usize::from(anchor != 0) + usize::from(tag.is_some());
                self.scalar(&text, style, anchor, properties, range)
            }
            Event::Alias(target) => {
                self.tree.shared.insert(target);
                if self.tree.shared.len() > MAX_ALIASES {
                    return Err(self.unsupported(range.start, "so many aliases"));
                }
                let (place, lead) = self.place(range.start)?;
                let node =
                    Node { kind: Kind::Alias, room: lead, start: range.start, end: range.end, anchor: 0 };
                self.cursor = range.end;
                self.put(place, node, String::new())
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.enter(true, style, anchor, usize::from(tag.is_some()), range)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.enter(false, style, anchor, usize::from(tag.is_some()), range)
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(range),
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        properties: usize,
        range: Range<usize>,
    ) -> Result<(), TreeError> {
        let (place, lead) = self.place(range.start)?;
        let room = self.behind_properties(lead, properties);
        let (kind, start, end) = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block(room, &range),
            ScalarStyle::SingleQuoted => (Kind::Scalar(Quotes::Single), range.start, range.end),
            ScalarStyle::DoubleQuoted => (Kind::Scalar(Quotes::Double), range.start, range.end),
            _ if range.is_empty() => (Kind::Nothing, room, room),
            _ => (Kind::Scalar(Quotes::Spare), range.start, range.end),
        };
        self.cursor = range.end.max(end).max(room);
        if !range.is_empty() {
            self.tree.solid.push(range);
        }
        if anchor != 0 {
            self.tree.anchors.push((anchor, start));
        }
        self.put(place, Node { kind, room, start, end, anchor }, text.to_owned())
    }

    /// A block scalar from its header to its last line, without blank lines that it does not keep.
    fn block(&self, room: usize, content: &Range<usize>) -> (Kind, usize, usize) {
        let start = skip_blank(self.text, room);
        let header_end = start + token_length(&self.text[start..]);
        let raw = &self.text[content.clone()];
        let end = if self.text[start..header_end].contains('+') {
            let lines = raw.rfind('\n').map_or(raw, |last| &raw[..last]);
            content.start + lines.trim_end_matches('\r').len()
        } else {
            content.start + raw.trim_end_matches([' ', '\t', '\r', '\n']).len()
        };
        (Kind::Block, start, if raw.is_empty() { header_end } else { end.max(header_end) })
    }

    fn enter(
        &mut self,
        list: bool,
        style: StructureStyle,
        anchor: usize,
        tags: usize,
        range: Range<usize>,
    ) -> Result<(), TreeError> {
        let (place, lead) = self.place(range.start)?;
        if let Place::Key { start } = place {
            return Err(self.unsupported(start, "a key that is not a plain word"));
        }
        let room = self.behind_properties(lead, tags + usize::from(anchor != 0));
        let flow = style == StructureStyle::Flow;
        let opener = if list { "[" } else { "{" };
        if flow && !self.text[range.start..].starts_with(opener) {
            return Err(self.unsupported(range.start, "a pair without braces"));
        }
        if anchor != 0 {
            self.tree.anchors.push((anchor, range.start));
        }
        self.cursor = if flow { range.end } else { room };
        let (entries, items) = (Vec::new(), Vec::new());
        self.open.push(Open {
            start: range.start,
            room,
            anchor,
            list,
            flow,
            entries,
            items,
            key: None,
            place,
        });
        Ok(())
    }

    fn leave(&mut self, range: Range<usize>) -> Result<(), TreeError> {
        let Some(mut open) = self.open.pop() else {
            return Ok(());
        };
        if open.flow {
            let comma = skip_blank(self.text, self.cursor);
            if self.text[comma..].starts_with(',') {
                open.mark_comma(comma);
            }
            self.cursor = range.end;
        }
        let Open { room, anchor, place, .. } = open;
        let first = open.entries.first().map(|entry| entry.start);
        let first = first.or(open.items.first().map(|item| item.start));
        let last = open.entries.last().map(|entry| entry.value.end);
        let last = last.or(open.items.last().map(|item| item.value.end));
        let (start, end) =
            if open.flow { (open.start, range.end) } else { (first.unwrap_or(room), last.unwrap_or(room)) };
        let kind = match (open.list, open.flow) {
            (false, false) => Kind::Map(open.entries),
            (true, false) => Kind::Seq(open.items),
            (false, true) => Kind::FlowMap(open.entries),
            (true, true) => Kind::FlowSeq(open.items),
        };
        self.put(place, Node { kind, room, start, end, anchor }, String::new())
    }

    /// Where the next node stands, and where its text may begin.
    fn place(&mut self, near: usize) -> Result<(Place, usize), TreeError> {
        let Some(open) = self.open.last_mut() else {
            return Ok((Place::Root, self.cursor));
        };
        if let Some((_, _, Lead::At(lead) | Lead::None(lead))) = open.key {
            return Ok((Place::Value, lead));
        }
        let filled = !open.entries.is_empty() || !open.items.is_empty();
        let mut start = skip_blank(self.text, self.cursor);
        let here = self.text[start..].chars().next();
        match (open.list, open.flow, here) {
            (true, false, Some('-')) => return Ok((Place::Item { start }, start + 1)),
            (_, true, Some(',')) if filled => {
                open.mark_comma(start);
                let behind = start + 1;
                if open.list {
                    return Ok((Place::Item { start: behind }, behind));
                }
                start = skip_blank(self.text, behind);
            }
            (true, true, _) if !filled => {
                return Ok((Place::Item { start: self.cursor }, self.cursor));
            }
            (true, _, _) => return Err(self.unsupported(near, "this list")),
            (false, _, _) => {}
        }
        if self.text[start..].starts_with("? ") || self.text[start..].starts_with("?\n") {
            return Err(self.unsupported(start, "a key behind a question mark"));
        }
        Ok((Place::Key { start }, start))
    }

    fn put(&mut self, place: Place, node: Node, text: String) -> Result<(), TreeError> {
        let Some(open) = self.open.last_mut() else {
            if self.tree.root.is_none() {
                self.tree.root = Some(node);
            }
            return Ok(());
        };
        match place {
            Place::Key { start } => {
                let lead = self.colon(start, &node)?;
                if let Some(open) = self.open.last_mut() {
                    open.key = Some((text, start, lead));
                }
            }
            Place::Item { start } => open.items.push(Item { start, comma: None, value: node }),
            Place::Value | Place::Root => {
                let Some((key, start, lead)) = open.key.take() else {
                    return Ok(());
                };
                let missing = matches!(lead, Lead::None(_));
                let kind = if missing { Kind::Missing } else { node.kind };
                open.entries.push(Entry { key, start, comma: None, value: Node { kind, ..node } });
            }
        }
        Ok(())
    }

    /// The place behind the colon of a key that was just read.
    fn colon(&mut self, start: usize, key: &Node) -> Result<Lead, TreeError> {
        if !matches!(key.kind, Kind::Scalar(_)) {
            return Err(self.unsupported(start, "a key that is not a plain word"));
        }
        let at = skip_blank(self.text, key.end);
        let flow = self.open.last().is_some_and(|open| open.flow);
        if self.text[at..].starts_with(':') {
            self.cursor = at + 1;
            Ok(Lead::At(at + 1))
        } else if flow {
            Ok(Lead::None(key.end))
        } else {
            Err(self.unsupported(start, "a key without a colon"))
        }
    }

    fn unsupported(&self, offset: usize, what: &'static str) -> TreeError {
        TreeError::Unsupported { line: line_column(self.text, offset).0, what }
    }

    /// Behind so many anchors and tags.
    fn behind_properties(&self, mut at: usize, count: usize) -> usize {
        for _ in 0..count {
            let start = skip_blank(self.text, at);
            if !self.text[start..].starts_with(['&', '!']) {
                break;
            }
            at = start + token_length(&self.text[start..]);
        }
        at
    }
}

impl Open {
    fn mark_comma(&mut self, offset: usize) {
        if let Some(entry) = self.entries.last_mut() {
            entry.comma = Some(offset);
        }
        if let Some(item) = self.items.last_mut() {
            item.comma = Some(offset);
        }
    }
}

/// The length of an anchor, a tag or a block header.
fn token_length(text: &str) -> usize {
    if text.starts_with("!<") {
        return text.find('>').map_or(text.len(), |end| end + 1);
    }
    text.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(text.len())
}

/// The first offset from `at` on that is neither white space nor in a comment.
fn skip_blank(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => {
                at = text[at..].find('\n').map_or(text.len(), |length| at + length);
            }
            _ => break,
        }
    }
    at
}
