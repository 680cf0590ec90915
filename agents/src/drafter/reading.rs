//! An account's material as passages, read once for a draft. It must not know sections.

use std::rc::Rc;

use tools::material::{Format, Library};

use super::block::{Block, Kind, LONGEST, blocks};
use super::guard;
use super::passage::Passage;
use super::sentence::{labelled, without_mark};
use super::topic::Topic;

/// An account's material gives at most so many passages; what lies beyond is left to people.
const MOST_PASSAGES: usize = 20_000;

/// All that is read for a draft.
#[derive(Debug, Default)]
pub(super) struct Reading<'a> {
    /// The blocks, headings included, without those that were left out.
    pub(super) blocks: Vec<Rc<Block<'a>>>,
    /// The sentences of what people wrote or said.
    pub(super) passages: Vec<Passage<'a>>,
}

impl<'a> Reading<'a> {
    /// Reads the prose of a library; records and tables of figures are for those who know their columns.
    pub(super) fn of(library: &'a Library) -> Self {
        let mut reading = Self::default();
        for material in library.materials().filter(|material| is_prose(material.format)) {
            for block in blocks(material) {
                if reading.passages.len() >= MOST_PASSAGES {
                    tracing::warn!(source = block.source, "material beyond the bound is not drafted from");
                    return reading;
                }
                reading.take(Rc::new(block));
            }
        }
        reading
    }

    fn take(&mut self, block: Rc<Block<'a>>) {
        if block.text.len() > LONGEST {
            tracing::info!(source = block.source, lines = %block.lines, "a passage too long to draft from");
            return;
        }
        if guard::gives_orders(&block.text) {
            tracing::warn!(source = block.source, lines = %block.lines, "text that orders software about is left out");
            return;
        }
        if matches!(block.kind, Kind::Prose | Kind::Item | Kind::Speech) {
            self.passages.extend(Passage::all(&block));
        }
        self.blocks.push(block);
    }

    /// The statements that may stand in a field that the customer sees.
    pub(super) fn statements(&self) -> impl Iterator<Item = &Passage<'a>> {
        self.passages.iter().filter(|passage| passage.is_sharable)
    }

    /// What the heads of the materials say under a label, with the block that says it.
    pub(super) fn details<'r>(&'r self, label: &'r str) -> impl Iterator<Item = (&'r Rc<Block<'a>>, String)> {
        self.blocks.iter().filter(|block| block.kind == Kind::Meta).filter_map(move |block| {
            let (name, value) = labelled(without_mark(&block.text))?;
            name.eq_ignore_ascii_case(label).then(|| (block, value.to_owned()))
        })
    }

    /// The statements under headings that announce the topic.
    pub(super) fn under(&self, topic: Topic) -> impl Iterator<Item = &Passage<'a>> {
        self.statements().filter(move |passage| passage.under(topic))
    }
}

fn is_prose(format: Format) -> bool {
    !matches!(format, Format::Csv | Format::Yaml | Format::Json)
}
