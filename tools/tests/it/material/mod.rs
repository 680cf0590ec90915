//! Readers and library, from the outside.

mod case_studies;
mod hostile;
mod library;
mod pdf;
mod transcripts;

use tools::material::{Material, Readers, Reason, read};

/// Reads one file with the default limits.
fn material(path: &str, bytes: &[u8]) -> Result<Material, Reason> {
    read(path, bytes, &Readers::default())
}
