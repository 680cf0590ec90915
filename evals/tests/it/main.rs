//! What evals promise: intervals that cover, verdicts that hold, scorers that catch what is planted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests show their failures by panicking and their figures by printing, and so does what they share"
)]

mod coverage;
mod logs;
mod planted;
mod reference;
mod reports;
mod sampling;
mod shipped;
mod suites;
mod verdicts;
