//! What an item of the plan rests on: a verbatim quote from a material, a field of the CRM, a calculation from such
//! figures, or a field of another item, for what is said about the plan itself.
//! Whether it is true is checked elsewhere; this file only knows its form.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calculation::{Calculation, Input, Operation};
use crate::ids::ItemId;
use crate::number::Number;

/// One piece of evidence under an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "RawEvidence", into = "RawEvidence")]
#[schemars(with = "RawEvidence")]
pub enum Evidence {
    /// Words that stand in a material of the account.
    Quote {
        /// Path from the account's folder, as `materials/discovery/2026-01-12.md`.
        source: String,
        /// Where the words stand; filled in by the runtime when it finds them.
        lines: Option<LineRange>,
        /// The words, verbatim.
        quote: String,
    },
    /// A field of `account.yaml` with the value that was seen.
    Crm {
        /// `account.NAME` or `opportunity.ID.NAME`.
        field: String,
        /// The value as text.
        value: String,
        /// When the CRM said so.
        as_of: Option<Timestamp>,
    },
    /// A field of an item of the plan or a register, as it was when it was cited. It proves only what is said about
    /// the plan, such as that a milestone is done.
    Item {
        /// The item.
        item: ItemId,
        /// Its field; a part of it after a dot, as `owner.name`.
        field: String,
        /// What the field said, or [`NOT_SET`](crate::plan::NOT_SET).
        value: String,
    },
    /// A figure that was worked out from cited figures.
    Calculation(Calculation),
}

/// First and last line, counted from 1; written `12-14`, or `12` for one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct LineRange {
    /// First line.
    pub first: u32,
    /// Last line, not before the first.
    pub last: u32,
}

impl TryFrom<String> for LineRange {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        match (first.trim().parse(), last.trim().parse()) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last => Ok(Self { first, last }),
            _ => Err(format!("'{text}' is not a line range such as 12-14")),
        }
    }
}

impl From<LineRange> for String {
    fn from(range: LineRange) -> String {
        range.to_string()
    }
}

impl fmt::Display for LineRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// The form on disk and in a model's answer: one flat mapping, because people write it by hand and
/// an error in it should name the field and not "no variant matched".
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence")]
struct RawEvidence {
    /// Path of the material, for a quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Lines of the material, as 12-14.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lines: Option<LineRange>,
    /// The material's own words, copied exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote: Option<String>,
    /// Name of the CRM field, instead of a quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crm: Option<String>,
    /// Id of an item of the plan, instead of a quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<ItemId>,
    /// Name of the item's field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Value of the field of CRM or item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// When the CRM field had that value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<Timestamp>,
    /// What was worked out, instead of a quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calculation: Option<Operation>,
    /// The calculation's figures, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Input>,
    /// The calculation's result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Number>,
    /// The decimals to which it is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    places: Option<u8>,
    /// Its unit or currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

impl TryFrom<RawEvidence> for Evidence {
    type Error = String;
    fn try_from(raw: RawEvidence) -> Result<Self, String> {
        let RawEvidence {
            source,
            lines,
            quote,
            crm,
            item,
            field,
            value,
            as_of,
            calculation,
            inputs,
            result,
            places,
            unit,
        } = raw;
        let cites_nothing = lines.is_none() && as_of.is_none();
        let form = "evidence is either source and quote (and lines), or crm and value (and as_of), or item, field \
                    and value, or calculation, inputs and result (and places and unit)";
        if let (Some(operation), Some(result)) = (calculation, result) {
            return match (source, quote, crm, item, field, value) {
                (None, None, None, None, None, None) if cites_nothing => {
                    Ok(Self::Calculation(Calculation { operation, inputs, result, places, unit }))
                }
                _ => Err(form.into()),
            };
        }
        let calculates = calculation.is_some() || result.is_some() || !inputs.is_empty();
        if calculates || places.is_some() || unit.is_some() {
            return Err(form.into());
        }
        match (source, quote, crm, item, field, value) {
            (Some(source), Some(quote), None, None, None, None) if as_of.is_none() => {
                Ok(Self::Quote { source, lines, quote })
            }
            (None, None, Some(field), None, None, Some(value)) if lines.is_none() => {
                Ok(Self::Crm { field, value, as_of })
            }
            (None, None, None, Some(item), Some(field), Some(value)) if cites_nothing => {
                Ok(Self::Item { item, field, value })
            }
            _ => Err(form.into()),
        }
    }
}

impl From<Evidence> for RawEvidence {
    fn from(evidence: Evidence) -> Self {
        match evidence {
            Evidence::Quote { source, lines, quote } => {
                Self { source: Some(source), lines, quote: Some(quote), ..Self::default() }
            }
            Evidence::Crm { field, value, as_of } => {
                Self { crm: Some(field), value: Some(value), as_of, ..Self::default() }
            }
            Evidence::Item { item, field, value } => {
                Self { item: Some(item), field: Some(field), value: Some(value), ..Self::default() }
            }
            Evidence::Calculation(Calculation { operation, inputs, result, places, unit }) => {
                let (calculation, result) = (Some(operation), Some(result));
                Self { calculation, inputs, result, places, unit, ..Self::default() }
            }
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quote { source, lines: Some(lines), quote } => write!(f, "{source}:{lines} \"{quote}\""),
            Self::Quote { source, lines: None, quote } => write!(f, "{source} \"{quote}\""),
            Self::Crm { field, value, as_of: Some(as_of) } => {
                write!(f, "CRM {field} = {value} as of {as_of}")
            }
            Self::Crm { field, value, as_of: None } => write!(f, "CRM {field} = {value}"),
            Self::Item { item, field, value } => write!(f, "{item} {field} = {value}"),
            Self::Calculation(calculation) => calculation.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_on_disk_is_flat() {
        let quote: Evidence =
            serde_json::from_str(r#"{"source":"materials/a.md","lines":"3-4","quote":"we lose two days"}"#)
                .unwrap();
        assert_eq!(
            serde_json::to_string(&quote).unwrap(),
            r#"{"source":"materials/a.md","lines":"3-4","quote":"we lose two days"}"#
        );
        let error = serde_json::from_str::<Evidence>(r#"{"source":"a","crm":"b"}"#).unwrap_err().to_string();
        assert!(error.contains("either source and quote"), "{error}");
        assert!(serde_json::from_str::<Evidence>(r#"{"source":"a","quote":"b","lines":"4-3"}"#).is_err());
        let item = r#"{"item":"ms-3f9a","field":"status","value":"done"}"#;
        let cited: Evidence = serde_json::from_str(item).unwrap();
        assert_eq!(cited.to_string(), "ms-3f9a status = done");
        assert_eq!(serde_json::to_string(&cited).unwrap(), item);
        assert!(serde_json::from_str::<Evidence>(r#"{"item":"ms-3f9a","crm":"a","value":"b"}"#).is_err());
        let sum = r#"{"calculation":"sum","inputs":[{"source":"materials/u.csv","column":"users","rows":"2-4"}],"result":12}"#;
        let cited: Evidence = serde_json::from_str(sum).unwrap();
        assert_eq!(serde_json::to_string(&cited).unwrap(), sum);
        assert_eq!(cited.to_string(), "12 = sum of materials/u.csv:2-4 \"users\"");
        for wrong in
            [r#"{"calculation":"sum","inputs":[]}"#, r#"{"calculation":"sum","result":1,"quote":"a"}"#]
        {
            assert!(serde_json::from_str::<Evidence>(wrong).is_err());
        }
    }
}
