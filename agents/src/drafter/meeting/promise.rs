//! Commitments: what a speaker says that their side will do for the other. It must not know actions, which are what
//! somebody notes down to do.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::super::words::{alike, content};
use super::FoundCommitment;
use super::cast::Cast;
use super::cue;
use super::due;
use super::lexicon::Lexicon;
use super::quote;
use super::script::{Script, Utterance};

/// A meeting gives at most so many commitments.
const MOST: usize = 30;
/// Two texts with this share of words in common say the same.
const SAME: usize = 50;
/// A commitment says at least so much.
const FEWEST_WORDS: usize = 3;

/// Words with which somebody commits themselves or their side.
static COMMITS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "i promise|i promise to|we promise|we promise to|i commit to|we commit to|we are committed to|we're committed to|\
        you have my word|we guarantee|we provide|we will provide|we'll provide|we deliver|we will deliver|we'll deliver|\
        you will have|you'll have|you will get|you'll get|we will make sure|we'll make sure|count on us to|you can count on",
    )
});
/// Words after which only something concrete is a commitment.
static WILL: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of("i'll|i will|we'll|we will"));
/// Whom a commitment is made to, right after the deed.
static GIVES: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::of("send|give|get|show|email|e-mail|bring|hand|provide|offer"));

/// The commitments of a meeting in its order.
pub(super) fn commitments(script: &Script<'_>, cast: &Cast, held_on: Option<Date>) -> Vec<FoundCommitment> {
    let mut kept: Vec<(Vec<String>, FoundCommitment)> = Vec::new();
    for (at, utterance) in script.utterances.iter().enumerate() {
        let Some(found) = commitment(script, cast, held_on, at, utterance) else { continue };
        let words = content(&found.text);
        let new = words.len() >= FEWEST_WORDS && !kept.iter().any(|(other, _)| alike(other, &words, SAME));
        if new && kept.len() < MOST {
            kept.push((words, found));
        }
    }
    kept.into_iter().map(|(_, found)| found).collect()
}

fn commitment(
    script: &Script<'_>,
    cast: &Cast,
    held_on: Option<Date>,
    at: usize,
    utterance: &Utterance<'_>,
) -> Option<FoundCommitment> {
    let by = utterance.speaker?;
    let wording = &utterance.wording;
    let place = COMMITS.find(&wording.words).or_else(|| concrete(utterance))?;
    if utterance.asks() || cue::UNSURE.has(&wording.words) {
        return None;
    }
    let due = due::due(&utterance.said, held_on);
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    let to = given_to(cast, utterance, place.end).or_else(|| asked_by(script, at));
    Some(FoundCommitment { text: wording.clause(place.start), by: by.to_owned(), to, due, evidence })
}

/// `I will ask our lead for a template by Friday`: work with a date and a thing to show for it.
fn concrete(utterance: &Utterance<'_>) -> Option<std::ops::Range<usize>> {
    let words = &utterance.wording.words;
    let place = WILL.find(words)?;
    let deed = cue::BETWEEN.skip(&words[place.end..]);
    let works = cue::WORKS.opens(deed) && cue::PRODUCTS.has(deed) && !cue::TALK.opens(deed);
    (works && due::due(&utterance.said, None).is_some()).then_some(place)
}

/// `I will send Ann the list`.
fn given_to(cast: &Cast, utterance: &Utterance<'_>, after: usize) -> Option<String> {
    let wording = &utterance.wording;
    let rest = cue::BETWEEN.skip(wording.words.get(after..)?);
    let first = wording.words.len() - rest.len() + GIVES.at(rest)?;
    cast.name_at(&wording.text, &wording.words, first).map(|(name, _)| name.to_owned())
}

/// Whoever asked for it in the sentence before.
fn asked_by(script: &Script<'_>, at: usize) -> Option<String> {
    let (here, before) = (script.utterances.get(at)?, script.utterances.get(at.checked_sub(1)?)?);
    let asked = before.speaker != here.speaker && before.topic == here.topic && before.asks();
    before.speaker.filter(|_| asked).map(str::to_owned)
}
