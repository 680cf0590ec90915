//! The commercial context: the deal as the CRM has it, for ourselves alone, and the contacts of its record. What a
//! deal is worth stands in internal notes and nowhere else; what anybody feels is not drafted.

use infohub::evidence::Evidence;
use infohub::plan::ListChange;
use infohub::plan::sections::Statement;
use infohub::plan::sections::background::BackgroundPatch;

use super::background::internal_notes;
use super::desk::Desk;
use super::fresh::{fresh, renewed};
use super::outcomes;
use super::stated;

/// So many notes a plan has at most.
const MOST_NOTES: usize = 24;
/// The facts of a deal that are noted.
const FACTS: &[(&str, &str)] = &[
    ("stage", "Stage"),
    ("arr", "Annual value"),
    ("close_date", "Expected to close on"),
    ("kind", "Kind of deal"),
];

pub(super) fn draft(desk: &Desk<'_>) -> BackgroundPatch {
    BackgroundPatch {
        outcomes: outcomes::draft(desk),
        internal_notes: notes(desk),
        ..BackgroundPatch::default()
    }
}

/// What the CRM says of each deal, written again where it says something new; then what the material notes.
fn notes(desk: &Desk<'_>) -> ListChange<Statement> {
    let known = &desk.plan.background.internal_notes;
    let deals = desk.facts.opportunities.iter().flat_map(|deal| {
        let name = deal.name.as_ref().and_then(|fact| fact.value.clone()).unwrap_or_else(|| deal.id.clone());
        let currency = deal.currency.as_ref().and_then(|fact| fact.value.as_ref()).map(ToString::to_string);
        let note = move |(field, words): &(&str, &str)| {
            let (value, evidence) = desk.fact(&format!("opportunity.{}.{field}", deal.id))?;
            let unit = currency.as_deref().filter(|_| *field == "arr").unwrap_or_default();
            Some(stated(format!("{name}: {words} {value} {unit}").trim_end().to_owned(), evidence))
        };
        FACTS.iter().filter_map(note).collect::<Vec<_>>()
    });
    let mut change =
        renewed(known, deals.collect::<Vec<_>>(), MOST_NOTES, |left, right| field(left) == field(right));
    change.upsert.extend(fresh(known, internal_notes(desk), MOST_NOTES).upsert);
    change
}

/// The CRM field that a note rests on.
fn field(note: &Statement) -> Option<&str> {
    note.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Crm { field, .. } => Some(field.as_str()),
        _ => None,
    })
}
