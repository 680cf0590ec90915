//! The journal as its users see it: appending, finding the head, rolling forward around people's edits.

use std::sync::Arc;

use infohub::journal::{
    Appended, Change, Damage, Entry, Hash, Journal, JournalError, Link, Outcome, Record, Write,
};
use infohub::store::{Created, Store};
use jiff::Timestamp;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::stores::{MemoryStore, path};

pub const ACCOUNT: &str = "infohub/acme";
pub const PLAN: &str = "success_plan/csp.yaml";
const LIMIT: u64 = 1 << 20;

/// A payload as good as any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub event: String,
}

pub fn journal(store: &dyn Store) -> Journal<'_> {
    Journal::new(store, &path(ACCOUNT)).unwrap()
}

/// The step that makes the plan's version `number`, as text and as file of the history.
pub fn version(number: u64, base: Option<&str>, text: &str) -> Entry<Step> {
    let text: Arc<str> = text.into();
    let history = path(&format!("success_plan/csp_history/csp_v{number}_2026-01-15.yaml"));
    let base = base.map(|text| Hash::of(text.as_bytes()));
    Entry {
        at: "2026-01-15T10:00:00Z".parse().unwrap(),
        payload: Step { event: format!("e-{number}") },
        writes: vec![
            Write { path: history, text: Arc::clone(&text), change: Change::Create },
            Write { path: path(PLAN), text, change: Change::Replace { base } },
        ],
    }
}

pub fn append(store: &dyn Store, after: Option<Link>, entry: Entry<Step>) -> Record<Step> {
    match journal(store).append(after, entry).unwrap() {
        Appended::New(record) => *record,
        Appended::Lost => panic!("another record has the number"),
    }
}

/// Appends a version and rolls it forward, as a commit does.
pub fn commit(
    store: &dyn Store,
    after: Option<&Record<Step>>,
    base: Option<&str>,
    text: &str,
) -> Record<Step> {
    let number = after.map_or(0, |record| record.number) + 1;
    let record = append(store, after.map(Record::link), version(number, base, text));
    assert!(journal(store).roll_forward(&record).unwrap().is_complete());
    record
}

pub fn plan(store: &dyn Store) -> Option<String> {
    let bytes = store.read(&path(ACCOUNT).join(PLAN).unwrap(), LIMIT).unwrap();
    bytes.map(|bytes| String::from_utf8(bytes).unwrap())
}

fn edit(store: &dyn Store, text: &str) {
    store.replace(&path(ACCOUNT).join(PLAN).unwrap(), text.as_bytes()).unwrap();
}

fn record_bytes(store: &dyn Store, number: u64) -> Vec<u8> {
    store.read(&record_path(number), LIMIT).unwrap().unwrap()
}

pub fn record_path(number: u64) -> infohub::store::StorePath {
    path(&format!("{ACCOUNT}/success_plan/csp_journal/{number:08}.json"))
}

fn same<P: PartialEq + std::fmt::Debug>(left: &Record<P>, right: &Record<P>) {
    assert_eq!(
        (left.number, left.at, left.prev, &left.payload, &left.writes, left.hash),
        (right.number, right.at, right.prev, &right.payload, &right.writes, right.hash)
    );
}

#[test]
fn a_record_is_a_file_that_a_person_can_read_and_check() {
    let store = MemoryStore::default();
    let first = append(&store, None, version(1, None, "a: \"1\"\n"));
    append(&store, Some(first.link()), version(2, Some("a: \"1\"\n"), "a: 2\n"));
    let text = String::from_utf8(record_bytes(&store, 2)).unwrap();
    insta::assert_snapshot!(text);
    // What `sed '$d' 00000002.json | sha256sum` prints.
    let last_line = text.lines().last().unwrap();
    let lines = &text[..text.len() - last_line.len() - 1];
    assert_eq!(last_line, format!("\"hash\":\"{}\"}}", Hash::of(lines.as_bytes())));
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
}

#[test]
fn only_one_record_gets_a_number() {
    let store = MemoryStore::default();
    let first = append(&store, None, version(1, None, "mine\n"));
    let lost = journal(&store).append(None, version(1, None, "yours\n")).unwrap();
    assert!(matches!(lost, Appended::Lost));
    same(&journal(&store).read(1).unwrap().unwrap(), &first);
}

#[test]
fn the_head_is_found_from_any_hint() {
    let store = MemoryStore::default();
    assert!(journal(&store).head::<Step>(None).unwrap().is_none());
    assert!(journal(&store).head::<Step>(Some(7)).unwrap().is_none());
    let mut last = append(&store, None, version(1, None, "1\n"));
    for number in 2..=40 {
        last = append(&store, Some(last.link()), version(number, None, "n\n"));
    }
    for hint in [None, Some(0), Some(1), Some(39), Some(40), Some(41), Some(u64::MAX)] {
        same(&journal(&store).head(hint).unwrap().unwrap(), &last);
    }
    assert!(journal(&store).is_head(last.link()).unwrap());
    assert!(!journal(&store).is_head(Link { number: 39, hash: last.prev }).unwrap());
    assert!(!journal(&store).is_head(Link { number: 40, hash: last.prev }).unwrap());
    assert!(!journal(&store).is_head(Link { number: 41, hash: last.hash }).unwrap());
}

#[test]
fn rolling_forward_again_changes_nothing() {
    let store = MemoryStore::default();
    let record = commit(&store, None, None, "a: 1\n");
    let before = store.snapshot();
    let found: Record<Step> = journal(&store).head(None).unwrap().unwrap();
    for record in [&record, &found] {
        let rolled = journal(&store).roll_forward(record).unwrap();
        assert!(rolled.outcomes.iter().all(|(_, outcome)| *outcome == Outcome::Already));
        assert_eq!(store.snapshot(), before);
    }
}

#[test]
fn a_hand_edit_is_left_alone_and_told() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    edit(&store, "a: 1 # why\n");
    let second = append(&store, Some(first.link()), version(2, Some("a: 1\n"), "a: 2\n"));
    let rolled = journal(&store).roll_forward(&second).unwrap();
    assert!(!rolled.is_complete());
    assert_eq!(rolled.hand_edits().map(|path| path.name()).collect::<Vec<_>>(), ["csp.yaml"]);
    let found = Some(Hash::of(b"a: 1 # why\n"));
    assert_eq!(rolled.outcomes[1].1, Outcome::HandEdit { found });
    assert_eq!(plan(&store).unwrap(), "a: 1 # why\n");
}

#[test]
fn a_file_that_fell_behind_is_brought_forward() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    let second = commit(&store, Some(&first), Some("a: 1\n"), "a: 2\n");
    let third = commit(&store, Some(&second), Some("a: 2\n"), "a: 3\n");
    // A writer that slept since its comparison puts the first text over the third.
    edit(&store, "a: 1\n");
    let rolled = journal(&store).roll_forward(&third).unwrap();
    assert_eq!(rolled.outcomes[1].1, Outcome::Restored { from: 1 });
    assert_eq!(plan(&store).unwrap(), "a: 3\n");
}

#[test]
fn a_writer_that_was_overtaken_stands_back() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    let slow = append(&store, Some(first.link()), version(2, Some("a: 1\n"), "a: 2\n"));
    let found: Record<Step> = journal(&store).head(None).unwrap().unwrap();
    journal(&store).roll_forward(&found).unwrap();
    commit(&store, Some(&found), Some("a: 2\n"), "a: 3\n");
    let rolled = journal(&store).roll_forward(&slow).unwrap();
    assert_eq!(rolled.outcomes[1].1, Outcome::Superseded);
    assert_eq!(plan(&store).unwrap(), "a: 3\n");
}

#[test]
fn a_writer_that_is_overtaken_while_it_writes_says_so() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    let slow = append(&store, Some(first.link()), version(2, Some("a: 1\n"), "a: 2\n"));
    append(&store, Some(slow.link()), version(3, Some("a: 2\n"), "a: 3\n"));
    let rolled = journal(&store).roll_forward(&slow).unwrap();
    let outcomes: Vec<_> = rolled.outcomes.iter().map(|(_, outcome)| *outcome).collect();
    assert_eq!(outcomes, [Outcome::Written, Outcome::Superseded]);
    let newer: Record<Step> = journal(&store).head(Some(2)).unwrap().unwrap();
    assert!(journal(&store).roll_forward(&newer).unwrap().is_complete());
    assert_eq!(plan(&store).unwrap(), "a: 3\n");
}

#[test]
fn a_deleted_file_is_written_again() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    let before = store.snapshot();
    store.remove(&path(ACCOUNT).join(PLAN).unwrap());
    store.remove(&path(ACCOUNT).join("success_plan/csp_history/csp_v1_2026-01-15.yaml").unwrap());
    let rolled = journal(&store).roll_forward(&first).unwrap();
    assert!(rolled.outcomes.iter().all(|(_, outcome)| *outcome == Outcome::Written));
    assert_eq!(store.snapshot(), before);
}

#[test]
fn a_changed_history_file_is_damage() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    let history = path(ACCOUNT).join("success_plan/csp_history/csp_v1_2026-01-15.yaml").unwrap();
    store.replace(&history, b"a: 0\n").unwrap();
    let rolled = journal(&store).roll_forward(&first).unwrap();
    assert_eq!(rolled.outcomes[0].1, Outcome::Damaged { found: Some(Hash::of(b"a: 0\n")) });
    assert_eq!(store.read(&history, LIMIT).unwrap().unwrap(), b"a: 0\n");
}

#[test]
fn a_file_too_large_to_compare_is_not_ours() {
    let store = MemoryStore::default();
    let first = commit(&store, None, None, "a: 1\n");
    store.replace(&path(ACCOUNT).join(PLAN).unwrap(), &vec![b'#'; 17 << 20]).unwrap();
    let rolled = journal(&store).roll_forward(&first).unwrap();
    assert_eq!(rolled.outcomes[1].1, Outcome::HandEdit { found: None });
}

/// A record's file with its seal made anew, as another program would write it.
fn resealed(body: &str) -> Vec<u8> {
    format!("{body}\"hash\":\"{}\"}}\n", Hash::of(body.as_bytes())).into_bytes()
}

fn check_damage<P: DeserializeOwned + std::fmt::Debug>(bytes: &[u8], expected: &str) {
    let store = MemoryStore::default();
    assert_eq!(store.create(&record_path(1), bytes).unwrap(), Created::New);
    let error = journal(&store).read::<P>(1).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }));
    let message = error.to_string();
    assert_eq!(message.strip_prefix("infohub/acme/success_plan/csp_journal/00000001.json: "), Some(expected));
}

#[test]
fn damage_is_told_with_file_and_reason() {
    let cut = "does not end with a line of its hash, so it was cut or changed after it was written";
    check_damage::<Step>(b"", cut);
    check_damage::<Step>(b"{\"format\":1", cut);
    check_damage::<Step>(&[0xff; 200], cut);
    let newer = "is written in form 2, which this version of csp does not know";
    check_damage::<Step>(&resealed("{\"format\":2,\"other\":[1],\nanything\n"), newer);
    let head = "{\"format\":1,\"number\":1,\"at\":\"2026-01-15T10:00:00Z\",\"prev\":\"";
    let record = |rest: &str| resealed(&format!("{head}{}\",\n{rest},\n", Hash::NONE));
    let content = "is whole, but does not read as a record of this version of csp: ";
    let payload = record("\"payload\":{\"other\":1},\n\"writes\":[]");
    check_damage::<Step>(&payload, &format!("{content}missing field `event` at line 2 column 21"));
    let twice = r#"{"path":"a","change":"create","text":"1"},{"path":"a","change":"create","text":"2"}"#;
    check_damage::<()>(
        &record(&format!("\"payload\":null,\n\"writes\":[{twice}]")),
        &format!("{content}writes a twice, or into the journal itself"),
    );
    let textless = r#"{"path":"a","change":"create","same_as":"b"}"#;
    check_damage::<()>(
        &record(&format!("\"payload\":null,\n\"writes\":[{textless}]")),
        &format!("{content}the write of a has no text of its own or of one before it"),
    );
    let stepping = r#"{"path":"../b","change":"create","text":""}"#;
    check_damage::<()>(
        &record(&format!("\"payload\":null,\n\"writes\":[{stepping}]")),
        &format!("{content}\"../b\" has a part `.` or `..` at line 3 column 24"),
    );
}

#[test]
fn a_record_under_another_number_is_refused() {
    let store = MemoryStore::default();
    append(&store, None, version(1, None, "a: 1\n"));
    store.create(&record_path(2), &record_bytes(&store, 1)).unwrap();
    let error = journal(&store).head::<Step>(None).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { damage: Damage::Number { stated: 1 }, .. }), "{error}");
}

#[test]
fn what_cannot_be_a_record_is_refused_before_it_is_one() {
    let store = MemoryStore::default();
    let check = |writes: Vec<&str>, expected: &str| {
        let write = |file: &str| Write { path: path(file), text: "x".into(), change: Change::Create };
        let writes = writes.into_iter().map(write).collect();
        let entry = Entry { at: Timestamp::UNIX_EPOCH, payload: (), writes };
        let error = journal(&store).append(None, entry).unwrap_err();
        let message = error.to_string();
        assert!(message.ends_with(expected), "{message}");
    };
    check(vec!["a", "b", "a"], "would write a twice, or write into the journal itself");
    check(
        vec!["success_plan/csp_journal/00000009.json"],
        "would write success_plan/csp_journal/00000009.json twice, or write into the journal itself",
    );
    let error = journal(&store).append(None, version(1, None, &"x".repeat(17 << 20))).unwrap_err();
    assert!(matches!(error, JournalError::TooLarge { .. }), "{error}");
    let last = Link { number: 999_999, hash: Hash::NONE };
    let error = journal(&store).append(Some(last), version(1, None, "")).unwrap_err();
    assert!(matches!(error, JournalError::Full { .. }), "{error}");
    let deep = ["a"; 31].join("/");
    let write = Write { path: path(&deep), text: "x".into(), change: Change::Create };
    let entry = Entry { at: Timestamp::UNIX_EPOCH, payload: (), writes: vec![write] };
    let error = journal(&store).append(None, entry).unwrap_err();
    assert!(matches!(error, JournalError::Path(_)), "{error}");
    assert!(store.snapshot().is_empty());
}

fn any_entry() -> impl Strategy<Value = Entry<serde_json::Value>> {
    let text = prop_oneof!["[ -~\n\t\"\\\\]{0,40}", ".{0,20}", Just("shared".to_owned())];
    let base = prop::option::of("[a-z]{3}".prop_map(|text| Hash::of(text.as_bytes())));
    let change = prop_oneof![Just(Change::Create), base.prop_map(|base| Change::Replace { base })];
    let shared: Arc<str> = "shared".into();
    let writes = prop::collection::btree_map("[a-c]{1,2}/[a-c]", (text, change), 0..5).prop_map(move |map| {
        let write = |(file, (text, change)): (String, (String, Change))| {
            let text = if text == "shared" { Arc::clone(&shared) } else { text.into() };
            Write { path: path(&file), text, change }
        };
        map.into_iter().map(write).collect::<Vec<_>>()
    });
    let payload = prop_oneof![
        ".{0,20}".prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        prop::collection::btree_map("[a-z\"\n]{0,3}", ".{0,9}", 0..4)
            .prop_map(|map| serde_json::to_value(map).unwrap()),
    ];
    let at = (0..4_000_000_000_i64, 0..1_000_000_000_i32);
    (payload, writes, at).prop_map(|(payload, writes, (second, nanosecond))| Entry {
        at: Timestamp::new(second, nanosecond).unwrap(),
        payload,
        writes,
    })
}

proptest! {
    #[test]
    fn a_record_reads_back_as_it_was_written(entry in any_entry()) {
        let store = MemoryStore::default();
        let Appended::New(written) = journal(&store).append(None, entry.clone()).unwrap() else {
            panic!("an empty journal has no first record");
        };
        let read: Record<serde_json::Value> = journal(&store).head(None).unwrap().unwrap();
        same(&written, &read);
        prop_assert_eq!((read.at, &read.payload, &read.writes), (entry.at, &entry.payload, &entry.writes));
        let lines = record_bytes(&store, 1).split(|byte| *byte == b'\n').count();
        prop_assert_eq!(lines, 5 + entry.writes.len());
    }
}
