//! Strict servers write null for what is absent; the plan's types leave it out. It must not know either.

use serde_json::Value;

/// Takes out every field that is null. Nulls in lists stay, since there they are mistakes.
pub(super) fn drop_from(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_from);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_from),
        _ => {}
    }
}
