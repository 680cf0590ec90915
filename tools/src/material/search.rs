//! Ranked search over an account's lines. Must not know what is searched for, or why.
//!
//! Okapi BM25 over passages: neighbouring lines under one heading, joined until they have some forty
//! words, so that a transcript's short turns do not outrank what people wrote in whole sentences. A
//! passage is also found by the words of its heading. An inverted index of our own, since it is shorter
//! than the adapter to a crate would be, and its order is the same on every run.

use std::collections::{BTreeMap, HashMap};

use super::{Line, LineKind, Material};

const WORDS: usize = 40;
/// The usual values of the formula: how soon repeats stop counting, and how much length does.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// A query of more words is a document.
const QUERY_WORDS: usize = 64;

/// A passage that fits a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The material's path.
    pub path: String,
    /// The number of the passage's first line.
    pub line: u32,
    /// The number of its last line.
    pub last_line: u32,
    /// How well it fits; only to be compared within one answer.
    pub score: f64,
    /// The passage's lines.
    pub text: String,
}

/// The inverted index of one library.
#[derive(Debug, Default)]
pub(super) struct Index {
    paths: Vec<String>,
    passages: Vec<Passage>,
    /// For each word the passages that hold it, with how often.
    postings: HashMap<String, Vec<(u32, u32)>>,
    average_words: f64,
}

#[derive(Debug)]
struct Passage {
    path: usize,
    first: u32,
    last: u32,
    words: u32,
}

impl Index {
    pub(super) fn of<'a>(materials: impl Iterator<Item = &'a Material>) -> Self {
        let mut index = Self::default();
        for material in materials {
            index.paths.push(material.path.clone());
            index.add(&material.lines);
        }
        let words: f64 = index.passages.iter().map(|passage| f64::from(passage.words)).sum();
        index.average_words = (words / count(index.passages.len())).max(1.0);
        index
    }

    fn add(&mut self, lines: &[Line]) {
        let mut heading: Vec<String> = Vec::new();
        let mut open = Open::default();
        for line in lines {
            if let LineKind::Heading(_) = line.kind {
                self.close(&mut open, &heading);
                heading = words(&line.text).collect();
                // A heading without text below it is still found, by itself.
                open = Open {
                    lines: Some((line.number, line.number)),
                    kind: Some(line.kind),
                    words: Vec::new(),
                };
                continue;
            }
            if open.words.len() >= WORDS || open.kind.is_some_and(|kind| !goes_with(kind, line.kind)) {
                self.close(&mut open, &heading);
            }
            open.take(line);
        }
        self.close(&mut open, &heading);
    }

    fn close(&mut self, open: &mut Open, heading: &[String]) {
        let Open { lines: Some((first, last)), words, .. } = std::mem::take(open) else {
            return;
        };
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for word in words.iter().chain(heading) {
            *counts.entry(word).or_default() += 1;
        }
        let id = index(self.passages.len());
        for (word, times) in counts {
            match self.postings.get_mut(word) {
                Some(posting) => posting.push((id, times)),
                None => drop(self.postings.insert(word.to_owned(), vec![(id, times)])),
            }
        }
        let words = index(words.len() + heading.len());
        self.passages.push(Passage { path: self.paths.len() - 1, first, last, words });
    }

    /// The best passages; ties go by path and line.
    pub(super) fn search<'a>(
        &self,
        query: &str,
        limit: usize,
        lines: impl Fn(&str, u32, u32) -> &'a [Line],
    ) -> Vec<Hit> {
        let mut asked: Vec<String> = words(query).take(QUERY_WORDS).collect();
        asked.sort();
        asked.dedup();
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        for posting in asked.iter().filter_map(|word| self.postings.get(word)) {
            let rarity = self.rarity(posting.len());
            for (id, times) in posting {
                *scores.entry(*id).or_default() += rarity * self.weight(*id, f64::from(*times));
            }
        }
        let mut ranked: Vec<(u32, f64)> = scores.into_iter().collect();
        // Ids rise by path and line, and the sort is stable.
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked.into_iter().take(limit).filter_map(|(id, score)| self.hit(id, score, &lines)).collect()
    }

    fn rarity(&self, holding: usize) -> f64 {
        let (all, holding) = (count(self.passages.len()), count(holding));
        (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
    }

    fn weight(&self, id: u32, times: f64) -> f64 {
        let words = self.passage(id).map_or(0.0, |passage| f64::from(passage.words));
        times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * words / self.average_words))
    }

    fn passage(&self, id: u32) -> Option<&Passage> {
        self.passages.get(usize::try_from(id).ok()?)
    }

    fn hit<'a>(&self, id: u32, score: f64, lines: impl Fn(&str, u32, u32) -> &'a [Line]) -> Option<Hit> {
        let passage = self.passage(id)?;
        let path = self.paths.get(passage.path)?;
        let text: Vec<&str> =
            lines(path, passage.first, passage.last).iter().map(|line| line.text.as_str()).collect();
        Some(Hit {
            path: path.clone(),
            line: passage.first,
            last_line: passage.last,
            score,
            text: text.join("\n"),
        })
    }
}

/// The passage that is being collected.
#[derive(Default)]
struct Open {
    lines: Option<(u32, u32)>,
    kind: Option<LineKind>,
    words: Vec<String>,
}

impl Open {
    fn take(&mut self, line: &Line) {
        // A heading stands with the text below it, so the passage starts there.
        let first = self.lines.map_or(line.number, |(first, _)| first);
        self.lines = Some((first, line.number));
        self.kind = Some(line.kind);
        self.words.extend(words(&line.text));
    }
}

/// Whether lines of two kinds may share a passage.
fn goes_with(open: LineKind, next: LineKind) -> bool {
    use LineKind::{Heading, ListItem, Meta, Row, Speech, Text};
    matches!(
        (open, next),
        (Heading(_), _) | (Row, Row) | (Meta, Meta) | (Speech, Speech) | (Text | ListItem, Text | ListItem)
    )
}

fn count(number: usize) -> f64 {
    f64::from(index(number))
}

/// The limits on lines keep all counts far below this bound.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The words of a text as they are compared: lower case, without endings, without the commonest.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.len() <= 64)
        .map(str::to_lowercase)
        .filter(|word| !is_common(word))
        .map(|word| stem(&word))
}

fn is_common(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
        "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i",
        "if", "in", "into", "is", "it", "its", "just", "me", "more", "my", "no", "not", "of", "on", "or",
        "our", "she", "so", "some", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "those", "to", "uh", "um", "up", "us", "was", "we", "were", "what", "when", "where", "which",
        "who", "will", "with", "would", "you", "your",
    ];
    COMMON.binary_search(&word).is_ok()
}

/// An English word without its endings. Crude on purpose: both sides of a comparison go through it, and
/// a stem of four letters is always left.
fn stem(word: &str) -> String {
    const ENDINGS: &[&str] = &[
        "ization", "isation", "ators", "ating", "ated", "ator", "ates", "ations", "ation", "ements", "ement",
        "izing", "ising", "ingly", "ments", "ment", "ness", "ions", "ized", "ised", "izes", "ises", "ize",
        "ise", "ing", "ion", "ies", "ers", "ate", "ed", "er", "es", "ly", "s", "y", "e",
    ];
    if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut stem = word;
    // Twice, so that "migrations" and "migrating" both come down to "migr".
    for _ in 0..2 {
        let ending = ENDINGS.iter().find(|ending| stem.ends_with(**ending) && stem.len() >= ending.len() + 4);
        stem = ending.map_or(stem, |ending| &stem[..stem.len() - ending.len()]);
    }
    if stem.len() == word.len() && word.len() == 4 && word.ends_with('s') && !word.ends_with("ss") {
        stem = &word[..3];
    }
    let doubled = stem.len() > 4
        && stem
            .as_bytes()
            .windows(2)
            .next_back()
            .is_some_and(|two| two[0] == two[1] && !b"aeiouls".contains(&two[0]));
    (if doubled { &stem[..stem.len() - 1] } else { stem }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(forms: &[&str]) {
        let stems: Vec<String> = forms.iter().map(|form| stem(form)).collect();
        assert!(stems.windows(2).all(|two| two[0] == two[1]), "{forms:?} -> {stems:?}");
    }

    #[test]
    fn forms_of_a_word_meet() {
        same(&["migrate", "migrates", "migrated", "migrating", "migration", "migrations"]);
        same(&["deploy", "deploys", "deployed", "deploying", "deployment", "deployments"]);
        same(&["challenge", "challenges", "challenging"]);
        same(&["priority", "priorities"]);
        same(&["utilization", "utilizing", "utilize"]);
        same(&["plan", "plans", "planning", "planned"]);
        same(&["cost", "costs"]);
    }

    #[test]
    fn different_words_stay_apart() {
        for (a, b) in
            [("goal", "goat"), ("release", "relevant"), ("risk", "rise"), ("ceo", "cto"), ("user", "used")]
        {
            assert_ne!(stem(a), stem(b));
        }
    }

    #[test]
    fn the_common_words_are_sorted_for_the_search() {
        assert!(is_common("the") && is_common("a") && is_common("your") && !is_common("risk"));
    }
}
