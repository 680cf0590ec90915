//! Orders to software in what people wrote: which passages hold some. They are data like all else, but nobody said
//! them to anybody, so they prove nothing. It must not know agents, plans or where a text came from.
//!
//! ```text
//! text ─┬─► disguise (coded, two scripts, letter by letter) ─┐
//!       ├─► phrase (fixed words and signs) ──────────────────┼─► an order, with the paragraph around it
//!       └─► lexicon (what a word can be) ─► shape (how they stand together) ─┘
//! ```
//!
//! It will miss what nobody thought of. Rights, review and evidence hold without it.

mod disguise;
mod lexicon;
mod phrase;
mod shape;
#[cfg(test)]
mod tests;

use std::ops::Range;

use infohub::evidence::LineRange;
use tools::material::{Line, LineKind, Material};

use crate::evidence::fold::fold;
use crate::evidence::words::words;
use lexicon::{Part, Parts};
use shape::Placed;

/// Lines on either side that belong to an order in the same paragraph.
const PARAGRAPH: usize = 6;

/// Whether a text holds an order to software.
pub(crate) fn gives_orders(text: &str) -> bool {
    if disguise::is_disguised(text) {
        return true;
    }
    let folded = fold(text);
    if phrase::has_sign(&folded) || speaks_to_software(&folded) {
        return true;
    }
    let places = words(&folded);
    let all: Vec<&str> = places.iter().filter_map(|place| folded.get(place.clone())).collect();
    phrase::stands(&all) || shape::stands(&placed(&folded, &places))
}

/// Whether a text tells somebody to do something, or says that it has to be done: then nothing is so yet.
pub(crate) fn bids(text: &str) -> bool {
    let folded = fold(text);
    shape::bids(&placed(&folded, &words(&folded)))
}

fn placed(folded: &str, places: &[Range<usize>]) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::with_capacity(places.len());
    let mut end = 0;
    for place in places {
        let word = folded.get(place.clone()).unwrap_or_default();
        let between = folded.get(end..place.start).unwrap_or_default();
        let after = placed.last().is_none_or(|before| before.parts.has(Part::Opener) && before.opens);
        placed.push(Placed { parts: disguise::parts(word), opens: after || parts_clauses(between) });
        end = place.end;
    }
    placed
}

/// Whether what lies between two words ends a clause.
fn parts_clauses(between: &str) -> bool {
    between.contains([
        '.', '!', '?', ':', ';', ',', '|', '"', '\'', '(', '[', '{', '>', '*', '#', '\u{2014}', '。',
    ]) || between.contains(" - ")
}

/// The lines of a material that belong to orders; the whole of it if its name gives one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ordered {
    ranges: Vec<LineRange>,
}

impl Ordered {
    /// Looks through a material.
    pub(crate) fn of(material: &Material) -> Self {
        let lines = &material.lines;
        let name = material.path.replace(['-', '_', '/', '.'], " ");
        if let (true, Some(first), Some(last)) = (gives_orders(&name), lines.first(), lines.last()) {
            return Self { ranges: vec![LineRange { first: first.number, last: last.number }] };
        }
        let gives = |at: &usize| {
            let at = *at;
            let line = lines.get(at);
            let here = line.is_some_and(|line| {
                gives_orders(&line.text) || line.speaker.as_deref().is_some_and(gives_orders)
            });
            // An order may be broken where the line ends.
            let with_next = || match (line, lines.get(at + 1)) {
                (Some(line), Some(next)) if joined(line, next) => {
                    gives_orders(&format!("{} {}", line.text, next.said()))
                }
                _ => false,
            };
            here || with_next()
        };
        let ranges = (0..lines.len()).filter(gives).map(|at| paragraph(material, at)).collect();
        Self { ranges }
    }

    /// Whether any of these lines belongs to an order.
    pub(crate) fn touches(&self, lines: LineRange) -> bool {
        self.ranges.iter().any(|range| range.first <= lines.last && lines.first <= range.last)
    }

    /// The lines, for whoever compares with them.
    pub(crate) fn ranges(&self) -> &[LineRange] {
        &self.ranges
    }
}

/// The lines around an order that are part of the same running text: nobody can say where in it the order ends.
fn paragraph(material: &Material, at: usize) -> LineRange {
    let lines = &material.lines;
    let joined = |upper: usize| {
        lines.get(upper).zip(lines.get(upper + 1)).is_some_and(|(one, next)| joined(one, next))
    };
    let mut first = at;
    while first > 0 && at - first < PARAGRAPH && joined(first - 1) {
        first -= 1;
    }
    let mut last = at;
    while last - at < PARAGRAPH && joined(last) {
        last += 1;
    }
    let number = |at: usize| lines.get(at).map_or(1, |line| line.number);
    LineRange { first: number(first), last: number(last) }
}

/// Whether two lines are the same running text.
fn joined(one: &Line, next: &Line) -> bool {
    let running = |kind| matches!(kind, LineKind::Text | LineKind::ListItem | LineKind::Speech);
    next.number.saturating_sub(one.number) <= 1
        && one.speaker == next.speaker
        && running(one.kind)
        && running(next.kind)
}

/// A name of software at the start of a sentence with a comma after it, or at the start of any part with a colon.
fn speaks_to_software(folded: &str) -> bool {
    let mut before = '.';
    folded.split_inclusive(['.', '!', '?', ',', ';', '|', '\'', '(']).any(|part| {
        let opens_sentence = matches!(before, '.' | '!' | '?' | '\'' | '(');
        before = part.chars().next_back().unwrap_or('.');
        let start = part.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = start.find(|c: char| !c.is_alphanumeric()).unwrap_or(start.len());
        let (name, rest) = start.split_at(end);
        Parts::of(name).has(Part::Software)
            && (rest.starts_with(':') || (opens_sentence && rest.starts_with(',')))
    })
}
