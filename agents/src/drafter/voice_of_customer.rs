//! Section 13 from the material: scores with their figures as stated, what customers said, and whether they heard
//! what came of it, as far as somebody wrote it down.

use std::rc::Rc;

use infohub::number::Number;
use infohub::plan::sections::voice_of_customer::{Feedback, Score, VoiceOfCustomerPatch};

use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::passage::Passage;
use super::person;
use super::statement;
use super::topic::Topic;
use super::words::{Word, find, has};

/// So many entries a list has at most.
const MOST: usize = 12;
/// A figure stands at most so many words behind the name of its score.
const REACH: usize = 6;
/// The scores that are known by name.
const SCORES: &[&str] = &[
    "nps",
    "net promoter score",
    "csat",
    "customer satisfaction score",
    "satisfaction score",
    "ces",
    "customer effort score",
];
/// Words that say that the person heard what came of it.
const CLOSED: &[&str] =
    &["loop closed", "told what came of it", "was told what", "we reported back", "reported back to"];
/// Words that say that nobody has answered yet.
const OPEN: &[&str] =
    &["loop open", "loop not closed", "not answered yet", "no answer yet", "still to answer"];
/// Words that make a figure one that is wanted or was earlier, and so not the score.
const NOT_NOW: &[&str] =
    &["target", "goal", "aim*", "want*", "would", "should", "benchmark", "industry", "average"];

pub(super) fn draft(desk: &Desk<'_>) -> VoiceOfCustomerPatch {
    let plan = &desk.plan.voice_of_customer;
    let scores = desk.reading.statements().filter_map(|passage| score(desk, passage));
    let feedback = desk
        .reading
        .under(Topic::Feedback)
        .filter(|passage| score(desk, passage).is_none() && !desk.is_ours(passage));
    VoiceOfCustomerPatch {
        scores: fresh(&plan.scores, scores, MOST),
        themes: fresh(&plan.themes, desk.reading.under(Topic::Themes).map(statement), MOST),
        feedback: fresh(&plan.feedback, told(desk, feedback), MOST),
    }
}

/// `NPS 42 (Ann Bell, 2026-05-04)`, `The CSAT of the survey was 4.3 of 5`
fn score(desk: &Desk<'_>, passage: &Passage<'_>) -> Option<Score> {
    let told = super::words::words(&passage.full());
    if has(&told, NOT_NOW) {
        return None;
    }
    let behind = SCORES.iter().find_map(|phrase| find(&told, phrase))?.end;
    let value = told.get(behind..)?.iter().take(REACH).find_map(figure)?;
    let day = days(&told).into_iter().next().map(|(_, day)| day);
    Some(Score {
        id: Default::default(),
        score: passage.full(),
        value: Some(value),
        on: day,
        respondent: bracketed(desk, &passage.text).or_else(|| speaker(desk, passage)),
        evidence: vec![passage.cite()],
        review: None,
    })
}

fn figure(word: &Word) -> Option<Number> {
    word.low.parse().ok()
}

/// The person in brackets at the end, if it is one whom the account's material knows.
fn bracketed(desk: &Desk<'_>, text: &str) -> Option<String> {
    let inside = text.trim_end_matches('.').strip_suffix(')')?.rsplit_once('(')?.1;
    let known = |mention: &person::Mention| desk.people.contains(&person::key(&mention.name));
    person::listed(inside).into_iter().find(known).map(|mention| mention.name)
}

fn speaker(desk: &Desk<'_>, passage: &Passage<'_>) -> Option<String> {
    let speaker = passage.block.speaker?;
    desk.people.contains(&person::key(speaker)).then(|| speaker.to_owned())
}

/// The feedback in order; a sentence that only says whether the loop was closed belongs to what stands before it.
fn told<'d, 'a: 'd>(desk: &Desk<'a>, passages: impl Iterator<Item = &'d Passage<'a>>) -> Vec<Feedback> {
    let mut all: Vec<(&Passage<'_>, Feedback)> = Vec::new();
    for passage in passages {
        let new = said(desk, passage);
        match all.last_mut() {
            Some((first, last)) if new.loop_closed.is_some() && Rc::ptr_eq(&first.block, &passage.block) => {
                last.loop_closed = new.loop_closed;
                last.evidence.extend(new.evidence);
            }
            _ => all.push((passage, new)),
        }
    }
    all.into_iter().map(|(_, feedback)| feedback).collect()
}

fn said(desk: &Desk<'_>, passage: &Passage<'_>) -> Feedback {
    let attributed = person::attributed(&passage.raw).into_iter().next().map(|mention| mention.name);
    let labelled = passage.label.as_deref().and_then(|label| person::listed(label).into_iter().next());
    let from = attributed
        .or_else(|| labelled.map(|mention| mention.name))
        .or_else(|| bracketed(desk, &passage.text))
        .or_else(|| speaker(desk, passage));
    let loop_closed = match (has(&passage.words, OPEN), has(&passage.words, CLOSED)) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    };
    Feedback {
        id: Default::default(),
        feedback: passage.text.clone(),
        from,
        on: days(&passage.words).into_iter().next().map(|(_, day)| day),
        loop_closed,
        evidence: vec![passage.cite()],
        review: None,
    }
}
