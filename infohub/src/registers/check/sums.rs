//! Sums that people keep by hand beside their parts: "40 + 25 + 10 = 85", "85 in total (40 sales, 25 support, 10 IT)". Only what is
//! written as a sum is taken for one. Must not know what the numbers count.

use rust_decimal::Decimal;

use super::{Finding, note};
use crate::plan::{Item, SectionKey};

/// Longer texts are looked at up to here.
const LONGEST: usize = 4000;

pub(super) fn check(part: SectionKey, item: &dyn Item, found: &mut Vec<Finding>) {
    let value = item.to_value();
    let Some(fields) = value.as_object() else { return };
    let texts = fields.iter().filter(|(name, _)| *name != "evidence").filter_map(|(_, value)| value.as_str());
    for text in texts {
        if let Some((stated, parts)) = wrong_sum(text) {
            let sum: Decimal = parts.iter().sum();
            let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
            let what = format!("it says {stated}, and {} make {sum}", parts.join(" + "));
            note(found, part, item.id(), what, "correct the sum, or the part that is wrong");
        }
    }
}

/// What is stated and the parts that do not make it.
fn wrong_sum(text: &str) -> Option<(Decimal, Vec<Decimal>)> {
    let text: String = text.chars().take(LONGEST).collect();
    let sums = text.split(['\n', '\r']).flat_map(|line| equations(line).into_iter().chain(totals(line)));
    sums.into_iter().find(|(stated, parts)| {
        let sum = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part));
        sum.is_some_and(|sum| sum != *stated)
    })
}

/// `a + b = c`, with words after each number.
fn equations(line: &str) -> Vec<(Decimal, Vec<Decimal>)> {
    let sides: Vec<&str> = line.split('=').collect();
    let pairs = sides.windows(2).filter_map(|pair| {
        let terms: Vec<&str> = pair[0].split(" + ").collect();
        if terms.len() < 2 {
            return None;
        }
        let last_of_first = numbers(terms.first()?).pop();
        let others = terms.iter().skip(1).map(|term| single(term));
        let parts: Option<Vec<Decimal>> = std::iter::once(last_of_first).chain(others).collect();
        Some((numbers(pair[1]).first().copied()?, parts?))
    });
    pairs.collect()
}

/// `85 in total (40 sales, 25 support)`, `a total of 85: 40 sales and 25 support`.
fn totals(line: &str) -> Option<(Decimal, Vec<Decimal>)> {
    let lower = line.to_lowercase();
    let opens = lower.find(['(', ':'])?;
    let (head, rest) = lower.split_at(opens);
    if !["total", "altogether", "sum of", "in all"].iter().any(|word| head.contains(word)) {
        return None;
    }
    let [stated] = numbers(head)[..] else { return None };
    let rest = rest.get(1..)?;
    let rest = rest.split([')', ';']).next()?;
    let parts: Option<Vec<Decimal>> = rest
        .replace(" and ", ", ")
        .replace(" + ", ", ")
        .split(", ")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(counted)
        .collect();
    parts.filter(|parts| parts.len() > 1).map(|parts| (stated, parts))
}

/// The number of a part: "40 sales" or "sales: 40"; one in the middle, as in "by 4 May", counts nothing.
fn counted(part: &str) -> Option<Decimal> {
    let number = single(part)?;
    let mut ends = part.split_whitespace().next().into_iter().chain(part.split_whitespace().last());
    ends.any(|word| word.contains(|letter: char| letter.is_ascii_digit())).then_some(number)
}

/// The number of a text that has just one.
fn single(text: &str) -> Option<Decimal> {
    match numbers(text)[..] {
        [number] => Some(number),
        _ => None,
    }
}

/// The numbers in a text: `1,200.50`, `40`; what has letters or a dash in it, as `Q3` and `2026-01-15`, is none.
fn numbers(text: &str) -> Vec<Decimal> {
    let words = text.split_whitespace().filter_map(|word| {
        let bare = word.trim_matches(|letter: char| !letter.is_ascii_digit());
        let around = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        if bare.is_empty() || around != bare || word.contains('%') {
            return None;
        }
        plain(bare)
    });
    words.collect()
}

/// Commas part thousands, if they stand as such; a point starts the decimals.
fn plain(text: &str) -> Option<Decimal> {
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = groups.clone().count() > 0;
    if (grouped && first.len() > 3) || groups.any(|group| group.len() != 3) {
        return None;
    }
    let digits = whole.replace(',', "");
    let text = decimals.map_or(digits.clone(), |decimals| format!("{digits}.{decimals}"));
    Decimal::from_str_exact(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wrong_sums_are_found() {
        let check = |text: &str, expected: Option<&str>| {
            let told = wrong_sum(text).map(|(stated, _)| stated.to_string());
            assert_eq!(told.as_deref(), expected, "{text}");
        };
        check("40 + 25 + 10 = 85", Some("85"));
        check("40 + 25 + 10 = 75", None);
        check("Seats: 40 sales + 25 support = 66 seats", Some("66"));
        check("85 in total (40 sales, 25 support, 10 IT)", Some("85"));
        check("75 in total (40 sales, 25 support, 10 IT)", None);
        check("a total of $1,200.50: 1,000 and 200.50", None);
        check("A total of 1,300: 1,000 for licences and 200 for training.", Some("1300"));
        for harmless in [
            "",
            "=",
            "+ = ",
            "total",
            "Total:",
            "(",
            "90% in total (40% and 60%)",
            "version 2 = 3",
            "from 2026-01-15 + 3 = ?",
            "a total of 4 workshops: kick-off on 3 May, review in Q3",
            "99999999999999999999999999999999 + 1 = 2",
            "total ä(ß, é)",
            "We have 3 sites in total: Lyon 1, Metz 2, by 4 May and 5 June",
        ] {
            check(harmless, None);
        }
    }
}
