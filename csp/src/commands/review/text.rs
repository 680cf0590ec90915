//! A draft as a text for a person to change, and what differs between the two. It must not open files.

use std::collections::BTreeSet;

use infohub::ids::ItemId;
use infohub::plan::{Item, Patch, Plan, SectionKey, SectionPatches};
use infohub::yaml;
use serde_json::{Map, Value, json};

use super::draft::Open;
use crate::exit::Exit;
use crate::fault::Fault;

/// Fields that the person does not see: they follow from the decision, or stay as they are.
const HIDDEN: [&str; 2] = ["evidence", "review"];
/// What turns the text into a plan, so that it is read by the plan's own strict reader. It takes the place of
/// the first line, a comment, so that errors name the right lines.
const META: &str = "plan: {schema: 1, version: 1, account: any, lifecycle: initiate, status: draft, last_updated: \"2026-01-01T00:00:00Z\"}";

/// The text of a draft, with words of guidance.
pub fn write(open: &Open) -> Result<String, Fault> {
    let mut sections = Map::new();
    for (section, list, item) in open.items() {
        let lists = sections.entry(section.as_str()).or_insert_with(|| json!({}));
        let items = lists.as_object_mut().map(|lists| lists.entry(list).or_insert_with(|| json!([])));
        if let Some(Value::Array(items)) = items {
            items.push(visible(item.to_value()));
        }
    }
    let body = yaml::emit(&Value::Object(sections)).map_err(|error| Fault::of(Exit::Failed, &error))?;
    Ok(format!("{}{body}", guidance(open)))
}

fn guidance(open: &Open) -> String {
    format!(
        "# {}: the draft of {}\n\
         # Change what is wrong. Delete an item to keep it out of the plan. Add items without an id.\n\
         # What you leave as it is is accepted as it is. The evidence of each item stays with it.\n\
         # Save and close to decide; leave the text unchanged to decide nothing.\n\n",
        open.account, open.task.id
    )
}

fn visible(mut item: Value) -> Value {
    if let Value::Object(fields) = &mut item {
        fields.retain(|name, _| !HIDDEN.contains(&name.as_str()));
    }
    item
}

/// The person's changes, as a patch on top of the draft.
pub fn read(open: &Open, name: &str, text: &str) -> Result<Patch, Fault> {
    let wanted = read_plan(name, text)?;
    let mut changes = Changes::default();
    let drafted = open.items();
    let mut kept = BTreeSet::new();
    for (section, list, item) in wanted.items() {
        let known =
            drafted.iter().find(|(_, _, drafted)| !item.id().is_unassigned() && drafted.id() == item.id());
        match known {
            None if !item.id().is_unassigned() => {
                return Err(Fault::refused(format!(
                    "{name}: '{}' is no item of this draft; leave the id of a new item out",
                    item.id()
                )));
            }
            None => changes.upsert(section, list, visible(item.to_value())),
            Some((at, of, known)) if (*at, *of) != (section, list) => {
                return Err(Fault::refused(format!(
                    "{name}: item {} belongs to {at}.{of}; delete it there and add it here without an id",
                    known.id()
                )));
            }
            Some((_, _, known)) => {
                if !kept.insert(item.id().clone()) {
                    return Err(Fault::refused(format!("{name}: item {} stands here twice", item.id())));
                }
                changes.compare(section, list, *known, item);
            }
        }
    }
    for (section, list, item) in drafted.iter().filter(|(_, _, item)| !kept.contains(item.id())) {
        changes.remove(*section, list, item.id());
    }
    changes.patch(name)
}

fn read_plan(name: &str, text: &str) -> Result<Plan, Fault> {
    let placed = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with('#') => format!("{META}\n{rest}"),
        _ => format!("{META}\n{text}"),
    };
    Ok(yaml::read(name, &placed)?)
}

/// Changes on their way to a patch, in the patch's own form.
#[derive(Default)]
struct Changes(Map<String, Value>);

impl Changes {
    /// What the person changed in an item. A field that is gone cannot be told by a patch, which only sets
    /// fields: the item is replaced by a new one that has its evidence.
    fn compare(&mut self, section: SectionKey, list: &str, drafted: &dyn Item, wanted: &dyn Item) {
        let (before, after) = (visible(drafted.to_value()), visible(wanted.to_value()));
        if before == after {
            return;
        }
        let lost = |name: &String| after.get(name).is_none();
        let cleared = before.as_object().is_some_and(|fields| fields.keys().any(lost));
        if !cleared {
            return self.upsert(section, list, after);
        }
        self.remove(section, list, drafted.id());
        let mut new = after;
        if let Value::Object(fields) = &mut new {
            fields.remove("id");
            fields.insert("evidence".into(), serde_json::to_value(drafted.evidence()).unwrap_or_default());
        }
        self.upsert(section, list, new);
    }

    fn upsert(&mut self, section: SectionKey, list: &str, item: Value) {
        self.push(section, list, "upsert", item);
    }

    fn remove(&mut self, section: SectionKey, list: &str, id: &ItemId) {
        self.push(section, list, "remove", json!(id));
    }

    fn push(&mut self, section: SectionKey, list: &str, what: &str, value: Value) {
        let entry = self.0.entry(section.as_str()).or_insert_with(|| json!({}));
        let change = &mut entry[list][what];
        match change {
            Value::Array(values) => values.push(value),
            other => *other = json!([value]),
        }
    }

    fn patch(self, name: &str) -> Result<Patch, Fault> {
        let sections: Result<SectionPatches, _> = serde_json::from_value(Value::Object(self.0));
        let sections = sections.map_err(|error| Fault::refused(format!("{name}: {error}")))?;
        Ok(Patch { sections, ..Patch::default() })
    }
}
