//! What is to be done after a meeting: what the record marks, what people promise, are asked and take on, and what
//! whoever leads shares out. It must not know decisions.
//!
//! Most sentences that sound like a promise are not one that anybody would write down: "I'll share my screen". So each
//! candidate gets a score from what it is made of, and few are kept. The weights are tenths. They were set by hand on
//! real meetings whose minutes list the actions, one kind of meeting held out at a time, and are round on purpose.

use infohub::evidence::Evidence;
use jiff::civil::Date;

use super::super::words::{Word, alike, content};
use super::FoundAction;
use super::assignment;
use super::cast::{Cast, short};
use super::cue;
use super::decision::emphasised;
use super::due::{self, Due};
use super::marker;
use super::quote;
use super::reference::reference;
use super::script::{Script, Utterance};

/// A meeting gives at most so many actions that the record does not mark.
const MOST_SPOKEN: usize = 5;
/// A meeting gives at most so many actions.
const MOST: usize = 80;
/// Candidates below this are what people say in passing.
const THRESHOLD: i32 = 28;
/// Two texts with this share of words in common say the same.
const SAME: usize = 34;
/// A heading of more words is no context, but a text of its own.
const LONGEST_CONTEXT: usize = 4;

/// How a sentence announces an action, with the weight of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Explicit,
    Promise,
    Emphasis,
    Request,
    Named,
    Offer,
    Assigned,
}

impl Rule {
    fn weight(self) -> i32 {
        match self {
            Self::Assigned => 40,
            Self::Explicit => 30,
            Self::Promise => 16,
            Self::Request | Self::Named => 10,
            Self::Emphasis => 8,
            Self::Offer => 6,
        }
    }
}

/// Something that may be an action.
struct Candidate {
    /// The utterance.
    at: usize,
    rule: Rule,
    owner: Option<String>,
    deed: String,
    accepted: bool,
}

/// The actions of a meeting in its order.
pub(super) fn actions(script: &Script<'_>, cast: &Cast, held_on: Option<Date>) -> Vec<FoundAction> {
    let mut found: Vec<(usize, FoundAction)> = marker::actions(script, cast)
        .into_iter()
        .filter_map(|marked| {
            let said = script.rows.get(marked.row)?.said.trim();
            let evidence = quote::cite(script, said, (marked.row, marked.row))?;
            let due = due::due(&marked.text, held_on);
            Some((
                marked.row,
                FoundAction { text: marked.text, owner: marked.owner, due, done_when: None, evidence },
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
    let mut candidates: Vec<(i32, Candidate)> = (0..script.utterances.len())
        .flat_map(|at| candidates(script, cast, at))
        .chain(assigned(script, cast))
        .map(|candidate| (score(script, &candidate), candidate))
        .filter(|(score, _)| *score >= THRESHOLD)
        .collect();
    candidates.sort_by_key(|(score, candidate)| (-score, candidate.at));
    let mut kept: Vec<(Vec<String>, usize, FoundAction)> = Vec::new();
    for (_, candidate) in candidates {
        if kept.len() >= MOST_SPOKEN {
            break;
        }
        let Some((row, action)) = told(script, &candidate, held_on) else { continue };
        let words = content(&action.text);
        if !kept.iter().any(|(other, ..)| alike(other, &words, SAME)) {
            kept.push((words, row, action));
        }
    }
    kept.into_iter().map(|(_, row, action)| (row, action)).collect()
}

fn told(script: &Script<'_>, candidate: &Candidate, held_on: Option<Date>) -> Option<(usize, FoundAction)> {
    let utterance = script.utterances.get(candidate.at)?;
    let evidence: Evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    let deed = with_context(script, utterance, candidate);
    let text = match &candidate.owner {
        Some(owner) => format!("{} to {deed}", short(owner)),
        None => deed,
    };
    let due: Option<Due> = due::due(&utterance.said, held_on);
    let action = FoundAction { text, owner: candidate.owner.clone(), due, done_when: None, evidence };
    Some((utterance.rows.0, action))
}

/// What is to be done, with what it is about where the sentence only points at it.
fn with_context(script: &Script<'_>, utterance: &Utterance<'_>, candidate: &Candidate) -> String {
    if candidate.rule == Rule::Assigned {
        return candidate.deed.clone();
    }
    let deed = &candidate.deed;
    let said = content(deed);
    let points = cue::POINTERS.has(&super::super::words::words(deed));
    if (points && said.len() <= 4) || said.len() < 3 {
        if let Some(matter) =
            reference(script, utterance.rows.0).filter(|matter| !deed.contains(matter.as_str()))
        {
            return format!("{deed} ({matter})");
        }
    }
    let heading = script.heading(utterance.topic);
    let about = content(heading);
    let adds = (1..=LONGEST_CONTEXT).contains(&about.len()) && !about.iter().any(|word| said.contains(word));
    if adds && said.len() <= 6 { format!("{deed} ({heading})") } else { deed.clone() }
}

fn assigned(script: &Script<'_>, cast: &Cast) -> Vec<Candidate> {
    let pieces = assignment::pieces(script, cast).into_iter();
    pieces
        .map(|piece| Candidate {
            at: piece.at,
            rule: Rule::Assigned,
            owner: piece.owner,
            deed: format!("work on the {}", piece.name),
            accepted: true,
        })
        .collect()
}

/// All that one sentence may be.
fn candidates(script: &Script<'_>, cast: &Cast, at: usize) -> Vec<Candidate> {
    let Some(utterance) = script.utterances.get(at).filter(|utterance| utterance.speaker.is_some()) else {
        return Vec::new();
    };
    let reply =
        script.replies(at).find(|reply| cue::ACCEPTS.opens(cue::ACCEPT_LEADS.skip(&reply.wording.words)));
    let sentence = Sentence { utterance, cast, reply };
    let found = [
        sentence.explicit(),
        sentence.promise(),
        sentence.offer(),
        sentence.request(),
        sentence.named(),
        sentence.emphasis(),
    ];
    found
        .into_iter()
        .flatten()
        .filter(|(_, _, deed)| !deed.is_empty())
        .map(|(rule, owner, deed)| Candidate { at, rule, owner, deed, accepted: reply.is_some() })
        .collect()
}

/// A sentence that may announce an action, with who takes part and who agrees to it.
struct Sentence<'s, 'a> {
    utterance: &'s Utterance<'a>,
    cast: &'s Cast,
    reply: Option<&'s Utterance<'a>>,
}

type Read = (Rule, Option<String>, String);

impl Sentence<'_, '_> {
    fn words(&self) -> &[Word] {
        &self.utterance.wording.words
    }

    fn speaker(&self) -> Option<String> {
        self.utterance.speaker.map(str::to_owned)
    }

    /// The clause after the words that announce it and those that come between, if it begins with a deed.
    fn deed(&self, after: usize) -> Option<String> {
        let rest = cue::BETWEEN.skip(self.words().get(after..)?);
        let first = self.words().len() - rest.len();
        cue::DEEDS.opens(rest).then(|| self.utterance.wording.clause(first))
    }

    /// `I'll send`, and `Will send` where minutes drop the pronoun.
    fn promise(&self) -> Option<Read> {
        let words = self.words();
        let after = match cue::PROMISES.find(words) {
            Some(place) => place.end,
            None => words.first().filter(|word| word.low == "will").map(|_| 1)?,
        };
        Some((Rule::Promise, self.speaker(), self.deed(after)?))
    }

    /// `I can send`.
    fn offer(&self) -> Option<Read> {
        let after = cue::OFFERS.find(self.words())?.end;
        Some((Rule::Offer, self.speaker(), self.deed(after)?))
    }

    /// `Ann, can you send`; whoever agrees to it does it where no name is said.
    fn request(&self) -> Option<Read> {
        let place = cue::REQUESTS.find(self.words())?;
        let rest = cue::BETWEEN.skip(&self.words()[place.end..]);
        let deed = self.utterance.wording.clause(self.words().len() - rest.len());
        let asked = self.cast.addressed(self.utterance).map(str::to_owned);
        let owner = asked.or_else(|| self.reply.and_then(|reply| reply.speaker).map(str::to_owned))?;
        Some((Rule::Request, Some(owner), deed))
    }

    /// `The action is to send`.
    fn explicit(&self) -> Option<Read> {
        let words = self.words();
        let place = cue::EXPLICIT.find(words)?;
        let rest = cue::AFTER_EXPLICIT.skip(&words[place.end..]);
        let owner = self.cast.addressed(self.utterance).map(str::to_owned);
        let own = words.iter().any(|word| ["i", "i'll", "me", "my", "myself"].contains(&word.low.as_str()));
        let owner = owner.or_else(|| self.speaker().filter(|_| own));
        if !cue::WORKS.opens(rest) {
            return None;
        }
        Some((Rule::Explicit, owner, self.utterance.wording.clause(words.len() - rest.len())))
    }

    /// `Ann will send`.
    fn named(&self) -> Option<Read> {
        let (words, text) = (self.words(), &self.utterance.wording.text);
        let (name, after) = (0..words.len()).find_map(|at| {
            let capital = text[words[at].from..].starts_with(char::is_uppercase);
            let (name, length) = self.cast.name_at(text, words, at).filter(|_| capital)?;
            let will = cue::NAMED.at(&words[at + length..])?;
            Some((name.to_owned(), at + length + will))
        })?;
        Some((Rule::Named, Some(name), self.deed(after)?))
    }

    /// What the notes set in bold.
    fn emphasis(&self) -> Option<Read> {
        let deed = emphasised(&self.utterance.said)?;
        let promised = cue::PROMISES.has(self.words());
        Some((Rule::Emphasis, self.speaker().filter(|_| promised), deed))
    }
}

/// How much speaks for a candidate.
fn score(script: &Script<'_>, candidate: &Candidate) -> i32 {
    let Some(utterance) = script.utterances.get(candidate.at) else { return 0 };
    let rule = candidate.rule;
    if rule == Rule::Assigned {
        return rule.weight();
    }
    let all = &utterance.wording.words;
    let deed = super::super::words::words(&candidate.deed);
    let length = content(&candidate.deed).len();
    let first_person = matches!(rule, Rule::Promise | Rule::Offer);
    let wishes = rule == Rule::Offer
        && all.windows(2).any(|pair| ["want", "like"].contains(&pair[0].low.as_str()) && pair[1].low == "to");
    let signs = [
        (cue::PRODUCTS.has(&deed), 10),
        (cue::WORKS.opens(&deed), if rule == Rule::Emphasis { 10 } else { 4 }),
        (cue::WHEN.has(all), 6),
        (cue::TASKS.has(all), 8),
        (candidate.owner.is_some(), 3),
        (first_person && candidate.accepted, 4),
        (cue::TALK.opens(&deed), -20),
        (cue::UNSURE.has(&deed[..deed.len().min(12)]), -7),
        (rule == Rule::Request && !candidate.accepted, -12),
        (wishes, -6),
        (utterance.asks() && !candidate.accepted, -6),
        (utterance.place < 0.06, -10),
        (length < 2, -10),
        (length > 14, -4),
    ];
    rule.weight() + signs.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum::<i32>()
}
