//! What never becomes an item: prices, text that only holds a place, and, as for models, orders to software.
//! It must not know sections.

use infohub::plan::is_placeholder;

use super::passage::Passage;
use super::words::{Word, has, words};

/// Whether a block holds orders to software. All of it is left out then, since nobody can say where they end.
pub(super) use crate::orders::gives_orders;

/// Words that make a sentence one about what something costs to buy.
const COMMERCIAL: &[&str] = &[
    "discount*",
    "price",
    "prices",
    "pricing",
    "list price",
    "arr",
    "acv",
    "tcv",
    "quote for",
    "licence fee*",
    "license fee*",
    "per seat",
    "per user per month",
    "contract value",
    "renewal price",
    "purchase order",
];

/// Words for those whom the customer might buy from instead.
const COMPETITIVE: &[&str] =
    &["competitor*", "competing", "rival vendor*", "other vendor*", "they also look at"];

/// Whether a sentence is about prices or competitors; customers must not find it in the plan.
pub(super) fn is_commercial(words: &[Word]) -> bool {
    has(words, COMMERCIAL) || has(words, COMPETITIVE)
}

/// Whether a text names an amount of money.
pub(super) fn names_money(text: &str) -> bool {
    let words = words(text);
    text.contains(['$', '€', '£']) || has(&words, &["eur", "usd", "gbp", "chf", "euro*", "dollar*", "pounds"])
}

/// Whether a passage stands in for something that nobody knows yet.
pub(super) fn holds_a_place(passage: &Passage<'_>) -> bool {
    is_placeholder(&passage.text) || has(&passage.words, &["tbd", "tbc", "to be confirmed", "to be decided"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_rivals_are_commercial() {
        let check = |text: &str, expected: bool| assert_eq!(is_commercial(&words(text)), expected, "{text}");
        check("They asked for a 12% discount on a three-year term.", true);
        check("ARR estimate 60,000 USD", true);
        check("A competitor's tool was abandoned", true);
        check("Claims cost EUR 1.4 million a year.", false);
        check("The array of tools", false);
    }
}
