//! The versions of a plan: `csp_history/csp_v{n}_{yyyy-mm-dd}.yaml`, written once each.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{HISTORY, HubError, InfoHub, MAX_FILE};
use crate::ids::AccountSlug;
use crate::plan::Plan;
use crate::store::StorePath;
use crate::yaml::{YamlError, read};

/// One version in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub number: u64,
    /// Its file's name.
    pub file: String,
}

impl InfoHub {
    /// All versions of the account's plan, oldest first.
    pub fn versions(&self, slug: &AccountSlug) -> Result<Vec<Version>, HubError> {
        versions(self, &self.folder(slug)?)
    }

    /// The plan and the text of one version, or `None` if it is not in the history.
    pub fn plan_version(&self, slug: &AccountSlug, number: u64) -> Result<Option<(Plan, String)>, HubError> {
        let folder = self.folder(slug)?;
        let Some(text) = self.read_version(&folder, number)? else { return Ok(None) };
        let plan = read(&format!("{HISTORY}/csp_v{number}"), &text)?;
        Ok(Some((plan, text)))
    }

    pub(super) fn read_version(&self, folder: &StorePath, number: u64) -> Result<Option<String>, HubError> {
        let Some(version) = versions(self, folder)?.into_iter().find(|version| version.number == number)
        else {
            return Ok(None);
        };
        let path = folder.join(HISTORY)?.join(&version.file)?;
        let Some(bytes) = self.store().read(&path, MAX_FILE)? else { return Ok(None) };
        let text = String::from_utf8(bytes);
        text.map(Some).map_err(|_| YamlError::whole(path.as_str(), "the file is not UTF-8").into())
    }
}

/// The place of a version's file, from the account's folder.
pub(super) fn file_of(version: u64, at: Timestamp) -> String {
    format!("{HISTORY}/csp_v{version}_{}.yaml", at.to_zoned(TimeZone::UTC).date())
}

fn versions(hub: &InfoHub, folder: &StorePath) -> Result<Vec<Version>, HubError> {
    let entries = hub.store().list(&folder.join(HISTORY)?)?;
    let number = |name: &str| name.strip_prefix("csp_v")?.split('_').next()?.parse().ok();
    let mut versions: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| Some(Version { number: number(&entry.name)?, file: entry.name }))
        .collect();
    versions.sort_by_key(|version| version.number);
    Ok(versions)
}
