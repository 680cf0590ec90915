//! When each account is to be looked at because time has passed: derived from the journals, held in memory, found
//! without looking at any account. Losing it loses nothing. It must not know what happens at an instant.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use infohub::ids::AccountSlug;
use jiff::Timestamp;

/// The instants of all accounts, in their order.
#[derive(Debug, Default)]
pub struct Wakes {
    by_time: BTreeMap<Timestamp, BTreeSet<AccountSlug>>,
    by_account: HashMap<AccountSlug, Timestamp>,
}

impl Wakes {
    /// Notes when an account is to be looked at next; nothing if time alone will bring it nothing.
    pub fn set(&mut self, account: &AccountSlug, at: Option<Timestamp>) {
        if self.by_account.get(account) == at.as_ref() {
            return;
        }
        if let Some(old) = self.by_account.remove(account)
            && let Some(accounts) = self.by_time.get_mut(&old)
        {
            accounts.remove(account);
            if accounts.is_empty() {
                self.by_time.remove(&old);
            }
        }
        if let Some(at) = at {
            self.by_time.entry(at).or_default().insert(account.clone());
            self.by_account.insert(account.clone(), at);
        }
    }

    /// The accounts whose instant has come, the earliest first. It costs what is due, whatever is not.
    pub fn due(&self, now: Timestamp) -> impl Iterator<Item = &AccountSlug> {
        self.by_time.range(..=now).flat_map(|(_, accounts)| accounts)
    }

    /// The first instant of all.
    pub fn next(&self) -> Option<Timestamp> {
        self.by_time.first_key_value().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slug(number: u8) -> AccountSlug {
        AccountSlug::new(format!("a-{number}")).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    proptest! {
        #[test]
        fn it_answers_as_a_list_would(
            sets in prop::collection::vec((0u8..12, prop::option::of(0i64..20)), 0..60),
            now in -1i64..21,
        ) {
            let (mut wakes, mut list) = (Wakes::default(), BTreeMap::new());
            for (account, second) in sets {
                wakes.set(&slug(account), second.map(at));
                list.insert(slug(account), second);
            }
            let mut expected: Vec<_> = list
                .iter()
                .filter_map(|(account, second)| Some(((*second)?, account.clone())))
                .collect();
            expected.sort();
            prop_assert_eq!(wakes.next(), expected.first().map(|(second, _)| at(*second)));
            let due: Vec<_> = wakes.due(at(now)).cloned().collect();
            let expected: Vec<_> =
                expected.into_iter().filter(|(second, _)| *second <= now).map(|(_, account)| account).collect();
            prop_assert_eq!(due, expected);
        }
    }
}
