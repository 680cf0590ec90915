//! The shape that an answer must have: composed from the patch types of the sections that a task may
//! write, in the dialect of the server. Operators never write it. It must not know prompts or models.
//!
//! ```text
//! infohub's patch types ─ schemars ─► JSON Schema ─ node ─► tree, cut to the task ─┬─ write ─► what the server is asked to keep
//!                                                                                 ├─ write ─► what answers are checked with
//!                                                                                 └─ outline ─► what the prompt says of it
//! ```

mod node;
mod outline;
mod write;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use infohub::calculation::Operation;
use infohub::plan::{SectionKey, SectionPatches};
use jsonschema::Validator;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tools::model::OutputSchema;

use crate::evidence::has_list_about_the_plan;

use node::{Field, Form, Node, Presence};
use write::Writer;

/// How the plan's types describe the id of an item.
const ID_PATTERN: &str = "^[a-z0-9-]{0,40}$";

/// What agents never write: our own reading of people, commercial figures, links that the runtime keeps, and people's
/// answers.
const WITHHELD: [(&str, &str); 12] = [
    ("people", "stance"),
    ("people", "influence"),
    ("people", "notes"),
    ("outcomes", "value"),
    ("risks", "register"),
    ("risks", "plan_risk"),
    ("risks", "history"),
    ("decisions", "plan_version"),
    ("actions", "milestone"),
    ("checklist", "done"),
    ("commitments", "status"),
    ("commitments", "renegotiated_to"),
];

/// Characters of a material's path or a CRM field's name.
const LONGEST_NAME: usize = 160;
/// How many breaches of the schema are told; more do not help to mend the first ones.
const MOST_BREACHES: usize = 10;

/// What a server does with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Takes OpenAI's strict subset: all fields required, null for what is absent, no bounds.
    Strict,
    /// Makes a grammar of it: everything needs a bound, or an answer may run to the token limit.
    Bounded,
    /// Ignores it: fields may be left out, and the prompt has to describe them.
    Plain,
}

/// Whether the plan already has items that an answer can change or take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// No: ids and removals are left out.
    Fresh,
    /// Yes.
    Existing,
}

/// The most that an answer may hold, for servers that keep bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Characters of a text.
    pub text: usize,
    /// Characters of a quote.
    pub quote: usize,
    /// Items added or changed in one list.
    pub items: usize,
    /// Questions.
    pub questions: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { text: 300, quote: 400, items: 8, questions: 12 }
    }
}

impl Bounds {
    /// Bounds with which an answer of this many tokens can hold something in every list, as far as that goes:
    /// a small model that writes into bounds that are too wide is cut off in the middle.
    pub fn within(tokens: u32) -> Self {
        match tokens {
            0..2_000 => Self { text: 100, quote: 160, items: 1, questions: 2 },
            2_000..4_000 => Self { text: 200, quote: 300, items: 3, questions: 6 },
            _ => Self::default(),
        }
    }

    /// What is read of an answer from a server that keeps no bounds.
    const WIDEST: Self = Self { text: 4_000, quote: 8_000, items: 200, questions: 100 };

    fn text(&self, name: &str) -> usize {
        match name {
            "quote" => self.quote,
            // A path or a field's name that is cut off cites nothing.
            "source" | "crm" => self.text.max(LONGEST_NAME),
            _ => self.text,
        }
    }

    fn items(&self, name: &str) -> usize {
        match name {
            "upsert" | "remove" => self.items,
            "questions" => self.questions,
            "evidence" => (self.items / 2).max(1),
            // Baseline, target, present value and a factor.
            "inputs" => self.items.max(4),
            _ => self.items,
        }
    }
}

/// Why no schema can be composed or compiled; an error in the program, not in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A type of the plan uses something that answers cannot have.
    #[error("a plan type has a schema at '{path}' that answers cannot follow: {what}")]
    Unsupported {
        /// Where.
        path: String,
        /// The beginning of the schema.
        what: String,
    },
    /// The validator does not take the composed schema.
    #[error("the composed schema does not compile: {0}")]
    Broken(String),
}

/// One way in which an answer is not what the schema asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// JSON path in the answer, as `sections.background.outcomes.upsert[0].by`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

/// What evidence may be in a task's answers, besides quotes and CRM values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cites {
    /// Calculations.
    calculations: bool,
    /// Fields of the plan's items.
    items: bool,
}

/// The shape of one task's answers.
#[derive(Debug)]
pub struct Shape {
    root: Node,
    cites: Cites,
    scope: Scope,
    validator: Validator,
    /// What was asked last: a task asks for the same each time, and composing it costs more than the rest of a prompt.
    asked: Mutex<Option<Asked>>,
}

/// A schema as one kind of server is to keep it.
#[derive(Debug, Clone)]
struct Asked {
    profile: Profile,
    bounds: Bounds,
    schema: Arc<Value>,
}

impl Shape {
    /// Composes the shape for a task that may write these sections.
    pub fn compose(sections: &[SectionKey], scope: Scope) -> Result<Self, SchemaError> {
        let raw = schemars::schema_for!(SectionPatches).to_value();
        let Node::Object(mut fields) = node::read(&raw, &raw)? else {
            return Err(SchemaError::Unsupported { path: String::new(), what: "not an object".into() });
        };
        fields.retain(|field| sections.iter().any(|section| section.as_str() == field.name));
        for section in &mut fields {
            let key = sections.iter().find(|key| key.as_str() == section.name);
            section.about = key.map(|key| key.title().to_owned());
            cut_section(section, scope);
        }
        let keys = sections.iter().map(|section| section.as_str().to_owned()).collect();
        let question = Node::Object(vec![
            Field::new("section", Node::Words(keys), Presence::Required),
            Field::new("question", Node::Text(Form::Free), Presence::Required),
        ]);
        let root = Node::Object(vec![
            Field::new("sections", Node::Object(fields), Presence::Required),
            Field::new("questions", Node::List(Box::new(question)), Presence::MayBeEmpty),
        ]);
        let cites = Cites {
            calculations: sections.contains(&SectionKey::ValueTracking),
            items: scope == Scope::Existing
                && sections.iter().any(|section| has_list_about_the_plan(*section)),
        };
        let plain = Writer { profile: Profile::Plain, bounds: Bounds::WIDEST, cites }.root(&root);
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let validator = options.build(&plain).map_err(|error| SchemaError::Broken(error.to_string()))?;
        Ok(Self { root, cites, scope, validator, asked: Mutex::default() })
    }

    /// The schema as a server of this profile is to keep it; `name` is the task's.
    pub fn asked(&self, name: &str, profile: Profile, bounds: Bounds) -> OutputSchema {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let known = asked.take().filter(|asked| (asked.profile, asked.bounds) == (profile, bounds));
        let Asked { schema, .. } = asked.insert(known.unwrap_or_else(|| {
            let schema = Writer { profile, bounds, cites: self.cites }.root(&self.root);
            Asked { profile, bounds, schema: Arc::new(schema) }
        }));
        OutputSchema { name: name.to_owned(), schema: Arc::clone(schema) }
    }

    /// The fields in a few lines, for the prompt.
    pub fn outline(&self) -> String {
        outline::outline(&self.root, self.scope, self.cites)
    }

    /// What in an answer, its nulls taken out, is not as it should be.
    pub fn breaches(&self, answer: &Value) -> Vec<Breach> {
        let errors = self.validator.iter_errors(answer).take(MOST_BREACHES);
        errors
            .map(|error| Breach {
                path: dotted(error.instance_path().as_str()),
                message: error.masked().to_string(),
            })
            .collect()
    }
}

/// Takes out of a section what answers do not write.
fn cut_section(section: &mut Field, scope: Scope) {
    section.presence = Presence::Optional;
    let Node::Object(lists) = &mut section.node else { return };
    for list in lists {
        list.presence = Presence::MayBeEmpty;
        let name = list.name.clone();
        let Node::Object(changes) = &mut list.node else { continue };
        changes.retain(|change| scope == Scope::Existing || change.name == "upsert");
        for change in changes {
            change.about = None;
            if let Node::List(item) = &mut change.node
                && let Node::Object(fields) = item.as_mut()
            {
                cut_item(fields, &name, scope);
            }
        }
    }
}

fn cut_item(fields: &mut Vec<Field>, list: &str, scope: Scope) {
    fields.retain(|field| {
        let withheld = field.name == "review" || WITHHELD.contains(&(list, &field.name));
        let refers = field.node == Node::Text(Form::Id);
        !withheld && (scope == Scope::Existing || !refers)
    });
    // Whoever has to quote first and claim afterwards claims what was quoted.
    let evidence = Field::new("evidence", Node::List(Box::new(Node::Evidence)), Presence::MayBeEmpty);
    fields.retain(|field| field.name != evidence.name);
    fields.insert(0, evidence);
}

/// A quote or a CRM value; a calculation where figures are worked out, and a field of the plan where something is said
/// about the plan. Lines and as-of times are left to the runtime, which looks them up.
fn evidence(cites: Cites) -> Node {
    let mut forms = vec![
        Node::Object(vec![text("source"), text("quote")]),
        Node::Object(vec![text("crm"), text("value")]),
    ];
    if cites.items {
        forms.push(Node::Object(vec![text("item"), text("field"), text("value")]));
    }
    if cites.calculations {
        forms.push(calculation());
    }
    Node::Either(forms)
}

fn text(name: &str) -> Field {
    Field::new(name, Node::Text(Form::Free), Presence::Required)
}

fn calculation() -> Node {
    let figure = || Field::new("value", Node::Number, Presence::Required);
    let rows = Node::Text(Form::Pattern("^[0-9]{1,7}(-[0-9]{1,7})?$".to_owned()));
    let input = Node::Either(vec![
        Node::Object(vec![text("source"), text("column"), Field::new("rows", rows, Presence::Optional)]),
        Node::Object(vec![text("source"), text("quote"), figure()]),
        Node::Object(vec![text("crm"), figure()]),
        Node::Object(vec![text("item"), text("field"), figure()]),
    ]);
    let operations = Operation::ALL.into_iter().map(|operation| operation.as_str().to_owned()).collect();
    Node::Object(vec![
        Field::new("calculation", Node::Words(operations), Presence::Required),
        Field::new("inputs", Node::List(Box::new(input)), Presence::Required),
        Field::new("result", Node::Number, Presence::Required),
        Field::new("places", Node::Integer, Presence::Optional),
        Field::new("unit", Node::Text(Form::Free), Presence::Optional),
    ])
}

/// `/a/0/b` as `a[0].b`, which is how people and models write it.
fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part.replace("~1", "/").replace("~0", "~"));
        }
    }
    if path.is_empty() { "the answer".to_owned() } else { path }
}
