//! A process that dies at any operation leaves an account that the next one brings to the state before or after.

use std::collections::BTreeMap;
use std::sync::Arc;

use infohub::journal::{Appended, Finding, Journal, Record};
use infohub::store::Store;

use crate::journal::{Step, commit, journal, plan, version};
use crate::stores::{Death, MemoryStore, Mortal};

/// Loads, commits one more version, rolls it forward; stops at the first error, as a dying process does.
fn work(store: &dyn Store) -> Option<()> {
    let journal = Journal::new(store, &crate::stores::path(crate::journal::ACCOUNT)).ok()?;
    let head: Option<Record<Step>> = journal.head(None).ok()?;
    if let Some(head) = &head {
        journal.roll_forward(head).ok()?;
    }
    let number = head.as_ref().map_or(1, |head| head.number + 1);
    let base = head.as_ref().map(|head| head.writes[1].text.to_string());
    let entry = version(number, base.as_deref(), &format!("a: {number}\n"));
    let Appended::New(record) = journal.append(head.as_ref().map(Record::link), entry).ok()? else {
        return None;
    };
    journal.roll_forward(&record).ok()?;
    Some(())
}

/// What the next process does before it looks at anything.
fn recover(store: &dyn Store) {
    let journal = journal(store);
    if let Some(head) = journal.head::<Step>(None).unwrap() {
        assert!(journal.roll_forward(&head).unwrap().is_complete());
    }
    assert_eq!(journal.verify().unwrap(), Vec::<Finding>::new());
}

fn start() -> Arc<MemoryStore> {
    let store = MemoryStore::default();
    commit(&store, None, None, "a: 1\n");
    Arc::new(store)
}

fn files(store: &MemoryStore) -> BTreeMap<String, Vec<u8>> {
    store.snapshot()
}

#[test]
fn a_death_at_any_operation_leaves_the_state_before_or_after() {
    let before = files(&start());
    let finished = start();
    work(&*finished).unwrap();
    let after = files(&finished);
    let mut ends = BTreeMap::new();
    for death in [Death::Before, Death::After] {
        let mut operations = 0;
        loop {
            let store = start();
            let process = Mortal::new(&store, operations, death);
            let done = work(&process).is_some();
            assert_eq!(done, !process.is_dead());
            recover(&*store);
            let end = files(&store);
            assert!(end == before || end == after, "{death:?} in operation {operations}");
            *ends.entry(end == after).or_insert(0) += 1;
            if done {
                break;
            }
            operations += 1;
        }
        assert!(operations >= 6, "the work was cut at only {operations} places");
    }
    // Both ends are reached, so the test saw deaths on either side of the record.
    assert!(ends.len() == 2, "{ends:?}");
}

#[test]
fn recovering_may_die_at_any_operation_too() {
    let finished = start();
    work(&*finished).unwrap();
    let after = files(&finished);
    for first in 0..12 {
        for second in 0..12 {
            let store = start();
            let _ = work(&Mortal::new(&store, first, Death::After));
            let head = journal(&*store).head::<Step>(None).unwrap().unwrap();
            let process = Mortal::new(&store, second, Death::After);
            let _ = Journal::new(&process, &crate::stores::path(crate::journal::ACCOUNT))
                .unwrap()
                .roll_forward(&head);
            recover(&*store);
            if head.number == 2 {
                assert_eq!(files(&store), after);
            }
        }
    }
}

#[test]
fn a_death_never_costs_a_hand_edit() {
    for operations in 0..12 {
        let store = start();
        let file = crate::stores::path(crate::journal::ACCOUNT).join(crate::journal::PLAN).unwrap();
        store.replace(&file, b"a: 1 # mine\n").unwrap();
        let _ = work(&Mortal::new(&store, operations, Death::After));
        let head = journal(&*store).head::<Step>(None).unwrap().unwrap();
        journal(&*store).roll_forward(&head).unwrap();
        assert_eq!(plan(&*store).unwrap(), "a: 1 # mine\n");
    }
}
