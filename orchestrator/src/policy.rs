//! What decisions are made by: the workspace's rules, agents' rights, review policy, people and template.

use std::collections::BTreeMap;

use infohub::ids::PersonId;
use infohub::plan::{Lifecycle, Patch, Plan, SectionKey, Status};
use infohub::team::Team;
use infohub::template::Template;
use serde::{Deserialize, Serialize};

use crate::rules::RuleSet;

/// All that decisions are made by; read once, at the start.
#[derive(Debug)]
pub struct Policy {
    /// The rules.
    pub rules: RuleSet,
    /// The agents' tasks by name, as `sa.initiate_csp`.
    pub tasks: BTreeMap<String, TaskRights>,
    /// Who lets a draft in.
    pub review: ReviewPolicy,
    /// The people.
    pub team: Team,
    /// What a new plan starts from, and which sections are required when.
    pub template: Template,
}

/// What a task may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRights {
    /// Sections that it may write.
    pub sections: Vec<SectionKey>,
    /// The phase that the plan is in once it is done.
    pub phase: Option<Lifecycle>,
}

/// Whether a draft enters the plan by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// It does, marked as drafted.
    Auto,
    /// A person lets it in.
    Review,
}

/// Who lets a draft in, by agent and section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPolicy {
    /// What holds for one agent in one section, where it differs from the default.
    #[serde(default)]
    pub gates: BTreeMap<String, BTreeMap<SectionKey, Gate>>,
}

impl ReviewPolicy {
    /// The gate for a patch of `agent`. By default drafts enter a plan that is still a draft itself; once it
    /// has gone to the customer, a person lets them in. Taking away what a person accepted always needs one.
    pub fn gate(&self, agent: &str, patch: &Patch, plan: &Plan) -> Gate {
        let by_default = if plan.plan.status == Status::Draft { Gate::Auto } else { Gate::Review };
        let set = self.gates.get(agent);
        let gate =
            |section: &SectionKey| set.and_then(|gates| gates.get(section)).copied().unwrap_or(by_default);
        let touched = patch.upserts().map(|(section, _, _)| section);
        let reviewed = touched.into_iter().any(|section| gate(&section) == Gate::Review);
        if reviewed || takes_accepted(patch, plan) { Gate::Review } else { Gate::Auto }
    }
}

/// Whether the patch changes or removes what a person wrote or accepted.
fn takes_accepted(patch: &Patch, plan: &Plan) -> bool {
    plan.items().any(|(_, _, item)| patch.seen.contains_key(item.id()) && item.review().is_none())
}

impl Policy {
    /// Whether this person may decide.
    pub fn knows(&self, person: &PersonId) -> bool {
        self.team.person(person).is_some()
    }
}
