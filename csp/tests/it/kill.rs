//! `kill -9` at random moments: every accepted event has its effect exactly once, the chain verifies, csp.yaml
//! is its history version, each entry that a person wrote into a register is in it once, and nothing half-written is
//! ever taken for whole.
//!
//! CSP_KILLS sets how many times; the default is the number that the project promises.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How often the worker is killed.
const KILLS: usize = 200;
const ACCOUNTS: [&str; 4] = ["aster", "birch", "cedar", "dahlia"];

struct Ground {
    folder: tempfile::TempDir,
    events: u64,
    accepted: BTreeSet<String>,
    /// The actions that people wrote into registers, with their account.
    written: Vec<(&'static str, String)>,
    random: u64,
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long a test may take is the caller's to say")]
fn every_accepted_event_counts_once_whenever_the_worker_is_killed() {
    let kills: usize = std::env::var("CSP_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut ground = Ground::new();
    ground.batch();
    let mut span = ground.time_of_a_run();
    let (mut cut_off, mut in_emit, mut by_the_killed) = (0_usize, 0, 0);
    for round in 0..kills {
        if round % 8 == 7 {
            in_emit += usize::from(ground.emit_and_kill(span));
        } else {
            ground.batch();
        }
        if round % 16 == 3 {
            ground.edit_by_hand(round);
        }
        if round % 16 == 15 {
            // Work that was left over piles up, and machines change their pace.
            span = ground.time_of_a_run();
            ground.batch();
        }
        let before = ground.steps();
        if ground.work_and_kill(span) {
            cut_off += 1;
            by_the_killed += ground.steps() - before;
        }
        assert_texts_are_whole(ground.folder.path());
    }
    let out = ground.csp(&["work", "--until-idle"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    println!(
        "{kills} kills: {cut_off} in the middle of the work, after {by_the_killed} steps of theirs; \
         {in_emit} in the middle of an emit; {} events accepted",
        ground.accepted.len()
    );
    assert!(cut_off * 2 > kills, "most kills must hit a worker at work, {cut_off} of {kills} did");
    assert!(by_the_killed * 4 > cut_off, "workers must get to work before they are killed");
    ground.check();
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ground = Self {
            folder,
            events: 0,
            accepted: BTreeSet::new(),
            written: Vec::new(),
            random: 0x9e37_79b9_7f4a_7c15,
        };
        let init = ground.csp_at(&["init"], &[ground.root().to_str().unwrap()]).output().unwrap();
        assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
        for account in ACCOUNTS {
            let notes = ground.root().join(format!("infohub/{account}/materials/discovery/2026-01-12.md"));
            std::fs::create_dir_all(notes.parent().unwrap()).unwrap();
            let mut text = format!(
                "# Discovery with {account} (fiction)\n\n## Company\n\n{account} runs forty depots in the north and delivers parcels to small shops.\n\n## Pain points\n\n"
            );
            for line in 0..20 {
                writeln!(
                    text,
                    "- Every morning {} drivers wait for a printed list before they can leave the yard.",
                    line + 3
                )
                .unwrap();
            }
            std::fs::write(notes, text).unwrap();
        }
        ground
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn csp(&self, arguments: &[&str]) -> Command {
        self.csp_at(&["--workspace", self.root().to_str().unwrap()], arguments)
    }

    fn csp_at(&self, before: &[&str], arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_csp"));
        command
            .args(before)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// A step of xorshift: the moments differ, and a failing run can be told from its output.
    fn random(&mut self, below: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % below.max(1)
    }

    /// One event for each account, in one file; returns the ids.
    fn write_batch(&mut self) -> (PathBuf, Vec<String>) {
        let mut text = String::new();
        let mut ids = Vec::new();
        for account in ACCOUNTS {
            self.events += 1;
            let id = format!("e-{}", self.events);
            let (kind, data) = match self.random(4) {
                0 => ("proposal.requested", String::from("{}")),
                1 => {
                    let stage = self.random(4) + 1;
                    let arr = 90_000 + self.random(30_000);
                    (
                        "opportunity.changed",
                        format!(
                            r#"{{"opportunity":{{"id":"006-{account}","stage":"Stage {stage}","arr":{arr},"currency":"USD"}}}}"#
                        ),
                    )
                }
                _ => ("evaluation.started", String::from("{}")),
            };
            writeln!(text, r#"{{"specversion":"1.0","id":"{id}","source":"kill-test","type":"{kind}","subject":"{account}","time":"2026-01-15T10:00:00Z","data":{data}}}"#).unwrap();
            ids.push(id);
        }
        let file = self.folder.path().join("batch.ndjson");
        std::fs::write(&file, text).unwrap();
        (file, ids)
    }

    fn batch(&mut self) {
        let (file, ids) = self.write_batch();
        let out = self.csp(&["emit", file.to_str().unwrap()]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        self.accepted.extend(ids);
    }

    /// Kills `csp emit`, then sends the same file again: only then are the events accepted.
    fn emit_and_kill(&mut self, span: Duration) -> bool {
        let (file, ids) = self.write_batch();
        let mut child = self.csp(&["emit", file.to_str().unwrap()]).spawn().unwrap();
        let killed = self.kill(&mut child, span);
        let out = self.csp(&["emit", file.to_str().unwrap()]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        self.accepted.extend(ids);
        killed
    }

    fn time_of_a_run(&self) -> Duration {
        let began = Instant::now();
        let out = self.csp(&["work", "--until-idle"]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        began.elapsed()
    }

    fn work_and_kill(&mut self, span: Duration) -> bool {
        let mut child = self.csp(&["work", "--until-idle"]).spawn().unwrap();
        self.kill(&mut child, span)
    }

    /// Kills the child at a random moment of `span`; true if it was still at work.
    fn kill(&mut self, child: &mut std::process::Child, span: Duration) -> bool {
        let micros = u64::try_from(span.as_micros()).unwrap();
        let moment = self.random(micros * 5 / 4);
        std::thread::sleep(Duration::from_micros(moment));
        let at_work = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        at_work
    }

    /// How many journal records there are.
    fn steps(&self) -> usize {
        let journals =
            ACCOUNTS.map(|account| self.root().join(format!("infohub/{account}/success_plan/csp_journal")));
        journals.iter().map(|journal| std::fs::read_dir(journal).map_or(0, Iterator::count)).sum()
    }

    /// A person writes a note while nobody works.
    fn edit_by_hand(&mut self, round: usize) {
        let account = ACCOUNTS[usize::try_from(self.random(4)).unwrap()];
        let path = self.root().join(format!("infohub/{account}/success_plan/csp.yaml"));
        let Ok(text) = std::fs::read_to_string(&path) else { return };
        let note = format!("# by hand in round {round}\n");
        std::fs::write(path, format!("{note}{text}")).unwrap();
        self.track_by_hand(account, round);
    }

    /// A person notes an action in the account's register, and begins the register with the first.
    fn track_by_hand(&mut self, account: &'static str, round: usize) {
        let path = self.root().join(format!("infohub/{account}/action_tracker.yaml"));
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|_| format!("account: {account}\nactions:\n"));
        let action = format!("look at the depot in round {round}");
        std::fs::write(path, format!("{text}  - action: {action}   # {round}\n")).unwrap();
        self.written.push((account, action));
    }

    fn check(&self) {
        let verify = self.csp(&["plan", "verify"]).output().unwrap();
        assert!(
            verify.status.success(),
            "{}{}",
            String::from_utf8_lossy(&verify.stdout),
            String::from_utf8_lossy(&verify.stderr)
        );
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for account in ACCOUNTS {
            let folder = self.root().join("infohub").join(account);
            let records = records(&folder);
            count_events(&records, &mut seen);
            check_tasks(&records, account);
            check_versions(&folder);
        }
        for (account, action) in &self.written {
            let register = self.root().join(format!("infohub/{account}/action_tracker.yaml"));
            let text = std::fs::read_to_string(register).unwrap();
            assert_eq!(text.matches(&format!("action: {action}   # ")).count(), 1, "{account}: {action}");
            assert_eq!(text.matches("action: ").count(), text.matches("id: ac-").count(), "{text}");
        }
        assert!(!self.written.is_empty(), "nobody wrote into a register");
        for id in &self.accepted {
            assert_eq!(seen.get(id), Some(&1), "event {id} must be in exactly one record");
        }
    }
}

/// The account's records in order, as JSON.
fn records(folder: &Path) -> Vec<Value> {
    let journal = folder.join("success_plan/csp_journal");
    let names = std::fs::read_dir(journal).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<_> = names.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    names.sort();
    names.iter().map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn count_events(records: &[Value], seen: &mut BTreeMap<String, usize>) {
    for record in records {
        if let Some(id) = record["payload"]["step"]["input"]["event"]["id"].as_str() {
            *seen.entry(id.to_owned()).or_default() += 1;
        }
    }
}

/// Each task was started once and is done once, and nothing waits any more.
fn check_tasks(records: &[Value], account: &str) {
    let (mut started, mut done) = (Vec::new(), Vec::new());
    for effect in records.iter().flat_map(|record| record["payload"]["step"]["effects"].as_array().unwrap()) {
        let task = effect["task"].as_str().unwrap_or_default().to_owned();
        match effect["effect"].as_str() {
            Some("task_started") => started.push(task),
            Some("task_done") => done.push(task),
            Some("task_failed") => panic!("{account}: {effect}"),
            _ => {}
        }
    }
    assert!(!started.is_empty(), "{account} had work to do");
    let (count, unique): (usize, BTreeSet<_>) = (started.len(), started.into_iter().collect());
    assert_eq!(count, unique.len(), "{account}: a task was started twice");
    assert_eq!(done.len(), count, "{account}: tasks started and done");
    assert_eq!(done.into_iter().collect::<BTreeSet<_>>(), unique);
}

/// Versions count up without a gap, and csp.yaml is the last one to the byte.
fn check_versions(folder: &Path) {
    let history = folder.join("success_plan/csp_history");
    let mut versions: Vec<(u64, PathBuf)> = std::fs::read_dir(history)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            Some((name.strip_prefix("csp_v")?.split('_').next()?.parse().ok()?, path))
        })
        .collect();
    versions.sort();
    let numbers: Vec<u64> = versions.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=versions.len() as u64).collect::<Vec<_>>());
    let last = std::fs::read(&versions.last().unwrap().1).unwrap();
    assert_eq!(std::fs::read(folder.join("success_plan/csp.yaml")).unwrap(), last, "{}", folder.display());
}

/// No file under its final name is cut off, at any moment: records and runs end as JSON does, YAML with a line end.
fn assert_texts_are_whole(root: &Path) {
    for path in files(root) {
        let whole = match path.extension().and_then(|end| end.to_str()) {
            Some("json") => serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()).is_ok(),
            Some("yaml") => std::fs::read(&path).unwrap().ends_with(b"\n"),
            _ => true,
        };
        assert!(whole, "{} is cut off", path.display());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let hidden = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_none_or(|name| name.starts_with('.'))
    };
    entries
        .filter(|path| !hidden(path))
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}
