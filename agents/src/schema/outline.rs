//! The fields of an answer in a few lines of a prompt: for servers that enforce a schema without showing
//! it to the model, and for those that ignore it. It must not know vendors.

use infohub::calculation::Operation;

use super::node::{Field, Form, Node, Presence};
use super::{Cites, Scope};

const FORM: &str = r#"One JSON object: {"sections":{SECTION:{LIST:{"upsert":[ITEM]}}},"questions":[{"section":SECTION,"question":TEXT}]}.
Each ITEM has the fields named below and "evidence":[{"source":PATH,"quote":TEXT}] or [{"crm":FIELD,"value":TEXT}]. "*" is required; leave out or null what is not stated. Dates are YYYY-MM-DD.
"#;
const CALCULATES: &str = r#"A figure that is worked out has evidence {"calculation":OPERATION,"inputs":[INPUT],"result":NUMBER,"unit":TEXT}. INPUT is {"source":PATH,"column":NAME,"rows":"2-13"} for a table, {"source":PATH,"quote":TEXT,"value":NUMBER}, {"crm":FIELD,"value":NUMBER} or {"item":ID,"field":NAME,"value":NUMBER}. Results have 2 decimals unless "places" says otherwise, half to even.
OPERATION is "#;
const ITEMS: &str = r#"What is said about the plan itself has evidence {"item":ID,"field":NAME,"value":TEXT}: the field of an item as the plan has it.
"#;
const CHANGES: &str = r#"An item with "id" changes the one that has it; "remove":[ID] takes drafted items away.
"#;

/// Describes the tree of an answer.
pub(super) fn outline(root: &Node, scope: Scope, cites: Cites) -> String {
    let mut text = String::from(FORM);
    if cites.items {
        text.push_str(ITEMS);
    }
    if cites.calculations {
        text.push_str(CALCULATES);
        text.push_str(&Operation::ALL.map(Operation::told).join(", "));
        text.push_str(".\n");
    }
    if scope == Scope::Existing {
        text.push_str(CHANGES);
    }
    for section in fields(root).iter().take(1).flat_map(|sections| fields(&sections.node)) {
        text.push_str(&section.name);
        text.push('\n');
        for list in fields(&section.node) {
            let items = fields(&list.node).iter().find(|change| change.name == "upsert");
            if let Some(Node::List(item)) = items.map(|change| &change.node) {
                text.push_str(&format!("  {}: {}\n", list.name, item_line(item)));
            }
        }
    }
    text
}

fn fields(node: &Node) -> &[Field] {
    match node {
        Node::Object(fields) => fields,
        _ => &[],
    }
}

fn item_line(item: &Node) -> String {
    let shown = fields(item).iter().filter(|field| !["id", "evidence"].contains(&field.name.as_str()));
    let words: Vec<String> = shown
        .map(|field| {
            let star = if field.presence == Presence::Required { "*" } else { "" };
            format!("{}{star}{}", field.name, kind(&field.node))
        })
        .collect();
    words.join(", ")
}

/// What a value looks like, where it is not plain text.
fn kind(node: &Node) -> String {
    match node {
        Node::Text(Form::Date) => " (date)".into(),
        Node::Text(Form::Id) => " (id)".into(),
        Node::Text(_) | Node::Evidence => String::new(),
        Node::Words(words) => format!(" ({})", words.join("|")),
        Node::Number | Node::Integer => " (number)".into(),
        Node::Truth => " (true|false)".into(),
        Node::List(item) => match item.as_ref() {
            Node::Object(_) => format!(" [{}]", kind(item).trim()),
            _ => " []".into(),
        },
        Node::Object(fields) => {
            let inner: Vec<_> =
                fields.iter().map(|field| format!("{}{}", field.name, kind(&field.node))).collect();
            format!(" {{{}}}", inner.join(", "))
        }
        Node::Either(nodes) => format!(
            " ({})",
            nodes
                .iter()
                .map(|node| kind(node).trim().trim_matches(['(', ')']).to_owned())
                .collect::<Vec<_>>()
                .join("|")
        ),
    }
}
