//! The last look at an edited text before anybody may keep it.
//!
//! It trusts neither the editor nor the caller: it reads the text again with the strict reader.

use serde_json::{Map, Value};

use super::edit::items::{Origin, origins};
use super::read::read_value;
use super::rewrite::RewriteError;
use super::value::{count, field, same, same_fields};

/// Checks that a text reads as a mapping of `expected`, absent and null being one.
pub(super) fn check(text: &str, expected: &Map<String, Value>) -> Result<(), RewriteError> {
    if same_fields(&fields(text)?, expected) { Ok(()) } else { Err(RewriteError::Mismatch) }
}

/// Checks that `edited` differs from `text` as `new` differs from `old`.
///
/// That may be less than being `new`: who read the text as a type of their own may have filled in
/// defaults, left out what is empty, or written a number in another way. Such things are no change.
pub(super) fn check_change(
    text: &str,
    edited: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<(), RewriteError> {
    let found = fields(edited)?;
    if same_fields(&found, new) || same_fields(&found, &carried_fields(&fields(text)?, old, new)) {
        return Ok(());
    }
    Err(RewriteError::Mismatch)
}

fn fields(text: &str) -> Result<Map<String, Value>, RewriteError> {
    match read_value("the edited text", text)? {
        Value::Object(fields) => Ok(fields),
        Value::Null => Ok(Map::new()),
        _ => Err(RewriteError::NotMapping),
    }
}

/// The value that a text holds once the change from `old` to `new` is carried over to it.
fn carried(raw: &Value, old: Option<&Value>, new: &Value) -> Value {
    match (raw, old, new) {
        (raw, Some(old), new) if same(old, new) => raw.clone(),
        (Value::Object(raw), Some(Value::Object(old)), Value::Object(new))
            if !raw.is_empty() && count(new) > 0 =>
        {
            Value::Object(carried_fields(raw, old, new))
        }
        (Value::Array(raw), Some(Value::Array(old)), Value::Array(new))
            if raw.len() == old.len() && !raw.is_empty() =>
        {
            let items = new.iter().zip(origins(old, new));
            items
                .map(|(item, origin)| match origin {
                    Origin::Kept(index) | Origin::Moved(index) => {
                        carried(&raw[index], Some(&old[index]), item)
                    }
                    Origin::New => item.clone(),
                })
                .collect()
        }
        (_, _, new) => new.clone(),
    }
}

fn carried_fields(
    raw: &Map<String, Value>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Map<String, Value> {
    let mut carried_over = Map::new();
    for (key, value) in raw {
        match (field(old, key), field(new, key)) {
            (old, Some(new)) => carried_over.insert(key.clone(), carried(value, old, new)),
            (None, None) => carried_over.insert(key.clone(), value.clone()),
            (Some(_), None) => None,
        };
    }
    for (key, value) in new.iter().filter(|(key, _)| !raw.contains_key(*key)) {
        if !field(old, key).is_some_and(|old| same(old, value)) {
            carried_over.insert(key.clone(), value.clone());
        }
    }
    carried_over
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn changed(text: &str, old: &Value, new: &Value, edited: &str, passes: bool) {
        let result = check_change(text, edited, old.as_object().unwrap(), new.as_object().unwrap());
        assert_eq!(result.is_ok(), passes, "{result:?}");
    }

    #[test]
    fn what_is_no_change_need_not_be_in_the_text() {
        let text = "a: {}\nb: 1.50\nc: [{id: x, t: 1}]\n";
        let old = json!({"b": "1.5", "c": [{"id": "x", "t": 1, "status": "open"}], "d": 1});
        let mut new = old.clone();
        new["c"][0]["t"] = json!(2);
        changed(text, &old, &new, &text.replace("t: 1", "t: 2"), true);
        changed(text, &old, &new, &text.replace("t: 1", "t: 3"), false);
        changed(text, &old, &new, text, false);
        changed(text, &old, &new, &text.replace("t: 1", "t: 2").replace("1.50", "1.51"), false);
        changed(text, &old, &new, &text.replace("t: 1", "t: 2").replace("a: {}", "a: {k: 1}"), false);
    }

    #[test]
    fn only_the_expected_value_passes() {
        let expected = json!({"a": 1, "b": null});
        let expected = expected.as_object().unwrap();
        assert_eq!(check("a: 1\n", expected), Ok(()));
        assert_eq!(check("a: 1\nb:\n", expected), Ok(()));
        assert_eq!(check("a: 2\n", expected), Err(RewriteError::Mismatch));
        assert_eq!(check("# a: 1\n", expected), Err(RewriteError::Mismatch));
        assert_eq!(check("# none\n", &Map::new()), Ok(()));
        assert!(matches!(check("a: 1\na: 1\n", expected), Err(RewriteError::Unreadable(_))));
    }
}
