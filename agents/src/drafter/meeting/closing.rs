//! Issues and changes that a meeting goes through one by one, each under its own heading, and closes or merges.
//! It must not know ballots.

use std::collections::HashSet;

use super::candidate::agrees;
use super::cue;
use super::quote;
use super::reference;
use super::script::{Script, Utterance};
use super::{FoundDecision, Standing};

/// What was closed or merged under headings that name an issue or a change, but not under those that had a vote.
pub(super) fn decisions(script: &Script<'_>, voted: &HashSet<Option<usize>>) -> Vec<(usize, FoundDecision)> {
    let mut done: HashSet<Option<usize>> = voted.clone();
    let mut found = Vec::new();
    for (at, utterance) in script.utterances.iter().enumerate() {
        if done.contains(&utterance.topic) || utterance.topic.is_none() {
            continue;
        }
        let Some(verb) = verb(utterance) else { continue };
        let Some(matter) = reference::in_text(script.heading(utterance.topic)) else { continue };
        let Some(evidence) = quote::cite(script, &utterance.said, utterance.rows) else { continue };
        done.insert(utterance.topic);
        let agreed = script.replies(at).any(agrees);
        let standing = if agreed { Standing::Confirmed } else { Standing::Proposed };
        found
            .push((utterance.rows.0, FoundDecision { text: format!("{verb} {matter}"), standing, evidence }));
    }
    found
}

fn verb(utterance: &Utterance<'_>) -> Option<&'static str> {
    let words = &utterance.wording.words;
    if cue::DENIES.has(words) {
        None
    } else if cue::CLOSES.has(words) {
        Some("close")
    } else if cue::MERGES.has(words) {
        Some("merge")
    } else {
        None
    }
}
