//! Tables: one record a row. Must not know where they come from.

use super::fields::{Fields, folded};
use super::object::{Object, add};
use super::{CrmError, RECORDS, Source};
use crate::crm::CrmBatch;

/// Reads a table with a header row.
pub(super) fn read(source: Source<'_>, text: &str) -> Result<CrmBatch, CrmError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| csv_error(source.name, &error))?.clone();
    let fallback = Fallback::of(source.name, &header);
    let mut batch = CrmBatch::default();
    for row in reader.records() {
        let row = row.map_err(|error| csv_error(source.name, &error))?;
        let place = format!("{}, line {}", source.name, row.position().map_or(0, csv::Position::line));
        if batch.records.len() >= RECORDS {
            batch.skip(place, format!("the export has more than {RECORDS} records; split it"));
            break;
        }
        let mut fields = Fields::default();
        for (name, value) in header.iter().zip(row.iter()) {
            fields.add(name, value);
        }
        let id = fields.text(&["id"]);
        match id.as_deref().and_then(Object::of_id).unwrap_or(fallback.object) {
            Some(object) => add(&mut batch, source, object, place, fields),
            None if fallback.is_told || id.is_some() => {
                batch.skip(place, "records of this object are not read".to_owned());
            }
            None => {
                return Err(CrmError::UnknownObject { name: source.name.to_owned() });
            }
        }
    }
    Ok(batch)
}

/// What rows are whose id does not tell.
struct Fallback {
    object: Option<Object>,
    /// Whether the file's name says what it holds, even if that is nothing that is read.
    is_told: bool,
}

impl Fallback {
    fn of(name: &str, header: &csv::StringRecord) -> Self {
        let stem = name.rsplit('/').next().unwrap_or(name);
        let stem = stem.split('.').next().unwrap_or(stem).to_ascii_lowercase();
        let stem =
            ["sf_", "salesforce_"].iter().find_map(|prefix| stem.strip_prefix(prefix)).unwrap_or(&stem);
        let stem = ["_history_data", "_history", "_data", "_export"]
            .iter()
            .find_map(|suffix| stem.strip_suffix(suffix))
            .unwrap_or(stem);
        let by_name = Object::named(stem);
        let is_told = by_name.is_some() || stem != name.split('.').next().unwrap_or(name);
        let object = by_name.or_else(|| if is_told { None } else { by_columns(header) });
        Self { object, is_told }
    }
}

/// The object that alone has such columns.
fn by_columns(header: &csv::StringRecord) -> Option<Object> {
    let columns: Vec<String> = header.iter().map(folded).collect();
    let has = |name: &str| columns.iter().any(|column| column == name);
    if has("stagename") && has("accountid") {
        Some(Object::Opportunity)
    } else if has("lastname") && has("accountid") {
        Some(Object::Contact)
    } else if has("name") && (has("billingcountry") || has("industry")) && !has("lastname") {
        Some(Object::Account)
    } else {
        None
    }
}

fn csv_error(name: &str, error: &csv::Error) -> CrmError {
    let line = error.position().map_or(0, csv::Position::line);
    CrmError::Csv { name: name.to_owned(), line, detail: error.to_string().chars().take(200).collect() }
}
