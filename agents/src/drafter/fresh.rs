//! What of a draft is new: an item that says what the plan, or an earlier item of the draft, says already is
//! left out. It must not know sections.

use infohub::evidence::Evidence;
use infohub::plan::{Item, ListChange};

use super::words::{alike, content};

/// Two items with this share of words in common say the same.
const SAME: usize = 70;

/// The items to add to a list, at most so many that it has `most`.
pub(super) fn fresh<T: Item>(
    known: &[T],
    drafted: impl IntoIterator<Item = T>,
    most: usize,
) -> ListChange<T> {
    let mut said: Vec<Said> = known.iter().map(|item| Said::by(item)).collect();
    let mut upsert = Vec::new();
    for item in drafted {
        if said.len() >= most {
            break;
        }
        let new = Said::by(&item);
        if !said.iter().any(|old| old.covers(&new)) {
            said.push(new);
            upsert.push(item);
        }
    }
    ListChange { upsert, remove: Vec::new() }
}

/// The items to add to a list, and the known ones that are said again: they get the new words as evidence, and what
/// `complete` takes from the new item.
pub(super) fn merged<T: Item + Clone>(
    known: &[T],
    drafted: impl IntoIterator<Item = T>,
    most: usize,
    complete: impl Fn(&mut T, &T),
) -> ListChange<T> {
    let said: Vec<Said> = known.iter().map(|item| Said::by(item)).collect();
    let mut again: Vec<T> = Vec::new();
    let mut new: Vec<(Said, T)> = Vec::new();
    for item in drafted {
        let words = Said::by(&item);
        if new.iter().any(|(earlier, _)| earlier.covers(&words)) {
            continue;
        }
        match said.iter().position(|old| old.covers(&words)) {
            Some(at) if said[at].rests_on_all_of(&words) => {}
            Some(at) if again.iter().any(|other| other.id() == known[at].id()) => {}
            Some(at) => {
                let mut old = known[at].clone();
                complete(&mut old, &item);
                old.evidence_mut().extend(item.evidence().iter().cloned());
                again.push(old);
            }
            None if known.len() + new.len() < most => new.push((words, item)),
            None => {}
        }
    }
    let upsert = new.into_iter().map(|(_, item)| item).chain(again).collect();
    ListChange { upsert, remove: Vec::new() }
}

/// The items to add to a list whose entries are made anew from the plan or the CRM, and those to write again because
/// what they rest on has changed. An entry that a person put into other words stays as it is until then.
pub(super) fn renewed<T: Item>(
    known: &[T],
    drafted: impl IntoIterator<Item = T>,
    most: usize,
    same: impl Fn(&T, &T) -> bool,
) -> ListChange<T> {
    let mut upsert: Vec<T> = Vec::new();
    let mut added = 0;
    for mut item in drafted {
        if upsert.iter().any(|earlier| same(earlier, &item)) {
            continue;
        }
        match known.iter().find(|old| same(old, &item)) {
            Some(old) if Said::by(old).rests_on_all_of(&Said::by(&item)) && stays(old, &item) => {}
            Some(old) => {
                item.set_id(old.id().clone());
                upsert.push(item);
            }
            None if known.len() + added < most => {
                added += 1;
                upsert.push(item);
            }
            None => {}
        }
    }
    ListChange { upsert, remove: Vec::new() }
}

/// Whether the words of an entry stay: they are the same, or a person has taken them as they are.
fn stays(old: &dyn Item, new: &dyn Item) -> bool {
    old.review().is_none() || content(old.text()) == content(new.text())
}

/// What an item says and on what it rests.
struct Said {
    content: Vec<String>,
    quotes: Vec<(String, String)>,
}

impl Said {
    fn by(item: &dyn Item) -> Self {
        let quotes = item.evidence().iter().map(|evidence| match evidence {
            Evidence::Quote { source, quote, .. } => (source.clone(), quote.trim().to_lowercase()),
            Evidence::Crm { field, value, .. } => (field.clone(), value.clone()),
            Evidence::Item { item, field, value } => (format!("{item} {field}"), value.clone()),
            Evidence::Calculation(calculation) => (String::new(), calculation.to_string()),
        });
        Self { content: content(item.text()), quotes: quotes.collect() }
    }

    fn rests_on_all_of(&self, other: &Self) -> bool {
        let rests = |quote: &(String, String)| {
            let words = content(&quote.1);
            self.quotes.iter().any(|(place, known)| *place == quote.0 && content(known) == words)
        };
        other.quotes.iter().all(rests)
    }

    /// One quote may carry several items where it names several things, so their words have to be alike too.
    fn covers(&self, new: &Self) -> bool {
        let same_quote = self.quotes.iter().any(|quote| new.quotes.contains(quote));
        alike(&self.content, &new.content, if same_quote { SAME / 2 } else { SAME })
    }
}
