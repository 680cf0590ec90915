//! Quotes that stand in no material, and quotes that stand in another one than the one that is cited.
//! It must not know how a quote is looked up.

use super::Measure;
use super::look::{Look, Quoted};
use super::quote::Stands;

pub(super) fn invented(look: &Look<'_>) -> Measure {
    Measure::share_of_wrong(look.quotes(), |quoted| {
        (quoted.stands == Stands::Nowhere).then(|| told(look, quoted, "stands nowhere"))
    })
}

pub(super) fn misattributed(look: &Look<'_>) -> Measure {
    Measure::share_of_wrong(look.quotes(), |quoted| match quoted.stands {
        Stands::Elsewhere(path) => Some(told(look, quoted, &format!("stands in {path}"))),
        Stands::There | Stands::Nowhere => None,
    })
}

fn told(look: &Look<'_>, quoted: &Quoted<'_>, what: &str) -> String {
    let quote: String = quoted.quote.chars().take(160).collect();
    let entry = look.entries.get(quoted.entry).map(|entry| entry.told()).unwrap_or_default();
    format!("{entry}: the quote \"{quote}\" {what}, and {} is cited", quoted.source)
}
