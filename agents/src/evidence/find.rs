//! Looks for a quote in one material: word for word first, then as a run that differs in a few words.
//! It must not know accounts or plans.

use super::fold::fold;
use super::index::{Index, Run};
use super::words::{is_weighty, weight, words};

/// A run counts as the quote if this share of the words of both is the same, in order.
const SAME: f64 = 0.85;
/// A quote of more words is looked for word for word only.
const LONGEST_REPAIR: usize = 400;
/// Occurrences of one word that are tried for a repair; a word that stands more often says little.
const MOST_PLACES: usize = 400;
/// Places of a material at which a repair is tried in earnest.
const MOST_TRIES: usize = 4;
/// Exact occurrences that are weighed against one another.
const MOST_OCCURRENCES: usize = 1_000;

/// A quote, folded and cut into words once.
#[derive(Debug)]
pub(super) struct Quote {
    folded: String,
    words: Vec<std::ops::Range<usize>>,
}

impl Quote {
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text);
        let words = words(&folded);
        Self { folded, words }
    }

    /// How many words it has to be judged by.
    pub(super) fn weight(&self) -> usize {
        weight(&self.folded, &self.words)
    }

    /// What stands before its first word and after its last one.
    pub(super) fn edges(&self) -> (&str, &str) {
        let start = self.words.first().map_or(0, |word| word.start);
        let end = self.words.last().map_or(0, |word| word.end);
        (self.folded.get(..start).unwrap_or_default(), self.folded.get(end..).unwrap_or_default())
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).and_then(|word| self.folded.get(word.clone())).unwrap_or_default()
    }

    /// From the first word to the last, with all that stands between.
    fn inner(&self) -> &str {
        let bounds = self.words.first().zip(self.words.last());
        bounds.and_then(|(first, last)| self.folded.get(first.start..last.end)).unwrap_or_default()
    }

    fn ids(&self, index: &Index) -> Vec<Option<u32>> {
        (0..self.words.len()).map(|at| index.id(self.word(at))).collect()
    }
}

/// Where a quote stands in a material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Every sign of it, at each of these places.
    Exact(Vec<Run>),
    /// Nearly so; the run's own words are what the quote should have been.
    Near(Run),
}

/// Looks for the quote; `None` if nothing in the material is near enough to it.
pub(super) fn find(quote: &Quote, index: &Index) -> Option<Found> {
    let ids = quote.ids(index);
    if ids.is_empty() {
        return None;
    }
    let (exact, loose) = same_words(quote, &ids, index);
    if !exact.is_empty() {
        return Some(Found::Exact(exact));
    }
    loose.or_else(|| near(quote, &ids, index)).map(Found::Near)
}

/// The runs with the same words: those with the same signs between them, and the first of the others.
fn same_words(quote: &Quote, ids: &[Option<u32>], index: &Index) -> (Vec<Run>, Option<Run>) {
    let (mut exact, mut loose) = (Vec::new(), None);
    // The rarest word leads to the fewest places that have to be looked at.
    let Some(ids) = ids.iter().copied().collect::<Option<Vec<u32>>>() else { return (exact, loose) };
    let rarest = ids.iter().enumerate().min_by_key(|(_, id)| index.places(**id).len());
    let Some((offset, rarest)) = rarest else { return (exact, loose) };
    for place in index.places(*rarest) {
        let Some(first) = (*place as usize).checked_sub(offset) else { continue };
        if !ids.iter().enumerate().all(|(at, id)| index.at(first + at) == Some(*id)) {
            continue;
        }
        let run = Run { first, last: first + ids.len() - 1 };
        if index.folded(run) == quote.inner() {
            exact.push(run);
        } else {
            loose = loose.or(Some(run));
        }
        if exact.len() >= MOST_OCCURRENCES {
            break;
        }
    }
    (exact, loose)
}

/// The best run that differs from the quote in few words and in none that carry weight.
fn near(quote: &Quote, ids: &[Option<u32>], index: &Index) -> Option<Run> {
    let strange = ids.iter().filter(|id| id.is_none()).count();
    if ids.len() > LONGEST_REPAIR || strange > most_lost(ids.len()) {
        return None;
    }
    let slack = ids.len() / 6 + 2;
    let tries = likely_starts(ids, index, slack).into_iter();
    let aligned = tries.filter_map(|start| align(ids, index, start, slack));
    let best =
        aligned.max_by(|left, right| left.likeness(ids.len()).total_cmp(&right.likeness(ids.len())))?;
    let same = best.likeness(ids.len()) >= SAME && !best.changes_weighty(quote, index);
    same.then_some(best.run())
}

/// How many words of a quote a run may lack and still be the same.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred words"
)]
fn most_lost(words: usize) -> usize {
    (words as f64 * (1.0 - SAME) + 1e-9).floor() as usize
}

/// Places where the run may start: each word of the quote votes for the start that its occurrences imply,
/// and votes that lie close together count together. Where more words are missing than a run may lack,
/// nothing is tried.
fn likely_starts(ids: &[Option<u32>], index: &Index, slack: usize) -> Vec<usize> {
    let mut votes = Vec::new();
    let mut voters = 0;
    for (offset, id) in ids.iter().enumerate() {
        let places = id.map(|id| index.places(id)).unwrap_or_default();
        if (1..=MOST_PLACES).contains(&places.len()) {
            voters += 1;
            votes.extend(places.iter().map(|place| (*place as usize + ids.len()).saturating_sub(offset)));
        }
    }
    votes.sort_unstable();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    for (begin, vote) in votes.iter().enumerate() {
        while votes.get(end).is_some_and(|other| *other <= vote + slack) {
            end += 1;
        }
        if end - begin + most_lost(ids.len()) >= voters {
            starts.push((end - begin, vote.saturating_sub(ids.len())));
        }
    }
    starts.sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, start) in starts {
        if chosen.iter().all(|other| other.abs_diff(start) > slack) {
            chosen.push(start);
        }
        if chosen.len() == MOST_TRIES {
            break;
        }
    }
    chosen
}

/// Words of a quote matched in order with words of a material.
#[derive(Debug)]
struct Alignment {
    /// Word of the quote, place in the material.
    pairs: Vec<(usize, usize)>,
}

impl Alignment {
    fn run(&self) -> Run {
        let first = self.pairs.first().map_or(0, |(_, place)| *place);
        Run { first, last: self.pairs.last().map_or(first, |(_, place)| *place) }
    }

    /// The share of same words in the longer of quote and run.
    #[allow(clippy::cast_precision_loss, reason = "a few hundred words")]
    fn likeness(&self, quote_words: usize) -> f64 {
        self.pairs.len() as f64 / quote_words.max(self.run().len()).max(1) as f64
    }

    /// Whether a word that only one side has is one that must not be changed.
    fn changes_weighty(&self, quote: &Quote, index: &Index) -> bool {
        let run = self.run();
        let added = (0..quote.words.len())
            .filter(|at| self.pairs.binary_search_by_key(at, |(word, _)| *word).is_err())
            .map(|at| quote.word(at));
        let left_out = (run.first..=run.last)
            .filter(|at| self.pairs.binary_search_by_key(at, |(_, place)| *place).is_err())
            .map(|place| index.word(place));
        added.chain(left_out).any(is_weighty)
    }

    /// Gives up matches at either end that stretch the run over more words than they win.
    fn trim(mut self, quote_words: usize) -> Self {
        loop {
            let whole = self.likeness(quote_words);
            let without_first = Self { pairs: self.pairs.get(1..).unwrap_or_default().to_vec() };
            let without_last =
                Self { pairs: self.pairs.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default() };
            let best = if without_first.likeness(quote_words) > without_last.likeness(quote_words) {
                without_first
            } else {
                without_last
            };
            if best.likeness(quote_words) <= whole {
                return self;
            }
            self = best;
        }
    }
}

/// The longest common subsequence of the quote and the words around a start.
fn align(ids: &[Option<u32>], index: &Index, start: usize, slack: usize) -> Option<Alignment> {
    let from = start.saturating_sub(slack);
    let to = (start + ids.len() + slack).min(index.len());
    let window: Vec<u32> = (from..to).filter_map(|place| index.at(place)).collect();
    let width = window.len() + 1;
    let mut longest = vec![0u16; (ids.len() + 1) * width];
    for row in (0..ids.len()).rev() {
        for column in (0..window.len()).rev() {
            longest[row * width + column] = if ids[row] == Some(window[column]) {
                longest[(row + 1) * width + column + 1] + 1
            } else {
                longest[(row + 1) * width + column].max(longest[row * width + column + 1])
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < ids.len() && column < window.len() {
        if ids[row] == Some(window[column]) {
            pairs.push((row, from + column));
            row += 1;
            column += 1;
        } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    (!pairs.is_empty()).then(|| Alignment { pairs }.trim(ids.len()))
}
