//! Names of account folders: lower-case ASCII letters, digits and hyphens, 1 to 63 of them.
//! Must not know the file system.

use std::collections::{BTreeMap, BTreeSet};

use infohub::ids::AccountSlug;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

const LENGTH: usize = 63;
const SUFFIX: usize = 6;

/// The slug of a name, or `None` if no character of it can be written in ASCII.
pub fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for character in name.nfkd().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => slug.push(character),
            // What an accent leaves behind after its letter, and apostrophes, part no words.
            '\u{300}'..='\u{36f}' | '\'' | '’' => {}
            '&' => push_word(&mut slug, "and"),
            '+' => push_word(&mut slug, "plus"),
            _ => match written_out(character) {
                Some(letters) => slug.push_str(letters),
                None => push_hyphen(&mut slug),
            },
        }
        if slug.len() > LENGTH * 2 {
            break;
        }
    }
    slug.truncate(LENGTH);
    slug.truncate(slug.trim_end_matches('-').len());
    (!slug.is_empty()).then_some(slug)
}

/// Letters that are no letter with an accent.
fn written_out(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

fn push_hyphen(slug: &mut String) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}

fn push_word(slug: &mut String, word: &str) {
    push_hyphen(slug);
    slug.push_str(word);
    slug.push('-');
}

/// Which account has which slug.
///
/// Accounts of one batch whose names give the same slug all carry a suffix made from their ids, so the
/// answer does not depend on their order. What is known from before never changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slugs {
    by_id: BTreeMap<String, AccountSlug>,
    taken: BTreeSet<String>,
}

impl Slugs {
    /// Starts from the accounts that exist: their ids in the CRM and their slugs.
    pub fn known(accounts: impl IntoIterator<Item = (String, AccountSlug)>) -> Self {
        let by_id: BTreeMap<String, AccountSlug> = accounts.into_iter().collect();
        let taken = by_id.values().map(|slug| slug.as_str().to_owned()).collect();
        Self { by_id, taken }
    }

    /// The slug of an account, if it has one.
    pub fn get(&self, id: &str) -> Option<&AccountSlug> {
        self.by_id.get(id)
    }

    /// Gives slugs to accounts that have none, from pairs of id and name.
    pub(super) fn assign<'a>(&mut self, accounts: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut wanted: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (id, name) in accounts.filter(|(id, _)| !self.by_id.contains_key(*id)) {
            let slug = slug(name).or_else(|| slug(id)).unwrap_or_else(|| format!("account-{}", digest(id)));
            wanted.entry(slug).or_default().insert(id);
        }
        for (slug, ids) in wanted {
            let alone = ids.len() == 1 && !self.taken.contains(&slug);
            for id in ids {
                self.give(id, if alone { slug.clone() } else { suffixed(&slug, id) });
            }
        }
    }

    fn give(&mut self, id: &str, slug: String) {
        // All that is given here is made by the rule that the check repeats.
        if let Ok(checked) = AccountSlug::new(slug.clone()) {
            self.taken.insert(slug);
            self.by_id.entry(id.to_owned()).or_insert(checked);
        }
    }
}

/// The slug with a part of the id's hash behind it, cut so that the whole still fits.
fn suffixed(slug: &str, id: &str) -> String {
    let room = LENGTH - SUFFIX - 1;
    let kept = slug.get(..room).unwrap_or(slug).trim_end_matches('-');
    format!("{kept}-{}", digest(id))
}

fn digest(id: &str) -> String {
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().take(SUFFIX / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(slug(name).as_deref(), expected, "{name}");
    }

    #[test]
    fn names_become_slugs() {
        check("Acme", Some("acme"));
        check("  Müller & Søn GmbH. ", Some("muller-and-son-gmbh"));
        check("Großhandel Łódź", Some("grosshandel-lodz"));
        check("Eric's Test", Some("erics-test"));
        check("../../etc", Some("etc"));
        check("株式会社", None);
        check("", None);
        check(&"ab ".repeat(40), Some(&"ab-".repeat(21)[..62]));
    }

    #[test]
    fn the_same_name_twice_is_two_accounts_in_any_order() {
        let mut one = Slugs::default();
        one.assign([("A", "Acme"), ("B", "ACME"), ("C", "Other")].into_iter());
        let mut two = Slugs::default();
        two.assign([("C", "Other"), ("B", "ACME"), ("A", "Acme")].into_iter());
        assert_eq!(one, two);
        assert_eq!(one.get("C").map(AccountSlug::as_str), Some("other"));
        assert_eq!(one.get("A").map(AccountSlug::as_str), Some("acme-559aea"));
        assert_ne!(one.get("A"), one.get("B"));
    }

    #[test]
    fn what_is_known_stays() {
        let mut slugs = Slugs::known([("A".to_owned(), AccountSlug::new("acme").expect("a slug"))]);
        slugs.assign([("A", "Acme renamed"), ("B", "Acme")].into_iter());
        assert_eq!(slugs.get("A").map(AccountSlug::as_str), Some("acme"));
        assert!(slugs.get("B").is_some_and(|slug| slug.as_str().starts_with("acme-")));
    }

    proptest! {
        #[test]
        fn every_account_gets_a_slug_of_its_own(names in proptest::collection::vec("\\PC{0,90}", 0..12)) {
            let ids: Vec<String> = (0..names.len()).map(|n| format!("{n:03}")).collect();
            let mut slugs = Slugs::default();
            slugs.assign(ids.iter().map(String::as_str).zip(names.iter().map(String::as_str)));
            let given: BTreeSet<&str> = ids.iter().filter_map(|id| slugs.get(id)).map(AccountSlug::as_str).collect();
            prop_assert_eq!(given.len(), ids.len());
            for slug in given {
                prop_assert!((1..=63).contains(&slug.len()));
                prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
                prop_assert!(!slug.starts_with('-'));
            }
        }
    }
}
