//! Proposals that a meeting votes on, as minutes keep them: `PROPOSAL: ...`, then `+1`, `+1`, `-1`.
//! It must not know what else was said.

use tools::material::LineKind;

use super::super::words::{alike, content, words};
use super::quote;
use super::script::{Row, Script};
use super::wording::tidy;
use super::{FoundDecision, Standing};
use crate::sentence::without_mark;

/// A meeting has at most so many proposals.
const MOST: usize = 200;
/// Votes stand at most so many rows after what they are about.
const REACH: usize = 40;
/// Two proposals with this share of words in common are one in two versions.
const SAME: usize = 67;
/// With this share, a later version that was voted on replaces one that was not.
const NEAR: usize = 29;
/// A label of more words is a sentence.
const LONGEST_LABEL: usize = 4;

/// What a row puts before the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Words to be improved.
    Draft,
    Proposed,
    /// The record states the outcome.
    Resolved,
}

/// A proposal with its votes.
#[derive(Debug)]
pub(super) struct Ballot {
    kind: Kind,
    pub(super) text: String,
    content: Vec<String>,
    pub(super) row: usize,
    pub(super) topic: Option<usize>,
    pub(super) pro: usize,
    con: usize,
}

/// The proposals of a meeting in order.
pub(super) fn ballots(script: &Script<'_>) -> Vec<Ballot> {
    let statements: Vec<(usize, Kind, String)> = script
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.is_order && !matches!(row.kind, LineKind::Heading(_)))
        .filter_map(|(at, row)| statement(row).map(|(kind, text)| (at, kind, text)))
        .take(MOST)
        .collect();
    let mut found: Vec<Ballot> = Vec::new();
    for (nth, (row, kind, text)) in statements.iter().enumerate() {
        let next = statements.get(nth + 1).map_or(script.rows.len(), |(next, ..)| *next);
        let (pro, con) = votes(script, *row, next);
        let topic = script.rows.get(*row).and_then(|row| row.topic);
        found.push(Ballot {
            kind: *kind,
            text: text.clone(),
            content: content(text),
            row: *row,
            topic,
            pro,
            con,
        });
    }
    found
}

/// The proposals that became something, each in its last version.
pub(super) fn decisions(script: &Script<'_>, ballots: &[Ballot]) -> Vec<(usize, FoundDecision)> {
    let votes = ballots.iter().any(|ballot| ballot.pro > 0);
    let stands = ballots.iter().enumerate().filter(|(at, ballot)| stands(ballot, &ballots[at + 1..], votes));
    let found = stands.filter_map(|(at, ballot)| {
        let said = script.rows.get(ballot.row)?.said.trim();
        let evidence = quote::cite(script, said, (ballot.row, ballot.row))?;
        let standing = standing(ballot, &ballots[..at]);
        Some((ballot.row, FoundDecision { text: ballot.text.clone(), standing, evidence }))
    });
    found.collect()
}

/// Whether a proposal is the last word on its matter. Where a meeting votes, what was not put to the vote was given up.
fn stands(ballot: &Ballot, later: &[Ballot], votes: bool) -> bool {
    let replaced = |percent: usize| {
        later.iter().any(|other| {
            let same = other.topic == ballot.topic && other.kind != Kind::Draft;
            same && alike(&other.content, &ballot.content, percent)
        })
    };
    let rejected = ballot.con > 0 && ballot.con >= ballot.pro;
    match ballot.kind {
        Kind::Resolved => !replaced(SAME),
        _ if rejected => false,
        _ if ballot.pro > 0 => !replaced(SAME),
        Kind::Proposed => !votes && !replaced(NEAR),
        Kind::Draft => false,
    }
}

fn standing(ballot: &Ballot, earlier: &[Ballot]) -> Standing {
    let agreed = ballot.pro >= 2 && ballot.con == 0;
    let was_agreed =
        |other: &Ballot| other.pro >= 2 && other.con == 0 && alike(&other.content, &ballot.content, SAME);
    let confirmed = ballot.kind == Kind::Resolved || agreed || earlier.iter().any(was_agreed);
    if confirmed { Standing::Confirmed } else { Standing::Proposed }
}

/// The votes between a proposal and what comes next.
fn votes(script: &Script<'_>, row: usize, next: usize) -> (usize, usize) {
    let end = next.min(row + 1 + REACH).min(script.rows.len());
    let rows = script.rows.get(row + 1..end).unwrap_or_default();
    let same_topic = rows.iter().take_while(|row| !matches!(row.kind, LineKind::Heading(_)));
    same_topic.filter(|row| !row.is_order).filter_map(|row| vote(row.said)).fold(
        (0, 0),
        |(pro, con), vote| match vote {
            1.. => (pro + 1, con),
            0 => (pro, con),
            _ => (pro, con + 1),
        },
    )
}

/// The vote with which a row opens: `+1`, `ann: -1`, `0 (no opinion)`.
pub(super) fn vote(said: &str) -> Option<i8> {
    let said = said.trim_start_matches(['>', ' ', '*', '_']);
    let said = match said.split_once(':') {
        Some((nick, rest))
            if nick.len() <= 30 && nick.chars().all(|c| c.is_alphanumeric() || "_-".contains(c)) =>
        {
            rest.trim()
        }
        _ => said,
    };
    let end = said.find(|c: char| !"+-01".contains(c)).unwrap_or(said.len());
    let (sign, rest) = said.split_at(end);
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == ':') {
        return None;
    }
    match sign {
        "+1" => Some(1),
        "-1" => Some(-1),
        "0" | "+0" | "-0" => Some(0),
        _ => None,
    }
}

fn statement(row: &Row<'_>) -> Option<(Kind, String)> {
    let said = without_mark(row.said).trim_start_matches(['*', '_', ' ']);
    if let Some(kind) = row.speaker.and_then(kind) {
        return Some((kind, body(said)));
    }
    let (label, rest) = said.split_once(':')?;
    let kind = kind(label)?;
    let text = body(rest);
    (!text.is_empty()).then_some((kind, text))
}

/// What a label says of the words after it.
fn kind(label: &str) -> Option<Kind> {
    let words = words(label);
    if words.is_empty() || words.len() > LONGEST_LABEL {
        return None;
    }
    let is = |names: &[&str]| words.iter().any(|word| word.low.split('-').any(|part| names.contains(&part)));
    let proposes = is(&["proposal", "proposed"]);
    let resolves = is(&["resolution", "resolved", "decision", "decided", "agreed"]);
    match () {
        () if !proposes && !resolves => None,
        () if is(&["draft", "pre", "straw", "failed", "alternative"]) => Some(Kind::Draft),
        () if proposes => Some(Kind::Proposed),
        () => Some(Kind::Resolved),
    }
}

/// The words of a proposal without emphasis and without the name of who wrote it down.
fn body(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once("** *(").or_else(|| text.split_once("**_(")).map_or(text, |(text, _)| text);
    tidy(&text.replace("**", "").replace('`', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_are_read() {
        let check = |said: &str, expected: Option<i8>| assert_eq!(vote(said), expected, "{said}");
        check("+1", Some(1));
        check("> *+1, with a note*", Some(1));
        check("ann_b: -1", Some(-1));
        check("0 (no opinion)", Some(0));
        check("+1s are welcome", None);
        check("10 of them", None);
        check("1", None);
    }

    #[test]
    fn labels_tell_what_follows() {
        let check = |label: &str, expected: Option<Kind>| assert_eq!(kind(label), expected, "{label}");
        check("PROPOSAL", Some(Kind::Proposed));
        check("Proposed resolution", Some(Kind::Proposed));
        check("PRE-PROPOSAL", Some(Kind::Draft));
        check("RESOLVED", Some(Kind::Resolved));
        check("Resolution #3", Some(Kind::Resolved));
        check("Ann", None);
        check("the question is whether a decision", None);
    }
}
