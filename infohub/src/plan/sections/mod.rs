//! One file per section: its item types, which fields customers see, and when it counts as populated.

pub mod adoption_journey;
pub mod background;
pub mod current_state;
pub mod customer_journey;
pub mod handoff;
pub mod initiatives;
pub mod professional_services;
pub mod risks;
pub mod stakeholders;
pub mod technical_activities;
pub mod technical_evaluation;
pub mod value_tracking;
pub mod voice_of_customer;

use super::item::{Item, item};
use super::words::is_placeholder;

item! {
    /// A plain statement, for lists whose entries have no further fields.
    Statement "st" {
        /// What is stated.
        [shared] text: String;
    }
}

/// Adds `what` to the gaps if no item of the list says something.
fn need<T: Item>(gaps: &mut Vec<String>, items: &[T], what: &str) {
    if items.iter().all(|item| is_placeholder(item.text())) {
        gaps.push(what.to_owned());
    }
}

/// Adds one gap for each item that says something and yet fails the test.
fn each<T: Item>(gaps: &mut Vec<String>, items: &[T], what: &str, holds: impl Fn(&T) -> bool) {
    let failing = items.iter().filter(|item| !is_placeholder(item.text()) && !holds(item));
    gaps.extend(failing.map(|item| format!("{what}: {} ({})", item.text(), item.id())));
}
