//! From the text of a rules file to its rules; it goes on after a fault, to tell all of them.
//!
//! Must not know what follows when a rule is true.

use super::check::without_moments;
use super::condition::{Condition, NodeKind, Test, compile, counted_from};
use super::fault::{ConditionError, Shown};
use super::field::Field;
use super::file::{Content, Document, Entries, REQUIRED, Source, is_known_key, unknown_key};
use super::rule::{Audience, Effects, GateName, Priority, Rule, Workflow};
use super::rule_error::{Problem, RuleError};
use super::time_words;
use super::timer::Timer;
use super::vocabulary::Vocabulary;
use crate::calendar::{Reminders, Schedule, When};
use infohub::yaml::nearest;
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};

/// The most rules that a file may hold.
const MOST_RULES: usize = 20_000;
/// The most faults that are told at once.
const MOST_FAULTS: usize = 100;
/// The longest name of a rule.
const LONGEST_NAME: usize = 80;

/// A file on its way to rules.
pub(super) struct Reading<'a> {
    source: Source<'a>,
    vocabulary: &'a Vocabulary,
    known_tasks: &'a BTreeSet<String>,
    errors: Vec<RuleError>,
}

/// The values of a rule by their keys.
type Values<'a> = BTreeMap<&'a str, &'a Spanned<Content>>;

impl<'a> Reading<'a> {
    pub(super) fn new(
        source: Source<'a>,
        vocabulary: &'a Vocabulary,
        known_tasks: &'a BTreeSet<String>,
    ) -> Self {
        Self { source, vocabulary, known_tasks, errors: Vec::new() }
    }

    /// The rules of the document, or all of its faults.
    pub(super) fn read(mut self, document: Document) -> Result<Vec<Rule>, Vec<RuleError>> {
        let rules = self.rules(document);
        if self.errors.is_empty() {
            return Ok(rules);
        }
        self.errors.sort_by_key(|error| error.place);
        Err(self.errors)
    }

    fn rules(&mut self, document: Document) -> Vec<Rule> {
        let Entries(entries) = document.automation;
        if let Some((name, _)) = entries.get(MOST_RULES) {
            self.errors.push(self.source.at(name, Problem::TooManyRules(MOST_RULES)));
            return Vec::new();
        }
        let mut rules = Vec::with_capacity(entries.len());
        for (name, body) in &entries {
            if self.is_full(name) {
                break;
            }
            let already = self.errors.len();
            rules.extend(self.rule(name, body));
            for error in self.errors.iter_mut().skip(already) {
                error.rule = Some(Shown::bare(&name.value).to_string());
            }
        }
        rules
    }

    fn rule(&mut self, name: &Spanned<String>, body: &Entries<Spanned<Content>>) -> Option<Rule> {
        if !is_name(&name.value) {
            let problem = Problem::Name(Shown::quoted(&name.value));
            let hint = format!("use up to {LONGEST_NAME} letters, digits, _ and -");
            self.fault(self.source.at(name, problem), hint);
        }
        let values = self.values(body);
        for key in REQUIRED {
            if !body.0.iter().any(|(written, _)| written.value == key) {
                let error = self.source.at(name, Problem::MissingKey(key));
                self.fault(error, missing_hint(key));
            }
        }
        let trigger = self.condition("trigger", &values);
        let when = self.condition("when", &values);
        let unless = self.unless(&values);
        let reminders = self.timing(&values);
        let effects = self.effects(name, body, &values);
        let priority = self.word("priority", &values, Priority::WORDS, Priority::named);
        let rule = Rule {
            name: name.value.clone(),
            place: Source::place(name),
            trigger: trigger?,
            when,
            unless,
            action: self.text("action", &values)?,
            notification: self.text("notification", &values)?,
            effects: effects?,
            priority: priority.unwrap_or(Priority::Normal),
            timer: None,
        };
        let timer = self.timer(name, &values, &rule, reminders)?;
        let rule = Rule { timer, ..rule };
        if rule.effects.gate.is_some() && rule.awaits_moment() {
            let hint = "a gate is closed while its rule holds; ask for a state, such as a stage";
            self.fault(self.source.at(*values.get("gate")?, Problem::GateOnMoment), hint);
            return None;
        }
        Some(rule)
    }

    /// The values of a rule by their keys; what is not a known key with words is a fault.
    fn values<'t>(&mut self, body: &'t Entries<Spanned<Content>>) -> Values<'t> {
        let mut values = Values::new();
        for (key, content) in &body.0 {
            if self.is_full(key) {
                break;
            }
            if !is_known_key(&key.value) {
                let (problem, hint) = unknown_key(&key.value);
                self.fault(self.source.at(key, problem), hint);
                continue;
            }
            let listed = key.value == "notify";
            match &content.value {
                Content::Text(text) if text.trim().is_empty() => {
                    let error = self.source.at(content, Problem::Blank(key.value.clone()));
                    self.fault(error, "write it, or take the key out if it may be absent");
                }
                Content::Other(found) => self.not_text(key, content, found),
                Content::List(_) if !listed => self.not_text(key, content, "a list"),
                _ => {
                    values.insert(&key.value, content);
                }
            }
        }
        values
    }

    fn not_text(&mut self, key: &Spanned<String>, content: &Spanned<Content>, found: &'static str) {
        let key = key.value.clone();
        let error = self.source.at(content, Problem::NotText { key, found });
        self.fault(error, "write words, in quotes if they look like something else");
    }

    fn text(&self, key: &str, values: &Values) -> Option<String> {
        match &values.get(key)?.value {
            Content::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    fn condition(&mut self, key: &str, values: &Values) -> Option<Condition> {
        let content = values.get(key)?;
        let Content::Text(text) = &content.value else {
            return None;
        };
        match compile(text, self.vocabulary) {
            Ok(condition) => Some(condition),
            Err(errors) => {
                errors.into_iter().for_each(|error| self.inside(content, text, error));
                None
            }
        }
    }

    /// What must not hold is a state: that a moment is not now says nothing.
    fn unless(&mut self, values: &Values) -> Option<Condition> {
        let unless = self.condition("unless", values)?;
        let content = values.get("unless")?;
        if let Err(errors) = without_moments(&unless.root) {
            errors.into_iter().for_each(|error| self.inside(content, &unless.text, error));
            return None;
        }
        Some(unless)
    }

    fn timing(&mut self, values: &Values) -> Option<Reminders> {
        let content = values.get("timing")?;
        let Content::Text(text) = &content.value else {
            return None;
        };
        time_words::timing(text).map_err(|error| self.inside(content, text, error)).ok()
    }

    fn effects(
        &mut self,
        name: &Spanned<String>,
        body: &Entries<Spanned<Content>>,
        values: &Values,
    ) -> Option<Effects> {
        const KEYS: [&str; 5] = ["run", "notify", "gate", "escalate", "start"];
        let already = self.errors.len();
        let effects = Effects {
            run: self.task(values),
            notify: self.audience(values),
            gate: self.word("gate", values, GateName::WORDS, GateName::named),
            escalate: self.word("escalate", values, Audience::WORDS, Audience::named),
            start: self.word("start", values, Workflow::WORDS, Workflow::named),
        };
        if !body.0.iter().any(|(key, _)| KEYS.contains(&key.value.as_str())) {
            let error = self.source.at(name, Problem::NoEffect);
            let tasks: Vec<&str> = self.known_tasks.iter().map(String::as_str).collect();
            let hint = format!(
                "add `run` with the task to start ({}), or `notify`, `gate`, `escalate`, `start`",
                tasks.join(", ")
            );
            self.fault(error, hint);
        }
        (self.errors.len() == already).then_some(effects)
    }

    fn task(&mut self, values: &Values) -> Option<String> {
        let task = self.text("run", values)?;
        if self.known_tasks.contains(&task) {
            return Some(task);
        }
        let hint = match nearest(&task, self.known_tasks.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => {
                let tasks: Vec<&str> = self.known_tasks.iter().map(String::as_str).collect();
                format!("`run` names the task to start: {}", tasks.join(", "))
            }
        };
        let error = self.source.at(*values.get("run")?, Problem::UnknownTask(Shown::quoted(&task)));
        self.fault(error, hint);
        None
    }

    /// Who is told: one word, or a list of them.
    fn audience(&mut self, values: &Values) -> Vec<Audience> {
        let Some(content) = values.get("notify") else {
            return Vec::new();
        };
        match &content.value {
            Content::List(words) => {
                let mut audience = Vec::new();
                for word in words {
                    let who = self.one_of("notify", word, &word.value, Audience::WORDS, Audience::named);
                    audience.extend(who.filter(|who| !audience.contains(who)));
                }
                audience
            }
            _ => self.word("notify", values, Audience::WORDS, Audience::named).into_iter().collect(),
        }
    }

    fn word<T>(
        &mut self,
        key: &'static str,
        values: &Values,
        words: &[&'static str],
        named: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.text(key, values)?;
        self.one_of(key, values.get(key)?, &word, words, named)
    }

    fn one_of<S, T>(
        &mut self,
        key: &'static str,
        scalar: &Spanned<S>,
        word: &str,
        words: &[&'static str],
        named: fn(&str) -> Option<T>,
    ) -> Option<T> {
        named(word.trim()).or_else(|| {
            let hint = match nearest(word, words.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("it is one of {}", words.join(", ")),
            };
            let error = self.source.at(scalar, Problem::UnknownWord { key, word: Shown::quoted(word) });
            self.fault(error, hint);
            None
        })
    }

    /// The instants that the rule waits for. None is a fault that was told; `Some(None)` is a rule that
    /// waits for no instants.
    fn timer(
        &mut self,
        name: &Spanned<String>,
        values: &Values,
        rule: &Rule,
        reminders: Option<Reminders>,
    ) -> Option<Option<Timer>> {
        let asked: BTreeSet<_> = rule.reads().into_iter().map(Field::topic).collect();
        if asked.into_iter().filter(|topic| topic.is_one_of_many()).count() > 1 {
            self.fault(self.source.at(name, Problem::TwoKinds), "write one rule for each kind");
            return None;
        }
        let clocks = clocks(rule, reminders.is_some());
        if clocks.len() > 1 || (clocks.len() == 1 && awaits_more(rule)) {
            let hint = "write two rules: one for the time, one for the other";
            self.fault(self.source.at(name, Problem::TwoMoments), hint);
            return None;
        }
        match (clocks.first(), reminders) {
            (Some(Clock::Reminders(field)), Some(reminders)) => {
                self.beside_overdue(values, rule, &reminders)?;
                Some(Some(Timer::Reminders(*field, reminders)))
            }
            (Some(Clock::Reminders(_)), None) if values.contains_key("timing") => None,
            (Some(Clock::Reminders(_)), None) => {
                let error = self.source.at(name, Problem::MissingKey("timing"));
                self.fault(
                    error,
                    "`approaching` needs `timing`, such as \"7 days before, 1 day before, day of\"",
                );
                None
            }
            (_, Some(_)) => {
                let error = self.source.at(*values.get("timing")?, Problem::IdleTiming);
                self.fault(error, "ask for a date that is `approaching` or `overdue`, or take `timing` out");
                None
            }
            (Some(Clock::Schedule(schedule, from)), None) => Some(Some(Timer::Schedule(*schedule, *from))),
            (None, None) => Some(None),
        }
    }

    /// What is overdue is past, so that no reminder can come before it.
    fn beside_overdue(&mut self, values: &Values, rule: &Rule, reminders: &Reminders) -> Option<()> {
        let mut overdue = false;
        rule.trigger.root.visit(&mut |node| overdue |= matches!(node.kind, NodeKind::Test(_, Test::Overdue)));
        let before = reminders.0.iter().find(|offset| offset.when != When::After);
        let Some(before) = before.filter(|_| overdue) else {
            return Some(());
        };
        let problem = Problem::NeverDue(Shown::quoted(&before.to_string()));
        let error = self.source.at(*values.get("timing")?, problem);
        self.fault(error, "what is overdue has reminders `after`; `approaching` has those before");
        None
    }

    fn inside(&mut self, content: &Spanned<Content>, text: &str, error: ConditionError) {
        self.errors.push(self.source.inside(content, text, error));
    }

    /// Whether no more faults are told; the place where that begins is told once.
    fn is_full(&mut self, here: &Spanned<String>) -> bool {
        let full = self.errors.len() >= MOST_FAULTS;
        if full && !self.errors.iter().any(|error| matches!(error.problem, Problem::TooMany(_))) {
            self.errors.push(self.source.at(here, Problem::TooMany(MOST_FAULTS)));
        }
        full
    }

    fn fault(&mut self, error: RuleError, hint: impl Into<String>) {
        self.errors.push(RuleError { hint: Some(hint.into()), ..error });
    }
}

/// A part of a rule that waits for instants.
enum Clock {
    Schedule(Schedule, Option<Field>),
    Reminders(Field),
}

/// The parts that wait for instants. What is overdue is a state, unless the rule says when it is told.
fn clocks(rule: &Rule, timing: bool) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for (_, condition) in rule.conditions() {
        condition.root.visit(&mut |node| match &node.kind {
            NodeKind::Schedule(schedule, since) => {
                clocks.push(Clock::Schedule(*schedule, counted_from(schedule, *since)));
            }
            NodeKind::Test(field, Test::Approaching) => clocks.push(Clock::Reminders(*field)),
            NodeKind::Test(field, Test::Overdue) if timing => clocks.push(Clock::Reminders(*field)),
            _ => {}
        });
    }
    clocks
}

/// Whether the rule waits for other moments than instants.
fn awaits_more(rule: &Rule) -> bool {
    rule.awaits_event() || !rule.awaited_changes().is_empty()
}

fn missing_hint(key: &str) -> String {
    match key {
        "trigger" => "`trigger` is the condition, such as Opportunity.stage == 'Stage 2'".to_owned(),
        "action" => "`action` says in words what the rule does".to_owned(),
        _ => format!("`{key}` says in words who hears of it"),
    }
}

fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(letter)
}
