//! What Salesforce says about an object's fields; the stages of a deal stand there in their order.
//! Must not know records.

use serde::Deserialize;

use super::answer::{body, json_error};
use super::{CrmError, Kind, kind, text};

/// An object and its fields.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Description {
    /// The object's name, such as `Opportunity`.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub label: String,
    /// Its fields, in the order of the answer.
    pub fields: Vec<Field>,
}

/// One field of an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Field {
    /// The field's name, such as `StageName`.
    pub name: String,
    /// Its type in the vendor's words, such as `picklist` or `currency`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What people call it.
    #[serde(default)]
    pub label: String,
    /// The values that a pick list offers, in their order.
    #[serde(default, rename = "picklistValues")]
    pub values: Vec<Choice>,
}

/// A value of a pick list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Choice {
    /// The value as records hold it.
    pub value: String,
    /// Whether it may still be chosen.
    #[serde(default)]
    pub active: bool,
}

/// Reads an answer to a describe request, as JSON or recorded in YAML.
pub fn describe(name: &str, bytes: &[u8]) -> Result<Description, CrmError> {
    let text = text(name, bytes)?;
    let recorded;
    let json = match kind(name, text) {
        Some(Kind::Json) => text,
        Some(Kind::Recorded) => {
            recorded = body(name, text)?;
            &recorded
        }
        Some(Kind::Table) | None => {
            return Err(CrmError::UnknownKind { name: name.to_owned() });
        }
    };
    serde_json::from_str(json).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            CrmError::NotADescription { name: name.to_owned(), detail: error.to_string() }
        }
        _ => json_error(name, &error),
    })
}

/// The stages that a deal goes through, first to last; empty for an object that has none.
pub fn stages(description: &Description) -> Vec<String> {
    let values =
        description.fields.iter().filter(|field| field.name == "StageName").flat_map(|field| &field.values);
    values.filter(|choice| choice.active).map(|choice| choice.value.clone()).collect()
}
