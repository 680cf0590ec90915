//! What evals need of a workspace: the folders of their logs, recordings and baselines, and who drafts.
//! It reads and writes files and holds no statistics and no scorers of its own.
//!
//! ```text
//! evals/NAME.yaml | NAME.jsonl    suites; see `suites`
//! evals/logs/NAME-20261123T101500Z.jsonl
//! evals/baselines/NAME.jsonl      the log that runs are compared with; changed by `csp eval bless` alone
//! evals/recordings/NAME.jsonl     a model's replies, to be replayed
//! evals/cache/KEY.jsonl           replies by model and question, so that none is paid for twice
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use agents::charter::Charters;
use evals::log::{FORMAT, Header, Log};
use evals::recording::{Entry, Recording, key};
use evals::suite::Suite;
use infohub::store::{Store, StorePath};
use jiff::Timestamp;
use orchestrator::drafting::EXTRACTIVE;
use orchestrator::intake::Orchestrator;

use crate::config::DrafterKind;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::suites::{EVALS, Suites};
use crate::workspace::Workspace;

/// The largest log or recording that is read.
const MAX_LOG: u64 = 1 << 30;

/// A workspace as evals see it.
pub struct Bench {
    /// The workspace.
    pub workspace: Workspace,
    /// The agents.
    pub charters: Arc<Charters>,
    /// The rules, people and rights that scratch accounts are governed by.
    pub governed: Orchestrator,
    /// Who drafts.
    pub drafter: DrafterKind,
}

impl Bench {
    /// The workspace's bench.
    pub fn open(workspace: Workspace) -> Result<Self, Faults> {
        let charters = Arc::new(workspace.charters()?);
        let governed = workspace.orchestrator()?;
        let drafter = workspace.settings.drafter;
        Ok(Self { workspace, charters, governed, drafter })
    }

    /// The suite of this name.
    pub fn suite(&self, name: &str) -> Result<Suite, Faults> {
        self.suites().suite(name).map(|found| found.suite)
    }

    /// The workspace's suites.
    pub fn suites(&self) -> Suites<'_> {
        Suites::of(&self.workspace, &self.charters)
    }

    /// What a run of the suite is, if it begins now.
    pub fn header(&self, suite: &Suite, repeats: u32, now: Timestamp) -> Header {
        let chosen = suite.scorers();
        Header {
            format: FORMAT,
            suite: suite.name.clone(),
            suite_hash: suite.hash(),
            began: now,
            csp: env!("CARGO_PKG_VERSION").to_owned(),
            git: git(&self.workspace.root),
            drafter: self.drafter_name(),
            settings: self.settings(),
            prompts: self.prompts(),
            repeats,
            scorers: chosen.iter().map(|chosen| (chosen.name(), chosen.direction())).collect(),
            margins: chosen.iter().filter_map(|chosen| Some((chosen.name(), chosen.margin?))).collect(),
        }
    }

    /// Whether a model drafts.
    pub fn asks_a_model(&self) -> bool {
        self.drafter == DrafterKind::Model && self.workspace.settings.model.is_some()
    }

    fn drafter_name(&self) -> String {
        match &self.workspace.settings.model {
            Some((model, _)) if self.asks_a_model() => model.model.clone(),
            _ => EXTRACTIVE.to_owned(),
        }
    }

    /// What of `csp.toml` matters to the answers.
    fn settings(&self) -> BTreeMap<String, String> {
        let mut settings = BTreeMap::from([("rules".to_owned(), self.governed.rules_id().to_owned())]);
        if let Some((model, _)) = self.workspace.settings.model.as_ref().filter(|_| self.asks_a_model()) {
            let budget = self.workspace.settings.budget;
            settings.insert("model".to_owned(), key(model));
            settings.insert("base_url".to_owned(), model.base_url.clone());
            settings.insert("prompt_tokens".to_owned(), budget.prompt.to_string());
            settings.insert("answer_tokens".to_owned(), budget.answer.to_string());
        }
        settings
    }

    /// Versions of the prompts by task; a drafter without a model has none.
    pub fn prompts(&self) -> BTreeMap<String, String> {
        if self.asks_a_model() { self.charters.versions() } else { BTreeMap::new() }
    }

    /// The place of a file below `evals/`.
    pub fn place(&self, below: &str) -> PathBuf {
        self.workspace.root.join(EVALS).join(below)
    }

    /// The logs of a suite, oldest first.
    pub fn logs(&self, suite: &str) -> Result<Vec<PathBuf>, Fault> {
        let folder = StorePath::new(format!("{EVALS}/logs"))?;
        let names = self.workspace.store.names(&folder)?;
        let mut dated: Vec<_> =
            names.into_iter().filter_map(|name| Some((stamp(suite, &name)?, name))).collect();
        dated.sort();
        Ok(dated.into_iter().map(|(_, name)| self.place("logs").join(name)).collect())
    }
}

/// When a suite's log was begun, by its name, and which it is of those of that second; other names are no log of it.
fn stamp(suite: &str, name: &str) -> Option<(String, u32)> {
    let stamp = name.strip_prefix(suite)?.strip_prefix('-')?.strip_suffix(".jsonl")?;
    let (second, more) = stamp.split_once('Z')?;
    let (day, time) = second.split_once('T')?;
    let is_number =
        |text: &str, long: usize| text.len() == long && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if more.is_empty() { Some(1) } else { more.strip_prefix('-')?.parse().ok() };
    (is_number(day, 8) && is_number(time, 6)).then_some((second.to_owned(), number?))
}

/// Where a suite's recording lies, below `evals/`.
pub fn recording_of(suite: &str) -> String {
    format!("recordings/{suite}.jsonl")
}

/// Where it lies until it is whole.
pub fn begun(suite: &str) -> String {
    format!("recordings/{suite}.begun")
}

/// Reads a log.
pub fn log(path: &Path) -> Result<Log, Fault> {
    let shown = path.display();
    let text = read(path)?;
    Log::parse(&text).map_err(|error| Fault::refused(format!("{shown}: {error}")))
}

/// Reads a recording.
pub fn recording(path: &Path) -> Result<Recording, Fault> {
    let text = read(path)?;
    Recording::parse(&text).map_err(|error| Fault::refused(format!("{}: {error}", path.display())))
}

/// Reads a file of evals, which may be large but not without bound.
pub fn read(path: &Path) -> Result<String, Fault> {
    let shown = path.display();
    let length = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    if length > MAX_LOG {
        return Err(Fault::refused(format!("{shown} has {length} bytes, more than are read of such a file")));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    crate::workspace::utf8(&shown.to_string(), bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    let exit = if error.kind() == std::io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Failed };
    Fault::new(exit, format!("{} cannot be read: {error}", path.display()))
}

/// A file that lines are appended to, each whole and on the disk before the next.
pub struct Appended {
    file: std::fs::File,
    path: PathBuf,
}

impl Appended {
    /// Opens the file for appending, with its folder; what is there of a line that was cut off goes first.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let failed = |error: std::io::Error| {
            Fault::new(Exit::Failed, format!("{} cannot be written: {error}", path.display()))
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let tail = tail(path).map_err(failed)?;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        match tail {
            Tail::Whole => {}
            Tail::Unended => file.write_all(b"\n").map_err(failed)?,
            Tail::Cut { whole } => file.set_len(whole).map_err(failed)?,
        }
        Ok(Self { file, path: path.to_owned() })
    }

    /// Whether nothing is in it yet.
    pub fn is_new(&self) -> bool {
        self.file.metadata().is_ok_and(|meta| meta.len() == 0)
    }

    /// Appends a value as one line of JSON.
    pub fn line(&mut self, value: &impl serde::Serialize) -> Result<(), Fault> {
        let text = serde_json::to_string(value).map_err(|error| Fault::of(Exit::Failed, &error))? + "\n";
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush()).map_err(|error| {
            Fault::new(Exit::Failed, format!("{} cannot be written: {error}", self.path.display()))
        })
    }
}

/// How a file of lines ends.
enum Tail {
    /// With a whole line, or there is none.
    Whole,
    /// With a line that lacks nothing but its end; readers count it, so it stays.
    Unended,
    /// With a part of a line.
    Cut {
        /// Bytes before that.
        whole: u64,
    },
}

fn tail(path: &Path) -> std::io::Result<Tail> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Tail::Whole),
        Err(error) => return Err(error),
    };
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(match &bytes[end..] {
        [] => Tail::Whole,
        last if serde_json::from_slice::<serde::de::IgnoredAny>(last).is_ok() => Tail::Unended,
        _ => Tail::Cut { whole: end as u64 },
    })
}

/// A recording with its file, which is written as replies come; one that is only replayed has none to write.
pub struct Kept {
    recording: Arc<Recording>,
    file: Option<Appended>,
}

impl Kept {
    /// Opens the file, or begins it with `new`.
    pub fn open(path: &Path, new: Recording) -> Result<Self, Fault> {
        let mut file = Appended::open(path)?;
        let recording = if file.is_new() {
            file.line(new.head())?;
            new
        } else {
            self::recording(path)?
        };
        Ok(Self { recording: Arc::new(recording), file: Some(file) })
    }

    /// Reads the file, to be replayed.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        Ok(Self { recording: Arc::new(self::recording(path)?), file: None })
    }

    /// The replies.
    pub fn recording(&self) -> &Arc<Recording> {
        &self.recording
    }

    /// Writes what came since.
    pub fn save(&mut self) -> Result<(), Fault> {
        let fresh: Vec<Entry> = self.recording.take_fresh();
        let Some(file) = &mut self.file else { return Ok(()) };
        fresh.iter().try_for_each(|entry| file.line(entry))
    }
}

/// The workspace's git revision, with `+` if files differ from it; nothing outside of git.
fn git(root: &Path) -> Option<String> {
    let said = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(root).args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
        let output = command.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    let revision = said(&["rev-parse", "--short=12", "HEAD"])?.trim().to_owned();
    let changed =
        said(&["status", "--porcelain", "--", ".", ":!evals"]).is_some_and(|text| !text.trim().is_empty());
    Some(if changed { format!("{revision}+") } else { revision })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_told_apart_by_suite_and_moment() {
        let check = |suite: &str, name: &str, expected: Option<(&str, u32)>| {
            assert_eq!(stamp(suite, name), expected.map(|(second, nth)| (second.to_owned(), nth)), "{name}");
        };
        check("sa", "sa-20260115T100000Z.jsonl", Some(("20260115T100000", 1)));
        check("sa", "sa-20260115T100000Z-12.jsonl", Some(("20260115T100000", 12)));
        check("sa", "sa-2-20260115T100000Z.jsonl", None);
        check("sa-2", "sa-2-20260115T100000Z.jsonl", Some(("20260115T100000", 1)));
        check("sa", "ca-20260115T100000Z.jsonl", None);
        check("sa", "sa-20260115T100000Z-x.jsonl", None);
    }
}
