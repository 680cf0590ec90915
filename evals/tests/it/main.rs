//! What evals promise: intervals that cover, verdicts that hold, scorers that catch what is planted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    reason = "tests show their failures by panicking and their figures by printing, and so does what they share; data that a check is given is its own"
)]

mod coverage;
mod logs;
mod planted;
mod reference;
mod reports;
mod sampling;
mod scorers;
mod shipped;
mod suites;
mod verdicts;
