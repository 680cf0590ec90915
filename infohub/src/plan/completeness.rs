//! What is still missing in a plan, given which sections are required.

use serde::{Deserialize, Serialize};

use super::{Plan, Section, SectionKey};

/// Something that a required section lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The section.
    pub section: SectionKey,
    /// What it lacks, as a fragment that follows "needs".
    pub needs: String,
}

/// The gaps of the required sections, in order. Placeholder text counts as missing.
pub fn gaps(plan: &Plan, required: &[SectionKey]) -> Vec<Gap> {
    plan.sections()
        .into_iter()
        .filter(|section| required.contains(&section.key()))
        .flat_map(|section: &dyn Section| {
            let key = section.key();
            section.missing().into_iter().map(move |needs| Gap { section: key, needs })
        })
        .collect()
}
