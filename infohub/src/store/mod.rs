//! Where an InfoHub's files lie: a few operations that a local folder and an object store both have.
//!
//! Everything above builds on one promise, `create`: of all writers that create the same path, exactly one is told
//! `New`, and what it wrote is whole and durable before it is told so. No lock is needed anywhere.
//! This module must not know what the files mean: no plans, no journal, no account names.

mod error;
mod folder;
mod local;
mod memory;
mod path;

pub use error::StoreError;
pub use local::LocalStore;
pub use memory::MemoryStore;
pub use path::{PathError, StorePath};

use jiff::Timestamp;

/// A place for files, on a disk or in a bucket.
///
/// Calls block; async callers run them on a blocking thread. After an `Err` from a write it is open whether the write
/// happened: read again before deciding anything on it.
pub trait Store: Send + Sync + 'static {
    /// The bytes of the file, or `None` when there is none; more than `limit` bytes are an error.
    fn read(&self, path: &StorePath, limit: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// Makes the file with these bytes unless there is one: all or nothing, never partial, durable on return.
    ///
    /// After `Exists` the other writer's file is durable too, so one may build on it.
    fn create(&self, path: &StorePath, bytes: &[u8]) -> Result<Created, StoreError>;

    /// Makes the file hold these bytes, whatever it held before; readers see the old bytes or the new ones.
    fn replace(&self, path: &StorePath, bytes: &[u8]) -> Result<(), StoreError>;

    /// The direct children of a folder, sorted by name; a folder that does not exist has none.
    fn list(&self, folder: &StorePath) -> Result<Vec<Entry>, StoreError>;

    /// The names of the direct children alone, sorted: cheaper than `list` where a disk must look at each for the rest.
    fn names(&self, folder: &StorePath) -> Result<Vec<String>, StoreError> {
        Ok(self.list(folder)?.into_iter().map(|entry| entry.name).collect())
    }

    /// Makes sure that a file found here survives a power loss, in case its writer died before it could.
    fn sync(&self, path: &StorePath) -> Result<(), StoreError>;
}

/// Who made the file that `create` was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// This call.
    New,
    /// Another one, earlier; the file was left as it is.
    Exists,
}

/// One child of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the folder. Of an entry of kind `Other` it may be a rendering that no path can name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its length in bytes; 0 for anything but a file.
    pub len: u64,
    /// When its content was last changed, if the store knows.
    pub modified: Option<Timestamp>,
}

/// What a child of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file that can be read.
    File,
    /// A folder, or a common prefix in an object store.
    Folder,
    /// What cannot be read here: a link out of the store, a device, a name that is not a valid path part.
    Other,
}
