//! The rules of a workspace: read from the file, checked as a whole, indexed by what they read.
//!
//! Must not know the store or the tasks' inner workings; a task is a name that the caller knows.

use super::field::Field;
use super::file::Source;
use super::firing::Sighting;
use super::index::Index;
use super::memory::FiringMemory;
use super::reading::Reading;
use super::rule::Rule;
use super::rule_error::RuleError;
use super::vocabulary::Vocabulary;
use crate::calendar::{Calendar, Moment};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The rules in the order of the file, found by what they read, with the calendar that they count by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    rules: Vec<Rule>,
    index: Index,
    calendar: Arc<Calendar>,
    won: String,
    /// Hash of the file's text.
    text: String,
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
        let rules = Reading::new(source, vocabulary, known_tasks).read(document)?;
        let index = Index::new(&rules);
        Ok(Self {
            rules,
            index,
            calendar: Arc::default(),
            won: vocabulary.won().to_owned(),
            text: hash(text),
        })
    }

    /// The same rules, counting days by this calendar.
    #[must_use]
    pub fn with_calendar(self, calendar: Calendar) -> Self {
        Self { calendar: Arc::new(calendar), ..self }
    }

    /// The calendar that the rules count by.
    #[must_use]
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.calendar
    }

    /// Stands for the rules and their calendar: others have another one.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hash(&format!("{}{:?}{}", self.text, self.calendar, self.won))
    }

    /// An instant as the rules see it, in the time zone that an account names.
    #[must_use]
    pub fn moment(&self, now: Timestamp, zone: Option<&str>) -> Moment {
        Moment::new(now, zone, &self.calendar)
    }

    /// The stage of a deal that is won.
    #[must_use]
    pub fn won(&self) -> &str {
        &self.won
    }

    /// The rules in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Rule> {
        self.rules.get(self.index.rank(name)?)
    }

    /// The rules that could fire for a subject because of what changed for it; not those that wait for
    /// an instant, which nobody expects now.
    pub fn woken<'a>(&'a self, sighting: &Sighting) -> impl Iterator<Item = &'a Rule> + use<'a> {
        let woken = self.index.woken(sighting).into_iter();
        woken.filter_map(|rank| self.rules.get(rank)).filter(|rule| !rule.awaits_time())
    }

    /// The rules to ask about a subject in a step, with their ranks in the file.
    pub(super) fn asked(&self, memory: &FiringMemory, sighting: &Sighting) -> Vec<(usize, &Rule)> {
        let mut ranks = self.index.woken(sighting);
        if sighting.facts.moment().is_some() {
            ranks.extend(self.index.by_time(&sighting.facts, &sighting.subject));
        }
        ranks.extend(self.index.held(memory, &sighting.subject, &sighting.changed));
        ranks.into_iter().filter_map(|rank| Some((rank, self.rules.get(rank)?))).collect()
    }

    /// The rules that the passing of time concerns for a subject.
    pub(super) fn waiting(&self, memory: &FiringMemory, sighting: &Sighting) -> Vec<&Rule> {
        let mut ranks = self.index.by_time(&sighting.facts, &sighting.subject);
        ranks.extend(self.index.held(memory, &sighting.subject, &BTreeSet::new()));
        ranks.into_iter().filter_map(|rank| self.rules.get(rank)).collect()
    }

    /// The fields that any rule reads.
    #[must_use]
    pub fn reads(&self) -> BTreeSet<Field> {
        self.rules.iter().flat_map(Rule::reads).collect()
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
