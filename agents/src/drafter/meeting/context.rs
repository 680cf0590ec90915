//! What an action is about where its own words only point at it: `I can address that offline`. The matter stands in
//! brackets behind it, in words of the meeting. It must not know which actions are kept.

use super::super::words::{content, words};
use super::candidate::{Candidate, Rule};
use super::cue;
use super::reference::reference;
use super::script::{Script, Utterance};
use super::wording::{Wording, tidy};

/// A heading of more words is a text of its own.
const LONGEST_HEADING: usize = 4;
/// What was said before is context with so many words that carry meaning.
const LEAD: std::ops::RangeInclusive<usize> = 2..=10;
/// A deed with more words says what it is about.
const VAGUE: usize = 4;
/// A deed with more words needs no heading.
const SHORT: usize = 6;

/// What is to be done, with what it is about.
pub(super) fn with_context(script: &Script<'_>, candidate: &Candidate) -> String {
    let deed = &candidate.deed;
    let Some(utterance) = script.utterances.get(candidate.at).filter(|_| candidate.rule != Rule::Assigned)
    else {
        return deed.clone();
    };
    let said = content(deed);
    let points = cue::POINTERS.has(&words(deed));
    let mut about: Vec<String> = Vec::new();
    if points {
        about.extend(lead(&candidate.lead));
    }
    if (points && said.len() <= VAGUE) || said.len() < 3 {
        about.extend(reference(script, utterance.rows.0).filter(|matter| !deed.contains(matter.as_str())));
    }
    if about.is_empty() && points && said.len() <= VAGUE && candidate.rule == Rule::Request {
        about.extend(before(script, candidate.at));
    }
    if about.is_empty() && said.len() <= SHORT {
        about.extend(heading(script, utterance, &said));
    }
    if about.is_empty() { deed.clone() } else { format!("{deed} ({})", about.join("; ")) }
}

/// What the sentence itself says before it comes to the deed.
fn lead(said: &str) -> Option<String> {
    let wording = Wording::of(said);
    let rest = cue::LEADS.skip(&wording.words);
    let end =
        wording.words.iter().rposition(|word| !["and", "but", "so", "that"].contains(&word.low.as_str()))?;
    let text = tidy(wording.text.get(rest.first()?.from..wording.words[end].to)?);
    LEAD.contains(&content(&text).len()).then_some(text)
}

/// What was said right before, under the same topic.
fn before(script: &Script<'_>, at: usize) -> Option<String> {
    let (here, before) = (script.utterances.get(at)?, script.utterances.get(at.checked_sub(1)?)?);
    if before.topic != here.topic {
        return None;
    }
    let rest = cue::LEADS.skip(&before.wording.words);
    let text = before.wording.clause(before.wording.words.len() - rest.len());
    (LEAD.start()..=&(LEAD.end() + 2)).contains(&&content(&text).len()).then_some(text)
}

fn heading(script: &Script<'_>, utterance: &Utterance<'_>, said: &[String]) -> Option<String> {
    let heading = script.heading(utterance.topic);
    let about = content(heading);
    let adds = (1..=LONGEST_HEADING).contains(&about.len()) && !about.iter().any(|word| said.contains(word));
    let tells = !heading.contains("://") && !cue::GENERAL_HEADINGS.opens(&words(heading));
    (adds && tells).then(|| heading.to_owned())
}
