//! The CRM's facts and the plan as data for a prompt. It must not know budgets or templates.

use std::fmt::Write as _;

use infohub::facts::AccountFile;
use infohub::plan::{Item, Plan, QuestionStatus, SectionKey};
use serde_json::Value;

/// Bytes of the plan that are shown; the tools read the rest.
const MOST_PLAN_BYTES: usize = 12_000;
/// Characters of one item.
const LONGEST_ITEM: usize = 400;

/// The data of a prompt, not yet fenced.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) facts: String,
    pub(super) plan: String,
    pub(super) material: String,
}

impl Blocks {
    pub(super) fn all(&self) -> [&str; 3] {
        [&self.facts, &self.plan, &self.material]
    }
}

/// One fact a line, by the name that evidence cites.
pub(super) fn facts(facts: &AccountFile) -> String {
    let known = facts.known().into_iter();
    known.fold(String::new(), |mut text, (name, value, _)| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "{name} = {value}");
        text
    })
}

/// What the task's sections hold, one item a line with its id, then those that it may only see, and the
/// questions that are open about its own.
pub(super) fn plan(plan: &Plan, sections: &[SectionKey], reads: &[SectionKey]) -> String {
    let mut text = String::new();
    for section in sections.iter().chain(reads) {
        text.push_str(&section_lines(plan, *section));
    }
    let open = plan.questions.iter().filter(|asked| asked.status == QuestionStatus::Open);
    for asked in open.filter(|asked| sections.contains(&asked.section)) {
        let _ = writeln!(text, "open question in {}: {}", asked.section, asked.question);
    }
    cut(text)
}

/// A section's items, one a line.
pub(crate) fn section_lines(plan: &Plan, section: SectionKey) -> String {
    let mut text = String::new();
    for (list, items) in plan.section(section).lists() {
        for item in items {
            let drafted = if item.review().is_some() { " (drafted)" } else { "" };
            let _ = writeln!(text, "{section}.{list} {}{drafted}: {}", item.id(), item_line(item));
        }
    }
    text
}

/// The item's text and its other fields, without evidence and marks.
pub(super) fn item_line(item: &dyn Item) -> String {
    let Value::Object(mut fields) = item.to_value() else { return String::new() };
    fields.retain(|name, value| {
        !["id", "evidence", "review"].contains(&name.as_str()) && *value != item.text()
    });
    let text = item.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if fields.is_empty() { text } else { format!("{text} {}", Value::Object(fields)) };
    line.chars().take(LONGEST_ITEM).collect()
}

fn cut(text: String) -> String {
    if text.len() <= MOST_PLAN_BYTES {
        return text;
    }
    let end = (0..=MOST_PLAN_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let whole_lines = text.get(..end).and_then(|text| text.rfind('\n').and_then(|at| text.get(..=at)));
    format!("{}(there is more of it)\n", whole_lines.unwrap_or_default())
}
