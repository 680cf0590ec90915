//! The command as people and programs meet it: the real binary in folders of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests show their failures by panicking, tell what they skip, and read how much to do"
)]

mod approvals;
mod arrows;
mod commands;
mod evals;
mod governed;
mod help;
mod hostile;
mod inbox;
mod kill;
mod model;
mod post;
mod prompts;
mod real_agents;
mod real_model;
mod refusals;
mod registers;
mod reports;
mod reviews;
mod scenarios;
mod signals;
mod specification;
mod stage;
mod tasks;
mod twice;
