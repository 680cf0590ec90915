//! Who says a line, in the ways that transcripts and minutes write it. Must not know formats.
//!
//! `[00:03] Ann Bell: yes`, `**Ann Bell:** yes`, `**Ann Bell** - yes` and `<ann> yes` say it outright.
//! `Ann Bell: yes` may as well be a label (`Next step: yes`), so a bare name counts only where the
//! same name opens several lines of the file, or where who follows speaks of himself (`Ann: I will`).

use std::collections::BTreeMap;

use super::{Line, LineKind};

/// A name of more letters than this is a sentence with a colon in it.
const NAME_CHARACTERS: usize = 60;

/// What opens a line that somebody says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Turn<'a> {
    pub(super) speaker: &'a str,
    pub(super) said: &'a str,
    /// Whether the form alone tells that this is speech.
    pub(super) certain: bool,
}

/// The speaker that a line names, if it has one of the known forms.
pub(super) fn turn(text: &str) -> Option<Turn<'_>> {
    let text = text.trim_start().trim_start_matches('>').trim_start();
    let (rest, timed) = after_time(text);
    if let Some(rest) = rest.strip_prefix('<') {
        return nick(rest, timed);
    }
    for mark in ["**", "__", "*"] {
        if let Some(rest) = rest.strip_prefix(mark) {
            return emphasised(rest, mark);
        }
    }
    let (name, said) = rest.split_once(':')?;
    let said = said.strip_prefix([' ', '\t']).or(said.is_empty().then_some(""))?;
    let speaker = name.trim_end();
    let fits = is_name(speaker) && (timed || !is_number_like(speaker));
    fits.then(|| Turn { speaker, said: said.trim(), certain: timed || speaks_of_himself(said.trim()) })
}

/// Whether somebody begins with himself, as no label's text does.
fn speaks_of_himself(said: &str) -> bool {
    let first = said.split([' ', '\'', '\u{2019}']).next().unwrap_or_default();
    first == "I" && said.len() > first.len()
}

/// Whether digits stand in the words, as in a ticket's name; `Speaker 2` is still a speaker.
fn is_number_like(name: &str) -> bool {
    let words = name.rsplit_once(' ').filter(|(_, last)| last.bytes().all(|byte| byte.is_ascii_digit()));
    words.map_or(name, |(words, _)| words).bytes().any(|byte| byte.is_ascii_digit())
}

/// `nick> said`, as chat logs write it.
fn nick(rest: &str, timed: bool) -> Option<Turn<'_>> {
    let (speaker, said) = rest.split_once('>')?;
    let is_nick = !speaker.is_empty() && speaker.chars().all(|c| c.is_alphanumeric() || "_-|.".contains(c));
    (is_nick && said.starts_with([' ', '\t'])).then(|| Turn { speaker, said: said.trim(), certain: timed })
}

/// `Name:** said`, `Name**: said` or `Name** - said`, the mark in front already taken.
fn emphasised<'a>(rest: &'a str, mark: &str) -> Option<Turn<'a>> {
    let (name, said) = rest.split_once(mark)?;
    let said = said.trim_start();
    let (speaker, said) = match name.strip_suffix(':') {
        Some(name) => (name, said),
        None => (name, said.strip_prefix([':', '-', '–', '—'])?),
    };
    is_name(speaker).then(|| Turn { speaker, said: said.trim(), certain: false })
}

/// The text after a time such as `[01:02:03]`, `(00:03)`, `10:42` or `[2026-01-12T10:42:00Z]`, and
/// whether there was one.
fn after_time(text: &str) -> (&str, bool) {
    let bracketed = text.strip_prefix(['[', '(']);
    let inner = bracketed.unwrap_or(text);
    let marks = if bracketed.is_some() { ":.-+TZ" } else { ":." };
    let end = inner.find(|c: char| !c.is_ascii_digit() && !marks.contains(c)).unwrap_or(inner.len());
    let (time, rest) = inner.split_at(end);
    let is_time = time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    if !is_time || time.len() > 30 {
        return (text, false);
    }
    (rest.trim_start_matches([']', ')', ' ', '-', '\t']), true)
}

/// One to five words that look like a name or a role, and are no label of a note's head.
fn is_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    (1..=5).contains(&words)
        && name.chars().count() <= NAME_CHARACTERS
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || " .'’-_()/&,".contains(c))
        && name.split_whitespace().all(starts_like_a_name)
        && !is_label(name)
}

fn starts_like_a_name(word: &str) -> bool {
    let small = ["of", "de", "van", "von", "der", "den", "la", "le", "du", "and", "da", "di", "bin"];
    word.starts_with(|c: char| !c.is_lowercase()) || small.contains(&word)
}

/// Labels that open lines in the head of a note, and items that are no speech.
const LABELS: &str = "account, agenda, arr, attendees, author, call, cc, champion, chair, close date, company, contact, \
    customer, date, duration, from, host, industry, location, meeting, next meeting, next step, \
    next steps, note, notes, opportunity, organizer, owner, participants, present, project, purpose, \
    recorded, regrets, scribe, source, stage, status, subject, summary, time, title, to, todo, topic, \
    type, where, when, action, action item, decision, resolution, goal, risk, target, baseline, issue, \
    http, https";

/// Whether the words are such a label, whatever their case.
pub(super) fn is_label(name: &str) -> bool {
    let name = name.trim();
    LABELS.split(", ").any(|label| label.eq_ignore_ascii_case(name))
}

/// Marks the lines that people say, once the whole file is known.
pub(super) fn attribute(lines: &mut [Line]) {
    let names = recurring_names(lines);
    let mut current: Option<String> = None;
    for line in lines.iter_mut() {
        if matches!(line.kind, LineKind::Heading(_) | LineKind::Meta | LineKind::Row) {
            current = None;
            continue;
        }
        let found = turn(&line.text).filter(|turn| turn.certain || names.contains_key(turn.speaker));
        if let Some(turn) = found {
            current = Some(turn.speaker.to_owned());
        } else if !line.text.starts_with(['…', '.']) {
            current = None;
        }
        if current.is_some() {
            line.kind = LineKind::Speech;
            line.speaker.clone_from(&current);
        }
    }
}

/// Names the speakers of lines that are known to be speech but carry no name of their own.
pub(super) fn attribute_unnamed(lines: &mut [Line]) {
    let names = recurring_names(lines);
    for line in lines.iter_mut().filter(|line| line.speaker.is_none()) {
        line.speaker = turn(&line.text)
            .filter(|turn| turn.certain || names.contains_key(turn.speaker))
            .map(|turn| turn.speaker.to_owned());
    }
}

/// Names that open at least two lines, with how many.
fn recurring_names(lines: &[Line]) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let may_speak = |kind| matches!(kind, LineKind::Text | LineKind::ListItem | LineKind::Speech);
    let spoken = lines.iter().filter(|line| may_speak(line.kind) && line.speaker.is_none());
    for turn in spoken.filter_map(|line| turn(&line.text)) {
        *names.entry(turn.speaker.to_owned()).or_default() += 1;
    }
    names.retain(|_, count| *count > 1);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        assert_eq!(turn(text).map(|turn| (turn.speaker, turn.said)), expected, "{text}");
    }

    #[test]
    fn speakers_are_found_in_their_forms() {
        check("[00:03] Project Manager: If you", Some(("Project Manager", "If you")));
        check("(01:02:03) Ann Bell: yes", Some(("Ann Bell", "yes")));
        check("10:42 Ann: yes", Some(("Ann", "yes")));
        check("**Ann Bell:** yes", Some(("Ann Bell", "yes")));
        check("**Ann Bell**: yes", Some(("Ann Bell", "yes")));
        check("**Ann** - All right", Some(("Ann", "All right")));
        check("> *Ann van der Bell:* welcome", Some(("Ann van der Bell", "welcome")));
        check("<ann_b> sorry", Some(("ann_b", "sorry")));
        check("[2026-01-12T10:42:00.000Z]\t<ann>\tTopic: trial", Some(("ann", "Topic: trial")));
        check("Ann Bell : see", Some(("Ann Bell", "see")));
        check("Speaker 2: see", Some(("Speaker 2", "see")));
    }

    #[test]
    fn who_speaks_of_himself_is_a_speaker_at_once() {
        let mut lines: Vec<Line> =
            ["Goal: faster", "Ann: I will send it", "Ann Bell: I'd rather wait", "Item: I"]
                .into_iter()
                .zip(1..)
                .map(|(text, number)| Line {
                    number,
                    text: text.to_owned(),
                    kind: LineKind::Text,
                    speaker: None,
                    page: None,
                })
                .collect();
        attribute(&mut lines);
        let speakers: Vec<_> = lines.iter().map(|line| line.speaker.as_deref()).collect();
        assert_eq!(speakers, [None, Some("Ann"), Some("Ann Bell"), None]);
    }

    #[test]
    fn labels_links_and_sentences_are_no_speakers() {
        check("Attendees: Ann, Bob", None);
        check("https://example.org/a: b", None);
        check("We agreed on this: the team moves", None);
        check("foo:bar", None);
        check("EIP-1884: not yet", None);
        check("12:30", None);
        check("<b>bold</b>", None);
        check("", None);
    }

    #[test]
    fn a_bare_name_counts_only_when_it_recurs() {
        let mut lines: Vec<Line> =
            ["Ann: hello", "Challenge: slow", "… and so on", "Ann: again", "… and again"]
                .into_iter()
                .zip(1..)
                .map(|(text, number)| Line::new(number, LineKind::Text, text))
                .collect();
        attribute(&mut lines);
        let speakers: Vec<Option<&str>> = lines.iter().map(|line| line.speaker.as_deref()).collect();
        assert_eq!(speakers, [Some("Ann"), None, None, Some("Ann"), Some("Ann")]);
        assert_eq!(lines[3].said(), "again");
        assert_eq!(lines[4].said(), "… and again");
    }
}
