//! A sentence with where it stands, what its heading announces and who says it; and how it becomes
//! evidence. It must not know sections.

use std::ops::Range;
use std::rc::Rc;

use infohub::evidence::Evidence;

use super::block::{Block, FEWEST_QUOTED, Kind, weight};
use super::guard;
use super::topic::Topic;
use super::words::{Word, has, opens, words};
use crate::sentence::{clean, labelled, sentences, without_mark};

/// A longer sentence says several things at once, and no item should.
const MOST_WORDS: usize = 60;

/// One sentence of a material.
#[derive(Debug, Clone)]
pub(super) struct Passage<'a> {
    /// The block that it stands in.
    pub(super) block: Rc<Block<'a>>,
    /// The sentence as it stands there.
    pub(super) raw: String,
    /// The label in front of it.
    pub(super) label: Option<String>,
    /// The sentence without label and marks: what an item says.
    pub(super) text: String,
    /// The words of `text`.
    pub(super) words: Vec<Word>,
    /// The words that prove it: the sentence, with its neighbours where it is too short to be found again.
    quote: String,
    /// Whether it is a statement that can be proved and that customers may see.
    pub(super) is_sharable: bool,
}

impl<'a> Passage<'a> {
    /// The passages of a block.
    pub(super) fn all(block: &Rc<Block<'a>>) -> Vec<Self> {
        let whole = without_mark(&block.text);
        let places = sentences(whole);
        (0..places.len()).map(|nth| Self::nth(block, whole, &places, nth)).collect()
    }

    fn nth(block: &Rc<Block<'a>>, whole: &str, places: &[Range<usize>], nth: usize) -> Self {
        let raw = &whole[places[nth].clone()];
        let labelled = labelled(raw).filter(|_| nth == 0 && block.kind != Kind::Speech);
        let text = clean(labelled.map_or(raw, |(_, rest)| rest));
        let mut passage = Self {
            block: Rc::clone(block),
            raw: raw.to_owned(),
            label: labelled.map(|(label, _)| label.to_owned()),
            words: words(&text),
            text,
            quote: quote(block, whole, places, nth),
            is_sharable: false,
        };
        passage.is_sharable = passage.is_statement()
            && passage.is_provable()
            && !passage.under(Topic::Internal)
            && !passage.under(Topic::Other)
            && !guard::is_commercial(&passage.words)
            && !guard::holds_a_place(&passage);
        passage
    }

    /// Whether the passage stands under a heading that announces the topic.
    pub(super) fn under(&self, topic: Topic) -> bool {
        self.block.topics.contains(&topic)
    }

    /// Whether no heading says what the passage is about.
    pub(super) fn is_loose(&self) -> bool {
        self.block.topics.is_empty()
    }

    /// Whether any of the phrases stands in it.
    pub(super) fn has(&self, phrases: &[&str]) -> bool {
        has(&self.words, phrases)
    }

    /// Whether it opens with any of the phrases.
    pub(super) fn opens(&self, phrases: &[&str]) -> bool {
        opens(&self.words, phrases)
    }

    /// The words in the range as they stand in the text.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        let from = self.words.get(range.start).map_or(self.text.len(), |word| word.from);
        let to = range.end.checked_sub(1).and_then(|last| self.words.get(last)).map_or(from, |word| word.to);
        self.text.get(from..to).unwrap_or_default()
    }

    /// The label and what it labels.
    pub(super) fn full(&self) -> String {
        clean(&self.raw)
    }

    /// Whether it is a plain statement of a length that an item can have.
    pub(super) fn is_statement(&self) -> bool {
        let fewest = if self.block.kind == Kind::Item { 2 } else { 4 };
        (fewest..=MOST_WORDS).contains(&self.words.len())
            && !self.raw.trim_end_matches(['"', '”', '\'', ' ']).ends_with('?')
    }

    /// Whether its quote will be taken as proof.
    pub(super) fn is_provable(&self) -> bool {
        self.block.proves(&self.quote)
    }

    /// The passage as evidence.
    pub(super) fn cite(&self) -> Evidence {
        Evidence::Quote {
            source: self.block.source.to_owned(),
            lines: Some(self.block.lines),
            quote: self.quote.clone(),
        }
    }

    /// Where it stands, for questions to people.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.block.source, self.block.lines.first)
    }
}

#[cfg(test)]
impl Passage<'static> {
    /// The first sentence of a paragraph, for tests of what is read out of sentences.
    pub(super) fn of_text(text: &str) -> Self {
        let block = Block {
            source: "materials/a.md",
            format: tools::material::Format::Markdown,
            kind: Kind::Prose,
            lines: infohub::evidence::LineRange { first: 1, last: 1 },
            text: text.to_owned(),
            speaker: None,
            topics: Rc::default(),
            under: 0,
        };
        Self::all(&Rc::new(block)).remove(0)
    }
}

/// A sentence as a quote: with those after it, then with those before it, until it has enough words; all of
/// the block where there are never enough.
fn quote(block: &Block<'_>, whole: &str, places: &[Range<usize>], nth: usize) -> String {
    let (mut first, mut last) = (nth, nth);
    loop {
        let part = &whole[places[first].start..places[last].end];
        if weight(part) >= FEWEST_QUOTED {
            return part.to_owned();
        }
        if last + 1 < places.len() {
            last += 1;
        } else if first > 0 {
            first -= 1;
        } else {
            return block.text.clone();
        }
    }
}
