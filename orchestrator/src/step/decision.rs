//! What people decide, as it comes in. What follows from it is decided elsewhere.

use infohub::ids::{ItemId, PersonId};
use infohub::occasion::Occasion;
use infohub::plan::{Agreement, Patch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rules::GateName;
use crate::task::TaskId;

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Who, as named in team.yaml.
    pub by: PersonId,
    /// What.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The decisions that people take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// The draft is right.
    Accept {
        /// The review.
        review: TaskId,
        /// Hash of what was shown.
        shown: String,
    },
    /// The draft is right once it is changed so.
    Edit {
        /// The review.
        review: TaskId,
        /// Hash of what was shown.
        shown: String,
        /// The person's changes; what they leave alone is accepted.
        patch: Box<Patch>,
    },
    /// The draft is wrong.
    Reject {
        /// The review.
        review: TaskId,
        /// Hash of what was shown.
        shown: String,
        /// Why.
        reason: String,
    },
    /// An agent's task is to be done, whatever the rules say.
    Start {
        /// Agent and task, as `sa.initiate_csp`.
        run: String,
        /// What it is about.
        #[serde(default)]
        occasion: Box<Occasion>,
    },
    /// The task is to be done again.
    Retry {
        /// The task.
        task: TaskId,
    },
    /// The task is not to be done.
    Cancel {
        /// The task.
        task: TaskId,
        /// Why.
        reason: String,
    },
    /// A closed gate lets through for a while.
    OpenGate {
        /// The gate.
        gate: GateName,
        /// Why.
        reason: String,
        /// Until when.
        until: Timestamp,
    },
    /// The customer agreed to the plan.
    Agree {
        /// To what, who, and when.
        agreement: Agreement,
    },
    /// A handoff to the CA.
    Handoff {
        /// Its opportunity.
        handoff: String,
        /// What about it.
        is: HandoffVerdict,
    },
}

/// What people decide about a handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "handoff_verdict")]
pub enum HandoffVerdict {
    /// The CA takes over.
    Accept,
    /// The CA does not.
    Refuse {
        /// Why not.
        reason: String,
    },
    /// The SA offers it again after a refusal.
    Offer,
    /// The CA answers to a commitment that was made.
    Answer {
        /// The commitment.
        item: ItemId,
        /// What becomes of it.
        answer: Answer,
    },
}

/// What becomes of a commitment at a handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Answer {
    /// It is taken over as it is.
    Accepted,
    /// It is taken over in another form.
    Renegotiated {
        /// What it says from now on.
        to: String,
    },
    /// It is not taken over.
    Declined,
}
