//! Which found item is which wanted one: the best one-to-one matching by the F1 of their stemmed content words, where
//! a pair counts from a half. As many pairs as can be come first, then the most alike.
//! It must not know what the items are.

use std::collections::BTreeSet;

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::words::Stems;

/// Two texts are one from this F1 of their content words on.
pub const ALIKE: f64 = 0.5;
/// So many items of either side are matched; the work grows with the cube.
pub const MOST_MATCHED: usize = 300;
/// What a pair weighs by itself, against a thousand for how much alike it is.
const PAIR: i64 = 1_000_000;

/// Found items with the wanted ones that they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// Places of found and wanted items, in the order of the found.
    pub pairs: Vec<(usize, usize)>,
    /// How many were found and how many wanted.
    pub found: usize,
    /// How many were wanted.
    pub wanted: usize,
}

/// The best matching of two lists of texts.
pub(super) fn matching(found: &[&str], wanted: &[&str], stems: &Stems) -> Matching {
    let (all_found, all_wanted) = (found.len(), wanted.len());
    let sets = |texts: &[&str]| -> Vec<BTreeSet<String>> {
        texts.iter().take(MOST_MATCHED).map(|text| stems.content(text)).collect()
    };
    Matching { pairs: best(&sets(found), &sets(wanted)), found: all_found, wanted: all_wanted }
}

fn best(found: &[BTreeSet<String>], wanted: &[BTreeSet<String>]) -> Vec<(usize, usize)> {
    if found.is_empty() || wanted.is_empty() {
        return Vec::new();
    }
    let alike = |row: usize, column: usize| match (found.get(row), wanted.get(column)) {
        (Some(found), Some(wanted)) => f1(found, wanted),
        _ => 0.0,
    };
    #[allow(clippy::cast_possible_truncation, reason = "at most a thousand")]
    let weight = |row, column| match alike(row, column) {
        f1 if f1 >= ALIKE => PAIR + (f1 * 1_000.0) as i64,
        _ => 0,
    };
    // The algorithm takes no more rows than columns; the columns beyond stand for nothing.
    let columns = wanted.len().max(found.len());
    let weights = Matrix::from_fn(found.len(), columns, |(row, column)| weight(row, column));
    let (_, chosen) = kuhn_munkres(&weights);
    chosen.into_iter().enumerate().filter(|(row, column)| alike(*row, *column) >= ALIKE).collect()
}

/// How much alike two sets of words are, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "a few dozen words")]
fn f1(left: &BTreeSet<String>, right: &BTreeSet<String>) -> f64 {
    match left.len() + right.len() {
        0 => 0.0,
        all => 2.0 * left.intersection(right).count() as f64 / all as f64,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(found: &[&str], wanted: &[&str], expected: &[(usize, usize)]) {
        assert_eq!(matching(found, wanted, &Stems::default()).pairs, expected);
    }

    #[test]
    fn the_best_pairs_are_taken_one_to_one() {
        check(&["send the report to Anna"], &["Anna gets the report sent", "send Bert money"], &[(0, 0)]);
        // Taken one by one, the first would take away the only one that the second has.
        check(&["red green blue", "red green"], &["red green", "red green blue grey"], &[(0, 1), (1, 0)]);
        check(&["a b c", "a b c"], &["apple"], &[]);
        check(&["send the report", "send the report"], &["send the report"], &[(0, 0)]);
        check(&[], &["x"], &[]);
    }

    /// The most pairs that any one-to-one matching has, by trying all.
    fn most_pairs(found: &[BTreeSet<String>], wanted: &[BTreeSet<String>], taken: &mut Vec<bool>) -> usize {
        let Some((first, rest)) = found.split_first() else { return 0 };
        let mut most = most_pairs(rest, wanted, taken);
        for (at, candidate) in wanted.iter().enumerate() {
            if !taken[at] && f1(first, candidate) >= ALIKE {
                taken[at] = true;
                most = most.max(1 + most_pairs(rest, wanted, taken));
                taken[at] = false;
            }
        }
        most
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn no_matching_has_more_pairs(
            found in prop::collection::vec(prop::collection::btree_set("[abcd]", 1..4), 0..5),
            wanted in prop::collection::vec(prop::collection::btree_set("[abcd]", 1..4), 0..5),
        ) {
            let pairs = best(&found, &wanted);
            prop_assert_eq!(pairs.len(), most_pairs(&found, &wanted, &mut vec![false; wanted.len()]));
            let columns: BTreeSet<usize> = pairs.iter().map(|(_, column)| *column).collect();
            prop_assert_eq!(columns.len(), pairs.len());
        }
    }
}
