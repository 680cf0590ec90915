//! Random documents in many hands' styles, random changes, and what must hold after each.
//!
//! A document is written by `Hand`, which puts numbered comments wherever YAML allows one and notes
//! which list items each of them stands in. Then a copy of the value is changed at random. What must
//! hold: the text has the new value, every comment is there unless its item was removed, and the
//! line of every unchanged field is there byte for byte.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::emit::tests::text;
use super::super::read::read_value;
use super::*;

/// A small random source, so that one seed is one case.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn once_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

/// A comment and the ids of the items that it stands in.
type Noted = (String, Vec<String>);

/// Writes values the way a person might.
struct Hand<'d> {
    dice: &'d mut Dice,
    text: String,
    noted: Vec<Noted>,
    inside: Vec<String>,
    path: Vec<String>,
    /// Fields on one line: where they are in the value, and that line.
    lines: Vec<(Vec<String>, String)>,
    flush: bool,
    /// How often a comment is written, one in so many.
    talk: u64,
}

impl Hand<'_> {
    fn comment(&mut self) -> String {
        let comment = format!("# c{} it's \"so\": [é", self.noted.len());
        self.noted.push((comment.clone(), self.inside.clone()));
        comment
    }

    fn between(&mut self, column: usize) {
        while self.dice.once_in(self.talk) {
            let column = column + usize::try_from(self.dice.roll(2)).unwrap();
            let comment = self.comment();
            self.text += &format!("{}{comment}\n", " ".repeat(column));
        }
        if self.dice.once_in(8) {
            self.text.push('\n');
        }
    }

    fn end_line(&mut self) {
        if self.dice.once_in(self.talk) {
            let comment = self.comment();
            self.text += if self.dice.once_in(2) { "  " } else { "\t" };
            self.text += &comment;
        }
        self.text.push('\n');
    }

    fn scalar(&mut self, value: &Value, column: usize) {
        let emitted =
            Writer::new(Style::default()).parts(value, super::super::emit::Behind::Key, column).unwrap();
        let quoted = serde_json::to_string(value).unwrap();
        let simple = value.as_str().is_some_and(|text| text.chars().all(|each| each.is_ascii_alphanumeric()));
        if simple && self.dice.once_in(3) {
            self.text += &quoted.replace('"', "'");
        } else if simple && self.dice.once_in(3) {
            self.text += &quoted;
        } else {
            self.text += &emitted.inline;
        }
        self.end_line();
        self.text += &emitted.lines;
    }

    fn fields(&mut self, fields: &Map<String, Value>, column: usize, mut inline: bool) {
        for (key, value) in fields {
            if !std::mem::take(&mut inline) {
                self.between(column);
                self.text += &" ".repeat(column);
            }
            self.path.push(key.clone());
            let start = self.text.rfind('\n').map_or(0, |end| end + 1);
            self.text += &format!("{key}:");
            self.value(value, column, true);
            if !value.is_array() && !value.is_object() {
                let line = self.text[start..].lines().next().unwrap().to_owned();
                self.lines.push((self.path.clone(), line));
            }
            self.path.pop();
        }
    }

    fn value(&mut self, value: &Value, column: usize, key: bool) {
        match value {
            Value::Null => self.end_line(),
            Value::Object(fields) if fields.is_empty() => {
                self.text += " {}";
                self.end_line();
            }
            Value::Array(items)
                if items.is_empty() || self.dice.once_in(6) && items.iter().all(|item| !item.is_object()) =>
            {
                self.text.push(' ');
                self.text += &Writer::new(Style::default()).flow(value).unwrap();
                self.end_line();
            }
            Value::Object(fields) => {
                if key {
                    self.end_line();
                } else {
                    self.text.push(' ');
                }
                self.fields(fields, column + 2, !key);
            }
            Value::Array(items) => {
                self.end_line();
                let column = if self.flush && key { column } else { column + 2 };
                for item in items {
                    self.item(item, column);
                }
            }
            scalar => {
                self.text.push(' ');
                self.scalar(scalar, column);
            }
        }
    }

    fn item(&mut self, item: &Value, column: usize) {
        self.between(column);
        let id = item.get("id").and_then(Value::as_str);
        self.text += &format!("{}-", " ".repeat(column));
        if let Some(id) = id {
            self.inside.push(id.to_owned());
            self.path.push(id.to_owned());
            self.value(item, column, false);
            self.path.pop();
            self.inside.pop();
        } else {
            // The comment of a nameless item may go with it, so it is not noted.
            let talk = std::mem::replace(&mut self.talk, 1_000_000);
            self.value(item, column, false);
            self.talk = talk;
        }
    }
}

/// Makes section-shaped values and changes them.
struct World<'d> {
    dice: &'d mut Dice,
    texts: &'d [String],
    ids: usize,
}

impl World<'_> {
    fn id(&mut self) -> Value {
        self.ids += 1;
        json!(format!("it-{}", self.ids))
    }

    fn text(&mut self) -> Value {
        let index = usize::try_from(self.dice.roll(self.texts.len() as u64)).unwrap();
        json!(self.texts[index])
    }

    fn leaf(&mut self) -> Value {
        match self.dice.roll(6) {
            0 => json!(self.dice.roll(1_000)),
            1 => json!(self.dice.once_in(2)),
            2 => json!("2026-01-15"),
            _ => self.text(),
        }
    }

    fn any(&mut self, depth: u64) -> Value {
        match self.dice.roll(if depth > 2 { 4 } else { 8 }) {
            4 => self.mapping(depth + 1),
            5 => (0..self.dice.roll(4)).map(|_| self.leaf()).collect(),
            6 | 7 => (0..self.dice.roll(4)).map(|_| self.item(depth + 1)).collect(),
            _ => self.leaf(),
        }
    }

    fn mapping(&mut self, depth: u64) -> Value {
        let count = self.dice.roll(4);
        Value::Object((0..count).map(|n| (format!("f{n}"), self.any(depth))).collect())
    }

    fn item(&mut self, depth: u64) -> Value {
        let mut item = Map::from_iter([("id".to_owned(), self.id())]);
        if let Value::Object(fields) = self.mapping(depth) {
            item.extend(fields);
        }
        Value::Object(item)
    }

    fn document(&mut self) -> Value {
        let count = 1 + self.dice.roll(5);
        let mut document = Map::new();
        for n in 0..count {
            let value = match self.dice.roll(8) {
                0 => Value::Null,
                1 => json!({}),
                2 => self.leaf(),
                3 => self.any(0),
                _ => self.mapping(0),
            };
            document.insert(format!("section{n}"), value);
        }
        Value::Object(document)
    }

    fn change(&mut self, value: &mut Value, depth: u64) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    if key != "id" {
                        self.change(value, depth + 1);
                    }
                }
                let gone: Vec<String> =
                    fields.keys().filter(|key| *key != "id" && self.dice.once_in(12)).cloned().collect();
                fields.retain(|key, _| !gone.contains(key));
                if self.dice.once_in(4) {
                    let at = usize::try_from(self.dice.roll(1 + fields.len() as u64)).unwrap();
                    let value = self.any(depth);
                    let at = if fields.contains_key("id") { at.max(1) } else { at };
                    fields.shift_insert(at.min(fields.len()), format!("new{}", self.ids), value);
                    self.ids += 1;
                }
            }
            Value::Array(items) => self.change_items(items, depth),
            _ => {}
        }
        if self.dice.once_in(if value.is_array() || value.is_object() { 25 } else { 4 }) && depth > 0 {
            *value = self.any(depth);
        }
    }

    fn change_items(&mut self, items: &mut Vec<Value>, depth: u64) {
        let named = items.iter().all(Value::is_object);
        for item in items.iter_mut() {
            if let Value::Object(fields) = item {
                let mut fields = Value::Object(std::mem::take(fields));
                self.change(&mut fields, 0);
                *item = fields;
            } else if self.dice.once_in(3) {
                *item = self.leaf();
            }
        }
        items.retain(|_| !self.dice.once_in(5));
        if self.dice.once_in(3) {
            let at = usize::try_from(self.dice.roll(1 + items.len() as u64)).unwrap();
            let item = if named { self.item(depth) } else { self.leaf() };
            items.insert(at, item);
        }
        if self.dice.once_in(10) {
            items.reverse();
        }
    }
}

fn ids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| ids(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| ids(item, found)),
        _ => {}
    }
}

/// The value at a path of keys and ids.
fn at<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    let Some((step, rest)) = path.split_first() else {
        return Some(value);
    };
    let next = match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.iter().find(|item| item["id"].as_str() == Some(step)),
        _ => None,
    };
    at(next?, rest)
}

/// A document of comments alone holds no section.
fn read(text: &str) -> Value {
    let value = read_value("test", text).unwrap();
    if value.is_null() { json!({}) } else { value }
}

struct Case {
    text: String,
    old: Value,
    new: Value,
    noted: Vec<Noted>,
    lines: Vec<(Vec<String>, String)>,
}

fn case(seed: u64, texts: &[String]) -> Case {
    let mut dice = Dice(seed);
    let mut world = World { dice: &mut dice, texts, ids: 0 };
    let old = world.document();
    let mut new = old.clone();
    world.change(&mut new, 0);
    let flush = dice.once_in(3);
    let talk = 2 + dice.roll(6);
    let (noted, inside, path, lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut hand = Hand { dice: &mut dice, text: String::new(), noted, inside, path, lines, flush, talk };
    if hand.dice.once_in(6) {
        hand.text += "---\n";
    }
    hand.fields(old.as_object().unwrap(), 0, false);
    hand.between(0);
    let Hand { mut text, noted, lines, .. } = hand;
    match dice.roll(12) {
        0 => text = text.replace('\n', "\r\n"),
        1 => text.truncate(text.trim_end().len()),
        2 => text += "...\n",
        _ => {}
    }
    Case { text, old, new, noted, lines }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let Case { text, old, new, noted, lines } = case;
    prop_assert!(same(&read(text), old), "the hand wrote something else\n{text}");
    let result = rewrite(text, old, new);
    let shown = || format!("--- old\n{text}\n--- new value\n{new:#}\n--- got\n{result:#?}");
    let Ok(Rewritten { text: edited, .. }) = &result else {
        return Err(TestCaseError::fail(shown()));
    };
    prop_assert!(same(&read(edited), new), "wrong value\n{}", shown());
    let mut kept = BTreeSet::new();
    ids(new, &mut kept);
    for (comment, inside) in noted {
        let stays = inside.iter().all(|id| kept.contains(id));
        prop_assert!(!stays || edited.contains(comment.as_str()), "lost {comment}\n{}\n{edited}", shown());
    }
    for (path, line) in lines {
        let unchanged = at(new, path).is_some_and(|value| Some(value) == at(old, path));
        let there = || edited.lines().any(|other| other == line);
        prop_assert!(!unchanged || there(), "lost line {line}\n{}\n{edited}", shown());
    }
    Ok(())
}

/// The value as a type would give it back that leaves out what is empty.
fn pruned(value: &Value) -> Value {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), pruned(value)));
            Value::Object(fields.filter(|(_, value)| !empty(value)).collect())
        }
        Value::Array(items) => items.iter().map(pruned).collect(),
        value => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn edits_lose_nothing(seed in any::<u64>(), texts in prop::collection::vec(text(), 1..6)) {
        check(&case(seed, &texts))?;
    }

    #[test]
    fn what_a_type_leaves_out_is_no_change(seed in any::<u64>(), texts in prop::collection::vec(text(), 1..6)) {
        let Case { text, old, new, .. } = case(seed, &texts);
        let (old, new) = (pruned(&old), pruned(&new));
        let edited = rewrite(&text, &old, &new);
        let shown = || format!("--- old\n{text}\n--- from {old:#}\n--- to {new:#}\n--- got\n{edited:#?}");
        prop_assert!(edited.is_ok(), "{}", shown());
        prop_assert_eq!(pruned(&read(&edited.clone().unwrap().text)), new.clone(), "{}", shown());
    }

    #[test]
    fn no_text_panics(text in "[-ab0 :#\\[\\]{}&*!|>'\",?\n\t]{0,60}", new in 0..4) {
        let old = read_value("old", &text).unwrap_or_else(|_| json!({"a": {"b": 0}}));
        let new = [json!({}), json!({"a": {"b": 1}}), json!({"b": [0]}), json!({"a": "b\nc"})][usize::try_from(new).unwrap()].clone();
        let _ = rewrite(&text, &old, &new);
    }
}
