//! Units and currencies of figures, so that none is mixed with another. Only what is written beside a figure, or in
//! the name of its column, is known; a figure without a unit goes with any. It must not know materials.

use infohub::calculation::Operation;

use super::fold::fold;
use super::words::words;

/// Names of one unit, the first of which is how it is written. Currencies come first.
const UNITS: &[&[&str]] = &[
    &["USD", "usd", "$", "dollar", "dollars"],
    &["EUR", "eur", "€", "euro", "euros"],
    &["GBP", "gbp", "£", "pound", "pounds"],
    &["CHF", "chf", "francs"],
    &["JPY", "jpy", "¥", "yen"],
    &["SEK", "sek"],
    &["NOK", "nok"],
    &["DKK", "dkk"],
    &["CAD", "cad"],
    &["AUD", "aud"],
    &["INR", "inr", "₹"],
    &["%", "percent", "pct", "percentage"],
    &["ms", "millisecond", "milliseconds"],
    &["seconds", "second", "sec", "secs"],
    &["minutes", "minute", "min", "mins"],
    &["hours", "hour", "hrs"],
    &["days", "day"],
    &["weeks", "week"],
    &["KB", "kb"],
    &["MB", "mb"],
    &["GB", "gb"],
    &["TB", "tb"],
];
/// So many of them are currencies.
const CURRENCIES: usize = 11;

/// A unit of the table above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit(usize);

impl Unit {
    /// The unit that a word or sign names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        UNITS.iter().position(|names| names.iter().any(|known| known.eq_ignore_ascii_case(name))).map(Self)
    }

    /// The unit that a sign stands for.
    fn signed(sign: char) -> Option<Self> {
        if sign.is_alphanumeric() || sign.is_whitespace() {
            None
        } else {
            Self::named(sign.encode_utf8(&mut [0; 4]))
        }
    }

    /// Percent.
    pub(crate) fn percent() -> Option<Self> {
        Self::named("%")
    }

    /// How it is written.
    pub(crate) fn as_str(self) -> &'static str {
        UNITS.get(self.0).and_then(|names| names.first()).copied().unwrap_or_default()
    }

    pub(crate) fn is_currency(self) -> bool {
        self.0 < CURRENCIES
    }

    /// The unit in the name of a column: `cost (EUR)`, `latency_ms`, `share in %`.
    pub(crate) fn of_column(name: &str) -> Option<Self> {
        let spoken = name.replace(['_', '(', ')', '[', ']'], " ");
        let last = spoken.split_whitespace().next_back()?;
        Self::named(last).or_else(|| currencies(&spoken).first().copied())
    }

    /// The unit that a text writes beside its figures, if they have one only.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let mut units = beside_figures(text);
        units.dedup();
        match units.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// The currencies that a text names anywhere.
pub(crate) fn currencies(text: &str) -> Vec<Unit> {
    let signs = text.chars().filter_map(Unit::signed);
    let named = text.split(|c: char| !c.is_alphabetic()).filter(|word| {
        // A code is written in capitals; `cad` may be a drawing.
        word.len() > 3 || word.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    let mut found: Vec<Unit> =
        signs.chain(named.filter_map(Unit::named)).filter(|unit| unit.is_currency()).collect();
    found.sort();
    found.dedup();
    found
}

/// The unit after, or the currency before, each figure of a text that has one.
fn beside_figures(text: &str) -> Vec<Unit> {
    let folded = fold(text);
    let words: Vec<&str> = words(&folded).into_iter().filter_map(|word| folded.get(word)).collect();
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let mut units = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| has_digit(word)) {
        let sign = word.chars().find_map(Unit::signed);
        let after = words.get(at + 1).and_then(|next| Unit::named(next));
        let before = at.checked_sub(1).and_then(|at| Unit::named(words.get(at)?));
        units.extend(sign.or(after).or(before.filter(|unit| unit.is_currency())));
    }
    if units.is_empty() && words.iter().filter(|word| has_digit(word)).count() == 1 {
        // A sign that stands apart, as in `3,50 €`, can only belong to the one figure there is.
        units.extend(folded.chars().find_map(Unit::signed));
    }
    units
}

/// Why units do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mixed(pub(crate) Unit, pub(crate) Unit);

/// The unit of a result, from those of the inputs in order.
pub(super) fn of_result(operation: Operation, units: &[Option<Unit>]) -> Result<Option<Unit>, Mixed> {
    let known = |units: &[Option<Unit>]| units.iter().flatten().copied().collect::<Vec<Unit>>();
    let all = known(units);
    let currencies: Vec<Unit> = all.iter().copied().filter(|unit| unit.is_currency()).collect();
    alike(&currencies)?;
    match operation {
        Operation::Count => Ok(None),
        Operation::Percent | Operation::ChangePercent | Operation::ProgressPercent => {
            alike(&all)?;
            Ok(Unit::percent())
        }
        Operation::Quotient => Ok(None),
        Operation::Product => Ok(currencies.first().copied()),
        Operation::Saving => {
            alike(&known(units.get(..2).unwrap_or_default()))?;
            Ok(currencies.first().copied())
        }
        _ => {
            alike(&all)?;
            Ok(all.first().copied())
        }
    }
}

fn alike(units: &[Unit]) -> Result<(), Mixed> {
    match units.windows(2).find(|pair| pair.first() != pair.last()) {
        Some([one, other]) => Err(Mixed(*one, *other)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_stand_beside_figures_and_in_names() {
        let text = |text: &str| Unit::of_text(text).map_or("", Unit::as_str);
        let column = |name: &str| Unit::of_column(name).map_or("", Unit::as_str);
        assert_eq!(text("it takes 11 minutes per booking"), "minutes");
        assert_eq!(
            (text("$1,200"), text("EUR 5"), text("87.4%"), text("3.5 GBP")),
            ("USD", "EUR", "%", "GBP")
        );
        assert_eq!((text("3,50 €"), text("12.5 %"), text("€ 4")), ("EUR", "%", "EUR"));
        assert_eq!((text("from 11 minutes to 3 hours"), text("1,150 bookings")), ("", ""));
        assert_eq!((column("latency_ms"), column("cost (EUR)"), column("share in %")), ("ms", "EUR", "%"));
        assert_eq!((column("active_users"), column("EUR per booking")), ("", "EUR"));
        assert_eq!(currencies("EUR 4 and $5 of cad drawings").len(), 2);
    }

    #[test]
    fn units_are_not_mixed() {
        let unit = |name: &str| Unit::named(name);
        let check = |operation: Operation, units: &[&str], expected: Result<&str, ()>| {
            let units: Vec<_> = units.iter().map(|name| unit(name)).collect();
            let found = of_result(operation, &units).map(|unit| unit.map_or("", Unit::as_str));
            assert_eq!(found.map_err(|_| ()), expected, "{operation} {units:?}");
        };
        check(Operation::Sum, &["EUR", "eur", "?"], Ok("EUR"));
        check(Operation::Sum, &["EUR", "USD"], Err(()));
        check(Operation::Difference, &["minutes", "hours"], Err(()));
        check(Operation::Product, &["minutes", "EUR"], Ok("EUR"));
        check(Operation::Product, &["USD", "EUR"], Err(()));
        check(Operation::Saving, &["minutes", "minutes", "?", "EUR"], Ok("EUR"));
        check(Operation::Saving, &["minutes", "hours", "?"], Err(()));
        check(Operation::ChangePercent, &["minutes", "?"], Ok("%"));
        check(Operation::Quotient, &["EUR", "minutes"], Ok(""));
    }
}
