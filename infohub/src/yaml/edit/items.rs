//! Which items of a new list are which items of the old one.
//!
//! It compares values; it must not know how lists are written.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::super::value::{count, field, same};

/// How many items without an id are compared with one new item.
const LOOK_AHEAD: usize = 32;

/// Where an item of the new list comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Origin {
    /// The old item of this index, at its place.
    Kept(usize),
    /// The old item of this index, at another place among its neighbours.
    Moved(usize),
    /// Nowhere.
    New,
}

/// The origin of every new item: by `id` where items have one, else by what they say and where they stand.
pub(in super::super) fn origins(old: &[Value], new: &[Value]) -> Vec<Origin> {
    match (ids(old), ids(new)) {
        (Some(known), Some(named)) if !named.is_empty() => settled(&by_id(old, new, &known, &named)),
        _ => by_position(old, new),
    }
}

/// For each of `count` old items whether it stays at its place.
pub(super) fn kept(origins: &[Origin], count: usize) -> Vec<bool> {
    let mut kept = vec![false; count];
    for origin in origins {
        if let Origin::Kept(index) = origin {
            kept[*index] = true;
        }
    }
    kept
}

/// The places of items by id, if they are all mappings and no id comes twice.
fn ids(items: &[Value]) -> Option<HashMap<&str, usize>> {
    let mut ids = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if let Some(id) = id(item.as_object()?)
            && ids.insert(id, index).is_some()
        {
            return None;
        }
    }
    Some(ids)
}

fn id(item: &Map<String, Value>) -> Option<&str> {
    item.get("id")?.as_str().filter(|id| !id.is_empty())
}

/// Which old item each new one is; an item that a person wrote without an id may have been given one.
fn by_id(
    old: &[Value],
    new: &[Value],
    known: &HashMap<&str, usize>,
    named: &HashMap<&str, usize>,
) -> Vec<Option<usize>> {
    let mut found = vec![None; new.len()];
    for (id, index) in named {
        found[*index] = known.get(id).copied();
    }
    let nameless = old.iter().enumerate().filter(|(_, item)| item.as_object().and_then(id).is_none());
    let mut waiting: VecDeque<usize> = nameless.map(|(index, _)| index).collect();
    for (found, item) in found.iter_mut().zip(new).filter(|(found, _)| found.is_none()) {
        let alike = |index: &usize| says_the_same(&old[*index], item);
        if let Some(ahead) = waiting.iter().take(LOOK_AHEAD).position(alike) {
            *found = waiting.remove(ahead);
        }
    }
    // What was changed and named at once is told by its place, if nothing came or went beside it.
    if waiting.len() == found.iter().filter(|found| found.is_none()).count() {
        found.iter_mut().filter(|found| found.is_none()).for_each(|found| *found = waiting.pop_front());
    }
    found
}

/// True if two items differ in their id at most.
fn says_the_same(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else {
        return false;
    };
    let unnamed = |fields: &Map<String, Value>| count(fields) - usize::from(field(fields, "id").is_some());
    let mut rest = old.iter().filter(|(key, value)| *key != "id" && !value.is_null());
    unnamed(old) == unnamed(new)
        && rest.all(|(key, value)| field(new, key).is_some_and(|other| same(value, other)))
}

/// Tells the items that stay where they are from those that change their place.
fn settled(found: &[Option<usize>]) -> Vec<Origin> {
    let steady = longest_rise(found);
    let origin = |(index, steady): (&Option<usize>, bool)| match index {
        Some(index) if steady => Origin::Kept(*index),
        Some(index) => Origin::Moved(*index),
        None => Origin::New,
    };
    found.iter().zip(steady).map(origin).collect()
}

/// Marks the most items that can stay where they are: a longest rising run of old positions.
fn longest_rise(positions: &[Option<usize>]) -> Vec<bool> {
    // `ends[n]` is the index of the item with the smallest position that ends a run of n + 1.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; positions.len()];
    for (index, position) in positions.iter().enumerate() {
        let Some(position) = *position else { continue };
        let length = ends.partition_point(|(end, _)| *end < position);
        before[index] = length.checked_sub(1).map(|shorter| ends[shorter].1);
        match ends.get_mut(length) {
            Some(end) => *end = (position, index),
            None => ends.push((position, index)),
        }
    }
    let mut marked = vec![false; positions.len()];
    let mut next = ends.last().map(|(_, index)| *index);
    while let Some(index) = next {
        marked[index] = true;
        next = before[index];
    }
    marked
}

/// Equal items at both ends stay; what is between them is paired in order.
fn by_position(old: &[Value], new: &[Value]) -> Vec<Origin> {
    let shorter = old.len().min(new.len());
    let equal = |(left, right): &(&Value, &Value)| same(left, right);
    let head = old.iter().zip(new).take_while(equal).count();
    let tail = old.iter().rev().zip(new.iter().rev()).take(shorter - head).take_while(equal).count();
    (0..new.len())
        .map(|index| {
            if index >= new.len() - tail {
                Origin::Kept(index + old.len() - new.len())
            } else if index < old.len() - tail {
                Origin::Kept(index)
            } else {
                Origin::New
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(old: &Value, new: &Value, expected: &[Origin]) {
        let (old, new) = (old.as_array().unwrap(), new.as_array().unwrap());
        assert_eq!(origins(old, new), expected, "{old:?} to {new:?}");
    }

    fn named(ids: &[&str]) -> Value {
        ids.iter().map(|id| json!({"id": id})).collect()
    }

    #[test]
    fn items_are_found_by_id() {
        use Origin::{Kept, Moved, New};
        check(&named(&["a", "b", "c"]), &named(&["a", "x", "c"]), &[Kept(0), New, Kept(2)]);
        check(&named(&["a", "b", "c"]), &named(&["c", "a", "b"]), &[Moved(2), Kept(0), Kept(1)]);
        check(&named(&["a", "b", "c"]), &named(&["b", "a", "d"]), &[Moved(1), Kept(0), New]);
        check(&named(&[]), &named(&["a"]), &[New]);
    }

    #[test]
    fn items_that_are_given_an_id_are_found_by_what_they_say() {
        use Origin::{Kept, New};
        let old = json!([{"t": 1}, {"id": "b", "t": 2}, {"t": 3}]);
        check(
            &old,
            &json!([{"id": "a", "t": 1}, {"id": "n", "t": 9}, {"id": "b", "t": 2}, {"id": "c", "t": 3}]),
            &[Kept(0), New, Kept(1), Kept(2)],
        );
        check(&old, &json!([{"id": "b", "t": 2}, {"id": "c", "t": 3}]), &[Kept(1), Kept(2)]);
        check(
            &old,
            &json!([{"id": "a", "t": 1}, {"id": "b", "t": 2}, {"id": "c", "t": 4}]),
            &[Kept(0), Kept(1), Kept(2)],
        );
    }

    #[test]
    fn items_without_ids_of_their_own_go_by_position() {
        use Origin::{Kept, New};
        check(&json!(["a", "b", "c"]), &json!(["a", "c"]), &[Kept(0), Kept(2)]);
        check(&json!(["a", "c"]), &json!(["a", "b", "c"]), &[Kept(0), New, Kept(1)]);
        check(&json!(["a", "b"]), &json!(["x", "y", "z"]), &[Kept(0), Kept(1), New]);
        check(&json!([1, 1]), &json!([1]), &[Kept(0)]);
        check(&named(&["a", "a"]), &named(&["a"]), &[Kept(0)]);
    }
}
