//! What was: the steps of the journal, and the versions of a plan, `csp_history/csp_v{n}_{yyyy-mm-dd}.yaml`, written
//! once each.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Files, HISTORY, HubError, InfoHub, MAX_FILE, Payload};
use crate::ids::AccountSlug;
use crate::journal::Journal;
use crate::plan::Plan;
use crate::registers::Registers;
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

/// One step of the journal.
#[derive(Debug)]
pub struct Recorded<P> {
    /// When it was taken.
    pub at: Timestamp,
    /// What it was.
    pub step: P,
    /// Version of the plan after it, 0 without a plan.
    pub version: u64,
}

impl InfoHub {
    /// The step of the record with this number.
    pub fn step<P: DeserializeOwned>(
        &self,
        slug: &AccountSlug,
        number: u64,
    ) -> Result<Option<Recorded<P>>, HubError> {
        let folder = self.folder(slug)?;
        let record = Journal::new(self.store(), &folder)?.read::<Payload<P>>(number)?;
        Ok(record.map(|record| Recorded {
            at: record.at,
            version: version_in(&record.payload.files),
            step: record.payload.step,
        }))
    }

    /// All versions of the account's plan, oldest first.
    pub fn versions(&self, slug: &AccountSlug) -> Result<Vec<Version>, HubError> {
        versions(self, &self.folder(slug)?)
    }

    /// The plan and the text of one version, or `None` if it is not in the history. Its registers are as they were
    /// when the next version came; those of the last version are as they are now.
    pub fn plan_version(&self, slug: &AccountSlug, number: u64) -> Result<Option<(Plan, String)>, HubError> {
        let folder = self.folder(slug)?;
        let Some(text) = self.read_version(&folder, number)? else { return Ok(None) };
        let mut plan: Plan = read(&format!("{HISTORY}/csp_v{number}"), &text)?;
        plan.registers = self.registers_at(slug, &folder, number)?;
        Ok(Some((plan, text)))
    }

    fn registers_at(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        version: u64,
    ) -> Result<Registers, HubError> {
        let mut registers = Registers::default();
        let journal = Journal::new(self.store(), folder)?;
        for (register, written) in last_with(&journal, version)?.registers {
            let text = self.register_text(slug, folder, register, written.record, Some(written.hash))?;
            register.read(register.file(), text.as_bytes(), &mut registers)?;
        }
        Ok(registers)
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

/// The files of the last record with this version or an older one. Versions only count up, so half of the records
/// fall away at each look.
fn last_with(journal: &Journal<'_>, version: u64) -> Result<Files, HubError> {
    let head = journal.head::<Payload<IgnoredAny>>(None)?;
    let Some(head) = head else { return Ok(Files::default()) };
    if version_in(&head.payload.files) <= version {
        return Ok(head.payload.files);
    }
    let (mut files, mut from, mut to) = (Files::default(), 1, head.number);
    while from < to {
        let middle = from + (to - from) / 2;
        match journal.read::<Payload<IgnoredAny>>(middle)? {
            Some(record) if version_in(&record.payload.files) <= version => {
                files = record.payload.files;
                from = middle + 1;
            }
            _ => to = middle,
        }
    }
    Ok(files)
}

fn version_in(files: &Files) -> u64 {
    files.plan.as_ref().map_or(0, |plan| plan.version)
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
