//! The crate's tests that need more than one of its modules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    reason = "tests show their failures by panicking and their figures by printing; data that a check is given is its own"
)]

mod planted;
mod scorers;
mod shipped;
mod suites;
