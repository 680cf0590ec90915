//! A person's inbox: one file for each notice that reached them, and one beside it once they have dealt with it.
//!
//! ```text
//! people/{person}/inbox/{notice}.json   what it says
//! people/{person}/done/{notice}.json    when it was dealt with
//! ```
//!
//! Files are created if absent and never changed, so a notice that is delivered twice is there once. It must not
//! know channels, or why a notice is sent.

use std::collections::BTreeSet;

use infohub::ids::PersonId;
use infohub::store::{Created, PathError, Store, StorePath};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ledger::{LedgerError, ROOT};
use super::notice::{Notice, NoticeId};

/// The largest notice that is read.
const MAX_ENTRY: u64 = 64 << 10;

/// A notice in an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// When it arrived.
    pub at: Timestamp,
    /// Whether it came as part of a digest.
    #[serde(default)]
    pub digest: bool,
    /// The notice.
    pub notice: Notice,
}

/// That a notice is dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Done {
    at: Timestamp,
}

/// One person's inbox.
pub struct Inbox<'a> {
    store: &'a dyn Store,
    person: &'a PersonId,
}

impl<'a> Inbox<'a> {
    /// The person's inbox in the store.
    pub fn new(store: &'a dyn Store, person: &'a PersonId) -> Self {
        Self { store, person }
    }

    /// Puts a notice in, unless it is there.
    ///
    /// # Errors
    /// If the store fails.
    pub fn put(&self, entry: &InboxEntry) -> Result<(), LedgerError> {
        let path = self.path("inbox", entry.notice.id.as_str())?;
        let bytes = serde_json::to_vec_pretty(entry)
            .map_err(|source| LedgerError::Slot { path: path.clone(), source })?;
        self.store.create(&path, &bytes)?;
        Ok(())
    }

    /// The ids of all notices that arrived, and of those that are dealt with.
    ///
    /// # Errors
    /// If the store fails.
    pub fn ids(&self) -> Result<(Vec<String>, BTreeSet<String>), LedgerError> {
        let names = |below: &str| -> Result<Vec<String>, LedgerError> {
            let names = self.store.names(&self.folder(below)?)?;
            Ok(names.iter().filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect())
        };
        Ok((names("inbox")?, names("done")?.into_iter().collect()))
    }

    /// The notice with this id.
    ///
    /// # Errors
    /// If the store fails or the file does not read.
    pub fn read(&self, id: &str) -> Result<Option<InboxEntry>, LedgerError> {
        let path = self.path("inbox", id)?;
        let Some(bytes) = self.store.read(&path, MAX_ENTRY)? else { return Ok(None) };
        let read = serde_json::from_slice(&bytes);
        read.map(Some).map_err(|source| LedgerError::Slot { path, source })
    }

    /// Whether the person has dealt with the notice.
    ///
    /// # Errors
    /// If the store fails.
    pub fn is_done(&self, id: &NoticeId) -> Result<bool, LedgerError> {
        Ok(self.store.read(&self.path("done", id.as_str())?, MAX_ENTRY)?.is_some())
    }

    /// Notes that the person has dealt with the notice. False if they had before.
    ///
    /// # Errors
    /// If the store fails.
    pub fn done(&self, id: &str, now: Timestamp) -> Result<bool, LedgerError> {
        let path = self.path("done", id)?;
        let bytes = serde_json::to_vec_pretty(&Done { at: now })
            .map_err(|source| LedgerError::Slot { path: path.clone(), source })?;
        Ok(self.store.create(&path, &bytes)? == Created::New)
    }

    fn folder(&self, below: &str) -> Result<StorePath, PathError> {
        StorePath::new(ROOT)?.join(self.person.as_str())?.join(below)
    }

    fn path(&self, below: &str, id: &str) -> Result<StorePath, PathError> {
        self.folder(below)?.join(&format!("{id}.json"))
    }
}
