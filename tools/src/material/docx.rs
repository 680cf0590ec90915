//! Word-processor documents (Office Open XML) as paragraphs and table rows.
//! Must not know anything of the package but its main text.
//!
//! The package is untrusted: its text is read up to a bound whatever its directory promises, a document
//! type or an entity of its own is refused, and so is deep nesting. Deleted, moved and hidden text is left out.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{Draft, Line, LineKind, Note, Reason, decode, plain};

/// Office writes packages of a few dozen parts.
const PARTS: usize = 5_000;
/// Markup is some ten times its text, so this is beyond what the limit on text lets through.
const XML_BYTES: u64 = 32 << 20;
const DEPTH: usize = 256;
const MAIN_PART: &str = "word/document.xml";

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Draft, Reason> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Reason::Encrypted);
    }
    let xml = main_part(bytes)?;
    let mut text = Text::default();
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().map_err(|error| Reason::broken(&error))? {
            Event::Start(tag) => text.start(&tag)?,
            Event::Empty(tag) => {
                text.start(&tag)?;
                text.end(tag.local_name().into_inner());
            }
            Event::End(tag) => text.end(tag.local_name().into_inner()),
            Event::Text(words) => text.words(&words),
            Event::CData(words) => text.words(&words),
            Event::GeneralRef(reference) => text.words(&character(&reference)?),
            Event::DocType(_) => return Err(Reason::Refused("it declares a document type")),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    text.flush();
    let notes = if text.unseen > 0 { vec![Note::HiddenCharacters(text.unseen)] } else { Vec::new() };
    Ok(plain::finish(Draft { lines: text.lines, notes, ..Draft::default() }))
}

/// The document's own part, unpacked up to the bound.
fn main_part(bytes: &[u8]) -> Result<String, Reason> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| Reason::broken(&error))?;
    if archive.len() > PARTS {
        return Err(Reason::Refused("it holds too many parts"));
    }
    let index = archive.index_for_name(MAIN_PART).ok_or(Reason::Refused("it holds no document text"))?;
    let raw = archive.by_index_raw(index).map_err(|error| Reason::broken(&error))?;
    if raw.encrypted() {
        return Err(Reason::Encrypted);
    }
    drop(raw);
    let part = archive.by_index(index).map_err(|error| Reason::broken(&error))?;
    let mut xml = Vec::new();
    part.take(XML_BYTES + 1).read_to_end(&mut xml).map_err(|error| Reason::broken(&error))?;
    if xml.len() as u64 > XML_BYTES {
        return Err(Reason::Refused("it unpacks to more than 32 MiB"));
    }
    String::from_utf8(xml).map_err(|error| Reason::broken(&error))
}

/// The character that a reference stands for; a document may not bring entities of its own.
fn character(reference: &BytesRef<'_>) -> Result<String, Reason> {
    let character = match reference.resolve_char_ref().map_err(|error| Reason::broken(&error))? {
        Some(character) => Some(character),
        None => match &**reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        },
    };
    character.map(String::from).ok_or(Reason::Refused("it uses an entity of its own"))
}

/// The text so far and where in the markup the reader stands.
#[derive(Default)]
struct Text {
    lines: Vec<Line>,
    unseen: usize,
    paragraph: String,
    kind: Option<LineKind>,
    depth: usize,
    /// The depth of the element whose text is left out.
    skipping: Option<usize>,
    in_words: bool,
    in_run: bool,
    hidden_run: bool,
    rows: usize,
}

impl Text {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Reason> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Reason::Refused("its markup is nested too deep"));
        }
        let name = tag.local_name().into_inner();
        match name {
            "del" | "moveFrom" | "Fallback" | "instrText" if self.skipping.is_none() => {
                self.skipping = Some(self.depth);
            }
            "p" if self.rows == 0 => self.flush(),
            "p" | "tab" | "br" | "cr" => self.paragraph.push(' '),
            "tr" => self.start_row(),
            "tc" if !self.paragraph.trim().is_empty() => self.paragraph.push_str(" | "),
            "r" => (self.in_run, self.hidden_run) = (true, false),
            "vanish" if self.in_run => {
                self.hidden_run = value(tag).is_none_or(|value| is_on(&value));
            }
            "t" => self.in_words = true,
            "noBreakHyphen" => self.words_shown("-"),
            _ => self.style(name, tag),
        }
        Ok(())
    }

    /// What the paragraph's properties say that it is.
    fn style(&mut self, name: &str, tag: &BytesStart<'_>) {
        let found = match name {
            "pStyle" => value(tag).and_then(|style| styled(&style)),
            "outlineLvl" => value(tag)
                .and_then(|level| level.parse().ok())
                .filter(|level| *level < 6)
                .map(|level: u8| LineKind::Heading(level + 1)),
            "numPr" if self.kind.is_none() => Some(LineKind::ListItem),
            _ => None,
        };
        if self.rows == 0 && found.is_some() {
            self.kind = found;
        }
    }

    fn start_row(&mut self) {
        if self.rows == 0 {
            self.flush();
        }
        self.rows += 1;
    }

    fn end(&mut self, name: &str) {
        if self.skipping == Some(self.depth) {
            self.skipping = None;
        }
        self.depth = self.depth.saturating_sub(1);
        match name {
            "t" => self.in_words = false,
            "r" => (self.in_run, self.hidden_run) = (false, false),
            "p" if self.rows == 0 => self.flush(),
            "tr" => {
                self.rows = self.rows.saturating_sub(1);
                if self.rows == 0 {
                    self.kind = Some(LineKind::Row);
                    self.flush();
                }
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.in_words && !self.hidden_run && self.skipping.is_none() {
            self.words_shown(words);
        }
    }

    fn words_shown(&mut self, words: &str) {
        let before = self.paragraph.len();
        let is_hidden = |c: char| decode::is_unseen(c) || (c.is_control() && !c.is_whitespace());
        self.paragraph.extend(words.chars().filter(|c| !is_hidden(*c)));
        if self.paragraph.len() - before < words.len() {
            self.unseen += 1;
        }
    }

    fn flush(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let kind = self.kind.take();
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.trim_matches(['|', ' ']);
        if text.chars().any(char::is_alphanumeric) {
            let number = u32::try_from(self.lines.len() + 1).unwrap_or(u32::MAX);
            self.lines.push(Line::new(number, kind.unwrap_or_else(|| plain::kind(text)), text));
        }
    }
}

/// The value of a property, `w:val`.
fn value(tag: &BytesStart<'_>) -> Option<String> {
    tag.attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().into_inner() == "val")
        .map(|attribute| attribute.value.into_owned())
}

fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off")
}

/// What a paragraph style's id says, in the names that Office gives.
fn styled(style: &str) -> Option<LineKind> {
    let style = style.to_lowercase();
    let level = style.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number: u8 = style[level..].parse().unwrap_or(1);
    if style.contains("heading") || style.starts_with("berschrift") || style.starts_with("titre") {
        Some(LineKind::Heading(number.clamp(1, 6)))
    } else if style == "title" {
        Some(LineKind::Heading(1))
    } else if style.starts_with("list") {
        Some(LineKind::ListItem)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn package(part: &str, xml: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(part, zip::write::SimpleFileOptions::default()).expect("start");
        writer.write_all(xml.as_bytes()).expect("write");
        writer.finish().expect("finish").into_inner()
    }

    fn document(body: &str) -> Vec<u8> {
        package(MAIN_PART, &format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>"))
    }

    fn check(bytes: &[u8], expected: &[(u32, LineKind, &str)]) {
        let draft = read(bytes).expect("a readable document");
        let lines: Vec<(u32, LineKind, &str)> =
            draft.lines.iter().map(|line| (line.number, line.kind, line.text.as_str())).collect();
        assert_eq!(lines, expected);
    }

    fn refused(bytes: &[u8], expected: &str) {
        assert_eq!(read(bytes).expect_err("refused").to_string(), expected);
    }

    #[test]
    fn paragraphs_headings_lists_and_tables() {
        check(
            &document(
                "<w:p><w:pPr><w:pStyle w:val='Heading2'/></w:pPr><w:r><w:t>Challenge</w:t></w:r></w:p>\
                 <w:p/><w:p><w:r><w:t xml:space='preserve'>R&amp;D is </w:t></w:r><w:r><w:t>slow&#33;</w:t></w:r></w:p>\
                 <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>item</w:t></w:r></w:p>\
                 <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            ),
            &[
                (1, LineKind::Heading(2), "Challenge"),
                (2, LineKind::Text, "R&D is slow!"),
                (3, LineKind::ListItem, "item"),
                (4, LineKind::Row, "a | b"),
            ],
        );
    }

    #[test]
    fn deleted_moved_and_hidden_text_is_left_out() {
        check(
            &document(
                "<w:p><w:del><w:r><w:t>no</w:t></w:r></w:del><w:moveFrom><w:r><w:t>no</w:t></w:r></w:moveFrom>\
                 <w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>yes</w:t></w:r></w:p>",
            ),
            &[(1, LineKind::Text, "yes")],
        );
    }

    #[test]
    fn hostile_packages_are_refused() {
        refused(&package("other.xml", "<a/>"), "it is refused: it holds no document text");
        refused(
            &package(MAIN_PART, "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><a>&b;</a>"),
            "it is refused: it declares a document type",
        );
        refused(
            &document("<w:p><w:r><w:t>&own;</w:t></w:r></w:p>"),
            "it is refused: it uses an entity of its own",
        );
        refused(&document(&"<w:p>".repeat(300)), "it is refused: its markup is nested too deep");
        refused(&package(MAIN_PART, &" ".repeat(40 << 20)), "it is refused: it unpacks to more than 32 MiB");
        refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1], "it is encrypted, or written by an old program");
        assert!(matches!(read(b"PK\x03\x04rest"), Err(Reason::Broken(_))));
    }
}
