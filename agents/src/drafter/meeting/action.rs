//! What is to be done after a meeting: what the record marks, what people promise, are asked and take on, and what
//! whoever leads shares out. It must not know decisions.
//!
//! Most sentences that sound like a promise are not one that anybody would write down: "I'll share my screen". So each
//! candidate gets a score from what it is made of, and few are kept. The weights are tenths, round on purpose, and were
//! set by hand on real meetings whose minutes list the actions. A threshold a tenth lower or higher finds much the same.

use jiff::civil::Date;

use super::super::words::{alike, content, words};
use super::FoundAction;
use super::candidate::{Candidate, Rule, candidates};
use super::cast::{Cast, short};
use super::context::with_context;
use super::cue;
use super::due::{self, Due};
use super::marker;
use super::quote;
use super::script::{Script, Utterance};

/// A meeting gives at most so many actions that are neither marked nor shared out.
const MOST_SPOKEN: usize = 6;
/// A meeting gives at most so many actions.
const MOST: usize = 80;
/// Candidates below this are what people say in passing.
const THRESHOLD: i32 = 30;
/// Two texts with this share of words in common say the same.
const SAME: usize = 34;
/// What is said before this share of a meeting announces the meeting.
const OPENING: f64 = 0.06;
/// Between a date and the deed that it is for stand at most so many letters.
const LONGEST_JOINT: usize = 6;
/// After this share people share out work.
const CLOSING: f64 = 0.85;

/// The actions of a meeting in its order.
pub(super) fn actions(script: &Script<'_>, cast: &Cast, held_on: Option<Date>) -> Vec<FoundAction> {
    let mut found: Vec<(usize, FoundAction)> = marker::actions(script, cast)
        .into_iter()
        .filter_map(|marked| {
            let said = script.rows.get(marked.row)?.said.trim();
            let evidence = quote::cite(script, said, (marked.row, marked.row))?;
            let due = due::due(&marked.text, held_on);
            let done_when = done_when(&marked.text);
            Some((
                marked.row,
                FoundAction { text: marked.text, owner: marked.owner, due, done_when, evidence },
            ))
        })
        .collect();
    let known: Vec<Vec<String>> = found.iter().map(|(_, action)| content(&action.text)).collect();
    for (row, action) in spoken(script, cast, held_on) {
        let words = content(&action.text);
        if !known.iter().any(|other| alike(other, &words, SAME)) {
            found.push((row, action));
        }
    }
    found.sort_by_key(|(row, _)| *row);
    found.truncate(MOST);
    found.into_iter().map(|(_, action)| action).collect()
}

/// The best candidates of what was only said.
fn spoken(script: &Script<'_>, cast: &Cast, held_on: Option<Date>) -> Vec<(usize, FoundAction)> {
    let mut scored: Vec<(i32, Candidate)> = candidates(script, cast)
        .into_iter()
        .map(|candidate| (score(script, &candidate), candidate))
        .filter(|(score, _)| *score >= THRESHOLD)
        .collect();
    scored.sort_by_key(|(score, candidate)| (-score, candidate.at));
    let mut kept: Vec<(Vec<String>, usize, FoundAction)> = Vec::new();
    let mut said = 0;
    for (_, candidate) in scored {
        let counts = candidate.rule != Rule::Assigned;
        if counts && said >= MOST_SPOKEN {
            continue;
        }
        let Some((row, action)) = told(script, &candidate, held_on) else { continue };
        let words = content(&action.text);
        if !kept.iter().any(|(other, _, known)| same(other, known, &words, &action)) {
            said += usize::from(counts);
            kept.push((words, row, action));
        }
    }
    kept.into_iter().map(|(_, row, action)| (row, action)).collect()
}

/// Whether two actions are one: two people who do much the same are not.
fn same(left: &[String], known: &FoundAction, right: &[String], action: &FoundAction) -> bool {
    let two = known.owner.is_some() && action.owner.is_some() && known.owner != action.owner;
    !two && alike(left, right, SAME)
}

fn told(script: &Script<'_>, candidate: &Candidate, held_on: Option<Date>) -> Option<(usize, FoundAction)> {
    let utterance = script.utterances.get(candidate.at)?;
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    let deed = with_context(script, candidate);
    let text = match &candidate.owner {
        Some(owner) => format!("{} to {deed}", short(owner)),
        None => deed,
    };
    let due = due::due(&candidate.deed, held_on).or_else(|| leading_due(&candidate.lead, held_on));
    let done_when =
        done_when(&utterance.said).or_else(|| said_next(script, candidate.at).and_then(done_when));
    let action = FoundAction { text, owner: candidate.owner.clone(), due, done_when, evidence };
    Some((utterance.rows.0, action))
}

/// The date before the deed: `By Friday I'll send it`. Any other date there is about something else.
fn leading_due(lead: &str, held_on: Option<Date>) -> Option<Due> {
    due::due(lead, held_on).filter(|due| lead.len() <= due.said.len() + LONGEST_JOINT)
}

/// What the same speaker says next.
fn said_next<'s>(script: &'s Script<'_>, at: usize) -> Option<&'s str> {
    let (here, next): (&Utterance<'_>, &Utterance<'_>) =
        (script.utterances.get(at)?, script.utterances.get(at + 1)?);
    (next.speaker == here.speaker && next.topic == here.topic).then_some(next.said.as_str())
}

/// What counts as done, where a text says so.
fn done_when(said: &str) -> Option<String> {
    let wording = super::wording::Wording::of(said);
    let place = cue::DONE_WHEN.find(&wording.words)?;
    Some(wording.clause(place.end)).filter(|text| !text.is_empty())
}

/// What a rule says for a candidate by itself.
fn weight(rule: Rule) -> i32 {
    match rule {
        Rule::Assigned => 40,
        Rule::Explicit => 30,
        Rule::Promise => 16,
        Rule::Everyone | Rule::Request | Rule::Named | Rule::Emphasis => 10,
        Rule::Offer => 6,
    }
}

/// How much speaks for a candidate.
fn score(script: &Script<'_>, candidate: &Candidate) -> i32 {
    let Some(utterance) = script.utterances.get(candidate.at) else { return 0 };
    let rule = candidate.rule;
    if rule == Rule::Assigned {
        return weight(rule);
    }
    let all = &utterance.wording.words;
    let deed = words(&candidate.deed);
    let length = content(&candidate.deed).len();
    let first_person = matches!(rule, Rule::Promise | Rule::Offer);
    let asked = rule == Rule::Request;
    let wishes = |pair: &[super::super::words::Word]| {
        ["want", "like"].contains(&pair[0].low.as_str()) && pair[1].low == "to"
    };
    let is_notes = script.is_notes();
    let signs = [
        (is_notes && (rule == Rule::Promise || rule == Rule::Named), 10),
        (cue::PRODUCTS.has(&deed), 10),
        (cue::WORKS.opens(&deed), 4),
        (cue::WORKS.opens(&deed) && rule == Rule::Emphasis, 8),
        (cue::WHEN.has(all), 6),
        (cue::TASKS.has(all), 8),
        (candidate.owner.is_some(), 3),
        (rule == Rule::Named && candidate.lead.is_empty(), 6),
        (rule == Rule::Named && utterance.speaker.is_none(), 14),
        (first_person && candidate.accepted, 4),
        (first_person && cue::POINTERS.has(&deed) && cue::WHEN.has(all), 5),
        (asked && candidate.taken, 6),
        (asked && candidate.accepted && candidate.addressed, 5),
        (asked && candidate.accepted && cue::ASKS_FAVOUR.has(all), 8),
        (rule == Rule::Everyone && utterance.place > CLOSING, 20),
        (cue::TALK.opens(&deed), -20),
        (cue::UNSURE.has(&deed[..deed.len().min(12)]), -7),
        (asked && !candidate.accepted, -12),
        (rule == Rule::Offer && all.windows(2).any(wishes), -6),
        (utterance.asks() && !candidate.accepted, -6),
        (!is_notes && utterance.place < OPENING, -10),
        (length < 2, -10),
        (length > 14, -4),
    ];
    weight(rule) + signs.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum::<i32>()
}
