//! Web pages as blocks of text. Must not know sites; what a browser would not show is not text.
//!
//! The tokenizer follows the web's own rules and never fails. No tree is built: block elements end
//! lines, and a hidden element is skipped to its end tag, which is all that plain reading needs.

mod element;

use html5gum::{DefaultEmitter, EndTag, Spanned, StartTag, Token, Tokenizer};

use element::{has_optional_end, heading, is_block, is_hidden, is_unseen, is_void};

use super::{Draft, Line, LineKind, Note, front_matter, plain, shortcode};

/// Reads a page, with or without a front matter before it.
pub(super) fn read(text: &str) -> Draft {
    let front = front_matter::split(text);
    let blanked = shortcode::blank(&text[front.bytes..]);
    let mut page = Page::new(&blanked, front.rows);
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(blanked.text.as_str(), emitter) {
        // The reader is a string in memory, which cannot fail.
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.start(&tag),
            Token::EndTag(tag) => page.end(&tag),
            Token::String(text) => page.text(&text),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    page.flush();
    let mut notes = Vec::new();
    if page.hidden > 0 {
        notes.push(Note::HiddenBlocks(page.hidden));
    }
    let mut lines = front.lines;
    let title = front.title.or(page.title);
    if is_packed(&page.lines) {
        notes.push(Note::Ordinals);
        for (line, number) in page.lines.iter_mut().zip(front.rows + 1..) {
            line.number = number;
        }
    }
    lines.append(&mut page.lines);
    plain::finish(Draft { lines, title, date: front.date, notes })
}

/// Whether so many blocks share a source line that its number points at nothing.
fn is_packed(lines: &[Line]) -> bool {
    let mut numbers: Vec<u32> = lines.iter().map(|line| line.number).collect();
    numbers.dedup();
    lines.len() > 3 && numbers.len() * 2 < lines.len()
}

/// A page while it is read.
struct Page<'a> {
    lines: Vec<Line>,
    title: Option<String>,
    hidden: usize,
    block: Block,
    /// The hidden element that is skipped, and how many of its name are open within it.
    skipping: Option<(Vec<u8>, u32)>,
    in_title: bool,
    in_pre: bool,
    in_row: bool,
    source: &'a shortcode::Blanked,
    /// Offsets of the line ends of the source.
    line_ends: Vec<usize>,
    rows_before: u32,
}

/// The block of text that is open.
#[derive(Default)]
struct Block {
    text: String,
    /// The offset of its first visible character.
    from: Option<usize>,
    kind: Option<LineKind>,
    /// A blank that is written once a word follows.
    gap: bool,
}

impl<'a> Page<'a> {
    fn new(source: &'a shortcode::Blanked, rows_before: u32) -> Self {
        let line_ends = source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
        Self {
            lines: Vec::new(),
            title: None,
            hidden: 0,
            block: Block::default(),
            skipping: None,
            in_title: false,
            in_pre: false,
            in_row: false,
            source,
            line_ends: line_ends.collect(),
            rows_before,
        }
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = tag.name.as_slice();
        if self.goes_on_skipping(name) {
            return;
        }
        if !tag.self_closing && !is_void(name) && (is_unseen(name) || is_hidden(tag)) {
            self.hidden += usize::from(!matches!(name, b"script" | b"style"));
            self.skipping = Some((name.to_vec(), 1));
            return;
        }
        self.open(name);
    }

    fn open(&mut self, name: &[u8]) {
        match name {
            b"td" | b"th" => self.cell(),
            b"tr" | b"table" => self.flush(),
            _ if is_block(name) && !self.in_row => self.flush(),
            _ if is_block(name) => self.block.gap = true,
            _ => {}
        }
        match name {
            b"title" => self.in_title = true,
            b"pre" => self.in_pre = true,
            b"tr" => {
                self.in_row = true;
                self.block.kind = Some(LineKind::Row);
            }
            b"li" if !self.in_row => self.block.kind = Some(LineKind::ListItem),
            _ if !self.in_row => {
                if let Some(level) = heading(name) {
                    self.block.kind = Some(LineKind::Heading(level));
                }
            }
            _ => {}
        }
    }

    /// Whether the tag lies in a hidden element; one without an end tag ends where its like starts.
    fn goes_on_skipping(&mut self, name: &[u8]) -> bool {
        let Some((skipped, depth)) = &mut self.skipping else {
            return false;
        };
        if skipped != name {
            return true;
        }
        if has_optional_end(name) {
            self.skipping = None;
            return false;
        }
        *depth += 1;
        true
    }

    fn end(&mut self, tag: &EndTag<usize>) {
        let name = tag.name.as_slice();
        if let Some((skipped, depth)) = &mut self.skipping {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipping = None;
                }
            }
            return;
        }
        match name {
            b"title" => self.end_title(),
            b"td" | b"th" => self.block.gap = true,
            b"tr" | b"table" => {
                self.in_row = false;
                self.close();
            }
            _ if is_block(name) && !self.in_row => self.close(),
            _ => {}
        }
        if name == b"pre" {
            self.in_pre = false;
        }
    }

    fn end_title(&mut self) {
        self.in_title = false;
        let block = std::mem::take(&mut self.block);
        if self.title.is_none() && !block.text.is_empty() {
            self.title = Some(block.text);
        }
    }

    /// Starts the next cell of a row.
    fn cell(&mut self) {
        if !self.block.text.is_empty() {
            self.block.text.push_str(" |");
            self.block.gap = true;
        }
    }

    fn text(&mut self, text: &Spanned<html5gum::HtmlString, usize>) {
        if self.skipping.is_some() {
            return;
        }
        let words = String::from_utf8_lossy(&text.value);
        let first = self.line_ends.partition_point(|end| *end < text.span.start);
        for (nth, row) in words.split('\n').enumerate() {
            // Counted by rows, since decoded entities are shorter than their source.
            let at = match nth.checked_sub(1) {
                None => text.span.start,
                Some(before) => self.line_ends.get(first + before).map_or(text.span.start, |end| end + 1),
            };
            // A blank line ends a block that no element encloses, as it does where the page was written.
            let ends = nth > 0 && (self.in_pre || row.trim().is_empty());
            if ends && !self.in_row && !self.in_title {
                self.flush();
            }
            self.block.gap |= nth > 0;
            self.row(row, at);
        }
    }

    /// Adds the words of one source row, which starts at the offset.
    fn row(&mut self, row: &str, start: usize) {
        let mut at = start;
        for piece in row.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                if self.breaks_between(at) {
                    self.flush();
                }
                self.block.word(word, at);
            }
            self.block.gap |= piece.len() > word.len();
            at += piece.len();
        }
    }

    /// Whether a shortcode stood between the open block and the offset.
    fn breaks_between(&self, at: usize) -> bool {
        let Some(from) = self.block.from else {
            return false;
        };
        let next = self.source.breaks.partition_point(|mark| *mark <= from);
        self.source.breaks.get(next).is_some_and(|mark| *mark < at)
    }

    /// Who a shortcode around the offset says is speaking.
    fn speaker(&self, at: usize) -> Option<&'a str> {
        let source = self.source;
        let next = source.spoken.partition_point(|spoken| spoken.range.end <= at);
        let spoken = source.spoken.get(next)?;
        spoken.range.contains(&at).then_some(spoken.speaker.as_str())
    }

    /// Ends the open block together with the element that said what it is.
    fn close(&mut self) {
        self.flush();
        self.block.kind = None;
    }

    /// Ends the open block and keeps it if it has words.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        let text = block.text.trim_matches(['|', ' ']);
        if !text.chars().any(char::is_alphanumeric) {
            // A list item may open with an element that is a block of its own.
            self.block.kind = block.kind;
            return;
        }
        let from = block.from.unwrap_or_default();
        let row = u32::try_from(self.line_ends.partition_point(|end| *end < from)).unwrap_or(u32::MAX);
        let number = row.saturating_add(self.rows_before).saturating_add(1);
        let mut line = Line::new(number, block.kind.unwrap_or(LineKind::Text), text);
        if let Some(speaker) = self.speaker(from) {
            line.kind = LineKind::Speech;
            line.speaker = Some(speaker.to_owned());
        }
        self.lines.push(line);
        if self.in_row {
            self.block.kind = Some(LineKind::Row);
        }
    }
}

impl Block {
    fn word(&mut self, word: &str, at: usize) {
        if self.gap && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.gap = false;
        self.text.push_str(word);
        self.from.get_or_insert(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, expected: &[(u32, LineKind, &str)]) {
        let draft = read(page);
        let lines: Vec<(u32, LineKind, &str)> =
            draft.lines.iter().map(|line| (line.number, line.kind, line.text.as_str())).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn blocks_become_lines_with_their_place() {
        check(
            "<h2>Challenge</h2>\n\n<p>Slow &amp; <b>dear</b>er\nevery day.</p>\n<ul>\n<li>one<li><p>two</p></ul>\n<table>\n<tr><th>a</th><th>b</th>\n<tr><td><p>1</p><td>2</table>end",
            &[
                (1, LineKind::Heading(2), "Challenge"),
                (3, LineKind::Text, "Slow & dearer every day."),
                (6, LineKind::ListItem, "one"),
                (6, LineKind::ListItem, "two"),
                (8, LineKind::Row, "a | b"),
                (9, LineKind::Row, "1 | 2"),
                (9, LineKind::Text, "end"),
            ],
        );
    }

    #[test]
    fn what_a_browser_hides_is_not_text() {
        check(
            "<p>seen\n<!-- no --><script>if (a<b) 'no'</script>\n<div style='display: none'>no<div>no</div>no</div>\n<p hidden>no\n<p>seen too</p>\n<span aria-hidden=true>no</span>\n",
            &[(1, LineKind::Text, "seen"), (5, LineKind::Text, "seen too")],
        );
    }

    #[test]
    fn front_matter_and_shortcodes() {
        let draft = read(
            "---\ntitle: ING\n---\n<h2>A</h2>\n\n{{< q author=\"Ann, CTO\" >}}\n\"We said\"\n{{< /q >}}\n{{< lead >}}\nLed.\n{{< /lead >}}\n<p>x &copy; y</p>\n<p>z</p>",
        );
        let lines: Vec<(u32, Option<&str>, &str)> = draft
            .lines
            .iter()
            .map(|line| (line.number, line.speaker.as_deref(), line.text.as_str()))
            .collect();
        assert_eq!(draft.title.as_deref(), Some("ING"));
        assert_eq!(
            lines,
            [
                (2, None, "title: ING"),
                (4, None, "A"),
                (7, Some("Ann, CTO"), "\"We said\""),
                (10, None, "Led."),
                (12, None, "x © y"),
                (13, None, "z"),
            ]
        );
    }

    #[test]
    fn a_packed_page_is_numbered_by_block() {
        let draft = read("<title>T</title><p>a<p>b<p>c<p>d<p>e");
        assert_eq!(draft.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(
            (draft.title.as_deref(), draft.notes.as_slice()),
            (Some("T"), [Note::Ordinals].as_slice())
        );
    }
}
