//! Small matters of wording: wrapped paragraphs, counted nouns, days.

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

/// The minute, in UTC.
pub fn minute(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Since when the task stands as it stands.
pub fn since(task: &Task) -> Timestamp {
    match &task.status {
        TaskStatus::Pending => task.opened,
        TaskStatus::InReview { since: at }
        | TaskStatus::Done { at, .. }
        | TaskStatus::Failed { at, .. }
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
    use super::*;

    #[test]
    fn long_text_is_broken_between_words() {
        assert_eq!(wrap("- ", "  ", "one two three", 9), "- one two\n  three");
        assert_eq!(wrap("- ", "  ", "", 9), "- ");
        assert_eq!(wrap("", "", "unbreakable", 3), "unbreakable");
    }

    #[test]
    fn nouns_are_counted() {
        assert_eq!(count(1, "question"), "1 question");
        assert_eq!(count(0, "question"), "0 questions");
    }
}
