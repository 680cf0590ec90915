//! `csp plan restore`: brings csp.yaml back to its last version when it is gone or broken. What stands in
//! the broken file is kept beside it.

use clap::Args;
use infohub::hub::{Edit, PLAN};
use infohub::ids::AccountSlug;
use infohub::store::{Created, Store, StorePath};
use infohub::yaml::MAX_BYTES;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::workspace::Workspace;

/// Where a broken file is kept, from the account's folder.
const KEPT: &str = "success_plan/csp_artifacts";
/// A broken file may be larger than any that reads.
const MAX_KEPT: u64 = MAX_BYTES as u64 * 64;

/// Brings a lost or broken csp.yaml back to its last version
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  csp plan restore acme\n\nThe broken file is kept in success_plan/csp_artifacts/."
)]
pub struct Restore {
    /// The account
    account: AccountSlug,
}

impl Restore {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let account = workspace.account(&self.account)?;
        let plan = account.plan.as_ref().ok_or_else(|| {
            Fault::not_found(format!("{} has no version of a plan that could be brought back", self.account))
        })?;
        match &account.edit {
            Edit::Broken(_) => {}
            // A file that is gone is often written again by the load itself.
            Edit::None => return Ok(tell(scene, &self.account, plan.at.version, None)),
            Edit::Adopt(_) => {
                return Err(Fault::refused(
                    "csp.yaml was edited by hand and reads well; it will be a version of its own",
                )
                .help("to take the edit back, copy the last version from csp_history over csp.yaml")
                .into());
            }
        }
        let folder = workspace.hub.folder(&self.account).map_err(Fault::from)?;
        let path = folder.join(PLAN).map_err(Fault::from)?;
        let kept = keep(scene, &workspace, &folder, &path)?;
        workspace.store.replace(&path, plan.text.as_bytes()).map_err(Fault::from)?;
        Ok(tell(scene, &self.account, plan.at.version, kept.as_ref()))
    }
}

fn tell(scene: &Scene, account: &AccountSlug, version: u64, kept: Option<&StorePath>) -> Exit {
    let screen = &scene.screen;
    screen.json(&json!({ "account": account, "version": version, "kept": kept }));
    screen.line(&format!("csp.yaml of {account} is version {version}, as it was written."));
    if let Some(kept) = kept {
        screen.line(&format!("What stood there is kept in {kept}."));
    }
    Exit::Done
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
        let kept = folder.join(&format!("{KEPT}/csp_broken_{time}{suffix}.yaml"))?;
        if workspace.store.create(&kept, &bytes)? == Created::New {
            return Ok(Some(kept));
        }
    }
    Err(Fault::new(Exit::Failed, format!("no free name is left in {KEPT} to keep the broken file under")))
}
