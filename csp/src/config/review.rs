//! `[review]` of `csp.toml`: whether drafts wait for a person, who may let them in, and by when. A key is a setting or
//! an agent's name, so the table is read key by key; each keeps its place for faults.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use infohub::plan::SectionKey;
use orchestrator::approval::Approver;
use orchestrator::calendar::Length;
use orchestrator::policy::{Gate, ReviewPolicy, ReviewTimes};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use super::Reading;

/// Under `[review.approvers]`: where nothing else is said, and everywhere.
const OTHERS: &str = "others";
const ALWAYS: &str = "always";

/// The `[review]` table.
#[derive(Debug, Default)]
pub(super) struct ReviewTable {
    due: Option<Spanned<String>>,
    escalate: Option<Spanned<String>>,
    expires: Option<Spanned<String>>,
    approvers: BTreeMap<Spanned<String>, Named>,
    agents: BTreeMap<Spanned<String>, BTreeMap<SectionKey, ReviewGate>>,
}

/// Whether a draft enters the plan by itself.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReviewGate {
    /// It does, marked as drafted.
    Auto,
    /// A person lets it in.
    Review,
}

/// Roles, or an agent's roles section by section.
#[derive(Debug)]
enum Named {
    Roles(Vec<Approver>),
    Sections(BTreeMap<SectionKey, Vec<Approver>>),
}

impl<'de> Deserialize<'de> for ReviewTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = ReviewTable;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of due, escalate, expires, approvers, and agents")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReviewTable, A::Error> {
                let mut table = ReviewTable::default();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    match key.get_ref().as_str() {
                        "due" => table.due = Some(map.next_value()?),
                        "escalate" => table.escalate = Some(map.next_value()?),
                        "expires" => table.expires = Some(map.next_value()?),
                        "approvers" => table.approvers = map.next_value()?,
                        _ => drop(table.agents.insert(key, map.next_value()?)),
                    }
                }
                Ok(table)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Named;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of roles, or of an agent's sections each with one")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Named, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(seq)).map(Named::Roles)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Named, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(Named::Sections)
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Named, E> {
                Err(E::custom(format!("say [\"{word}\"]: it is a list")))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for ReviewTable {
    fn schema_name() -> Cow<'static, str> {
        "Review".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let section = generator.subschema_for::<SectionKey>();
        let length = || json_schema!({ "type": "string", "examples": ["3 business days"] });
        let roles = json_schema!({ "type": "array", "items": { "type": "string" } });
        json_schema!({
            "description": "Who lets drafts in, by agent and section, and by when.",
            "type": "object",
            "properties": {
                "due": length(), "escalate": length(), "expires": length(),
                "approvers": { "type": "object", "additionalProperties": { "anyOf": [
                    roles, { "type": "object", "additionalProperties": roles },
                ] } },
            },
            "additionalProperties": {
                "type": "object", "propertyNames": section,
                "additionalProperties": { "enum": ["auto", "review"] },
            },
        })
    }
}

impl Reading<'_> {
    /// What the table says; `agents` are the names that there are.
    pub(super) fn review(&mut self, table: ReviewTable, agents: &[&str]) -> ReviewPolicy {
        let usual = ReviewTimes::default();
        let times = ReviewTimes {
            due: self.length("due", table.due, usual.due),
            escalate: self.length("escalate", table.escalate, usual.escalate),
            expires: self.length("expires", table.expires, usual.expires),
        };
        self.agents(table.agents.keys(), agents);
        let gate = |(section, gate)| match gate {
            ReviewGate::Auto => (section, Gate::Auto),
            ReviewGate::Review => (section, Gate::Review),
        };
        let gates = table.agents.into_iter();
        let gates =
            gates.map(|(agent, gates)| (agent.into_inner(), gates.into_iter().map(gate).collect())).collect();
        let mut policy = ReviewPolicy { gates, times, ..ReviewPolicy::default() };
        for (key, named) in table.approvers {
            self.approvers(&key, named, agents, &mut policy);
        }
        policy
    }

    fn length(&mut self, key: &str, text: Option<Spanned<String>>, usual: Length) -> Length {
        let Some(text) = text else { return usual };
        text.get_ref().parse().unwrap_or_else(|fault| {
            self.note(text.span().start, format!("review.{key}: {fault}"));
            usual
        })
    }

    fn approvers(&mut self, key: &Spanned<String>, named: Named, agents: &[&str], policy: &mut ReviewPolicy) {
        let approvers = &mut policy.approvers;
        let word = key.get_ref().as_str();
        let section: Option<SectionKey> = SectionKey::every().find(|section| section.as_str() == word);
        match (word, section, named) {
            (OTHERS, _, Named::Roles(roles)) => approvers.others = roles,
            (ALWAYS, _, Named::Roles(roles)) => approvers.always = roles,
            (_, Some(section), Named::Roles(roles)) => drop(approvers.sections.insert(section, roles)),
            (agent, _, Named::Roles(roles)) if agents.contains(&agent) => {
                approvers.agents.insert(agent.to_owned(), roles);
            }
            (agent, _, Named::Sections(sections)) if agents.contains(&agent) => {
                let sections = sections.into_iter();
                let both = sections.map(|(section, roles)| ((agent.to_owned(), section), roles));
                approvers.agents_sections.extend(both);
            }
            _ => {
                let fault = self.fault(
                    key.span().start,
                    format!("review.approvers: '{word}' is no section and no agent"),
                );
                let known = agents.join(", ");
                self.faults.push(fault.help(format!(
                    "say {OTHERS}, {ALWAYS}, a section such as risks, or one of the agents {known}"
                )));
            }
        }
    }
}
