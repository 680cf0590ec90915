//! Risks as people raise them in a meeting, or as the record lists them. It must not know what is done about them
//! beyond what is said.

use std::sync::LazyLock;

use super::super::words::{alike, content, words};
use super::FoundRisk;
use super::lexicon::Lexicon;
use super::marker;
use super::quote;
use super::script::{Script, Utterance};
use super::wording::tidy;

/// A meeting gives at most so many risks.
const MOST: usize = 30;
/// Two texts with this share of words in common say the same.
const SAME: usize = 50;
/// A risk says at least so much.
const FEWEST_WORDS: usize = 3;

/// Words with which people raise a risk.
static RAISES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "the risk is|a risk is|is a risk|at risk|risk that|risk of|my concern is|our concern is|i'm concerned|i am concerned|\
        we're concerned|we are concerned|i'm worried|i am worried|we're worried|my worry is|big risk|main risk|biggest risk|\
        the danger is|there is a danger|might slip|may slip|could slip|might not make it|may not be ready|might not be ready|\
        won't be ready|is blocked by|are blocked by|i'm blocked|we're blocked|is a blocker|show stopper|showstopper|\
        single point of failure|could delay|might delay|may delay|will delay|jeopardi*",
    )
});

/// The risks of a meeting in its order.
pub(super) fn risks(script: &Script<'_>) -> Vec<FoundRisk> {
    let marked = marker::open_rows(script).filter_map(|(at, row)| {
        let (text, mitigation) = mitigated(&marker::risk(script, row)?);
        let evidence = quote::cite(script, row.said.trim(), (at, at))?;
        Some((at, FoundRisk { text, mitigation, raised_by: None, evidence }))
    });
    let raised = script.utterances.iter().filter_map(|utterance| raised(script, utterance));
    let mut all: Vec<(usize, FoundRisk)> = marked.chain(raised).collect();
    all.sort_by_key(|(row, _)| *row);
    let mut kept: Vec<(Vec<String>, FoundRisk)> = Vec::new();
    for (_, risk) in all {
        let words = content(&risk.text);
        let new = words.len() >= FEWEST_WORDS && !kept.iter().any(|(other, _)| alike(other, &words, SAME));
        if new && kept.len() < MOST {
            kept.push((words, risk));
        }
    }
    kept.into_iter().map(|(_, risk)| risk).collect()
}

fn raised(script: &Script<'_>, utterance: &Utterance<'_>) -> Option<(usize, FoundRisk)> {
    if utterance.asks() || !RAISES.has(&utterance.wording.words) {
        return None;
    }
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    let risk = FoundRisk {
        text: utterance.wording.text.clone(),
        mitigation: None,
        raised_by: utterance.speaker.map(str::to_owned),
        evidence,
    };
    Some((utterance.rows.0, risk))
}

/// A listed risk and what the list says is done about it.
fn mitigated(text: &str) -> (String, Option<String>) {
    let label = words(text).into_iter().find(|word| word.low == "mitigation");
    let parts = label.and_then(|word| Some((text.get(..word.from)?, text.get(word.to..)?)));
    match parts {
        Some((risk, mitigation)) if mitigation.trim_start().starts_with(':') => {
            (tidy(risk), Some(tidy(mitigation)).filter(|text| !text.is_empty()))
        }
        _ => (text.to_owned(), None),
    }
}
