//! A task's inputs for one account: looked up, checked against their types, and made short enough and
//! plain enough to stand in a sentence. It must not know templates.

use std::collections::BTreeMap;

use infohub::plan::{QuestionStatus, gaps};
use jiff::civil::Date;

use super::fence::Fence;
use super::{Account, RenderError};
use crate::charter::{FactPath, Input, InputKind, InputSource, PlanPart, Task};

/// Characters of a text that stands in a sentence.
const LONGEST_TEXT: usize = 120;
/// Characters of one entry of a list, and entries of one list.
const LONGEST_ENTRY: usize = 200;
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
    if input.kind == InputKind::List {
        let entries = list(task, &input.from, account);
        let entries: Vec<_> =
            entries.iter().take(MOST_ENTRIES).map(|entry| one_line(entry, LONGEST_ENTRY)).collect();
        if entries.is_empty() && input.required {
            return Err(RenderError::MissingInput { task: task_name, name, from });
        }
        return Ok(Resolved::List(entries));
    }
    match single(&input.from, account) {
        None if input.required => Err(RenderError::MissingInput { task: task_name, name, from }),
        None => Ok(Resolved::Inline(String::new())),
        Some(value) => typed(input.kind, &value, account)
            .map(Resolved::Inline)
            .map_err(|reason| RenderError::BadInput { task: task_name, name, from, reason }),
    }
}

fn single(from: &InputSource, account: &Account<'_>) -> Option<String> {
    match from {
        InputSource::Fact(path) => fact(path, account),
        InputSource::Plan(PlanPart::Lifecycle) => Some(account.plan.plan.lifecycle.to_string()),
        InputSource::Plan(PlanPart::Status) => Some(account.plan.plan.status.to_string()),
        InputSource::Plan(_) | InputSource::MaterialPaths => None,
    }
}

/// The fact by its full name; the opportunity is the plan's, or the only one there is.
fn fact(path: &FactPath, account: &Account<'_>) -> Option<String> {
    let opportunities = &account.facts.opportunities;
    let only = || opportunities.first().filter(|_| opportunities.len() == 1).map(|only| &only.id);
    let field = match path.group {
        "opportunity" => {
            let id = account.plan.plan.opportunity.as_ref().or_else(only)?;
            format!("opportunity.{id}.{}", path.name)
        }
        group => format!("{group}.{}", path.name),
    };
    account.facts.known().into_iter().find(|(name, _, _)| *name == field).map(|(_, value, _)| value)
}

fn list(task: &Task<'_>, from: &InputSource, account: &Account<'_>) -> Vec<String> {
    match from {
        InputSource::Plan(PlanPart::Section(section)) => {
            let lists = account.plan.section(*section).lists();
            lists.into_iter().flat_map(|(_, items)| items).map(|item| item.text().to_owned()).collect()
        }
        InputSource::Plan(PlanPart::Gaps) => {
            let gaps = gaps(account.plan, &task.task.sections);
            gaps.into_iter().map(|gap| format!("{} needs {}", gap.section, gap.needs)).collect()
        }
        InputSource::Plan(PlanPart::OpenQuestions) => {
            let open = account.plan.questions.iter().filter(|asked| asked.status == QuestionStatus::Open);
            open.map(|asked| asked.question.clone()).collect()
        }
        InputSource::MaterialPaths => {
            account.library.materials().map(|material| material.path.clone()).collect()
        }
        InputSource::Fact(_) | InputSource::Plan(_) => Vec::new(),
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
