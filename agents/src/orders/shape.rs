//! How words make an order: which parts stand near to one another, in whatever words. It must not know texts.

use super::lexicon::{Part, Parts};

/// Words that may lie between the parts of most orders.
const REACH: usize = 8;

/// A word of an order with what precedes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) parts: Parts,
    /// Nothing of the same clause stands before it, but for words such as `please`.
    pub(super) opens: bool,
}

/// One kind of order: a word, and others within reach after it.
struct Shape {
    head: Part,
    /// Only where the word opens a clause, as when somebody is told to do something.
    opens: bool,
    then: &'static [Part],
    reach: usize,
}

const fn anywhere(head: Part, then: &'static [Part], reach: usize) -> Shape {
    Shape { head, opens: false, then, reach }
}

const fn opening(head: Part, then: &'static [Part], reach: usize) -> Shape {
    Shape { head, opens: true, then, reach }
}

const SHAPES: &[Shape] = &[
    anywhere(Part::Aside, &[Part::Whose, Part::Rules], REACH),
    anywhere(Part::Declare, &[Part::Every, Part::Entries], REACH),
    opening(Part::Declare, &[Part::Every, Part::State], REACH),
    opening(Part::Settle, &[Part::Every, Part::Entries], REACH),
    opening(Part::Settle, &[Part::Every, Part::State], REACH),
    opening(Part::Report, &[Part::That, Part::State], 12),
    anywhere(Part::Tell, &[Part::Others, Part::Customers], REACH),
    anywhere(Part::Write, &[Part::Section, Part::Plan], REACH),
    anywhere(Part::Heed, &[Part::Software], 4),
    anywhere(Part::You, &[Part::Are, Part::Software], 6),
    anywhere(Part::Software, &[Part::Every, Part::Entries], REACH),
    anywhere(Part::Summary, &[Part::Must, Part::Report, Part::That], REACH),
    anywhere(Part::Summary, &[Part::Must, Part::Report, Part::State], 12),
    opening(Part::Answer, &[Part::Inside], REACH),
    opening(Part::Skip, &[Part::Safety], 4),
    anywhere(Part::No, &[Part::Safety, Part::Needed], 5),
    opening(Part::Pretend, &[Part::You], 4),
    anywhere(Part::Real, &[Part::Job], 1),
    opening(Part::Treat, &[Part::Passage, Part::Authority], REACH),
    opening(Part::Act, &[Part::Authority], 6),
    anywhere(Part::If, &[Part::Reading, Part::Automatic], REACH),
    anywhere(Part::Reader, &[Part::Drafting], 3),
    anywhere(Part::Drafting, &[Part::Reader], 3),
    anywhere(Part::Reader, &[Part::Reading, Part::This], 4),
    anywhere(Part::Drafting, &[Part::Automatic], 5),
    anywhere(Part::Automated, &[Part::Reader, Part::Puts], 7),
    opening(Part::Toward, &[Part::Reader, Part::Puts], 9),
    opening(Part::Heed, &[Part::Reader, Part::Puts], 9),
    anywhere(Part::You, &[Part::Are, Part::Reader], 4),
    opening(Part::Set, &[Part::To, Part::State], 6),
];

/// Whether words make an order.
pub(super) fn stands(words: &[Placed]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        SHAPES.iter().any(|shape| {
            let starts = word.parts.has(shape.head) && (word.opens || !shape.opens);
            starts && follows(words, at + 1, shape)
        })
    })
}

/// Whether somebody is told to do something, or has to: nothing that is so already.
pub(super) fn bids(words: &[Placed]) -> bool {
    const BIDS: [Part; 9] = [
        Part::Aside,
        Part::Declare,
        Part::Set,
        Part::Report,
        Part::Write,
        Part::Answer,
        Part::Skip,
        Part::Pretend,
        Part::Act,
    ];
    words.iter().any(|word| {
        let told = word.opens && BIDS.iter().any(|part| word.parts.has(*part));
        told || word.parts.has(Part::Shall)
    })
}

fn follows(words: &[Placed], from: usize, shape: &Shape) -> bool {
    let window = words.get(from..).unwrap_or_default();
    let window = window.get(..shape.reach).unwrap_or(window);
    shape.then.iter().all(|part| window.iter().any(|word| word.parts.has(*part)))
}
