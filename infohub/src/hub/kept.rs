//! The plan and the registers as the journal knows them, whatever people have done to the files since.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::IgnoredAny;

use super::at_hand::Stamp;
use super::present::Present;
use super::{BookFile, Files, HubError, InfoHub, MAX_FILE, PlanRef, Register};
use crate::ids::AccountSlug;
use crate::journal::{Hash, Journal};
use crate::plan::Plan;
use crate::store::StorePath;
use crate::yaml;

/// A plan with the texts that it was read from.
#[derive(Debug, Clone)]
pub struct KeptPlan {
    /// The plan with its registers; shared with whoever else has it at hand.
    pub plan: Arc<Plan>,
    /// The text of csp.yaml.
    pub text: Arc<str>,
    /// Its place in the history.
    pub at: PlanRef,
    /// The texts of the registers that have one.
    pub registers: BTreeMap<Register, Arc<str>>,
}

impl KeptPlan {
    /// The file's last text, if it ever had one.
    pub fn text_of(&self, file: BookFile) -> Option<&Arc<str>> {
        match file {
            BookFile::Plan => Some(&self.text),
            BookFile::Register(register) => self.registers.get(&register),
        }
    }
}

impl InfoHub {
    /// The plan that the record speaks of, or `None` if there is none yet.
    pub(super) fn kept(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        files: &Files,
        present: &Present,
    ) -> Result<Option<KeptPlan>, HubError> {
        let Some(at) = &files.plan else { return Ok(None) };
        let text = match present.with_hash(BookFile::Plan, at.hash) {
            Some(bytes) => text_of(bytes),
            None => self.version_text(slug, folder, at)?,
        };
        let mut registers = BTreeMap::new();
        for (register, written) in &files.registers {
            let text = match present.with_hash(BookFile::Register(*register), written.hash) {
                Some(bytes) => text_of(bytes),
                None => self.register_text(slug, folder, *register, written.record, Some(written.hash))?,
            };
            registers.insert(*register, text);
        }
        let stamp = Stamp::of(at, files);
        let plan = self.typed(slug, folder, stamp, &text, &registers)?;
        Ok(Some(KeptPlan { plan, text, at: at.clone(), registers }))
    }

    /// The typed plan of these texts, from memory if it is at hand.
    fn typed(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        stamp: Stamp,
        text: &str,
        registers: &BTreeMap<Register, Arc<str>>,
    ) -> Result<Arc<Plan>, HubError> {
        if let Some(plan) = self.at_hand.plan(slug, &stamp) {
            return Ok(plan);
        }
        let mut plan: Plan = yaml::read(folder.join(BookFile::Plan.path())?.as_str(), text)?;
        for (register, text) in registers {
            let path = folder.join(register.file())?;
            register.read(path.as_str(), text.as_bytes(), &mut plan.registers)?;
        }
        let plan = Arc::new(plan);
        self.at_hand.keep_plan(slug, stamp, Arc::clone(&plan));
        Ok(plan)
    }

    fn version_text(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        at: &PlanRef,
    ) -> Result<Arc<str>, HubError> {
        let bytes = self.store().read(&folder.join(&at.file)?, MAX_FILE)?;
        match bytes.filter(|bytes| Hash::of(bytes) == at.hash) {
            Some(bytes) => Ok(text_of(&bytes)),
            None => Err(HubError::PlanLost { account: slug.clone(), version: at.version }),
        }
    }

    /// The text that a record of the journal gave to the register.
    pub(super) fn register_text(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        register: Register,
        record: u64,
        hash: Option<Hash>,
    ) -> Result<Arc<str>, HubError> {
        let found = Journal::new(self.store(), folder)?.read::<IgnoredAny>(record)?;
        let writes = found.into_iter().flat_map(|record| record.writes);
        let mut texts = writes.filter(|write| write.path.as_str() == register.file()).map(|write| write.text);
        texts
            .find(|text| hash.is_none_or(|hash| Hash::of(text.as_bytes()) == hash))
            .ok_or_else(|| HubError::RegisterLost { account: slug.clone(), file: register.file(), record })
    }
}

/// Bytes that are known to be text, since the journal wrote them.
fn text_of(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(bytes).as_ref().into()
}
