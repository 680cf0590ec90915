//! What can go wrong with a journal, told with the record's place.

use thiserror::Error;

use super::Hash;
use crate::store::{PathError, StoreError, StorePath};

/// Why the journal could not do what was asked.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The store below failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A name below the account's folder is no path, because together they are too long.
    #[error("no place in the account's folder")]
    Path(#[from] PathError),
    /// A record that stands there cannot be taken for what it should be.
    #[error("{path}: {damage}")]
    Damaged {
        /// The record's file.
        path: StorePath,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The payload does not turn into JSON.
    #[error("{path}: the record cannot be written as JSON")]
    Payload {
        /// The file that the record would have become.
        path: StorePath,
        /// What the serializer said.
        #[source]
        source: serde_json::Error,
    },
    /// The record would be larger than any that is read back.
    #[error("{path}: the record would have {len} bytes, and {limit} is the limit")]
    TooLarge {
        /// The file that the record would have become.
        path: StorePath,
        /// How large it would be.
        len: usize,
        /// How large it may be.
        limit: u64,
    },
    /// The entry writes a file twice, or writes into the journal itself.
    #[error("{path}: the record would write {misplaced} twice, or write into the journal itself")]
    Misplaced {
        /// The file that the record would have become.
        path: StorePath,
        /// The file that it may not write so.
        misplaced: StorePath,
    },
    /// The account has used up all numbers.
    #[error("{folder}: no number is left for another record")]
    Full {
        /// The journal's folder.
        folder: StorePath,
    },
}

impl JournalError {
    /// Whether the same call may succeed a moment later with nothing repaired in between.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// What is wrong with a record's file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Damage {
    /// The last line is not the one that a record ends with.
    #[error("does not end with a line of its hash, so it was cut or changed after it was written")]
    Unsealed,
    /// The hash of all lines but the last is another one than the last line says.
    #[error(
        "was changed after it was written: its lines have the hash {actual}, its last line says {stated}"
    )]
    Hash {
        /// The hash in the last line.
        stated: Hash,
        /// The hash of the lines before it.
        actual: Hash,
    },
    /// The record is whole, but of a form that this version does not know.
    #[error("is written in form {format}, which this version of csp does not know")]
    Format {
        /// The form that it says it has.
        format: u32,
    },
    /// The record is whole, but it does not read as one: another version wrote it, or another program.
    #[error("is whole, but does not read as a record of this version of csp: {message}")]
    Content {
        /// What the reader said, with line and column.
        message: String,
    },
    /// The record says that it has another number than its file name.
    #[error("says that it is record {stated}")]
    Number {
        /// The number in the record.
        stated: u64,
    },
}
