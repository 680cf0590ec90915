//! What newer material states of something that the plan has already: that it is done, under way, cancelled, or
//! moved to another day. Only a sentence that names the thing in its own words counts. It must not know sections.

use infohub::evidence::Evidence;
use infohub::plan::{Item, ListChange, Progress};
use jiff::civil::Date;

use super::desk::Desk;
use super::passage::Passage;
use super::progress::{Stated, stated};
use super::words::content;

/// Of an item's words, at least this share has to stand in the sentence, in percent.
const NAMED: usize = 80;
/// An item of fewer words of content is named by too many sentences.
const FEWEST: usize = 2;
/// And of the sentence's words, at least this share has to be the item's: a longer sentence is about something else.
const MEANT: usize = 40;

/// All sentences that state progress, oldest material first.
pub(super) struct News<'d, 'a> {
    told: Vec<Told<'d, 'a>>,
}

struct Told<'d, 'a> {
    passage: &'d Passage<'a>,
    stated: Stated,
    content: Vec<String>,
    on: Option<Date>,
}

impl<'d, 'a> News<'d, 'a> {
    pub(super) fn of(desk: &'d Desk<'a>) -> Self {
        let told = desk.reading.statements().filter_map(|passage| {
            // That something is planned is no news of it.
            let stated = stated(passage).filter(|stated| stated.status != Some(Progress::Planned))?;
            let on = desk.date_of(passage.block.source);
            Some(Told { passage, stated, content: content(&passage.full()), on })
        });
        let mut told: Vec<_> = told.collect();
        told.sort_by_key(|told| told.on);
        Self { told }
    }

    /// Lets `take` put what is new of each item into it: of those that a draft adds, and of those that the plan has.
    pub(super) fn update<T: Item + Clone + PartialEq>(
        &self,
        desk: &Desk<'_>,
        known: &[T],
        change: &mut ListChange<T>,
        take: impl Fn(&mut T, &Stated),
    ) {
        let renewed = |item: &T| {
            let (stated, evidence) = self.on(desk, item)?;
            let mut new = item.clone();
            take(&mut new, &stated);
            (new != *item).then(|| {
                new.evidence_mut().push(evidence);
                new
            })
        };
        for item in &mut change.upsert {
            if let Some(new) = renewed(item) {
                *item = new;
            }
        }
        change.upsert.extend(known.iter().filter_map(renewed));
    }

    /// The newest statement on an item, unless the item rests on it or on something newer.
    fn on(&self, desk: &Desk<'_>, item: &dyn Item) -> Option<(Stated, Evidence)> {
        // The owner in brackets at the end is no part of the name.
        let text = item.text();
        let name = content(text.rsplit_once(" (").map_or(text, |(name, _)| name));
        if name.len() < FEWEST {
            return None;
        }
        let known = item.evidence().iter().filter_map(|evidence| match evidence {
            Evidence::Quote { source, .. } => desk.date_of(source),
            _ => None,
        });
        let since = known.max();
        let told = self.told.iter().rfind(|told| told.on >= since && names(&told.content, &name))?;
        let evidence = told.passage.cite();
        let rests_on_it = item.evidence().iter().any(|known| same_place(known, &evidence));
        (!rests_on_it).then_some((told.stated, evidence))
    }
}

/// Whether a sentence's words name something, and are about little else.
pub(super) fn names(sentence: &[String], name: &[String]) -> bool {
    let said = name.iter().filter(|word| sentence.binary_search(word).is_ok()).count();
    said * 100 >= name.len() * NAMED && said * 100 >= sentence.len() * MEANT
}

fn same_place(left: &Evidence, right: &Evidence) -> bool {
    match (left, right) {
        (Evidence::Quote { source: left, quote: said, .. }, Evidence::Quote { source: right, quote, .. }) => {
            left == right && content(said) == content(quote)
        }
        _ => left == right,
    }
}
