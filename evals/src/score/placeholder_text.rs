//! Entries with a text that only holds a place, or that has a gap left in it: "TBD", "[customer name]", "Lorem ipsum".
//! By a list of its own, since the runtime's own list is under test. It must not know what the entries are about.

use std::sync::LazyLock;

use regex::Regex;

use super::Measure;
use super::look::Look;

/// Marks that nobody leaves in a text that is done.
const GAPS: &str = r"(?ix)
    \b(?: tbd | tba | tbc | todo | fixme | xxx+ | lorem\s+ipsum )\b
    | \[ \s* (?: insert | your | name | date | customer | company | owner | amount | placeholder )\b [^\]]* \]
    | < \s* (?: insert | your | name | date | customer | company | owner | amount | placeholder )\b [^>]* >
    | \{\{ [^}]* \}\}
    | \b to \s+ be \s+ (?: confirmed | defined | determined | decided | announced ) \b
    | ^ \s* (?: n/?a | unknown | none\ yet | pending | not\ (?:available|applicable) | coming\ soon | placeholder | [.\-?\s…]+ )? \s* $";

#[allow(clippy::expect_used, reason = "the pattern is a constant that a test compiles")]
static GAP: LazyLock<Regex> = LazyLock::new(|| Regex::new(GAPS).expect("a pattern that reads"));

pub(super) fn measure(look: &Look<'_>) -> Measure {
    Measure::share_of_wrong(&look.entries, |entry| {
        let held = entry.texts().into_iter().find(|text| GAP.is_match(text))?;
        Some(format!("{} says \"{held}\"", entry.told()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_told_from_texts() {
        for text in [
            "",
            " ",
            "TBD",
            "Owner: tbd",
            "n/a",
            "...",
            "to be  confirmed",
            "[Customer name]",
            "{{ x }}",
            "xxx",
        ] {
            assert!(GAP.is_match(text), "{text:?}");
        }
        for text in
            ["Cut lead time", "0", "no date said", "Ask Anna [ref 3]", "Todoist is used", "planned", "a < b"]
        {
            assert!(!GAP.is_match(text), "{text:?}");
        }
    }
}
