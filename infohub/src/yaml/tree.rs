//! A YAML document as nodes that know where in the text they stand.
//!
//! ```text
//! items:            <- entry.start
//!   - &a name: x    <- item.start at the dash; node.room behind `&a`; node.start at `name`
//! ```
//!
//! Offsets are bytes. It knows the parser's events; it must not know why somebody asks.

mod builder;

use std::collections::HashSet;
use std::ops::Range;

use serde_saphyr::granit_parser::{Parser, options};

use self::builder::Builder;
use super::error::{YamlError, line_column};
use super::read::MAX_DEPTH;
use super::scalar::Quotes;

/// A parsed document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The document's value; none if there is no document.
    pub root: Option<Node>,
    /// Anchors that some alias refers to.
    pub shared: HashSet<usize>,
    /// Where the nodes with such an anchor start, by anchor.
    pub anchors: Vec<(usize, usize)>,
    /// The scalars' own ranges in order; a `#` outside of them starts a comment.
    solid: Vec<Range<usize>>,
}

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    /// Where a value could be written if there were none: behind the colon or dash, anchor and tag.
    pub room: usize,
    /// First byte of the value.
    pub start: usize,
    /// Behind the value's last byte; the line end after it does not belong to it.
    pub end: usize,
    pub anchor: usize,
}

/// What a node is, in what notation.
#[derive(Debug)]
pub(super) enum Kind {
    /// No text at all, which reads as null.
    Nothing,
    /// A flow mapping's key without a colon.
    Missing,
    Scalar(Quotes),
    /// `|` or `>`, starting at that header.
    Block,
    Alias,
    Map(Vec<Entry>),
    Seq(Vec<Item>),
    FlowMap(Vec<Entry>),
    FlowSeq(Vec<Item>),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub key: String,
    pub start: usize,
    /// The comma behind it, in flow notation.
    pub comma: Option<usize>,
    pub value: Node,
}

/// A value in a list.
#[derive(Debug)]
pub(super) struct Item {
    /// The dash; in flow notation, behind the bracket or comma before it.
    pub start: usize,
    /// The comma behind it, in flow notation.
    pub comma: Option<usize>,
    pub value: Node,
}

/// Why a text has no tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TreeError {
    /// It is not YAML.
    Unreadable(YamlError),
    /// It uses a notation that nobody needs and that is not edited.
    Unsupported { line: u32, what: &'static str },
}

impl Tree {
    /// Parses the first document of a text.
    pub(super) fn parse(text: &str) -> Result<Self, TreeError> {
        let limits = options! {
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            emit_comments: false,
        };
        let mut builder = Builder::new(text);
        for event in Parser::new_from_str_with_options(text, limits) {
            let (event, span) = event.map_err(|error| {
                let (line, column) = line_column(text, error.marker().byte_offset().unwrap_or(0));
                TreeError::Unreadable(YamlError::at("the text", text, line, column, error.info().to_owned()))
            })?;
            builder.take(event, span)?;
        }
        Ok(builder.finish())
    }

    /// The comments that start in a range, in order.
    pub(super) fn comments<'t>(&self, text: &'t str, range: Range<usize>) -> Vec<&'t str> {
        let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), range.start);
        let mut next = self.solid.partition_point(|solid| solid.end <= at);
        while at < range.end {
            if let Some(solid) = self.solid.get(next).filter(|solid| solid.start <= at) {
                at = solid.end.max(at);
                next += 1;
            } else if bytes[at] == b'#' && (at == 0 || bytes[at - 1].is_ascii_whitespace()) {
                let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
                found.push(text[at..end].trim_end());
                at = end;
            } else {
                at += 1;
            }
        }
        found
    }
}
