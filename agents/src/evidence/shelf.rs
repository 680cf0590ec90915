//! Folded materials, kept for as long as there is room, so that each is folded once and not per task.
//! It must not know accounts: a material is known by its path and the hash of its bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tools::material::Material;

use super::cells::Cells;
use super::index::{Index, View};
use crate::orders::Ordered;

/// A material's words: all of its lines, and apart from that what is said on them, if anybody speaks.
#[derive(Debug)]
pub(super) struct Views {
    pub(super) views: Vec<Index>,
    cells: OnceLock<Option<Cells>>,
    ordered: OnceLock<Ordered>,
}

impl Views {
    fn of(material: &Material) -> Self {
        let mut views = vec![Index::of(material, View::Whole)];
        if material.lines.iter().any(|line| line.speaker.is_some() && line.said() != line.text) {
            views.push(Index::of(material, View::Said));
        }
        Self { views, cells: OnceLock::new(), ordered: OnceLock::new() }
    }

    /// The material's cells, if it is a table; taken apart when somebody first calculates with them.
    pub(super) fn cells(&self, material: &Material) -> Option<&Cells> {
        self.cells.get_or_init(|| Cells::of(material)).as_ref()
    }

    /// The lines that belong to orders to software.
    pub(super) fn ordered(&self, material: &Material) -> &Ordered {
        self.ordered.get_or_init(|| Ordered::of(material))
    }

    /// Whether the material has this folded word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.views.iter().any(|view| view.id(word).is_some())
    }
}

/// The folded materials that were used last, up to a bound on their text.
#[derive(Debug)]
pub struct Folds {
    bound: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    views: HashMap<(String, String), Entry>,
    bytes: usize,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    used: u64,
    bytes: usize,
    views: Arc<Views>,
}

impl Default for Folds {
    fn default() -> Self {
        Self::new(16 << 20)
    }
}

impl Folds {
    /// Keeps the folded form of up to `bound` bytes of text; it takes some eight times as much memory.
    pub fn new(bound: usize) -> Self {
        Self { bound, kept: Mutex::default() }
    }

    pub(super) fn get(&self, material: &Material) -> Arc<Views> {
        let key = (material.path.clone(), material.hash.clone());
        if let Some(views) = self.lock().used(&key) {
            return views;
        }
        // Folded outside the lock: two tasks may do the same work, but none waits for another's.
        let views = Arc::new(Views::of(material));
        self.lock().keep(key, material.text_bytes(), Arc::clone(&views), self.bound);
        views
    }

    /// What is kept stays whole if a task panicked, since it is only ever replaced.
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn used(&mut self, key: &(String, String)) -> Option<Arc<Views>> {
        self.uses += 1;
        let entry = self.views.get_mut(key)?;
        entry.used = self.uses;
        Some(Arc::clone(&entry.views))
    }

    fn keep(&mut self, key: (String, String), bytes: usize, views: Arc<Views>, bound: usize) {
        self.uses += 1;
        let entry = Entry { used: self.uses, bytes, views };
        self.bytes += bytes;
        self.bytes -= self.views.insert(key, entry).map_or(0, |old| old.bytes);
        while self.bytes > bound {
            let oldest = self.views.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
            let Some(gone) = oldest.and_then(|key| self.views.remove(&key)) else { break };
            self.bytes -= gone.bytes;
        }
    }
}
