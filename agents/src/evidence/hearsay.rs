//! What a draft has from nobody: claims that only an order to software makes, and names that nothing of the account
//! knows. It must not know what becomes of them.

use std::collections::BTreeSet;

use infohub::evidence::Evidence;
use infohub::plan::{Item, Plan};
use serde_json::Value;
use tools::material::Format;

use super::fold::fold;
use super::orphan::telling;
use super::words::words;
use super::{Orphan, Sources};
use crate::orders::{bids, gives_orders};
use crate::sentence::sentences;

/// Shorter words carry little: articles, prepositions.
const SHORTEST: usize = 4;
/// So many in a hundred of a text's longer words make it the same as a passage.
const SAME: usize = 80;
/// So many of an item's longer words its evidence has to have.
const THIRD: usize = 33;
/// Fewer longer words are no claim that can be recognised.
const FEWEST: usize = 2;
/// So many of a question's longer words in an order make it an echo of it.
const ECHO: usize = 50;
/// Letters that two words share that differ only in their endings.
const STEM: usize = 6;
/// The same where somebody words things anew: `copied` and `copy`.
const ROOT: usize = 3;
/// Characters of a field that are looked at.
const LONGEST: usize = 4_000;

/// States that end something, and beginnings of words with which people say so.
const ENDED: [&str; 8] =
    ["done", "closed", "mitigated", "accepted", "confirmed", "cancelled", "withdrawn", "superseded"];
const ENDING: [&str; 23] = [
    "done",
    "finish",
    "complet",
    "reach",
    "clos",
    "deliver",
    "live",
    "install",
    "achiev",
    "pass",
    "sign",
    "confirm",
    "agree",
    "decid",
    "decis",
    "resolu",
    "approv",
    "resolv",
    "settl",
    "cancel",
    "withdr",
    "connected",
    "mitigat",
];

impl Sources<'_> {
    /// Whether an item may come from an order to software that stands in the account's material: then what it says,
    /// the names in it and an ending that it reports have to stand in the evidence that holds. Nothing is asked of an
    /// item where no material gives orders, since people word things anew with good reason.
    pub(crate) fn repeats_order(&self, item: &dyn Item, orphans: &[&Orphan]) -> bool {
        let value = item.to_value();
        let mut texts = Vec::new();
        claims(&value, &mut texts);
        if texts.iter().any(|text| gives_orders(text)) {
            return true;
        }
        let orders = self.orders();
        if orders.is_empty() {
            return false;
        }
        let held: BTreeSet<String> = item.evidence().iter().flat_map(|cited| self.stated(cited)).collect();
        // What is said about the plan, or was worked out, the runtime words itself.
        let is_told = |cited: &Evidence| matches!(cited, Evidence::Quote { .. } | Evidence::Crm { .. });
        let says_more =
            item.evidence().iter().all(is_told) && !is_share(&longer(item.text()), &held, THIRD, ROOT);
        let texts = texts.iter().map(|text| longer(text)).filter(|claim| claim.len() >= FEWEST);
        let repeated = |claim: BTreeSet<String>| {
            !is_share(&claim, &held, SAME, ROOT)
                && orders.iter().any(|order| is_share(&claim, order, SAME, STEM))
        };
        let mut names = orphans.iter().map(|orphan| longer(&orphan.text)).filter(|name| !name.is_empty());
        says_more
            || ends_without_word(&value, &held)
            || texts.into_iter().any(repeated)
            || names.any(|name| orders.iter().any(|order| name.is_subset(order)))
    }

    /// Whether an item reports an ending on the word of a passage that speaks of something else, or that only asks for
    /// it. This holds whatever the material says to software.
    pub(crate) fn ends_unreported(&self, item: &dyn Item) -> bool {
        let value = item.to_value();
        // A decision is confirmed by what people agree to, which need not name it.
        let is_decision = value.get("status").and_then(Value::as_str) == Some("confirmed");
        let quotes = item.evidence();
        let told = |cited: &Evidence| matches!(cited, Evidence::Quote { .. });
        if is_decision || !ends(&value) || !quotes.iter().all(told) {
            return false;
        }
        let held: BTreeSet<String> = quotes.iter().flat_map(|cited| self.stated(cited)).collect();
        !is_share(&longer(item.text()), &held, THIRD, STEM) || quotes.iter().all(|cited| self.asks_for(cited))
    }

    /// Whether the sentence that a quote is from asks for something, or says that it has to be.
    fn asks_for(&self, cited: &Evidence) -> bool {
        let Evidence::Quote { source, lines: Some(lines), quote } = cited else { return false };
        let Some(material) = self.library.get(source) else { return false };
        let lines = material.lines_between(lines.first, lines.last).iter();
        let text = lines.map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
        let quote = fold(quote);
        let holds = |sentence: &&str| {
            let sentence = fold(sentence);
            sentence.contains(&quote) || quote.contains(&sentence)
        };
        let mut around =
            sentences(&text).into_iter().filter_map(|place| text.get(place)).filter(holds).peekable();
        if around.peek().is_none() { bids(&text) } else { around.any(bids) }
    }

    /// Whether a question that goes to people would hand an order on: it gives one, leads out of the plan, or says
    /// again what a passage says that gives orders.
    pub(crate) fn hands_order_on(&self, question: &str) -> bool {
        let leads_out = question.contains("://") || question.contains('@');
        let said = longer(question);
        let echoes = || self.orders().iter().any(|order| is_share(&said, order, ECHO, STEM));
        leads_out || gives_orders(question) || (said.len() >= FEWEST && echoes())
    }

    /// A name or figure in the text that nothing of the account knows: neither material nor CRM nor plan.
    pub(crate) fn stranger(&self, text: &str, plan: &Plan) -> Option<String> {
        let mut own: Option<BTreeSet<String>> = None;
        telling(text).into_iter().find(|name| {
            let folded = fold(name);
            words(&folded).into_iter().filter_map(|word| folded.get(word)).any(|word| {
                let word = word.strip_suffix("'s").unwrap_or(word);
                let in_material = || {
                    let mut materials = self.library.materials();
                    materials.any(|material| self.folds.get(material).has(word))
                };
                !own.get_or_insert_with(|| self.own_words(plan)).contains(word) && !in_material()
            })
        })
    }

    /// The longer words of what a piece of evidence says; of a calculation those of the rows it goes over.
    fn stated(&self, evidence: &Evidence) -> BTreeSet<String> {
        match evidence {
            Evidence::Quote { source, lines, quote } => {
                let mut stated = longer(quote);
                let Some(material) = self.library.get(source) else { return stated };
                let lines = lines.map(|lines| material.lines_between(lines.first, lines.last));
                let speakers = lines.unwrap_or_default().iter().filter_map(|line| line.speaker.as_deref());
                // What a row's figures are stands at the head of its table.
                let head = material.lines.first().filter(|_| material.format == Format::Csv);
                stated.extend(head.into_iter().flat_map(|head| longer(&head.text)));
                speakers.for_each(|speaker| stated.extend(longer(speaker)));
                stated
            }
            Evidence::Crm { field, value, .. } => longer(&format!("{field} {value}")),
            Evidence::Item { item: _, field, value } => longer(&format!("{field} {value}")),
            Evidence::Calculation(calculation) => {
                longer(&serde_json::to_string(calculation).unwrap_or_default())
            }
        }
    }

    /// The words of the passages that give orders, in material and CRM.
    fn orders(&self) -> Vec<BTreeSet<String>> {
        let known = self.facts.known().into_iter();
        let told = known.filter(|(_, value, _)| gives_orders(value));
        let mut orders: Vec<_> = told.map(|(_, value, _)| longer(&value)).collect();
        for material in self.library.materials() {
            let views = self.folds.get(material);
            for range in views.ordered(material).ranges() {
                let lines = material.lines_between(range.first, range.last).iter();
                orders.push(lines.flat_map(|line| longer(&line.text)).collect());
            }
        }
        orders
    }

    /// The words of the CRM's facts and of the plan.
    fn own_words(&self, plan: &Plan) -> BTreeSet<String> {
        let mut own = BTreeSet::new();
        let mut add = |text: &str| {
            let folded = fold(text);
            own.extend(words(&folded).into_iter().filter_map(|word| folded.get(word).map(str::to_owned)));
        };
        for (name, value, _) in self.facts.known() {
            add(&name);
            add(&value);
        }
        for (_, _, item) in plan.items() {
            add(&item.to_value().to_string());
        }
        own
    }
}

/// The texts in which an item claims something.
fn claims(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.chars().take(LONGEST).collect()),
        Value::Array(values) => values.iter().for_each(|value| claims(value, texts)),
        Value::Object(fields) => {
            let said =
                fields.iter().filter(|(name, _)| !["id", "evidence", "review"].contains(&name.as_str()));
            said.for_each(|(_, value)| claims(value, texts));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The words of some length in a text, and all of its figures.
fn longer(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let all = words(&folded).into_iter().filter_map(|word| folded.get(word));
    let telling = all.filter(|word| word.len() >= SHORTEST || word.starts_with(char::is_numeric));
    telling.map(str::to_owned).collect()
}

/// Whether so many in a hundred of the words are among the others, endings aside.
fn is_share(words: &BTreeSet<String>, others: &BTreeSet<String>, percent: usize, letters: usize) -> bool {
    let stem = |word: &str| word.chars().take(letters).collect::<String>();
    let stems: BTreeSet<String> = others.iter().map(|word| stem(word)).collect();
    words.iter().filter(|word| stems.contains(&stem(word))).count() * 100 >= words.len() * percent
}

/// Whether an item reports an ending that its evidence has no word for.
fn ends_without_word(item: &Value, held: &BTreeSet<String>) -> bool {
    ends(item) && !held.iter().any(|word| ENDING.iter().any(|ending| word.starts_with(ending)))
}

/// Whether an item says that something has ended.
fn ends(item: &Value) -> bool {
    let status = item.get("status").and_then(Value::as_str);
    status.is_some_and(|status| ENDED.contains(&status)) || item.get("completed_on").is_some()
}
