//! A tree of nodes as JSON Schema, in the dialect of one kind of server. It must not know the plan.

use serde_json::{Map, Value, json};

use super::node::{Field, Form, Node, Presence};
use super::{Bounds, Cites, ID_PATTERN, Profile};

/// Writes schemas in one dialect.
pub(super) struct Writer {
    pub(super) profile: Profile,
    pub(super) bounds: Bounds,
    /// What evidence may be besides quotes and CRM values.
    pub(super) cites: Cites,
}

impl Writer {
    /// A whole schema.
    pub(super) fn root(&self, root: &Node) -> Value {
        let mut schema = self.node(root, "");
        schema["$defs"] = json!({ "evidence": self.node(&super::evidence(self.cites), "") });
        schema
    }

    /// A node where null is not allowed.
    fn node(&self, node: &Node, name: &str) -> Value {
        match node {
            Node::Object(fields) => self.object(fields),
            Node::List(items) => {
                let mut list = json!({ "type": "array", "items": self.node(items, name) });
                self.bound(&mut list, "maxItems", self.bounds.items(name));
                list
            }
            Node::Text(form) => self.text(form, name),
            Node::Words(words) => json!({ "type": "string", "enum": words }),
            Node::Number => json!({ "type": "number" }),
            Node::Integer => json!({ "type": "integer" }),
            Node::Truth => json!({ "type": "boolean" }),
            Node::Evidence => json!({ "$ref": "#/$defs/evidence" }),
            Node::Either(nodes) => {
                json!({ "anyOf": nodes.iter().map(|node| self.node(node, name)).collect::<Vec<_>>() })
            }
        }
    }

    fn object(&self, fields: &[Field]) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in fields {
            properties.insert(field.name.clone(), self.field(field));
            if self.profile != Profile::Plain || field.presence == Presence::Required {
                required.push(field.name.as_str());
            }
        }
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }

    fn field(&self, field: &Field) -> Value {
        let mut schema = self.node(&field.node, &field.name);
        if field.presence == Presence::Optional && self.profile != Profile::Plain {
            schema = or_null(schema);
        }
        if let (Profile::Strict, Some(about), Value::Object(schema)) =
            (self.profile, &field.about, &mut schema)
        {
            schema.insert("description".into(), json!(about));
        }
        schema
    }

    fn text(&self, form: &Form, name: &str) -> Value {
        let mut text = json!({ "type": "string" });
        match (form, self.profile) {
            (Form::Date, Profile::Strict) => text["description"] = json!("a day as YYYY-MM-DD"),
            (Form::Date, _) => text["format"] = json!("date"),
            (_, Profile::Strict) => {}
            (Form::Free, _) => self.bound(&mut text, "maxLength", self.bounds.text(name)),
            (Form::Id, Profile::Bounded) => text["maxLength"] = json!(40),
            (Form::Id, Profile::Plain) => text["pattern"] = json!(ID_PATTERN),
            // The one other pattern there is stands for a few characters.
            (Form::Pattern(_), Profile::Bounded) => text["maxLength"] = json!(12),
            (Form::Pattern(pattern), Profile::Plain) => text["pattern"] = json!(pattern),
        }
        text
    }

    fn bound(&self, schema: &mut Value, keyword: &str, most: usize) {
        if self.profile != Profile::Strict {
            schema[keyword] = json!(most);
        }
    }
}

/// The schema with null allowed, in the shortest form that every dialect takes.
fn or_null(mut schema: Value) -> Value {
    let simple =
        schema.get("type").and_then(Value::as_str).filter(|kind| *kind != "object").map(str::to_owned);
    let Some(kind) = simple else {
        return match schema.get_mut("anyOf").and_then(Value::as_array_mut) {
            Some(variants) => {
                variants.push(json!({ "type": "null" }));
                schema
            }
            None => json!({ "anyOf": [schema, { "type": "null" }] }),
        };
    };
    schema["type"] = json!([kind, "null"]);
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
    schema
}
