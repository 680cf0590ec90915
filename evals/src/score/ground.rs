//! What a case's outcome is held against: its material as the agents read it, what the CRM says, the plan as it was,
//! and what each task may write. Built once a case, since several runs are scored on it.
//! It must not know outcomes.

use std::collections::BTreeMap;

use agents::charter::Charters;
use agents::evidence::{Folds, Sources};
use infohub::event::EventBody;
use infohub::facts::AccountFile;
use infohub::ids::{AccountSlug, NameError};
use infohub::plan::{Lifecycle, Meta, Plan, SectionKey, Status};
use infohub::yaml::YamlError;
use tools::material::{Library, LibraryError, Readers, Shelf, ShelfError, ShelfFile};

use super::quote::Text;
use crate::suite::{Case, CaseMaterial};

/// Form of csp.yaml.
const SCHEMA: u32 = 1;

/// What a case is scored on.
#[derive(Debug)]
pub struct Ground {
    pub(super) library: Library,
    pub(super) facts: AccountFile,
    pub(super) plan: Plan,
    pub(super) rights: BTreeMap<String, Vec<SectionKey>>,
    pub(super) texts: Vec<Text>,
    folds: Folds,
}

/// Why a case cannot be scored.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    /// Its id is no account's name.
    #[error("name the case's account")]
    Name(#[from] NameError),
    /// Its plan does not read.
    #[error("read the case's plan")]
    Plan(#[from] YamlError),
    /// Its material cannot be listed.
    #[error("read the case's material")]
    Library(#[from] LibraryError),
}

impl Ground {
    /// What this case is scored on.
    ///
    /// # Errors
    /// For a case that the suite's reader would have refused.
    pub fn of(case: &Case, charters: &Charters) -> Result<Self, GroundError> {
        let account = AccountSlug::new(case.id.clone())?;
        let library = Library::load(&OnHand(&case.material), &Readers::default())?;
        let plan = case.plan()?.unwrap_or_else(|| Plan::new(bare(account, case)));
        let rights = charters.tasks().map(|task| (task.to_string(), task.task.sections.clone())).collect();
        let texts = library.materials().map(Text::of).collect();
        Ok(Self { facts: facts(case)?, library, plan, rights, texts, folds: Folds::default() })
    }

    /// The case's material as the agents read it.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// What the CRM and the case's events say of the company and its deals.
    pub fn facts(&self) -> &AccountFile {
        &self.facts
    }

    /// The plan before the run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The same as the agents' checks see it.
    pub fn sources(&self) -> Sources<'_> {
        Sources { library: &self.library, facts: &self.facts, folds: &self.folds }
    }
}

/// What the CRM and the case's events say of the company and its deals.
fn facts(case: &Case) -> Result<AccountFile, NameError> {
    let mut facts = case.facts()?;
    let events = case.events.iter().enumerate();
    for event in events.filter_map(|(nth, event)| case.event(nth, event, case.noon()).ok()) {
        match &event.body {
            EventBody::OpportunityChanged(data) => drop(facts.opportunity_changed(data, event.time)),
            EventBody::EvaluationStarted(data) => drop(facts.evaluation_started(data, event.time)),
            EventBody::EvaluationFinished(data) => drop(facts.evaluation_finished(data, event.time)),
            _ => {}
        }
    }
    Ok(facts)
}

/// The head of a plan with nothing in it.
pub(crate) fn bare(account: AccountSlug, case: &Case) -> Meta {
    Meta {
        schema: SCHEMA,
        version: 0,
        account,
        opportunity: None,
        lifecycle: Lifecycle::Initiate,
        status: Status::Draft,
        owner: None,
        last_updated: case.noon(),
        last_customer_review: None,
        agreed: None,
    }
}

/// A case's material as a shelf.
struct OnHand<'a>(&'a [CaseMaterial]);

impl Shelf for OnHand<'_> {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        let file = |held: &CaseMaterial| ShelfFile {
            path: held.path.clone(),
            len: held.text.len() as u64,
            modified: None,
        };
        Ok(self.0.iter().map(file).collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, ShelfError> {
        let held = self.0.iter().find(|held| held.path == path).ok_or(ShelfError::Gone)?;
        Ok(held.text.clone().into_bytes())
    }
}
