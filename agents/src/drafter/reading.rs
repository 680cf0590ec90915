//! An account's material as passages, read once for a draft. It must not know sections.

use std::rc::Rc;

use tools::material::{Format, Library};

use super::block::{Block, Kind, LONGEST, blocks};
use super::guard;
use super::passage::Passage;
use super::topic::Topic;
use crate::orders::Ordered;
use crate::sentence::{labelled, without_mark};

/// An account's material gives at most so many passages; what lies beyond is left to people.
const MOST_PASSAGES: usize = 20_000;

/// So many of the things that were left out are named.
const MOST_LEFT_OUT: usize = 100;

/// All that is read for a draft.
#[derive(Debug, Default)]
pub(super) struct Reading<'a> {
    /// The blocks, headings included, without those that were left out.
    pub(super) blocks: Vec<Rc<Block<'a>>>,
    /// The sentences of what people wrote or said.
    pub(super) passages: Vec<Passage<'a>>,
    /// What was not read, and why, for the run's record.
    pub(super) left_out: Vec<String>,
}

impl<'a> Reading<'a> {
    /// Reads the prose of a library; records and tables of figures are for those who know their columns.
    pub(super) fn of(library: &'a Library) -> Self {
        let mut reading = Self::default();
        for material in library.materials().filter(|material| is_prose(material.format)) {
            let ordered = Ordered::of(material);
            for block in blocks(material) {
                if reading.passages.len() >= MOST_PASSAGES {
                    let rest =
                        format!("{} and what follows: more material than is drafted from", block.source);
                    reading.leave_out(rest);
                    return reading;
                }
                reading.take(Rc::new(block), &ordered);
            }
        }
        reading
    }

    fn take(&mut self, block: Rc<Block<'a>>, ordered: &Ordered) {
        if block.text.len() > LONGEST {
            return self
                .leave_out(format!("{}:{}: a passage too long to draft from", block.source, block.lines));
        }
        if ordered.touches(block.lines) || guard::gives_orders(&block.text) {
            return self
                .leave_out(format!("{}:{}: text that orders software about", block.source, block.lines));
        }
        if matches!(block.kind, Kind::Prose | Kind::Item | Kind::Speech) {
            self.passages.extend(Passage::all(&block));
        }
        self.blocks.push(block);
    }

    fn leave_out(&mut self, what: String) {
        if self.left_out.len() < MOST_LEFT_OUT {
            self.left_out.push(what);
        }
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
