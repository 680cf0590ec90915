//! Which rules need to be asked, found without looking at each of them.
//!
//! A rule that can only be true if a field has one of a few words (`Opportunity.stage == 'Stage 2' AND
//! …`) lies under those words, and is found through the value that the field has. Other rules lie
//! under the fields that they read. Must not know what conditions answer.

use super::condition::{Node, NodeKind, Test};
use super::facts::Facts;
use super::field::{Field, Topic};
use super::firing::{Sighting, Subject};
use super::memory::FiringMemory;
use super::rule::Rule;
use super::syntax::Comparison;
use super::value::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A set of fields, as bits.
type Fields = u128;
const _: () = assert!(Field::ALL.len() <= 128, "a set of fields has 128 bits");

fn bits<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Fields {
    fields.into_iter().fold(0, |set, field| set | 1 << (*field as u32))
}

/// Where the rules lie, by their ranks in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    traits: Vec<Traits>,
    names: HashMap<String, usize>,
    pinned: BTreeMap<Field, HashMap<String, Vec<usize>>>,
    /// Rules that no word pins, by the fields that wake them.
    free: BTreeMap<Field, Vec<usize>>,
    /// Rules that no word pins and that time can wake.
    free_timed: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Traits {
    wakes: Fields,
    asked_of: Option<Topic>,
    by_time: bool,
}

impl Index {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let pins: Vec<_> = rules.iter().map(pins).collect();
        let chosen = choose(&pins);
        let mut index = Self::default();
        for (rank, (rule, mut pins)) in rules.iter().zip(pins).enumerate() {
            let wakes = wakes(rule);
            index.names.insert(rule.name.clone(), rank);
            let by_time = rule.timer.is_some() || (!rule.awaits_moment() && rule.turns_with_time());
            index.traits.push(Traits { wakes: bits(&wakes), asked_of: rule.asked_of(), by_time });
            if let Some((field, words)) = chosen[rank].and_then(|field| Some((field, pins.remove(&field)?))) {
                let buckets = index.pinned.entry(field).or_default();
                words.into_iter().for_each(|word| buckets.entry(word).or_default().push(rank));
                continue;
            }
            wakes.into_iter().for_each(|field| index.free.entry(field).or_default().push(rank));
            if by_time {
                index.free_timed.push(rank);
            }
        }
        index
    }

    pub(super) fn rank(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The rules that what changed can have made true.
    pub(super) fn woken(&self, sighting: &Sighting) -> BTreeSet<usize> {
        let changed = bits(&sighting.changed);
        let mut woken: BTreeSet<usize> =
            sighting.changed.iter().filter_map(|field| self.free.get(field)).flatten().copied().collect();
        woken.extend(self.under(&sighting.facts).filter(|rank| self.traits[*rank].wakes & changed != 0));
        woken.retain(|rank| self.concerns(*rank, &sighting.subject));
        woken
    }

    /// The rules that time can have made true or false.
    pub(super) fn by_time(&self, facts: &Facts, subject: &Subject) -> BTreeSet<usize> {
        let pinned = self.under(facts).filter(|rank| self.traits[*rank].by_time);
        let all = self.free_timed.iter().copied().chain(pinned);
        all.filter(|rank| self.concerns(*rank, subject)).collect()
    }

    /// The rules that have fired for a subject and that a change of these fields, or time, can have made
    /// false.
    pub(super) fn held(
        &self,
        memory: &FiringMemory,
        subject: &Subject,
        changed: &BTreeSet<Field>,
    ) -> Vec<usize> {
        let changed = bits(changed);
        let held = memory.held_by(subject).filter_map(|rule| self.rank(rule));
        held.filter(|rank| self.traits[*rank].by_time || self.traits[*rank].wakes & changed != 0).collect()
    }

    /// The pinned rules whose word the field has.
    fn under<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = usize> + 'a {
        let found = self.pinned.iter().filter_map(|(field, buckets)| match facts.get(*field)? {
            Value::Text(word) => buckets.get(word),
            Value::Flag(flag) => buckets.get(if *flag { "true" } else { "false" }),
            _ => None,
        });
        found.flatten().copied()
    }

    fn concerns(&self, rank: usize, subject: &Subject) -> bool {
        self.traits[rank].asked_of == subject.topic()
    }
}

/// The fields whose change is a reason to ask the rule. One that waits for moments is woken by them
/// alone, whatever else it reads.
fn wakes(rule: &Rule) -> BTreeSet<Field> {
    if let Some(timer) = &rule.timer {
        return timer.anchors().collect();
    }
    let mut moments = rule.awaited_changes();
    moments.extend(rule.reads().into_iter().filter(|field| field.topic() == Topic::Event));
    if moments.is_empty() { rule.reads() } else { moments }
}

type Pins = BTreeMap<Field, BTreeSet<String>>;

/// The words that fields must have for the rule to be true.
fn pins(rule: &Rule) -> Pins {
    let mut all = Pins::new();
    for (_, condition) in rule.conditions().filter(|(key, _)| *key != "unless") {
        narrow(&mut all, pins_of(&condition.root));
    }
    all
}

fn pins_of(node: &Node) -> Pins {
    match &node.kind {
        NodeKind::All(sides) => sides.iter().fold(Pins::new(), |mut all, side| {
            narrow(&mut all, pins_of(side));
            all
        }),
        NodeKind::Any(sides) => {
            let mut sides = sides.iter().map(pins_of);
            let first = sides.next().unwrap_or_default();
            sides.fold(first, widen)
        }
        NodeKind::Test(field, test) => words(*field, test).map(|words| (*field, words)).into_iter().collect(),
        NodeKind::Not(_) | NodeKind::Schedule(..) => Pins::new(),
    }
}

/// Both hold: either alone pins, and the narrower of two is enough.
fn narrow(all: &mut Pins, more: Pins) {
    for (field, words) in more {
        let known = all.get(&field).map_or(usize::MAX, BTreeSet::len);
        if words.len() < known {
            all.insert(field, words);
        }
    }
}

/// One of both holds: only a field that both pin is pinned.
fn widen(one: Pins, mut other: Pins) -> Pins {
    let both = one.into_iter().filter_map(|(field, mut words)| {
        words.extend(other.remove(&field)?);
        Some((field, words))
    });
    both.collect()
}

fn words(field: Field, test: &Test) -> Option<BTreeSet<String>> {
    if field.turns_with_time() {
        return None;
    }
    let word = |value: &Value| match value {
        Value::Text(word) => Some(word.clone()),
        Value::Flag(flag) => Some(flag.to_string()),
        _ => None,
    };
    match test {
        Test::Compare(Comparison::Equal, value) | Test::Enters(value) => {
            word(value).map(|word| BTreeSet::from([word]))
        }
        Test::In(true, list) => list.iter().map(word).collect(),
        Test::Reaches { reached, .. } => Some(reached.iter().cloned().collect()),
        _ => None,
    }
}

/// The field that each rule lies under: of those that pin it, the one that tells most rules apart.
fn choose(pins: &[Pins]) -> Vec<Option<Field>> {
    let mut words: BTreeMap<Field, BTreeSet<&str>> = BTreeMap::new();
    for (field, pinned) in pins.iter().flatten() {
        words.entry(*field).or_default().extend(pinned.iter().map(String::as_str));
    }
    let spread = |field: &Field| words.get(field).map_or(0, BTreeSet::len);
    let choose = |pins: &Pins| {
        pins.iter()
            .max_by_key(|(field, words)| spread(field) * 1000 / words.len().max(1))
            .map(|(field, _)| *field)
    };
    pins.iter().map(choose).collect()
}
