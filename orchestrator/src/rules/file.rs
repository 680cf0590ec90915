//! The text of `automation.yaml`: its form, its keys, and the places of both.
//!
//! The keys of a rule are checked here by hand and not by a derive, because a derive stops at its
//! first error and operators want all of them. Must not know what a condition means.

use super::fault::{ConditionError, Shown};
use super::field::Field;
use super::place::{Place, in_source};
use super::rule::{Audience, GateName, Priority, Workflow};
use super::rule_error::{Problem, RuleError};
use infohub::yaml::nearest;
use schemars::{Schema, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::fmt;
use std::marker::PhantomData;

/// The largest file that is read, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;
/// The most entries of a list.
const LONGEST_LIST: usize = 32;
/// The keys that a rule must have.
pub(super) const REQUIRED: [&str; 3] = ["trigger", "action", "notification"];
/// The keys that a rule may have.
const OPTIONAL: [&str; 9] =
    ["when", "unless", "timing", "run", "notify", "gate", "escalate", "start", "priority"];

/// The file as it stands, before the keys of its rules are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) automation: Entries<Entries<Spanned<Content>>>,
}

/// The entries of a mapping in the order of the file, each key with its place.
pub(super) struct Entries<T>(pub(super) Vec<(Spanned<String>, T)>);

/// A value: text, a list of texts, or the name of whatever else it is.
pub(super) enum Content {
    Text(String),
    List(Vec<Spanned<String>>),
    Other(&'static str),
}

/// A file being read, which turns bytes of its text into errors with places.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Source<'_> {
    /// Reads the YAML. To be swapped for the reader of `infohub` once that is there.
    pub(super) fn read(&self) -> Result<Document, Vec<RuleError>> {
        let length = self.text.len();
        if length > LARGEST {
            let limit = LARGEST;
            return Err(vec![self.error(0, 0, Problem::TooLarge { length, limit })]);
        }
        let options = serde_saphyr::options! {
            strict_booleans: true,
            budget: serde_saphyr::budget! { max_depth: 16, max_aliases: 1_000, max_anchors: 1_000 },
        };
        serde_saphyr::from_str_with_options(self.text, options).map_err(|error| {
            let message = error.without_snippet().to_string();
            // The place stands in front of ours already.
            let message = message.rsplit_once(" at line ").map_or(&*message, |(before, _)| before);
            let at = error.location().map_or(0, |place| byte_at(self.text, place.line(), place.column()));
            vec![self.error(at, at, Problem::Yaml(message.to_owned()))]
        })
    }

    /// Where a key or a value begins.
    pub(super) fn place<T>(scalar: &Spanned<T>) -> Place {
        // The reader knows it already; counting lines for each of many rules would take their square.
        Place { line: index(scalar.defined.line()), column: index(scalar.defined.column()) }
    }

    /// A fault of a key or of a whole value.
    pub(super) fn at<T>(&self, scalar: &Spanned<T>, problem: Problem) -> RuleError {
        let (start, end) = bytes(scalar);
        self.error(start, end, problem)
    }

    /// A fault inside the text of a condition.
    pub(super) fn inside<T>(&self, scalar: &Spanned<T>, text: &str, found: ConditionError) -> RuleError {
        let (scalar, _) = bytes(scalar);
        let start = in_source(self.text, scalar, text, found.span.start);
        let end = in_source(self.text, scalar, text, found.span.end);
        RuleError { hint: found.hint, ..self.error(start, end, Problem::Condition(found.fault)) }
    }

    fn error(&self, start: usize, end: usize, problem: Problem) -> RuleError {
        RuleError::new(self.file, self.text, start, end, problem)
    }
}

/// The JSON Schema of the file, for editors.
#[must_use]
pub fn schema() -> Schema {
    let fields: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
    let condition = format!("A condition on these fields: {}.", fields.join(", "));
    let text =
        |description: &str| json_schema!({ "type": "string", "minLength": 1, "description": description });
    let effects =
        ["run", "notify", "gate", "escalate", "start"].map(|key| json_schema!({ "required": [key] }));
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "automation.yaml",
        "type": "object",
        "required": ["automation"],
        "additionalProperties": false,
        "properties": { "automation": {
            "description": "The rules by their names.",
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]{1,80}$" },
            "additionalProperties": {
                "type": "object",
                "required": REQUIRED,
                "additionalProperties": false,
                "properties": {
                    "trigger": text(&condition),
                    "when": text("A second condition that must hold as well."),
                    "action": text("What the rule does, in words for people."),
                    "notification": text("Who hears of it, in words for people."),
                    "unless": text("A condition that must not hold."),
                    "timing": text("When reminders of an approaching date come, such as: 7 days before, 1 day before, day of."),
                    "run": text("The task to start, as agent.task."),
                    "notify": { "description": "Who is told.", "anyOf": [
                        { "enum": Audience::WORDS },
                        { "type": "array", "minItems": 1, "items": { "enum": Audience::WORDS } }
                    ] },
                    "gate": { "description": "What is blocked while the rule holds.", "enum": GateName::WORDS },
                    "escalate": { "description": "Who takes the matter over.", "enum": Audience::WORDS },
                    "start": { "description": "The longer work that it starts.", "enum": Workflow::WORDS },
                    "priority": { "description": "How pressing it is; normal if it is not said.", "enum": Priority::WORDS }
                },
                "anyOf": effects
            }
        } }
    })
}

/// What is wrong with a key that rules do not have.
pub(super) fn unknown_key(key: &str) -> (Problem, String) {
    let known = || REQUIRED.into_iter().chain(OPTIONAL);
    let hint = match nearest(key, known()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("the keys are {}", known().collect::<Vec<_>>().join(", ")),
    };
    (Problem::UnknownKey(Shown::quoted(key)), hint)
}

/// Whether a rule may have this key.
pub(super) fn is_known_key(key: &str) -> bool {
    REQUIRED.contains(&key) || OPTIONAL.contains(&key)
}

/// The bytes of a scalar in the file, where it is defined if it is used through an alias.
fn bytes<T>(scalar: &Spanned<T>) -> (usize, usize) {
    let span = scalar.defined.span();
    let start = index(span.byte_offset().unwrap_or(0));
    (start, start + index(span.byte_len().unwrap_or(0)))
}

/// The byte at a line and a column, both counted from 1, the column in characters.
fn byte_at(text: &str, line: u64, column: u64) -> usize {
    let (line, column) = (index(line).saturating_sub(1), index(column).saturating_sub(1));
    let lines: Vec<&str> = text.split_inclusive('\n').take(line.saturating_add(1)).collect();
    let before: usize = lines.iter().take(line).map(|line| line.len()).sum();
    let letters = lines.get(line).into_iter().flat_map(|line| line.chars());
    before + letters.take(column).map(char::len_utf8).sum::<usize>()
}

fn index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyContent)
    }
}

struct AnyContent;

impl<'de> Visitor<'de> for AnyContent {
    type Value = Content;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Content, E> {
        Ok(Content::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Content, E> {
        Ok(Content::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Content, E> {
        Ok(Content::Other("a number"))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Content, E> {
        Ok(Content::Other("a number"))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Content, E> {
        Ok(Content::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Content, E> {
        Ok(Content::Other("a number"))
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Other("nothing"))
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Other("nothing"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content, A::Error> {
        let mut words = Vec::new();
        let mut found = None;
        while let Some(element) = list.next_element::<Spanned<Content>>()? {
            match element.value {
                Content::Text(value) if words.len() < LONGEST_LIST => {
                    words.push(Spanned { value, referenced: element.referenced, defined: element.defined });
                }
                Content::Text(_) => found = Some("a list that is too long"),
                _ => found = Some("a list that does not hold only words"),
            }
        }
        Ok(found.map_or(Content::List(words), Content::Other))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Content::Other("a mapping"))
    }
}
