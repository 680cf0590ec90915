//! What `emit` writes, and that `read_value` gives it back.

use proptest::prelude::*;
use serde_json::json;

use super::super::read::read_value;
use super::*;

fn check(value: &Value, expected: &str) {
    let text = emit(value).unwrap();
    assert_eq!(text, expected);
    assert_eq!(&read_value("test", &text).unwrap(), value);
}

#[test]
fn sections_are_written_in_block_form() {
    check(
        &json!({"a": {"items": [{"id": "x", "tags": ["p", "q"], "none": [], "sub": {"k": null}}, {}, [[1], 2.5]]}}),
        "a:\n  items:\n    - id: x\n      tags:\n        - p\n        - q\n      none: []\n      sub:\n        k: null\n    - {}\n    - - - 1\n      - 2.5\n",
    );
}

#[test]
fn documents_may_be_anything() {
    check(&json!({}), "{}\n");
    check(&json!([]), "[]\n");
    check(&json!(null), "null\n");
    check(&json!("2026-01-15"), "\"2026-01-15\"\n");
    check(&json!("a\nb\n"), "|\n  a\n  b\n");
    check(&json!([["a\nb"]]), "- - |-\n    a\n    b\n");
}

#[test]
fn several_lines_become_a_block_where_that_is_exact() {
    check(&json!({"a": "x\n\n  y #\n", "b": 1}), "a: |\n  x\n\n    y #\nb: 1\n");
    check(&json!({"a": "x \ny"}), "a: \"x \\ny\"\n");
}

#[test]
fn numbers_keep_their_value() {
    check(
        &json!([0, -1, u64::MAX, i64::MIN, 1e16, 1e-7, 0.1, 1.0]),
        "- 0\n- -1\n- 18446744073709551615\n- -9223372036854775808\n- 1e+16\n- 1e-7\n- 0.1\n- 1.0\n",
    );
}

#[test]
fn what_cannot_be_read_back_is_refused() {
    let deep = (0..60).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(emit(&deep), Err(EmitError::TooDeep));
    assert!(matches!(emit(&json!({"k".repeat(600): 1})), Err(EmitError::LongKey(_))));
}

#[test]
fn parts_divide_the_line_of_the_key_from_what_follows() {
    let parts = |value: &Value| Writer::new(Style::default()).parts(value, Behind::Key, 2).unwrap();
    assert_eq!(parts(&json!("x")), Parts { inline: "x".to_owned(), lines: String::new() });
    assert_eq!(parts(&json!("x\ny")), Parts { inline: "|-".to_owned(), lines: "    x\n    y\n".to_owned() });
    assert_eq!(
        parts(&json!({"k": [1]})),
        Parts { inline: String::new(), lines: "    k:\n      - 1\n".to_owned() }
    );
}

/// Texts that YAML has traps for, among arbitrary ones.
pub(in super::super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z]{1,8}( [a-z0-9,.]{1,9}){0,4}",
        2 => "[-?:,\\[\\]{}#&*!|>'\"%@`~ a0\n\t.\\\\]{0,12}",
        1 => any::<String>(),
        1 => "([a-z]{1,9} {1,2}){15,60}[a-z]",
        1 => "[ ]{0,2}([a-z #:-]{0,9}\n){1,5}[a-z]{0,3}",
        1 => prop::sample::select(vec![
            "no", "Yes", "null", "~", "017", "1_000", "0x1F", "0o17", "1e3", ".5", "-.inf", "nan", "12:30",
            "2026-01-15", "---", "...", "- a", "a: b", "a #b", "\u{feff}", "\u{85}", "\u{2028}", "<<", "=",
            "!!str", "%YAML", "a\r\nb", "é: ü", "\u{a0}", "1:1", "+1", "0b1", "1e", "e1", "\u{7f}",
        ]).prop_map(str::to_owned),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has none", |float| float.is_finite()).prop_map(Value::from),
        text().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_emitted_is_read_back(value in value()) {
        match emit(&value) {
            Err(EmitError::LongKey(_)) => {}
            text => {
                let text = text.unwrap();
                let back = read_value("test", &text);
                prop_assert_eq!(back.as_ref(), Ok(&value), "{}", text);
            }
        }
    }

    #[test]
    fn other_readers_agree(value in value()) {
        if let Ok(text) = emit(&value) {
            let back: Result<Value, _> = serde_yaml::from_str(&text);
            prop_assert_eq!(back.ok(), Some(value), "{}", text);
        }
    }
}
