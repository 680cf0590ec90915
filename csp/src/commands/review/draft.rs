//! An open review with what it is about: the drafted items, wherever they are.

use infohub::facts::AccountFile;
use infohub::ids::{AccountSlug, ItemId};
use infohub::plan::{Item, Patch, Plan, SectionKey};
use orchestrator::review::{Place, Review};
use orchestrator::task::Task;

use crate::commands::decide::{self, Found};
use crate::fault::{Fault, Faults};
use crate::workspace::Workspace;

/// An open review.
pub struct Open {
    /// The account.
    pub account: AccountSlug,
    /// The review.
    pub review: Review,
    /// The task that drafted it.
    pub task: Task,
    /// The plan as it is.
    pub plan: Option<Plan>,
    /// What the CRM says of the account.
    pub facts: AccountFile,
}

impl Open {
    /// Finds an open review by its task's id, or the last part of it.
    pub fn find(workspace: &Workspace, wanted: &str) -> Result<Self, Faults> {
        let Found { account, state, task } = decide::find(workspace, wanted)?;
        let review = state.reviews.get(&task.id).cloned().ok_or_else(|| {
            Fault::not_found(format!("task {} has no open review; it is {}", task.id, task.status.word()))
                .help("`csp review list` shows what waits for a person")
        })?;
        let loaded = workspace.account(&account)?;
        let plan = loaded.plan().cloned();
        Ok(Self { account, review, task, plan, facts: loaded.facts })
    }

    /// The hash of exactly what is shown.
    pub fn hash(&self) -> String {
        self.review.content_hash(self.plan.as_ref())
    }

    /// The drafted items with their places, in the order of the plan.
    pub fn items(&self) -> Vec<(SectionKey, &'static str, &dyn Item)> {
        match &self.review.draft {
            Place::InPlan(ids) => {
                let drafted = |id: &ItemId| ids.contains(id);
                let items = self.plan.iter().flat_map(Plan::items);
                items.filter(|(_, _, item)| drafted(item.id())).collect()
            }
            Place::Proposed(patch) => patch.upserts().collect(),
        }
    }

    /// The draft, if it is not in the plan yet.
    pub fn proposed(&self) -> Option<&Patch> {
        match &self.review.draft {
            Place::InPlan(_) => None,
            Place::Proposed(patch) => Some(patch),
        }
    }
}
