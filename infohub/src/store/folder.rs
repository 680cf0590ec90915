//! One open folder of the local store, and how a file gets into it whole.
//!
//! ```text
//! temp file ─► write ─► sync ─► link (create) or rename (replace) ─► sync the folder
//! ```
//!
//! A process killed on the way leaves a temp file, which nobody can name and `LocalStore::sweep` removes.
//! Names given to a `Folder` are single checked parts, so nothing here can step out of it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use cap_std::fs::{Dir, File, OpenOptions, OpenOptionsExt};
use rustix::fs::{AtFlags, FileType, Mode, OFlags};

use super::Created;
use super::path::TEMP_PREFIX;

/// How many temp names are tried; a second one is needed only when two processes draw the same 64 bits.
const TEMP_ATTEMPTS: u32 = 4;

/// An open folder.
pub(super) struct Folder {
    dir: Dir,
}

impl Folder {
    /// Opens the folder `path` below `root`; links inside the root are followed, links out of it refused.
    pub(super) fn open(root: &Dir, path: &str) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // A folder opened for reading, unlike one opened as a mere place, can be synced.
        options.read(true).custom_flags(OFlags::DIRECTORY.bits().cast_signed());
        let file = root.open_with(path, &options)?;
        Ok(Self { dir: Dir::from_std_file(file.into_std()) })
    }

    /// Opens the folder and makes it first, with what is missing above it, if it is not there.
    pub(super) fn open_or_make(root: &Dir, path: &str) -> io::Result<Self> {
        match Self::open(root, path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        let mut folder = Self::open(root, ".")?;
        for part in path.split('/') {
            folder = match Self::open(&folder.dir, part) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => folder.make(part)?,
                // A link to elsewhere inside the root is an escape as seen from this folder, so ask the root.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Self::open(root, path);
                }
                opened => opened?,
            };
        }
        Ok(folder)
    }

    fn make(&self, part: &str) -> io::Result<Self> {
        match self.dir.create_dir(part) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            // Whoever made it, a file in it is only as durable as the folder's own name.
            _ => self.sync()?,
        }
        Self::open(&self.dir, part)
    }

    /// Makes the file unless its name is taken.
    pub(super) fn create(&self, name: &str, bytes: &[u8]) -> io::Result<Created> {
        let mut temp = Temp::new(self)?;
        temp.fill(bytes)?;
        let linked = self.dir.hard_link(&temp.name, &self.dir, name);
        drop(temp);
        let created = match linked {
            Ok(()) => Created::New,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Created::Exists,
            Err(error) => return Err(error),
        };
        self.sync()?;
        Ok(created)
    }

    /// Puts the file in the place of whatever has its name; permissions that people gave to the old file stay.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut temp = Temp::new(self)?;
        self.keep_mode(name, &temp.file)?;
        temp.fill(bytes)?;
        self.dir.rename(&temp.name, &self.dir, name)?;
        temp.gone = true;
        self.sync()
    }

    fn keep_mode(&self, name: &str, file: &File) -> io::Result<()> {
        let Ok(old) = rustix::fs::statat(&self.dir, name, AtFlags::SYMLINK_NOFOLLOW) else {
            return Ok(());
        };
        let new = rustix::fs::fstat(file)?;
        if FileType::from_raw_mode(old.st_mode) == FileType::RegularFile && old.st_mode != new.st_mode {
            rustix::fs::fchmod(file, Mode::from_raw_mode(old.st_mode))?;
        }
        Ok(())
    }

    /// Makes the names in this folder survive a power loss.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.dir)?)
    }

    /// The folder for calls of its own.
    pub(super) fn dir(&self) -> &Dir {
        &self.dir
    }
}

/// A file being written under a name that no path can have; it goes away with its owner.
struct Temp<'a> {
    folder: &'a Folder,
    file: File,
    name: String,
    gone: bool,
}

impl<'a> Temp<'a> {
    fn new(folder: &'a Folder) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut attempt = 1;
        loop {
            let name = temp_name();
            match folder.dir.open_with(&name, &options) {
                Ok(file) => return Ok(Self { folder, file, name, gone: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < TEMP_ATTEMPTS => {
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        // The length is part of what is needed to read the data back, so syncing the data is enough.
        self.file.sync_data()
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.gone {
            // A temp file that stays harms nobody and is swept later; there is no one to tell here.
            let _ = self.folder.dir.remove_file(&self.name);
        }
    }
}

/// A name that differs between processes, on whatever machines they run, and within one.
fn temp_name() -> String {
    static PROCESS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{TEMP_PREFIX}{:016x}", PROCESS.hash_one(number))
}
