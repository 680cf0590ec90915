//! Bytes to text that a person would see: encoding, line ends, invisible characters.
//! Must not know formats.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Note, Reason};

/// A text with `\n` line ends and nothing hidden in it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) notes: Vec<Note>,
}

/// Decodes bytes where their encoding is certain.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Reason> {
    let (raw, encoding) = characters(bytes)?;
    let (text, hidden) = visible(&raw);
    // Real text has next to none of these; a program or a picture is full of them.
    if hidden.controls > 8 && hidden.controls > raw.len() / 100 {
        return Err(Reason::Binary);
    }
    let mut notes = Vec::new();
    notes.extend(encoding.map(Note::Encoding));
    let taken = hidden.controls + hidden.unseen;
    if taken > 0 {
        notes.push(Note::HiddenCharacters(taken));
    }
    Ok(Decoded { text, notes })
}

type Named = Option<&'static str>;

fn characters(bytes: &[u8]) -> Result<(String, Named), Reason> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => utf16(UTF_16BE, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf16(encoding: &'static Encoding, bytes: &[u8]) -> Result<(String, Named), Reason> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|text| (text.into_owned(), Some(encoding.name())))
        .ok_or(Reason::Encoding { offset: 0, line: 1 })
}

fn utf8(bytes: &[u8]) -> Result<(String, Named), Reason> {
    // No text has this byte, and the check is cheap on what is no text at all.
    if bytes.contains(&0) {
        return Err(Reason::Binary);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), None)),
        Err(_) if is_surely_windows_1252(bytes) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            Ok((text.into_owned(), Some(WINDOWS_1252.name())))
        }
        Err(error) => {
            let offset = error.valid_up_to();
            let line = 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count();
            Err(Reason::Encoding { offset, line })
        }
    }
}

/// Whether each byte beyond ASCII is one that Western office software writes at such a place:
/// an accented letter that touches an ASCII letter or blank, or a typographer's mark. Any run that
/// reads as UTF-8 speaks against it, since a file of two encodings is a broken file.
fn is_surely_windows_1252(bytes: &[u8]) -> bool {
    let mut beyond = 0usize;
    for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
        let after = bytes.get(at + 1).copied().unwrap_or(b' ');
        beyond += 1;
        let plausible = match byte {
            0x80 | 0x85 | 0x91..=0x97 | 0x99 => before.is_ascii() || after.is_ascii(),
            0xa0 | 0xa3 | 0xa7 | 0xa9 | 0xab | 0xae | 0xb0 | 0xbb => before.is_ascii() && after.is_ascii(),
            0xc0..=0xff => before.is_ascii() && after.is_ascii() && byte != 0xd7 && byte != 0xf7,
            _ => false,
        };
        if !plausible {
            return false;
        }
    }
    beyond * 4 < bytes.len()
}

#[derive(Debug, Default)]
struct Hidden {
    controls: usize,
    unseen: usize,
}

/// Makes line ends one kind and takes out what no reader sees.
fn visible(raw: &str) -> (String, Hidden) {
    let mut text = String::with_capacity(raw.len());
    let mut hidden = Hidden::default();
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                text.push('\n');
            }
            '\n' | '\t' => text.push(character),
            // Page breaks and the separators that editors do not count as lines.
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => text.push(' '),
            _ if character.is_control() => hidden.controls += 1,
            _ if is_unseen(character) => hidden.unseen += 1,
            _ => text.push(character),
        }
    }
    (text, hidden)
}

/// Characters of no width, marks that turn the direction, tags and variation selectors: with them
/// a text can say to a program what it does not show to a person.
pub(super) fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let shown = match decode(bytes) {
            Ok(decoded) => {
                let notes: Vec<String> = decoded.notes.iter().map(Note::to_string).collect();
                format!("{:?} [{}]", decoded.text, notes.join("; "))
            }
            Err(reason) => reason.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn certain_encodings_are_read() {
        check(b"a\r\nb\rc\n", r#""a\nb\nc\n" []"#);
        check(b"\xef\xbb\xbfhi", r#""hi" []"#);
        check(b"\xff\xfeh\0i\0", r#""hi" [read as UTF-16LE]"#);
        check(b"\xfe\xff\0h\0i", r#""hi" [read as UTF-16BE]"#);
        check(b"the caf\xe9 \x93owner\x94 said so", r#""the café “owner” said so" [read as windows-1252]"#);
    }

    #[test]
    fn uncertain_bytes_are_refused_with_their_place() {
        check(
            b"ok\nbad \xc3\x28 byte \xff\xfe",
            "its encoding is unclear at byte 7 (line 2); save it as UTF-8",
        );
        check(b"\xef\xf0\xe8\xe2\xe5\xf2", "its encoding is unclear at byte 0 (line 1); save it as UTF-8");
        check(b"PK\x03\x04\0\0", "it is a binary file");
        check(b"\xff\xfea\xd8\0", "its encoding is unclear at byte 0 (line 1); save it as UTF-8");
    }

    #[test]
    fn what_nobody_sees_is_taken_out() {
        check(
            "pay\u{200b}ment \u{202e}terms\u{e0041}\u{7}".as_bytes(),
            r#""payment terms" [4 invisible characters taken out]"#,
        );
        check("a\u{2028}b".as_bytes(), r#""a b" []"#);
    }
}
