//! The rules of a workspace: read from the file, checked as a whole, indexed by what they read.
//!
//! Must not know the store or the tasks' inner workings; a task is a name that the caller knows.

use super::condition::{Condition, compile};
use super::explain::{Explanation, Outcome};
use super::facts::Facts;
use super::fault::Shown;
use super::field::{Field, Topic};
use super::file::{Content, Document, Entries, REQUIRED, Source, is_known_key, unknown_key};
use super::firing::Sighting;
use super::rule_error::{Problem, RuleError};
use super::vocabulary::Vocabulary;
use infohub::yaml::nearest;
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};

/// The most rules that a file may hold.
const MOST_RULES: usize = 20_000;
/// The most faults that are told at once.
const MOST_FAULTS: usize = 100;
/// The longest name of a rule.
const LONGEST_NAME: usize = 80;

/// A rule of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the file.
    pub name: String,
    /// The condition that it waits for.
    pub trigger: Condition,
    /// A second condition that must hold as well, kept apart so that the trigger reads simply.
    pub when: Option<Condition>,
    /// What it does, in words for people.
    pub action: String,
    /// Who hears of it, in words for people.
    pub notification: String,
    /// The task that it starts, as `agent.task`.
    pub run: String,
}

/// The rules in the order of the file, and which of them read which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    rules: Vec<Rule>,
    readers: BTreeMap<Field, Vec<usize>>,
}

impl Rule {
    /// The fields that decide it.
    #[must_use]
    pub fn reads(&self) -> BTreeSet<Field> {
        let when = self.when.iter().flat_map(Condition::reads);
        self.trigger.reads().iter().chain(when).copied().collect()
    }

    /// Whether it waits for an event rather than for a state.
    #[must_use]
    pub fn awaits_event(&self) -> bool {
        self.reads_topic(Topic::Event)
    }

    /// Whether it is asked of each opportunity rather than of the account.
    #[must_use]
    pub fn is_per_opportunity(&self) -> bool {
        self.reads_topic(Topic::Opportunity)
    }

    fn reads_topic(&self, topic: Topic) -> bool {
        let mut conditions = std::iter::once(&self.trigger).chain(&self.when);
        conditions.any(|condition| condition.reads().iter().any(|field| field.topic() == topic))
    }

    /// Whether it holds: its trigger, and `when` if it has one.
    #[must_use]
    pub fn eval(&self, facts: &Facts) -> Outcome {
        let when = self.when.iter().map(|condition| condition.eval(facts));
        Outcome::all(std::iter::once(self.trigger.eval(facts)).chain(when))
    }

    /// Why it holds, or why not.
    #[must_use]
    pub fn explain(&self, facts: &Facts) -> Explanation {
        let trigger = self.trigger.explain(facts);
        let Some(when) = &self.when else {
            return trigger;
        };
        Explanation {
            text: "trigger and when".to_owned(),
            outcome: self.eval(facts),
            found: None,
            parts: vec![trigger, when.explain(facts)],
        }
    }
}

impl RuleSet {
    /// Reads and checks a rules file. `file` is how errors name it; `known_tasks` are the names
    /// that `run` may have.
    ///
    /// # Errors
    /// Every fault of the file, in its order, up to a hundred; a file that is not YAML has one.
    pub fn parse(
        file: &str,
        text: &str,
        vocabulary: &Vocabulary,
        known_tasks: &BTreeSet<String>,
    ) -> Result<Self, Vec<RuleError>> {
        let source = Source { file, text };
        let document = source.read()?;
        let mut reading = Reading { source, vocabulary, known_tasks, errors: Vec::new() };
        let rules = reading.rules(document);
        if reading.errors.is_empty() {
            Ok(Self::indexed(rules))
        } else {
            reading.errors.sort_by_key(|error| error.place);
            Err(reading.errors)
        }
    }

    fn indexed(rules: Vec<Rule>) -> Self {
        let mut readers: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            // A rule that waits for an event is woken by events alone, whatever else it reads.
            let wakes = |field: &Field| !rule.awaits_event() || field.topic() == Topic::Event;
            for field in rule.reads().into_iter().filter(wakes) {
                readers.entry(field).or_default().push(at);
            }
        }
        Self { rules, readers }
    }

    /// The rules in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }

    /// The rules that are asked about a subject because of what changed for it.
    pub fn woken<'a>(&'a self, sighting: &'a Sighting) -> impl Iterator<Item = &'a Rule> {
        self.woken_by(&sighting.changed).map(|(_, rule)| rule).filter(|rule| rule.concerns(&sighting.subject))
    }

    /// The rules that a change of these fields can concern, with their rank in the file.
    pub(super) fn woken_by(&self, changed: &BTreeSet<Field>) -> impl Iterator<Item = (usize, &Rule)> {
        let readers = changed.iter().filter_map(|field| self.readers.get(field));
        let woken: BTreeSet<usize> = readers.flatten().copied().collect();
        woken.into_iter().filter_map(|at| Some((at, self.rules.get(at)?)))
    }
}

/// A file on its way to rules; it goes on after a fault, to tell all of them.
struct Reading<'a> {
    source: Source<'a>,
    vocabulary: &'a Vocabulary,
    known_tasks: &'a BTreeSet<String>,
    errors: Vec<RuleError>,
}

type Texts<'a> = BTreeMap<&'a str, (&'a Spanned<Content>, &'a str)>;

impl Reading<'_> {
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
        let texts = self.texts(body);
        for key in REQUIRED {
            if !body.0.iter().any(|(written, _)| written.value == key) {
                let error = self.source.at(name, Problem::MissingKey(key));
                self.fault(error, self.missing_hint(key));
            }
        }
        let trigger = self.condition("trigger", &texts);
        let when = self.condition("when", &texts);
        let run = self.task(&texts);
        let words = |key| texts.get(key).map(|(_, text)| text.trim().to_owned());
        Some(Rule {
            name: name.value.clone(),
            trigger: trigger?,
            when,
            action: words("action")?,
            notification: words("notification")?,
            run: run?,
        })
    }

    /// The texts of a rule by their keys; what is not a known key with a text is a fault.
    fn texts<'t>(&mut self, body: &'t Entries<Spanned<Content>>) -> Texts<'t> {
        let mut texts = Texts::new();
        for (key, content) in &body.0 {
            if self.is_full(key) {
                break;
            }
            if !is_known_key(&key.value) {
                let (problem, hint) = unknown_key(&key.value);
                self.fault(self.source.at(key, problem), hint);
                continue;
            }
            match &content.value {
                Content::Other(found) => {
                    let key = key.value.clone();
                    let error = self.source.at(content, Problem::NotText { key, found });
                    self.fault(error, "write words, in quotes if they look like something else");
                }
                Content::Text(text) if text.trim().is_empty() => {
                    let error = self.source.at(content, Problem::Blank(key.value.clone()));
                    self.fault(error, "write it, or take the key out if it may be absent");
                }
                Content::Text(text) => {
                    texts.insert(&key.value, (content, text));
                }
            }
        }
        texts
    }

    fn condition(&mut self, key: &str, texts: &Texts) -> Option<Condition> {
        let (scalar, text) = texts.get(key)?;
        match compile(text, self.vocabulary) {
            Ok(condition) => Some(condition),
            Err(errors) => {
                for error in errors {
                    self.errors.push(self.source.inside(scalar, text, error));
                }
                None
            }
        }
    }

    fn task(&mut self, texts: &Texts) -> Option<String> {
        let (scalar, text) = texts.get("run")?;
        let task = text.trim();
        if self.known_tasks.contains(task) {
            return Some(task.to_owned());
        }
        let hint = match nearest(task, self.known_tasks.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => self.missing_hint("run"),
        };
        let error = self.source.at(scalar, Problem::UnknownTask(Shown::quoted(task)));
        self.fault(error, hint);
        None
    }

    fn missing_hint(&self, key: &str) -> String {
        match key {
            "run" => {
                let tasks: Vec<&str> = self.known_tasks.iter().map(String::as_str).collect();
                format!("`run` names the task to start: {}", tasks.join(", "))
            }
            "trigger" => "`trigger` is the condition, such as Opportunity.stage == 'Stage 2'".to_owned(),
            "action" => "`action` says in words what the rule does".to_owned(),
            _ => format!("`{key}` says in words who hears of it"),
        }
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

fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(letter)
}
