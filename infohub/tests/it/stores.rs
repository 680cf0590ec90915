//! Stores for the tests: one in memory, and one that dies at a chosen operation.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use infohub::store::{Created, Entry, EntryKind, Store, StoreError, StorePath};

/// A checked path from a literal.
pub fn path(text: &str) -> StorePath {
    StorePath::new(text).unwrap()
}

/// What an object store is, in memory: keys, no folders.
#[derive(Default)]
pub struct MemoryStore {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemoryStore {
    /// All files, to compare states with.
    pub fn snapshot(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.lock().unwrap().clone()
    }

    /// Takes a file away, as a person would.
    pub fn remove(&self, path: &StorePath) {
        self.files.lock().unwrap().remove(path.as_str());
    }
}

impl Store for MemoryStore {
    fn read(&self, path: &StorePath, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
        match self.files.lock().unwrap().get(path.as_str()) {
            Some(bytes) if bytes.len() as u64 > limit => {
                Err(StoreError::TooLarge { path: path.clone(), limit })
            }
            found => Ok(found.cloned()),
        }
    }

    fn create(&self, path: &StorePath, bytes: &[u8]) -> Result<Created, StoreError> {
        let mut files = self.files.lock().unwrap();
        if files.contains_key(path.as_str()) {
            return Ok(Created::Exists);
        }
        files.insert(path.to_string(), bytes.to_vec());
        Ok(Created::New)
    }

    fn replace(&self, path: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
        self.files.lock().unwrap().insert(path.to_string(), bytes.to_vec());
        Ok(())
    }

    fn list(&self, folder: &StorePath) -> Result<Vec<Entry>, StoreError> {
        let mut entries = BTreeMap::new();
        for (key, bytes) in self.files.lock().unwrap().iter() {
            let Some(rest) = key.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            let (name, kind, len) = match rest.split_once('/') {
                Some((name, _)) => (name, EntryKind::Folder, 0),
                None => (rest, EntryKind::File, bytes.len() as u64),
            };
            entries.insert(name.to_owned(), Entry { name: name.to_owned(), kind, len, modified: None });
        }
        Ok(entries.into_values().collect())
    }

    fn sync(&self, _: &StorePath) -> Result<(), StoreError> {
        Ok(())
    }
}

/// When in its last operation a process dies.
#[derive(Debug, Clone, Copy)]
pub enum Death {
    /// Before anything of it happened.
    Before,
    /// After it happened, before anyone was told.
    After,
}

/// A store that carries out some operations and then none any more, as if the process had been killed.
pub struct Mortal<S> {
    inner: Arc<S>,
    left: AtomicU32,
    death: Death,
}

impl<S: Store> Mortal<S> {
    /// A process that dies in its operation number `operations`, counted from 0.
    pub fn new(inner: &Arc<S>, operations: u32, death: Death) -> Self {
        Self { inner: Arc::clone(inner), left: AtomicU32::new(operations + 1), death }
    }

    /// Whether it died on the way.
    pub fn is_dead(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    fn carry_out<T>(
        &self,
        path: &StorePath,
        operation: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let dead = || {
            let source = io::Error::other("killed");
            StoreError::Io { path: path.clone(), action: "dying", source }
        };
        match self.left.load(Ordering::Relaxed) {
            0 => Err(dead()),
            1 => {
                self.left.store(0, Ordering::Relaxed);
                if matches!(self.death, Death::After) {
                    operation()?;
                }
                Err(dead())
            }
            left => {
                self.left.store(left - 1, Ordering::Relaxed);
                operation()
            }
        }
    }
}

impl<S: Store> Store for Mortal<S> {
    fn read(&self, path: &StorePath, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.carry_out(path, || self.inner.read(path, limit))
    }

    fn create(&self, path: &StorePath, bytes: &[u8]) -> Result<Created, StoreError> {
        self.carry_out(path, || self.inner.create(path, bytes))
    }

    fn replace(&self, path: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
        self.carry_out(path, || self.inner.replace(path, bytes))
    }

    fn list(&self, folder: &StorePath) -> Result<Vec<Entry>, StoreError> {
        self.carry_out(folder, || self.inner.list(folder))
    }

    fn sync(&self, path: &StorePath) -> Result<(), StoreError> {
        self.carry_out(path, || self.inner.sync(path))
    }
}
