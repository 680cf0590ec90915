//! `decision_log.yaml`: what was decided, by whom, and whether anybody confirmed it.

use jiff::civil::Date;

use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::words;

words! {
    /// Whether a decision stands.
    DecisionStatus {
        /// Said, but confirmed by nobody.
        Proposed,
        /// Confirmed by those who may.
        Confirmed,
        /// Another decision took its place.
        Superseded,
        /// Taken back.
        Withdrawn,
    }
    /// What a decision is about.
    DecisionKind {
        /// How the solution is built.
        Architecture,
        /// What is part of the work.
        Scope,
        /// When things happen.
        Schedule,
        /// Terms between the companies.
        Commercial,
        /// How people work together.
        Process,
    }
}

item! {
    /// A decision.
    Decision "dc" {
        /// What was decided.
        decision: String;
        /// Whether it stands.
        status: Option<DecisionStatus>,
        /// What it is about.
        kind: Option<DecisionKind>,
        /// When it was made.
        decided_on: Option<Date>,
        /// Who made it.
        decided_by: Vec<String>,
        /// Why it was made so.
        reason: Option<String>,
        /// What it serves: ids of the plan's items, outcomes of section 1 above all. The link is written here only.
        serves: Vec<ItemId>,
        /// The version of the plan that it was made on.
        plan_version: Option<u64>,
        /// The decision that took its place.
        superseded_by: Option<ItemId>,
    }
}

section! {
    /// The decision log.
    DecisionLog / DecisionLogPatch {
        /// The decisions.
        decisions: Decision,
    }
}

impl DecisionLog {
    #[allow(clippy::unused_self, reason = "a register may be empty, a section may not")]
    pub(crate) fn gaps(&self) -> Vec<String> {
        Vec::new()
    }
}
