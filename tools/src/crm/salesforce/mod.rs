//! Salesforce exports: tables (CSV), record trees and query answers (JSON), recorded REST answers (YAML).
//! Must not know plans or events.

mod answer;
mod describe;
mod fields;
mod object;
mod table;
mod tree;

use jiff::Timestamp;

use super::{CrmBatch, CrmError};

pub use describe::{Choice, Description, Field, describe, stages};

/// Bytes of one export.
const BYTES: usize = 64 << 20;
/// Records of one export.
const RECORDS: usize = 200_000;

/// What the file's name tells of an export, and when it was taken.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    as_of: Timestamp,
}

/// Reads an export; `as_of` is when it was taken, for records that do not say when they were changed.
pub fn read(name: &str, bytes: &[u8], as_of: Timestamp) -> Result<CrmBatch, CrmError> {
    let text = text(name, bytes)?;
    let source = Source { name, as_of };
    match kind(name, text) {
        Some(Kind::Table) => table::read(source, text),
        Some(Kind::Json) => tree::read(source, text),
        Some(Kind::Recorded) => tree::read(source, &answer::body(name, text)?),
        None => Err(CrmError::UnknownKind { name: name.to_owned() }),
    }
}

fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, CrmError> {
    if bytes.len() > BYTES {
        return Err(CrmError::TooLarge { name: name.to_owned(), bytes: bytes.len(), limit: BYTES });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes)
        .map_err(|error| CrmError::Encoding { name: name.to_owned(), offset: error.valid_up_to() })
}

enum Kind {
    Table,
    Json,
    Recorded,
}

/// The kind of an export by its name's ending, or by its first character.
fn kind(name: &str, text: &str) -> Option<Kind> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv") => Some(Kind::Table),
        Some("json") => Some(Kind::Json),
        Some("yaml" | "yml") => Some(Kind::Recorded),
        _ if text.trim_start().starts_with(['{', '[']) => Some(Kind::Json),
        _ => None,
    }
}
