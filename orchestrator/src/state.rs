//! All that the runtime knows of an account besides its files: tasks, reviews, what fired, what was seen.
//! Each journal record carries the whole of it, so nothing needs to be replayed to go on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attention::Outbox;
use crate::handoff::Handoff;
use crate::health::{GateLog, HealthLog};
use crate::review::{Rejected, Review};
use crate::rules::{FiringMemory, GateName};
use crate::seen::Seen;
use crate::task::{Task, TaskId, TaskStatus};

/// How many closed tasks stay in the state; older ones are found in `csp_runs`.
const MOST_CLOSED: usize = 50;
/// How many rejected items are remembered.
const MOST_REJECTED: usize = 500;

/// The state of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Open tasks and the last closed ones, in the order in which they were opened.
    pub tasks: Vec<Task>,
    /// What waits for a person, by the task that drafted it.
    pub reviews: BTreeMap<TaskId, Review>,
    /// What rules have fired.
    pub fired: FiringMemory,
    /// What events were taken in.
    pub seen: Seen,
    /// What people turned down, so that it is not drafted again.
    pub rejected: Vec<Rejected>,
    /// What people are to be told and have not been.
    #[serde(skip_serializing_if = "Outbox::is_empty")]
    pub outbox: Outbox,
    /// How the plan stood over time.
    #[serde(skip_serializing_if = "HealthLog::is_empty")]
    pub health: HealthLog,
    /// The gates that rules have closed or people have opened.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub gates: BTreeMap<GateName, GateLog>,
    /// The handoffs to the CA, by opportunity.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub handoffs: BTreeMap<String, Handoff>,
    /// When time alone will next bring something; nothing if it never will.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wake: Option<Timestamp>,
    /// Which rules and calendar that was worked out by; others make other instants.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ruled_by: String,
}

impl State {
    /// The task with this id.
    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == *id)
    }

    /// The same, to change it.
    pub fn task_mut(&mut self, id: &TaskId) -> Option<&mut Task> {
        self.tasks.iter_mut().find(|task| task.id == *id)
    }

    /// The tasks that wait for an agent, oldest first.
    pub fn pending(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.status == TaskStatus::Pending)
    }

    /// When time should next be looked at: at once if the rules are others than those that were looked at last.
    pub fn due_at(&self, rules: &str) -> Option<Timestamp> {
        if self.ruled_by == rules { self.wake } else { Some(Timestamp::MIN) }
    }

    /// Sets how a task stands.
    pub fn set(&mut self, id: &TaskId, status: TaskStatus) {
        if let Some(task) = self.task_mut(id) {
            task.status = status;
        }
        self.forget_old();
    }

    /// Remembers what a person turned down.
    pub fn reject(&mut self, rejected: impl IntoIterator<Item = Rejected>) {
        for rejected in rejected {
            self.rejected.extend(rejected.in_counterpart());
            self.rejected.push(rejected);
        }
        let excess = self.rejected.len().saturating_sub(MOST_REJECTED);
        self.rejected.drain(..excess);
    }

    fn forget_old(&mut self) {
        let mut excess =
            self.tasks.iter().filter(|task| task.status.is_closed()).count().saturating_sub(MOST_CLOSED);
        let reviews = &self.reviews;
        self.tasks.retain(|task| {
            let forget = excess > 0 && task.status.is_closed() && !reviews.contains_key(&task.id);
            excess -= usize::from(forget);
            !forget
        });
    }
}
