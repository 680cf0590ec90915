//! Carrying one field between two entries that say the same. Must not know what the entries are.

use serde::Serialize;
use serde_json::Value;

use crate::evidence::Evidence;

/// What one side says and what it said before; `None` if it was not there.
pub(super) struct Side<'a, T> {
    pub(super) now: &'a mut T,
    pub(super) was: Option<&'a T>,
}

impl<'a, T> Side<'a, T> {
    pub(super) fn new(now: &'a mut T, was: Option<&'a T>) -> Self {
        Self { now, was }
    }
}

/// What was carried between two entries.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Fields of the plan's side that now say what the register says.
    pub(super) to_plan: Vec<&'static str>,
    /// Fields of the register's side that now say what the plan says.
    pub(super) to_register: Vec<&'static str>,
    pub(super) clashes: Vec<Clash>,
}

/// Both sides changed a field, and differently; the plan's word stands.
#[derive(Debug)]
pub(super) struct Clash {
    pub(super) field: &'static str,
    pub(super) plan: String,
    pub(super) register: String,
}

/// Whose word stands where two sides differ.
enum Word {
    Plans,
    Registers,
    /// The plan's, and a person is asked.
    Clash,
}

impl Carried {
    /// Makes both sides say the same. An entry that is new and leaves the field out has said nothing about it.
    pub(super) fn field<T>(&mut self, name: &'static str, plan: &mut Side<'_, T>, register: &mut Side<'_, T>)
    where
        T: Clone + PartialEq + Serialize,
    {
        if plan.now == register.now {
            return;
        }
        match word(plan, register) {
            Word::Plans => {
                register.now.clone_from(plan.now);
                self.to_register.push(name);
            }
            Word::Registers => {
                plan.now.clone_from(register.now);
                self.to_plan.push(name);
            }
            Word::Clash => {
                let (plan_says, register_says) = (spoken(plan.now), spoken(register.now));
                self.clashes.push(Clash { field: name, plan: plan_says, register: register_says });
                register.now.clone_from(plan.now);
            }
        }
    }

    /// Evidence of both sides stands under both, where each has found some.
    pub(super) fn evidence(
        &mut self,
        plan: &mut Side<'_, Vec<Evidence>>,
        register: &mut Side<'_, Vec<Evidence>>,
    ) {
        if plan.now != register.now && matches!(word(plan, register), Word::Clash) {
            let more: Vec<_> =
                register.now.iter().filter(|entry| !plan.now.contains(entry)).cloned().collect();
            plan.now.extend(more);
            register.now.clone_from(plan.now);
        }
        self.field("evidence", plan, register);
    }
}

fn word<T: PartialEq + Serialize>(plan: &Side<'_, T>, register: &Side<'_, T>) -> Word {
    let says_nothing = |side: &Side<'_, T>| side.was.is_none() && is_unsaid(side.now);
    if says_nothing(plan) {
        return Word::Registers;
    }
    if says_nothing(register) {
        return Word::Plans;
    }
    // Of a pair that is new on one side, the other side says how both stood.
    let stood = plan.was.or(register.was).zip(register.was.or(plan.was));
    match stood.map(|(plan_was, register_was)| (plan.now != plan_was, register.now != register_was)) {
        Some((true, false)) => Word::Plans,
        Some((false, true)) => Word::Registers,
        _ => Word::Clash,
    }
}

fn is_unsaid<T: Serialize>(value: &T) -> bool {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Null => true,
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

/// A field's value as a person would say it.
pub(super) fn spoken<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => format!("\"{text}\""),
        Value::Object(owner) => {
            let part = |name: &str| owner.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            format!("{} ({})", part("name"), part("side"))
        }
        other => other.to_string(),
    }
}
