//! Small closed vocabularies and values that several sections share.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::number::Number;

macro_rules! words {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$word_meta:meta])* $word:ident ),* $(,)? } )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $( $(#[$word_meta])* $word ),* }
    )*};
}
pub(crate) use words;

words! {
    /// Whose side of the table somebody or something is on.
    Side {
        /// The customer's.
        Customer,
        /// Ours.
        Ours,
        /// A partner's.
        Partner,
    }
    /// How far planned work has come.
    Progress {
        /// Not begun.
        Planned,
        /// Under way.
        InProgress,
        /// Finished.
        Done,
        /// Will not happen.
        Cancelled,
    }
    /// A judgement in three steps.
    Level {
        /// Small.
        Low,
        /// Middling.
        Medium,
        /// Large.
        High,
    }
    /// A traffic light.
    Light {
        /// As it should be.
        Green,
        /// To be watched.
        Amber,
        /// In trouble.
        Red,
    }
}

/// A measured value, or the plain statement that nobody measured it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number or the words \"not measured\"")]
pub enum Measured {
    /// What was measured.
    Value(Number),
    /// Written `not measured`.
    Not(NotMeasured),
}

/// The words `not measured`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotMeasured {
    /// Nobody measured it.
    #[serde(rename = "not measured")]
    NotMeasured,
}

impl JsonSchema for Measured {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Measured".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "number" }, { "type": "string", "enum": ["not measured"] }] })
    }
}

/// Who answers for something: one person, on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The person's name, or the id in team.yaml for one of ours.
    pub name: String,
    /// Whose side the person is on.
    pub side: Side,
}

/// True for text that only holds a place: empty, `TBD`, `N/A`, `to be confirmed`, `[insert name]` and their kin.
pub fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 22] = [
        "",
        "tbd",
        "tba",
        "tbc",
        "todo",
        "n/a",
        "na",
        "none yet",
        "unknown",
        "pending",
        "placeholder",
        "xxx",
        "to be confirmed",
        "to be defined",
        "to be determined",
        "to be decided",
        "to be announced",
        "not available",
        "not applicable",
        "coming soon",
        "fill in",
        "lorem ipsum",
    ];
    let bracketed = |open, close| text.trim().strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let blank = bracketed('[', ']').or_else(|| bracketed('<', '>')).map(str::trim_start).unwrap_or_default();
    if ["insert ", "fill in ", "your "].iter().any(|start| blank.to_lowercase().starts_with(start)) {
        return true;
    }
    let bare: String =
        text.chars().filter(|c| c.is_alphanumeric() || *c == '/' || c.is_whitespace()).collect();
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    WORDS.contains(&bare.as_str())
}

/// True if the option holds text that says something.
pub fn says_something(text: Option<&str>) -> bool {
    text.is_some_and(|text| !is_placeholder(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_as_empty() {
        for text in [
            "",
            "  ",
            "TBD",
            "tbd.",
            "[TBD]",
            "N/A",
            "n/a",
            "To be  confirmed",
            "<todo>",
            "...",
            "-",
            "?",
            "Lorem ipsum",
            "[insert other tools here]",
            "<Your name>",
        ] {
            assert!(is_placeholder(text), "{text:?}");
        }
        for text in ["Cut lead time", "0", "NA region first", "none", "TBD by Anna on 3 May", "[1] your plan"]
        {
            assert!(!is_placeholder(text), "{text:?}");
        }
    }

    #[test]
    fn not_measured_is_a_value() {
        let values: Vec<Measured> = serde_json::from_str(r#"[3.5, "not measured"]"#).unwrap();
        assert_eq!(values[1], Measured::Not(NotMeasured::NotMeasured));
        assert_eq!(serde_json::to_string(&values).unwrap(), r#"[3.5,"not measured"]"#);
        assert!(serde_json::from_str::<Measured>(r#""about 3""#).is_err());
    }
}
