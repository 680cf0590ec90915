//! The typed forms of the files that were read or written last, by the hash of their text: a file that nobody
//! touched since needs no parse. Losing it loses nothing but time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::facts::AccountFile;
use crate::ids::AccountSlug;
use crate::journal::Hash;
use crate::plan::Plan;

/// How many accounts are kept at hand.
const MOST_ACCOUNTS: usize = 256;

/// What is at hand, one text of each kind an account.
#[derive(Debug, Default)]
pub(super) struct AtHand {
    plans: Mutex<Kept<Plan>>,
    facts: Mutex<Kept<AccountFile>>,
}

type Kept<T> = HashMap<AccountSlug, (Hash, Arc<T>)>;

impl AtHand {
    pub(super) fn plan(&self, slug: &AccountSlug, hash: Hash) -> Option<Arc<Plan>> {
        find(&self.plans, slug, hash)
    }

    pub(super) fn keep_plan(&self, slug: &AccountSlug, hash: Hash, plan: Arc<Plan>) {
        keep(&self.plans, slug, hash, plan);
    }

    pub(super) fn facts(&self, slug: &AccountSlug, hash: Hash) -> Option<Arc<AccountFile>> {
        find(&self.facts, slug, hash)
    }

    pub(super) fn keep_facts(&self, slug: &AccountSlug, hash: Hash, facts: Arc<AccountFile>) {
        keep(&self.facts, slug, hash, facts);
    }
}

fn find<T>(kept: &Mutex<Kept<T>>, slug: &AccountSlug, hash: Hash) -> Option<Arc<T>> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(slug).filter(|(at, _)| *at == hash).map(|(_, value)| Arc::clone(value))
}

/// A full house is emptied: what is needed again comes back with the next read.
fn keep<T>(kept: &Mutex<Kept<T>>, slug: &AccountSlug, hash: Hash, value: Arc<T>) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_ACCOUNTS && !kept.contains_key(slug) {
        kept.clear();
    }
    kept.insert(slug.clone(), (hash, value));
}
