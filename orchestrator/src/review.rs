//! What waits for a person's eyes: drafts that are in the plan and marked, and drafts that are not in it yet.

use infohub::ids::ItemId;
use infohub::plan::{Item, Patch, Plan, SectionKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::task::TaskId;

/// A draft that a person is to accept, edit or reject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The task that drafted it; also the review's id.
    pub task: TaskId,
    /// Agent and task.
    pub run: String,
    /// Where the draft is.
    pub draft: Place,
}

/// Where a draft is while it waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the plan, each item marked as drafted.
    InPlan(Vec<ItemId>),
    /// Not in the plan: what would be changed.
    Proposed(Box<Patch>),
}

/// An item that a person turned down, by what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Where it stood.
    pub section: SectionKey,
    /// Short hash of its text, case and white space folded.
    pub text: String,
}

impl Rejected {
    /// What is remembered of an item.
    pub fn of(section: SectionKey, item: &dyn Item) -> Self {
        let folded = item.text().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        Self { section, text: short(folded.as_bytes()) }
    }

    /// The same where it would come in again, and be carried back from: a risk in the register, a milestone as an action.
    pub fn in_counterpart(&self) -> Option<Self> {
        let section = match self.section {
            SectionKey::Risks => SectionKey::RiskRegister,
            SectionKey::RiskRegister => SectionKey::Risks,
            SectionKey::AdoptionJourney => SectionKey::ActionTracker,
            _ => return None,
        };
        Some(Self { section, text: self.text.clone() })
    }
}

impl Review {
    /// The hash of exactly what a person is shown: an approval of it is void once this has changed.
    pub fn content_hash(&self, plan: Option<&Plan>) -> String {
        let mut content = String::new();
        match &self.draft {
            Place::InPlan(ids) => {
                let items =
                    plan.into_iter().flat_map(Plan::items).filter(|(_, _, item)| ids.contains(item.id()));
                for (section, list, item) in items {
                    content += &format!("{section}.{list} {} {}\n", item.id(), item.content_hash());
                }
            }
            Place::Proposed(patch) => content = serde_json::to_string(patch).unwrap_or_default(),
        }
        short(content.as_bytes())
    }
}

fn short(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
