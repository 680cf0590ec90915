//! The recorded material that lies beside the workspace, where there is any.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of this name in the recorded material; tells loudly when a test has to do without.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/material").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    // Written past the test runner, which shows what a test prints only when it fails.
    let _ = writeln!(std::io::stderr(), "SKIPPED: no recorded material at {}", folder.display());
    None
}

/// All files below a folder, by path.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
