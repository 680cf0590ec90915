//! Gives a text another value and leaves every comment, quote and blank line that it can.
//!
//! ```text
//!                 ┌─ section as `emit` wrote it ──► emitted anew        (Spliced)
//! outline? ─ yes ─┤
//!    │            └─ section with people's hand in it ──► edited        (Edited)
//!    └─ no ──► the whole document edited                                (Whole)
//! ```
//!
//! Whatever was edited is read back, and every line that was not touched is looked for. It must not
//! know where texts come from or go to.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::edit::Editor;
use super::emit::{Blocks, EmitError, Lists, Nulls, Style, Writer};
use super::error::YamlError;
use super::gate;
use super::outline::{Outline, Section, content_end, keeps_blank_lines, outline};
use super::read::MAX_BYTES;
use super::splice::{apply, lost_line, sort};
use super::tree::{Kind, Node, Tree, TreeError};
use super::value::{field, same, same_fields};

/// Why a text was not rewritten; nothing may be written then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RewriteError {
    /// Old or new value is not a mapping.
    #[error("only a mapping of sections can be rewritten")]
    NotMapping,
    /// The text, before or after the edit, cannot be read.
    #[error(transparent)]
    Unreadable(#[from] YamlError),
    /// The change concerns a value that an anchor shares with another place.
    #[error(
        "line {line}: the value is shared by an anchor and an alias; write it out in both places, then change it"
    )]
    Aliased {
        /// Line of the value, counted from 1.
        line: u32,
    },
    /// The change concerns a notation that is not edited.
    #[error("line {line}: cannot change {what}; write it in plain block form, then change it")]
    Unsupported {
        /// Line of the value, counted from 1.
        line: u32,
        /// What stands there.
        what: &'static str,
    },
    /// The text does not hold the old value.
    #[error("the text does not hold the value that the change was made from; read it again")]
    Stale,
    /// The edited text would not hold the new value.
    #[error("the edited text would not hold the new value; edit the file by hand")]
    Mismatch,
    /// The edit would have cost a line that has nothing to do with it.
    #[error("line {line}: the edit would lose this line; edit the file by hand")]
    LostLine {
        /// The line, counted from 1.
        line: u32,
    },
    /// The new value cannot be written.
    #[error(transparent)]
    Emit(#[from] EmitError),
}

impl RewriteError {
    /// The same error about a text that stands below so many lines.
    fn below(mut self, lines: usize) -> Self {
        if let Self::Aliased { line } | Self::Unsupported { line, .. } | Self::LostLine { line } = &mut self {
            *line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
        self
    }
}

/// How much of a text was looked at to change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// There was nothing to change.
    Untouched,
    /// Only sections that stood as emitted were exchanged, or new ones added.
    Spliced,
    /// At least one section was edited value by value.
    Edited,
    /// The document was edited as a whole.
    Whole,
}

/// A text with its new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The text.
    pub text: String,
    /// The costliest way that was taken.
    pub way: Way,
}

/// Turns `text`, which holds `old`, into a text that holds `new`; null fields count as absent.
///
/// `old` may be what a type made of the text, with defaults filled in and empty parts left out, if
/// `new` comes from the same type: only what differs between the two is brought into the text.
///
/// Comments, order, quotes and every byte of what is equal in both values stay. Comments inside a
/// removed list item go with it.
///
/// # Errors
/// When the change cannot be made without loss; `text` is to be kept as it is then.
pub fn rewrite(text: &str, old: &Value, new: &Value) -> Result<Rewritten, RewriteError> {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return Err(RewriteError::NotMapping);
    };
    if same_fields(old, new) {
        return Ok(Rewritten { text: text.to_owned(), way: Way::Untouched });
    }
    let rewritten = match outline(text, old) {
        Some(outline) => match by_section(text, &outline, old, new) {
            // A section that cannot be changed alone may still be changed within its document.
            Err(RewriteError::Unreadable(_) | RewriteError::Mismatch | RewriteError::Stale) => {
                whole(text, old, new)?
            }
            result => result?,
        },
        None => whole(text, old, new)?,
    };
    if rewritten.text.len() > MAX_BYTES {
        return Err(
            YamlError::whole("the edited text", format!("is more than {MAX_BYTES} bytes long")).into()
        );
    }
    Ok(rewritten)
}

fn whole(text: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> Result<Rewritten, RewriteError> {
    Ok(Rewritten { text: edit(text, old, new)?, way: Way::Whole })
}

fn by_section(
    text: &str,
    outline: &Outline<'_>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<Rewritten, RewriteError> {
    let start = outline.sections.first().map_or(outline.end, |section| section.start);
    let mut result = Rewritten { text: text[..start].to_owned(), way: Way::Spliced };
    let mut additions = additions(outline, new);
    for (section, added) in outline.sections.iter().zip(&additions) {
        let (section, way) = rewrite_section(text, section, old, new)?;
        result.way = result.way.max(way);
        push_with_additions(&mut result.text, &section, added, line_end(text))?;
    }
    let rest = additions.split_off(outline.sections.len()).concat();
    push_with_additions(&mut result.text, "", &rest, line_end(text))?;
    result.text.push_str(&text[outline.end..]);
    Ok(result)
}

/// New sections, with their names.
type Added<'v> = Vec<(&'v String, &'v Value)>;

/// The new sections behind each section that they follow in the new value.
///
/// Those that follow none come last; if there is no section at all, that is one entry more.
fn additions<'v>(outline: &Outline<'_>, new: &'v Map<String, Value>) -> Vec<Added<'v>> {
    let places: HashMap<&str, usize> = outline.sections.iter().map(|section| section.key).zip(0..).collect();
    let mut added = vec![Vec::new(); outline.sections.len().max(1)];
    let mut behind = added.len() - 1;
    for (key, value) in new {
        if let Some(place) = places.get(key.as_str()) {
            behind = *place;
        } else if !value.is_null() {
            added[behind].push((key, value));
        }
    }
    added
}

fn rewrite_section(
    text: &str,
    section: &Section<'_>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<(String, Way), RewriteError> {
    let (before, after) = (field(old, section.key), field(new, section.key));
    let lines = &text[section.start..section.end];
    let unchanged = match (before, after) {
        (Some(before), Some(after)) => same(before, after),
        (before, after) => before.is_none() && after.is_none(),
    };
    if unchanged {
        return Ok((lines.to_owned(), Way::Untouched));
    }
    if let (Some(before), Some(after)) = (before, after)
        && let Some(rest) = behind_emitted(lines, section.key, before)
    {
        let emitted = emitted(section.key, after)?;
        return Ok((emitted + rest, Way::Spliced));
    }
    let edited = edit(lines, &only(section.key, before), &only(section.key, after));
    let above = || text[..section.start].lines().count();
    Ok((edited.map_err(|error| error.below(above()))?, Way::Edited))
}

/// What follows in a section behind the lines that `emit` gives for its value, if it begins so.
fn behind_emitted<'t>(lines: &'t str, key: &str, value: &Value) -> Option<&'t str> {
    let rest = lines.strip_prefix(&entry(key, value).ok()?)?;
    // An indented line could be drawn into a text that comes to stand above it.
    let apart = |line: &str| line.trim().is_empty() || line.starts_with('#');
    rest.lines().all(apart).then_some(rest)
}

fn entry(key: &str, value: &Value) -> Result<String, EmitError> {
    Writer::new(Style { nulls: Nulls::LeftOut, ..Style::default() }).entry(key, value, 0)
}

/// A section's lines, known to read back as its value.
fn emitted(key: &str, value: &Value) -> Result<String, RewriteError> {
    let lines = entry(key, value)?;
    gate::check(&lines, &only(key, Some(value)))?;
    Ok(lines)
}

fn only(key: &str, value: Option<&Value>) -> Map<String, Value> {
    value.map(|value| (key.to_owned(), value.clone())).into_iter().collect()
}

/// Appends a section, with new sections between its last line and what leads to the next one.
fn push_with_additions(
    result: &mut String,
    section: &str,
    added: &Added<'_>,
    line_end: &str,
) -> Result<(), RewriteError> {
    if added.is_empty() {
        result.push_str(section);
        return Ok(());
    }
    if keeps_blank_lines(section) {
        // Lines do not tell where its text ends; the editor of the whole document knows.
        return Err(RewriteError::Mismatch);
    }
    let at = content_end(section);
    result.push_str(&section[..at]);
    if !result.is_empty() && !result.ends_with('\n') {
        result.push_str(line_end);
    }
    for (key, value) in added {
        result.push_str(&emitted(key, value)?.replace('\n', line_end));
    }
    result.push_str(&section[at..]);
    Ok(())
}

fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Edits a text value by value, and lets the result pass only through the gate.
fn edit(text: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> Result<String, RewriteError> {
    let tree = Tree::parse(text)?;
    match edit_with(text, &tree, Blocks::Allowed, old, new) {
        // A comment below may have been drawn into a text of several lines.
        Err(RewriteError::Mismatch | RewriteError::Unreadable(_) | RewriteError::LostLine { .. }) => {
            edit_with(text, &tree, Blocks::Avoided, old, new)
        }
        result => result,
    }
}

fn edit_with(
    text: &str,
    tree: &Tree,
    blocks: Blocks,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<String, RewriteError> {
    let style = Style { blocks, nulls: Nulls::LeftOut, lists: lists_of(text, tree) };
    let mut editor = Editor { text, tree, style, line_end: line_end(text), splices: Vec::new() };
    editor.document(old, new)?;
    let mut splices = editor.splices;
    sort(&mut splices);
    let result = apply(text, &splices).ok_or(RewriteError::Mismatch)?;
    gate::check_change(text, &result, old, new)?;
    match lost_line(text, &splices, &result) {
        Some(line) => Err(RewriteError::LostLine { line: u32::try_from(line).unwrap_or(u32::MAX) }),
        None => Ok(result),
    }
}

/// Where the text puts its dashes, to be judged by its first list.
fn lists_of(text: &str, tree: &Tree) -> Lists {
    let column = |offset: usize| offset - text[..offset].rfind('\n').map_or(0, |before| before + 1);
    fn first(node: &Node, key: Option<usize>) -> Option<(usize, usize)> {
        match &node.kind {
            Kind::Map(entries) => entries.iter().find_map(|entry| first(&entry.value, Some(entry.start))),
            Kind::Seq(items) => match (key, items.first()) {
                (Some(key), Some(item)) => Some((key, item.start)),
                _ => items.iter().find_map(|item| first(&item.value, None)),
            },
            _ => None,
        }
    }
    match tree.root.as_ref().and_then(|root| first(root, None)) {
        Some((key, dash)) if column(key) == column(dash) => Lists::Flush,
        _ => Lists::Indented,
    }
}

impl From<TreeError> for RewriteError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Unreadable(error) => Self::Unreadable(error),
            TreeError::Unsupported { line, what } => Self::Unsupported { line, what },
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod properties;
