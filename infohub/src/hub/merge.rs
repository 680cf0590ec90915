//! Three-way merge of plans as JSON: what a person changed on an older version, brought onto the newest.
//! Lists whose entries have ids are merged entry by entry; anything else is one value.

use serde_json::{Map, Value};

/// The places, as `section.list.id`, that both sides changed in different ways.
pub(super) type Clashes = Vec<String>;

/// `theirs` and `ours` were both made from `base`; gives what holds the changes of both.
pub(super) fn merge(base: &Value, theirs: &Value, ours: &Value) -> Result<Value, Clashes> {
    let mut clashes = Vec::new();
    let merged = value("", Some(base), Some(theirs), Some(ours), &mut clashes);
    if clashes.is_empty() { Ok(merged.unwrap_or(Value::Null)) } else { Err(clashes) }
}

fn value(
    place: &str,
    base: Option<&Value>,
    theirs: Option<&Value>,
    ours: Option<&Value>,
    clashes: &mut Clashes,
) -> Option<Value> {
    if theirs == base || theirs == ours {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    match (theirs, ours) {
        (Some(Value::Object(theirs)), Some(Value::Object(ours))) if !is_item(theirs) => {
            Some(Value::Object(object(place, base, theirs, ours, clashes)))
        }
        (Some(Value::Array(theirs)), Some(Value::Array(ours))) if have_ids(theirs) && have_ids(ours) => {
            Some(Value::Array(items(place, base, theirs, ours, clashes)))
        }
        _ => {
            clashes.push(place.to_owned());
            ours.cloned()
        }
    }
}

fn object(
    place: &str,
    base: Option<&Value>,
    theirs: &Map<String, Value>,
    ours: &Map<String, Value>,
    clashes: &mut Clashes,
) -> Map<String, Value> {
    let names = ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
    names
        .filter_map(|name| {
            let below = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            let base = base.and_then(|base| base.get(name));
            value(&below, base, theirs.get(name), ours.get(name), clashes).map(|value| (name.clone(), value))
        })
        .collect()
}

fn items(
    place: &str,
    base: Option<&Value>,
    theirs: &[Value],
    ours: &[Value],
    clashes: &mut Clashes,
) -> Vec<Value> {
    let before = base.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let ids = ours.iter().chain(theirs).filter_map(id);
    let mut seen = Vec::new();
    let mut merged = Vec::new();
    for id in ids {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let place = format!("{place}.{id}");
        merged.extend(value(&place, find(before, id), find(theirs, id), find(ours, id), clashes));
    }
    merged
}

fn find<'a>(items: &'a [Value], wanted: &str) -> Option<&'a Value> {
    items.iter().find(|item| id(item) == Some(wanted))
}

fn id(item: &Value) -> Option<&str> {
    item.get("id").and_then(Value::as_str)
}

fn is_item(fields: &Map<String, Value>) -> bool {
    fields.contains_key("id")
}

fn have_ids(items: &[Value]) -> bool {
    items.iter().all(|item| id(item).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn section(items: &[(&str, &str)]) -> Value {
        let items: Vec<_> = items.iter().map(|(id, text)| json!({"id": id, "text": text})).collect();
        json!({"background": {"company": items}})
    }

    #[test]
    fn both_sides_changes_are_kept() {
        let base = section(&[("a", "1"), ("b", "1")]);
        let theirs = section(&[("a", "2"), ("b", "1"), ("t", "new")]);
        let ours = section(&[("a", "1"), ("o", "new")]);
        assert_eq!(merge(&base, &theirs, &ours), Ok(section(&[("a", "2"), ("o", "new"), ("t", "new")])));
    }

    #[test]
    fn the_same_item_changed_twice_is_a_clash() {
        let base = section(&[("a", "1")]);
        let clash = merge(&base, &section(&[("a", "2")]), &section(&[("a", "3")]));
        assert_eq!(clash, Err(vec!["background.company.a".to_owned()]));
        let clash = merge(&base, &section(&[("a", "2")]), &section(&[]));
        assert_eq!(clash, Err(vec!["background.company.a".to_owned()]));
    }
}
