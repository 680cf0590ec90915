//! What lies in an account's folder, and which of it is not as the journal says. Nothing is parsed here.

use std::collections::BTreeMap;

use super::{BookFile, Files, HubError, InfoHub, MAX_FILE, Register};
use crate::journal::Hash;
use crate::store::{StoreError, StorePath};
use crate::yaml::YamlError;

/// The files of the book that are there.
#[derive(Debug, Default)]
pub(super) struct Present {
    files: BTreeMap<BookFile, Found>,
}

/// What one of them holds.
#[derive(Debug)]
pub(super) enum Found {
    /// Bytes with their hash.
    Bytes(Vec<u8>, Hash),
    /// More than is read, or no regular file.
    Unreadable(YamlError),
}

impl Present {
    /// What stands under the file's name, if anything does.
    pub(super) fn get(&self, file: BookFile) -> Option<&Found> {
        self.files.get(&file)
    }

    /// The file's bytes, if they have this hash.
    pub(super) fn with_hash(&self, file: BookFile, wanted: Hash) -> Option<&[u8]> {
        match self.files.get(&file) {
            Some(Found::Bytes(bytes, hash)) if *hash == wanted => Some(bytes),
            _ => None,
        }
    }

    /// The files that are not as the journal says. Registers without any plan only wait for one.
    pub(super) fn touched(&self, files: &Files) -> Vec<BookFile> {
        if self.has_no_plan(files) {
            return Vec::new();
        }
        let as_written = |file: &BookFile| match (self.files.get(file), files.hash(*file)) {
            (None, None) => true,
            (Some(Found::Bytes(_, found)), Some(known)) => *found == known,
            _ => false,
        };
        BookFile::all().filter(|file| !as_written(file)).collect()
    }

    /// Registers that people wrote before there is a plan.
    pub(super) fn waiting(&self, files: &Files) -> Vec<Register> {
        if !self.has_no_plan(files) {
            return Vec::new();
        }
        Register::ALL
            .into_iter()
            .filter(|register| self.files.contains_key(&BookFile::Register(*register)))
            .collect()
    }

    fn has_no_plan(&self, files: &Files) -> bool {
        files.plan.is_none() && !self.files.contains_key(&BookFile::Plan)
    }
}

impl InfoHub {
    /// Reads the files of the book. One listing of the folder spares looking for registers that are not there.
    pub(super) fn present(&self, folder: &StorePath) -> Result<Present, HubError> {
        let names = self.store().names(folder)?;
        let listed = |file: &BookFile| {
            matches!(file, BookFile::Plan)
                || names.binary_search_by(|name| name.as_str().cmp(file.name())).is_ok()
        };
        let mut present = Present::default();
        for file in BookFile::all().filter(listed) {
            if let Some(found) = self.found(&folder.join(file.path())?)? {
                present.files.insert(file, found);
            }
        }
        Ok(present)
    }

    fn found(&self, path: &StorePath) -> Result<Option<Found>, HubError> {
        let message = match self.store().read(path, MAX_FILE) {
            Ok(None) => return Ok(None),
            Ok(Some(bytes)) => {
                let hash = Hash::of(&bytes);
                return Ok(Some(Found::Bytes(bytes, hash)));
            }
            Err(StoreError::TooLarge { limit, .. }) => {
                format!("larger than the {limit} bytes that are read of such a file")
            }
            Err(StoreError::NotAFile { .. }) => "not a regular file".to_owned(),
            Err(StoreError::Escape { .. }) => "leads out of the store through a link".to_owned(),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Found::Unreadable(YamlError::whole(path.as_str(), message))))
    }
}
