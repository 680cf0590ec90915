//! Integration tests of the orchestrator on a real folder: from events and decisions to files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests show their failures by panicking"
)]

mod approvals;
mod attention;
mod case_studies;
mod follow;
mod frail;
mod governed;
mod news;
mod office;
mod registers;
mod steps;
mod twin;
