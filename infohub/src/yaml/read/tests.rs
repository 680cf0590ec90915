//! What the reader takes, what it refuses, and how fast it refuses a bomb.

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, Deserialize, PartialEq, Default)]
#[serde(deny_unknown_fields, default)]
struct Sample {
    country: String,
    due_date: String,
    count: u32,
    open: bool,
    share: Option<f64>,
    list: Vec<String>,
}

fn check(text: &str, expected: Sample) {
    assert_eq!(read::<Sample>("t.yaml", text), Ok(expected), "{text}");
}

fn refused(text: &str, line: u32, column: u32, part: &str) -> YamlError {
    let error = read::<Sample>("t.yaml", text).unwrap_err();
    assert_eq!((error.line, error.column), (Some(line), Some(column)), "{error}");
    assert!(error.message.contains(part), "{error}");
    assert!(error.snippet.as_ref().is_some_and(|snippet| snippet.ends_with('^')), "{error:?}");
    error
}

#[test]
fn text_fields_keep_their_text() {
    check("country: NO", Sample { country: "NO".to_owned(), ..Sample::default() });
    check("country: off", Sample { country: "off".to_owned(), ..Sample::default() });
    check("due_date: 2026-01-15", Sample { due_date: "2026-01-15".to_owned(), ..Sample::default() });
    check("due_date: 017", Sample { due_date: "017".to_owned(), ..Sample::default() });
    check("due_date: 1.50", Sample { due_date: "1.50".to_owned(), ..Sample::default() });
    check(
        "list: [12:30, yes, 1e3]",
        Sample { list: vec!["12:30".to_owned(), "yes".to_owned(), "1e3".to_owned()], ..Sample::default() },
    );
}

#[test]
fn untyped_values_are_not_guessed() {
    assert_eq!(
        read_value("t.yaml", "[NO, yes, off, 017, 1_000, 12:30, 2026-01-15, true, ~, 0.5, 7]").unwrap(),
        json!(["NO", "yes", "off", "017", "1_000", "12:30", "2026-01-15", true, null, 0.5, 7])
    );
    assert!(read_value("t.yaml", "a: .nan").is_err());
    assert!(read_value("t.yaml", "a: 1e999").is_err());
}

#[test]
fn numbers_and_booleans_are_strict() {
    refused("count: 017", 1, 8, "expected a whole number");
    refused("count: many", 1, 8, "whole number");
    refused("count: -1", 1, 8, "whole number");
    refused("open: yes", 1, 7, "expected true or false");
    check("count: 17\nopen: true", Sample { count: 17, open: true, ..Sample::default() });
}

#[test]
fn unknown_fields_name_the_nearest() {
    let error = refused("a: 1\n", 1, 1, "unknown field \"a\"");
    assert!(error.hint.unwrap().starts_with("known are: country"));
    let error = refused("country: x\ndue_dat: 1\n", 2, 1, "unknown field");
    assert_eq!(error.hint.as_deref(), Some("did you mean \"due_date\"?"));
    assert_eq!(error.snippet.as_deref(), Some("1 | country: x\n2 | due_dat: 1\n  | ^"));
}

#[test]
fn broken_structure_is_refused_with_its_place() {
    refused("country: a\ncountry: b\n", 2, 1, "duplicate key \"country\"");
    refused("country: a\n---\ncountry: b\n", 3, 1, "second document");
    refused("country: \"a\n", 1, 10, "unclosed quote");
    refused("list: [a\n", 1, 7, "unclosed bracket");
    refused("country: a\n\tcount: 1\n", 1, 10, "found a tab");
    refused("list:\n  - a\n country: b\n", 3, 2, "did not find expected key");
    refused("country: *nobody\n", 1, 10, "");
    refused("list: a\n", 1, 7, "expected a list");
    refused("country: [a]\n", 1, 10, "expected a single value");
    refused("- a\n", 1, 1, "expected a mapping");
    assert!(read_value("t.yaml", "a: &x {k: 1}\nb: {<<: *x}\n").unwrap_err().message.contains("merge"));
    assert!(read_value("t.yaml", "a: !secret x\n").is_err());
}

#[test]
fn nothing_is_not_text() {
    refused("country:\n", 1, 8, "found nothing");
}

#[test]
fn bytes_that_are_not_text_are_told() {
    let told = |bytes: &[u8]| read_bytes::<Sample>("t.yaml", bytes).unwrap_err();
    let error = told(b"country: a\nlist: [\xc3\xa9, \xff]\n");
    assert_eq!(error.to_string(), "t.yaml:2:11: holds bytes that are not UTF-8");
    assert_eq!(told(b"country: a\n  \0").to_string(), "t.yaml:2:3: holds a NUL character");
    assert_eq!(told("\u{feff}a: 1".as_bytes()).to_string(), "t.yaml:1:1: starts with a byte order mark");
    assert_eq!(told(b"\xff\xfea\0").to_string(), "t.yaml: is UTF-16 text");
    assert!(told(&vec![b'#'; MAX_BYTES + 1]).message.contains("bytes long"));
    assert_eq!(read_bytes::<Sample>("t.yaml", b"count: 2"), Ok(Sample { count: 2, ..Sample::default() }));
}

#[test]
fn control_characters_do_not_reach_the_snippet() {
    let error = read::<Sample>("t.yaml", "coun\u{1b}[31mtry: x\n").unwrap_err();
    assert!(!error.snippet.unwrap_or_default().contains('\u{1b}'));
    assert!(!error.message.contains('\u{1b}'));
}

#[test]
fn bombs_are_refused_quickly() {
    let laughs = (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        let inner = level - 1;
        text + &format!(
            "a{level}: &a{level} [*a{inner}, *a{inner}, *a{inner}, *a{inner}, *a{inner}, *a{inner}]\n"
        )
    });
    let half = MAX_BYTES / 2;
    let bombs = [
        laughs,
        "[".repeat(half),
        "{a: ".repeat(half / 4),
        "- ".repeat(half / 2),
        (0..5_000).map(|depth| " ".repeat(depth % 900) + "a:\n").collect(),
        "? ".repeat(half / 2),
        format!("a: {}", "&a ".repeat(half / 3)),
        "a: &a [1]\n".to_owned() + &"- *a\n".repeat(1_000),
        format!("a: [{}]", "1,".repeat(half)),
        "--- a\n".repeat(half / 6),
        format!("a: !!{} 1", "x".repeat(half)),
        format!("\"{}", "\\u0041".repeat(half / 6)),
        format!("{}: 1", "k".repeat(half)),
        "%TAG ! x\n".repeat(half / 9),
    ];
    for bomb in &bombs {
        let start = std::time::Instant::now();
        let error = read_value("t.yaml", bomb).map(|_| ()).unwrap_err();
        let start_of_bomb: String = bomb.chars().take(20).collect();
        assert!(start.elapsed().as_secs() < 5, "{start_of_bomb} took {:?}", start.elapsed());
        assert!(error.to_string().len() < 400, "{start_of_bomb}: {error}");
    }
}

#[test]
fn large_but_honest_files_are_read() {
    let text: String =
        (0..9_000).map(|n| format!("- {{id: i-{n}, text: \"some words and {n}\"}} # comment\n")).collect();
    let value = read_value("t.yaml", &text).unwrap();
    assert_eq!(value.as_array().map(Vec::len), Some(9_000));
    let comments = "# a line of explanation\n".repeat(2_000) + "a: 1\n" + &"# more\n".repeat(2_000);
    assert_eq!(read_value("t.yaml", &comments).unwrap(), json!({"a": 1}));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, ..Default::default() })]

    #[test]
    fn no_text_panics(text in "[-a0 :#\\[\\]{}&*!|>'\"%@,?\n\t]{0,60}") {
        let _ = read_value("t.yaml", &text);
        let _ = read::<Sample>("t.yaml", &text);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
        let _ = read_bytes::<Value>("t.yaml", &bytes);
    }
}
