//! What a person was sent on a day, as files that are created if absent. So the budget holds for several
//! accounts and several processes at once, without a lock.
//!
//! ```text
//! people/{person}/{day}/item-{hash}.json   the item's one reminder of the day
//! people/{person}/{day}/{1..5}.json        a message on its own
//! people/{person}/{day}/digest.json        the digest
//! ```
//!
//! A slot names the notice that it was taken for. Whoever finds it after a crash sends that notice again, under
//! the same id, and never another one. It must not know channels, or why a notice is sent.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use infohub::ids::PersonId;
use infohub::store::{Created, PathError, Store, StoreError, StorePath};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Course;
use super::notice::{Kind, Notice, NoticeId, hex};

/// The folder of all people's files, from the workspace.
pub const ROOT: &str = "people";
/// The largest slot that is read.
const MAX_SLOT: u64 = 64 << 10;
/// How long a slot that another process took is left to it. Longer than two channels take to time out.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The person's name makes no path.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A slot's file is not what was written.
    #[error("{path} does not read: {source}")]
    Slot {
        /// The file.
        path: StorePath,
        /// Why.
        source: serde_json::Error,
    },
}

/// A slot that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// For which notice.
    pub notice: NoticeId,
    /// When.
    pub at: Timestamp,
    /// By which process.
    pub by: String,
    /// Until when it is left to that process; never kept in the file.
    #[serde(skip)]
    pub underway: Option<Timestamp>,
}

/// The digest of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// What it holds.
    pub notices: Vec<NoticeId>,
    /// When it was begun.
    pub at: Timestamp,
    /// By which process.
    pub by: String,
    /// Until when it is left to that process; never kept in the file.
    #[serde(skip)]
    pub underway: Option<Timestamp>,
}

/// What a person was sent on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// Messages on their own, by slot.
    pub singles: BTreeMap<u8, Taken>,
    /// The digest, if it was begun.
    pub digest: Option<Digest>,
    /// Reminders by the key of what they are about.
    pub items: BTreeMap<String, Taken>,
}

impl Day {
    /// The course that was begun with the notice, and until when another process is at it.
    pub fn begun(&self, notice: &NoticeId) -> Option<(Course, Option<Timestamp>)> {
        let single = self.singles.iter().find(|(_, taken)| taken.notice == *notice);
        if let Some((slot, taken)) = single {
            return Some((Course::Send { slot: *slot }, taken.underway));
        }
        let digest = self.digest.as_ref().filter(|digest| digest.notices.contains(notice))?;
        Some((Course::Digest, digest.underway))
    }
}

/// All days of all people.
pub struct Ledger<'a> {
    store: &'a dyn Store,
    /// What this process calls itself in slots.
    name: &'a str,
}

impl<'a> Ledger<'a> {
    /// The ledger in the store, for a process that [`Ledger::new_name`] has named.
    pub fn new(store: &'a dyn Store, name: &'a str) -> Self {
        Self { store, name }
    }

    /// A name that differs between processes.
    pub fn new_name() -> String {
        format!("{:016x}", RandomState::new().hash_one("attention"))
    }

    /// The id of a person's digest of a day.
    pub fn digest_id(person: &PersonId, day: Date) -> String {
        format!("dg-{}", hex(&[person.as_str(), &day.to_string()]))
    }

    /// Reads a person's day.
    ///
    /// # Errors
    /// If the store fails or a slot does not read.
    pub fn day(&self, person: &PersonId, date: Date, now: Timestamp) -> Result<Day, LedgerError> {
        let folder = folder(person, date)?;
        let mut day = Day::default();
        for name in self.store.names(&folder)? {
            let Some(stem) = name.strip_suffix(".json") else { continue };
            let path = folder.join(&name)?;
            if stem == "digest" {
                day.digest = self.read(&path)?.map(|digest: Digest| Digest {
                    underway: self.underway(&digest.by, digest.at, now),
                    ..digest
                });
            } else if let Some(taken) = self.taken(&path, stem, now)? {
                match stem.strip_prefix("item-") {
                    Some(item) => drop(day.items.insert(item.to_owned(), taken)),
                    None => drop(stem.parse().map(|slot: u8| day.singles.insert(slot, taken))),
                }
            }
        }
        Ok(day)
    }

    /// Takes a slot of the day for the notice, and for a reminder the item's slot first. False if another
    /// process was faster: then the day is to be read again.
    ///
    /// # Errors
    /// If the store fails.
    pub fn take(
        &self,
        person: &PersonId,
        date: Date,
        slot: u8,
        notice: &Notice,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        Ok(self.take_item(person, date, notice, now)?
            && self.take_file(&folder(person, date)?.join(&format!("{slot}.json"))?, &notice.id, now)?)
    }

    /// Takes the day's digest for those of the notices whose items have not had another reminder. Nothing if
    /// another process was faster, or if none is left.
    ///
    /// # Errors
    /// If the store fails.
    pub fn take_digest(
        &self,
        person: &PersonId,
        date: Date,
        notices: &[&Notice],
        now: Timestamp,
    ) -> Result<Option<Vec<NoticeId>>, LedgerError> {
        let mut taken = Vec::new();
        for notice in notices {
            if self.take_item(person, date, notice, now)? {
                taken.push(notice.id.clone());
            }
        }
        if taken.is_empty() {
            return Ok(None);
        }
        let digest = Digest { notices: taken.clone(), at: now, by: self.name.to_owned(), underway: None };
        let path = folder(person, date)?.join("digest.json")?;
        let created = self.store.create(&path, &json(&path, &digest)?)?;
        Ok((created == Created::New).then_some(taken))
    }

    fn take_item(
        &self,
        person: &PersonId,
        date: Date,
        notice: &Notice,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        if notice.kind != Kind::Nudge {
            return Ok(true);
        }
        let path = folder(person, date)?.join(&format!("item-{}.json", notice.about.key()))?;
        self.take_file(&path, &notice.id, now)
    }

    /// Creates the slot, or finds that it was taken for the same notice.
    fn take_file(&self, path: &StorePath, notice: &NoticeId, now: Timestamp) -> Result<bool, LedgerError> {
        let taken = Taken { notice: notice.clone(), at: now, by: self.name.to_owned(), underway: None };
        if self.store.create(path, &json(path, &taken)?)? == Created::New {
            return Ok(true);
        }
        let there: Option<Taken> = self.read(path)?;
        Ok(there.is_some_and(|there| {
            there.notice == *notice && (there.by == self.name || self.is_old(&there, now))
        }))
    }

    fn is_old(&self, taken: &Taken, now: Timestamp) -> bool {
        self.underway(&taken.by, taken.at, now).is_none()
    }

    fn taken(&self, path: &StorePath, stem: &str, now: Timestamp) -> Result<Option<Taken>, LedgerError> {
        // Files of other names are none of ours.
        if !stem.starts_with("item-") && stem.parse::<u8>().is_err() {
            return Ok(None);
        }
        let taken: Option<Taken> = self.read(path)?;
        Ok(taken.map(|taken| Taken { underway: self.underway(&taken.by, taken.at, now), ..taken }))
    }

    /// Until when a slot is left to the process that took it; nothing if that is this one, or if it had time enough.
    /// A slot from the future was taken by a clock that is not ours, and is left to nobody.
    fn underway(&self, by: &str, at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let until = at.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        (by != self.name && at <= now && now < until).then_some(until)
    }

    fn read<T: DeserializeOwned>(&self, path: &StorePath) -> Result<Option<T>, LedgerError> {
        let Some(bytes) = self.store.read(path, MAX_SLOT)? else { return Ok(None) };
        let read = serde_json::from_slice(&bytes);
        read.map(Some).map_err(|source| LedgerError::Slot { path: path.clone(), source })
    }
}

fn json<T: Serialize>(path: &StorePath, value: &T) -> Result<Vec<u8>, LedgerError> {
    serde_json::to_vec_pretty(value).map_err(|source| LedgerError::Slot { path: path.clone(), source })
}

fn folder(person: &PersonId, date: Date) -> Result<StorePath, PathError> {
    StorePath::new(ROOT)?.join(person.as_str())?.join(&date.to_string())
}
