//! `csp plan restore`: brings csp.yaml and the registers back to their last texts when they are gone or broken. What
//! stands in a broken file is kept beside it.

use clap::Args;
use infohub::hub::{BookFile, Edit};
use infohub::ids::AccountSlug;
use infohub::store::{Created, Store, StorePath};
use infohub::yaml::MAX_BYTES;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::words::edited_by_hand;
use crate::workspace::Workspace;

/// Where a broken file is kept, from the account's folder.
const KEPT: &str = "success_plan/csp_artifacts";
/// A broken file may be larger than any that reads.
const MAX_KEPT: u64 = MAX_BYTES as u64 * 64;

/// Brings a lost or broken csp.yaml, or a register, back to its last text
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  csp plan restore acme\n\nA broken file is kept in success_plan/csp_artifacts/."
)]
pub struct Restore {
    /// The account
    account: AccountSlug,
}

/// A file that is as it was again.
#[derive(Debug, Serialize)]
struct Restored {
    file: &'static str,
    /// Where that is kept which stood there.
    kept: Option<StorePath>,
}

impl Restore {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let account = workspace.account(&self.account)?;
        let plan = account.plan.as_ref().ok_or_else(|| {
            Fault::not_found(format!("{} has no version of a plan that could be brought back", self.account))
        })?;
        let broken = match &account.edit {
            Edit::Broken(files) => files.as_slice(),
            // A file that is gone is often written again by the load itself.
            Edit::None => &[],
            Edit::Adopt(edit) => {
                let files: Vec<_> = edit.files().map(BookFile::name).collect();
                let edited = edited_by_hand(&files);
                return Err(Fault::refused(format!("{edited} and well; `csp work` takes the edit in"))
                    .help("to take an edit back, make the opposite one")
                    .into());
            }
        };
        let (mut restored, mut faults) = (Vec::new(), Vec::new());
        for file in broken.iter().map(|broken| broken.file) {
            let Some(text) = plan.text_of(file) else {
                faults.push(never_written(file));
                continue;
            };
            let folder = workspace.hub.folder(&self.account).map_err(Fault::from)?;
            let path = folder.join(file.path()).map_err(Fault::from)?;
            let kept = keep(scene, &workspace, &folder, &path)?;
            workspace.store.replace(&path, text.as_bytes()).map_err(Fault::from)?;
            restored.push(Restored { file: file.name(), kept });
        }
        tell(scene, &self.account, plan.at.version, &restored, &faults);
        match Faults::any(faults) {
            Some(faults) if scene.screen.json => Ok(faults.exit()),
            Some(faults) => Err(faults),
            None => Ok(Exit::Done),
        }
    }
}

/// A register that a person began, and that was never taken in.
fn never_written(file: BookFile) -> Fault {
    Fault::not_found(format!("{file} has no earlier text that could be brought back"))
        .help("mend the file, or move it out of the account's folder")
}

fn tell(scene: &Scene, account: &AccountSlug, version: u64, restored: &[Restored], faults: &[Fault]) {
    let screen = &scene.screen;
    screen.json(&json!({ "account": account, "version": version, "restored": restored, "errors": faults }));
    if restored.is_empty() && faults.is_empty() {
        screen.line(&format!(
            "csp.yaml of {account} is version {version}, and its registers are as they were written."
        ));
    }
    for Restored { file, kept } in restored {
        screen.line(&format!("{file} of {account} is as it was written last."));
        if let Some(kept) = kept {
            screen.line(&format!("What stood there is kept in {kept}."));
        }
    }
}

/// Copies what stands at `path`, if anything does, to a place of its own.
fn keep(
    scene: &Scene,
    workspace: &Workspace,
    folder: &StorePath,
    path: &StorePath,
) -> Result<Option<StorePath>, Fault> {
    let Some(bytes) = workspace.store.read(path, MAX_KEPT)? else { return Ok(None) };
    let time = scene.now().to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    for again in 0..10 {
        let suffix = if again == 0 { String::new() } else { format!("_{again}") };
        let name = path.name().trim_end_matches(".yaml");
        let kept = folder.join(&format!("{KEPT}/{name}_broken_{time}{suffix}.yaml"))?;
        if workspace.store.create(&kept, &bytes)? == Created::New {
            return Ok(Some(kept));
        }
    }
    Err(Fault::new(Exit::Failed, format!("no free name is left in {KEPT} to keep the broken file under")))
}
