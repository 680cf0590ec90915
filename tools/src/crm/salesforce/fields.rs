//! A record's fields by name, whatever way an export spells the names. Must not know objects.
//!
//! `StageName`, `stageName`, `stage_name` and `stagename` are one field; so are `Tier__c` and `tier_c`.

use std::collections::BTreeMap;

use infohub::facts::Tier;
use infohub::number::{Currency, Number};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Characters of one value; nothing that a plan uses is longer.
const VALUE: usize = 2_000;

/// The values of one record that are neither empty nor null.
#[derive(Debug, Default)]
pub(super) struct Fields {
    values: BTreeMap<String, Value>,
    /// Fields whose value is not what the field should hold, with why.
    pub(super) unusable: Vec<(String, String)>,
}

#[derive(Debug)]
struct Value {
    spelled: String,
    text: String,
    used: bool,
}

impl Fields {
    /// Adds a field; the first of two that mean the same stays.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            let text = value.chars().take(VALUE).collect();
            self.values.entry(folded(name)).or_insert(Value { spelled: name.to_owned(), text, used: false });
        }
    }

    /// How many values nobody asked for.
    pub(super) fn unused(&self) -> usize {
        self.values.values().filter(|value| !value.used).count()
    }

    /// The first of the named fields that has a value.
    pub(super) fn text(&mut self, names: &[&str]) -> Option<String> {
        self.first(names).map(|(_, text)| text)
    }

    pub(super) fn flag(&mut self, names: &[&str]) -> Option<bool> {
        self.parsed(names, "yes or no", |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        })
    }

    pub(super) fn amount(&mut self, names: &[&str]) -> Option<Number> {
        self.parsed(names, "an amount", |text| {
            // Some exports group thousands.
            text.replace(',', "").parse().ok()
        })
    }

    pub(super) fn count(&mut self, names: &[&str]) -> Option<u32> {
        self.parsed(names, "a count", |text| {
            let whole = text.strip_suffix(".0").unwrap_or(text);
            whole.replace(',', "").parse().ok()
        })
    }

    pub(super) fn currency(&mut self, names: &[&str]) -> Option<Currency> {
        self.parsed(names, "a currency code", |text| text.to_ascii_uppercase().try_into().ok())
    }

    /// The tier that the value names among its words: `Enterprise`, `Strategic account`.
    pub(super) fn tier(&mut self, names: &[&str]) -> Option<Tier> {
        self.parsed(names, "strategic, enterprise or commercial", |text| {
            text.split(|c: char| !c.is_alphanumeric()).find_map(|word| {
                match word.to_ascii_lowercase().as_str() {
                    "strategic" => Some(Tier::Strategic),
                    "enterprise" => Some(Tier::Enterprise),
                    "commercial" => Some(Tier::Commercial),
                    _ => None,
                }
            })
        })
    }

    pub(super) fn date(&mut self, names: &[&str]) -> Option<Date> {
        self.parsed(names, "a date", |text| text.get(..10)?.parse().ok())
    }

    /// An instant; one without an offset is taken as UTC, which is what the exports mean.
    pub(super) fn instant(&mut self, names: &[&str]) -> Option<Timestamp> {
        self.parsed(names, "a time", |text| {
            text.parse().ok().or_else(|| {
                let local: DateTime = text.parse().ok()?;
                Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
            })
        })
    }

    fn first(&mut self, names: &[&str]) -> Option<(String, String)> {
        let name = names.iter().find(|name| self.values.contains_key(**name))?;
        let value = self.values.get_mut(*name)?;
        value.used = true;
        Some((value.spelled.clone(), value.text.clone()))
    }

    fn parsed<T>(&mut self, names: &[&str], what: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (spelled, text) = self.first(names)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.unusable.push((spelled, format!("it is not {what}")));
        }
        parsed
    }
}

/// A field's name without case, separators and the mark of a custom field.
pub(super) fn folded(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let name = name.strip_suffix("__c").or_else(|| name.strip_suffix("_c")).unwrap_or(&name);
    name.chars().filter(char::is_ascii_alphanumeric).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(value: &str) -> Fields {
        let mut fields = Fields::default();
        fields.add("Some_Field__c", value);
        fields
    }

    #[test]
    fn names_fold() {
        for name in ["StageName", "stage_name", "stagename", "Stage Name", "StageName__c"] {
            assert_eq!(folded(name), "stagename");
        }
    }

    #[test]
    fn values_are_read_as_exports_write_them() {
        let instant = |text: &str| fields(text).instant(&["somefield"]).map(|time| time.to_string());
        assert_eq!(instant("2019-10-17 21:10:19").as_deref(), Some("2019-10-17T21:10:19Z"));
        assert_eq!(instant("2022-03-17T16:21:26.000+0000").as_deref(), Some("2022-03-17T16:21:26Z"));
        assert_eq!(
            fields("2018-12-19 00:00:00").date(&["somefield"]).map(|date| date.to_string()).as_deref(),
            Some("2018-12-19")
        );
        assert_eq!(fields("1,250.50").amount(&["somefield"]), "1250.50".parse().ok());
        assert_eq!(fields("2.5E5").amount(&["somefield"]), Some(Number::from(250_000)));
        assert_eq!(fields("FALSE").flag(&["somefield"]), Some(false));
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_own_name() {
        let mut fields = fields("soon");
        assert_eq!(fields.date(&["somefield"]), None);
        assert_eq!(fields.unusable, [("Some_Field__c".to_owned(), "it is not a date".to_owned())]);
        assert_eq!(fields.unused(), 0);
    }
}
