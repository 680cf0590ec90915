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
         i suppose|so|well|alright|all right|right|please|then|now|at this point|at least|hopefully|uh-huh|as well|if you will|to be honest",
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
        // Twice, since words may be said again after a filler.
        let text = without_fillers(&without_fillers(&without_marks(said)));
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
            let leaves = between.contains(')') && !self.text[start..self.words[at].from].contains('(');
            if leaves || stops || turns || TAILS.opens(&self.words[at..]) {
                end = self.words[at - 1].to;
                break;
            }
        }
        tidy(whole(&self.text[start..end]))
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

/// Words with which no clause ends.
const DANGLING: [&str; 22] = [
    "as", "and", "or", "the", "a", "an", "to", "with", "of", "which", "but", "so", "for", "in", "from", "by",
    "is", "if", "than", "at", "like", "your",
];

/// A clause without the words that dangle at its end.
fn whole(text: &str) -> &str {
    let mut text = text.trim_end_matches([' ', ',']);
    while let Some((head, last)) = text.rsplit_once(' ') {
        if !DANGLING.contains(&last.to_lowercase().as_str()) {
            break;
        }
        text = head.trim_end_matches([' ', ',']);
    }
    text
}

/// Verbs whose base form ends with an `e`, or that double their last letter, as they stand before `ing`.
const WITH_E: &str = "creat writ tak mak fil shar clos updat rais prepar provid merg mov giv includ schedul releas resolv outlin \
    invit arrang measur chang explor investigat defin us continu coordinat complet describ remov renam produc integrat organiz \
    organis summariz finaliz propos compil migrat validat articulat not";
const DOUBLED: [&str; 10] = [
    "getting",
    "setting",
    "putting",
    "running",
    "planning",
    "dropping",
    "tagging",
    "submitting",
    "letting",
    "cutting",
];

/// The clause with its first verb in the base form: `creating an issue` is to `create an issue`.
pub(super) fn infinitive(clause: &str) -> String {
    let (verb, rest) = clause.split_once(' ').unwrap_or((clause, ""));
    let low = verb.to_lowercase();
    let base = match low.strip_suffix("ing").filter(|stem| stem.len() >= 2) {
        Some("br" | "th" | "p" | "k" | "str" | "spr") | None => return clause.to_owned(),
        Some("ping") => "ping".to_owned(),
        Some(stem) if WITH_E.split_whitespace().any(|verb| verb == stem) => format!("{stem}e"),
        Some(stem) if DOUBLED.contains(&low.as_str()) => stem[..stem.len() - 1].to_owned(),
        Some(stem) => stem.to_owned(),
    };
    format!("{base} {rest}").trim_end().to_owned()
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
    fn verbs_get_their_base_form() {
        let check = |clause: &str, expected: &str| assert_eq!(infinitive(clause), expected);
        check("creating an issue", "create an issue");
        check("adding a comment", "add a comment");
        check("getting it", "get it");
        check("pinging Ann", "ping Ann");
        check("bring it", "bring it");
        check("send it", "send it");
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
        check("I will post it in chat), we have more", 2, "post it in chat");
        check("I can e-mail your slides as well", 2, "e-mail your slides");
    }
}
