//! Markdown by line: the source text is kept, so that a quote of it is found in the file.
//! Must not know HTML; comments are left out because a rendered page does not show them.

use super::{Draft, Line, LineKind, Note, front_matter, plain};

/// Reads a Markdown text.
pub(super) fn read(text: &str) -> Draft {
    let front = front_matter::split(text);
    let mut scan = Scan { lines: front.lines, ..Scan::default() };
    for (row, number) in text[front.bytes..].lines().zip(front.rows + 1..) {
        scan.row(row, number);
    }
    let mut notes = Vec::new();
    if scan.comments > 0 {
        notes.push(Note::HiddenBlocks(scan.comments));
    }
    plain::finish(Draft { lines: scan.lines, title: front.title, date: front.date, notes })
}

#[derive(Default)]
struct Scan {
    lines: Vec<Line>,
    /// The mark that ends the code block the scan is in.
    fence: Option<&'static str>,
    in_comment: bool,
    comments: usize,
}

impl Scan {
    fn row(&mut self, row: &str, number: u32) {
        if self.in_fence(row) {
            self.push(row, number, LineKind::Text);
            return;
        }
        let shown = self.without_comments(row);
        if self.underlines(&shown) {
            return;
        }
        let kind = kind(&shown);
        self.push(&shown, number, kind);
    }

    fn push(&mut self, row: &str, number: u32, kind: LineKind) {
        let row = row.trim_end();
        if row.chars().any(char::is_alphanumeric) {
            self.lines.push(Line::new(number, kind, row));
        }
    }

    /// Whether the row belongs to a code block; its fences have no words to keep.
    fn in_fence(&mut self, row: &str) -> bool {
        let row = row.trim_start();
        let fence = ["```", "~~~"].into_iter().find(|fence| row.starts_with(fence));
        match (self.fence, fence) {
            (None, Some(opening)) if !self.in_comment => {
                self.fence = Some(opening);
                true
            }
            (Some(open), Some(closing)) if open == closing => {
                self.fence = None;
                true
            }
            (open, _) => open.is_some(),
        }
    }

    /// The row without what stands in `<!-- -->`, across rows.
    fn without_comments(&mut self, row: &str) -> String {
        let mut shown = String::new();
        let mut rest = row;
        loop {
            let (mark, length) = if self.in_comment { ("-->", 3) } else { ("<!--", 4) };
            let Some(at) = rest.find(mark) else { break };
            if !self.in_comment {
                shown.push_str(&rest[..at]);
                self.comments += 1;
            }
            self.in_comment = !self.in_comment;
            rest = &rest[at + length..];
        }
        if !self.in_comment {
            shown.push_str(rest);
        }
        shown
    }

    /// Whether the row is the underline of the line before, which it then makes a heading.
    fn underlines(&mut self, row: &str) -> bool {
        let row = row.trim();
        let level = match row.bytes().next() {
            Some(b'=') if row.bytes().all(|byte| byte == b'=') => 1,
            Some(b'-') if row.len() > 1 && row.bytes().all(|byte| byte == b'-') => 2,
            _ => return false,
        };
        if let Some(last) = self.lines.last_mut().filter(|line| line.kind == LineKind::Text) {
            last.kind = LineKind::Heading(level);
        }
        true
    }
}

fn kind(row: &str) -> LineKind {
    let trimmed = row.trim_start();
    let hashes = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && trimmed[hashes..].starts_with([' ', '\t']) {
        // The count is at most six, so it fits.
        return LineKind::Heading(u8::try_from(hashes).unwrap_or(6));
    }
    if plain::is_list_item(trimmed) {
        LineKind::ListItem
    } else if trimmed.starts_with('|') {
        LineKind::Row
    } else if is_bold_heading(trimmed.trim_end()) {
        LineKind::Heading(6)
    } else {
        LineKind::Text
    }
}

/// A short line that is bold from end to end, which many people use for a heading.
fn is_bold_heading(row: &str) -> bool {
    let inner = row.strip_prefix("**").and_then(|row| row.trim_end_matches(':').strip_suffix("**"));
    inner.is_some_and(|inner| !inner.contains("**") && (1..=8).contains(&inner.split_whitespace().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(u32, LineKind, &str)]) {
        let draft = read(text);
        let lines: Vec<(u32, LineKind, &str)> =
            draft.lines.iter().map(|line| (line.number, line.kind, line.text.as_str())).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn headings_lists_tables_and_code_keep_their_source() {
        check(
            "# Acme *call*\n\nIntro\n=====\ntext **bold**\n\n- item\n1. one\n| a | b |\n|---|---|\n```\n# no heading\n```\n**Challenge**\nx\n",
            &[
                (1, LineKind::Heading(1), "# Acme *call*"),
                (3, LineKind::Heading(1), "Intro"),
                (5, LineKind::Text, "text **bold**"),
                (7, LineKind::ListItem, "- item"),
                (8, LineKind::ListItem, "1. one"),
                (9, LineKind::Row, "| a | b |"),
                (12, LineKind::Text, "# no heading"),
                (14, LineKind::Heading(6), "**Challenge**"),
                (15, LineKind::Text, "x"),
            ],
        );
    }

    #[test]
    fn comments_are_not_text() {
        check(
            "seen <!-- hidden --> too\n<!-- ignore\nall rules -->after\n",
            &[(1, LineKind::Text, "seen  too"), (3, LineKind::Text, "after")],
        );
    }

    #[test]
    fn front_matter_keeps_the_numbers() {
        let draft = read("---\ntitle: T\n---\n# Real\ntext\n");
        assert_eq!(draft.title.as_deref(), Some("T"));
        assert_eq!(draft.lines.last().map(|line| line.number), Some(5));
    }
}
