//! Checking a journal offline: every record, the chain, and the files that the records made.
//!
//! What this cannot tell is a journal of which all records were rewritten with new hashes; who must exclude that keeps
//! the last hash somewhere else. Must not know what a payload means.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::record::Unread;
use super::roll_forward::Present;
use super::{Change, Damage, Hash, Journal, JournalError, Record, number_of};
use crate::store::{Entry, EntryKind, StoreError, StorePath};

/// Something in an account that its journal does not account for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file concerned.
    pub path: StorePath,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A record cannot be read as what was written.
    Record(Damage),
    /// A record's file is larger than any record, or no regular file.
    NotARecord,
    /// A number has no record although a later one has.
    Missing,
    /// A record follows another one than the one before it.
    Chain {
        /// The hash of the record before it.
        expected: Hash,
        /// The hash that it names instead.
        found: Hash,
    },
    /// A file in a folder that only records write to, which no record made.
    Stray,
    /// A file that a record made is gone.
    Gone {
        /// The record that made it.
        record: u64,
    },
    /// A file that is written once is not what its record wrote.
    Changed {
        /// The record that made it.
        record: u64,
    },
    /// A file holds a text that an older record gave it, not that of the last one.
    Behind {
        /// The record whose text it holds.
        record: u64,
        /// The last record that wrote it.
        last: u64,
    },
    /// A file holds what no record wrote: a person's edit that is no version yet.
    HandEdit {
        /// The last record that wrote it.
        last: u64,
    },
}

impl Finding {
    /// Whether something was lost or tampered with; an edit or an unfinished write will be dealt with by the next load.
    pub fn is_damage(&self) -> bool {
        !matches!(self.problem, Problem::HandEdit { .. } | Problem::Behind { .. })
    }

    /// What a person can do about it.
    pub fn advice(&self) -> &'static str {
        match self.problem {
            Problem::Record(Damage::Format { .. } | Damage::Content { .. }) => {
                "read the account with the version of csp that wrote it, or a newer one"
            }
            Problem::Record(_) | Problem::NotARecord | Problem::Missing | Problem::Chain { .. } => {
                "put this file back from a backup; records are never edited"
            }
            Problem::Stray => {
                "if a record of the end of the journal was deleted, put it back from a backup; else move this file away"
            }
            Problem::Gone { .. } | Problem::Changed { .. } => {
                "put this file back: its record holds the whole text"
            }
            Problem::Behind { .. } => "nothing: the next load writes the last text again",
            Problem::HandEdit { .. } => "nothing: the next load makes the edit a version of its own",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.problem {
            Problem::Record(damage) => write!(f, "{damage}"),
            Problem::NotARecord => write!(f, "is not a record, though it has the name of one"),
            Problem::Missing => write!(f, "is missing, though later records exist"),
            Problem::Chain { expected, found } => {
                write!(f, "follows a record with the hash {found}, but the one before it has {expected}")
            }
            Problem::Stray => write!(f, "was made by no record"),
            Problem::Gone { record } => write!(f, "was made by record {record} and is gone"),
            Problem::Changed { record } => write!(f, "is not what record {record} wrote"),
            Problem::Behind { record, last } => {
                write!(f, "holds the text of record {record}, not that of record {last}")
            }
            Problem::HandEdit { last } => write!(f, "was edited by hand after record {last} wrote it"),
        }
    }
}

impl Journal<'_> {
    /// Checks everything that the journal says and returns what does not hold, in the order of the records.
    ///
    /// The payload need not be of a kind that this version understands.
    pub fn verify(&self) -> Result<Vec<Finding>, JournalError> {
        let mut audit = Audit { journal: self, findings: Vec::new(), files: BTreeMap::new() };
        audit.records()?;
        audit.written_files()?;
        audit.stray_files()?;
        Ok(audit.findings)
    }
}

/// A check under way.
struct Audit<'a> {
    journal: &'a Journal<'a>,
    findings: Vec<Finding>,
    /// What the records read so far wrote to each file: hash and record, oldest first.
    files: BTreeMap<StorePath, Written>,
}

struct Written {
    once: bool,
    texts: Vec<(Hash, u64)>,
}

impl Audit<'_> {
    fn find(&mut self, path: StorePath, problem: Problem) {
        self.findings.push(Finding { path, problem });
    }

    fn records(&mut self) -> Result<(), JournalError> {
        let mut numbers = Vec::new();
        for entry in self.journal.store.list(&self.journal.folder)? {
            match (number_of(&entry.name), entry.kind) {
                (Some(number), EntryKind::File) => numbers.push(number),
                (Some(_), _) => self.stray(&self.journal.folder, &entry, Problem::NotARecord),
                (None, _) => self.stray(&self.journal.folder, &entry, Problem::Stray),
            }
        }
        let mut expected = Some(Hash::NONE);
        let mut next = 1;
        for number in numbers {
            if number > next {
                self.find(self.journal.path(next)?, Problem::Missing);
                expected = None;
            }
            expected = self.record(number, expected)?;
            next = number + 1;
        }
        Ok(())
    }

    /// Checks one record and gives the hash that the next one must name, if it can be told.
    fn record(&mut self, number: u64, expected: Option<Hash>) -> Result<Option<Hash>, JournalError> {
        let path = self.journal.path(number)?;
        let record = match self.journal.read::<Unread>(number) {
            Ok(Some(record)) => record,
            Ok(None) => {
                self.find(path, Problem::Missing);
                return Ok(None);
            }
            Err(JournalError::Damaged { path, damage }) => {
                self.find(path, Problem::Record(damage));
                return Ok(None);
            }
            Err(JournalError::Store(error)) if is_foreign(&error) => {
                self.find(path, Problem::NotARecord);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if let Some(expected) = expected.filter(|expected| *expected != record.prev) {
            self.find(path, Problem::Chain { expected, found: record.prev });
        }
        self.note_writes(&record)?;
        Ok(Some(record.hash))
    }

    fn note_writes(&mut self, record: &Record<Unread>) -> Result<(), JournalError> {
        for write in &record.writes {
            let path = self.journal.account.join(write.path.as_str())?;
            let once = write.change == Change::Create;
            let written = self.files.entry(path).or_insert(Written { once, texts: Vec::new() });
            written.texts.push((Hash::of(write.text.as_bytes()), record.number));
        }
        Ok(())
    }

    fn written_files(&mut self) -> Result<(), JournalError> {
        let files = std::mem::take(&mut self.files);
        for (path, written) in &files {
            if let Some(problem) = written.problem(&self.journal.present(path)?) {
                self.find(path.clone(), problem);
            }
        }
        self.files = files;
        Ok(())
    }

    /// Where records make files that are written once, every file is one of those; one more is what is left of a record
    /// that was taken away, or stands in the way of a record to come.
    fn stray_files(&mut self) -> Result<(), JournalError> {
        let once = self.files.iter().filter(|(_, written)| written.once);
        let folders: BTreeSet<_> = once.filter_map(|(path, _)| path.parent()).collect();
        for folder in folders {
            for entry in self.journal.store.list(&folder)? {
                let known = folder
                    .join(&entry.name)
                    .is_ok_and(|path| self.files.contains_key(&path) || entry.kind == EntryKind::Folder);
                if !known {
                    self.stray(&folder, &entry, Problem::Stray);
                }
            }
        }
        Ok(())
    }

    fn stray(&mut self, folder: &StorePath, entry: &Entry, problem: Problem) {
        // A name that is no path is told by the folder that it is in.
        let path = folder.join(&entry.name).unwrap_or_else(|_| folder.clone());
        self.find(path, problem);
    }
}

impl Written {
    fn problem(&self, present: &Present) -> Option<Problem> {
        let (last_hash, last) = *self.texts.last()?;
        let found = present.hash();
        if found == Some(last_hash) {
            return None;
        }
        let earlier = self.texts.iter().rev().find(|(hash, _)| found == Some(*hash));
        Some(match (present, self.once, earlier) {
            (Present::Absent, _, _) => Problem::Gone { record: last },
            (_, true, _) => Problem::Changed { record: last },
            (_, false, Some((_, record))) => Problem::Behind { record: *record, last },
            (_, false, None) => Problem::HandEdit { last },
        })
    }
}

fn is_foreign(error: &StoreError) -> bool {
    matches!(error, StoreError::TooLarge { .. } | StoreError::NotAFile { .. } | StoreError::Escape { .. })
}
