//! A figure that moves: what is measured, where it stands, where it is to be. Read from sentences of a few
//! plain forms; any other sentence gives nothing. It must not know sections.

use std::ops::Range;

use super::passage::Passage;
use super::quantity::{quantities, quantity};
use super::words::{Word, find, opens};

/// A name of more words is a clause, not a name.
const LONGEST_NAME: usize = 10;

/// Where a figure stands and where it is to be, in the source's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) metric: Option<String>,
    pub(super) baseline: Option<String>,
    pub(super) target: Option<String>,
}

/// Words between a figure's name and its values.
const MOVES: &[&str] = &[
    "has",
    "have",
    "had",
    "been",
    "is",
    "was",
    "were",
    "be",
    "went",
    "go",
    "goes",
    "going",
    "gone",
    "increased",
    "increase",
    "increases",
    "up",
    "down",
    "reduced",
    "reduce",
    "decreased",
    "decrease",
    "improved",
    "improve",
    "dropped",
    "drop",
    "fell",
    "fall",
    "rose",
    "rise",
    "grew",
    "grown",
    "cut",
    "shortened",
    "virtually",
    "dramatically",
    "nearly",
    "also",
    "by",
    "to",
    "the",
    "well",
    "as",
    "and",
    "now",
];
/// Verbs whose object is the figure.
const ACTS: &[&str] = &[
    "reduce",
    "reduced",
    "reducing",
    "improving",
    "increasing",
    "lowering",
    "cutting",
    "cut",
    "increase",
    "increased",
    "improve",
    "improved",
    "raise",
    "raised",
    "lower",
    "lowered",
    "shorten",
    "shortened",
];
/// Words that open a goal in front of the figure's name.
const VERBS: &[&str] = &[
    "reduce", "cut", "increase", "improve", "raise", "lower", "bring", "get", "shorten", "double", "halve",
    "and", "the", "our", "their", "see", "saw",
];

/// The figure that a passage moves.
pub(super) fn shift(passage: &Passage<'_>) -> Option<Shift> {
    from_to(passage)
        .or_else(|| used_to(passage))
        .or_else(|| today_target(passage))
        .or_else(|| in_and_today(passage))
}

/// `on-time delivery up from 87.4% to 95%`
fn from_to(passage: &Passage<'_>) -> Option<Shift> {
    let words = &passage.words;
    let (from, baseline, target) =
        (0..words.len()).filter(|at| words[*at].low == "from").find_map(|from| {
            let to = quantity(words, from + 1)?;
            let end = (words.get(to)?.low == "to").then(|| amount(words, to + 1))??;
            Some((from, from + 1..to, to + 1..end))
        })?;
    let metric = name_before(passage, from);
    Some(Shift { metric, baseline: said(passage, baseline), target: said(passage, target) })
}

/// A quantity, or a bare unit as in `from a week to minutes`.
fn amount(words: &[Word], at: usize) -> Option<usize> {
    let bare = opens(words.get(at..)?, &["seconds", "minutes", "hours", "days", "weeks"]);
    quantity(words, at).or(bare.then_some(at + 1))
}

/// `Launching a service used to take two weeks; now it takes 10 minutes`
fn used_to(passage: &Passage<'_>) -> Option<Shift> {
    let words = &passage.words;
    let took = find(words, "used to take")?;
    let now = took.end + find(words.get(took.end..)?, "now")?.start;
    let baseline = timed(words, took.end..now)?;
    let target = timed(words, now + 1..words.len())?;
    let metric = name_before(passage, took.start);
    Some(Shift { metric, baseline: said(passage, baseline), target: said(passage, target) })
}

/// `Cancelled operations: 41 a month today, target 15 a month`
fn today_target(passage: &Passage<'_>) -> Option<Shift> {
    let words = &passage.words;
    let today = find(words, "today")?;
    let target = find(words, "target")?;
    let all = quantities(words);
    let baseline = all.iter().rfind(|range| range.end == today.start)?.clone();
    let wanted = all.iter().find(|range| range.start == target.end)?.clone();
    let metric = passage.label.clone().or_else(|| name_before(passage, baseline.start));
    Some(Shift { metric, baseline: said(passage, baseline), target: said(passage, wanted) })
}

/// `Onboard a carrier in 3 weeks; today it takes 9 weeks`
fn in_and_today(passage: &Passage<'_>) -> Option<Shift> {
    let words = &passage.words;
    let takes = find(words, "today it takes").or_else(|| find(words, "now it takes"))?;
    let within =
        words[..takes.start].iter().rposition(|word| matches!(word.low.as_str(), "in" | "within"))?;
    let target = within + 1..quantity(words, within + 1)?;
    let baseline = takes.end..quantity(words, takes.end)?;
    let metric = (within <= LONGEST_NAME && within > 0).then(|| passage.slice(0..within).to_owned());
    Some(Shift { metric, baseline: said(passage, baseline), target: said(passage, target) })
}

/// `Median wait before admission below 4 hours`: a goal of which nobody says where it stands today.
pub(super) fn goal(passage: &Passage<'_>) -> Option<Shift> {
    const BOUNDS: &[&str] =
        &["below", "under", "above", "over", "at least", "at most", "less than", "more than", "fewer than"];
    let words = &passage.words;
    let all = quantities(words);
    let [target] = all.as_slice() else { return None };
    let bounded = opens(&words[target.start..], BOUNDS);
    let metric = name_before(passage, target.start);
    (bounded && metric.is_some()).then(|| Shift {
        metric,
        baseline: None,
        target: said(passage, target.clone()),
    })
}

fn said(passage: &Passage<'_>, range: Range<usize>) -> Option<String> {
    Some(passage.slice(range).to_owned())
}

/// The first quantity of time in the range, without what stands in front of it.
fn timed(words: &[Word], range: Range<usize>) -> Option<Range<usize>> {
    let part = words.get(range.clone())?;
    let times = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
    let is_time = |found: &Range<usize>| {
        part[found.clone()].iter().any(|word| times.iter().any(|time| word.low.starts_with(time)))
    };
    let found = quantities(part).into_iter().find(is_time)?;
    Some(range.start + found.start..range.start + found.end)
}

/// The name in front of a word: the last words of its clause, without verbs that only say that it moves.
fn name_before(passage: &Passage<'_>, before: usize) -> Option<String> {
    let words = &passage.words;
    let mut end = before;
    while end > 0 && is_filler(words, end) {
        end -= 1;
    }
    let mut start = clause_start(passage, end);
    // What stands between commas after a name explains it: `Utilization, which led us here, has increased`.
    if start > 0
        && words.get(start).is_some_and(|word| matches!(word.low.as_str(), "which" | "who" | "whose"))
    {
        end = start;
        start = clause_start(passage, end);
    }
    // The name is what the last verb that moves it has for its object: `we reduced our response time`.
    start = (start..end).rfind(|at| ACTS.contains(&words[*at].low.as_str())).map_or(start, |verb| verb + 1);
    while start < end && VERBS.contains(&words[start].low.as_str()) {
        start += 1;
    }
    let named = (1..=LONGEST_NAME).contains(&(end - start)) && is_name(passage, start..end);
    named.then(|| with_quote_mark(passage, passage.slice(start..end)))
}

/// A name that begins inside of quote marks takes the mark in front of it along.
fn with_quote_mark(passage: &Passage<'_>, name: &str) -> String {
    let odd = name.matches('"').count() % 2 == 1;
    let opened = passage.text.find(name).is_some_and(|at| passage.text[..at].ends_with('"'));
    if odd && opened { format!("\"{name}") } else { name.to_owned() }
}

/// A word that a name does not end with: a verb that only says that the figure moves, or a figure.
fn is_filler(words: &[Word], end: usize) -> bool {
    let word = &words[end - 1].low;
    MOVES.contains(&word.as_str()) || word == "percent" || word.starts_with(|c: char| c.is_ascii_digit())
}

/// A clause, or a pronoun, names nothing that one could measure; what is quoted may be any words.
fn is_name(passage: &Passage<'_>, range: Range<usize>) -> bool {
    const NO_NAMES: &[&str] = &[
        "it", "we", "they", "you", "i", "this", "that", "he", "she", "there", "which", "was", "were", "is",
        "are", "has",
    ];
    let quoted = |word: &Word| passage.text[..word.from].matches('"').count() % 2 == 1;
    !passage.words[range].iter().any(|word| NO_NAMES.contains(&word.low.as_str()) && !quoted(word))
}

/// The first word after the last mark that parts clauses.
fn clause_start(passage: &Passage<'_>, end: usize) -> usize {
    let words = &passage.words;
    let parted = |at: usize| {
        let between = &passage.text[words[at - 1].to..words[at].from];
        between.contains([',', ';', ':', '(', ')', '—', '–'])
    };
    (1..end).rev().find(|at| parted(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(shift: Option<Shift>) -> String {
        let part = |part: Option<String>| part.unwrap_or_else(|| "-".into());
        shift.map_or_else(String::new, |s| [s.metric, s.baseline, s.target].map(part).join(" | "))
    }

    #[test]
    fn figures_that_move_are_read() {
        let check = |text: &str, expected: &str| {
            assert_eq!(shown(shift(&Passage::of_text(text))), expected, "{text}");
        };
        check("On-time delivery up from 87.4% to 95% by May.", "On-time delivery | 87.4% | 95%");
        check(
            "Cut \"where is it\" calls from 1,150 a week to under 400 a week.",
            "\"where is it\" calls | 1,150 a week | under 400 a week",
        );
        check("Use, which led us here, has increased from 1% to 40%.", "Use | 1% | 40%");
        check(
            "We reduced our response time by 95 percent (from 600ms to 30ms).",
            "response time | 600ms | 30ms",
        );
        check(
            "Launching it used to take two people two weeks; now it takes 10 minutes.",
            "- | two weeks | 10 minutes",
        );
        check(
            "Cancelled operations: 41 a month today, target 15 a month.",
            "Cancelled operations | 41 a month | 15 a month",
        );
        check(
            "Onboard a carrier in 3 weeks; today it takes 9 weeks.",
            "Onboard a carrier | 9 weeks | 3 weeks",
        );
        check("The company was growing from 100 to 1,600 people.", "- | 100 | 1,600");
    }

    #[test]
    fn what_does_not_move_is_no_figure() {
        for text in [
            "We went from two data centres to the cloud.",
            "From 2026-04-01 to 2026-06-30",
            "It used to take weeks.",
            "They moved from day one to production.",
            "Now 5, and later 6.",
        ] {
            assert_eq!(shift(&Passage::of_text(text)), None, "{text}");
        }
    }

    #[test]
    fn goals_have_a_bound() {
        let check = |text: &str, expected: &str| {
            assert_eq!(shown(goal(&Passage::of_text(text))), expected, "{text}");
        };
        check(
            "Median wait before admission below 4 hours.",
            "Median wait before admission | - | below 4 hours",
        );
        check("Reduce the wait by 4 hours.", "");
        check("Below 4 hours in 3 of 5 sites.", "");
    }
}
