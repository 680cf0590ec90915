//! A store that lasts as long as the process: for scratch accounts that nobody keeps. It keeps the promise of
//! `create` between threads, and knows folders only by the files in them. Must not know what the files mean.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{Created, Entry, EntryKind, Store, StoreError, StorePath};

/// Files in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    files: RwLock<BTreeMap<String, Vec<u8>>>,
}

impl MemoryStore {
    fn reading(&self) -> RwLockReadGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.files.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all files below the folder, as of a scratch account that is done with.
    pub fn forget(&self, folder: &StorePath) {
        let below = below(folder);
        self.writing().retain(|path, _| !path.starts_with(&below));
    }
}

impl Store for MemoryStore {
    fn read(&self, path: &StorePath, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let files = self.reading();
        let Some(bytes) = files.get(path.as_str()) else { return Ok(None) };
        if bytes.len() as u64 > limit {
            return Err(StoreError::TooLarge { path: path.clone(), limit });
        }
        Ok(Some(bytes.clone()))
    }

    fn create(&self, path: &StorePath, bytes: &[u8]) -> Result<Created, StoreError> {
        let mut files = self.writing();
        if files.contains_key(path.as_str()) {
            return Ok(Created::Exists);
        }
        files.insert(path.as_str().to_owned(), bytes.to_vec());
        Ok(Created::New)
    }

    fn replace(&self, path: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
        self.writing().insert(path.as_str().to_owned(), bytes.to_vec());
        Ok(())
    }

    fn list(&self, folder: &StorePath) -> Result<Vec<Entry>, StoreError> {
        let below = below(folder);
        let files = self.reading();
        let mut entries: Vec<Entry> = Vec::new();
        for (path, bytes) in files.range(below.clone()..).take_while(|(path, _)| path.starts_with(&below)) {
            let rest = &path[below.len()..];
            let (name, kind, len) = match rest.split_once('/') {
                Some((name, _)) => (name, EntryKind::Folder, 0),
                None => (rest, EntryKind::File, bytes.len() as u64),
            };
            if entries.last().is_none_or(|last| last.name != name || last.kind != kind) {
                entries.push(Entry { name: name.to_owned(), kind, len, modified: None });
            }
        }
        entries.sort_by(|one, two| one.name.cmp(&two.name));
        entries.dedup_by(|one, two| one.name == two.name && one.kind == two.kind);
        Ok(entries)
    }

    fn sync(&self, _: &StorePath) -> Result<(), StoreError> {
        Ok(())
    }
}

/// What the paths of a folder's files begin with.
fn below(folder: &StorePath) -> String {
    match folder.as_str() {
        "" | "." => String::new(),
        folder => format!("{folder}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> StorePath {
        StorePath::new(text).unwrap()
    }

    #[test]
    fn one_of_many_creators_is_told_new() {
        let store = MemoryStore::default();
        let told = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|by| {
                    scope.spawn({
                        let store = &store;
                        move || store.create(&path("a/b"), &[by])
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(told.iter().filter(|told| **told == Created::New).count(), 1);
        assert_eq!(store.read(&path("a/b"), 1).unwrap().map(|bytes| bytes.len()), Some(1));
        assert!(matches!(store.read(&path("a/b"), 0), Err(StoreError::TooLarge { .. })));
    }

    #[test]
    fn folders_are_what_their_files_say() {
        let store = MemoryStore::default();
        for file in ["a/z.md", "a/b/c.md", "a/b/d.md", "a/b.md", "ab/e.md"] {
            store.replace(&path(file), b"text").unwrap();
        }
        let names: Vec<_> =
            store.list(&path("a")).unwrap().into_iter().map(|entry| (entry.name, entry.kind)).collect();
        let expected = [("b", EntryKind::Folder), ("b.md", EntryKind::File), ("z.md", EntryKind::File)];
        assert_eq!(names, expected.map(|(name, kind)| (name.to_owned(), kind)));
        assert!(store.list(&path("none")).unwrap().is_empty());
        store.forget(&path("a"));
        assert!(store.list(&path("a")).unwrap().is_empty());
        assert!(store.read(&path("ab/e.md"), 9).unwrap().is_some());
    }
}
