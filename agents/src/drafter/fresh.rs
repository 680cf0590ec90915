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

    /// One quote may carry several items where it names several things, so their words have to be alike too.
    fn covers(&self, new: &Self) -> bool {
        let same_quote = self.quotes.iter().any(|quote| new.quotes.contains(quote));
        alike(&self.content, &new.content, if same_quote { SAME / 2 } else { SAME })
    }
}
