//! The plan's patch types as a small tree, read from their JSON Schemas. What the tree has no word for is
//! an error, so that a new kind of field is noticed by a test and not by a vendor. It must not know vendors.

use serde_json::Value;

use super::SchemaError;

/// Deeper than any type of the plan; a schema that contains itself ends here.
const DEEPEST: usize = 24;

/// What a value can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A mapping with these fields and no others.
    Object(Vec<Field>),
    /// A list.
    List(Box<Node>),
    /// Text.
    Text(Form),
    /// One of these words.
    Words(Vec<String>),
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Truth,
    /// One of several.
    Either(Vec<Node>),
    /// A piece of evidence; it stands under every item, so it is described once.
    Evidence,
}

/// What a text looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Like nothing in particular.
    Free,
    /// A day, as 2026-01-31.
    Date,
    /// The id of an item.
    Id,
    /// Whatever the pattern says.
    Pattern(String),
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) about: Option<String>,
    pub(super) node: Node,
    pub(super) presence: Presence,
}

/// Whether a field has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It has to.
    Required,
    /// It can be empty, which says the same as leaving it out.
    MayBeEmpty,
    /// It can be left out or null.
    Optional,
}

impl Field {
    /// A field without a description.
    pub(super) fn new(name: &str, node: Node, presence: Presence) -> Self {
        Self { name: name.into(), about: None, node, presence }
    }
}

/// Reads a schema; references are resolved in `root`'s definitions.
pub(super) fn read(schema: &Value, root: &Value) -> Result<Node, SchemaError> {
    Reader { root }.node(schema, &mut Vec::new()).map(|(node, _)| node)
}

struct Reader<'a> {
    root: &'a Value,
}

impl Reader<'_> {
    /// The node, and whether null is allowed in its place.
    fn node(&self, schema: &Value, path: &mut Vec<String>) -> Result<(Node, bool), SchemaError> {
        let unknown =
            |path: &[String]| SchemaError::Unsupported { path: path.join("."), what: brief(schema) };
        if path.len() > DEEPEST {
            return Err(unknown(path));
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            return self.node(target.ok_or_else(|| unknown(path))?, path);
        }
        if let Some(variants) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
        {
            return self.either(variants, path);
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            let words = words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect();
            return Ok((Node::Words(words), false));
        }
        if let Some(word) = schema.get("const").and_then(Value::as_str) {
            return Ok((Node::Words(vec![word.to_owned()]), false));
        }
        let (kind, nullable) = kind(schema).ok_or_else(|| unknown(path))?;
        let node = match kind {
            "object" => self.object(schema, path)?,
            "array" => {
                let items = schema.get("items").ok_or_else(|| unknown(path))?;
                Node::List(Box::new(self.node(items, path)?.0))
            }
            "string" => Node::Text(form(schema)),
            "number" => Node::Number,
            "integer" => Node::Integer,
            "boolean" => Node::Truth,
            _ => return Err(unknown(path)),
        };
        Ok((node, nullable))
    }

    fn either(&self, variants: &[Value], path: &mut Vec<String>) -> Result<(Node, bool), SchemaError> {
        let is_null = |schema: &&Value| schema.get("type").and_then(Value::as_str) == Some("null");
        let nullable = variants.iter().any(|schema| is_null(&schema));
        let mut nodes = Vec::new();
        for variant in variants.iter().filter(|schema| !is_null(schema)) {
            match (self.node(variant, path)?.0, nodes.last_mut()) {
                (Node::Words(more), Some(Node::Words(words))) => words.extend(more),
                (node, _) => nodes.push(node),
            }
        }
        let node = if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Either(nodes) };
        Ok((node, nullable))
    }

    fn object(&self, schema: &Value, path: &mut Vec<String>) -> Result<Node, SchemaError> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = Vec::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            path.push(name.clone());
            let (node, nullable) = self.node(property, path)?;
            path.pop();
            let presence = match &node {
                _ if nullable => Presence::Optional,
                _ if required.contains(&name.as_str()) => Presence::Required,
                Node::List(_) => Presence::MayBeEmpty,
                _ => Presence::Optional,
            };
            fields.push(Field {
                name: name.clone(),
                about: property.get("description").and_then(Value::as_str).map(str::to_owned),
                presence,
                node,
            });
        }
        if fields.is_empty() {
            return Err(SchemaError::Unsupported { path: path.join("."), what: brief(schema) });
        }
        Ok(Node::Object(fields))
    }
}

/// The one type besides null.
fn kind(schema: &Value) -> Option<(&str, bool)> {
    match schema.get("type")? {
        Value::String(kind) => Some((kind, false)),
        Value::Array(kinds) => {
            let mut names = kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null");
            let kind = names.next()?;
            names.next().is_none().then_some((kind, kinds.iter().any(|kind| kind == "null")))
        }
        _ => None,
    }
}

fn form(schema: &Value) -> Form {
    let text = |name: &str| schema.get(name).and_then(Value::as_str);
    match (text("format"), text("pattern")) {
        (Some("date"), _) => Form::Date,
        (_, Some(pattern)) if pattern == super::ID_PATTERN => Form::Id,
        (_, Some(pattern)) => Form::Pattern(pattern.to_owned()),
        _ => Form::Free,
    }
}

fn brief(schema: &Value) -> String {
    schema.to_string().chars().take(120).collect()
}
