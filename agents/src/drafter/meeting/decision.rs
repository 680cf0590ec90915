//! What a meeting decided: votes, what was closed, what the record lists, and what people settle in plain speech.
//! It must not know actions.

use std::collections::HashSet;

use super::super::words::{alike, content};
use super::ballot::{self, ballots};
use super::candidate::agrees;
use super::cast::Cast;
use super::closing;
use super::cue;
use super::marker;
use super::quote;
use super::script::{Script, Utterance};
use super::{FoundDecision, Standing};

/// A meeting gives at most so many decisions.
const MOST: usize = 80;
/// Where nobody votes, one spoken decision is kept for so many sentences, the clearest first.
const SENTENCES_EACH: usize = 150;
/// At most so many are kept.
const MOST_SPOKEN: usize = 6;
/// What is less clear than this is talk.
const CLEAR: i32 = 14;
/// A name of more words, as `EIP-2046: gas`, has none in front of its colon.
const LONGEST_NAME: usize = 3;
/// Two texts with this share of words in common say the same.
const SAME: usize = 50;

/// A decision that was only spoken, with how clear it is.
struct Spoken {
    row: usize,
    clarity: i32,
    decision: FoundDecision,
}

/// The decisions of a meeting in its order.
pub(super) fn decisions(script: &Script<'_>, cast: &Cast) -> Vec<FoundDecision> {
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
        found.extend(spoken(script, cast));
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
fn spoken(script: &Script<'_>, cast: &Cast) -> Vec<(usize, FoundDecision)> {
    let mut found: Vec<Spoken> =
        (0..script.utterances.len()).filter_map(|at| settled(script, cast, at)).collect();
    found.sort_by_key(|spoken| (-spoken.clarity, spoken.row));
    let most = (script.utterances.len() / SENTENCES_EACH + 1).min(MOST_SPOKEN);
    let mut kept: Vec<(Vec<String>, Spoken)> = Vec::new();
    for spoken in found {
        let words = content(&spoken.decision.text);
        if kept.len() < most && !kept.iter().any(|(other, _)| same(other, &words)) {
            kept.push((words, spoken));
        }
    }
    kept.into_iter().map(|(_, spoken)| (spoken.row, spoken.decision)).collect()
}

/// Whether two decisions are one. Those that name different numbers are two, however alike they sound.
fn same(left: &[String], right: &[String]) -> bool {
    let numbers = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.contains(|c: char| c.is_ascii_digit())).cloned().collect()
    };
    alike(left, right, SAME) && numbers(left) == numbers(right)
}

fn settled(script: &Script<'_>, cast: &Cast, at: usize) -> Option<Spoken> {
    let utterance = script.utterances.get(at);
    let utterance = utterance.filter(|utterance| utterance.speaker.is_some() || script.is_notes())?;
    let (text, sign) = outcome(utterance)?;
    let agreeing = script.replies(at).filter(|reply| agrees(reply)).count();
    let all = &utterance.wording.words;
    let personal = all.iter().any(|word| ["i", "you", "i'm", "you're", "i've"].contains(&word.low.as_str()));
    let signs = [
        (agreeing > 0, 4),
        (cast.is_chair(utterance.speaker), 4),
        (utterance.place > 0.5, 2),
        (utterance.asks(), -6),
        (cue::UNSURE.has(all), -4),
        (personal, -4),
    ];
    let clarity = sign + signs.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum::<i32>();
    if clarity < CLEAR {
        return None;
    }
    let text = match subject(script, utterance).filter(|subject| !text.contains(subject)) {
        Some(subject) => format!("{subject}: {text}"),
        None => text,
    };
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    let confirmed = agreeing >= 2
        || (agreeing > 0 && cast.is_chair(utterance.speaker))
        || (cue::DECIDED.has(all) && !utterance.asks());
    let standing = if confirmed { Standing::Confirmed } else { Standing::Proposed };
    Some(Spoken { row: utterance.rows.0, clarity, decision: FoundDecision { text, standing, evidence } })
}

/// The name of the matter, where the heading gives one: `EIP-2046` of `EIP-2046: gas for calls`.
fn subject<'a>(script: &Script<'a>, utterance: &Utterance<'_>) -> Option<&'a str> {
    let heading = script.heading(utterance.topic);
    let name = heading.split(':').next()?.split(" - ").next()?.trim();
    let numbered = name.contains(|c: char| c.is_ascii_digit()) && name.contains(char::is_alphabetic);
    (numbered && name.split_whitespace().count() <= LONGEST_NAME).then_some(name)
}

/// What a sentence settles, with how clearly it does.
fn outcome(utterance: &Utterance<'_>) -> Option<(String, i32)> {
    let wording = &utterance.wording;
    let words = &wording.words;
    if cue::UNDECIDED.has(words) {
        return None;
    }
    let noted = emphasised(&utterance.said).filter(|text| cue::MODAL.has(&super::super::words::words(text)));
    let decided = || {
        let place = cue::DECIDED.find(words)?;
        // That nobody objects is part of what is told.
        let told = words[place.clone()]
            .iter()
            .position(|word| word.low == "no")
            .map_or(place.end, |no| place.start + no);
        let rest = cue::TO_OUTCOME.skip(words.get(told..)?);
        (!cue::NO_OUTCOME.opens(rest)).then(|| (wording.clause(words.len() - rest.len()), 12))
    };
    let chosen = || {
        let group = cue::GROUP.find(words)?;
        let choice = cue::CHOOSES.at(words.get(group.end..)?)?;
        (choice > 0).then(|| (wording.clause(group.end), 8))
    };
    let wanted = || cue::WANTS.find(words).map(|place| (wording.clause(place.start), 6));
    let found = noted.map(|text| (text, 14)).or_else(decided).or_else(chosen).or_else(wanted)?;
    let (text, sign) = found;
    let length = content(&text).len();
    (2..=20).contains(&length).then_some((text, sign))
}

/// What whoever took the notes set in bold inside of what was said.
pub(super) fn emphasised(said: &str) -> Option<String> {
    let (before, rest) = said.split_once("**")?;
    let (bold, _) = rest.split_once("**")?;
    let inside = !before.is_empty() || rest.len() > bold.len() + 2;
    let text = super::wording::Wording::of(bold).text;
    (inside && text.split_whitespace().count() >= 3).then_some(text)
}
