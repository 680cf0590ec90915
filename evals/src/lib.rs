//! What agents write, scored: suites of cases, each run on a scratch account through the real path, its
//! outcome judged by scorers, the scores compared with a baseline by statistics that say how sure they are.
//!
//! ```text
//! suite ─► case ─► scratch account ─► task ─► draft ─► Produced ─► scorers ─► Score
//!                                                          └──────► log (one line a case and repeat)
//!                                                   log, log of the baseline ─► comparison ─► reports
//! ```
//!
//! It must not know pages, arguments, or the run loop's internals.

pub mod log;
pub mod produced;
pub mod score;
pub mod suite;
