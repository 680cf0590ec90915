//! What the machine itself says to the model. It must not know when.

use crate::answer::Reason;
use crate::prompt::fence;

/// Reasons that one re-ask tells.
const MOST_REASONS: usize = 20;
/// Characters of one reason.
const LONGEST_REASON: usize = 400;
/// Bytes of an unusable answer that are sent back to the model.
const MOST_ANSWER: usize = 32 << 10;
/// Bytes of one tool result.
const MOST_RESULT: usize = 8 << 10;

/// The second question.
pub(super) fn again(reasons: &[Reason]) -> String {
    let mut text = String::from("This answer cannot be used as it is:\n");
    for reason in reasons.iter().take(MOST_REASONS) {
        let line: String = reason.to_string().chars().take(LONGEST_REASON).collect();
        text.push_str("- ");
        text.push_str(&line.split_whitespace().collect::<Vec<_>>().join(" "));
        text.push('\n');
    }
    if reasons.len() > MOST_REASONS {
        text.push_str(&format!("- and {} more of the same kind\n", reasons.len() - MOST_REASONS));
    }
    text.push_str("Send the whole JSON object once more with this mended. Leave out what you cannot prove and ask a question for it.");
    text
}

/// A tool's result as data, cut to the room there is.
pub(super) fn tool_result(found: Option<&str>, room: usize) -> String {
    match found {
        None => "the tool gave no result".into(),
        Some(text) if text.trim().is_empty() => "nothing was found".into(),
        Some(text) => fence::fenced("result", cut(text, room.min(MOST_RESULT))),
    }
}

pub(super) fn cut_answer(text: &str) -> String {
    cut(text, MOST_ANSWER).to_owned()
}

/// The beginning of a text, ending at a character.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}
