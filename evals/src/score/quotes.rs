//! Quotes that stand in no material, and quotes that stand in another one than the one that is cited.
//! It must not know how a quote is looked up.

use super::Measure;
use super::look::{Entry, Look};
use super::quote::Stands;

pub(super) fn invented(look: &Look<'_>) -> Measure {
    Measure::share_of_wrong(look.quotes(), |(entry, quote, stands)| {
        (stands == Stands::Nowhere).then(|| told(entry, quote, "stands nowhere"))
    })
}

pub(super) fn misattributed(look: &Look<'_>) -> Measure {
    Measure::share_of_wrong(look.quotes(), |(entry, quote, stands)| match stands {
        Stands::Elsewhere(path) => Some(told(entry, quote, &format!("stands in {path}"))),
        Stands::There | Stands::Nowhere => None,
    })
}

fn told(entry: &Entry<'_>, quote: &str, what: &str) -> String {
    let quote: String = quote.chars().take(160).collect();
    format!("{}: the quote \"{quote}\" {what}", entry.told())
}
