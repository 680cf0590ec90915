//! One run of one case as the scorers look at it: its entries in a row, the plan with them, and the matching of what was
//! found with what was wanted, made once however many scorers ask for it. It must not know what is measured on it.

use std::cell::OnceCell;

use agents::evidence::{Orphan, orphans};
use infohub::evidence::Evidence;
use infohub::plan::{Item, Plan, SectionKey, apply};
use serde_json::Value;

use super::ground::Ground;
use super::matching::{Matching, matching};
use super::quote::{Stands, look_up};
use super::words::Stems;
use crate::produced::Produced;
use crate::suite::{Case, WantedAction, WantedDecision};

/// An entry that a run adds or changes.
pub(super) struct Entry<'a> {
    pub(super) section: SectionKey,
    pub(super) list: &'static str,
    pub(super) item: &'a dyn Item,
}

impl Entry<'_> {
    /// What people call it, for reasons.
    pub(super) fn told(&self) -> String {
        let text: String = self.item.text().chars().take(120).collect();
        format!("{}.{} \"{text}\"", self.section, self.list)
    }

    /// The texts that it holds besides evidence, ids and marks.
    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        if let Value::Object(fields) = self.item.to_value() {
            let said =
                fields.iter().filter(|(name, _)| !["id", "evidence", "review"].contains(&name.as_str()));
            said.for_each(|(_, value)| strings(value, &mut texts));
        }
        texts
    }

    /// The words that its evidence cites.
    pub(super) fn cited(&self) -> impl Iterator<Item = &str> {
        self.item.evidence().iter().filter_map(|evidence| match evidence {
            Evidence::Quote { quote, .. } => Some(quote.as_str()),
            Evidence::Crm { value, .. } | Evidence::Item { value, .. } => Some(value.as_str()),
            Evidence::Calculation(_) => None,
        })
    }
}

fn strings(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, texts)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// One run of one case.
pub(super) struct Look<'a> {
    pub(super) case: &'a Case,
    pub(super) produced: &'a Produced,
    pub(super) ground: &'a Ground,
    pub(super) entries: Vec<Entry<'a>>,
    /// The plan with all that the run brought, and whether each task's patch fitted.
    pub(super) after: Plan,
    pub(super) fitted: Vec<bool>,
    pub(super) stems: Stems,
    actions: OnceCell<Matching>,
    decisions: OnceCell<Matching>,
    quotes: OnceCell<Vec<Quoted<'a>>>,
    orphans: OnceCell<Vec<Vec<Orphan>>>,
}

/// A quote under an entry, and where it stands.
pub(super) struct Quoted<'a> {
    /// The entry's place among all.
    pub(super) entry: usize,
    pub(super) quote: &'a str,
    pub(super) source: &'a str,
    pub(super) stands: Stands<'a>,
}

impl<'a> Look<'a> {
    pub(super) fn of(case: &'a Case, produced: &'a Produced, ground: &'a Ground) -> Self {
        let mut entries = Vec::new();
        let (mut after, mut fitted) = (ground.plan.clone(), Vec::new());
        for task in &produced.tasks {
            let upserts = task.patch.upserts();
            entries.extend(upserts.map(|(section, list, item)| Entry { section, list, item }));
            let applied = apply(&after, &task.patch);
            fitted.push(applied.is_ok());
            after = applied.map_or(after, |(plan, _)| plan);
        }
        let stems = Stems::default();
        Self {
            case,
            produced,
            ground,
            entries,
            after,
            fitted,
            stems,
            actions: OnceCell::new(),
            decisions: OnceCell::new(),
            quotes: OnceCell::new(),
            orphans: OnceCell::new(),
        }
    }

    /// The entries of one list.
    pub(super) fn listed(&self, section: SectionKey, list: &str) -> Vec<&Entry<'a>> {
        self.entries.iter().filter(|entry| entry.section == section && entry.list == list).collect()
    }

    /// The entries of a section, or all.
    pub(super) fn within(&self, section: Option<SectionKey>) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| section.is_none_or(|section| section == entry.section))
    }

    /// The actions that can be found.
    pub(super) fn wanted_actions(&self) -> Option<Vec<&'a WantedAction>> {
        let wanted = self.case.expect.actions.as_ref()?;
        Some(wanted.iter().filter(|action| action.is_recoverable()).collect())
    }

    /// The decisions that can be found.
    pub(super) fn wanted_decisions(&self) -> Option<Vec<&'a WantedDecision>> {
        let wanted = self.case.expect.decisions.as_ref()?;
        Some(wanted.iter().filter(|decision| decision.is_recoverable()).collect())
    }

    pub(super) fn found_actions(&self) -> Vec<&Entry<'a>> {
        self.listed(SectionKey::ActionTracker, "actions")
    }

    pub(super) fn found_decisions(&self) -> Vec<&Entry<'a>> {
        self.listed(SectionKey::DecisionLog, "decisions")
    }

    /// Found actions with the wanted ones that they are.
    pub(super) fn matched_actions(&self) -> &Matching {
        self.actions.get_or_init(|| {
            let wanted = self.wanted_actions().unwrap_or_default();
            let wanted: Vec<&str> = wanted.iter().map(|action| action.text.as_str()).collect();
            let found: Vec<&str> = self.found_actions().iter().map(|entry| entry.item.text()).collect();
            matching(&found, &wanted, &self.stems)
        })
    }

    /// Found decisions with the wanted ones that they are.
    pub(super) fn matched_decisions(&self) -> &Matching {
        self.decisions.get_or_init(|| {
            let wanted = self.wanted_decisions().unwrap_or_default();
            let wanted: Vec<&str> = wanted.iter().map(|decision| decision.text.as_str()).collect();
            let found: Vec<&str> = self.found_decisions().iter().map(|entry| entry.item.text()).collect();
            matching(&found, &wanted, &self.stems)
        })
    }

    /// All quotes with where they stand.
    pub(super) fn quotes(&self) -> &[Quoted<'a>] {
        self.quotes.get_or_init(|| {
            let entries = self.entries.iter().enumerate();
            let quotes = entries.flat_map(|(at, entry)| {
                entry.item.evidence().iter().filter_map(move |evidence| match evidence {
                    Evidence::Quote { source, quote, .. } => Some((at, source, quote)),
                    _ => None,
                })
            });
            let looked_up = quotes.map(|(entry, source, quote)| {
                let stands = look_up(self.ground, source, quote);
                Quoted { entry, quote, source, stands }
            });
            looked_up.collect()
        })
    }

    /// What each entry says beyond its evidence, in the order of the entries.
    pub(super) fn orphans(&self) -> &[Vec<Orphan>] {
        self.orphans.get_or_init(|| {
            let sources = self.ground.sources();
            self.entries.iter().map(|entry| orphans(entry.item, entry.item.evidence(), &sources)).collect()
        })
    }
}
