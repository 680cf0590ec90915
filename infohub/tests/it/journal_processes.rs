//! Real processes on one account: each step gets one number, and `kill -9` costs nothing.
//!
//! The test binary runs itself again with a filter for the one test that is a worker.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use infohub::journal::{Appended, Finding, Journal, Record};
use infohub::store::{LocalStore, Store};

use crate::journal::{ACCOUNT, Step, record_path, version};
use crate::stores::path;

/// Where a worker finds its store and its name.
const ROOT: &str = "INFOHUB_TEST_ROOT";
const NAME: &str = "INFOHUB_TEST_NAME";

/// How many steps a worker commits before it ends by itself.
const STEPS: u64 = 100_000;

fn worker(root: &Path, name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "journal_processes::as_a_worker", "--ignored"])
        .env(ROOT, root)
        .env(NAME, name)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Ends the worker in the midst of its work; one that ended by itself has failed.
fn kill_9(mut worker: Child) {
    let ended = worker.try_wait().unwrap();
    worker.kill().unwrap();
    let output = worker.wait_with_output().unwrap();
    assert!(ended.is_none(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Commits steps named after the worker, taking up where the journal says that it stopped.
fn work(store: &LocalStore, name: &str, steps: u64) {
    let journal = Journal::new(store, &path(ACCOUNT)).unwrap();
    let mut head: Option<Record<Step>> = journal.head(None).unwrap();
    let mut done = 0;
    while done < steps {
        if let Some(head) = &head {
            journal.roll_forward(head).unwrap();
        }
        let number = head.as_ref().map_or(1, |head| head.number + 1);
        let base = head.as_ref().map(|head| head.writes[1].text.to_string());
        let mut entry = version(number, base.as_deref(), &format!("a: {number} # {name}\n"));
        entry.payload.event = format!("{name}-{number}");
        head = match journal.append(head.as_ref().map(Record::link), entry).unwrap() {
            Appended::New(record) => {
                done += 1;
                Some(*record)
            }
            Appended::Lost => journal.head(head.map(|head| head.number)).unwrap(),
        };
    }
    if let Some(head) = &head {
        journal.roll_forward(head).unwrap();
    }
}

/// Loads as the next process would and gives the events of all records.
fn settle(root: &Path) -> Vec<String> {
    let store = LocalStore::open(root).unwrap();
    let journal = Journal::new(&store, &path(ACCOUNT)).unwrap();
    let Some(head) = journal.head::<Step>(None).unwrap() else {
        return Vec::new();
    };
    assert!(journal.roll_forward(&head).unwrap().is_complete());
    assert_eq!(journal.verify().unwrap(), Vec::<Finding>::new());
    (1..=head.number).map(|number| journal.read::<Step>(number).unwrap().unwrap().payload.event).collect()
}

#[test]
#[ignore = "is run by the other tests here, as a process of its own"]
fn as_a_worker() {
    let (Some(root), Some(name)) = (std::env::var_os(ROOT), std::env::var_os(NAME)) else {
        panic!("{ROOT} and {NAME} are to be set");
    };
    work(&LocalStore::open(Path::new(&root)).unwrap(), name.to_str().unwrap(), STEPS);
}

#[test]
fn two_workers_share_an_account() {
    let root = tempfile::tempdir().unwrap();
    let store = LocalStore::open(root.path()).unwrap();
    let other = worker(root.path(), "other");
    wait_for(&store, 5);
    work(&store, "here", 60);
    kill_9(other);
    let events = settle(root.path());
    assert_eq!(events.iter().filter(|event| event.starts_with("here")).count(), 60);
    assert_eq!(events.iter().collect::<BTreeSet<_>>().len(), events.len());
    assert!(events[60..].iter().any(|event| event.starts_with("other")), "the two never met");
}

/// Waits until the record exists, for a process to be known to be at work; not for ever.
fn wait_for(store: &LocalStore, number: u64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while store.read(&record_path(number), 1 << 20).unwrap().is_none() {
        assert!(Instant::now() < deadline, "record {number} never came");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn kill_9_costs_nothing() {
    let root = tempfile::tempdir().unwrap();
    let store = LocalStore::open(root.path()).unwrap();
    let mut known: Vec<String> = Vec::new();
    for round in 0..25_u64 {
        let child = worker(root.path(), &format!("w{round}"));
        wait_for(&store, known.len() as u64 + 1);
        // Uneven pauses, so that the blow falls at ever another operation.
        std::thread::sleep(Duration::from_micros(round * 1_937 % 7_000));
        kill_9(child);
        let events = settle(root.path());
        assert_eq!(events[..known.len()], known);
        known = events;
    }
    assert!(known.len() >= 25, "{known:?}");
}
