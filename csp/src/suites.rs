//! The suites in the workspace's evals/ folder, read with the files that they name, faults told at their places.
//! It must not know runs, logs or who drafts.

use std::collections::BTreeMap;

use agents::charter::Charters;
use evals::suite::{Known, Read, Suite, SuiteFault};
use infohub::store::{EntryKind, Store, StorePath};
use infohub::yaml::nearest;

use crate::fault::{Fault, Faults, Place};
use crate::show::snippet::snippet;
use crate::workspace::Workspace;

/// The folder of suites and of all that their runs leave.
pub const EVALS: &str = "evals";
/// The largest file that a suite may name; what of it is used is bounded by the suite's own check.
const MAX_FILE: u64 = 64 << 20;

/// The suites of a workspace.
pub struct Suites<'a> {
    workspace: &'a Workspace,
    known: Known,
}

/// A suite with the file that it is in.
pub struct Found {
    /// The suite.
    pub suite: Suite,
    /// Its file, from the workspace.
    pub file: StorePath,
}

/// The files of suites, by the suites' names.
pub fn files(workspace: &Workspace) -> Result<BTreeMap<String, StorePath>, Fault> {
    let folder = StorePath::new(EVALS)?;
    let mut files = BTreeMap::new();
    for entry in workspace.store.list(&folder)? {
        let Some((name, ending)) = entry.name.rsplit_once('.') else { continue };
        if entry.kind != EntryKind::File || !["yaml", "jsonl"].contains(&ending) {
            continue;
        }
        if let Some(other) = files.insert(name.to_owned(), folder.join(&entry.name)?) {
            let fault = format!("{other} and {EVALS}/{} are two suites of one name", entry.name);
            return Err(Fault::refused(fault).help("give one of them another name"));
        }
    }
    Ok(files)
}

impl<'a> Suites<'a> {
    /// The workspace's, whose cases may start the tasks of these charters.
    pub fn of(workspace: &'a Workspace, charters: &Charters) -> Self {
        Self { workspace, known: Known::of(charters) }
    }

    /// The suite of this name.
    pub fn suite(&self, name: &str) -> Result<Found, Faults> {
        let files = files(self.workspace)?;
        let Some(file) = files.get(name) else {
            let fault = Fault::not_found(format!("{EVALS}/ holds no suite '{name}'"));
            let near = nearest(name, files.keys().map(String::as_str));
            let help = near.map_or_else(
                || "`csp eval list` shows all suites".to_owned(),
                |near| format!("did you mean '{near}'?"),
            );
            return Err(fault.help(help).into());
        };
        let text = self.text(file, evals::suite::MOST_BYTES as u64)?;
        let open = |path: &str| self.named(path);
        let read = Read { file: file.as_str(), text: &text, open: &open, known: &self.known };
        let suite = evals::suite::read(&read).map_err(|errors| {
            let faults = errors.0.into_iter().map(|fault| suite_fault(fault, file, &text)).collect();
            Faults::any(faults).unwrap_or_else(|| Fault::refused(format!("{file} does not read")).into())
        })?;
        Ok(Found { suite, file: file.clone() })
    }

    /// All suites; those that do not read come back as faults.
    pub fn all(&self) -> Result<(Vec<Found>, Vec<Fault>), Fault> {
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        for name in files(self.workspace)?.keys() {
            match self.suite(name) {
                Ok(suite) => found.push(suite),
                Err(all) => faults.extend(all.all().iter().cloned()),
            }
        }
        Ok((found, faults))
    }

    /// A file that a suite names.
    fn named(&self, path: &str) -> Result<String, String> {
        let path = StorePath::new(path).map_err(|error| error.to_string())?;
        let bytes = self.workspace.store.read(&path, MAX_FILE).map_err(|error| error.to_string())?;
        let bytes = bytes.ok_or_else(|| format!("there is no file {path}"))?;
        String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8"))
    }

    fn text(&self, path: &StorePath, most: u64) -> Result<String, Fault> {
        let bytes = self.workspace.store.read(path, most)?;
        let bytes = bytes.ok_or_else(|| Fault::not_found(format!("{path} is missing")))?;
        crate::workspace::utf8(path.as_str(), bytes)
    }
}

fn suite_fault(fault: SuiteFault, file: &StorePath, text: &str) -> Fault {
    let message = SuiteFault { hint: None, ..fault.clone() }.to_string();
    let SuiteFault { file: named, line, column, hint, .. } = fault;
    let shown = match (line, column) {
        (Some(line), Some(column)) if named == file.as_str() => snippet(text, line, column),
        _ => None,
    };
    let place = Some(Place { file: named, line, column });
    Fault { place, snippet: shown, help: hint, ..Fault::refused(message) }
}
