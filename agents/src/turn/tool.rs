//! What a model may look at while it answers: read-only, bounded, and always data. It must not know the
//! conversation.

use infohub::plan::SectionKey;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tools::material::Line;
use tools::model::{ToolCall, ToolSpec};

use super::Ground;
use crate::charter::Sight;
use crate::prompt::{section_lines, shown};

/// Said to a model that calls a tool when no calls are left.
pub(super) const NO_MORE: &str = "no calls are left; answer now with the JSON object";

/// Bytes of a call's arguments.
const MOST_ARGUMENTS: usize = 4 << 10;
/// Characters of a query.
const LONGEST_QUERY: usize = 300;
/// Passages that one search gives.
const PASSAGES: usize = 6;
/// Lines that one reading gives.
const MOST_LINES: u32 = 80;

/// A tool with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// Passages of the material that fit a query.
    SearchMaterial {
        /// What is searched for.
        query: String,
    },
    /// Lines of one material.
    ReadLines {
        /// The material's path.
        path: String,
        /// First line.
        first: u32,
        /// Last line.
        last: u32,
    },
    /// A section of the plan.
    ReadSection {
        /// The section.
        section: SectionKey,
    },
}

/// A call that is to be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolRequest {
    /// The model's id of the call.
    pub call_id: String,
    /// What is called.
    pub tool: Tool,
}

/// What a tool found; the turn puts it behind a fence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolResult {
    /// The model's id of the call.
    pub call_id: String,
    /// What was found.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    query: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    path: String,
    first: u32,
    last: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichSection {
    section: SectionKey,
}

impl Tool {
    /// Reads a call; the error is said to the model.
    pub(super) fn parse(call: &ToolCall, sights: &[Sight]) -> Result<Self, String> {
        let offered = specs(sights);
        if !offered.iter().any(|spec| spec.name == call.name) {
            let names: Vec<_> = offered.iter().map(|spec| spec.name.as_str()).collect();
            return Err(format!("there is no such tool; there are: {}", names.join(", ")));
        }
        if call.arguments.len() > MOST_ARGUMENTS {
            return Err("the arguments are too long".into());
        }
        match call.name.as_str() {
            "search_material" => {
                let Query { query } = arguments(call)?;
                let query: String = query.chars().take(LONGEST_QUERY).collect();
                if query.trim().is_empty() {
                    Err("query is empty".into())
                } else {
                    Ok(Self::SearchMaterial { query })
                }
            }
            "read_lines" => {
                let Lines { path, first, last } = arguments(call)?;
                if first == 0 || last < first {
                    return Err("first is 1 or more and last is not before it".into());
                }
                Ok(Self::ReadLines { path, first, last: last.min(first.saturating_add(MOST_LINES - 1)) })
            }
            _ => arguments(call).map(|WhichSection { section }| Self::ReadSection { section }),
        }
    }
}

fn arguments<'a, T: Deserialize<'a>>(call: &'a ToolCall) -> Result<T, String> {
    serde_json::from_str(&call.arguments).map_err(|error| format!("the arguments are not usable: {error}"))
}

/// The tools for what an agent may see.
pub(super) fn specs(sights: &[Sight]) -> Vec<ToolSpec> {
    let mut specs = Vec::new();
    if sights.contains(&Sight::Material) {
        specs.push(spec(
            "search_material",
            "Find passages of the account's material by words that stand in them.",
            &json!({ "query": { "type": "string" } }),
        ));
        specs.push(spec(
            "read_lines",
            "Read lines of one material, to quote them exactly. At most 80 at a time.",
            &json!({ "path": { "type": "string" }, "first": { "type": "integer" }, "last": { "type": "integer" } }),
        ));
    }
    if sights.contains(&Sight::Plan) {
        let keys: Vec<_> = SectionKey::every().map(SectionKey::as_str).collect();
        specs.push(spec(
            "read_section",
            "Read what a section of the plan says now.",
            &json!({ "section": { "type": "string", "enum": keys } }),
        ));
    }
    specs
}

fn spec(name: &str, description: &str, properties: &serde_json::Value) -> ToolSpec {
    let required: Vec<&String> =
        properties.as_object().map(|fields| fields.keys().collect()).unwrap_or_default();
    ToolSpec {
        name: name.into(),
        description: description.into(),
        parameters: json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false
        }),
    }
}

/// Carries out a request. Pure: everything it looks at is in memory already.
pub fn carry_out(request: &ToolRequest, ground: &Ground<'_>) -> ToolResult {
    let library = ground.sources.library;
    let text = match &request.tool {
        Tool::SearchMaterial { query } => {
            let passage = |path: &str, lines: &[Line]| format!("## {path}\n{}", numbered(lines));
            let hits = library.search(query, PASSAGES).into_iter();
            hits.map(|hit| passage(&hit.path, library.lines(&hit.path, hit.line, hit.last_line))).collect()
        }
        Tool::ReadLines { path, first, last } => match library.get(path) {
            Some(material) => numbered(material.lines_between(*first, *last)),
            None => {
                let paths: Vec<_> = library.materials().map(|material| material.path.as_str()).collect();
                format!("there is no such material; there are:\n{}", paths.join("\n"))
            }
        },
        Tool::ReadSection { section } => section_lines(ground.plan, *section),
    };
    ToolResult { call_id: request.call_id.clone(), text }
}

fn numbered(lines: &[Line]) -> String {
    lines.iter().map(|line| shown(line) + "\n").collect()
}
