//! Fields that are to have a value: an entry of the list holds the words by which it is found, and its field is equal,
//! numbers by what they mean and texts to the letter. It must not know what the fields are about.

use serde_json::Value;

use super::Measure;
use super::look::{Entry, Look};
use super::words::spaced;
use crate::suite::Equal;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    Measure::share_of_right(&look.case.expect.equals, |equal| fault(look, equal))
}

fn fault(look: &Look<'_>, equal: &Equal) -> Option<String> {
    let Equal { section, list, item, field, value } = equal;
    let wanted = spaced(item);
    let listed = look.listed(*section, list);
    let named: Vec<&&Entry<'_>> =
        listed.iter().filter(|entry| spaced(entry.item.text()).contains(&wanted)).collect();
    if named.iter().any(|entry| field_of(entry, field).is_some_and(|found| same(&found, value))) {
        return None;
    }
    let found = named.first().map(|entry| field_of(entry, field).unwrap_or_default());
    Some(match found {
        Some(found) => format!("{section}.{list} \"{item}\": {field} is {found}, and should be {value}"),
        None => format!("{section}.{list} has no \"{item}\", whose {field} should be {value}"),
    })
}

fn field_of(entry: &Entry<'_>, field: &str) -> Option<Value> {
    let value = entry.item.to_value();
    field.split('.').try_fold(&value, |value, part| value.get(part)).cloned()
}

fn same(found: &Value, wanted: &Value) -> bool {
    match (found.as_f64(), wanted.as_f64()) {
        (Some(found), Some(wanted)) => (found - wanted).abs() <= f64::EPSILON * wanted.abs().max(1.0),
        _ => found == wanted,
    }
}
