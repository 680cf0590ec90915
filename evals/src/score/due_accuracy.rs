//! Whether the actions that were found are due on the day that was wanted, or say that nobody named one.
//! It must not know how items match.

use infohub::plan::NOT_SET;

use super::Measure;
use super::look::Look;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    let wanted = look.wanted_actions().unwrap_or_default();
    let found = look.found_actions();
    let dated = look
        .matched_actions()
        .pairs
        .iter()
        .filter_map(|(found_at, wanted_at)| Some((found[*found_at], wanted[*wanted_at].due?)));
    Measure::share_of_right(dated, |(entry, due)| {
        let said = entry.item.said("due").unwrap_or_default();
        // Leaving the day out says the same as writing that nobody named one.
        let is_right = said == due.to_string() || (due.day().is_none() && said == NOT_SET);
        (!is_right).then(|| format!("{} is due \"{said}\", and should be \"{due}\"", entry.told()))
    })
}
