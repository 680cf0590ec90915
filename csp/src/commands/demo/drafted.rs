//! What agents added to a plan between two moments: for each section an item with its citations, and
//! the questions that were asked.

use std::collections::BTreeSet;

use infohub::ids::ItemId;
use infohub::plan::{Item, Plan, SectionKey};

use crate::show::item::item;
use crate::show::plan::heading;
use crate::show::screen::Screen;
use crate::show::words::{count, wrap};

/// How many items of a section are shown.
const SHOWN_ITEMS: usize = 1;
/// How many questions are shown.
const SHOWN_QUESTIONS: usize = 2;

/// The additions as lines; empty if there are none.
pub fn told(before: Option<&Plan>, after: &Plan, screen: &Screen) -> String {
    let known: BTreeSet<&ItemId> =
        before.into_iter().flat_map(Plan::items).map(|(_, _, item)| item.id()).collect();
    let mut parts = Vec::new();
    for section in SectionKey::every() {
        let new: Vec<&dyn Item> = after
            .items()
            .filter(|(at, _, item)| *at == section && !known.contains(item.id()))
            .map(|(_, _, item)| item)
            .collect();
        if !new.is_empty() {
            parts.push(section_told(section, &new, screen));
        }
    }
    parts.extend(questions(before, after, screen));
    parts.join("\n")
}

fn section_told(section: SectionKey, new: &[&dyn Item], screen: &Screen) -> String {
    let such = if new.len() > SHOWN_ITEMS { ", such as" } else { "" };
    let head = format!("  {}: {}{such}", heading(section, screen), count(new.len(), "item"));
    let items = new.iter().take(SHOWN_ITEMS).map(|entry| item(*entry, "    ", screen));
    std::iter::once(head).chain(items).collect::<Vec<_>>().join("\n")
}

fn questions(before: Option<&Plan>, after: &Plan, screen: &Screen) -> Option<String> {
    let known =
        |id: &ItemId| before.is_some_and(|plan| plan.questions.iter().any(|question| question.id == *id));
    let new: Vec<_> = after.questions.iter().filter(|question| !known(&question.id)).collect();
    if new.is_empty() {
        return None;
    }
    let head = screen.paint.strong("Asked, because the material does not say:");
    let shown = new
        .iter()
        .take(SHOWN_QUESTIONS)
        .map(|question| wrap("    ? ", "      ", &question.question, screen.width));
    let mut lines: Vec<String> = std::iter::once(format!("  {head}")).chain(shown).collect();
    if new.len() > SHOWN_QUESTIONS {
        lines.push(format!("    and {} more", new.len() - SHOWN_QUESTIONS));
    }
    Some(lines.join("\n"))
}
