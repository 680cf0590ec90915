//! Entries of which a piece of evidence holds and speaks of what they say. Quotes are looked up word for word, CRM
//! values in the facts, fields in the plan; calculations are worked out again.
//!
//! Two slips of meaning are looked for besides, and roughly: an entry that says "not" where nothing that it cites does,
//! and one that shares no content word with what it cites. A quote that says the opposite in other words passes.

use infohub::evidence::Evidence;
use infohub::plan::SectionKey;
use tools::material::Format;

use super::Measure;
use super::look::{Entry, Look};
use super::negation::negates;
use super::quote::Stands;
use super::words::spaced;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    Measure::share_of_right(look.entries.iter().enumerate(), |(at, entry)| {
        let fault = fault(look, at, entry)?;
        Some(format!("{} {fault}", entry.told()))
    })
}

fn fault(look: &Look<'_>, at: usize, entry: &Entry<'_>) -> Option<&'static str> {
    let evidence = entry.item.evidence();
    if evidence.is_empty() {
        let not_measured = entry.section == SectionKey::ValueTracking
            && entry.item.said("measured").as_deref() == Some("not measured");
        return (!not_measured).then_some("rests on nothing");
    }
    let held: Vec<&Evidence> = evidence.iter().filter(|evidence| holds(look, at, entry, evidence)).collect();
    if held.is_empty() {
        return Some("rests on nothing that holds");
    }
    // What is said of the plan or worked out has words of its own.
    let quoted: Vec<String> = held.iter().filter_map(|evidence| context(look, evidence)).collect();
    if quoted.len() < held.len() {
        return None;
    }
    if negates(entry.item.text()) && !quoted.iter().any(|text| negates(text)) {
        return Some("says no where nothing that it cites does");
    }
    let said = look.stems.content(entry.item.text());
    let cited: std::collections::BTreeSet<String> =
        quoted.iter().flat_map(|text| look.stems.content(text)).collect();
    (!said.is_empty() && said.is_disjoint(&cited)).then_some("shares no word with what it cites")
}

/// The quote with the lines on which it stands and who speaks there; nothing for other kinds of evidence.
fn context(look: &Look<'_>, evidence: &Evidence) -> Option<String> {
    let Evidence::Quote { source, lines, quote } = evidence else { return None };
    let material = look.ground.library.get(source)?;
    let lines = lines.map(|lines| material.lines_between(lines.first, lines.last)).unwrap_or_default();
    // What a row's figures are stands at the head of its table.
    let head = material.lines.first().filter(|_| material.format == Format::Csv);
    let lines = head.into_iter().chain(lines).map(|line| line.text.as_str());
    Some(std::iter::once(quote.as_str()).chain(lines).collect::<Vec<_>>().join("\n"))
}

fn holds(look: &Look<'_>, at: usize, entry: &Entry<'_>, evidence: &Evidence) -> bool {
    match evidence {
        Evidence::Quote { source, quote, .. } => look.quotes().iter().any(|quoted| {
            let is_this = quoted.entry == at && quoted.quote == quote && quoted.source == source;
            is_this && quoted.stands == Stands::There
        }),
        Evidence::Crm { field, value, .. } => {
            let known = look.ground.facts.known();
            known.iter().any(|(name, known, _)| name == field && spaced(known) == spaced(value))
        }
        Evidence::Item { item, field, value } => {
            let plans = [&look.after, &look.ground.plan];
            plans.into_iter().any(|plan| {
                let said = plan.item(item).and_then(|(_, _, item)| item.said(field));
                said.is_some_and(|said| spaced(&said) == spaced(value))
            })
        }
        Evidence::Calculation(_) => super::arithmetic::comes_out(look, entry, evidence),
    }
}
