//! What an account's folder holds, as text with line numbers: readers, limits, search.
//!
//! ```text
//! Shelf (any store) ──bytes──► decode ──text──► reader of the format ──► Material ──► Library ──► search
//!                                  │                  │
//!                                  └────── Reason ◄───┘   (a file that cannot be read is skipped, never fatal)
//! ```
//!
//! Everything in here is somebody else's text: it is data to quote, never an instruction to follow.
//! This module must not know who asks, what a prompt is, or where an account's files are kept.
//!
//! # What a line is
//!
//! | format | number |
//! |---|---|
//! | Markdown, plain text, WebVTT, CSV, YAML, JSON | the line in the file |
//! | HTML | the source line on which the block starts, or the block's ordinal where a page is packed into few lines |
//! | DOCX | the ordinal of the paragraph or table row that holds text |
//! | PDF | the ordinal of the text line over all pages; `page` says on which one |
//!
//! Lines without text are left out, so numbers have gaps.

mod date;
mod decode;
mod docx;

mod front_matter;
mod html;
mod library;
mod limits;
mod markdown;
pub mod pdf;
mod plain;
mod read;
mod search;
mod shelf;
mod shortcode;
mod speech;
mod structured;
mod table;
mod webvtt;

use jiff::civil::Date;

pub use date::MONTHS;
pub use library::{Libraries, Library, LibraryError, Skipped};
pub use limits::Limits;
pub use read::{Readers, Reason, read};
pub use search::Hit;
pub use shelf::{Shelf, ShelfError, ShelfFile};
pub use table::Table;

/// One file of an account as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// The path from the account's folder, such as `materials/discovery/2026-01-12.md`.
    pub path: String,
    /// How the file was read.
    pub format: Format,
    /// The title that the file gives itself, or its name.
    pub title: String,
    /// The day the material is about: from its file name, its front matter or its own header.
    pub date: Option<Date>,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal digits.
    pub hash: String,
    /// The lines that hold text, in the order of the file.
    pub lines: Vec<Line>,
    /// What was done to the text on the way, for people who compare it with the file.
    pub notes: Vec<Note>,
}

impl Material {
    /// The lines whose numbers lie in the range, both ends included.
    pub fn lines_between(&self, first: u32, last: u32) -> &[Line] {
        let from = self.lines.partition_point(|line| line.number < first);
        let to = self.lines.partition_point(|line| line.number <= last);
        self.lines.get(from..to).unwrap_or_default()
    }

    /// Bytes of text held, which is what the limits and the cache count.
    pub fn text_bytes(&self) -> usize {
        self.lines.iter().map(|line| line.text.len()).sum()
    }
}

/// One line of a material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where a person finds it; see the module's table. Never falls along a material.
    pub number: u32,
    /// The words, with the source's own spelling.
    pub text: String,
    /// What the line is in its document.
    pub kind: LineKind,
    /// Who says it, where the source tells.
    pub speaker: Option<String>,
    /// The page, for paged formats.
    pub page: Option<u32>,
}

impl Line {
    /// A line that nobody in particular says.
    pub(crate) fn new(number: u32, kind: LineKind, text: impl Into<String>) -> Self {
        Self { number, text: text.into(), kind, speaker: None, page: None }
    }

    /// The words without the time and the name in front of them.
    pub fn said(&self) -> &str {
        let turn = speech::turn(&self.text).filter(|turn| self.speaker.as_deref() == Some(turn.speaker));
        turn.map_or(&self.text, |turn| turn.said)
    }
}

/// What a line is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// A heading, 1 for the highest.
    Heading(u8),
    /// Running text.
    Text,
    /// An item of a list.
    ListItem,
    /// A row of a table; the first row of a CSV file is its header.
    Row,
    /// Something that a named person says.
    Speech,
    /// Front matter and the labelled lines in a note's head.
    Meta,
}

/// The kinds of files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Markdown notes.
    Markdown,
    /// Web pages.
    Html,
    /// Plain text.
    Plain,
    /// Transcripts with times.
    WebVtt,
    /// Tables as comma, semicolon or tab separated values.
    Csv,
    /// YAML records.
    Yaml,
    /// JSON records.
    Json,
    /// Pages, read in a child process.
    Pdf,
    /// Word-processor documents.
    Docx,
}

impl Format {
    /// The format that a path's extension names.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            "txt" | "text" | "log" => Self::Plain,
            "vtt" => Self::WebVtt,
            "csv" | "tsv" => Self::Csv,
            "yaml" | "yml" => Self::Yaml,
            "json" | "ndjson" | "jsonl" => Self::Json,
            "pdf" => Self::Pdf,
            "docx" => Self::Docx,
            _ => return None,
        })
    }
}

/// What was done to a text on the way from its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    /// The file is not UTF-8; this is how its bytes were understood.
    Encoding(&'static str),
    /// So many characters that nobody sees (zero width, direction marks, controls) were taken out.
    HiddenCharacters(usize),
    /// So many elements or comments that a page does not show were left out.
    HiddenBlocks(usize),
    /// Numbers count the blocks, since the file has too few lines to point at.
    Ordinals,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Encoding(name) => write!(f, "read as {name}"),
            Self::HiddenCharacters(count) => write!(f, "{count} invisible characters taken out"),
            Self::HiddenBlocks(count) => write!(f, "{count} hidden parts left out"),
            Self::Ordinals => f.write_str("numbered by block, the file has too few lines"),
        }
    }
}

/// What a format's reader makes of a text, before the limits are checked.
#[derive(Debug, Default)]
struct Draft {
    lines: Vec<Line>,
    title: Option<String>,
    date: Option<Date>,
    notes: Vec<Note>,
}
