//! Section 2: the people on both sides. What we think of them stays internal.

use super::{each, need};
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Level, Side, says_something, words};

words! {
    /// Where a person stands; our own reading, never inferred by an agent and never shown.
    Stance {
        /// Argues for us.
        Champion,
        /// Is for it.
        Supporter,
        /// Has not taken a side.
        Neutral,
        /// Has doubts.
        Sceptic,
        /// Is against it.
        Blocker,
    }
}

item! {
    /// A person who matters to the plan.
    Stakeholder "sh" {
        /// The person's name.
        [shared] name: String;
        /// Whose side the person is on.
        [shared] side: Option<Side>,
        /// Title or part played.
        [shared] role: Option<String>,
        /// What the person cares about, as said.
        [shared] priorities: Option<String>,
        /// How often we speak.
        [shared] cadence: Option<String>,
        /// Where the person stands.
        stance: Option<Stance>,
        /// How much the person's word weighs.
        influence: Option<Level>,
        /// Anything else.
        notes: Option<String>,
    }
}

section! {
    /// Section 2.
    Stakeholders / StakeholdersPatch {
        /// The people.
        [shared] people: Stakeholder,
    }
}

impl Stakeholders {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        let side = |side| self.people.iter().filter(move |person| person.side == Some(side)).cloned();
        need(&mut gaps, &side(Side::Customer).collect::<Vec<_>>(), "a stakeholder on the customer's side");
        need(&mut gaps, &side(Side::Ours).collect::<Vec<_>>(), "a stakeholder on our side");
        each(&mut gaps, &self.people, "a role for", |person| says_something(person.role.as_deref()));
        gaps
    }
}
