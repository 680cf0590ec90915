//! What a section's drafter has in front of it: the reading, the CRM's facts, the team, the plan so far.
//! It must not know which section is drafted.

use std::collections::BTreeSet;

use infohub::evidence::Evidence;
use infohub::facts::AccountFile;
use infohub::plan::{Owner, Plan, QuestionDraft, SectionKey, Side};
use infohub::team::{Person, Team};
use jiff::civil::Date;
use tools::material::Library;

use super::passage::Passage;
use super::person::{self, Mention};
use super::reading::Reading;

/// So many names of one account are told apart at most.
const MOST_NAMES: usize = 16;

/// The material and facts of a draft, and the questions that came up while it was made.
pub(super) struct Desk<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) library: &'a Library,
    pub(super) facts: &'a AccountFile,
    pub(super) team: &'a Team,
    pub(super) plan: &'a Plan,
    /// The names that the account goes by.
    pub(super) names: Vec<String>,
    /// The people whom the material names, as [`person::key`] gives them.
    pub(super) people: BTreeSet<String>,
    pub(super) questions: Vec<QuestionDraft>,
}

impl Desk<'_> {
    /// A fact of the CRM with its value, as evidence.
    pub(super) fn fact(&self, field: &str) -> Option<(String, Evidence)> {
        let (field, value, as_of) = self.facts.known().into_iter().find(|(known, ..)| known == field)?;
        Some((value.clone(), Evidence::Crm { field, value, as_of: Some(as_of) }))
    }

    /// Puts a question, unless the same one was put before.
    pub(super) fn ask(&mut self, section: SectionKey, question: String) {
        let draft = QuestionDraft { section, question };
        if !self.questions.contains(&draft) {
            self.questions.push(draft);
        }
    }

    /// The day that a material is about.
    pub(super) fn date_of(&self, source: &str) -> Option<Date> {
        self.library.get(source)?.date
    }

    /// A text without the owner in brackets at its end, and the owner: `Alarms connected (owner: Ann Bell)`.
    pub(super) fn owned<'t>(&self, text: &'t str) -> (&'t str, Option<Owner>) {
        let Some((rest, bracket)) = text.rsplit_once("(owner: ") else { return (text, None) };
        let name = bracket.split([')', ';', ',']).next().unwrap_or_default();
        (rest.trim(), self.owner(name.trim_end_matches('.')))
    }

    /// Our colleague of this name.
    pub(super) fn colleague(&self, name: &str) -> Option<&Person> {
        let key = person::key(name);
        self.team.people.iter().find(|person| person::key(&person.name) == key)
    }

    /// Whose side a person who is named in the account's material is on.
    pub(super) fn side_of(&self, mention: &Mention) -> Option<Side> {
        if self.colleague(&mention.name).is_some() {
            return Some(Side::Ours);
        }
        let theirs = mention.organisation.as_ref().is_none_or(|named| self.is_the_customer(named));
        theirs.then_some(Side::Customer)
    }

    /// The person as the owner of something, if it is one whom the material or the team file knows.
    pub(super) fn owner(&self, name: &str) -> Option<Owner> {
        let mention = person::listed(name).into_iter().next()?;
        let side = self.side_of(&mention)?;
        if side != Side::Ours && !self.people.contains(&person::key(&mention.name)) {
            return None;
        }
        Some(Owner { name: mention.name, side })
    }

    /// Whether a passage is said by somebody of ours, whose wishes and pains are not the customer's.
    pub(super) fn is_ours(&self, passage: &Passage<'_>) -> bool {
        passage.block.speaker.is_some_and(|speaker| self.colleague(speaker).is_some())
    }

    /// Whether a name is that of the account, as the CRM or the material gives it.
    pub(super) fn is_the_customer(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let same = |known: &str| {
            let known = known.trim().to_lowercase();
            !known.is_empty() && (name.contains(&known) || known.contains(&name))
        };
        same(&self.facts.account.as_str().replace('-', " ")) || self.names.iter().any(|known| same(known))
    }

    /// The names that the account goes by in the CRM and in the heads of the materials.
    pub(super) fn company_names(&self) -> Vec<String> {
        let crm = self.facts.facts.name.as_ref().and_then(|fact| fact.value.clone());
        let named = self.reading.details("company").map(|(_, name)| name);
        crm.into_iter().chain(named).take(MOST_NAMES).collect()
    }
}
