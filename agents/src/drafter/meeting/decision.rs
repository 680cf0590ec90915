//! What a meeting decided: votes, what was closed, what the record lists, and what people settle in plain speech.
//! It must not know actions.

use std::collections::HashSet;

use super::super::words::{alike, content};
use super::ballot::{self, ballots};
use super::closing;
use super::cue;
use super::marker;
use super::quote;
use super::script::{Script, Utterance};
use super::{FoundDecision, Standing};

/// A meeting gives at most so many decisions.
const MOST: usize = 80;
/// Where nobody votes, one spoken decision is kept for so many sentences, the clearest first.
const SENTENCES_EACH: usize = 120;
/// Two texts with this share of words in common say the same.
const SAME: usize = 50;

/// A decision that was only spoken, with how clear it is.
struct Spoken {
    row: usize,
    clarity: i32,
    decision: FoundDecision,
}

/// The decisions of a meeting in its order.
pub(super) fn decisions(script: &Script<'_>) -> Vec<FoundDecision> {
    let ballots = ballots(script);
    let voted: HashSet<Option<usize>> =
        ballots.iter().filter(|ballot| ballot.pro > 0).map(|ballot| ballot.topic).collect();
    let mut found = closing::decisions(script, &voted);
    let closed: HashSet<Option<usize>> =
        found.iter().filter_map(|(row, _)| script.rows.get(*row)).map(|row| row.topic).collect();
    let others: Vec<_> =
        ballots.into_iter().filter(|ballot| ballot.pro > 0 || !closed.contains(&ballot.topic)).collect();
    found.extend(ballot::decisions(script, &others));
    found.extend(marker::decisions(script));
    if found.is_empty() {
        found.extend(spoken(script));
    }
    found.sort_by_key(|(row, _)| *row);
    distinct(found)
}

fn distinct(found: Vec<(usize, FoundDecision)>) -> Vec<FoundDecision> {
    let mut kept: Vec<(Vec<String>, FoundDecision)> = Vec::new();
    for (_, decision) in found {
        let words = content(&decision.text);
        if kept.len() < MOST && !kept.iter().any(|(other, _)| *other == words) {
            kept.push((words, decision));
        }
    }
    kept.into_iter().map(|(_, decision)| decision).collect()
}

/// What is settled without a vote.
fn spoken(script: &Script<'_>) -> Vec<(usize, FoundDecision)> {
    let mut found: Vec<Spoken> = (0..script.utterances.len()).filter_map(|at| settled(script, at)).collect();
    found.sort_by_key(|spoken| (-spoken.clarity, spoken.row));
    let most = script.utterances.len() / SENTENCES_EACH + 1;
    let mut kept: Vec<(Vec<String>, Spoken)> = Vec::new();
    for spoken in found {
        let words = content(&spoken.decision.text);
        if kept.len() < most && !kept.iter().any(|(other, _)| alike(other, &words, SAME)) {
            kept.push((words, spoken));
        }
    }
    kept.into_iter().map(|(_, spoken)| (spoken.row, spoken.decision)).collect()
}

fn settled(script: &Script<'_>, at: usize) -> Option<Spoken> {
    let utterance = script.utterances.get(at)?;
    let (text, mut clarity) = outcome(utterance)?;
    let agreeing = script
        .replies(at)
        .filter(|reply| cue::ACCEPTS.opens(cue::ACCEPT_LEADS.skip(&reply.wording.words)))
        .count();
    clarity += i32::from(agreeing > 0) * 4 - i32::from(utterance.asks()) * 6;
    if cue::UNSURE.has(&utterance.wording.words) {
        clarity -= 4;
    }
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    let confirmed = agreeing >= 2 || (cue::DECIDED.has(&utterance.wording.words) && !utterance.asks());
    let standing = if confirmed { Standing::Confirmed } else { Standing::Proposed };
    Some(Spoken { row: utterance.rows.0, clarity, decision: FoundDecision { text, standing, evidence } })
}

/// What a sentence settles, with how clearly it does.
fn outcome(utterance: &Utterance<'_>) -> Option<(String, i32)> {
    let wording = &utterance.wording;
    let emphasised = emphasised(&utterance.said);
    let decided = cue::DECIDED.find(&wording.words).map(|place| (wording.clause(place.end), 12));
    let chosen = || cue::CHOICES.find(&wording.words).map(|place| (wording.clause(place.end - 1), 8));
    let (text, clarity) = match (decided.or_else(chosen), emphasised) {
        (Some((text, clarity)), None) => (text, clarity),
        (Some(_), Some(text)) => (text, 14),
        (None, Some(text)) => (text, 5),
        (None, None) => return None,
    };
    let words = content(&text).len();
    (2..=24).contains(&words).then_some((text, clarity))
}

/// What whoever took the notes set in bold inside of what was said.
pub(super) fn emphasised(said: &str) -> Option<String> {
    let (before, rest) = said.split_once("**")?;
    let (bold, _) = rest.split_once("**")?;
    let inside = !before.is_empty() || rest.len() > bold.len() + 2;
    let text = super::wording::Wording::of(bold).text;
    (inside && text.split_whitespace().count() >= 3).then_some(text)
}
