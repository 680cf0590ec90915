//! Calculations: whether they come out, from figures that stand where they are said to, and whether the entry states the
//! result. Worked out anew by the runtime's own exact arithmetic, since a second one would only be less exact.
//! It must not know how figures are found.

use agents::evidence::judge;
use infohub::evidence::Evidence;
use serde_json::Value;

use super::Measure;
use super::look::{Entry, Look};
use super::words::words;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    let calculations = look.entries.iter().flat_map(|entry| {
        let evidence = entry.item.evidence().iter();
        evidence.filter_map(move |evidence| match evidence {
            Evidence::Calculation(calculation) => Some((entry, evidence, calculation)),
            _ => None,
        })
    });
    Measure::share_of_right(calculations, |(entry, evidence, calculation)| {
        if !comes_out(look, entry, evidence) {
            return Some(format!("{}: {calculation} does not come out", entry.told()));
        }
        let result = calculation.result.decimal().abs();
        (!states(entry, result))
            .then(|| format!("{} does not state {result}, which it works out", entry.told()))
    })
}

/// Whether a calculation comes out as it is stated.
pub(super) fn comes_out(look: &Look<'_>, entry: &Entry<'_>, evidence: &Evidence) -> bool {
    judge(evidence, (entry.section, entry.list), &look.ground.sources(), &look.after).holds()
}

/// Whether the entry says this figure anywhere.
fn states(entry: &Entry<'_>, figure: rust_decimal::Decimal) -> bool {
    let mut value = entry.item.to_value();
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, _| name != "evidence" && name != "id");
    }
    let figures = words(&value.to_string()).into_iter().filter_map(|word| word.replace(',', "").parse().ok());
    figures.into_iter().any(|stated: rust_decimal::Decimal| stated.abs() == figure)
}
