//! What the store costs beside the bare system calls, and what a commit costs: `cargo bench -p infohub --bench store`.
//!
//! CPU time is that of this process; what the kernel does for it in threads of its own is in the wall time only.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and fails by panicking"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use infohub::journal::{Appended, Change, Entry, Hash, Journal, Record, Write};
use infohub::store::{Created, LocalStore, Store, StorePath};
use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// How often each operation is done.
const ROUNDS: usize = 400;
/// A plan of the usual size.
const PLAN: usize = 13_000;

fn main() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("infohub/acme/success_plan");
    fs::create_dir_all(&folder).unwrap();
    let store = LocalStore::open(root.path()).unwrap();
    let text: String =
        "- {id: ms-3f9a, milestone: \"Go live\"}  # agreed\n".chars().cycle().take(PLAN).collect();

    println!("{ROUNDS} times each, {PLAN} bytes, microseconds of CPU (and of wall time)");
    let bytes = text.as_bytes();
    let name = |kind: &str, round: usize| format!("{kind}{round}");
    let file = |name: &str| StorePath::new(format!("infohub/acme/success_plan/{name}")).unwrap();

    let bare = measure(|round| bare_create(&folder, &name("bare", round), bytes));
    let ours =
        measure(|round| assert_eq!(store.create(&file(&name("ours", round)), bytes).unwrap(), Created::New));
    compare("create", ours, bare);
    let bare = measure(|_| bare_replace(&folder, "plan", bytes));
    let ours = measure(|_| store.replace(&file("plan"), bytes).unwrap());
    compare("replace", ours, bare);
    let bare = measure(|_| assert_eq!(fs::read(folder.join("plan")).unwrap().len(), PLAN));
    let ours = measure(|_| assert_eq!(store.read(&file("plan"), 1 << 20).unwrap().unwrap().len(), PLAN));
    compare("read", ours, bare);
    let bare = measure(|round| {
        bare_create(&folder, &name("history", round), bytes);
        bare_replace(&folder, "plan", bytes);
    });
    let ours = commits(&store, &text);
    compare("commit, beside bare plan and history", ours, bare);
    load(&store);
}

/// Plan versions: record, history file, plan.
fn commits(store: &LocalStore, text: &str) -> [Duration; 2] {
    let journal = Journal::new(store, &StorePath::new("infohub/acme").unwrap()).unwrap();
    store.replace(&StorePath::new("infohub/acme/success_plan/csp.yaml").unwrap(), b"").unwrap();
    let mut head: Option<Record<u64>> = None;
    let mut base = Hash::of(b"");
    measure(|round| {
        let text: Arc<str> = format!("# version {round}\n{text}").into();
        let history = StorePath::new(format!("success_plan/csp_history/csp_v{round}.yaml")).unwrap();
        let plan = StorePath::new("success_plan/csp.yaml").unwrap();
        let next = Hash::of(text.as_bytes());
        let writes = vec![
            Write { path: history, text: Arc::clone(&text), change: Change::Create },
            Write { path: plan, text, change: Change::Replace { base: Some(base) } },
        ];
        let entry = Entry { at: Timestamp::UNIX_EPOCH, payload: round as u64, writes };
        let Appended::New(record) = journal.append(head.as_ref().map(Record::link), entry).unwrap() else {
            panic!("nobody else appends");
        };
        assert!(journal.roll_forward(&record).unwrap().is_complete());
        head = Some(*record);
        base = next;
    })
}

/// What loading an account costs after the commits.
fn load(store: &LocalStore) {
    let journal = Journal::new(store, &StorePath::new("infohub/acme").unwrap()).unwrap();
    let head: Record<u64> = journal.head(None).unwrap().unwrap();
    tell("head without a hint", measure(|_| drop(journal.head::<u64>(None).unwrap().unwrap())));
    tell("head with a hint", measure(|_| drop(journal.head::<u64>(Some(head.number)).unwrap().unwrap())));
    tell("is still the head", measure(|_| assert!(journal.is_head(head.link()).unwrap())));
    tell("roll forward, nothing to do", measure(|_| drop(journal.roll_forward(&head).unwrap())));
    let start = now();
    assert_eq!(journal.verify().unwrap(), []);
    println!("verify {ROUNDS} records: {:?}", now()[0] - start[0]);
}

fn bare_create(folder: &Path, name: &str, bytes: &[u8]) {
    let temp = write_temp(folder, bytes);
    fs::hard_link(&temp, folder.join(name)).unwrap();
    fs::remove_file(&temp).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}

fn bare_replace(folder: &Path, name: &str, bytes: &[u8]) {
    let temp = write_temp(folder, bytes);
    fs::rename(&temp, folder.join(name)).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}

fn write_temp(folder: &Path, bytes: &[u8]) -> std::path::PathBuf {
    let temp = folder.join("temp");
    let mut file = File::create_new(&temp).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_data().unwrap();
    temp
}

/// CPU and wall time of one call, on average.
fn measure(mut operation: impl FnMut(usize)) -> [Duration; 2] {
    let start = now();
    (0..ROUNDS).for_each(&mut operation);
    let end = now();
    [0, 1].map(|clock| (end[clock] - start[clock]) / ROUNDS as u32)
}

fn now() -> [Duration; 2] {
    [ClockId::ProcessCPUTime, ClockId::Monotonic].map(|clock| clock_gettime(clock).try_into().unwrap())
}

fn compare(what: &str, ours: [Duration; 2], bare: [Duration; 2]) {
    let [our_cpu, our_wall] = ours.map(micros);
    let [bare_cpu, bare_wall] = bare.map(micros);
    let ratio = our_cpu / bare_cpu;
    println!("{what}: {our_cpu:.1} ({our_wall:.0}), bare {bare_cpu:.1} ({bare_wall:.0}): {ratio:.2} times");
}

fn tell(what: &str, [cpu, wall]: [Duration; 2]) {
    println!("{what}: {:.1} ({:.0})", micros(cpu), micros(wall));
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
