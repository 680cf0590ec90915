//! The InfoHub as the runtime uses it: load an account, commit a step. Journal first, files after.
//!
//! ```text
//! load ─► head record ─► roll its files forward ─► facts, plan with its registers, a person's edit if there is one
//! commit(step, new facts, new plan) ─► record N+1 ─► csp_history, csp.yaml, registers, account.yaml
//! ```
//!
//! csp.yaml has versions; a register has revisions, each the number of the record that wrote it.
//!
//! It must not know what a step means: steps are the caller's type.

mod at_hand;
mod book;
mod commit;
mod hand_edit;
mod history;
mod kept;
mod merge;
mod present;
mod stale;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use at_hand::AtHand;
pub use book::{BookFile, Register};
pub use commit::{Committed, Derived, News};
pub use hand_edit::{BrokenFile, Edit, HandEdit};
pub use history::{Recorded, Version};
pub use kept::KeptPlan;

use crate::facts::AccountFile;
use crate::ids::{AccountSlug, NameError};
use crate::journal::{Finding, Hash, Journal, JournalError, Link};
use crate::plan::Plan;
use crate::store::{EntryKind, PathError, Store, StoreError, StorePath};
use crate::yaml::{self, EmitError, RewriteError, YamlError};

/// The largest file of an account's book that is read, and the largest account.yaml.
const MAX_FILE: u64 = yaml::MAX_BYTES as u64;
/// The plan, from the account's folder.
pub const PLAN: &str = "success_plan/csp.yaml";
/// The facts, from the account's folder.
pub const FACTS: &str = "account.yaml";
/// The versions, from the account's folder.
pub const HISTORY: &str = "success_plan/csp_history";
/// Further documents of the account, from its folder; people may put any file there.
pub const ARTIFACTS: &str = "success_plan/csp_artifacts";
/// The folder that holds the accounts, from the workspace.
pub const ROOT: &str = "infohub";

/// Why an account could not be loaded or changed.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal cannot be trusted or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A name does not make a path.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A folder in the InfoHub has a name that no account can have.
    #[error("{ROOT}/{folder}: {source}")]
    Folder {
        /// The folder's name.
        folder: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// A file that people edit does not read.
    #[error(transparent)]
    Yaml(Box<YamlError>),
    /// The new text of a file could not be made without touching what must stay.
    #[error("{file}: {source}")]
    Rewrite {
        /// The file.
        file: String,
        /// Why.
        source: Box<RewriteError>,
    },
    /// A value does not go into YAML.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The plan of the last version is gone from file and history.
    #[error(
        "{account}: version {version} of the plan is in neither csp.yaml nor csp_history; run `csp plan verify {account}`"
    )]
    PlanLost {
        /// The account.
        account: AccountSlug,
        /// The version that the journal names.
        version: u64,
    },
    /// A register's text is gone from its file and from the journal.
    #[error(
        "{account}: the text of {file} is not in journal record {record}; run `csp plan verify {account}`"
    )]
    RegisterLost {
        /// The account.
        account: AccountSlug,
        /// The register's file.
        file: &'static str,
        /// The record that should hold it.
        record: u64,
    },
    /// A person's edit of the plan must be mended or taken in before the plan can change.
    #[error("the plan has an edit by hand that is not taken in yet")]
    EditFirst,
}

impl From<YamlError> for HubError {
    fn from(error: YamlError) -> Self {
        Self::Yaml(Box::new(error))
    }
}

impl HubError {
    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Journal(JournalError::Store(error)) => error.is_transient(),
            _ => false,
        }
    }
}

/// What each record carries besides the caller's step: which texts the account's files have after it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// The plan's version and text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanRef>,
    /// The text of account.yaml.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Hash>,
    /// The texts of the registers that have one; records from before there were registers name none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub registers: BTreeMap<Register, RegisterRef>,
}

impl Files {
    /// The hash that the file should have, if it should be there.
    fn hash(&self, file: BookFile) -> Option<Hash> {
        match file {
            BookFile::Plan => self.plan.as_ref().map(|plan| plan.hash),
            BookFile::Register(register) => self.registers.get(&register).map(|written| written.hash),
        }
    }
}

/// One text of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRef {
    /// The record that wrote it; its revision.
    pub record: u64,
    /// SHA-256 of it.
    pub hash: Hash,
}

/// One version of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRef {
    /// Its number.
    pub version: u64,
    /// SHA-256 of its text.
    pub hash: Hash,
    /// Its file, from the account's folder.
    pub file: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Payload<P> {
    files: Files,
    step: P,
}

/// An account as it stands in the journal, with the files brought up to it.
#[derive(Debug)]
pub struct Account<P> {
    /// Its name.
    pub slug: AccountSlug,
    /// The last step; `None` before the first.
    pub last: Option<P>,
    /// What the CRM says.
    pub facts: AccountFile,
    /// The plan of the last version.
    pub plan: Option<KeptPlan>,
    /// What a person did to csp.yaml and the registers since.
    pub edit: Edit,
    /// Registers that people wrote before there is a plan; they are taken in with the first one.
    pub waiting: Vec<Register>,
    link: Option<Link>,
    files: Files,
    facts_text: Option<Arc<str>>,
}

/// What can be seen of an account without reading its plan.
#[derive(Debug)]
pub struct Glance<P> {
    /// The last step; `None` before the first.
    pub last: Option<P>,
    /// Number of the last record, 0 before the first.
    pub record: u64,
    /// Whether csp.yaml or a register is not as the journal says.
    pub plan_touched: bool,
}

impl<P> Account<P> {
    /// Number of the last record, 0 before the first.
    pub fn record_number(&self) -> u64 {
        self.link.map_or(0, |link| link.number)
    }

    /// The number of the record that wrote the register last, if any did.
    pub fn revision(&self, register: Register) -> Option<u64> {
        self.files.registers.get(&register).map(|written| written.record)
    }

    /// The plan of the last version, without its text.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref().map(|kept| &*kept.plan)
    }
}

/// All accounts of one workspace.
#[derive(Clone)]
pub struct InfoHub {
    store: Arc<dyn Store>,
    at_hand: Arc<AtHand>,
}

impl InfoHub {
    /// The InfoHub in the workspace that is the store's root.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, at_hand: Arc::default() }
    }

    /// The store, for files beside the plan: materials and runs.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The names of all accounts, sorted. Folders with unusable names come back as errors, one each.
    pub fn accounts(&self) -> Result<(Vec<AccountSlug>, Vec<HubError>), HubError> {
        let entries = self.store.list(&StorePath::new(ROOT)?)?;
        let mut accounts = Vec::new();
        let mut errors = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::Folder) {
            match AccountSlug::new(entry.name.clone()) {
                Ok(slug) => accounts.push(slug),
                Err(source) => errors.push(HubError::Folder { folder: entry.name, source }),
            }
        }
        Ok((accounts, errors))
    }

    /// The account's folder in the store.
    pub fn folder(&self, slug: &AccountSlug) -> Result<StorePath, HubError> {
        Ok(StorePath::new(format!("{ROOT}/{slug}"))?)
    }

    /// Loads the account and brings its files up to its journal. `hint` is a record number known to exist.
    pub fn load<P: DeserializeOwned>(
        &self,
        slug: &AccountSlug,
        hint: Option<u64>,
    ) -> Result<Account<P>, HubError> {
        let folder = self.folder(slug)?;
        let journal = Journal::new(self.store(), &folder)?;
        let head = journal.head::<Payload<P>>(hint)?;
        if let Some(record) = &head {
            journal.roll_forward(record)?;
        }
        let link = head.as_ref().map(|record| record.link());
        let (files, last) =
            head.map_or((Files::default(), None), |record| (record.payload.files, Some(record.payload.step)));
        let (facts, facts_text) = self.facts(slug, &folder)?;
        let present = self.present(&folder)?;
        let plan = self.kept(slug, &folder, &files, &present)?;
        let edit = self.edit(slug, &folder, &files, &present, plan.as_ref())?;
        let waiting = present.waiting(&files);
        Ok(Account { slug: slug.clone(), last, facts, plan, edit, waiting, link, files, facts_text })
    }

    /// The account's last step, and whether a person has touched its plan since; nothing is parsed but the record.
    pub fn glance<P: DeserializeOwned>(
        &self,
        slug: &AccountSlug,
        hint: Option<u64>,
    ) -> Result<Glance<P>, HubError> {
        let folder = self.folder(slug)?;
        let journal = Journal::new(self.store(), &folder)?;
        let head = journal.head::<Payload<P>>(hint)?;
        if let Some(record) = &head {
            journal.roll_forward(record)?;
        }
        let record = head.as_ref().map_or(0, |record| record.number);
        let (files, last) =
            head.map_or((Files::default(), None), |record| (record.payload.files, Some(record.payload.step)));
        let plan_touched = !self.present(&folder)?.touched(&files).is_empty();
        Ok(Glance { last, record, plan_touched })
    }

    /// Whether the account has any record; cheap.
    pub fn exists(&self, slug: &AccountSlug) -> Result<bool, HubError> {
        Ok(!self.store.list(&self.folder(slug)?)?.is_empty())
    }

    /// Whether the journal still ends where this account was loaded.
    pub fn is_current<P>(&self, account: &Account<P>) -> Result<bool, HubError> {
        let folder = self.folder(&account.slug)?;
        let journal = Journal::new(self.store(), &folder)?;
        Ok(match account.link {
            Some(link) => journal.is_head(link)?,
            None => journal.head::<serde::de::IgnoredAny>(None)?.is_none(),
        })
    }

    /// Checks the account's chain, hashes and files without changing anything.
    pub fn verify(&self, slug: &AccountSlug) -> Result<Vec<Finding>, HubError> {
        let folder = self.folder(slug)?;
        Ok(Journal::new(self.store(), &folder)?.verify()?)
    }

    fn facts(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
    ) -> Result<(AccountFile, Option<Arc<str>>), HubError> {
        let path = folder.join(FACTS)?;
        let Some(bytes) = self.store.read(&path, MAX_FILE)? else {
            return Ok((AccountFile::new(slug.clone()), None));
        };
        let hash = Hash::of(&bytes);
        if let Some(facts) = self.at_hand.facts(slug, hash) {
            return Ok(((*facts).clone(), Some(String::from_utf8_lossy(&bytes).as_ref().into())));
        }
        let facts: AccountFile = yaml::read_bytes(path.as_str(), &bytes)?;
        if facts.account != *slug {
            let message =
                format!("the file says it is of account '{}', its folder says '{slug}'", facts.account);
            return Err(YamlError::whole(path.as_str(), message).into());
        }
        self.at_hand.keep_facts(slug, hash, Arc::new(facts.clone()));
        // read_bytes has checked that these bytes are UTF-8.
        Ok((facts, Some(String::from_utf8_lossy(&bytes).as_ref().into())))
    }
}

fn value<T: Serialize>(thing: &T) -> Value {
    // Plans, registers and facts hold nothing that JSON lacks.
    serde_json::to_value(thing).unwrap_or_default()
}
