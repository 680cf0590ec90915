//! Entries with a figure, a day or a name that what they cite does not have. Asked of the check that warns people of
//! the same; it is asked anew, so that a log can be scored after the check was improved.
//! It must not know how an orphan is recognised.

use agents::evidence::OrphanKind;

use super::Measure;
use super::look::Look;

pub(super) fn numbers(look: &Look<'_>) -> Measure {
    measure(look, OrphanKind::Number)
}

pub(super) fn dates(look: &Look<'_>) -> Measure {
    measure(look, OrphanKind::Date)
}

pub(super) fn names(look: &Look<'_>) -> Measure {
    measure(look, OrphanKind::Name)
}

fn measure(look: &Look<'_>, kind: OrphanKind) -> Measure {
    Measure::share_of_wrong(look.entries.iter().zip(look.orphans()), |(entry, orphans)| {
        let of_kind = orphans.iter().filter(|orphan| orphan.kind == kind).map(ToString::to_string);
        let of_kind: Vec<String> = of_kind.collect();
        (!of_kind.is_empty()).then(|| format!("{}: {}", entry.told(), of_kind.join("; ")))
    })
}
