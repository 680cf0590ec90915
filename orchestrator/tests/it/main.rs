//! Integration tests of the orchestrator on a real folder: from events and decisions to files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests show their failures by panicking"
)]

mod case_studies;
mod news;
mod office;
mod steps;
