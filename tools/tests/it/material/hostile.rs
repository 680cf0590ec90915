//! Whatever bytes come, reading ends with a material within the limits or with a reason.

use proptest::prelude::*;

use super::material;
use tools::material::{Limits, Readers, read};

const NAMES: [&str; 9] =
    ["a.md", "a.html", "a.txt", "a.vtt", "a.csv", "a.yaml", "a.json", "a.docx", "2026-01-12.markdown"];

/// Text made of what readers look for.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<p>"),
        Just("</p>"),
        Just("<div hidden>"),
        Just("</div>"),
        Just("<!--"),
        Just("-->"),
        Just("<script>"),
        Just("<td>"),
        Just("<tr>"),
        Just("</table>"),
        Just("<title>"),
        Just("<pre>"),
        Just("{{<"),
        Just(">}}"),
        Just("{{< /q >}}"),
        Just("author=\""),
        Just("---\n"),
        Just("\n"),
        Just("\r"),
        Just("```\n"),
        Just("# "),
        Just("- "),
        Just("| "),
        Just("\""),
        Just(","),
        Just("{"),
        Just("[00:01] Ann: "),
        Just("**Ann:** "),
        Just("é"),
        Just("\u{202e}"),
        Just("&amp;"),
        Just("&#x0;"),
        Just("WEBVTT\n\n"),
        Just("00:01 --> 00:02\n"),
        Just("<v Ann>"),
        Just("date: 2026-01-12\n"),
        Just("日本"),
        Just("word "),
        Just("==="),
        Just(" \t "),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    for name in NAMES {
        let Ok(read) = material(name, bytes) else {
            continue;
        };
        prop_assert!(!read.lines.is_empty());
        prop_assert!(read.lines.windows(2).all(|two| two[0].number <= two[1].number));
        for line in &read.lines {
            prop_assert!(line.number >= 1);
            prop_assert!(!line.text.contains('\n') && !line.text.trim().is_empty());
            let turns = line.text.contains('\u{202e}');
            prop_assert!(!turns);
            prop_assert!(read.lines_between(line.number, line.number).contains(line));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        holds(&bytes)?;
    }

    #[test]
    fn any_markup(text in markup()) {
        holds(text.as_bytes())?;
    }

    #[test]
    fn a_document_with_any_change(at in 0usize..400, byte in any::<u8>()) {
        let mut package = super::library::docx("Ann said that they are slow");
        let at = at % package.len();
        package[at] = byte;
        holds(&package)?;
    }
}

/// Each of these is cheap to send; reading it must be cheap too.
#[test]
fn big_and_nested_files_end_soon() {
    let cases = [
        ("a.html", "<div>".repeat(300_000)),
        ("a.html", "<p>x".repeat(60_000)),
        ("a.html", format!("<p>{}", "&amp; ".repeat(200_000))),
        ("a.html", "{{<".repeat(500_000)),
        ("a.html", "{{< a >}}x ".repeat(100_000)),
        ("a.html", format!("<p {}>", "a=1 ".repeat(100_000))),
        ("a.md", "<!-- ".repeat(300_000)),
        ("a.md", "a\n".repeat(700_000)),
        ("a.txt", "x".repeat(3 << 20)),
        ("a.txt", "Ann: x\n".repeat(49_000)),
        ("a.csv", "\"\n".repeat(500_000)),
        ("a.json", "[".repeat(1 << 20)),
        ("a.yaml", "&a [*a,*a]\n".repeat(50_000)),
        ("a.vtt", "<".repeat(1 << 20)),
    ];
    for (name, text) in cases {
        let started = std::time::Instant::now();
        let outcome = material(name, text.as_bytes());
        let took = started.elapsed();
        assert!(
            took.as_secs() < 10,
            "{name} {:?}... took {took:?}: {:?}",
            &text[..9],
            outcome.map(|m| m.lines.len())
        );
    }
}

#[test]
fn limits_are_told() {
    fn check(name: &str, bytes: &[u8], expected: &str) {
        let limits = Limits { file_bytes: 400, text_bytes: 40, lines: 3, ..Limits::default() };
        let reason = read(name, bytes, &Readers { limits, pdf: None }).expect_err("beyond a limit");
        assert_eq!(reason.to_string(), expected);
    }
    check("a.md", &[b'x'; 401], "it has 401 bytes, the limit is 400; split it");
    check("a.md", &[b'x'; 41], "it holds more than 40 bytes of text; split it");
    check(
        "a.html",
        format!("<p>{}", "x".repeat(41)).as_bytes(),
        "it holds more than 40 bytes of text; split it",
    );
    check("a.md", b"a\nb\nc\nd\n", "it has more than 3 lines; split it");
    check("a.md", b"\n \n", "it holds no text");
    check("a.md", b"a\0b", "it is a binary file");
    check("a.txt", b"fine\nbad \xff\xff", "its encoding is unclear at byte 9 (line 2); save it as UTF-8");
    check("a.pdf", b"%PDF-1.4", "PDF files are not read here");
    check("a.xlsx", b"PK", "there is no reader for this kind of file");
    check("a.docx", b"PK", "it is broken: invalid Zip archive: Could not find EOCD");
    check("README", b"text", "there is no reader for this kind of file");
}
