//! What in a sentence may announce an action: a promise, an offer, a request that is taken on, a task by its name.
//! It must not know which of them are kept.

use super::super::words::Word;
use super::assignment;
use super::cast::Cast;
use super::cue;
use super::decision::emphasised;
use super::script::{Script, Utterance};
use super::wording::{infinitive, tidy};

/// How a sentence announces an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// `The action is to send`.
    Explicit,
    /// `I'll send`.
    Promise,
    /// Set in bold by whoever took the notes.
    Emphasis,
    /// `Ann, can you send`.
    Request,
    /// `Ann will send`.
    Named,
    /// `I can send`.
    Offer,
    /// `We'll each send`.
    Everyone,
    /// Shared out by whoever leads.
    Assigned,
}

/// Something that may be an action.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The utterance.
    pub(super) at: usize,
    pub(super) rule: Rule,
    pub(super) owner: Option<String>,
    /// What is to be done.
    pub(super) deed: String,
    /// What the sentence says before it comes to that.
    pub(super) lead: String,
    /// Whether somebody agrees right after.
    pub(super) accepted: bool,
    /// Whether whoever agrees takes it on: `I will`, `sure`.
    pub(super) taken: bool,
    /// Whether the owner is spoken to by name.
    pub(super) addressed: bool,
}

/// All candidates of a meeting.
pub(super) fn candidates(script: &Script<'_>, cast: &Cast) -> Vec<Candidate> {
    let said = (0..script.utterances.len()).flat_map(|at| in_sentence(script, cast, at));
    let shared = assignment::pieces(script, cast).into_iter().map(|piece| Candidate {
        at: piece.at,
        rule: Rule::Assigned,
        owner: piece.owner,
        deed: format!("work on the {}", piece.name),
        lead: String::new(),
        accepted: true,
        taken: true,
        addressed: true,
    });
    said.chain(shared).collect()
}

fn in_sentence(script: &Script<'_>, cast: &Cast, at: usize) -> Vec<Candidate> {
    let Some(utterance) = script.utterances.get(at) else { return Vec::new() };
    let reply = script.replies(at).find(|reply| agrees(reply));
    let next = script.utterances.get(at + 1).filter(|next| next.speaker == utterance.speaker);
    let sentence = Sentence { utterance, next, cast, reply };
    let noted = [sentence.explicit(), sentence.named()];
    let spoken = utterance.speaker.map(|_| {
        [sentence.promise(), sentence.offer(), sentence.request(), sentence.everyone(), sentence.emphasis()]
    });
    let found = noted.into_iter().chain(spoken.into_iter().flatten());
    let taken = reply.is_some_and(|reply| cue::TAKES.opens(cue::ACCEPT_LEADS.skip(&reply.wording.words)));
    let addressed = cast.addressed(utterance).is_some();
    found
        .flatten()
        .filter(|read| !read.deed.is_empty())
        .map(|read| Candidate {
            at,
            rule: read.rule,
            owner: read.owner,
            lead: sentence.before(read.first),
            deed: infinitive(&sentence.without_name(read.deed)),
            accepted: reply.is_some(),
            taken,
            addressed,
        })
        .collect()
}

/// Whether an utterance agrees to what was said before it.
pub(super) fn agrees(reply: &Utterance<'_>) -> bool {
    cue::ACCEPTS.opens(cue::ACCEPT_LEADS.skip(&reply.wording.words))
}

/// What was read in a sentence.
struct Read {
    rule: Rule,
    owner: Option<String>,
    deed: String,
    /// The word with which it begins to announce the deed.
    first: usize,
}

/// A sentence with what its speaker says next, who takes part and who agrees.
struct Sentence<'s, 'a> {
    utterance: &'s Utterance<'a>,
    next: Option<&'s Utterance<'a>>,
    cast: &'s Cast,
    reply: Option<&'s Utterance<'a>>,
}

impl Sentence<'_, '_> {
    fn words(&self) -> &[Word] {
        &self.utterance.wording.words
    }

    fn speaker(&self) -> Option<String> {
        self.utterance.speaker.map(str::to_owned)
    }

    /// The deed without the name of whom it is said to: `take that on, Ann`.
    fn without_name(&self, deed: String) -> String {
        match deed.rsplit_once(", ") {
            Some((rest, name)) if self.cast.named(name).is_some() => rest.to_owned(),
            _ => deed,
        }
    }

    /// What is said before a word.
    fn before(&self, first: usize) -> String {
        let end = self.words().get(first).map_or(0, |word| word.from);
        tidy(self.utterance.wording.text.get(..end).unwrap_or_default())
    }

    /// The clause after the words that announce it and those that come between, if it begins with a deed.
    fn deed(&self, after: usize) -> Option<String> {
        let rest = cue::BETWEEN.skip(self.words().get(after..)?);
        let rest = match rest {
            [be, deed, ..] if be.low == "be" && deed.low.ends_with("ing") => &rest[1..],
            _ => rest,
        };
        let first = self.words().len() - rest.len();
        cue::DEEDS.opens(rest).then(|| self.utterance.wording.clause(first))
    }

    /// `I'll send`, and `Will send` where minutes drop the pronoun.
    fn promise(&self) -> Option<Read> {
        let words = self.words();
        let dropped = || words.first().filter(|word| word.low == "will").map(|_| 0..1);
        let place = cue::PROMISES.find(words).or_else(dropped)?;
        Some(Read {
            rule: Rule::Promise,
            owner: self.speaker(),
            deed: self.deed(place.end)?,
            first: place.start,
        })
    }

    fn offer(&self) -> Option<Read> {
        let place = cue::OFFERS.find(self.words())?;
        Some(Read {
            rule: Rule::Offer,
            owner: self.speaker(),
            deed: self.deed(place.end)?,
            first: place.start,
        })
    }

    /// `Ann, can you send`; whoever agrees to it does it where no name is said.
    fn request(&self) -> Option<Read> {
        let place = cue::REQUESTS.find(self.words())?;
        let rest = cue::BETWEEN.skip(&self.words()[place.end..]);
        let deed = self.utterance.wording.clause(self.words().len() - rest.len());
        let asked = self.cast.addressed(self.utterance).map(str::to_owned);
        let owner = asked.or_else(|| self.reply.and_then(|reply| reply.speaker).map(str::to_owned))?;
        Some(Read { rule: Rule::Request, owner: Some(owner), deed, first: place.start })
    }

    /// `The action is to send`, `I'll take an action. Send the list.`
    fn explicit(&self) -> Option<Read> {
        let words = self.words();
        let place = cue::EXPLICIT.find(words)?;
        if place.start.checked_sub(1).is_some_and(|before| cue::SOME.opens(&words[before..])) {
            return None;
        }
        let rest = cue::AFTER_EXPLICIT.skip(&words[place.end..]);
        let owner = self.cast.addressed(self.utterance).map(str::to_owned);
        let own = words.iter().any(|word| ["i", "i'll", "me", "my", "myself"].contains(&word.low.as_str()));
        let owner = owner.or_else(|| self.speaker().filter(|_| own));
        let deed = if cue::WORKS.opens(rest) {
            self.utterance.wording.clause(words.len() - rest.len())
        } else {
            let next = self.next.filter(|next| rest.len() <= 1 && cue::WORKS.opens(&next.wording.words))?;
            next.wording.clause(0)
        };
        let first = cue::PROMISES.find(words).map_or(place.start, |promise| promise.start.min(place.start));
        Some(Read { rule: Rule::Explicit, owner, deed, first })
    }

    /// `Ann will send`.
    fn named(&self) -> Option<Read> {
        let (words, text) = (self.words(), &self.utterance.wording.text);
        let (name, first, after) = (0..words.len()).find_map(|at| {
            let capital = text[words[at].from..].starts_with(char::is_uppercase);
            let (name, length) = self.cast.name_at(text, words, at).filter(|_| capital)?;
            let will = cue::NAMED.at(&words[at + length..])?;
            Some((name.to_owned(), at, at + length + will))
        })?;
        Some(Read { rule: Rule::Named, owner: Some(name), deed: self.deed(after)?, first })
    }

    /// `We'll each send`. It has many owners, so it has none.
    fn everyone(&self) -> Option<Read> {
        let words = self.words();
        let place = cue::EVERYONE.find(words)?;
        let rest = cue::BETWEEN.skip(&words[place.end..]);
        let deed = || self.utterance.wording.clause(words.len() - rest.len());
        cue::WORKS.opens(rest).then(|| Read {
            rule: Rule::Everyone,
            owner: None,
            deed: deed(),
            first: place.start,
        })
    }

    fn emphasis(&self) -> Option<Read> {
        let deed = emphasised(&self.utterance.said)?;
        let promised = cue::PROMISES.has(self.words());
        Some(Read { rule: Rule::Emphasis, owner: self.speaker().filter(|_| promised), deed, first: 0 })
    }
}
