//! A material as blocks: paragraphs, list items, rows, turns of speech, each with what its heading announces.
//! It must not know sentences or sections.

use std::rc::Rc;

use infohub::evidence::{Evidence, LineRange};
use tools::material::{Format, Line, LineKind, Material};

use super::topic::{Topic, topics};
use super::words::{has, words};
use crate::sentence::{labelled, without_mark};

/// A block of more bytes is nothing that anybody wrote for people to read.
pub(super) const LONGEST: usize = 20_000;

/// Fewer words cannot be a quote by themselves, unless they are a whole line: they occur in too many places.
pub(super) const FEWEST_QUOTED: usize = 8;

/// What a block is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading,
    Prose,
    Item,
    Row,
    Speech,
    Meta,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    /// Path of the material.
    pub(super) source: &'a str,
    pub(super) format: Format,
    pub(super) kind: Kind,
    pub(super) lines: LineRange,
    /// The lines' own words, joined by single spaces.
    pub(super) text: String,
    pub(super) speaker: Option<&'a str>,
    /// What the innermost telling heading announces, or the block's own label where no heading tells.
    pub(super) topics: Rc<[Topic]>,
    /// Counts the headings, so that blocks under the same one can be told.
    pub(super) under: usize,
}

impl Block<'_> {
    /// Whether words of the block will be taken as proof: there are enough of them, or they are a whole line.
    pub(super) fn proves(&self, quote: &str) -> bool {
        self.lines.first == self.lines.last || weight(quote) >= FEWEST_QUOTED
    }

    /// All of the block as evidence.
    pub(super) fn cite(&self) -> Evidence {
        Evidence::Quote { source: self.source.to_owned(), lines: Some(self.lines), quote: self.text.clone() }
    }
}

/// How many words a quote has, in whichever way they are counted.
pub(super) fn weight(quote: &str) -> usize {
    let spaced = quote.split_whitespace().filter(|part| part.contains(char::is_alphanumeric)).count();
    spaced.min(words(quote).len())
}

/// The blocks of a material in its order.
pub(super) fn blocks(material: &Material) -> Vec<Block<'_>> {
    let mut outline = Outline::default();
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for line in &material.lines {
        outline.take(line, material.format);
        match blocks.last_mut() {
            Some(last) if continues(last, line, material.format) => {
                last.text.push(' ');
                last.text.push_str(line.said().trim());
                last.lines.last = line.number;
            }
            _ => blocks.push(block(material, line, &outline)),
        }
    }
    for block in &mut blocks {
        label_topics(block);
    }
    blocks
}

fn block<'a>(material: &'a Material, line: &'a Line, outline: &Outline) -> Block<'a> {
    let speaker = line.speaker.as_deref().filter(|name| !is_label(name));
    let (kind, text) = match (&line.speaker, speaker) {
        (Some(_), None) if without_mark(&line.text) == line.text.trim() => (Kind::Prose, line.text.as_str()),
        (Some(_), None) => (Kind::Item, line.text.as_str()),
        _ => (kind(line), line.said()),
    };
    Block {
        source: &material.path,
        format: material.format,
        kind,
        lines: LineRange { first: line.number, last: line.number },
        text: text.trim().to_owned(),
        speaker,
        topics: outline.topics(),
        under: outline.count,
    }
}

/// Whether what looks like a speaker, because it opens several lines, is a label that plans use.
fn is_label(name: &str) -> bool {
    const LABELS: &[&str] = &[
        "mitigation",
        "objective*",
        "use case*",
        "exit*",
        "done",
        "planned",
        "in progress",
        "owner",
        "due",
        "stage",
    ];
    !topics(name).is_empty() || has(&words(name), LABELS)
}

fn kind(line: &Line) -> Kind {
    match line.kind {
        LineKind::Heading(_) => Kind::Heading,
        LineKind::Text => Kind::Prose,
        LineKind::ListItem => Kind::Item,
        LineKind::Row => Kind::Row,
        LineKind::Speech => Kind::Speech,
        LineKind::Meta => Kind::Meta,
    }
}

/// Whether a line goes on with what the block says. Pages and documents give whole blocks as lines.
fn continues(block: &Block<'_>, line: &Line, format: Format) -> bool {
    if block.text.len() > LONGEST {
        return false;
    }
    let adjacent = line.number == block.lines.last + 1;
    match format {
        Format::WebVtt => {
            block.kind == Kind::Speech
                && line.kind == LineKind::Speech
                && line.speaker.as_deref() == block.speaker
        }
        Format::Markdown | Format::Plain => {
            let prose = line.kind == LineKind::Text && line.speaker.is_none() && adjacent;
            let hangs = line.text.starts_with([' ', '\t']);
            prose && (matches!(block.kind, Kind::Prose | Kind::Speech) || (block.kind == Kind::Item && hangs))
        }
        Format::Pdf => {
            let open = !block.text.ends_with(['.', '?', '!', ':']);
            adjacent && block.kind == Kind::Prose && line.kind == LineKind::Text && open
        }
        _ => false,
    }
}

/// A label announces what a heading would, where no heading does: `Tools in use: SAP and Excel`.
fn label_topics(block: &mut Block<'_>) {
    let unheaded = block.topics.is_empty() && matches!(block.kind, Kind::Prose | Kind::Item);
    let label = labelled(without_mark(&block.text)).filter(|_| unheaded).map(|(label, _)| topics(label));
    if let Some(topics) = label {
        block.topics = topics.into();
    }
}

/// The headings that a place stands under.
#[derive(Default)]
struct Outline {
    open: Vec<(u8, Rc<[Topic]>)>,
    count: usize,
}

impl Outline {
    fn take(&mut self, line: &Line, format: Format) {
        if let LineKind::Heading(level) = line.kind {
            self.open.retain(|(open, _)| *open < level);
            self.open.push((level, topics(without_mark(&line.text)).into()));
            self.count += 1;
        } else if line.kind == LineKind::Speech && format == Format::Html {
            // A pull quote parts a page's summary from the story below, which no heading parts from it.
            for (_, topics) in self.open.iter_mut().filter(|(_, topics)| topics.contains(&Topic::Impact)) {
                *topics = Rc::new([Topic::Other]);
            }
        }
    }

    /// What is internal stays internal, however deep.
    fn topics(&self) -> Rc<[Topic]> {
        let internal = self.open.iter().find(|(_, topics)| topics.contains(&Topic::Internal));
        let telling = self.open.iter().rev().find(|(_, topics)| !topics.is_empty());
        internal.or(telling).map(|(_, topics)| Rc::clone(topics)).unwrap_or_default()
    }
}
