//! All material of one account, read once and kept while nothing changes.
//! Must not know stores, prompts or tasks.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::search::{Hit, Index};
use super::{Line, Material, Readers, Reason, Shelf, ShelfError, ShelfFile, read};

/// Why an account has no library at all; single files are skipped instead.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The shelf did not say what there is.
    #[error("failed to list the account's material")]
    List(#[source] ShelfError),
}

impl LibraryError {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        let Self::List(error) = self;
        error.is_transient()
    }
}

/// A file that was not read, and why.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// The path from the account's folder.
    pub path: String,
    /// Why.
    pub reason: Arc<Reason>,
}

type Outcome = Result<Arc<Material>, Arc<Reason>>;

/// The material of one account.
#[derive(Debug, Default)]
pub struct Library {
    files: Vec<ShelfFile>,
    outcomes: BTreeMap<String, Outcome>,
    index: OnceLock<Index>,
}

impl Library {
    /// Reads all files of a shelf.
    pub fn load(shelf: &dyn Shelf, readers: &Readers) -> Result<Self, LibraryError> {
        Ok(Self::after(&Self::default(), listed(shelf)?, shelf, readers))
    }

    /// Reads a shelf, taking over what an earlier library of the same account read and nobody has changed.
    fn after(earlier: &Self, files: Vec<ShelfFile>, shelf: &dyn Shelf, readers: &Readers) -> Self {
        let limits = &readers.limits;
        let mut outcomes = BTreeMap::new();
        let mut text_bytes = 0usize;
        for (nth, file) in files.iter().enumerate() {
            let outcome = if nth >= limits.files {
                Err(Arc::new(Reason::TooManyFiles { limit: limits.files }))
            } else if text_bytes >= limits.account_text_bytes {
                Err(Arc::new(Reason::TooMuchMaterial { limit: limits.account_text_bytes }))
            } else {
                earlier.unchanged(file).unwrap_or_else(|| outcome(shelf, file, readers))
            };
            text_bytes += outcome.as_ref().map_or(0, |material| material.text_bytes());
            outcomes.insert(file.path.clone(), outcome);
        }
        Self { files, outcomes, index: OnceLock::new() }
    }

    /// The outcome for a file that is still what it was when it was read.
    fn unchanged(&self, file: &ShelfFile) -> Option<Outcome> {
        file.modified?;
        let at = self.files.binary_search_by(|known| known.path.cmp(&file.path)).ok()?;
        let outcome = self.outcomes.get(&file.path)?;
        let stands = match outcome {
            Ok(_) => true,
            Err(reason) => !reason.is_transient() && !depends_on_others(reason),
        };
        (self.files.get(at) == Some(file) && stands).then(|| outcome.clone())
    }

    /// One material by its path.
    pub fn get(&self, path: &str) -> Option<&Material> {
        self.outcomes.get(path)?.as_deref().ok()
    }

    /// The lines of a material whose numbers lie in the range, both ends included.
    pub fn lines(&self, path: &str, first: u32, last: u32) -> &[Line] {
        self.get(path).map(|material| material.lines_between(first, last)).unwrap_or_default()
    }

    /// All material, by path.
    pub fn materials(&self) -> impl Iterator<Item = &Material> {
        self.outcomes.values().filter_map(|outcome| outcome.as_deref().ok())
    }

    /// The files that were not read, by path.
    pub fn skipped(&self) -> impl Iterator<Item = Skipped> {
        self.outcomes.iter().filter_map(|(path, outcome)| {
            let reason = outcome.as_ref().err()?;
            Some(Skipped { path: path.clone(), reason: Arc::clone(reason) })
        })
    }

    /// The passages that fit a query best, at most `limit`; same query, same answer.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let index = self.index.get_or_init(|| Index::of(self.materials()));
        index.search(query, limit, |path, first, last| self.lines(path, first, last))
    }

    /// Bytes of text held.
    pub fn text_bytes(&self) -> usize {
        self.materials().map(Material::text_bytes).sum()
    }
}

/// The shelf's files by path, each path once.
fn listed(shelf: &dyn Shelf) -> Result<Vec<ShelfFile>, LibraryError> {
    let mut files = shelf.files().map_err(LibraryError::List)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

fn outcome(shelf: &dyn Shelf, file: &ShelfFile, readers: &Readers) -> Outcome {
    let outcome = from_shelf(shelf, file, readers);
    match &outcome {
        Ok(material) => tracing::debug!(path = material.path, lines = material.lines.len(), "material read"),
        Err(reason) => tracing::info!(path = file.path, %reason, "material skipped"),
    }
    outcome.map(Arc::new).map_err(Arc::new)
}

fn from_shelf(shelf: &dyn Shelf, file: &ShelfFile, readers: &Readers) -> Result<Material, Reason> {
    let limit = readers.limits.file_bytes;
    if super::Format::of(&file.path).is_none() {
        return Err(Reason::NoReader);
    }
    if file.len > limit {
        return Err(Reason::TooLarge { bytes: file.len, limit });
    }
    let bytes = shelf.read(&file.path, limit)?;
    read(&file.path, &bytes, readers)
}

/// Whether a file was skipped for what else was on the shelf.
fn depends_on_others(reason: &Reason) -> bool {
    matches!(reason, Reason::TooManyFiles { .. } | Reason::TooMuchMaterial { .. })
}

/// The libraries of the accounts that were worked on last, up to a bound on their text.
///
/// A listing is taken each time; files are read again only where path, length or time of change differ.
#[derive(Debug)]
pub struct Libraries {
    bound: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_account: HashMap<String, (u64, Arc<Library>)>,
    uses: u64,
}

impl Libraries {
    /// Keeps up to `bound` bytes of text.
    pub fn new(bound: usize) -> Self {
        Self { bound, kept: Mutex::new(Kept::default()) }
    }

    /// The library of an account as its shelf is now.
    pub fn load(
        &self,
        account: &str,
        shelf: &dyn Shelf,
        readers: &Readers,
    ) -> Result<Arc<Library>, LibraryError> {
        let files = listed(shelf)?;
        let earlier = self.lock().used(account).unwrap_or_default();
        if earlier.is_current(&files) {
            return Ok(earlier);
        }
        let library = Arc::new(Library::after(&earlier, files, shelf, readers));
        self.lock().keep(account, Arc::clone(&library), self.bound);
        Ok(library)
    }

    /// What is kept stays whole if a reader panicked, since it is only ever replaced.
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Library {
    /// Whether reading the listed files now would give this library again.
    fn is_current(&self, files: &[ShelfFile]) -> bool {
        let failed_for_now = |outcome: &Outcome| outcome.as_ref().is_err_and(|reason| reason.is_transient());
        self.files == files
            && files.iter().all(|file| file.modified.is_some())
            && !self.outcomes.values().any(failed_for_now)
    }
}

impl Kept {
    fn used(&mut self, account: &str) -> Option<Arc<Library>> {
        self.uses += 1;
        let (used, library) = self.by_account.get_mut(account)?;
        *used = self.uses;
        Some(Arc::clone(library))
    }

    fn keep(&mut self, account: &str, library: Arc<Library>, bound: usize) {
        self.uses += 1;
        self.by_account.insert(account.to_owned(), (self.uses, library));
        let mut total: usize = self.by_account.values().map(|(_, library)| library.text_bytes()).sum();
        while total > bound {
            let oldest =
                self.by_account.iter().min_by_key(|(_, (used, _))| *used).map(|(account, _)| account.clone());
            let Some((_, library)) = oldest.and_then(|account| self.by_account.remove(&account)) else {
                break;
            };
            total -= library.text_bytes();
        }
    }
}
