//! Whether what an item rests on is true: each quote is looked up in the account's material, each CRM
//! value in the account's facts. It must not know prompts, models, or where material is kept.
//!
//! ```text
//! Evidence ──► Sources::judge ──► Verdict ──► Verdict::corrected ──► Evidence as it enters the plan
//!                  │    │                         (or nothing)
//!     material ────┘    └──── account.yaml
//! ```
//!
//! What is said about the plan itself may rest on the plan's own items; see [`judge`].
//!
//! What is compared is folded (case, spacing, quote marks, dashes, hidden characters); what enters the
//! plan is the source's own spelling, with the lines on which it stands.

mod calculation;
pub(crate) mod cells;
mod crm;
mod find;
pub(crate) mod fold;
mod hearsay;
mod index;
mod orphan;
mod plan_item;
mod shelf;
mod sources;
pub(crate) mod unit;
mod verdict;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use infohub::evidence::Evidence;
use infohub::plan::{Plan, SectionKey};

pub use calculation::InputFault;
pub use orphan::{Orphan, OrphanKind, orphans};
pub(crate) use plan_item::{has_list_about_the_plan, speaks_about_the_plan};
pub use shelf::Folds;
pub use sources::Sources;
pub(crate) use verdict::shortened;
pub use verdict::{EvidenceCheck, Verdict};

/// Compares a piece of evidence under an item of this list with the account's sources, or with the plan where it
/// cites the plan; a calculation is worked out again.
pub fn judge(evidence: &Evidence, place: (SectionKey, &str), sources: &Sources<'_>, plan: &Plan) -> Verdict {
    match evidence {
        Evidence::Item { item, field, value } => plan_item::judge(plan, place, item, field, value),
        Evidence::Calculation(cited) => calculation::judge(cited, sources, plan),
        Evidence::Quote { .. } | Evidence::Crm { .. } => sources.judge(evidence),
    }
}

/// The fewest words that a quote needs, unless it is a whole line or cell.
pub const FEWEST_WORDS: usize = 8;
