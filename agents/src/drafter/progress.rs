//! How far something has come, where a sentence says so outright: a label in front, a word in brackets behind, or a
//! plain statement. What is hoped, planned or denied says nothing. It must not know what has come so far.

use infohub::plan::Progress;
use jiff::civil::Date;

use super::day::days;
use super::passage::Passage;
use super::words::{Word, find, has, words};

/// Labels and bracketed words.
const NAMES: &[(Progress, &[&str])] = &[
    (Progress::Done, &["done", "completed", "complete", "finished", "reached", "delivered", "closed"]),
    (Progress::InProgress, &["in progress", "ongoing", "under way", "underway", "started", "running"]),
    (Progress::Planned, &["planned", "next", "open", "to do", "not started"]),
    (Progress::Cancelled, &["cancelled", "canceled", "dropped"]),
];

/// Statements.
const SAYS: &[(Progress, &[&str])] = &[
    (
        Progress::Cancelled,
        &["is cancelled", "was cancelled", "has been cancelled", "was dropped", "is dropped"],
    ),
    (
        Progress::Done,
        &[
            "is done",
            "are done",
            "was done",
            "is complete",
            "are complete",
            "is finished",
            "was finished",
            "was completed",
            "were completed",
            "has been completed",
            "have been completed",
            "completed on",
            "finished on",
            "done on",
            "done since",
            "was reached",
            "reached on",
            "was delivered",
            "delivered on",
            "went live",
            "is live since",
            "live since",
        ],
    ),
    (
        Progress::InProgress,
        &[
            "is in progress",
            "are in progress",
            "is under way",
            "is underway",
            "is ongoing",
            "has started",
            "has begun",
        ],
    ),
];

/// Words after which a new day follows.
const MOVES: &[&str] = &[
    "moved to",
    "moves to",
    "moved from",
    "postponed to",
    "rescheduled to",
    "slips to",
    "slipped to",
    "brought forward to",
    "now due",
    "new date is",
    "new date",
];

/// Words that turn a statement about the present into something else.
const UNSURE: &[&str] = &[
    "not",
    "isn't",
    "aren't",
    "wasn't",
    "hasn't",
    "haven't",
    "never",
    "no",
    "if",
    "when",
    "once",
    "until",
    "before",
    "should",
    "would",
    "could",
    "might",
    "may",
    "will",
    "expect*",
    "hope*",
    "plan*",
    "almost",
    "nearly",
    "partly",
    "as soon as",
    "unless",
    "must",
    "needs to",
];

/// What a sentence states of something's progress.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) status: Option<Progress>,
    /// The day that it names: of the end where something is done, of the new date where something moved.
    pub(super) on: Option<Date>,
    /// The new day, where something moved.
    pub(super) moved_to: Option<Date>,
}

/// What a passage states of progress; nothing where it states none.
pub(super) fn stated(passage: &Passage<'_>) -> Option<Stated> {
    if passage.raw.trim_end().ends_with('?') {
        return None;
    }
    if let Some(moved_to) = moved_to(&passage.words) {
        return Some(Stated { moved_to: Some(moved_to), ..Stated::default() });
    }
    let status =
        of_label(passage).or_else(|| of_bracket(&passage.text)).or_else(|| of_words(&passage.words))?;
    let on = days(&passage.words).into_iter().next_back().map(|(_, day)| day);
    Some(Stated { status: Some(status), on: on.filter(|_| status == Progress::Done), moved_to: None })
}

/// What the label in front says: `Done: interfaces reviewed`.
pub(super) fn of_label(passage: &Passage<'_>) -> Option<Progress> {
    named(passage.label.as_deref()?)
}

/// What stands in brackets at the end, or after the last colon: `Alarms connected (done)`, `Alarms: done`.
pub(super) fn of_bracket(text: &str) -> Option<Progress> {
    let text = text.trim_end_matches(['.', ' ']);
    let bracketed = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, inside)| inside);
    let said = bracketed.or_else(|| text.rsplit_once(": ").map(|(_, rest)| rest))?;
    said.split([';', ',']).find_map(|part| named(part.trim().trim_start_matches("status: ")))
}

/// `done`, or `done on 2026-04-08`.
fn named(said: &str) -> Option<Progress> {
    let said = words(said);
    let is = |names: &&(Progress, &[&str])| {
        names.1.iter().any(|name| {
            let found = find(&said, name).filter(|range| range.start == 0);
            found.is_some_and(|range| {
                range.end == said.len() || matches!(said[range.end].low.as_str(), "on" | "since")
            })
        })
    };
    NAMES.iter().find(is).map(|(progress, _)| *progress)
}

fn of_words(words: &[Word]) -> Option<Progress> {
    if has(words, UNSURE) {
        return None;
    }
    SAYS.iter().find(|(_, phrases)| has(words, phrases)).map(|(progress, _)| *progress)
}

fn moved_to(words: &[Word]) -> Option<Date> {
    if has(words, &["not", "if", "would", "could", "might", "may", "should", "never"]) {
        return None;
    }
    let after = MOVES.iter().find_map(|phrase| find(words, phrase))?.end;
    // `moved from the 1st to the 8th` names the new day last.
    days(words).into_iter().rfind(|(range, _)| range.start >= after).map(|(_, day)| day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_what_is_stated() {
        let check = |text: &str, status: Option<Progress>, on: Option<&str>, moved: Option<&str>| {
            let stated = stated(&Passage::of_text(text)).unwrap_or_default();
            let day = |day: Option<Date>| day.map(|day| day.to_string());
            assert_eq!(
                (stated.status, day(stated.on).as_deref(), day(stated.moved_to).as_deref()),
                (status, on, moved),
                "{text}"
            );
        };
        check(
            "Temperature alarms connected: done on 2026-04-08",
            Some(Progress::Done),
            Some("2026-04-08"),
            None,
        );
        check("The alarms were completed on 8 April 2026.", Some(Progress::Done), Some("2026-04-08"), None);
        check("Done: interface list reviewed", Some(Progress::Done), None, None);
        check("Mapping of messages (in progress)", Some(Progress::InProgress), None, None);
        check("The roll-out has started in Venlo.", Some(Progress::InProgress), None, None);
        check("The pilot was cancelled by the council.", Some(Progress::Cancelled), None, None);
        check("The Dutch roll-out moved to 2026-11-13.", None, None, Some("2026-11-13"));
        check("Moved from 2026-10-30 to 2026-11-13 by both sides.", None, None, Some("2026-11-13"));
    }

    #[test]
    fn hopes_and_denials_state_nothing() {
        for text in [
            "The alarms are not done.",
            "Once the mapping is done we start.",
            "The roll-out will be complete by 2026-05-01.",
            "We hope that it is done by May.",
            "If it moved to 2026-11-13 we would lose the peak.",
            "Is the mapping done on your side?",
            "All lanes work without portals.",
        ] {
            assert_eq!(stated(&Passage::of_text(text)), None, "{text}");
        }
    }
}
