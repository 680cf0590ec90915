//! The typed forms of the files that were read or written last, by the hashes of their texts: files that nobody
//! touched since need no parse. Losing it loses nothing but time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Files, PlanRef, Register};
use crate::facts::AccountFile;
use crate::ids::AccountSlug;
use crate::journal::Hash;
use crate::plan::Plan;

/// How many accounts are kept at hand.
const MOST_ACCOUNTS: usize = 256;

/// What is at hand, one text of each kind an account.
#[derive(Debug, Default)]
pub(super) struct AtHand {
    plans: Mutex<Kept<Stamp, Plan>>,
    facts: Mutex<Kept<Hash, AccountFile>>,
}

type Kept<K, T> = HashMap<AccountSlug, (K, Arc<T>)>;

/// The hashes of all texts that make one plan with its registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    plan: Hash,
    registers: Vec<(Register, Hash)>,
}

impl Stamp {
    /// The stamp of this version with the registers that the record speaks of.
    pub(super) fn of(at: &PlanRef, files: &Files) -> Self {
        let registers = files.registers.iter().map(|(register, written)| (*register, written.hash));
        Self { plan: at.hash, registers: registers.collect() }
    }
}

impl AtHand {
    pub(super) fn plan(&self, slug: &AccountSlug, stamp: &Stamp) -> Option<Arc<Plan>> {
        find(&self.plans, slug, stamp)
    }

    pub(super) fn keep_plan(&self, slug: &AccountSlug, stamp: Stamp, plan: Arc<Plan>) {
        keep(&self.plans, slug, stamp, plan);
    }

    pub(super) fn facts(&self, slug: &AccountSlug, hash: Hash) -> Option<Arc<AccountFile>> {
        find(&self.facts, slug, &hash)
    }

    pub(super) fn keep_facts(&self, slug: &AccountSlug, hash: Hash, facts: Arc<AccountFile>) {
        keep(&self.facts, slug, hash, facts);
    }
}

fn find<K: PartialEq, T>(kept: &Mutex<Kept<K, T>>, slug: &AccountSlug, key: &K) -> Option<Arc<T>> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(slug).filter(|(at, _)| at == key).map(|(_, value)| Arc::clone(value))
}

/// A full house is emptied: what is needed again comes back with the next read.
fn keep<K, T>(kept: &Mutex<Kept<K, T>>, slug: &AccountSlug, key: K, value: Arc<T>) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_ACCOUNTS && !kept.contains_key(slug) {
        kept.clear();
    }
    kept.insert(slug.clone(), (key, value));
}
