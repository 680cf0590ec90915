//! A plan for people: section by section, each item with what it rests on, then the open questions.

use infohub::plan::{Diff, FieldChange, Happened, Item, Patch, Plan, QuestionStatus, Section, SectionKey};
use serde_json::Value;

use super::item::{item, plain};
use super::screen::Screen;
use super::words::{count, minute, spaced, wrap};

/// How far items are indented.
const INDENT: &str = "  ";

/// Which parts of a plan are shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice {
    /// Only this section.
    pub section: Option<SectionKey>,
}

/// The plan as lines.
pub fn plan(plan: &Plan, choice: Choice, screen: &Screen) -> String {
    let mut parts = vec![head(plan, screen)];
    let chosen = |key: SectionKey| choice.section.is_none_or(|wanted| wanted == key);
    let sections = plan.parts().filter(|section| chosen(section.key()));
    let (full, mut empty): (Vec<_>, Vec<_>) = sections.partition(|section| holds_something(*section));
    empty.retain(|section| choice.section.is_some() || !section.key().is_register());
    parts.extend(full.into_iter().map(|part| section(part, screen)));
    if !empty.is_empty() {
        let names: Vec<_> = empty.iter().map(|part| numbered(part.key())).collect();
        let text = wrap("Empty: ", "       ", &names.join(", "), screen.width);
        parts.push(screen.paint.faint(&text));
    }
    parts.extend(questions(plan, choice, screen));
    parts.join("\n\n")
}

/// The plan's metadata in two lines.
fn head(plan: &Plan, screen: &Screen) -> String {
    let meta = &plan.plan;
    let owner = meta.owner.as_ref().map(|owner| match &owner.person {
        Some(person) => format!(", owned by {person} ({})", spaced(&owner.role.to_string())),
        None => format!(", owned by the {}", spaced(&owner.role.to_string())),
    });
    let drafted = plan.items().filter(|(_, _, item)| item.review().is_some()).count();
    let drafted = match drafted {
        0 => String::new(),
        drafted => format!("; {drafted} of {} not yet accepted", count(plan.items().count(), "item")),
    };
    format!(
        "{}\nphase {}, {}{}; updated {}{drafted}",
        screen.paint.strong(&format!("Customer Success Plan of {}, version {}", meta.account, meta.version)),
        spaced(&meta.lifecycle.to_string()),
        spaced(&meta.status.to_string()),
        owner.unwrap_or_default(),
        minute(meta.last_updated),
    )
}

fn holds_something(section: &dyn Section) -> bool {
    section.lists().iter().any(|(_, items)| !items.is_empty())
}

/// `1 background`, or `decision log`.
pub fn numbered(key: SectionKey) -> String {
    let name = spaced(key.as_str());
    key.number().map_or_else(|| name.clone(), |number| format!("{number} {name}"))
}

/// A section's heading.
pub fn heading(key: SectionKey, screen: &Screen) -> String {
    let number = key.number().map(|number| format!("{number}. ")).unwrap_or_default();
    screen.paint.strong(&format!("{number}{}", key.title()))
}

fn section(section: &dyn Section, screen: &Screen) -> String {
    let mut lines = vec![heading(section.key(), screen)];
    for (list, items) in section.lists().into_iter().filter(|(_, items)| !items.is_empty()) {
        lines.push(format!(" {}", spaced(list)));
        lines.extend(items.into_iter().map(|entry| item(entry, INDENT, screen)));
    }
    lines.join("\n")
}

fn questions(plan: &Plan, choice: Choice, screen: &Screen) -> Option<String> {
    let open: Vec<_> = plan
        .questions
        .iter()
        .filter(|question| question.status == QuestionStatus::Open)
        .filter(|question| choice.section.is_none_or(|wanted| wanted == question.section))
        .collect();
    if open.is_empty() {
        return None;
    }
    let mut lines = vec![screen.paint.strong(&format!("Open questions ({})", open.len()))];
    lines.extend(open.into_iter().map(|question| {
        let text = format!("{} ({})", question.question, spaced(question.section.as_str()));
        wrap("  ? ", "    ", &text, screen.width)
    }));
    Some(lines.join("\n"))
}

/// What the customer sees, as lines.
pub fn customer(view: &Value, screen: &Screen) -> String {
    let sections = view.as_object().into_iter().flatten();
    let parts: Vec<String> = sections.map(|(key, lists)| customer_section(key, lists, screen)).collect();
    if parts.is_empty() {
        return "The customer sees nothing yet: no shared item has been accepted by a person.".to_owned();
    }
    parts.join("\n\n")
}

fn customer_section(key: &str, lists: &Value, screen: &Screen) -> String {
    let title = key.parse().map_or_else(|_| spaced(key), |key| heading(key, screen));
    let mut lines = vec![title];
    for (list, items) in lists.as_object().into_iter().flatten() {
        lines.push(format!(" {}", spaced(list)));
        for fields in items.as_array().into_iter().flatten().filter_map(Value::as_object) {
            let said = fields.iter().filter(|(_, value)| **value != Value::Array(Vec::new()));
            let mut said = said.map(|(name, value)| (name, plain(value)));
            lines.extend(said.next().map(|(_, value)| wrap("  • ", "    ", &value, screen.width)));
            lines.extend(said.map(|(name, value)| {
                wrap(&format!("      {}: ", spaced(name)), "        ", &value, screen.width)
            }));
        }
    }
    lines.join("\n")
}

/// Changes as lines, one or more each.
pub fn diff(diff: &Diff, screen: &Screen) -> String {
    let paint = screen.paint;
    let lines = diff.changes.iter().map(|change| {
        let place = format!("{}.{}", change.section, change.list);
        let id = paint.faint(change.id.as_str());
        match &change.happened {
            Happened::Added { text } => {
                wrap(&paint.good("+ "), "    ", &format!("{place} {id} {text}"), screen.width)
            }
            Happened::Removed { text } => {
                wrap(&paint.bad("- "), "    ", &format!("{place} {id} {text}"), screen.width)
            }
            Happened::Changed { text, fields } => {
                let first = wrap(&paint.waiting("~ "), "    ", &format!("{place} {id} {text}"), screen.width);
                let fields = fields.iter().map(|field| field_change(field, screen));
                std::iter::once(first).chain(fields).collect::<Vec<_>>().join("\n")
            }
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn field_change(change: &FieldChange, screen: &Screen) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(nothing)".to_owned());
    let text = format!("{} → {}", value(&change.old), value(&change.new));
    wrap(&format!("      {}: ", spaced(&change.field)), "        ", &text, screen.width)
}

/// Items under the headings of their sections and lists, as lines.
pub fn items(items: &[(SectionKey, &'static str, &dyn Item)], screen: &Screen) -> String {
    let mut lines = Vec::new();
    let mut last = (None, "");
    for (section, list, entry) in items {
        if last.0 != Some(*section) {
            lines.push(heading(*section, screen));
        }
        if last != (Some(*section), *list) {
            lines.push(format!(" {}", spaced(list)));
        }
        last = (Some(*section), *list);
        lines.push(item(*entry, INDENT, screen));
    }
    lines.join("\n")
}

/// What a patch would do besides adding and changing items, as lines.
pub fn rest_of_patch(patch: &Patch, screen: &Screen) -> String {
    let removals = patch
        .removals()
        .map(|(section, list, id)| format!("{} {section}.{list} {id}", screen.paint.bad("takes out")));
    let questions =
        patch.questions.iter().map(|question| wrap("  ? ", "    ", &question.question, screen.width));
    removals.chain(questions).collect::<Vec<_>>().join("\n")
}
