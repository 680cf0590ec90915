//! The crate's integration tests, in one binary because each links for long.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests show their failures by panicking, and so does what they share"
)]

mod hub_crash;
mod hub_desk;
mod hub_edits;
mod hub_registers;
mod journal;
mod journal_crash;
mod journal_processes;
mod journal_verify;
mod store;
mod stores;
