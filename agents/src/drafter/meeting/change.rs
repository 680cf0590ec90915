//! People who join, leave or take another role, as a meeting tells it. It must not know the plan's stakeholders.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::super::words::words;
use super::cast::Cast;
use super::due;
use super::lexicon::Lexicon;
use super::quote;
use super::script::{Script, Utterance};
use super::{Change, FoundChange};

/// A meeting gives at most so many changes.
const MOST: usize = 30;
/// A name has at most so many words.
const LONGEST_NAME: usize = 3;

/// Somebody is new.
static JOINS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "has joined|have joined|joined us|joined the|joined our|is joining|will join the|will join our|joins the|joins us as|\
        is new to|is our new|is the new|starts as|started as|comes on board|is coming on board|came on board",
    )
});
/// Somebody is gone or goes.
static LEAVES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "has left|have left|left the company|left the team|left the group|is leaving|will leave the|leaves the|is retiring|\
        retires|will retire|has retired|is stepping down|stepped down|steps down|is moving on|no longer works|is no longer with|\
        has resigned|resigned|is going on leave|goes on parental leave|goes on maternity leave",
    )
});
/// Somebody does something else; the role follows.
static ROLES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "takes over as|took over as|will take over as|is taking over as|has been promoted to|was promoted to|is now the|\
        is now our|becomes the|became the|will become the|becomes|moves to the role of|is acting as|steps in as|will be acting as|\
        has volunteered to be|volunteered to co-chair|takes over from|took over from|is taking over from|replaces|is replacing|\
        will replace|has been appointed|was appointed",
    )
});

/// The changes that a meeting tells of, in its order.
pub(super) fn changes(script: &Script<'_>, cast: &Cast, held_on: Option<Date>) -> Vec<FoundChange> {
    let mut kept: Vec<FoundChange> = Vec::new();
    for utterance in script.utterances.iter().filter(|utterance| !utterance.asks()) {
        let Some(found) = change(script, cast, held_on, utterance) else { continue };
        let new = !kept.iter().any(|other| other.person == found.person && other.change == found.change);
        if new && kept.len() < MOST {
            kept.push(found);
        }
    }
    kept
}

fn change(
    script: &Script<'_>,
    cast: &Cast,
    held_on: Option<Date>,
    utterance: &Utterance<'_>,
) -> Option<FoundChange> {
    let all = &utterance.wording.words;
    let joined = JOINS.find(all).map(|place| (place.start, Change::Joined));
    let left = || LEAVES.find(all).map(|place| (place.start, Change::Left));
    let role = || {
        let place = ROLES.find(all)?;
        let role = utterance.wording.clause(place.start);
        Some((place.start, Change::Role(role)))
    };
    let (before, change) = joined.or_else(left).or_else(role)?;
    let person = person_before(utterance, cast, before)?;
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    Some(FoundChange { person, change, when: due::due(&utterance.said, held_on), evidence })
}

/// The name right before the verb: one that the meeting knows, or at least two capitalised words.
fn person_before(utterance: &Utterance<'_>, cast: &Cast, verb: usize) -> Option<String> {
    let (all, text) = (&utterance.wording.words, &utterance.wording.text);
    if verb == 0 {
        return None;
    }
    if all[verb - 1].low == "i" {
        return utterance.speaker.map(str::to_owned);
    }
    let names = |first: usize| text.get(all[first].from..all[verb - 1].to);
    let capital = |at: usize| text[all[at].from..].starts_with(char::is_uppercase);
    (verb.saturating_sub(LONGEST_NAME)..verb).find_map(|first| {
        let run = names(first)?;
        let plain = (first..verb).all(capital) && !run.contains([',', '.', ';', ':']);
        let known = cast.named(run).is_some();
        let full = words(run).len() >= 2;
        (plain && (known || full)).then(|| run.to_owned())
    })
}
