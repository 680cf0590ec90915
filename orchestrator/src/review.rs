//! What waits for a person's eyes: drafts that are in the plan and marked, and drafts that are not in it yet.

use std::collections::BTreeSet;

use infohub::ids::ItemId;
use infohub::plan::{Item, Patch, Plan, SectionKey};
use jiff::Timestamp;
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
    /// By when it is to be decided; nothing if nobody waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadlines: Option<Deadlines>,
    /// How late it was told to be, so that each is told once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Lateness>,
}

/// By when a review is to be decided. Worked out when it is opened, in the days of the person who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// It is reminded of after this.
    pub due: Timestamp,
    /// Whoever leads the person who is asked is told after this.
    pub escalates: Timestamp,
    /// A draft outside the plan lapses after this; one in the plan stays there, and that is told.
    pub expires: Timestamp,
}

/// How late a review is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lateness {
    /// The day is over by which it was to be decided.
    Due,
    /// Nobody decided after the reminder either.
    Escalated,
    /// The draft has become too old.
    Expired,
}

impl Deadlines {
    fn each(&self) -> [(Lateness, Timestamp); 3] {
        [(Lateness::Due, self.due), (Lateness::Escalated, self.escalates), (Lateness::Expired, self.expires)]
    }
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
    /// The sections that the draft touches.
    pub fn sections(&self, plan: Option<&Plan>) -> BTreeSet<SectionKey> {
        match &self.draft {
            Place::InPlan(ids) => {
                let items = plan.into_iter().flat_map(Plan::items);
                items.filter(|(_, _, item)| ids.contains(item.id())).map(|(section, _, _)| section).collect()
            }
            Place::Proposed(patch) => {
                let removed = patch.removals().map(|(section, _, _)| section);
                patch.upserts().map(|(section, _, _)| section).chain(removed).collect()
            }
        }
    }

    /// How late it is at a moment, if that has not been told.
    pub fn grown_late(&self, now: Timestamp) -> Option<Lateness> {
        let come =
            self.deadlines?.each().into_iter().filter(|(_, at)| *at <= now).map(|(late, _)| late).max();
        come.filter(|late| Some(*late) > self.late)
    }

    /// When it will next be later than was told.
    pub fn next_instant(&self) -> Option<Timestamp> {
        let ahead = self.deadlines?.each().into_iter().filter(|(late, _)| Some(*late) > self.late);
        ahead.map(|(_, at)| at).min()
    }

    /// When the draft lapsed, if it is outside the plan and too old.
    pub fn lapsed(&self, now: Timestamp) -> Option<Timestamp> {
        let expires = self.deadlines.map(|deadlines| deadlines.expires);
        expires.filter(|at| *at <= now && matches!(self.draft, Place::Proposed(_)))
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Subject;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    proptest! {
        /// Whenever somebody looks, however often: each lateness is told at most once, in its order, and what is
        /// left to be told is still to come.
        #[test]
        fn each_deadline_is_told_once(
            mut deadlines in prop::array::uniform3(0i64..50),
            mut looks in prop::collection::vec(0i64..60, 1..30),
        ) {
            deadlines.sort_unstable();
            looks.sort_unstable();
            let [due, escalates, expires] = deadlines.map(at);
            let mut review = Review {
                task: TaskId::of("sa.x", "", &Subject::Account("acme".into()), ""),
                run: "sa.x".into(),
                draft: Place::InPlan(Vec::new()),
                deadlines: Some(Deadlines { due, escalates, expires }),
                late: None,
            };
            let mut told = Vec::new();
            for now in looks.iter().copied().map(at) {
                if let Some(late) = review.grown_late(now) {
                    told.push(late);
                    review.late = Some(late);
                }
                prop_assert_eq!(review.grown_late(now), None);
                prop_assert!(review.next_instant().is_none_or(|next| next > now));
            }
            prop_assert!(told.is_sorted_by(|a, b| a < b), "{:?}", told);
            let last = at(*looks.last().unwrap());
            let passed = [due, escalates, expires].iter().filter(|at| **at <= last).count();
            let expected = [None, Some(Lateness::Due), Some(Lateness::Escalated), Some(Lateness::Expired)];
            prop_assert_eq!(review.late, expected[passed]);
        }
    }
}
