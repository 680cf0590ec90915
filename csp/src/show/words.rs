//! Small matters of wording: wrapped paragraphs, counted nouns, days.

use infohub::hub::{BookFile, Register};
use infohub::plan::{Change, Diff};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use orchestrator::task::{Task, TaskStatus};

/// Breaks the text into lines of at most `width` characters, each after `indent`; the first after `first`.
pub fn wrap(first: &str, indent: &str, text: &str, width: usize) -> String {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

/// `1 question`, `3 questions`.
pub fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// `csp.yaml was edited by hand`, `csp.yaml and briefing.yaml were edited by hand`.
pub fn edited_by_hand(files: &[&str]) -> String {
    match files {
        [] => "a file was edited by hand".to_owned(),
        [file] => format!("{file} was edited by hand"),
        [others @ .., last] => format!("{} and {last} were edited by hand", others.join(", ")),
    }
}

/// The files of the book that the changes stand in, the plan first; changes of the `besides` are not counted.
pub fn files_of(diff: &Diff, besides: &[&str]) -> Vec<&'static str> {
    let register = |change: &Change| Register::of(change.section);
    let mut files: Vec<_> = diff
        .changes
        .iter()
        .filter(|change| !besides.contains(&change.id.as_str()))
        .map(|change| register(change).map_or(BookFile::Plan, BookFile::Register))
        .collect();
    files.sort();
    files.dedup();
    files.into_iter().map(BookFile::name).collect()
}

/// The minute, in UTC, which its `Z` says.
pub fn minute(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%MZ").to_string()
}

/// Since when the task stands as it stands.
pub fn since(task: &Task) -> Timestamp {
    match &task.status {
        TaskStatus::Pending => task.opened,
        TaskStatus::InReview { since: at }
        | TaskStatus::Done { at, .. }
        | TaskStatus::Failed { at, .. }
        | TaskStatus::Lapsed { at, .. }
        | TaskStatus::Cancelled { at, .. } => *at,
    }
}

/// The day, in UTC.
pub fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

/// `adoption_journey` as `adoption journey`.
pub fn spaced(key: &str) -> String {
    key.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use infohub::plan::{Happened, SectionKey};

    use super::*;

    #[test]
    fn long_text_is_broken_between_words() {
        assert_eq!(wrap("- ", "  ", "one two three", 9), "- one two\n  three");
        assert_eq!(wrap("- ", "  ", "", 9), "- ");
        assert_eq!(wrap("", "", "unbreakable", 3), "unbreakable");
    }

    #[test]
    fn edited_files_are_named() {
        assert_eq!(edited_by_hand(&["csp.yaml"]), "csp.yaml was edited by hand");
        assert_eq!(edited_by_hand(&["a", "b", "c"]), "a, b and c were edited by hand");
    }

    #[test]
    fn what_only_followed_was_not_edited() {
        let added = |section, id: &str| Change {
            section,
            list: "risks".to_owned(),
            id: id.parse().unwrap(),
            happened: Happened::Added { text: "A risk".to_owned() },
        };
        let changes = vec![added(SectionKey::Risks, "rk-1"), added(SectionKey::RiskRegister, "rr-1")];
        let diff = Diff { changes };
        assert_eq!(files_of(&diff, &[]), ["csp.yaml", "risk_register.yaml"]);
        assert_eq!(files_of(&diff, &["rr-1"]), ["csp.yaml"]);
    }

    #[test]
    fn nouns_are_counted() {
        assert_eq!(count(1, "question"), "1 question");
        assert_eq!(count(0, "question"), "0 questions");
    }
}
