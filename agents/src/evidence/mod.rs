//! Whether what an item rests on is true: each quote is looked up in the account's material, each CRM
//! value in the account's facts. It must not know prompts, models, or where material is kept.
//!
//! ```text
//! Evidence ──► Sources::judge ──► Verdict ──► Verdict::corrected ──► Evidence as it enters the plan
//!                  │    │                         (or nothing)
//!     material ────┘    └──── account.yaml
//! ```
//!
//! What is compared is folded (case, spacing, quote marks, dashes, hidden characters); what enters the
//! plan is the source's own spelling, with the lines on which it stands.

mod crm;
mod find;
pub(crate) mod fold;
mod index;
mod orphan;
mod shelf;
mod sources;
mod verdict;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use orphan::{Orphan, OrphanKind, orphans};
pub use shelf::Folds;
pub use sources::Sources;
pub(crate) use verdict::shortened;
pub use verdict::{EvidenceCheck, Verdict};

/// The fewest words that a quote needs, unless it is a whole line or cell.
pub const FEWEST_WORDS: usize = 8;
