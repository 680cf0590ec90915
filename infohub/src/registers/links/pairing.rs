//! Which entries of two lists are the same thing. Must not know what the entries are.

use std::collections::BTreeMap;

use crate::ids::ItemId;
use crate::plan::Review;

/// What pairing needs to know of an entry.
pub(super) struct Entry<'a> {
    pub(super) id: &'a ItemId,
    pub(super) text: &'a str,
    pub(super) review: Option<Review>,
    /// Its counterpart before the change.
    pub(super) was: Option<&'a ItemId>,
    /// The counterpart that it names now.
    pub(super) names: Option<&'a ItemId>,
    /// Whether it may find a counterpart by its words.
    pub(super) by_words: bool,
}

/// The pairs of positions in the left and the right list; what is in none has no counterpart.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) both: Vec<(usize, usize)>,
    of_left: BTreeMap<usize, usize>,
    of_right: BTreeMap<usize, usize>,
}

impl Pairs {
    pub(super) fn has_left(&self, left: usize) -> bool {
        self.of_left.contains_key(&left)
    }

    pub(super) fn has_right(&self, right: usize) -> bool {
        self.of_right.contains_key(&right)
    }

    fn join(&mut self, left: usize, right: usize) {
        if !self.has_left(left) && !self.has_right(right) {
            self.both.push((left, right));
            self.of_left.insert(left, right);
            self.of_right.insert(right, left);
        }
    }
}

/// Pairs what was a pair, then what names each other, then what says the same. A draft and an accepted entry become a
/// pair only if they were one: else a draft could take hold of what a person has accepted.
pub(super) fn pair(left: &[Entry<'_>], right: &[Entry<'_>]) -> Pairs {
    let (lefts, rights) = (positions(left), positions(right));
    let mut pairs = Pairs::default();
    for (at, entry) in left.iter().enumerate() {
        let partner = entry.was.and_then(|id| rights.get(id)).copied();
        if let Some(partner) = partner.filter(|partner| right[*partner].was == Some(entry.id)) {
            pairs.join(at, partner);
        }
    }
    for (at, entry) in left.iter().enumerate() {
        if let Some(partner) = entry.names.and_then(|id| rights.get(id)).copied()
            && entry.review == right[partner].review
        {
            pairs.join(at, partner);
        }
    }
    for (at, entry) in right.iter().enumerate() {
        if let Some(partner) = entry.names.and_then(|id| lefts.get(id)).copied()
            && entry.review == left[partner].review
        {
            pairs.join(partner, at);
        }
    }
    by_words(left, right, &mut pairs);
    pairs
}

fn by_words(left: &[Entry<'_>], right: &[Entry<'_>], pairs: &mut Pairs) {
    let mut said: BTreeMap<(String, bool), Vec<usize>> = BTreeMap::new();
    for (at, entry) in right.iter().enumerate().rev() {
        if entry.by_words && !pairs.has_right(at) {
            said.entry((folded(entry.text), entry.review.is_some())).or_default().push(at);
        }
    }
    for (at, entry) in left.iter().enumerate() {
        if entry.by_words
            && !pairs.has_left(at)
            && let Some(partner) =
                said.get_mut(&(folded(entry.text), entry.review.is_some())).and_then(Vec::pop)
        {
            pairs.join(at, partner);
        }
    }
}

fn positions<'a>(entries: &[Entry<'a>]) -> BTreeMap<&'a ItemId, usize> {
    entries.iter().enumerate().map(|(at, entry)| (entry.id, at)).collect()
}

/// Case and white space do not make it another text.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
