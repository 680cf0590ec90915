//! The crate's tests that need more than one of its modules.

mod planted;
mod scorers;
mod shipped;
mod suites;
