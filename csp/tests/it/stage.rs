//! A folder, the binary, and what came out of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A temporary folder with a workspace `w` in it.
pub struct Stage {
    folder: tempfile::TempDir,
}

/// How a command ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The event that starts a plan in the sample.
pub const STARTS: &str = "events/02-veldhaven-stage-2.json";
/// The sample's account with the most material.
pub const ACCOUNT: &str = "veldhaven-logistics";

impl Stage {
    /// A bare workspace.
    pub fn bare() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap() };
        stage.outside(&["init", "w"]).ok();
        stage
    }

    /// The sample, with one event taken in and drafted.
    pub fn drafted() -> Self {
        let stage = Self::sample();
        stage.csp(&["emit", STARTS, "--now", "2026-02-04"]).ok();
        stage.csp(&["work", "--until-idle", "--now", "2026-02-04"]).ok();
        stage
    }

    /// The sample as it is before anything happens.
    pub fn sample() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap() };
        stage.outside(&["init", "w", "--sample"]).ok();
        stage
    }

    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("w")
    }

    /// Runs the command in the workspace.
    pub fn csp(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments).current_dir(self.root()))
    }

    /// Runs the command beside the workspace.
    pub fn outside(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments).current_dir(self.folder()))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_csp"));
        command
            .args(arguments)
            .stdin(Stdio::null())
            .env_remove("CSP_PERSON")
            .env_remove("VISUAL")
            .env_remove("EDITOR");
        command
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// A file of this length that takes no room.
    pub fn sparse(&self, path: &str, len: u64) {
        let path = self.write(path, "");
        std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(len).unwrap();
    }

    /// Every file with its length and, unless it is huge, its bytes.
    pub fn tree(&self) -> BTreeMap<PathBuf, (u64, Vec<u8>)> {
        let mut tree = BTreeMap::new();
        collect(self.folder(), &mut tree);
        tree
    }
}

fn collect(folder: &Path, tree: &mut BTreeMap<PathBuf, (u64, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, tree);
        } else {
            let len = path.metadata().unwrap().len();
            let bytes = if len < 1 << 24 { std::fs::read(&path).unwrap() } else { Vec::new() };
            tree.insert(path, (len, bytes));
        }
    }
}

pub fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// It must have ended well; gives what it printed.
    pub fn ok(self) -> String {
        self.ends(0).out
    }

    /// It must have ended so.
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// The answer as JSON.
    pub fn json(self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}\nerr: {}", self.out, self.err))
    }

    /// The answer as JSON, one value a line.
    pub fn json_lines(self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
