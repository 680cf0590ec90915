//! A plan's health by the specification's criteria, each with its reason. Pure: today is an argument.
//!
//! Two answers that do not depend on each other:
//! - **complete**: all five criteria of completeness hold.
//! - **standing**: *at risk* if any indicator of risk holds, which comes before all else; *healthy* if all
//!   four criteria of health hold; *to be watched* if neither.
//!
//! It must not know storage, rules' conditions, or what follows from an answer.

mod cadence;
mod checkup;
mod criteria;
mod gate;
mod log;

pub use cadence::{Cadence, ReviewDue, ReviewPhase};
pub use checkup::Checkup;
pub use criteria::{Criterion, Group};
pub use gate::{GateLog, Override};
pub use log::{HealthChange, HealthLog};

use infohub::plan::{Plan, SectionKey};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What health is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Sections that its phase and tier require.
    pub required: &'a [SectionKey],
    /// The day, in the account's time zone.
    pub today: Date,
    /// The day of the plan's last change, in the same zone.
    pub updated: Date,
    /// The last day on which the customer was met or reviewed the plan; the day the plan began before that.
    pub last_contact: Date,
}

/// How the plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// An indicator of risk holds.
    AtRisk,
    /// No indicator of risk holds, but not all criteria of health do.
    Watch,
    /// All criteria of health hold and no indicator of risk does.
    Healthy,
}

impl Standing {
    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::AtRisk => "at risk",
            Self::Watch => "to be watched",
            Self::Healthy => "healthy",
        }
    }

    /// The word in rules and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtRisk => "at_risk",
            Self::Watch => "watch",
            Self::Healthy => "healthy",
        }
    }
}

/// One criterion, whether it holds, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The criterion.
    pub criterion: Criterion,
    /// Whether it holds.
    pub holds: bool,
    /// What was found, as a sentence without its full stop.
    pub why: String,
}

/// A plan's health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether all criteria of completeness hold.
    pub complete: bool,
    /// How the plan stands.
    pub standing: Standing,
    /// Each criterion, in the specification's order.
    pub findings: Vec<Finding>,
}

impl Health {
    /// Judges the plan.
    pub fn of(case: Case<'_>) -> Self {
        let findings: Vec<Finding> =
            Criterion::ALL.into_iter().map(|criterion| criterion.judge(case)).collect();
        let of = |group| findings.iter().filter(move |finding: &&Finding| finding.criterion.group() == group);
        let complete = of(criteria::Group::Complete).all(|finding| finding.holds);
        let standing = if of(criteria::Group::AtRisk).any(|finding| finding.holds) {
            Standing::AtRisk
        } else if of(criteria::Group::Healthy).all(|finding| finding.holds) {
            Standing::Healthy
        } else {
            Standing::Watch
        };
        Self { complete, standing, findings }
    }

    /// What stands in the way of completeness.
    pub fn missing(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.criterion.group() == criteria::Group::Complete && !finding.holds)
    }

    /// What the standing rests on: the indicators of risk that hold, else the criteria of health that do not,
    /// else all that hold.
    pub fn causes(&self) -> Vec<&Finding> {
        let (group, holds) = match self.standing {
            Standing::AtRisk => (criteria::Group::AtRisk, true),
            Standing::Watch => (criteria::Group::Healthy, false),
            Standing::Healthy => (criteria::Group::Healthy, true),
        };
        let meant = |finding: &&Finding| finding.criterion.group() == group && finding.holds == holds;
        self.findings.iter().filter(meant).collect()
    }
}

#[cfg(test)]
mod tests;
