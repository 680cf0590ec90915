//! Reports: what a run came to, as a value that each form renders. They must not know where logs lie.
//!
//! ```text
//! header, lines ─► Summary ──┬─► rows for the terminal
//!        Comparison ─────────┼─► Markdown for a pull request
//!                            ├─► JUnit XML for CI
//!                            └─► one HTML page
//! ```

pub mod figures;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod rows;
mod summary;

pub use summary::{Errored, Note, ScorerSummary, SliceMean, SliceSummary, Summary, Worst};
