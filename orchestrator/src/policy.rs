//! What decisions are made by: the workspace's rules, agents' rights, review policy, people and template.

use std::collections::BTreeMap;

use infohub::ids::PersonId;
use infohub::plan::{Lifecycle, Patch, Plan, SectionKey, Status};
use infohub::team::Team;
use infohub::template::Template;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::{Approval, Approvers};
use crate::calendar::{Length, Moment, Unit, instant};
use crate::review::Deadlines;
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

/// Who lets a draft in, by agent and section, and by when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewPolicy {
    /// What holds for one agent in one section, where it differs from the default.
    pub gates: BTreeMap<String, BTreeMap<SectionKey, Gate>>,
    /// Which roles may let drafts in.
    pub approvers: Approvers,
    /// How long people have.
    pub times: ReviewTimes,
}

/// How long people have to decide on a draft. Each ends with the office's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewTimes {
    /// Until it is reminded of.
    pub due: Length,
    /// From then until whoever leads them is told.
    pub escalate: Length,
    /// Until a draft outside the plan lapses.
    pub expires: Length,
}

impl Default for ReviewTimes {
    fn default() -> Self {
        Self {
            due: Length { count: 3, unit: Unit::BusinessDay },
            escalate: Length { count: 1, unit: Unit::BusinessDay },
            expires: Length { count: 30, unit: Unit::Day },
        }
    }
}

impl ReviewTimes {
    /// The deadlines of a review that is opened at the moment, in the time zone of the person who is asked. What
    /// comes too far ahead for a calendar comes never.
    pub fn from(self, opened: &Moment) -> Option<Deadlines> {
        let Moment { zone, calendar, .. } = opened;
        let due = self.due.after(opened.today(), calendar);
        let escalates = self.escalate.after(due, calendar);
        let expires = self.expires.after(opened.today(), calendar).max(escalates);
        let end = |day| instant(day, calendar.closes, zone);
        Some(Deadlines { due: end(due)?, escalates: end(escalates)?, expires: end(expires)? })
    }
}

impl ReviewPolicy {
    /// The gate for a patch of `agent`. By default drafts enter a plan that is still a draft itself; once it
    /// has gone to the customer, a person lets them in. Taking away what a person accepted always needs one.
    pub fn gate(&self, agent: &str, patch: &Patch, plan: &Plan) -> Gate {
        let by_default = if plan.plan.status == Status::Draft { Gate::Auto } else { Gate::Review };
        let set = self.gates.get(agent);
        let gate =
            |section: &SectionKey| set.and_then(|gates| gates.get(section)).copied().unwrap_or(by_default);
        let removed = patch.removals().map(|(section, _, _)| section);
        let touched = patch.upserts().map(|(section, _, _)| section).chain(removed);
        let reviewed = touched.into_iter().any(|section| gate(&section) == Gate::Review);
        if reviewed || takes_accepted(patch, plan) { Gate::Review } else { Gate::Auto }
    }
}

/// Whether the patch changes or removes what a person wrote or accepted.
fn takes_accepted(patch: &Patch, plan: &Plan) -> bool {
    plan.items().any(|(_, _, item)| patch.seen.contains_key(item.id()) && item.review().is_none())
}

impl Policy {
    /// What decides who may let drafts in at the moment.
    pub fn approval(&self, now: Timestamp) -> Approval<'_> {
        let (approvers, calendar) = (&self.review.approvers, self.rules.calendar());
        Approval { approvers, team: &self.team, calendar, now }
    }

    /// Whether this person may decide.
    pub fn knows(&self, person: &PersonId) -> bool {
        self.team.person(person).is_some()
    }
}
