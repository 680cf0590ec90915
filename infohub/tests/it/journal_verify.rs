//! Whatever is done to a journal or to its files, `verify` finds it and says what to do.

use infohub::journal::{Finding, Hash};
use infohub::store::{Store, StorePath};
use proptest::prelude::*;

use crate::journal::{ACCOUNT, PLAN, commit, journal, record_path};
use crate::stores::{MemoryStore, path};

const LIMIT: u64 = 1 << 20;

/// Three versions of a plan, all brought forward.
fn three_versions() -> MemoryStore {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    let second = commit(&store, Some(&first), Some("a: 1\n"), "a: 2\n");
    commit(&store, Some(&second), Some("a: 2\n"), "a: 3\n");
    store
}

fn history(number: u64) -> StorePath {
    path(&format!("{ACCOUNT}/success_plan/csp_history/csp_v{number}_2026-01-15.yaml"))
}

fn the_plan() -> StorePath {
    path(ACCOUNT).join(PLAN).unwrap()
}

fn bytes(store: &MemoryStore, path: &StorePath) -> Vec<u8> {
    store.read(path, LIMIT).unwrap().unwrap()
}

fn findings(store: &MemoryStore) -> Vec<Finding> {
    journal(store).verify().unwrap()
}

/// Does something to three versions of a plan; the findings are to be these, without the account's folder.
fn check(tamper: impl FnOnce(&MemoryStore), expected: &[&str]) {
    let store = three_versions();
    tamper(&store);
    let found = findings(&store);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let short: Vec<&str> =
        told.iter().map(|text| text.trim_start_matches("infohub/acme/success_plan/")).collect();
    assert_eq!(short, expected);
    assert!(found.iter().all(|finding| !finding.advice().is_empty()));
}

#[test]
fn an_untouched_account_has_nothing_to_tell() {
    check(|_| {}, &[]);
    assert_eq!(findings(&MemoryStore::default()), []);
}

#[test]
fn edits_are_told_but_are_no_damage() {
    let store = three_versions();
    store.replace(&the_plan(), b"a: 3 # good\n").unwrap();
    let found = findings(&store);
    assert_eq!(found.len(), 1);
    assert!(!found[0].is_damage());
    assert_eq!(
        found[0].to_string(),
        "infohub/acme/success_plan/csp.yaml: was edited by hand after record 3 wrote it"
    );
    check(
        |store| store.replace(&the_plan(), b"a: 1\n").unwrap(),
        &["csp.yaml: holds the text of record 1, not that of record 3"],
    );
}

#[test]
fn files_of_the_history_are_compared() {
    check(
        |store| store.replace(&history(2), b"a: 9\n").unwrap(),
        &["csp_history/csp_v2_2026-01-15.yaml: is not what record 2 wrote"],
    );
    check(
        |store| store.remove(&history(2)),
        &["csp_history/csp_v2_2026-01-15.yaml: was made by record 2 and is gone"],
    );
    check(
        |store| store.replace(&history(9), b"").unwrap(),
        &["csp_history/csp_v9_2026-01-15.yaml: was made by no record"],
    );
}

#[test]
fn missing_and_foreign_records_are_told() {
    check(
        |store| store.remove(&record_path(2)),
        &[
            "csp_journal/00000002.json: is missing, though later records exist",
            "csp_history/csp_v2_2026-01-15.yaml: was made by no record",
        ],
    );
    // A journal that was cut at its end is whole in itself; what it made betrays it.
    check(
        |store| store.remove(&record_path(3)),
        &[
            "csp.yaml: was edited by hand after record 2 wrote it",
            "csp_history/csp_v3_2026-01-15.yaml: was made by no record",
        ],
    );
    check(
        |store| store.replace(&path(&format!("{ACCOUNT}/success_plan/csp_journal/3.json")), b"").unwrap(),
        &["csp_journal/3.json: was made by no record"],
    );
}

#[test]
fn a_rewritten_record_breaks_the_chain() {
    let forged = |store: &MemoryStore| {
        let text = String::from_utf8(bytes(store, &record_path(2))).unwrap();
        let body = text[..text.len() - 75].replace("e-2", "e-X");
        let text = format!("{body}\"hash\":\"{}\"}}\n", Hash::of(body.as_bytes()));
        store.replace(&record_path(2), text.as_bytes()).unwrap();
    };
    let store = three_versions();
    let before = journal(&store).head::<serde_json::Value>(None).unwrap().unwrap().prev;
    forged(&store);
    let after = journal(&store).read::<serde_json::Value>(2).unwrap().unwrap().hash;
    check(
        forged,
        &[&format!(
            "csp_journal/00000003.json: follows a record with the hash {before}, \
             but the one before it has {after}"
        )],
    );
}

#[test]
fn a_flipped_bit_in_any_byte_of_any_record_is_found() {
    let store = three_versions();
    for number in 1..=3 {
        let whole = bytes(&store, &record_path(number));
        for place in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            store.replace(&record_path(number), &flipped).unwrap();
            let found = findings(&store);
            assert!(
                found.iter().any(|finding| finding.path == record_path(number) && finding.is_damage()),
                "record {number}, byte {place}: {found:?}"
            );
        }
        store.replace(&record_path(number), &whole).unwrap();
    }
    assert_eq!(findings(&store), []);
}

proptest! {
    /// Any record, cut anywhere, overwritten anywhere with anything.
    #[test]
    fn no_damage_is_missed_and_none_is_fatal(
        number in 1..=3_u64,
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        patch in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let store = three_versions();
        let whole = bytes(&store, &record_path(number));
        let (from, to) = (from.index(whole.len() + 1), to.index(whole.len() + 1));
        let mut damaged = whole.clone();
        damaged.splice(from.min(to)..from.max(to), patch);
        store.replace(&record_path(number), &damaged).unwrap();
        prop_assert_eq!(findings(&store).iter().any(Finding::is_damage), damaged != whole);
    }
}
