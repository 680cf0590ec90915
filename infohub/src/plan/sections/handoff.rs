//! Section 9: what passes from the SA to the CA. Internal: promises are shared through the plan's other
//! sections once they are accepted.

use jiff::civil::Date;

use super::need;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Owner, words};

words! {
    /// What became of a commitment.
    CommitmentStatus {
        /// Nobody has answered to it yet.
        Open,
        /// Taken over as it is.
        Accepted,
        /// Taken over in another form.
        Renegotiated,
        /// Not taken over.
        Declined,
        /// Done.
        Kept,
    }
}

item! {
    /// One point of the handoff checklist.
    ChecklistPoint "cl" {
        /// What must be so.
        point: String;
        /// Whether it is; left out while nobody has looked.
        done: Option<bool>,
        /// Who looked.
        by: Option<String>,
        /// When.
        on: Option<Date>,
    }
}

item! {
    /// Something left open.
    OpenItem "oi" {
        /// What is open.
        item: String;
        /// Who sees to it.
        owner: Option<Owner>,
        /// By when.
        due: Option<Date>,
    }
}

item! {
    /// A promise that somebody made.
    Commitment "cm" {
        /// What was promised.
        commitment: String;
        /// Who promised.
        by: Option<String>,
        /// To whom.
        to: Option<String>,
        /// When it was made.
        made_on: Option<Date>,
        /// What became of it.
        status: Option<CommitmentStatus>,
        /// What it became, where it was renegotiated; what was promised stays.
        renegotiated_to: Option<String>,
    }
}

item! {
    /// A regular meeting.
    CadencePoint "cd" {
        /// Which meeting.
        [shared] meeting: String;
        /// How often.
        [shared] frequency: Option<String>,
        /// Who takes part.
        [shared] attendees: Vec<String>,
    }
}

section! {
    /// Section 9.
    Handoff / HandoffPatch {
        /// The checklist.
        checklist: ChecklistPoint,
        /// Open items.
        open_items: OpenItem,
        /// Commitments made.
        commitments: Commitment,
        /// Meetings from now on.
        [shared] cadence: CadencePoint,
    }
}

impl Handoff {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        need(&mut gaps, &self.checklist, "the handoff checklist");
        need(&mut gaps, &self.cadence, "the meeting cadence");
        gaps
    }
}
