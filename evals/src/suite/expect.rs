//! What a case expects of the draft. All of it is optional: a scorer measures nothing where nothing is expected.
//! It must not know how anything is measured.

use infohub::plan::SectionKey;
use infohub::registers::action_tracker::Due;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::short_or_full;

/// Wanted items of which a smaller share stands in the material cannot be found by anybody, and are not counted.
pub const RECOVERABLE: f64 = 0.5;

/// What a good draft holds, and what none must.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Expect {
    /// Actions that the tracker is to get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<WantedAction>>,
    /// Decisions that the log is to get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Vec<WantedDecision>>,
    /// Sections that are to get at least one entry that says something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filled: Vec<SectionKey>,
    /// Texts that some entry is to hold, letters' case and marks aside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<Phrase>,
    /// Texts that nothing of the draft may hold: neither entries nor their evidence nor questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Phrase>,
    /// Regular expressions that some entry is to match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<Pattern>,
    /// Figures that some entry is to state.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Figure>,
    /// Fields that are to have a value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<Equal>,
    /// Questions that are to be asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<WantedQuestion>,
    /// The most entries that the draft may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_items: Option<u32>,
    /// Sections that are to stay as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untouched: Vec<SectionKey>,
    /// Whether no entry may change how a milestone, an action, a risk, a decision or a phase stands.
    #[serde(skip_serializing_if = "is_false")]
    pub states_unchanged: bool,
    /// Whether the right outcome is no draft, or one that enters nothing.
    #[serde(skip_serializing_if = "is_false")]
    pub fails: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_false(truth: &bool) -> bool {
    !truth
}

impl Expect {
    /// True if it expects nothing in particular.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An action that somebody took on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedAction {
    /// What is to be done.
    pub text: String,
    /// Who does it; any one of these is right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// The day it is due, or `no date said`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Which share of its words stands in the material, where somebody counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recoverable: Option<f64>,
}

/// A decision that was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WantedDecision {
    /// What was decided.
    pub text: String,
    /// Which share of its words stands in the material, where somebody counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recoverable: Option<f64>,
}

/// A text, anywhere or in one section.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Phrase {
    /// The text.
    pub text: String,
    /// Where it counts; anywhere if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionKey>,
}

/// A regular expression, anywhere or in one section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pattern {
    /// The expression.
    pub regex: String,
    /// Where it counts; anywhere if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionKey>,
}

macro_rules! short_form {
    ($($type:ident { $text:ident, $field:ident: $kind:ty })*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Full {
                    $text: String,
                    #[serde(default)]
                    $field: Option<$kind>,
                }
                let short = |text: &str| Ok::<_, std::convert::Infallible>(Full { $text: text.to_owned(), $field: None });
                short_or_full(deserializer, short).map(|Full { $text, $field }| Self { $text, $field })
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let field = generator.subschema_for::<Option<$kind>>();
                json_schema!({ "anyOf": [{ "type": "string" }, {
                    "type": "object",
                    "properties": { stringify!($text): { "type": "string" }, stringify!($field): field },
                    "required": [stringify!($text)],
                    "additionalProperties": false,
                }] })
            }
        }
    )*};
}

short_form! {
    WantedDecision { text, recoverable: f64 }
    Phrase { text, section: SectionKey }
    Pattern { regex, section: SectionKey }
}

/// A figure that some entry is to state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// How far from it an entry may be.
    #[serde(default)]
    pub within: f64,
    /// Where it counts; anywhere if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionKey>,
}

/// A field of an entry that is to have a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Equal {
    /// The section.
    pub section: SectionKey,
    /// The list in it.
    pub list: String,
    /// Words by which the entry is found: its text holds them.
    pub item: String,
    /// The field, a part of it after a dot.
    pub field: String,
    /// Its value.
    pub value: Value,
}

/// A question that is to be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedQuestion {
    /// The section that needs the answer.
    pub section: SectionKey,
    /// Words that the question holds; any question on the section will do if left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
}

impl WantedAction {
    /// Whether it can be found at all.
    pub fn is_recoverable(&self) -> bool {
        self.recoverable.is_none_or(|share| share >= RECOVERABLE)
    }
}

impl WantedDecision {
    /// Whether it can be found at all.
    pub fn is_recoverable(&self) -> bool {
        self.recoverable.is_none_or(|share| share >= RECOVERABLE)
    }
}
