//! Folding: two texts that differ only in case, spacing, quote marks, dashes, soft hyphens, zero-width
//! characters or Unicode spelling fold to the same text. It must not know materials or quotes.
//!
//! Folding goes character by character with its combining marks (compatibility decomposition is free of
//! context at that grain), so each piece of the folded text can be traced to its place in the source.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A text that grows by folded pieces, each remembered with the place it came from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The folded text: single spaces, none at either end of what was folded at once.
    pub(super) text: String,
    /// For each byte of `text` the byte of the source that it came from, if places are kept.
    pub(super) from: Vec<u32>,
    /// For each byte of `text` the end of the source's character that it came from.
    pub(super) to: Vec<u32>,
}

impl Folded {
    /// Takes the place of what was there with the folded form of `source`.
    pub(super) fn set(&mut self, source: &str) {
        self.text.clear();
        self.from.clear();
        self.to.clear();
        let mut at = 0;
        while let Some(byte) = source.as_bytes().get(at) {
            at = if byte.is_ascii() && next_is_ascii(source, at) {
                self.push(ascii(*byte), at, at + 1);
                at + 1
            } else {
                self.cluster(source, at)
            };
        }
        if self.text.ends_with(' ') {
            self.text.pop();
            self.from.pop();
            self.to.pop();
        }
    }

    /// Folds one character with the marks that combine with it; gives back where the next one starts.
    fn cluster(&mut self, source: &str, at: usize) -> usize {
        let rest = source.get(at..).unwrap_or_default();
        let length = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| canonical_combining_class(*c) == 0)
            .map_or(rest.len(), |(offset, _)| offset);
        let cluster = rest.get(..length).unwrap_or_default();
        for c in cluster.nfkd().flat_map(char::to_lowercase) {
            match plain(c) {
                Plain::Nothing => {}
                Plain::One(c) => self.push(c, at, at + length),
                Plain::Double(c) => {
                    self.push(c, at, at + length);
                    self.push(c, at, at + length);
                }
            }
        }
        at + length.max(1)
    }

    fn push(&mut self, c: char, from: usize, to: usize) {
        if c == ' ' && (self.text.is_empty() || self.text.ends_with(' ')) {
            return;
        }
        self.text.push(c);
        // Materials are bounded far below 4 GiB; a place beyond would only be told wrongly.
        let (from, to) = (u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(to).unwrap_or(u32::MAX));
        for _ in 0..c.len_utf8() {
            self.from.push(from);
            self.to.push(to);
        }
    }
}

/// The folded form of a text, when places do not matter.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = Folded::default();
    folded.set(text);
    folded.text
}

/// Whether the character after the one at `at` cannot combine with it.
fn next_is_ascii(source: &str, at: usize) -> bool {
    source.as_bytes().get(at + 1).is_none_or(u8::is_ascii)
}

fn ascii(byte: u8) -> char {
    match byte {
        b'"' | b'`' => '\'',
        byte if byte <= b' ' || byte == 0x7f => ' ',
        byte => char::from(byte.to_ascii_lowercase()),
    }
}

enum Plain {
    Nothing,
    One(char),
    Double(char),
}

/// What one decomposed, lower-case character stands for.
fn plain(c: char) -> Plain {
    Plain::One(match c {
        // Soft hyphen, zero-width characters and joiners, direction marks, variation selectors, byte order mark.
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => return Plain::Nothing,
        '"'
        | '`'
        | '\u{b4}'
        | '\u{ab}'
        | '\u{bb}'
        | '\u{2bc}'
        | '\u{2018}'..='\u{201f}'
        | '\u{2032}'
        | '\u{2033}'
        | '\u{2039}'
        | '\u{203a}'
        | '\u{300c}'..='\u{300f}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => '-',
        'ß' => return Plain::Double('s'),
        'ς' => 'σ',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str) {
        assert_eq!(fold(left), fold(right), "{left:?} and {right:?}");
    }

    #[test]
    fn what_differs_only_in_spelling_folds_alike() {
        check("  We  lose\ttwo\u{a0}days ", "we lose two days");
        check("“don’t”", "\"don't\"");
        check("‹a› «b» 「c」", "'a' 'b' 'c'");
        check("3–5 — −2", "3-5 - -2");
        check("de\u{ad}pot de\u{200b}pot", "depot depot");
        check("Zu\u{308}rich Straße", "ZÜRICH STRASSE");
        check("ﬁve ½", "five 1⁄2");
        check("wait…", "wait...");
    }

    #[test]
    fn what_differs_in_content_does_not() {
        for (left, right) in [("10,000", "10.000"), ("is not", "is now"), ("5%", "5"), ("é", "e")] {
            assert_ne!(fold(left), fold(right));
        }
    }

    #[test]
    fn places_lead_back_to_the_source() {
        let source = "Ein „Ü\u{ad}ber\u{301}“ ﬁt";
        let mut folded = Folded::default();
        folded.set(source);
        let at = folded.text.find("fit").unwrap();
        let (from, to) = (folded.from[at] as usize, folded.to[at + 2] as usize);
        assert_eq!(&source[from..to], "ﬁt");
        assert_eq!(folded.from.len(), folded.text.len());
    }
}
