//! Section 10: risks. Customers see what is done about them, not what we think of them.

use super::each;
use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;
use crate::plan::words::{Level, Light, Owner, says_something, words};

words! {
    /// What has become of a risk.
    RiskStatus {
        /// It may happen.
        Open,
        /// Something has been done about it.
        Mitigated,
        /// It is lived with.
        Accepted,
        /// It cannot happen any more, or has happened.
        Closed,
    }
}

item! {
    /// A risk to the plan.
    Risk "rk" {
        /// What may happen.
        risk: String;
        /// Its colour.
        rating: Option<Light>,
        /// How likely it is.
        likelihood: Option<Level>,
        /// How much it would hurt.
        impact: Option<Level>,
        /// What is done about it.
        [shared] mitigation: Option<String>,
        /// Who answers for it.
        owner: Option<Owner>,
        /// What has become of it.
        status: Option<RiskStatus>,
        /// The same risk in risk_register.yaml.
        register: Option<ItemId>,
    }
}

section! {
    /// Section 10.
    Risks / RisksPatch {
        /// The risks.
        [shared] risks: Risk,
    }
}

impl Risks {
    pub(crate) fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        super::need(&mut gaps, &self.risks, "the risks, or one entry that says there are none known");
        each(&mut gaps, &self.risks, "a mitigation for the red risk", |risk| {
            risk.rating != Some(Light::Red) || says_something(risk.mitigation.as_deref())
        });
        gaps
    }
}
