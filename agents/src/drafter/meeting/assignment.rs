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
/// So many pieces are shared out at most.
const MOST: usize = 40;
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

/// Whoever is to get the next piece, and the utterance that says so.
type Next = Option<(String, usize)>;

/// The pieces of work that were shared out.
pub(super) fn pieces(script: &Script<'_>, cast: &Cast) -> Vec<Piece> {
    let parts: Vec<(&str, Vec<Word>)> = cast.parts().map(|name| (name, words(name))).collect();
    let mut found = Vec::new();
    let mut announced: Option<(usize, Option<&str>)> = None;
    let mut next: Next = None;
    for (at, utterance) in script.utterances.iter().enumerate() {
        if utterance.place < EARLIEST || utterance.speaker.is_none() {
            continue;
        }
        if cue::SHARES_OUT.has(&utterance.wording.words) {
            announced = Some((at, utterance.speaker));
        }
        let Some((since, speaker)) = announced else { continue };
        if at - since <= REACH && speaker == utterance.speaker && found.len() < MOST {
            next = next.filter(|(_, said)| at - said <= 1);
            in_sentence(&utterance.wording.text, at, cast, &parts, &mut next, &mut found);
        }
    }
    // Where people go by their names, a piece that nobody gets is a piece of talk.
    found.truncate(MOST);
    found.retain(|piece| piece.owner.is_some() || !parts.is_empty());
    found
}

fn in_sentence(
    text: &str,
    at: usize,
    cast: &Cast,
    parts: &[(&str, Vec<Word>)],
    next: &mut Next,
    found: &mut Vec<Piece>,
) {
    let mut listing = false;
    for part in text.split(", ").flat_map(|part| part.split(". ")).flat_map(|part| part.split(" and you ")) {
        let named = part_in(part, parts);
        let owner = named.map(|(name, _)| name).or_else(|| person_in(part, cast));
        if let Some(owner) = owner {
            *next = Some((owner.to_owned(), at));
        }
        match piece(part, named.map(|(_, words)| words).filter(|_| !listing)) {
            Some(name) => {
                found.push(Piece { at, owner: next.take().map(|(owner, _)| owner), name });
                listing = true;
            }
            // What follows a piece and is none explains it, and the list is at its end.
            None if listing && owner.is_none() => break,
            None => {}
        }
    }
}

/// The person whom a part of a sentence opens with: `Ann, the concept`, `Ann has the concept`.
fn person_in<'c>(part: &str, cast: &'c Cast) -> Option<&'c str> {
    let all = words(part);
    let capital = part.trim_start().starts_with(char::is_uppercase);
    cast.name_at(part, &all, 0).map(|(name, _)| name).filter(|_| capital)
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
    // The name of a part is no work.
    let only_named = named
        .is_some_and(|name| rest.iter().all(|word| name.iter().any(|part| same_stem(&word.low, &part.low))));
    let fits = PIECE.contains(&rest.len()) && !cue::CLAUSES.has(rest) && !only_named;
    let (open, close) = (rest.first()?, rest.last()?);
    fits.then(|| wording.text.get(open.from..close.to).map(str::to_owned)).flatten()
}
