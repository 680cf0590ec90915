//! What the customer sees: shared fields of shared lists, and of those only what a person accepted.

use serde_json::{Map, Value};

use super::{Plan, Section};

/// The customer's projection of the plan: sections by name, lists by name, items with their shared fields.
/// Metadata and questions stay inside.
pub fn customer_view(plan: &Plan) -> Value {
    let mut view = Map::new();
    for section in plan.sections() {
        let lists = shared_items(section);
        if !lists.is_empty() {
            view.insert(section.key().as_str().into(), Value::Object(lists));
        }
    }
    Value::Object(view)
}

fn shared_items(section: &dyn Section) -> Map<String, Value> {
    let shared = section.shared_lists();
    let lists = section.lists().into_iter().filter(|(list, _)| shared.contains(list));
    lists
        .filter_map(|(list, items)| {
            let accepted = items.into_iter().filter(|item| item.review().is_none());
            let views: Vec<_> =
                accepted.map(|item| item.customer_view()).filter(|view| !is_empty(view)).collect();
            (!views.is_empty()).then(|| (list.to_owned(), Value::Array(views)))
        })
        .collect()
}

fn is_empty(view: &Value) -> bool {
    view.as_object()
        .is_none_or(|fields| fields.values().all(|value| value.as_array().is_some_and(Vec::is_empty)))
}
