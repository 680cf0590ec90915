//! What is said about the plan itself, and on what it rests: the evidence of the items it is about, and those of
//! their fields that it names. It must not know who says it.

use infohub::evidence::Evidence;
use infohub::ids::ItemId;
use infohub::plan::{Item, NOT_SET};

/// An item rests on so many pieces of evidence at most; what is beyond is not looked up.
pub(super) const MOST: usize = 12;
/// Of the evidence of the item that something is about, so many pieces are taken over.
const MOST_TAKEN_OVER: usize = 4;
/// A text is shortened to so many characters where it only names its item.
const LONGEST_NAME: usize = 90;

/// The item's own evidence, then these of its fields.
pub(super) fn rests(item: &dyn Item, fields: &[&str]) -> Vec<Evidence> {
    let of_item = item.evidence().iter().filter(|evidence| !matches!(evidence, Evidence::Item { .. }));
    let mut evidence: Vec<_> = of_item.take(MOST_TAKEN_OVER).cloned().collect();
    evidence.extend(fields.iter().filter_map(|field| cited(item, field)));
    evidence.truncate(MOST);
    evidence
}

/// A field of an item as evidence.
pub(super) fn cited(item: &dyn Item, field: &str) -> Option<Evidence> {
    Some(Evidence::Item { item: item.id().clone(), field: field.to_owned(), value: item.said(field)? })
}

/// The text that says what an item is, as evidence.
pub(super) fn cited_text(item: &dyn Item) -> Option<Evidence> {
    item.field_names().first().and_then(|field| cited(item, field))
}

/// Whether a field says something.
pub(super) fn is_set(item: &dyn Item, field: &str) -> bool {
    item.said(field).is_some_and(|value| value != NOT_SET)
}

/// The item's text in a length that names it.
pub(super) fn name(item: &dyn Item) -> String {
    let text = item.text().trim().trim_end_matches('.');
    match text.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Whether two lists name the same items.
pub(super) fn same_items(left: &[ItemId], right: &[ItemId]) -> bool {
    left.len() == right.len() && left.iter().all(|id| right.contains(id))
}
