//! Record trees and query answers: records with records in them, each naming its object in `attributes`.
//! Must not know files of other kinds.

use serde_json::{Map, Value};

use super::answer::json_error;
use super::fields::Fields;
use super::object::{Object, add};
use super::{CrmError, RECORDS, Source};
use crate::crm::CrmBatch;

/// Trees go five levels deep by the vendor's own rule.
const DEPTH: usize = 10;

/// Reads a tree, a query answer, a list of records or one record.
pub(super) fn read(source: Source<'_>, json: &str) -> Result<CrmBatch, CrmError> {
    let value: Value = serde_json::from_str(json).map_err(|error| json_error(source.name, &error))?;
    let mut walk = Walk { source, batch: CrmBatch::default() };
    match &value {
        Value::Array(items) => walk.list(items, source.name, None, 0),
        Value::Object(object) => match records(&value) {
            Some(items) => walk.list(items, source.name, None, 0),
            None => walk.record(object, source.name.to_owned(), None, 0),
        },
        _ => walk.batch.skip(source.name.to_owned(), "it is no record".to_owned()),
    }
    Ok(walk.batch)
}

/// The records in an answer that lists them.
fn records(value: &Value) -> Option<&Vec<Value>> {
    value.get("records")?.as_array()
}

struct Walk<'a> {
    source: Source<'a>,
    batch: CrmBatch,
}

impl Walk<'_> {
    fn list(&mut self, items: &[Value], place: &str, parent: Option<&str>, depth: usize) {
        for (nth, item) in (1..).zip(items) {
            let place = format!("{place}, record {nth}");
            match item.as_object() {
                _ if self.batch.records.len() >= RECORDS => {
                    self.batch.skip(place, format!("the export has more than {RECORDS} records; split it"));
                    return;
                }
                Some(object) => self.record(object, place, parent, depth),
                None => self.batch.skip(place, "it is no record".to_owned()),
            }
        }
    }

    fn record(&mut self, record: &Map<String, Value>, place: String, parent: Option<&str>, depth: usize) {
        if depth > DEPTH {
            self.batch.skip(place, format!("it is nested more than {DEPTH} deep"));
            return;
        }
        let Some(kind) = record.get("attributes").and_then(|attributes| attributes.get("type")?.as_str())
        else {
            self.batch.skip(place, no_record(record).to_owned());
            return;
        };
        let id = id(record);
        let object = Object::named(kind);
        // Only what lies below an account belongs to it by lying there.
        let below = id.as_deref().filter(|_| object == Some(Object::Account));
        let mut fields = Fields::default();
        if let Some(id) = &id {
            fields.add("Id", id);
        }
        for (name, value) in record.iter().filter(|(name, _)| *name != "attributes") {
            self.field(&mut fields, name, value, &place, below, depth);
        }
        if let Some(parent) = parent {
            fields.add("AccountId", parent);
        }
        match object {
            Some(object) => add(&mut self.batch, self.source, object, place, fields),
            None => self.batch.skip(place, format!("records of {kind} are not read")),
        }
    }

    /// A value of a record: plain, a list of records below it, a record above it, or an address.
    fn field(
        &mut self,
        fields: &mut Fields,
        name: &str,
        value: &Value,
        place: &str,
        id: Option<&str>,
        depth: usize,
    ) {
        match value {
            Value::String(text) => fields.add(name, text),
            Value::Number(number) => fields.add(name, &number.to_string()),
            Value::Bool(flag) => fields.add(name, if *flag { "true" } else { "false" }),
            Value::Null | Value::Array(_) => {}
            Value::Object(object) => {
                if let Some(items) = records(value) {
                    self.list(items, &format!("{place}, {name}"), id, depth + 1);
                } else if object.contains_key("attributes") {
                    if let Some(above) = self::id(object) {
                        fields.add(&format!("{name}Id"), &above);
                    }
                    self.record(object, format!("{place}, {name}"), None, depth + 1);
                } else {
                    address(fields, name, object);
                }
            }
        }
    }
}

/// A record's id: its own, the end of its address, or the reference that its tree gives it.
fn id(record: &Map<String, Value>) -> Option<String> {
    let own = ["Id", "id", "ID"].iter().find_map(|name| record.get(*name)?.as_str());
    let attributes = record.get("attributes");
    let from_url = || attributes?.get("url")?.as_str()?.rsplit('/').next();
    let reference = || attributes?.get("referenceId")?.as_str();
    own.or_else(from_url).or_else(reference).filter(|id| !id.is_empty()).map(str::to_owned)
}

/// The parts of a compound field: `BillingAddress.country` is `BillingCountry`.
fn address(fields: &mut Fields, name: &str, parts: &Map<String, Value>) {
    let prefix = name.strip_suffix("Address").unwrap_or(name);
    for (part, value) in parts {
        if let Some(text) = value.as_str() {
            fields.add(&format!("{prefix}{part}"), text);
        }
    }
}

/// Why an object without a type is no record.
fn no_record(object: &Map<String, Value>) -> &'static str {
    if object.contains_key("sobject") && object.contains_key("files") {
        "it is a plan that names other files"
    } else if object.contains_key("fields") && object.contains_key("name") {
        "it describes an object's fields and holds no record"
    } else {
        "it does not say which object it is"
    }
}
