//! From a task to a checked draft: the account's material, then the drafter or the model, then the checks.

mod extractive;
mod model;

use std::sync::Arc;

use agents::draft::Draft;
use agents::evidence::{Folds, Sources};
use infohub::hub::{Account, HubError};
use infohub::ids::AccountSlug;
use infohub::plan::Plan;
use tokio_util::sync::CancellationToken;
use tools::material::{Libraries, Library, LibraryError, Readers};

pub use extractive::EXTRACTIVE;
pub use model::{Budget, ModelHand, Prompt, prompt, scope_of};

use crate::decide::first_plan;
use crate::intake::Orchestrator;
use crate::policy::TaskRights;
use crate::runs::{self, Run};
use crate::shelf::AccountShelf;
use crate::step::{Drafted, Step};
use crate::task::Task;
use crate::work::Clock;

/// Text of materials that is kept between tasks, in bytes.
const KEPT_TEXT: usize = 256 << 20;

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The work was stopped; the task waits as before.
    #[error("the work was stopped")]
    Stopped,
    /// The task has failed.
    #[error("{0}")]
    Failed(String),
    /// The account cannot be worked on until somebody does something; the task waits.
    #[error("{0}")]
    Blocked(String),
}

impl From<HubError> for DraftError {
    fn from(error: HubError) -> Self {
        Self::Blocked(error.to_string())
    }
}

impl From<LibraryError> for DraftError {
    fn from(error: LibraryError) -> Self {
        Self::Blocked(format!("failed to read the account's materials: {error}"))
    }
}

impl From<tokio::task::JoinError> for DraftError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Failed(format!("the draft broke off: {error}"))
    }
}

/// Who drafts.
pub enum Hand {
    /// Rules, without a model.
    Extractive,
    /// A model.
    Model(Box<ModelHand>),
}

/// Makes drafts.
pub struct Draftsman {
    hand: Hand,
    readers: Readers,
    libraries: Libraries,
    folds: Folds,
}

/// A draft with what was found on the way to it.
#[derive(Debug)]
pub struct Checked {
    /// What is taken in.
    pub drafted: Drafted,
    /// What became of each piece of evidence, what was left out, what is warned of. Its patch is that of `drafted`.
    pub draft: Draft,
}

/// What one draft is asked for and by whom; cheap to hand on to another thread.
#[derive(Clone)]
struct Order {
    orchestrator: Arc<Orchestrator>,
    slug: AccountSlug,
    task: Task,
    clock: Clock,
}

/// All that a draft is made from.
struct Desk {
    account: Account<Step>,
    plan: Arc<Plan>,
    library: Arc<Library>,
    rights: TaskRights,
}

impl Draftsman {
    /// A draftsman who reads materials with `readers`.
    pub fn new(hand: Hand, readers: Readers) -> Self {
        Self { hand, readers, libraries: Libraries::new(KEPT_TEXT), folds: Folds::default() }
    }

    /// The account's material as it is now, from memory where nothing changed.
    pub fn library(
        &self,
        orchestrator: &Orchestrator,
        slug: &AccountSlug,
    ) -> Result<Arc<Library>, DraftError> {
        let shelf = AccountShelf::new(orchestrator.hub(), slug)?;
        Ok(self.libraries.load(slug.as_str(), &shelf, &self.readers)?)
    }

    /// Drafts the task.
    pub async fn draft(
        self: &Arc<Self>,
        orchestrator: &Arc<Orchestrator>,
        slug: &AccountSlug,
        task: &Task,
        clock: &Clock,
        stop: &CancellationToken,
    ) -> Result<Drafted, DraftError> {
        Ok(self.draft_checked(orchestrator, slug, task, clock, stop).await?.drafted)
    }

    /// The same, with what the checks found.
    pub async fn draft_checked(
        self: &Arc<Self>,
        orchestrator: &Arc<Orchestrator>,
        slug: &AccountSlug,
        task: &Task,
        clock: &Clock,
        stop: &CancellationToken,
    ) -> Result<Checked, DraftError> {
        if stop.is_cancelled() {
            return Err(DraftError::Stopped);
        }
        let order = Order {
            orchestrator: Arc::clone(orchestrator),
            slug: slug.clone(),
            task: task.clone(),
            clock: Arc::clone(clock),
        };
        match &self.hand {
            Hand::Extractive => {
                let draftsman = Arc::clone(self);
                tokio::task::spawn_blocking(move || draftsman.extract(&order)).await?
            }
            Hand::Model(hand) => self.by_model(hand, order, stop).await,
        }
    }

    fn desk(&self, order: &Order) -> Result<Desk, DraftError> {
        let account = order.orchestrator.load(&order.slug)?;
        let policy = order.orchestrator.policy();
        let run = &order.task.run;
        let rights = policy.tasks.get(run).cloned();
        let rights =
            rights.ok_or_else(|| DraftError::Failed(format!("no agent has a task '{run}' any more")))?;
        let first = || first_plan(&account.facts, &order.task.subject, (order.clock)(), policy);
        let kept = account.plan.as_ref().map(|kept| Arc::clone(&kept.plan));
        let plan = kept.unwrap_or_else(|| Arc::new(first()));
        let library = self.library(&order.orchestrator, &order.slug)?;
        Ok(Desk { account, plan, library, rights })
    }

    fn sources<'a>(&'a self, desk: &'a Desk) -> Sources<'a> {
        Sources { library: &desk.library, facts: &desk.account.facts, folds: &self.folds }
    }
}

impl Order {
    /// Closes the run's record and hands the draft over.
    fn finish(&self, mut run: Run, draft: Draft) -> Result<Checked, DraftError> {
        run.checks = draft.checks.iter().map(ToString::to_string).collect();
        run.dropped = draft.dropped.iter().map(ToString::to_string).collect();
        run.warnings = draft.warnings.iter().map(ToString::to_string).collect();
        let author = run.author.clone();
        self.close(run, "drafted")?;
        let patch = draft.patch.clone();
        let drafted = Drafted { task: self.task.id.clone(), draft: self.task.draft, patch, author };
        Ok(Checked { drafted, draft })
    }

    fn close(&self, mut run: Run, outcome: &str) -> Result<(), DraftError> {
        run.outcome = Some(outcome.to_owned());
        run.ended = Some((self.clock)());
        Ok(runs::write(self.orchestrator.hub(), &self.slug, &run)?)
    }
}
