//! The words that prove a finding: the sentence, with the rows around it where it is too short to be found again.
//! It must not know what was found.

use infohub::evidence::Evidence;

use super::super::block::{FEWEST_QUOTED, weight};
use super::script::Script;

/// A quote takes in at most so many rows; what needs more proves nothing.
const MOST_ROWS: usize = 12;

/// A sentence as evidence; none where the rows around it are too few or are left out.
pub(super) fn cite(script: &Script<'_>, said: &str, rows: (usize, usize)) -> Option<Evidence> {
    let stands_whole = rows.0 == rows.1 && script.rows.get(rows.0)?.said.contains(said);
    if stands_whole && weight(said) >= FEWEST_QUOTED {
        return Some(quote(script, said.to_owned(), rows));
    }
    let (mut first, mut last) = rows;
    loop {
        let text = joined(script, first, last)?;
        if weight(&text) >= FEWEST_QUOTED {
            return Some(quote(script, text, (first, last)));
        }
        if last - first >= MOST_ROWS {
            return None;
        }
        if is_open(script, last + 1) {
            last += 1;
        } else if first > 0 && is_open(script, first - 1) {
            first -= 1;
        } else {
            return None;
        }
    }
}

/// Whether a row may be quoted.
fn is_open(script: &Script<'_>, at: usize) -> bool {
    script.rows.get(at).is_some_and(|row| !row.is_order)
}

fn joined(script: &Script<'_>, first: usize, last: usize) -> Option<String> {
    let rows = script.rows.get(first..=last)?;
    let all = rows.iter().map(|row| row.said.trim()).collect::<Vec<_>>();
    (!rows.iter().any(|row| row.is_order)).then(|| all.join(" "))
}

fn quote(script: &Script<'_>, quote: String, rows: (usize, usize)) -> Evidence {
    Evidence::Quote { source: script.source.to_owned(), lines: Some(script.lines(rows)), quote }
}
