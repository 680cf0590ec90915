//! The seam to whatever store holds an account's files. Must not know folders or buckets.

use jiff::Timestamp;

/// A file as its store lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfFile {
    /// The path from the account's folder, with `/` between its parts.
    pub path: String,
    /// Bytes, as listed.
    pub len: u64,
    /// The time of the last change; a file without one is read afresh each time.
    pub modified: Option<Timestamp>,
}

/// An account's files: what there is, and the bytes of each.
pub trait Shelf {
    /// All files that may be material, in any order.
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError>;

    /// The bytes of one file, at most `limit` of them; a longer file is [`ShelfError::TooLarge`].
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ShelfError>;
}

/// Why a store gave no bytes.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The file went away between the listing and the reading.
    #[error("find it: it is gone since the folder was listed")]
    Gone,
    /// The file is longer than was asked for.
    #[error("take it whole: it is longer than {limit} bytes")]
    TooLarge {
        /// The limit that was asked for.
        limit: u64,
    },
    /// The store itself failed.
    #[error("read it from the store")]
    Io(#[source] std::io::Error),
}

impl ShelfError {
    /// Whether the same call may succeed later without anyone doing something.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Gone => true,
            Self::TooLarge { .. } => false,
            Self::Io(error) => error.kind() != std::io::ErrorKind::PermissionDenied,
        }
    }
}
