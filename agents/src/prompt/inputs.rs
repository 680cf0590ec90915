//! A task's inputs for one account: checked against their types, and made short enough and plain enough to
//! stand in a sentence. It must not know templates, or where values are found.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::fence::Fence;
use super::source::{fact, list, single};
use super::{Account, RenderError};
use crate::charter::{FactPath, Input, InputKind, Task};

/// Characters of a text that stands in a sentence.
const LONGEST_TEXT: usize = 120;
/// Characters of one entry of a list, and entries of one list.
const LONGEST_ENTRY: usize = 300;
const MOST_ENTRIES: usize = 30;

/// A value as the template gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolved {
    /// Stands in a sentence; empty when the account does not know it.
    Inline(String),
    /// Stands behind the fence.
    List(Vec<String>),
}

impl Resolved {
    pub(super) fn shown(&self, fence: &Fence) -> String {
        match self {
            Self::Inline(text) => text.clone(),
            Self::List(entries) => {
                let lines: Vec<_> = entries.iter().map(|entry| format!("- {entry}")).collect();
                fence.wrap("list", &lines.join("\n"))
            }
        }
    }
}

/// All inputs of a task by name.
pub(super) fn resolve(
    task: &Task<'_>,
    account: &Account<'_>,
) -> Result<BTreeMap<String, Resolved>, RenderError> {
    let mut resolved = BTreeMap::new();
    for input in &task.task.inputs {
        resolved.insert(input.name.clone(), one(task, input, account)?);
    }
    Ok(resolved)
}

fn one(task: &Task<'_>, input: &Input, account: &Account<'_>) -> Result<Resolved, RenderError> {
    let (task_name, name, from) = (task.to_string(), input.name.clone(), input.from.to_string());
    let bad = |reason| RenderError::BadInput {
        task: task.to_string(),
        name: name.clone(),
        from: from.clone(),
        reason,
    };
    let missing = || RenderError::MissingInput {
        task: task_name,
        name: name.clone(),
        from: from.clone(),
        remedy: input.from.remedy(),
    };
    if input.kind == InputKind::List {
        let entries = list(task, &input.from, account);
        let entries: Vec<_> =
            entries.iter().take(MOST_ENTRIES).map(|entry| one_line(entry, LONGEST_ENTRY)).collect();
        if entries.is_empty() && input.required {
            return Err(missing());
        }
        return Ok(Resolved::List(entries));
    }
    match single(&input.from, account).map_err(&bad)? {
        None if input.required => Err(missing()),
        None => Ok(Resolved::Inline(String::new())),
        Some(value) => typed(input.kind, &value, account).map(Resolved::Inline).map_err(bad),
    }
}

fn typed(kind: InputKind, value: &str, account: &Account<'_>) -> Result<String, String> {
    let number = || value.parse::<rust_decimal::Decimal>().map_err(|_| format!("'{value}' is not a number"));
    match kind {
        InputKind::Text | InputKind::List => Ok(one_line(value, LONGEST_TEXT)),
        InputKind::Number => number().map(|number| number.to_string()),
        InputKind::Money => {
            let path = FactPath { group: "opportunity", name: "currency".into() };
            let currency = fact(&path, account).ok_or("its currency is not known")?;
            number().map(|number| format!("{number} {currency}"))
        }
        InputKind::Date => {
            value.parse::<Date>().map(|date| date.to_string()).map_err(|_| format!("'{value}' is not a date"))
        }
    }
}

/// A text on one line without what could look like mark-up of the prompt.
fn one_line(text: &str, most: usize) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '<' | '>' | '{' | '}') { ' ' } else { c })
        .collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = words.chars().take(most).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    short
}
