//! An account's journal: numbered records, each naming the hash of the one before. A step is true once its record
//! exists; the files that people read are brought up to it afterwards, as often as it takes.
//!
//! ```text
//! entry ─► append (create if absent) ─► roll forward ─► csp.yaml, csp_history, registers
//!              │ taken: Lost                 │ a person's edit: left alone and told
//!              └─► load again, decide again  └─► the hub makes it a record of its own
//! ```
//!
//! To load an account: `head`, `roll_forward` it, then read the files. To commit: `append` after that head, then
//! `roll_forward` what came back. After `Lost`, or after any error, load again: the payload tells whether it was yours.
//! Must not know what a payload means, nor which files an account has.

mod error;
mod hash;
mod record;
mod roll_forward;
mod verify;

pub use error::{Damage, JournalError};
pub use hash::{Hash, HashError};
pub use record::{Change, Entry, Link, Record, Write};
pub use roll_forward::{Outcome, RolledForward};
pub use verify::{Finding, Problem};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{Created, Store, StorePath};

/// Where the records lie in the account's folder.
const FOLDER: &str = "success_plan/csp_journal";
/// The largest record that is written or read. A plan is at most 1 MiB, and JSON may escape it to a multiple.
const MAX_RECORD: u64 = 16 << 20;
/// The last number, so that the folder can always be listed: a hundred records a day for a quarter of a century.
const MAX_NUMBER: u64 = 999_999;
/// How far the head is probed from a hint before listing the folder is quicker.
const MAX_PROBES: u64 = 32;

/// The journal of one account. It holds no state, so any number of them, in any number of processes, may be at work.
#[derive(Clone)]
pub struct Journal<'a> {
    store: &'a dyn Store,
    account: StorePath,
    folder: StorePath,
}

/// Whether a record became the account's next one.
#[derive(Debug)]
pub enum Appended<P> {
    /// It did, and is durable; roll it forward now.
    New(Box<Record<P>>),
    /// Another writer's record has the number: load again and decide again.
    Lost,
}

impl<'a> Journal<'a> {
    /// The journal of the account whose folder in the store is `account`.
    pub fn new(store: &'a dyn Store, account: &StorePath) -> Result<Self, JournalError> {
        Ok(Self { store, account: account.clone(), folder: account.join(FOLDER)? })
    }

    /// Makes the entry the record after `after`, which is `None` for the first one.
    pub fn append<P: Serialize>(
        &self,
        after: Option<Link>,
        entry: Entry<P>,
    ) -> Result<Appended<P>, JournalError> {
        let number = after.map_or(0, |link| link.number) + 1;
        let path = self.path(number)?;
        if let Some(misplaced) = record::misplaced(&entry.writes) {
            return Err(JournalError::Misplaced { path, misplaced: misplaced.clone() });
        }
        // A record that cannot be rolled forward would block its account, so that is found out before.
        entry.writes.iter().try_for_each(|write| self.account.join(write.path.as_str()).map(drop))?;
        let (record, bytes) = record::seal(number, after.map_or(Hash::NONE, |link| link.hash), entry)
            .map_err(|source| JournalError::Payload { path: path.clone(), source })?;
        if bytes.len() as u64 > MAX_RECORD {
            return Err(JournalError::TooLarge { path, len: bytes.len(), limit: MAX_RECORD });
        }
        match self.store.create(&path, &bytes)? {
            Created::New => Ok(Appended::New(Box::new(record))),
            Created::Exists => Ok(Appended::Lost),
        }
    }

    /// The last record, or `None` if there is none yet. A recent number as `hint` spares listing the folder.
    pub fn head<P: DeserializeOwned>(&self, hint: Option<u64>) -> Result<Option<Record<P>>, JournalError> {
        if let Some((number, bytes)) = self.probe(hint)? {
            return self.parse(number, &bytes).map(Some);
        }
        match self.numbers()?.last() {
            Some(number) => self.read(*number),
            None => Ok(None),
        }
    }

    /// The record with this number, checked against its own hash, or `None` if there is none.
    pub fn read<P: DeserializeOwned>(&self, number: u64) -> Result<Option<Record<P>>, JournalError> {
        self.bytes(number)?.map(|bytes| self.parse(number, &bytes)).transpose()
    }

    /// Whether the record known as `link` is still the last one: cheaper than `head`, since nothing is parsed.
    pub fn is_head(&self, link: Link) -> Result<bool, JournalError> {
        let same = self.bytes(link.number)?.is_some_and(|bytes| record::sealed_as(&bytes, link.hash));
        Ok(same && self.bytes(link.number + 1)?.is_none())
    }

    /// From the hint on to the last record without a gap; nothing if the hint is of no use.
    fn probe(&self, hint: Option<u64>) -> Result<Option<(u64, Vec<u8>)>, JournalError> {
        let Some(mut number) = hint else {
            return Ok(None);
        };
        let Some(mut last) = self.bytes(number)? else {
            return Ok(None);
        };
        for _ in 0..MAX_PROBES {
            match self.bytes(number + 1)? {
                Some(bytes) => last = bytes,
                None => return Ok(Some((number, last))),
            }
            number += 1;
        }
        Ok(None)
    }

    /// The numbers that have a record, in order.
    fn numbers(&self) -> Result<Vec<u64>, JournalError> {
        Ok(self.store.names(&self.folder)?.iter().filter_map(|name| number_of(name)).collect())
    }

    fn bytes(&self, number: u64) -> Result<Option<Vec<u8>>, JournalError> {
        if number == 0 || number > MAX_NUMBER {
            return Ok(None);
        }
        Ok(self.store.read(&self.path(number)?, MAX_RECORD)?)
    }

    fn parse<P: DeserializeOwned>(&self, number: u64, bytes: &[u8]) -> Result<Record<P>, JournalError> {
        let path = self.path(number)?;
        record::open(number, bytes).map_err(|damage| JournalError::Damaged { path, damage })
    }

    fn path(&self, number: u64) -> Result<StorePath, JournalError> {
        if number > MAX_NUMBER {
            return Err(JournalError::Full { folder: self.folder.clone() });
        }
        Ok(self.folder.join(&format!("{number:08}.json"))?)
    }
}

/// The number that a file name in the journal's folder stands for, if it is a record's name to the letter.
fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".json")?.parse().ok()?;
    (number > 0 && name == format!("{number:08}.json") && number <= MAX_NUMBER).then_some(number)
}
