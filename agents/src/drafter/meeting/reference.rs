//! What a short sentence is about: the issue or change that was last named, or the topic. It must not know what is
//! done about it.

use super::super::words::words;
use super::script::Script;

/// How many rows back a reference is looked for.
const REACH: usize = 25;

/// An issue or change with its number, such as `issue 72`, `PR 480`.
pub(super) fn reference(script: &Script<'_>, row: usize) -> Option<String> {
    let topic = script.rows.get(row)?.topic;
    let first = row.saturating_sub(REACH).max(topic.unwrap_or(0));
    (first..=row)
        .rev()
        .filter_map(|at| script.rows.get(at))
        .filter(|row| !row.is_order)
        .find_map(|row| in_text(row.said))
}

/// The first issue or change that a text names, in words or by its address.
pub(super) fn in_text(text: &str) -> Option<String> {
    let low = text.to_lowercase();
    by_address(&low).or_else(|| in_words(&low))
}

fn by_address(low: &str) -> Option<String> {
    [("/pull/", "PR"), ("/issues/", "issue"), ("/issue/", "issue")].into_iter().find_map(|(path, kind)| {
        let (_, rest) = low.split_once(path)?;
        let number: String = rest.chars().take_while(char::is_ascii_digit).take(8).collect();
        (!number.is_empty()).then(|| format!("{kind} {number}"))
    })
}

fn in_words(low: &str) -> Option<String> {
    let words = words(low);
    let number = |at: usize| words.get(at).filter(|word| is_number(&word.low)).map(|word| word.low.clone());
    (0..words.len()).find_map(|at| match words[at].low.as_str() {
        "issue" | "issues" => number(at + 1).map(|number| format!("issue {number}")),
        "pr" | "prs" | "pull" => {
            number(at + 1).or_else(|| number(at + 2)).map(|number| format!("PR {number}"))
        }
        word => {
            let marked =
                words[at].from.checked_sub(1).and_then(|before| low.get(before..before + 1)) == Some("#");
            let joined = word.strip_prefix("issue-").filter(|rest| is_number(rest));
            joined.or((marked && is_number(word)).then_some(word)).map(|number| format!("issue {number}"))
        }
    })
}

fn is_number(word: &str) -> bool {
    (1..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_and_changes_are_told() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(in_text(text).as_deref(), expected, "{text}");
        check("see https://example.org/a/b/pull/480", Some("PR 480"));
        check("Issue 72 (formulas)", Some("issue 72"));
        check("pull request 7", Some("PR 7"));
        check("we fix #12", Some("issue 12"));
        check("ISSUE-37: clarify", Some("issue 37"));
        check("issue of trust", None);
        check("https://example.org/issues/", None);
    }
}
