//! The crate from outside: statistics against other implementations and against chance, reports against readers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests show their failures by panicking and their figures by printing, and so does what they share"
)]

mod coverage;
mod logs;
mod reference;
mod reports;
mod sampling;
mod verdicts;
