//! An account's materials as the readers want them: a listing and bytes, from whatever store there is.

use infohub::hub::{HubError, InfoHub};
use infohub::ids::AccountSlug;
use infohub::store::{EntryKind, StoreError, StorePath};
use tools::material::{Shelf, ShelfError, ShelfFile};

/// The folder of an account's materials.
pub const MATERIALS: &str = "materials";
/// How deep folders of materials may lie in one another.
const DEEPEST: usize = 8;

/// The materials of one account.
pub struct AccountShelf<'a> {
    hub: &'a InfoHub,
    folder: StorePath,
}

impl<'a> AccountShelf<'a> {
    /// The shelf of this account; it may be empty.
    pub fn new(hub: &'a InfoHub, slug: &AccountSlug) -> Result<Self, HubError> {
        Ok(Self { hub, folder: hub.folder(slug)? })
    }

    fn collect(&self, below: &str, depth: usize, files: &mut Vec<ShelfFile>) -> Result<(), StoreError> {
        // A name that no path can have stays unread, and so does what lies too deep.
        let Ok(folder) = self.folder.join(below) else { return Ok(()) };
        for entry in self.hub.store().list(&folder)? {
            let path = format!("{below}/{}", entry.name);
            match entry.kind {
                EntryKind::File => files.push(ShelfFile { path, len: entry.len, modified: entry.modified }),
                EntryKind::Folder if depth < DEEPEST => self.collect(&path, depth + 1, files)?,
                EntryKind::Folder | EntryKind::Other => {}
            }
        }
        Ok(())
    }
}

impl Shelf for AccountShelf<'_> {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        let mut files = Vec::new();
        self.collect(MATERIALS, 0, &mut files).map_err(io)?;
        Ok(files)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ShelfError> {
        let path = self.folder.join(path).map_err(|_| ShelfError::Gone)?;
        self.hub.store().read(&path, limit).map_err(io)?.ok_or(ShelfError::Gone)
    }
}

fn io(error: StoreError) -> ShelfError {
    match error {
        StoreError::TooLarge { limit, .. } => ShelfError::TooLarge { limit },
        other => ShelfError::Io(std::io::Error::other(other)),
    }
}
