//! `csp review edit`: the draft as a text that a person corrects, then accepts.
//!
//! ```text
//! drafted items ─► text ─► the person's editor ─► text ─► what differs ─► verdict
//! ```
//!
//! Deleting an item from the text takes it out of the plan; what is left alone is accepted as it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use infohub::yaml::MAX_BYTES;
use orchestrator::step::Verdict;

use super::Target;
use super::draft::Open;
use super::text;
use crate::commands::decide;
use crate::commands::emit::unreadable;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::outside;
use crate::scene::{Ended, Scene};
use crate::workspace::utf8;

const HELP: &str = "\
Examples:
  csp review edit 3f9a27c1 --as mira                       opens $VISUAL or $EDITOR
  csp review edit 3f9a27c1 --print > draft.yaml            then change draft.yaml, and
  csp review edit 3f9a27c1 --file draft.yaml --as mira";

/// Changes a draft, then accepts it
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Edit {
    #[command(flatten)]
    target: Target,
    /// Takes the changed text from this file
    #[arg(long, value_name = "FILE", conflicts_with = "print")]
    file: Option<PathBuf>,
    /// Prints the text that is to be changed
    #[arg(long)]
    print: bool,
}

impl Edit {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let open = Open::find(&workspace, &self.target.review)?;
        let before = text::write(&open)?;
        if self.print {
            scene.screen.out(before.trim_end());
            return Ok(Exit::Done);
        }
        let person = self.target.by.person()?;
        let shown = self.target.shown.clone().unwrap_or_else(|| open.hash());
        let (name, after) = match &self.file {
            Some(path) => (path.display().to_string(), read(path)?),
            None => edited(&open, &before)?,
        };
        let patch = text::read(&open, &name, &after).map_err(|fault| self.keeping(&name, fault))?;
        let verdict = Verdict::Edit { review: open.review.task.clone(), shown, patch: Box::new(patch) };
        let ended = decide::take(scene, &workspace, &open.account, person, verdict);
        if self.file.is_none() && ended.is_ok() {
            // What the person wrote is in the journal now; a copy that stays behind harms nobody.
            let _ = std::fs::remove_file(&name);
        }
        ended
    }

    /// A text from the editor that does not read is not lost.
    fn keeping(&self, name: &str, fault: Fault) -> Faults {
        if self.file.is_some() || fault.help.is_some() {
            return fault.into();
        }
        let review = &self.target.review;
        fault
            .help(format!("your text is kept: mend it and run `csp review edit {review} --file {name}`"))
            .into()
    }
}

fn read(path: &Path) -> Result<String, Fault> {
    let name = path.display().to_string();
    let limit = MAX_BYTES as u64;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(&name, &error))?;
    if bytes.len() as u64 > limit {
        return Err(Fault::refused(format!(
            "{name}: larger than the {limit} bytes that are read of such a file"
        )));
    }
    utf8(&name, bytes)
}

/// What the person's editor makes of the text: the file's name and its new text.
fn edited(open: &Open, before: &str) -> Result<(String, String), Fault> {
    let editor = outside::variable("VISUAL").or_else(|| outside::variable("EDITOR")).ok_or_else(|| {
        Fault::refused("no editor is named").help("set EDITOR, or use `--print` and `--file`")
    })?;
    let path =
        outside::temporary_folder().join(format!("csp-review-{}-{}.yaml", open.task.id, std::process::id()));
    let failed = |what: &str, error: &io::Error| Fault::new(Exit::Failed, format!("{what}: {error}"));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .map_err(|error| failed(&path.display().to_string(), &error))?;
    file.write_all(before.as_bytes()).map_err(|error| failed(&path.display().to_string(), &error))?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status =
        Command::new(program).args(words).arg(&path).status().map_err(|error| failed(program, &error))?;
    if !status.success() {
        return Err(Fault::refused(format!("{program} ended with {status}; nothing was decided")));
    }
    let after = read(&path)?;
    if after == before {
        let _ = std::fs::remove_file(&path);
        return Err(Fault::refused("nothing was changed, so nothing was decided")
            .help("`csp review accept` accepts a draft as it is"));
    }
    Ok((path.display().to_string(), after))
}
