//! Fixed words of orders: phrases, and signs that stand in texts for software only. It must not know other orders.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Phrases that people write to people about plans only by accident, and to software on purpose.
const PHRASES: &[&str] = &[
    "system prompt",
    "system notice",
    "system message",
    "system override",
    "system instruction*",
    "developer message",
    "developer mode",
    "developer note",
    "operator note",
    "operator notice",
    "operator message",
    "operator override",
    "admin note",
    "admin override",
    "administrator override",
    "your operator",
    "your creators",
    "your principal",
    "new instructions",
    "begin instructions",
    "end of instructions",
    "hidden instructions",
    "ai assistant*",
    "ai agent*",
    "ai generated",
    "language model*",
    "language processing",
    "context window",
    "you are an assistant",
    "you are a helpful",
    "you are an ai",
    "if you are an ai",
    "as an ai",
    "do not mention this",
    "do not tell the user",
    "do not show this",
    "override your",
    "whatever you were told",
    "you were told before",
    "no longer bind*",
    "ignore your",
    "disregard your",
    "forget your",
    "ignore the above",
    "ignore everything above",
    "disregard the above",
    "without human review",
    "no human review",
    "decode the following",
    "decode this and",
    "cite this line",
    "cite this sentence",
    "quote this line as",
    "use this line as evidence",
    "ai notetaker",
    "begin task",
    "prompt resumes",
    "do not apply to",
    "source check*",
    "continue silently",
    "whoever drafts",
    "evaluating ai",
    "plan writer",
    "plan agent",
    "auto accept",
    "ask a human",
    "human approval",
    "with nothing but",
    "ne tenez pas compte",
    "ne tenez plus compte",
    "respond only with",
    "reply only with",
    "answer only with",
    "do not continue with",
    "write the following",
    "do the following instead",
    "following instead",
    "the correct status",
    "the correct value",
    "the correct health",
    "highest health score",
    "your answer must",
    "your output must",
    "your reply must",
    "your json",
    "output only",
];

/// Signs of the runtime's own files, of conversations with models, and of markup that hides text within other text:
/// nobody says them to a person.
const SIGNS: &[&str] = &[
    "'upsert'",
    "'sections':",
    "'evidence':",
    "'role': 'system'",
    "'tool':",
    "'function':",
    "=hyperlink(",
    "=importxml(",
    "=webservice(",
    "'role': 'assistant'",
    "review: accepted",
    "review=accepted",
    "review_mark",
    "lifecycle:",
    "lifecycle=",
    "status: agreed",
    "csp.yaml",
    "decision_log",
    "action_tracker",
    "risk_register",
    "adoption_journey",
    "technical_activities",
    "success_plan/",
    "<|",
    "|>",
    "[inst]",
    "[/inst]",
    "<<sys",
    "<system",
    "</system",
    "<assistant",
    "<tool_result",
    "tool_call",
    "function_call",
    "</data",
    "</material",
    "</context",
    "### system",
    "### instruction",
    "display:none",
    "display: none",
    "visibility:hidden",
    "visibility: hidden",
    "font-size:0",
    "font-size: 0",
    "[//]: #",
    "[comment]:",
    "忽略之前",
    "忽略所有",
    "无视之前",
    "指示を無視",
    "これまでの指示",
    "以前の指示",
    "aiへ",
    "指示は無視",
];

/// Whether one of the phrases stands among the words.
pub(super) fn stands(words: &[&str]) -> bool {
    static TABLE: LazyLock<HashMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
        let mut table: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
        for phrase in PHRASES {
            let mut parts = phrase.split(' ');
            table.entry(parts.next().unwrap_or_default()).or_default().push(parts.collect());
        }
        table
    });
    let after = |at: usize| words.get(at + 1..).unwrap_or_default();
    words.iter().enumerate().any(|(at, word)| {
        let phrases = TABLE.get(word).into_iter().flatten();
        phrases.into_iter().any(|rest| {
            rest.len() <= after(at).len() && rest.iter().zip(after(at)).all(|(part, word)| is(word, part))
        })
    })
}

/// A `*` at the end stands for any ending; a phrase does not begin with such a word.
fn is(word: &str, part: &str) -> bool {
    part.strip_suffix('*').map_or(word == part, |start| word.starts_with(start))
}

/// Whether one of the signs stands in a folded text.
pub(super) fn has_sign(folded: &str) -> bool {
    /// The signs are few and short, so the automaton is always built.
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(SIGNS).ok());
    match &*FINDER {
        Some(finder) => finder.is_match(folded),
        None => SIGNS.iter().any(|sign| folded.contains(sign)),
    }
}
