//! Comparing values the way files are compared: a field that is null is a field that is absent.

use serde_json::{Map, Value};

/// Equality in which null fields do not count, at any depth.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => same_fields(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (left, right) => left == right,
    }
}

/// As [`same`], for the fields of two mappings.
pub(super) fn same_fields(left: &Map<String, Value>, right: &Map<String, Value>) -> bool {
    count(left) == count(right)
        && left
            .iter()
            .filter(|(_, value)| !value.is_null())
            .all(|(key, value)| field(right, key).is_some_and(|other| same(value, other)))
}

/// The field's value, unless it is null.
pub(super) fn field<'v>(fields: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    fields.get(key).filter(|value| !value.is_null())
}

/// True if the field had another value, or none.
pub(super) fn differs(old: &Map<String, Value>, key: &str, new: &Value) -> bool {
    !field(old, key).is_some_and(|old| same(old, new))
}

/// How many fields hold something.
pub(super) fn count(fields: &Map<String, Value>) -> usize {
    fields.values().filter(|value| !value.is_null()).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(left: &Value, right: &Value, expected: bool) {
        assert_eq!(same(left, right), expected, "{left} and {right}");
        assert_eq!(same(right, left), expected, "{right} and {left}");
    }

    #[test]
    fn null_fields_are_absent_fields() {
        check(&json!({"a": 1, "b": null}), &json!({"a": 1}), true);
        check(&json!([{"a": null}]), &json!([{}]), true);
        check(&json!({"a": {"b": null}}), &json!({"a": {}}), true);
    }

    #[test]
    fn everything_else_counts() {
        check(&json!({"a": {}}), &json!({}), false);
        check(&json!({"a": 1}), &json!({"b": 1}), false);
        check(&json!([null]), &json!([]), false);
        check(&json!([1, 2]), &json!([2, 1]), false);
        check(&json!(1), &json!("1"), false);
        check(&json!({"a": 1, "b": 2}), &json!({"b": 2, "a": 1}), true);
    }
}
