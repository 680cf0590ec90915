//! From a file's bytes to its material: the one list of readers, and the reasons why one gives up.
//! Must not know shelves.

use sha2::{Digest, Sha256};

use super::pdf::{PdfError, PdfReader};
use super::{
    Draft, Format, Limits, Material, ShelfError, date, decode, docx, html, markdown, plain, structured,
    table, webvtt,
};

/// What reading needs besides bytes.
#[derive(Debug, Clone, Default)]
pub struct Readers {
    /// The bounds.
    pub limits: Limits,
    /// How PDF files are read; without it they are skipped.
    pub pdf: Option<PdfReader>,
}

/// Why a file is not material. Each says what a person can do about it, where there is something.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// No reader for such files.
    #[error("there is no reader for this kind of file")]
    NoReader,
    /// No program to read PDF files was given.
    #[error("PDF files are not read here")]
    NoPdfReader,
    /// The file is longer than the limit.
    #[error("it has {bytes} bytes, the limit is {limit}; split it")]
    TooLarge {
        /// Its length.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file's text is longer than the limit.
    #[error("it holds more than {limit} bytes of text; split it")]
    TooMuchText {
        /// The limit.
        limit: usize,
    },
    /// The file has more lines than the limit.
    #[error("it has more than {limit} lines; split it")]
    TooManyLines {
        /// The limit.
        limit: usize,
    },
    /// The account has more files than the limit.
    #[error("the account has more than {limit} files; move old ones away")]
    TooManyFiles {
        /// The limit.
        limit: usize,
    },
    /// The account has more text than the limit.
    #[error("the account holds more than {limit} bytes of text; move old files away")]
    TooMuchMaterial {
        /// The limit.
        limit: usize,
    },
    /// The file is no text at all.
    #[error("it is a binary file")]
    Binary,
    /// The file is text in an encoding that cannot be told for sure.
    #[error("its encoding is unclear at byte {offset} (line {line}); save it as UTF-8")]
    Encoding {
        /// The first byte that is not UTF-8.
        offset: usize,
        /// Its line.
        line: usize,
    },
    /// The file opens with a password only.
    #[error("it is encrypted, or written by an old program")]
    Encrypted,
    /// The file does not hold what its kind of file should.
    #[error("it is broken: {0}")]
    Broken(String),
    /// The file does what no honest file of its kind does.
    #[error("it is refused: {0}")]
    Refused(&'static str),
    /// The file was read, and there is no word in it.
    #[error("it holds no text")]
    NoText,
    /// The child process that reads PDF files failed.
    #[error("the PDF reader failed: {0}")]
    Pdf(#[from] PdfError),
    /// The store gave no bytes.
    #[error("failed to {0}")]
    Shelf(#[from] ShelfError),
}

impl Reason {
    /// A parser's complaint, cut to what a person reads.
    pub(super) fn broken(error: &dyn std::fmt::Display) -> Self {
        Self::Broken(error.to_string().chars().take(200).collect())
    }

    /// Whether reading the same bytes again may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Shelf(error) => error.is_transient(),
            Self::Pdf(error) => error.is_transient(),
            _ => false,
        }
    }
}

/// Reads one file.
pub fn read(path: &str, bytes: &[u8], readers: &Readers) -> Result<Material, Reason> {
    let limits = &readers.limits;
    let format = Format::of(path).ok_or(Reason::NoReader)?;
    let length = bytes.len() as u64;
    if length > limits.file_bytes {
        return Err(Reason::TooLarge { bytes: length, limit: limits.file_bytes });
    }
    let draft = match format {
        Format::Pdf => readers.pdf.as_ref().ok_or(Reason::NoPdfReader)?.read(bytes, limits)?,
        Format::Docx => docx::read(bytes)?,
        _ => text(format, bytes, limits)?,
    };
    checked(path, format, bytes, draft, limits)
}

/// Reads one of the formats that are text.
fn text(format: Format, bytes: &[u8], limits: &Limits) -> Result<Draft, Reason> {
    let decoded = decode::decode(bytes)?;
    // Pages are mostly markup, so their text is judged after it is read.
    if format != Format::Html && decoded.text.len() > limits.text_bytes {
        return Err(Reason::TooMuchText { limit: limits.text_bytes });
    }
    if format != Format::Html
        && decoded.text.lines().filter(|row| !row.trim().is_empty()).count() > limits.lines
    {
        return Err(Reason::TooManyLines { limit: limits.lines });
    }
    let read = match format {
        Format::Markdown => markdown::read,
        Format::Html => html::read,
        Format::WebVtt => webvtt::read,
        Format::Csv => table::read,
        Format::Yaml => structured::read_yaml,
        Format::Json => structured::read_json,
        Format::Plain | Format::Pdf | Format::Docx => plain::read,
    };
    let mut draft = read(&decoded.text);
    draft.notes.extend(decoded.notes);
    Ok(draft)
}

/// The finished material, if it is within the limits.
fn checked(
    path: &str,
    format: Format,
    bytes: &[u8],
    draft: Draft,
    limits: &Limits,
) -> Result<Material, Reason> {
    if draft.lines.is_empty() {
        return Err(Reason::NoText);
    }
    if draft.lines.len() > limits.lines {
        return Err(Reason::TooManyLines { limit: limits.lines });
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let material = Material {
        path: path.to_owned(),
        format,
        title: draft.title.unwrap_or_else(|| stem.to_owned()),
        date: date::in_name(name).or(draft.date).or_else(|| date::in_name(path)),
        hash: hash(bytes),
        lines: draft.lines,
        notes: draft.notes,
    };
    if material.text_bytes() > limits.text_bytes {
        return Err(Reason::TooMuchText { limit: limits.text_bytes });
    }
    Ok(material)
}

fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
