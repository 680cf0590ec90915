//! Sections that were to be filled: each gets at least one entry that says something. An entry that only holds a place
//! is none. It must not know what a section needs to be whole; that is the plan's health.

use infohub::plan::is_placeholder;

use super::Measure;
use super::look::Look;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    Measure::share_of_right(&look.case.expect.filled, |section| {
        let filled = look.within(Some(*section)).any(|entry| !is_placeholder(entry.item.text()));
        (!filled).then(|| format!("{} is left empty", section.spoken()))
    })
}
