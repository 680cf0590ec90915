//! Section 5: how both sides will judge the technical fit.

use jiff::civil::Date;

use super::{each, need};
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Owner, Progress, Side, is_placeholder, says_something, words};

/// The specification allows one to five success criteria.
pub const MOST_CRITERIA: usize = 5;

words! {
    /// How a success criterion stands.
    Verdict {
        /// Not yet tried.
        Open,
        /// Being tried.
        InProgress,
        /// The measurement reached the target.
        Met,
        /// It did not.
        NotMet,
    }
}

item! {
    /// A success criterion.
    SuccessCriterion "sc" {
        /// What must hold.
        [shared] criterion: String;
        /// How it is measured.
        [shared] measurement: Option<String>,
        /// The value that counts as success, with its unit.
        [shared] target: Option<String>,
        /// How it stands.
        [shared] status: Option<Verdict>,
    }
}

item! {
    /// A step of the evaluation.
    EvaluationStep "ev" {
        /// What is done.
        [shared] step: String;
        /// Who does it.
        [shared] owner: Option<Owner>,
        /// First day.
        [shared] starts: Option<Date>,
        /// Last day.
        [shared] ends: Option<Date>,
        /// How far it has come.
        [shared] status: Option<Progress>,
    }
}

item! {
    /// People, systems or access that the evaluation needs.
    Resource "rs" {
        /// What is needed.
        [shared] resource: String;
        /// Who provides it.
        [shared] side: Option<Side>,
        /// How much of it.
        [shared] amount: Option<String>,
    }
}

item! {
    /// A dated point of the evaluation's timeline.
    TimelinePoint "tp" {
        /// What happens.
        [shared] event: String;
        /// When.
        [shared] date: Option<Date>,
    }
}

section! {
    /// Section 5.
    TechnicalEvaluation / TechnicalEvaluationPatch {
        /// One to five criteria.
        [shared] success_criteria: SuccessCriterion,
        /// The evaluation plan.
        [shared] plan: EvaluationStep,
        /// Resources on both sides.
        [shared] resources: Resource,
        /// The timeline.
        [shared] timeline: TimelinePoint,
    }
}

impl TechnicalEvaluation {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.success_criteria, "at least one success criterion");
        let real =
            self.success_criteria.iter().filter(|criterion| !is_placeholder(&criterion.criterion)).count();
        if real > MOST_CRITERIA {
            gaps.push(format!("at most {MOST_CRITERIA} success criteria: there are {real}"));
        }
        each(&mut gaps, &self.success_criteria, "a measurement for", |criterion| {
            says_something(criterion.measurement.as_deref())
        });
        each(&mut gaps, &self.success_criteria, "a target for", |criterion| {
            says_something(criterion.target.as_deref())
        });
        need(&mut gaps, &self.plan, "the steps of the evaluation");
        gaps
    }
}
