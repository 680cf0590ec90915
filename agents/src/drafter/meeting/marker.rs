//! What a record marks itself: `ACTION: ...`, `TODO @ann ...`, `- [ ] ...`, lists under `Action items`, `Decisions` and
//! `Risks`. It must not know speech.

use std::sync::LazyLock;

use tools::material::LineKind;

use super::super::words::words;
use super::cast::{Cast, short};
use super::cue;
use super::lexicon::Lexicon;
use super::quote;
use super::script::{Row, Script};
use super::wording::tidy;
use super::{FoundDecision, Standing};
use crate::sentence::without_mark;

/// Labels and headings that announce actions.
static ACTIONS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "action|actions|action item|action items|actions required|action required|todo|todos|to do|to dos|next step|\
        next steps|follow-up|follow-ups|follow ups|task|tasks|ai|proposed action|new action",
    )
});
/// Headings that announce decisions.
static DECISIONS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of("decision|decisions|decisions made|resolutions|agreed|what we agreed|what we decided")
});
/// Headings that announce risks.
static RISKS: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::of("risk|risks|risks and issues|concerns|risks raised"));
/// Labels that announce one risk.
static RISK_LABELS: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::of("risk|risks|key risk|main risk|new risk|top risk|concern"));
/// Words that make a heading one about an earlier meeting, or a template.
static EARLIER: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of("previous|review|last|earlier|old|past|open|closed|completed|done|from the*")
});
/// A label of more words is a sentence.
const LONGEST_LABEL: usize = 3;
/// A heading of more words announces something else.
const LONGEST_HEADING: usize = 5;

/// A row that the record marks, without its mark.
#[derive(Debug)]
pub(super) struct Marked {
    pub(super) row: usize,
    /// Who is to do it, as the record names the person.
    pub(super) owner: Option<String>,
    pub(super) text: String,
}

/// The actions that the record marks.
pub(super) fn actions(script: &Script<'_>, cast: &Cast) -> Vec<Marked> {
    let marked = |(at, row): (usize, &Row<'_>)| {
        let body = action_body(script, row)?;
        let (owner, text) = owned(&body, cast);
        (words(&text).len() >= 2 && !lists_names(&text)).then_some(Marked { row: at, owner, text })
    };
    open_rows(script).filter_map(marked).collect()
}

/// The decisions that the record lists.
pub(super) fn decisions(script: &Script<'_>) -> Vec<(usize, FoundDecision)> {
    let listed =
        open_rows(script).filter(|(_, row)| row.kind == LineKind::ListItem && under(script, row, &DECISIONS));
    let found = listed.filter_map(|(at, row)| {
        let text = tidy(&without_mark(row.said).replace("**", ""));
        let evidence = quote::cite(script, row.said.trim(), (at, at))?;
        (words(&text).len() >= 2)
            .then_some((at, FoundDecision { text, standing: Standing::Confirmed, evidence }))
    });
    found.collect()
}

/// The risk that a row marks: `RISK: ...`, or an entry of a list of risks.
pub(super) fn risk(script: &Script<'_>, row: &Row<'_>) -> Option<String> {
    let plain = without_mark(row.said.trim()).replace("**", "");
    let plain = plain.trim_start_matches(['*', '_', ' ']);
    if row.speaker.is_some_and(is_risk_label) {
        return Some(tidy(plain));
    }
    if let Some((_, rest)) = plain.split_once(':').filter(|(label, _)| is_risk_label(label)) {
        return Some(tidy(rest));
    }
    let listed = row.kind == LineKind::ListItem && under(script, row, &RISKS);
    listed.then(|| tidy(plain))
}

/// The rows that say something: no headings, no orders to software.
pub(super) fn open_rows<'s, 'a>(script: &'s Script<'a>) -> impl Iterator<Item = (usize, &'s Row<'a>)> {
    script
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.is_order && !matches!(row.kind, LineKind::Heading(_)))
}

fn under(script: &Script<'_>, row: &Row<'_>, headings: &Lexicon) -> bool {
    let heading = words(script.heading(row.topic));
    heading.len() <= LONGEST_HEADING
        && headings.at(&heading).is_some_and(|length| length == heading.len())
        && !EARLIER.has(&heading)
}

fn action_body(script: &Script<'_>, row: &Row<'_>) -> Option<String> {
    let said = row.said.trim();
    let plain = without_mark(said).replace("**", "");
    let plain = plain.trim_start_matches(['*', '_', ' ']);
    if let Some(rest) = plain.strip_prefix("[ ]") {
        return Some(rest.trim().to_owned());
    }
    if row.speaker.is_some_and(is_action_label) {
        return Some(plain.to_owned());
    }
    if let Some(rest) = plain.strip_prefix("TODO").filter(|rest| rest.starts_with([' ', ':', '('])) {
        return Some(rest.trim_start_matches([':', ' ']).to_owned());
    }
    if let Some((label, rest)) = plain.split_once(':').filter(|(label, _)| is_action_label(label)) {
        return (!label.is_empty()).then(|| rest.trim().to_owned());
    }
    let listed = row.kind == LineKind::ListItem && under(script, row, &ACTIONS) && !plain.starts_with("[x]");
    listed.then(|| plain.to_owned())
}

/// Single words with commas between them: who is meant, but not for what.
fn lists_names(text: &str) -> bool {
    text.contains(',') && text.split(',').all(|part| part.split_whitespace().count() <= 1)
}

/// `ACTION`, `Action item 3`, `ACTION-12`; never a plain word in a sentence.
fn is_action_label(label: &str) -> bool {
    let label = label.trim_matches(['*', '_', ' ', '[', ']']);
    let words = words(label);
    let named = words.first().is_some_and(|word| word.low.starts_with("action-")) || ACTIONS.opens(&words);
    named && words.len() <= LONGEST_LABEL && label.starts_with(char::is_uppercase)
}

/// `RISK`, `Risk 3`, `Key risk`; never a plain word in a sentence.
fn is_risk_label(label: &str) -> bool {
    let label = label.trim_matches(['*', '_', ' ', '[', ']']);
    let words = words(label);
    RISK_LABELS.opens(&words) && words.len() <= LONGEST_LABEL && label.starts_with(char::is_uppercase)
}

/// Who is to do it, and the text without the marks that say so.
fn owned(body: &str, cast: &Cast) -> (Option<String>, String) {
    if let Some(rest) = body.trim_start().strip_prefix('@') {
        let (name, rest) = rest.split_once([' ', ':', ',']).unwrap_or((rest, ""));
        let owner = cast.named(name).unwrap_or(name).to_owned();
        let deed = tidy(rest.trim_start().strip_prefix("to ").unwrap_or(rest));
        return (Some(owner.clone()), format!("{} to {deed}", short(&owner)));
    }
    if let Some((text, owner)) = bracketed(body, cast) {
        return (Some(owner), text);
    }
    (opening_owner(body, cast), tidy(body))
}

/// `(owner: Ann Bell)`, `[Ann]`, `- Ann Bell` at the end.
fn bracketed(body: &str, cast: &Cast) -> Option<(String, String)> {
    let (text, tail) = body.trim_end_matches(['.', ' ']).rsplit_once(['(', '['])?;
    let tail = tail.trim_end_matches([')', ']']);
    let (marked, name) = match tail.split_once(':') {
        Some((label, name)) if label.trim().eq_ignore_ascii_case("owner") => (true, name.trim()),
        _ => (false, tail.trim().trim_start_matches('@')),
    };
    let named = cast.named(name).map(str::to_owned);
    let owner = named.or_else(|| (marked && !name.is_empty()).then(|| name.to_owned()))?;
    Some((tidy(text), owner))
}

/// The name that the text opens with: `Ann to send`, `Ann Bell sends`, `Ann: send`, `Ann will send`.
fn opening_owner(body: &str, cast: &Cast) -> Option<String> {
    let all = words(body);
    let known = cast.name_at(body, &all, 0);
    let length = match known {
        Some((_, length)) => length,
        None => all.iter().take_while(|word| body[word.from..].starts_with(char::is_uppercase)).count(),
    };
    let next = all.get(length)?;
    let between = body.get(all.get(length.checked_sub(1)?)?.to..next.from)?;
    let does =
        cue::NAMED.opens(&all[length..]) || (known.is_some() || length >= 2) && next.low.ends_with('s');
    let fits = (1..=4).contains(&length) && (does || between.starts_with(':') || between.starts_with(" -"));
    let said = || body.get(all[0].from..all[length - 1].to).map(str::to_owned);
    fits.then(|| known.map(|(name, _)| name.to_owned()).or_else(said)).flatten()
}
