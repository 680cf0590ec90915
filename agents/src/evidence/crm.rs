//! Evidence from the CRM: the field exists and has the value, whatever way it is written.
//! It must not know materials.

use infohub::facts::AccountFile;
use jiff::civil::Date;

use super::Verdict;
use super::fold::fold;
use super::words::words;
use crate::orders::gives_orders;

/// Compares a cited field and value with the account's facts.
pub(super) fn judge(facts: &AccountFile, field: &str, value: &str) -> Verdict {
    let known = facts.known();
    match known.iter().find(|(name, _, _)| name == field) {
        Some((_, actual, _)) if gives_orders(actual) => Verdict::GivesOrders,
        Some((_, actual, as_of)) if same(actual, value) => {
            Verdict::CrmVerified { as_of: *as_of, value: actual.clone() }
        }
        Some((_, actual, _)) => Verdict::CrmDiffers { actual: actual.clone() },
        None => Verdict::CrmUnknown { nearest: nearest(field, &known) },
    }
}

/// Whether two spellings mean the same value: the same date, the same amount, or the same folded text.
fn same(actual: &str, cited: &str) -> bool {
    if let Ok(actual) = actual.parse::<Date>() {
        return date(cited).is_some_and(|cited| cited == actual);
    }
    match (plain_number(actual), plain_number(cited)) {
        (Some(actual), Some(cited)) => actual == cited,
        _ => fold(actual) == fold(cited),
    }
}

/// A date, also where a time of day follows.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    text.get(..10).filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'))?.parse().ok()
}

/// `250000`, `250,000.00`, `$250,000` and `250000 USD` are one number; `250K` is not plain.
fn plain_number(text: &str) -> Option<rust_decimal::Decimal> {
    let bare: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
    let words = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_currency =
        words == 3 && text.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_ascii_uppercase());
    if !(words == 0 || is_currency) || text.contains(['%', ':', '/']) {
        return None;
    }
    bare.parse::<rust_decimal::Decimal>().ok().map(|number| number.normalize())
}

/// The known field that shares most of its name with the cited one.
fn nearest(field: &str, known: &[(String, String, jiff::Timestamp)]) -> Option<String> {
    let parts = |name: &str| -> Vec<String> {
        let folded = fold(name);
        words(&folded).into_iter().filter_map(|word| folded.get(word).map(str::to_owned)).collect()
    };
    let wanted = parts(field);
    let shared = |name: &str| parts(name).iter().filter(|part| wanted.contains(part)).count();
    known
        .iter()
        .map(|(name, _, _)| (shared(name), name))
        .filter(|(shared, _)| *shared > 0)
        .max_by_key(|(shared, name)| (*shared, std::cmp::Reverse(name.len())))
        .map(|(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(actual: &str, cited: &str, expected: bool) {
        assert_eq!(same(actual, cited), expected, "{actual} and {cited}");
    }

    #[test]
    fn values_are_compared_as_what_they_are() {
        check("250000", "250,000.00", true);
        check("250000", "$250,000", true);
        check("250000", "250000 USD", true);
        check("250000", "25000", false);
        check("250000", "250K", false);
        check("2026-06-30", "2026-06-30T00:00:00Z", true);
        check("2026-06-30", "2026-06-03", false);
        check("Stage 2", "stage 2", true);
        check("Stage 2", "Stage 3", false);
        check("Acme", "Acme Corp", false);
        check("-5", "5", false);
    }
}
