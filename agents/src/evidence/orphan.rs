//! What an item says beyond its evidence: numbers, dates and names that do not occur in what it cites.
//! Such a thing may be right all the same, so it is told and not refused. It must not know plans.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use infohub::calculation::{Calculation, Input};
use infohub::evidence::Evidence;
use infohub::plan::Item;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tools::material::Format;

use super::Sources;
use super::fold::fold;
use super::words::words;
use crate::figures::{dates_stated, numbers};

/// Fields that say nothing about the customer, or are checked elsewhere.
const NOT_CLAIMS: [&str; 5] = ["id", "evidence", "review", "decisions", "register"];
/// Fields that hold a person's name and nothing else.
const NAME_FIELDS: [&str; 4] = ["name", "by", "to", "attendees"];

/// Something in an item's field that its evidence does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orphan {
    /// The field, as `owner.name`.
    pub field: String,
    /// What kind of thing it is.
    pub kind: OrphanKind,
    /// The thing as the item writes it.
    pub text: String,
}

/// What kind of thing the evidence does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrphanKind {
    /// A figure.
    Number,
    /// A day.
    Date,
    /// A capitalised word that opens no sentence.
    Name,
}

impl fmt::Display for Orphan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, kind, text } = self;
        let kind = match kind {
            OrphanKind::Number => "number",
            OrphanKind::Date => "date",
            OrphanKind::Name => "name",
        };
        write!(f, "the {kind} '{text}' in {field} does not occur in the evidence; check it")
    }
}

/// The numbers, dates and names in an item's own fields that its evidence does not have.
pub fn orphans(item: &dyn Item, evidence: &[Evidence], sources: &Sources<'_>) -> Vec<Orphan> {
    let known = Known::of(evidence, sources);
    let mut orphans = Vec::new();
    if let Value::Object(fields) = item.to_value() {
        for (name, value) in fields.iter().filter(|(name, _)| !NOT_CLAIMS.contains(&name.as_str())) {
            known.look(name, value, &mut orphans);
        }
    }
    orphans
}

/// All that the evidence has.
struct Known {
    numbers: BTreeSet<rust_decimal::Decimal>,
    texts: Vec<String>,
    words: BTreeSet<String>,
    days: Vec<Date>,
}

impl Known {
    fn of(evidence: &[Evidence], sources: &Sources<'_>) -> Self {
        let mut known =
            Self { numbers: BTreeSet::new(), texts: Vec::new(), words: BTreeSet::new(), days: Vec::new() };
        for evidence in evidence {
            match evidence {
                Evidence::Quote { source, lines, quote } => {
                    known.add(quote);
                    let Some(material) = sources.library.get(source) else { continue };
                    if material.format == Format::Csv {
                        // What parts cells would join their figures to one.
                        known.add(&quote.replace([',', ';', '\t'], " "));
                    }
                    known.days.extend(material.date);
                    let lines = lines.map(|lines| material.lines_between(lines.first, lines.last));
                    for speaker in lines.unwrap_or_default().iter().filter_map(|line| line.speaker.as_ref()) {
                        known.add_words(speaker);
                    }
                }
                Evidence::Crm { value, .. } | Evidence::Item { value, .. } => known.add(value),
                Evidence::Calculation(calculation) => known.add_calculation(calculation, sources),
            }
        }
        known.numbers.extend(counts(evidence));
        // The customer's own name and the like need no quote in each item.
        for (_, value, _) in sources.facts.known() {
            known.add_words(&value);
        }
        known
    }

    fn add(&mut self, text: &str) {
        self.numbers.extend(numbers(text).into_iter().map(|number| number.value));
        self.texts.push(text.to_owned());
        self.add_words(text);
    }

    /// Its result and the figures in it. Of a table's row only the words and days count, so that no figure of another
    /// column passes for proven.
    fn add_calculation(&mut self, calculation: &Calculation, sources: &Sources<'_>) {
        self.numbers.insert(calculation.result.decimal().abs());
        for input in &calculation.inputs {
            match input {
                Input::Cells { source, column, rows, value } => {
                    self.numbers.extend(value.map(|value| value.decimal().abs()));
                    self.add_words(column);
                    let Some(material) = sources.library.get(source) else { continue };
                    self.days.extend(material.date);
                    let (first, last) = rows.map_or((0, u32::MAX), |rows| (rows.first, rows.last));
                    let lines = material.lines_between(first, last);
                    for line in [lines.first(), lines.last()].into_iter().flatten() {
                        self.add_words(&line.text);
                        self.texts.push(line.text.clone());
                    }
                }
                Input::Quoted { quote, .. } => self.add(quote),
                Input::Fact { value, .. } | Input::Planned { value, .. } => {
                    self.numbers.insert(value.decimal().abs());
                }
            }
        }
    }

    fn add_words(&mut self, text: &str) {
        let folded = fold(text);
        self.words.extend(words(&folded).into_iter().filter_map(|word| folded.get(word).map(bare)));
    }

    fn look(&self, field: &str, value: &Value, orphans: &mut Vec<Orphan>) {
        match value {
            Value::String(text) => self.look_at_text(field, text, orphans),
            Value::Number(number) => self.look_at_text(field, &number.to_string(), orphans),
            Value::Array(values) => {
                values.iter().for_each(|value| self.look(field, value, orphans));
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.look(&format!("{field}.{name}"), value, orphans);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn look_at_text(&self, field: &str, text: &str, orphans: &mut Vec<Orphan>) {
        let mut push = |kind, text: &str| {
            orphans.push(Orphan { field: field.to_owned(), kind, text: text.to_owned() });
        };
        if is_reference(text) {
            return;
        }
        if let Ok(date) = text.parse::<Date>() {
            if !self.states(date) {
                push(OrphanKind::Date, text);
            }
            return;
        }
        let text = &without_paths(text);
        let (days, rest) = without_days(text);
        for (word, _) in days.into_iter().filter(|(_, day)| !self.states(*day)) {
            push(OrphanKind::Date, word);
        }
        for number in numbers(&rest).into_iter().filter(|number| number.is_written_in_digits) {
            if !self.numbers.contains(&number.value) {
                push(OrphanKind::Number, &number.text);
            }
        }
        let is_name = field.rsplit('.').next().is_some_and(|last| NAME_FIELDS.contains(&last));
        for name in capitalised(text, is_name) {
            let folded = fold(name);
            let known = words(&folded)
                .into_iter()
                .all(|word| folded.get(word).is_some_and(|word| self.words.contains(&bare(word))));
            if !known {
                push(OrphanKind::Name, name);
            }
        }
    }

    fn states(&self, date: Date) -> bool {
        self.days.contains(&date) || self.texts.iter().any(|text| dates_stated(text, date))
    }
}

/// How many items are cited for a field, and how many of them say the same: that is what `3 of 5 are done` rests on.
fn counts(evidence: &[Evidence]) -> BTreeSet<rust_decimal::Decimal> {
    let mut counts: BTreeMap<(&str, Option<&str>), u32> = BTreeMap::new();
    for cited in evidence {
        if let Evidence::Item { field, value, .. } = cited {
            *counts.entry((field, None)).or_default() += 1;
            *counts.entry((field, Some(value))).or_default() += 1;
        }
    }
    counts.into_values().map(rust_decimal::Decimal::from).collect()
}

/// The days that a text names as 2026-01-31, and the rest of it.
fn without_days(text: &str) -> (Vec<(&str, Date)>, String) {
    let mut days = Vec::new();
    let mut rest = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        match bare.parse().ok().filter(|_| bare.len() == 10) {
            Some(day) => days.push((bare, day)),
            None => rest.push(word),
        }
    }
    (days, rest.join(" "))
}

/// A word without the possessive that one side may have and the other not.
fn bare(word: &str) -> String {
    word.strip_suffix("'s").unwrap_or(word).to_owned()
}

/// The text without the paths of materials in it, which only say where something stands.
fn without_paths(text: &str) -> String {
    text.split_inclusive(' ').filter(|word| !word.starts_with("materials/")).collect()
}

/// Ids of items, such as `ph-3f9a`.
fn is_reference(text: &str) -> bool {
    text.split_once('-').is_some_and(|(prefix, digits)| {
        prefix.len() == 2
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && digits.len() >= 4
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The names and larger figures in a text, which tell one account from another.
pub(super) fn telling(text: &str) -> Vec<String> {
    let names = capitalised(text, false).into_iter().filter(|name| !is_abbreviation(name)).map(str::to_owned);
    let (_, rest) = without_days(text);
    let figures = numbers(&rest).into_iter().filter(|number| {
        number.is_written_in_digits && number.text.chars().filter(char::is_ascii_digit).count() > 2
    });
    names.chain(figures.map(|number| number.text)).collect()
}

/// Abbreviations are the trade's and nobody's own.
fn is_abbreviation(name: &str) -> bool {
    name.len() <= 5 && name.chars().all(|c| c.is_uppercase() || c.is_numeric())
}

/// Words that begin with a capital letter where the grammar does not ask for one, and abbreviations.
fn capitalised(text: &str, also_first: bool) -> Vec<&str> {
    let mut names = Vec::new();
    let mut opens_sentence = true;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let mut letters = bare.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        let rest_has_capital = letters.clone().any(char::is_uppercase);
        let is_long = letters.next().is_some();
        if capital && is_long && (!opens_sentence || also_first || rest_has_capital) {
            names.push(bare);
        }
        opens_sentence = word.ends_with(['.', '!', '?', ':', '"', '”']) || bare.is_empty();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_that_open_a_sentence_are_no_names() {
        assert_eq!(
            capitalised("Cut lead time at Northwind. Ask Jana; use SAP", false),
            ["Northwind", "Jana", "SAP"]
        );
        assert_eq!(capitalised("Jana Okafor", true), ["Jana", "Okafor"]);
        assert_eq!(capitalised("A plan", false), Vec::<&str>::new());
    }

    #[test]
    fn ids_are_references() {
        assert!(is_reference("ph-3f9a"));
        assert!(!is_reference("re-use"));
        assert!(!is_reference("ab-12"));
    }
}
