//! What a person did to csp.yaml between two steps: nothing, an edit to take in, or something that does
//! not read and is left alone until it is mended.

use std::sync::Arc;

use serde_json::Value;

use super::{Account, HubError, InfoHub, KeptPlan, MAX_FILE, PLAN, PlanRef, merge};
use crate::ids::AccountSlug;
use crate::journal::Hash;
use crate::plan::{Diff, Plan, SCHEMA_VERSION};
use crate::store::StorePath;
use crate::yaml::{self, YamlError};

/// The state of csp.yaml against the journal.
#[derive(Debug)]
pub enum Edit {
    /// The file is as it was written.
    None,
    /// A person changed it; it becomes a version of its own.
    Adopt(Box<HandEdit>),
    /// It does not read, or contradicts the journal. It is left alone and the plan waits.
    Broken(Box<YamlError>),
}

/// A person's edit, read and checked.
#[derive(Debug)]
pub struct HandEdit {
    /// The plan as the person wants it, with ids for new items and on the newest version.
    pub plan: Plan,
    /// What it changes.
    pub diff: Diff,
    /// The file's text.
    pub text: Arc<str>,
    /// What the file itself says, before ids and merging.
    pub as_written: Plan,
}

impl InfoHub {
    /// The plan of the journal's last version, and what a person made of the file since.
    pub(super) fn plan(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        last: Option<&PlanRef>,
    ) -> Result<(Option<KeptPlan>, Edit), HubError> {
        let path = folder.join(PLAN)?;
        let present = self.store().read(&path, MAX_FILE)?;
        let untouched = match (&present, last) {
            (None, None) => return Ok((None, Edit::None)),
            (Some(bytes), Some(last)) => Hash::of(bytes) == last.hash,
            _ => false,
        };
        if let (true, Some(bytes), Some(last)) = (untouched, &present, last) {
            return Ok((Some(self.kept(slug, path.as_str(), bytes, last)?), Edit::None));
        }
        let known = last.map(|last| self.version(slug, folder, last)).transpose()?;
        let Some(bytes) = present else {
            let message = "the file is gone; `csp plan restore` brings the last version back".to_owned();
            return Ok((known, Edit::Broken(Box::new(YamlError::whole(path.as_str(), message)))));
        };
        let edit = match self.read_edit(slug, folder, &path, &bytes, known.as_ref()) {
            Ok(edit) => Edit::Adopt(Box::new(edit)),
            Err(HubError::Yaml(error)) => Edit::Broken(error),
            Err(error) => return Err(error),
        };
        Ok((known, edit))
    }

    fn version(&self, slug: &AccountSlug, folder: &StorePath, at: &PlanRef) -> Result<KeptPlan, HubError> {
        let path = folder.join(&at.file)?;
        let lost = || HubError::PlanLost { account: slug.clone(), version: at.version };
        let bytes = self.store().read(&path, MAX_FILE)?.ok_or_else(lost)?;
        if Hash::of(&bytes) != at.hash {
            return Err(lost());
        }
        self.kept(slug, path.as_str(), &bytes, at)
    }

    /// The plan of an untouched text, from memory if it is at hand.
    fn kept(&self, slug: &AccountSlug, file: &str, bytes: &[u8], at: &PlanRef) -> Result<KeptPlan, HubError> {
        let plan = match self.at_hand.plan(slug, at.hash) {
            Some(plan) => plan,
            None => {
                let plan = Arc::new(yaml::read_bytes(file, bytes)?);
                self.at_hand.keep_plan(slug, at.hash, Arc::clone(&plan));
                plan
            }
        };
        Ok(KeptPlan { plan, text: String::from_utf8_lossy(bytes).as_ref().into(), at: at.clone() })
    }

    fn read_edit(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        path: &StorePath,
        bytes: &[u8],
        known: Option<&KeptPlan>,
    ) -> Result<HandEdit, HubError> {
        let file = path.as_str();
        let as_written: Plan = yaml::read_bytes(file, bytes)?;
        check(&as_written, slug, known, file)?;
        let text: Arc<str> = String::from_utf8_lossy(bytes).as_ref().into();
        let mut plan = as_written.clone();
        plan.assign_ids(&format!("hand/{slug}/{}", Hash::of(bytes)));
        let Some(known) = known else {
            let nothing = Plan::new(plan.plan.clone());
            return Ok(HandEdit { diff: Diff::between(&nothing, &plan), plan, text, as_written });
        };
        if plan.plan.version < known.plan.plan.version {
            plan = self.bring_forward(folder, &plan, known, file)?;
        }
        Ok(HandEdit { diff: Diff::between(&known.plan, &plan), plan, text, as_written })
    }

    /// An edit that was made on an older version, as when an editor held the file open for a while.
    fn bring_forward(
        &self,
        folder: &StorePath,
        plan: &Plan,
        known: &KeptPlan,
        file: &str,
    ) -> Result<Plan, HubError> {
        let version = plan.plan.version;
        let Some(base) = self.read_version(folder, version)? else {
            let message = format!("plan.version says {version}, which is not in the history");
            return Err(YamlError::whole(file, message).into());
        };
        let base: Plan = yaml::read(file, &base)?;
        let merged =
            merge::merge(&value_of(&base), &value_of(plan), &value_of(&known.plan)).map_err(|places| {
                let message = format!(
                    "the edit was made on version {version}, and version {} changed the same: {}; \
                 take the newest text from csp_history and make the edit again",
                    known.plan.plan.version,
                    places.join(", ")
                );
                YamlError::whole(file, message)
            })?;
        serde_json::from_value(merged).map_err(|error| YamlError::whole(file, error.to_string()).into())
    }
}

impl<P> Account<P> {
    /// The error that stands in the way of changing the plan, if there is one.
    pub fn broken_edit(&self) -> Option<&YamlError> {
        match &self.edit {
            Edit::Broken(error) => Some(error),
            Edit::None | Edit::Adopt(_) => None,
        }
    }
}

/// What a person's edit may not do, whatever else it says.
fn check(plan: &Plan, slug: &AccountSlug, known: Option<&KeptPlan>, file: &str) -> Result<(), YamlError> {
    let newest = known.map_or(plan.plan.version, |known| known.plan.plan.version);
    let fault = if plan.plan.schema != SCHEMA_VERSION {
        Some(format!("plan.schema says {}, this version of csp reads {SCHEMA_VERSION}", plan.plan.schema))
    } else if plan.plan.account != *slug {
        Some(format!("plan.account says '{}', the folder says '{slug}'", plan.plan.account))
    } else if plan.plan.version > newest {
        Some(format!(
            "plan.version says {}, the last version is {newest}: put it back to {newest}",
            plan.plan.version
        ))
    } else {
        let doubled: Vec<_> = plan.doubled_ids().iter().map(ToString::to_string).collect();
        (!doubled.is_empty())
            .then(|| format!("two items have the same id: {}; leave new items' ids out", doubled.join(", ")))
    };
    fault.map_or(Ok(()), |message| Err(YamlError::whole(file, message)))
}

fn value_of(plan: &Plan) -> Value {
    // A plan holds nothing that JSON lacks.
    serde_json::to_value(plan).unwrap_or_default()
}
