//! Reads YAML strictly: what is ambiguous is refused or stays text, and every size has a bound.
//!
//! It knows the parser and its errors; it must not know what the text is about.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{DuplicateKeyPolicy, Error, MergeKeyPolicy, NonFiniteFloatPolicy, Options};

use super::error::{YamlError, line_column};
use super::nearest::nearest;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 48;
/// How many mappings, lists and scalars a file may hold.
const MAX_NODES: usize = 200_000;
/// How many aliases a file may use; people share a block or two, a bomb needs many.
pub(super) const MAX_ALIASES: usize = 100;
/// How many events all aliases together may replay.
const MAX_REPLAYED: usize = 20_000;

/// How much of a message is told, in characters.
const LONGEST_MESSAGE: usize = 200;

/// Reads one document of `text`; `file` is only what errors call it.
///
/// # Errors
/// The first fault, with its place.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, YamlError> {
    refuse_unreadable(file, text)?;
    serde_saphyr::from_str_with_options(text, strict()).map_err(|error| told(file, text, &error))
}

/// Reads one document from bytes that may not even be text.
///
/// # Errors
/// As [`read`], and for bytes that are not UTF-8.
pub fn read_bytes<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, YamlError> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large(file, bytes.len()));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(
            YamlError::whole(file, "is UTF-16 text").hinting(Some("save the file as UTF-8".to_owned()))
        );
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read(file, text),
        Err(error) => Err(not_utf8(file, bytes, error.valid_up_to())),
    }
}

/// Reads one document as a plain value, its keys in the order of the file.
///
/// # Errors
/// As [`read`].
pub fn read_value(file: &str, text: &str) -> Result<Value, YamlError> {
    read(file, text)
}

fn refuse_unreadable(file: &str, text: &str) -> Result<(), YamlError> {
    if text.len() > MAX_BYTES {
        return Err(too_large(file, text.len()));
    }
    if text.starts_with('\u{feff}') {
        return Err(YamlError::at(file, text, 1, 1, "starts with a byte order mark".to_owned())
            .hinting(Some("save the file as UTF-8 without a byte order mark".to_owned())));
    }
    if let Some(offset) = text.find('\0') {
        let (line, column) = line_column(text, offset);
        return Err(YamlError::at(file, text, line, column, "holds a NUL character".to_owned())
            .hinting(Some("remove it; the file may be binary or damaged".to_owned())));
    }
    Ok(())
}

fn too_large(file: &str, bytes: usize) -> YamlError {
    YamlError::whole(file, format!("is {bytes} bytes long, more than the {MAX_BYTES} that are read"))
        .hinting(Some("keep long texts in materials and cite them".to_owned()))
}

fn not_utf8(file: &str, bytes: &[u8], offset: usize) -> YamlError {
    let text = String::from_utf8_lossy(bytes);
    let valid = bytes.get(..offset).map(String::from_utf8_lossy).unwrap_or_default();
    let (line, column) = line_column(&valid, valid.len());
    YamlError::at(file, &text, line, column, "holds bytes that are not UTF-8".to_owned())
        .hinting(Some("save the file as UTF-8".to_owned()))
}

fn strict() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_reader_input_bytes: Some(MAX_BYTES),
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 2 * MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_anchors: MAX_ALIASES,
            max_recorded_anchor_events: MAX_REPLAYED,
            max_recorded_anchor_bytes: MAX_BYTES,
            max_total_scalar_bytes: 2 * MAX_BYTES,
            // The second document is refused in words of its own.
            max_documents: 2,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_REPLAYED,
            max_replay_stack_depth: 8,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        legacy_octal_numbers: false,
        non_finite_float_policy: NonFiniteFloatPolicy::Reject,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// Turns the parser's error into ours: place, words, hint.
fn told(file: &str, text: &str, error: &Error) -> YamlError {
    let error = innermost(error);
    let (message, hint) = words(error);
    let location = error.location().filter(|location| location.line() > 0);
    let told = match location {
        Some(location) => {
            let column = u32::try_from(location.column()).unwrap_or(u32::MAX);
            let line = u32::try_from(location.line()).unwrap_or(u32::MAX);
            YamlError::at(file, text, line, column, message)
        }
        None => YamlError::whole(file, message),
    };
    told.hinting(hint)
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::WithSnippet { error, .. } => innermost(error),
        error => error,
    }
}

/// The words for a fault; the parser's own, where they are meant for people.
fn words(error: &Error) -> (String, Option<String>) {
    match error {
        Error::AliasError { error, .. } => words(error),
        Error::DuplicateMappingKey { key, .. } => (
            match key {
                Some(key) => format!("duplicate key {:?}", cut(key)),
                None => "duplicate key".to_owned(),
            },
            Some("keep one of the two; the other one would be lost".to_owned()),
        ),
        Error::MultipleDocuments { .. } => (
            "a second document starts here".to_owned(),
            Some("keep one document in a file; remove the `---` between them".to_owned()),
        ),
        Error::SerdeUnknownField { field, expected, .. } => unknown("field", field, expected),
        Error::SerdeUnknownVariant { variant, expected, .. } => unknown("value", variant, expected),
        Error::NullIntoString { .. } => (
            "expected text, found nothing".to_owned(),
            Some("write the text, `\"\"` for an empty one, or remove the key".to_owned()),
        ),
        Error::InvalidBooleanStrict { .. } => (
            "expected true or false".to_owned(),
            Some("write true or false; yes, no, on and off are text here".to_owned()),
        ),
        Error::MergeKeyNotAllowed { .. } => {
            ("merge keys (`<<`) are not read".to_owned(), Some("write the fields out".to_owned()))
        }
        Error::Unexpected { expected, .. } => (kind_of_node(expected), None),
        Error::InvalidScalar { ty, .. } => (kind_of_scalar(ty), None),
        Error::Budget { breach, .. } => (over_budget(breach), None),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            ("aliases repeat too much of the file".to_owned(), None)
        }
        error => (plain(&error.render_with_formatter(&serde_saphyr::UserMessageFormatter)), None),
    }
}

fn kind_of_node(expected: &str) -> String {
    match expected {
        "sequence start" => "expected a list".to_owned(),
        "mapping start" => "expected a mapping of keys to values".to_owned(),
        "string scalar" => "expected a single value".to_owned(),
        other => format!("expected {other}"),
    }
}

fn kind_of_scalar(rust_type: &str) -> String {
    match rust_type {
        "f32" | "f64" | "floating point" => "expected a number".to_owned(),
        whole if whole.starts_with(['u', 'i']) => format!("expected a whole number ({whole})"),
        other => format!("invalid {other}"),
    }
}

fn unknown(what: &str, given: &str, known: &[&'static str]) -> (String, Option<String>) {
    let hint = match nearest(given, known.iter().copied()) {
        Some(name) => Some(format!("did you mean {name:?}?")),
        None if known.is_empty() => None,
        None => Some(format!("known are: {}", known.join(", "))),
    };
    (format!("unknown {what} {:?}", cut(given)), hint)
}

fn over_budget(breach: &BudgetBreach) -> String {
    match breach {
        BudgetBreach::Depth { .. } => format!("is nested deeper than {MAX_DEPTH} levels"),
        BudgetBreach::Aliases { .. } | BudgetBreach::Anchors { .. } => {
            format!("uses more than {MAX_ALIASES} anchors or aliases")
        }
        BudgetBreach::Nodes { .. } => format!("holds more than {MAX_NODES} values"),
        breach => format!("is too large to read ({breach:?})"),
    }
}

/// The parser ends some messages with the place, which stands in front of ours already.
fn plain(message: &str) -> String {
    let first = message.lines().next().unwrap_or("cannot be read");
    let without = first.rsplit_once(" at line ").map_or(first, |(before, _)| before);
    cut(without.trim_end_matches([':', ' ']))
}

/// Words of the file may be quoted in a message, and a file may hold words of any length.
fn cut(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
