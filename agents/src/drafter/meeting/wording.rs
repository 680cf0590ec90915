//! What was said as an item says it: without fillers, doubled words and tails that only explain.
//! It must not know what it says.

use std::sync::LazyLock;

use super::super::words::{Word, words};
use super::lexicon::Lexicon;

/// Words that people put in while they think, greet or soften.
static FILLERS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "um|umm|uh|uhh|mm|mmm|mm-hmm|hmm|er|erm|okay|'kay|kay|yeah|yep|you know|i mean|kind of|sort of|basically|\
         actually|really|just|maybe|perhaps|probably|definitely|also|like i said|of course|go ahead and|i think|i guess|\
         i suppose|so|well|alright|all right|right|please|then|now|at this point|at least|hopefully|uh-huh",
    )
});

/// What opens a tail that explains rather than says.
static TAILS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of("because|so that|since|unless|whereas|although|though|'cause|cause|and see if|if that's ok")
});

/// What opens a new thought after a comma.
static TURNS: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::of("but|which|and then|so|if|right|okay|yeah|and i|and we"));

/// A phrase in words, fillers taken out.
#[derive(Debug, Clone, Default)]
pub(super) struct Wording {
    pub(super) text: String,
    pub(super) words: Vec<Word>,
}

impl Wording {
    /// What is left of a sentence.
    pub(super) fn of(said: &str) -> Self {
        let text = without_marks(said);
        let text = without_fillers(&text);
        let words = words(&text);
        Self { text, words }
    }

    /// The words from `first` up to where the clause ends.
    pub(super) fn clause(&self, first: usize) -> String {
        let Some(start) = self.words.get(first).map(|word| word.from) else { return String::new() };
        let mut end = self.text.len();
        for at in first + 1..self.words.len() {
            let between = &self.text[self.words[at - 1].to..self.words[at].from];
            let stops =
                between.contains(['?', ';', '—', '–']) || between.contains(". ") || between.contains(" - ");
            let turns = between.contains(',') && TURNS.opens(&self.words[at..]);
            if stops || turns || TAILS.opens(&self.words[at..]) {
                end = self.words[at - 1].to;
                break;
            }
        }
        tidy(&self.text[start..end])
    }
}

/// Emphasis and the underscores of letters spelt out are no part of what is said.
fn without_marks(said: &str) -> String {
    let mut text = String::with_capacity(said.len());
    // How many letters and digits stand directly before.
    let mut run = 0;
    for c in said.chars() {
        match c {
            '*' | '`' | '~' => run = 0,
            '_' if run <= 1 && text.ends_with(char::is_uppercase) => run = 0,
            '’' => text.push('\''),
            _ => {
                run = if c.is_alphanumeric() { run + 1 } else { 0 };
                text.push(c);
            }
        }
    }
    text
}

/// The text without fillers and without words that are said twice in a row.
fn without_fillers(text: &str) -> String {
    let all = words(text);
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    let mut from = 0;
    while at < all.len() {
        let length = FILLERS.at(&all[at..]).or_else(|| doubled(text, &all[at..]));
        let Some(length) = length else {
            at += 1;
            continue;
        };
        kept.push_str(&text[from..all[at].from]);
        from = all[at + length - 1].to;
        let rest = &text[from..];
        from += rest.len() - rest.trim_start_matches([',', ' ', '.']).len();
        if rest.trim_start().starts_with('.') && !kept.trim_end().is_empty() {
            kept = format!("{}. ", kept.trim_end());
        }
        at += length;
    }
    kept.push_str(&text[from.min(text.len())..]);
    tidy(&kept)
}

/// How many words are repeated at once: `to the to the`, `we we`.
fn doubled(text: &str, words: &[Word]) -> Option<usize> {
    (1..=2).find(|length| {
        words.len() >= 2 * length
            && (0..*length).all(|at| words[at].low == words[at + length].low)
            && text[words[0].to..words[2 * length - 1].from].chars().all(|c| c != '.' && c != '?')
    })
}

/// One space between words, no signs that dangle.
pub(super) fn tidy(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",").replace(" .", ".");
    joined.trim_matches([' ', ',', '.', '-', '?', ';', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_and_doubles_go() {
        let check = |said: &str, expected: &str| assert_eq!(Wording::of(said).text, expected, "{said}");
        check("Um, so I'll I'll just type up the the minutes, you know", "I'll type up the minutes");
        check("the L_C_D_ panel of did_core", "the LCD panel of did_core");
        check("**We will** move it.", "We will move it");
        check("", "");
    }

    #[test]
    fn clauses_end_before_reasons() {
        let check =
            |said: &str, first: usize, expected: &str| assert_eq!(Wording::of(said).clause(first), expected);
        check("I will send the list because Ann asked", 2, "send the list");
        check("I will send the list, but later", 2, "send the list");
        check("I will send the list and the plan. Fine?", 2, "send the list and the plan");
        check("I will", 2, "");
    }
}
