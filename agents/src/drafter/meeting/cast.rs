//! Who takes part in a meeting, and the names and nicknames by which a sentence means somebody.
//! It must not know what is said of anybody.

use std::collections::HashMap;

use tools::material::LineKind;

use super::super::words::{Word, words};
use super::cue;
use super::script::{Script, Utterance};
use crate::sentence::labelled;

/// A meeting has at most so many people in it.
const MOST_PEOPLE: usize = 400;
/// Labels in a meeting's head that list people.
const LISTS: [&str; 8] =
    ["present", "attendees", "participants", "guests", "chair", "regrets", "moderator", "attending"];
/// Names of fewer letters mean too many things.
const SHORTEST: usize = 2;

/// The people of a meeting.
#[derive(Debug)]
pub(super) struct Cast {
    names: Vec<String>,
    /// Names, parts of names and nicknames in lower-case letters.
    keys: HashMap<String, usize>,
    /// Who speaks most, which is who leads it.
    chair: Option<String>,
}

impl Cast {
    /// The people who speak, who are listed, and who are known beside them.
    pub(super) fn of(script: &Script<'_>, known: &[&str]) -> Self {
        let mut turns: Vec<(&str, usize)> = Vec::new();
        let mut place: HashMap<&str, usize> = HashMap::new();
        for speaker in script.utterances.iter().filter_map(|utterance| utterance.speaker) {
            let at = *place.entry(speaker).or_insert_with(|| {
                turns.push((speaker, 0));
                turns.len() - 1
            });
            turns[at].1 += 1;
        }
        let chair = turns.iter().max_by_key(|(_, count)| *count).map(|(name, _)| (*name).to_owned());
        let speakers = turns.iter().take(MOST_PEOPLE).map(|(name, _)| (*name).to_owned());
        let mut names: Vec<String> = speakers.collect();
        for name in listed(script).into_iter().chain(known.iter().map(|name| (*name).to_owned())) {
            if !names.contains(&name) && names.len() < MOST_PEOPLE {
                names.push(name);
            }
        }
        let keys = keys(&names);
        Self { names, keys, chair }
    }

    /// Whom a word or a run of words names.
    pub(super) fn named(&self, text: &str) -> Option<&str> {
        let key = letters(text);
        let at = self.keys.get(&key).filter(|_| key.len() >= SHORTEST)?;
        self.names.get(*at).map(String::as_str)
    }

    /// Whether somebody leads the meeting.
    pub(super) fn is_chair(&self, speaker: Option<&str>) -> bool {
        speaker.is_some() && speaker == self.chair.as_deref()
    }

    /// The parts that people play, such as `Project Manager`, where a meeting names its speakers so.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| is_part(name))
    }

    /// Whom a sentence speaks to: `Ann, can you`, `thanks, Ann`, `Ann - will you`.
    pub(super) fn addressed(&self, utterance: &Utterance<'_>) -> Option<&str> {
        let said = &utterance.said;
        let words = words(said);
        let found = (0..words.len()).find_map(|at| {
            let (name, length) = self.name_at(said, &words, at)?;
            let last = at + length - 1;
            let after = &said[words[last].to..words.get(last + 1).map_or(said.len(), |word| word.from)];
            let before = &said[at.checked_sub(1).map_or(0, |before| words[before].to)..words[at].from];
            let opens = at == 0
                || before.contains([',', '?', '!', '.', '-'])
                || GREETS.contains(&words[at - 1].low.as_str());
            let parted = after.contains([',', ':', '?', '!', '-']) || last + 1 == words.len();
            let helped = words.get(last + 1).is_some_and(|next| HELPS.contains(&next.low.as_str()));
            (opens && (parted || helped)).then_some(name)
        });
        found.filter(|name| Some(*name) != utterance.speaker)
    }

    /// The name that starts at a word, with how many words it has.
    pub(super) fn name_at(&self, text: &str, words: &[Word], at: usize) -> Option<(&str, usize)> {
        (1..=3).rev().filter(|length| at + length <= words.len()).find_map(|length| {
            let run = &text[words[at].from..words[at + length - 1].to];
            let plain = length == 1 || !run.contains([',', '.', ':']);
            self.named(run).filter(|_| plain).map(|name| (name, length))
        })
    }
}

/// Words before a name that is spoken to.
const GREETS: [&str; 8] = ["thanks", "ok", "okay", "so", "and", "hey", "hi", "alright"];
/// Words after a name that is spoken to.
const HELPS: [&str; 7] = ["can", "could", "would", "will", "do", "please", "you"];

/// How a text calls somebody: by the first name, or by the whole part that is played.
pub(super) fn short(name: &str) -> &str {
    if is_part(name) { name } else { name.split_whitespace().next().unwrap_or(name) }
}

fn is_part(name: &str) -> bool {
    let words = words(name);
    words.len() >= 2 && words.iter().any(|word| cue::PARTS.contains(&word.low.as_str()))
}

/// The people that the meeting's head lists.
fn listed(script: &Script<'_>) -> Vec<String> {
    let heads = script.rows.iter().filter(|row| row.kind == LineKind::Meta && !row.is_order);
    let lists = heads.filter_map(|row| labelled(row.said)).filter(|(label, _)| {
        let label = label.to_lowercase();
        LISTS.contains(&label.trim_end_matches("(s)"))
    });
    let names = lists.flat_map(|(_, value)| value.split([',', ';']));
    let plain = names.map(|name| name.split('(').next().unwrap_or(name).trim_matches([' ', '*', '.', '_']));
    plain.filter(|name| is_name(name)).map(str::to_owned).collect()
}

fn is_name(name: &str) -> bool {
    (1..=5).contains(&name.split_whitespace().count())
        && name.split_whitespace().all(|part| part.chars().any(char::is_alphabetic))
        && name.starts_with(char::is_uppercase)
}

/// All that means one of the names. What could mean two people means the one who comes first.
fn keys(names: &[String]) -> HashMap<String, usize> {
    let mut keys = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        keys.entry(letters(name)).or_insert(at);
    }
    let people = || names.iter().enumerate().filter(|(_, name)| !is_part(name));
    for (at, name) in people() {
        for part in name.split_whitespace().map(letters).filter(|part| part.len() >= SHORTEST) {
            keys.entry(part).or_insert(at);
        }
    }
    for (at, name) in people() {
        let parts: Vec<String> =
            name.split_whitespace().map(letters).filter(|part| !part.is_empty()).collect();
        let [first, .., last] = parts.as_slice() else { continue };
        let initial = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
        // The nicknames that chats give: `annb`, `abell`.
        keys.entry(format!("{first}{}", initial(last))).or_insert(at);
        keys.entry(format!("{}{last}", initial(first))).or_insert(at);
    }
    keys
}

fn letters(text: &str) -> String {
    let plain = text.strip_suffix("'s").unwrap_or(text);
    plain.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}
