//! What can go wrong at the store, told with the place and in words that a person can act on.

use std::io;

use thiserror::Error;

use super::StorePath;

/// Why the store could not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file is larger than the reader is ready to take.
    #[error("{path}: larger than the {limit} bytes that are read of such a file")]
    TooLarge {
        /// The file.
        path: StorePath,
        /// How many bytes would have been read.
        limit: u64,
    },
    /// The folder has more children than anybody can mean.
    #[error("{path}: more than {limit} entries in one folder")]
    TooMany {
        /// The folder.
        path: StorePath,
        /// How many entries are listed at most.
        limit: usize,
    },
    /// Something stands at the path, but it is no regular file.
    #[error("{path}: not a regular file")]
    NotAFile {
        /// What was to be read.
        path: StorePath,
    },
    /// The path runs through a link that leads out of the store.
    #[error("{path}: leads out of the store through a link")]
    Escape {
        /// The path as it was given.
        path: StorePath,
    },
    /// The system below refused.
    #[error("{path}: {action} failed")]
    Io {
        /// The file or folder concerned.
        path: StorePath,
        /// What was being done, as a noun phrase.
        action: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The store's own folder cannot be opened.
    #[error("the folder {root} cannot be opened")]
    Root {
        /// The folder as it was given.
        root: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl StoreError {
    /// Whether the same call may succeed a moment later with nothing repaired in between.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Io { source, .. } => matches!(
                source.kind(),
                io::ErrorKind::Interrupted
                    | io::ErrorKind::WouldBlock
                    | io::ErrorKind::TimedOut
                    | io::ErrorKind::ResourceBusy
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::StorageFull
            ),
            _ => false,
        }
    }

    /// Puts the place and the action to what the system said.
    pub(super) fn io(path: &StorePath, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.clone();
        move |source| {
            // The sandbox reports an escape as a permission error without a system error number; a real refusal has one.
            if source.kind() == io::ErrorKind::PermissionDenied && source.raw_os_error().is_none() {
                Self::Escape { path }
            } else {
                Self::Io { path, action, source }
            }
        }
    }
}
