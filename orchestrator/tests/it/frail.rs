//! A store in memory that can be told to fail from some operation on, as it looks to a process that is killed there.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use infohub::store::{Created, Entry, EntryKind, Store, StoreError, StorePath};

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// What one process sees of files that outlive it.
pub struct Frail {
    files: Files,
    /// Operations before the end; without end if it is negative.
    left: AtomicI64,
    /// Whether the last operation still takes place.
    last_counts: bool,
}

impl Frail {
    /// A store that lasts.
    pub fn new() -> Self {
        Self { files: Files::default(), left: AtomicI64::new(-1), last_counts: false }
    }

    /// The same files for a process that is killed in its operation of this number, counted from 0.
    pub fn killed_in(&self, operation: i64, last_counts: bool) -> Self {
        Self { files: Arc::clone(&self.files), left: AtomicI64::new(operation + 1), last_counts }
    }

    /// The same files for a process that lives.
    pub fn survivor(&self) -> Self {
        Self { files: Arc::clone(&self.files), left: AtomicI64::new(-1), last_counts: false }
    }

    /// A copy of the files, to begin again from.
    pub fn copy(&self) -> Self {
        let files = Arc::new(Mutex::new(self.files.lock().unwrap().clone()));
        Self { files, left: AtomicI64::new(-1), last_counts: false }
    }

    /// The files as they are, by their paths.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        self.files.lock().unwrap().iter().map(|(path, bytes)| (path.clone(), text(bytes))).collect()
    }

    pub fn was_killed(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }

    fn operation<T>(&self, path: &StorePath, act: impl FnOnce() -> T) -> Result<T, StoreError> {
        let killed =
            || StoreError::Io { path: path.clone(), action: "ending", source: io::Error::other("killed") };
        let spend = |left: i64| if left > 0 { Some(left - 1) } else { None };
        match self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, spend) {
            Ok(1) => {
                if self.last_counts {
                    act();
                }
                Err(killed())
            }
            Err(0) => Err(killed()),
            Ok(_) | Err(_) => Ok(act()),
        }
    }
}

impl Store for Frail {
    fn read(&self, path: &StorePath, _: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.operation(path, || self.files.lock().unwrap().get(path.as_str()).cloned())
    }

    fn create(&self, path: &StorePath, bytes: &[u8]) -> Result<Created, StoreError> {
        self.operation(path, || {
            let mut files = self.files.lock().unwrap();
            match files.get(path.as_str()) {
                Some(_) => Created::Exists,
                None => {
                    files.insert(path.to_string(), bytes.to_vec());
                    Created::New
                }
            }
        })
    }

    fn replace(&self, path: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
        self.operation(path, || drop(self.files.lock().unwrap().insert(path.to_string(), bytes.to_vec())))
    }

    fn list(&self, folder: &StorePath) -> Result<Vec<Entry>, StoreError> {
        let within = format!("{folder}/");
        self.operation(folder, || {
            let files = self.files.lock().unwrap();
            let below = files.keys().filter_map(|path| path.strip_prefix(&within));
            let entry = |rest: &str| match rest.split_once('/') {
                Some((name, _)) => (name.to_owned(), EntryKind::Folder),
                None => (rest.to_owned(), EntryKind::File),
            };
            let entries: BTreeMap<String, EntryKind> = below.map(entry).collect();
            entries.into_iter().map(|(name, kind)| Entry { name, kind, len: 0, modified: None }).collect()
        })
    }

    fn sync(&self, path: &StorePath) -> Result<(), StoreError> {
        self.operation(path, || ())
    }
}
