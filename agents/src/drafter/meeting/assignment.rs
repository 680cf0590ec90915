//! Work that whoever leads a meeting shares out in one go: `you each have things to do: Ann, the concept, Bob, the
//! numbers`. It must not know other actions.

use super::super::words::{Word, words};
use super::cast::Cast;
use super::cue;
use super::script::Script;
use super::wording::Wording;

/// After the words that announce it, so many sentences share out work.
const REACH: usize = 5;
/// Work is shared out in this part of a meeting, from its start counted.
const EARLIEST: f64 = 0.6;
/// A piece of work has a name of so many words.
const PIECE: std::ops::RangeInclusive<usize> = 2..=7;

/// A piece of work that somebody got.
#[derive(Debug)]
pub(super) struct Piece {
    /// The utterance.
    pub(super) at: usize,
    pub(super) owner: Option<String>,
    /// What it is: `components concept`.
    pub(super) name: String,
}

/// The pieces of work that were shared out.
pub(super) fn pieces(script: &Script<'_>, cast: &Cast) -> Vec<Piece> {
    let parts: Vec<(&str, Vec<Word>)> = cast.parts().map(|name| (name, words(name))).collect();
    let mut found = Vec::new();
    let mut announced: Option<(usize, Option<&str>)> = None;
    for (at, utterance) in script.utterances.iter().enumerate() {
        if utterance.place < EARLIEST || utterance.speaker.is_none() {
            continue;
        }
        if cue::SHARES_OUT.has(&utterance.wording.words) {
            announced = Some((at, utterance.speaker));
        }
        let Some((since, speaker)) = announced else { continue };
        if at - since > REACH || speaker != utterance.speaker || !cast.is_chair(speaker) {
            continue;
        }
        let mut owner = None;
        for part in utterance.wording.text.split([',', ':', '.']).flat_map(|part| part.split(" and you ")) {
            let named = part_in(part, &parts);
            if let Some((name, _)) = named {
                owner = Some(name.to_owned());
            }
            if let Some(name) = piece(part, named.map(|(_, words)| words)) {
                found.push(Piece { at, owner: owner.take(), name });
            }
        }
    }
    found
}

/// The part that a text speaks of: `Industrial Design` is the industrial designer.
fn part_in<'p>(text: &str, parts: &'p [(&'p str, Vec<Word>)]) -> Option<(&'p str, &'p [Word])> {
    let all = words(text);
    let speaks_of = |name: &[Word]| {
        let lead = &name[..name.len().saturating_sub(1)];
        !lead.is_empty()
            && all
                .windows(lead.len())
                .any(|run| run.iter().zip(lead).all(|(said, part)| same_stem(&said.low, &part.low)))
    };
    parts.iter().find(|(_, name)| speaks_of(name)).map(|(name, words)| (*name, words.as_slice()))
}

fn same_stem(left: &str, right: &str) -> bool {
    let stem = |word: &str| word.chars().take(6).collect::<String>();
    stem(left) == stem(right)
}

/// The name of a piece of work, without what says that somebody gets it.
fn piece(part: &str, named: Option<&[Word]>) -> Option<String> {
    let wording = Wording::of(part);
    let gets = (0..wording.words.len())
        .rev()
        .find_map(|at| cue::GETS.at(&wording.words[at..]).map(|length| at + length));
    let first = gets.unwrap_or(0);
    let rest = wording.words.get(first..).filter(|rest| !rest.is_empty())?;
    let rest = match rest {
        [article, rest @ ..] if ["the", "your", "a", "an", "our"].contains(&article.low.as_str()) => rest,
        rest => rest,
    };
    // Only the part's own name is no work, unless it was said that somebody gets it.
    let only_named = named
        .is_some_and(|name| rest.iter().all(|word| name.iter().any(|part| same_stem(&word.low, &part.low))));
    let fits = PIECE.contains(&rest.len())
        && !cue::CLAUSES.has(rest)
        && (!only_named || gets.is_some() || rest.len() > 2);
    let (open, close) = (rest.first()?, rest.last()?);
    fits.then(|| wording.text.get(open.from..close.to).map(str::to_owned)).flatten()
}
