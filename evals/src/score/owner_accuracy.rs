//! Whether the actions that were found have the owner that was wanted: one of the names that would be right shares a
//! word with the name that is there, since people are written with one name or two. It must not know how items match.

use super::Measure;
use super::look::Look;
use super::words::words;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    let wanted = look.wanted_actions().unwrap_or_default();
    let found = look.found_actions();
    let pairs = look.matched_actions().pairs.iter();
    let owned = pairs.filter(|(_, wanted_at)| !wanted[*wanted_at].owners.is_empty());
    Measure::share_of_right(owned, |(found_at, wanted_at)| {
        let owner = found[*found_at].item.said("owner.name").unwrap_or_default();
        let names = words(&owner);
        let owners = &wanted[*wanted_at].owners;
        let is_right = owners.iter().any(|name| words(name).iter().any(|word| names.contains(word)));
        let told = || {
            let owner = if owner.is_empty() { "nobody" } else { &owner };
            format!("{} is {owner}'s, and should be {}'s", found[*found_at].told(), owners.join("'s or "))
        };
        (!is_right).then(told)
    })
}
