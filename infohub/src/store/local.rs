//! The store on a local disk: durable, sandboxed to its root, without locks.
//!
//! No path, link or `..` reaches outside the root: every file is opened relative to the root's own handle, and the
//! system refuses to resolve further. Folders are opened anew for each call, because a handle that is kept would
//! go on writing into a folder that a person has moved away. Must not know what the files mean.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirEntry, Metadata, OpenOptions, OpenOptionsExt};
use jiff::Timestamp;
use rustix::fs::OFlags;

use super::folder::Folder;
use super::path::TEMP_PREFIX;
use super::{Created, Entry, EntryKind, Store, StoreError, StorePath};

/// How many entries of one folder are listed.
const MAX_ENTRIES: usize = 1_000_001;
/// How deep leftovers are looked for; no path in a store is deeper.
const MAX_DEPTH: usize = 32;

/// A folder on a local disk as a store.
#[derive(Debug)]
pub struct LocalStore {
    root: Dir,
}

impl LocalStore {
    /// Opens the store whose root is an existing folder.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        Dir::open_ambient_dir(root, ambient_authority())
            .map(|root| Self { root })
            .map_err(|source| StoreError::Root { root: root.display().to_string(), source })
    }

    /// Removes what killed writers left in the folder and below, if last written before `before`; returns how many.
    ///
    /// A writer needs seconds, so an hour before now is safe. Links are not followed.
    pub fn sweep(&self, folder: &StorePath, before: Timestamp) -> Result<usize, StoreError> {
        match self.root.open_dir(folder.as_str()) {
            Ok(dir) => sweep(&dir, before, MAX_DEPTH).map_err(StoreError::io(folder, "sweeping")),
            Err(error) if is_absent(&error) => Ok(0),
            Err(error) => Err(StoreError::io(folder, "opening")(error)),
        }
    }

    /// Opens the file without waiting for anything, such as a writer at the other end of a named pipe.
    fn open_file(&self, path: &StorePath) -> io::Result<Option<File>> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed());
        match self.root.open_with(path.as_str(), &options) {
            Ok(file) => Ok(Some(file.into_std())),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What `look` sees in each entry of the folder.
    fn children<T>(
        &self,
        folder: &StorePath,
        look: impl Fn(&DirEntry) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let opened = match Folder::open(&self.root, folder.as_str()) {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            opened => opened.map_err(StoreError::io(folder, "opening"))?,
        };
        let mut seen = Vec::new();
        for entry in opened.dir().entries().map_err(StoreError::io(folder, "listing"))? {
            seen.extend(look(&entry.map_err(StoreError::io(folder, "listing"))?));
            if seen.len() > MAX_ENTRIES {
                return Err(StoreError::TooMany { path: folder.clone(), limit: MAX_ENTRIES });
            }
        }
        Ok(seen)
    }

    fn folder_of<'a>(&self, path: &'a StorePath) -> Result<(Folder, &'a str), StoreError> {
        let (parent, name) = path.split();
        let folder = Folder::open_or_make(&self.root, parent.unwrap_or("."));
        folder.map(|folder| (folder, name)).map_err(StoreError::io(path, "opening its folder"))
    }
}

impl Store for LocalStore {
    fn read(&self, path: &StorePath, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(file) = self.open_file(path).map_err(StoreError::io(path, "opening"))? else {
            return Ok(None);
        };
        let metadata = file.metadata().map_err(StoreError::io(path, "reading its metadata"))?;
        if !metadata.is_file() {
            return Err(StoreError::NotAFile { path: path.clone() });
        }
        let too_large = || StoreError::TooLarge { path: path.clone(), limit };
        let expected = usize::try_from(metadata.len()).map_err(|_| too_large())?;
        if metadata.len() > limit {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(expected.saturating_add(1));
        // The file may grow while it is read, so the limit holds for the bytes and not for the metadata.
        let mut bounded = file.take(limit.saturating_add(1));
        bounded.read_to_end(&mut bytes).map_err(StoreError::io(path, "reading"))?;
        if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(Some(bytes)) }
    }

    fn create(&self, path: &StorePath, bytes: &[u8]) -> Result<Created, StoreError> {
        let (folder, name) = self.folder_of(path)?;
        folder.create(name, bytes).map_err(StoreError::io(path, "creating"))
    }

    fn replace(&self, path: &StorePath, bytes: &[u8]) -> Result<(), StoreError> {
        let (folder, name) = self.folder_of(path)?;
        folder.replace(name, bytes).map_err(StoreError::io(path, "replacing"))
    }

    fn list(&self, folder: &StorePath) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.children(folder, |entry| describe(&self.root, folder, entry))?;
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn names(&self, folder: &StorePath) -> Result<Vec<String>, StoreError> {
        let mut names = self.children(folder, name_of)?;
        names.sort_unstable();
        Ok(names)
    }

    fn sync(&self, path: &StorePath) -> Result<(), StoreError> {
        if let Some(file) = self.open_file(path).map_err(StoreError::io(path, "opening"))? {
            file.sync_data().map_err(StoreError::io(path, "syncing"))?;
        }
        let (folder, _) = self.folder_of(path)?;
        folder.sync().map_err(StoreError::io(path, "syncing its folder"))
    }
}

/// What the entry is; `None` for a file still being written, or gone since the folder was read.
fn describe(root: &Dir, folder: &StorePath, entry: &DirEntry) -> Option<Entry> {
    let name = name_of(entry)?;
    let Ok(path) = folder.join(&name) else {
        return Some(Entry { name, kind: EntryKind::Other, len: 0, modified: None });
    };
    match entry.metadata() {
        // Only the root knows whether a link's target is still inside of it.
        Ok(metadata) if metadata.is_symlink() => match root.metadata(path.as_str()) {
            Ok(target) => Some(entry_of(name, &target)),
            Err(_) => Some(Entry { name, kind: EntryKind::Other, len: 0, modified: None }),
        },
        Ok(metadata) => Some(entry_of(name, &metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => Some(Entry { name, kind: EntryKind::Other, len: 0, modified: None }),
    }
}

/// The entry's name, unless it is of a file still being written.
fn name_of(entry: &DirEntry) -> Option<String> {
    let name = match entry.file_name().into_string() {
        Ok(name) => name,
        // A control character in place of what is no Unicode makes it a name that no path can have.
        Err(raw) => raw.to_string_lossy().replace(char::REPLACEMENT_CHARACTER, "\u{1a}"),
    };
    (!name.starts_with(TEMP_PREFIX)).then_some(name)
}

fn entry_of(name: String, metadata: &Metadata) -> Entry {
    let kind = if metadata.is_file() {
        EntryKind::File
    } else if metadata.is_dir() {
        EntryKind::Folder
    } else {
        EntryKind::Other
    };
    let len = if metadata.is_file() { metadata.len() } else { 0 };
    Entry { name, kind, len, modified: modified(metadata) }
}

fn modified(metadata: &Metadata) -> Option<Timestamp> {
    Timestamp::try_from(metadata.modified().ok()?.into_std()).ok()
}

fn sweep(dir: &Dir, before: Timestamp, depth: usize) -> io::Result<usize> {
    let mut swept = 0;
    for entry in dir.entries()? {
        let entry = entry?;
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_dir() {
            if depth > 0 {
                swept += sweep(&entry.open_dir()?, before, depth - 1)?;
            }
        } else if entry.file_name().to_string_lossy().starts_with(TEMP_PREFIX)
            && modified(&metadata).is_some_and(|modified| modified < before)
        {
            match entry.remove_file() {
                // Another process may be sweeping too.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => swept += 1,
            }
        }
    }
    Ok(swept)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
