//! Bringing an account's files up to its last record, as often as it takes, without touching what a person wrote.
//!
//! The record carries the full text of each file, so nothing else is needed. A file is replaced only while it holds a
//! text that the journal itself put there; anything else is a person's edit. It is compared right before it is
//! replaced, so an edit can be missed only if it is saved within those microseconds.
//! Must not know which files there are, nor what becomes of an edit.

use super::record::Unread;
use super::{Change, Hash, Journal, JournalError, MAX_RECORD, Record, Write};
use crate::store::{Created, StoreError, StorePath};

/// How many records back a file's text is looked for before it counts as a person's. A writer that fell asleep between
/// its comparison and its replacement leaves a text that is a few records old, hardly ever more than one.
const MAX_STEPS_BACK: u64 = 64;

/// What became of each write of a record, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledForward {
    /// The files, named from the store's root on, and what became of each.
    pub outcomes: Vec<(StorePath, Outcome)>,
}

/// What became of one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The file held the text already.
    Already,
    /// The file was written.
    Written,
    /// The file had fallen back to what an older record wrote, and was brought forward again.
    ///
    /// A writer that was overtaken does this, and so does a person who puts an old version back by hand.
    Restored {
        /// The record whose text it held.
        from: u64,
    },
    /// The file holds what no record wrote and was left alone: a person's edit.
    HandEdit {
        /// The hash of what it holds; `None` if it is too large or no regular file.
        found: Option<Hash>,
    },
    /// A file that is written once holds something else, and was left alone: it was changed afterwards.
    Damaged {
        /// The hash of what it holds; `None` if it is too large or no regular file.
        found: Option<Hash>,
    },
    /// A newer record exists, which the file is left to: load again.
    Superseded,
}

impl RolledForward {
    /// Whether each file of the record now holds what the record says.
    pub fn is_complete(&self) -> bool {
        self.outcomes.iter().all(|(_, outcome)| *outcome == Outcome::Already || outcome.is_write())
    }

    /// The files that hold a person's edit.
    pub fn hand_edits(&self) -> impl Iterator<Item = &StorePath> {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::HandEdit { .. }))
            .map(|(path, _)| path)
    }
}

impl Outcome {
    fn is_write(self) -> bool {
        matches!(self, Self::Written | Self::Restored { .. })
    }
}

/// What a file was found to hold.
pub(super) enum Present {
    /// There is no file.
    Absent,
    /// A file with these bytes.
    Bytes(Vec<u8>),
    /// More than any record writes, or no regular file.
    Foreign,
}

impl Present {
    /// The hash of what it holds.
    pub(super) fn hash(&self) -> Option<Hash> {
        match self {
            Self::Bytes(bytes) => Some(Hash::of(bytes)),
            Self::Absent | Self::Foreign => None,
        }
    }
}

impl Journal<'_> {
    /// Makes the files hold what the record says; `record` is to be the last one.
    ///
    /// Idempotent: after a crash or an error at any point, do it again.
    pub fn roll_forward<P>(&self, record: &Record<P>) -> Result<RolledForward, JournalError> {
        let mut roll = Roll { journal: self, number: record.number, durable: record.durable };
        let mut outcomes = Vec::with_capacity(record.writes.len());
        for write in &record.writes {
            let path = self.account.join(write.path.as_str())?;
            let outcome = match write.change {
                Change::Create => roll.create(&path, write)?,
                Change::Replace { base } => roll.replace(&path, write, base)?,
            };
            outcomes.push((path, outcome));
        }
        self.yield_to_newer(record, &mut outcomes)?;
        Ok(RolledForward { outcomes })
    }

    /// If a newer record came while files were replaced, its writer may have been the faster one. Of the two, at least
    /// one sees the other's work: either this one sees the record, or that one sees the files.
    fn yield_to_newer<P>(
        &self,
        record: &Record<P>,
        outcomes: &mut [(StorePath, Outcome)],
    ) -> Result<(), JournalError> {
        let pairs = record.writes.iter().zip(outcomes);
        let mut replaced: Vec<_> = pairs
            .filter(|(write, (_, outcome))| write.change != Change::Create && outcome.is_write())
            .map(|(_, (_, outcome))| outcome)
            .collect();
        if !replaced.is_empty() && self.bytes(record.number + 1)?.is_some() {
            replaced.iter_mut().for_each(|outcome| **outcome = Outcome::Superseded);
        }
        Ok(())
    }

    /// What the file holds now.
    pub(super) fn present(&self, path: &StorePath) -> Result<Present, JournalError> {
        match self.store.read(path, MAX_RECORD) {
            Ok(Some(bytes)) => Ok(Present::Bytes(bytes)),
            Ok(None) => Ok(Present::Absent),
            Err(StoreError::TooLarge { .. } | StoreError::NotAFile { .. } | StoreError::Escape { .. }) => {
                Ok(Present::Foreign)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// One record being rolled forward.
struct Roll<'a> {
    journal: &'a Journal<'a>,
    number: u64,
    /// The record will survive a power loss, so files may be changed because of it.
    durable: bool,
}

impl Roll<'_> {
    fn create(&mut self, path: &StorePath, write: &Write) -> Result<Outcome, JournalError> {
        if let Some(outcome) = self.compare(path, write)? {
            return Ok(outcome);
        }
        self.make_durable()?;
        match self.journal.store.create(path, write.text.as_bytes())? {
            Created::New => Ok(Outcome::Written),
            // Someone made it since it was looked for, so it will not go away again.
            Created::Exists => Ok(self.compare(path, write)?.unwrap_or(Outcome::Damaged { found: None })),
        }
    }

    /// How a file that is written once stands to its text; `None` if there is no such file.
    fn compare(&self, path: &StorePath, write: &Write) -> Result<Option<Outcome>, JournalError> {
        Ok(match self.journal.present(path)? {
            Present::Absent => None,
            Present::Bytes(bytes) if bytes == write.text.as_bytes() => Some(Outcome::Already),
            other => Some(Outcome::Damaged { found: other.hash() }),
        })
    }

    fn replace(
        &mut self,
        path: &StorePath,
        write: &Write,
        base: Option<Hash>,
    ) -> Result<Outcome, JournalError> {
        let mut outcome = self.judge(path, write, base)?;
        if outcome.is_write() && !self.durable {
            self.make_durable()?;
            // That took a while, and the comparison must stand right before the replacement.
            outcome = self.judge(path, write, base)?;
        }
        if outcome.is_write() {
            self.journal.store.replace(path, write.text.as_bytes())?;
        }
        Ok(outcome)
    }

    /// Whether the file may be replaced, told as what it then will have been.
    fn judge(&self, path: &StorePath, write: &Write, base: Option<Hash>) -> Result<Outcome, JournalError> {
        let present = self.journal.present(path)?;
        let found = match &present {
            Present::Absent => return Ok(Outcome::Written),
            Present::Bytes(bytes) if bytes == write.text.as_bytes() => return Ok(Outcome::Already),
            other => other.hash(),
        };
        if found.is_some() && found == base {
            return Ok(Outcome::Written);
        }
        if self.journal.bytes(self.number + 1)?.is_some() {
            return Ok(Outcome::Superseded);
        }
        let writer = found.map(|hash| self.writer_of(write, hash)).transpose()?.flatten();
        Ok(match writer {
            Some(from) => Outcome::Restored { from },
            None => Outcome::HandEdit { found },
        })
    }

    /// The youngest of the earlier records that gave the file the text with this hash.
    fn writer_of(&self, write: &Write, hash: Hash) -> Result<Option<u64>, JournalError> {
        let oldest = self.number.saturating_sub(MAX_STEPS_BACK).max(1);
        for number in (oldest..self.number).rev() {
            let Some(record) = self.journal.read::<Unread>(number)? else {
                continue;
            };
            let wrote = |other: &&Write| other.path == write.path && Hash::of(other.text.as_bytes()) == hash;
            if record.writes.iter().any(|other| wrote(&other)) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// A record that was found may be one whose writer died before its name reached the disk.
    fn make_durable(&mut self) -> Result<(), JournalError> {
        if !self.durable {
            self.journal.store.sync(&self.journal.path(self.number)?)?;
            self.durable = true;
        }
        Ok(())
    }
}
