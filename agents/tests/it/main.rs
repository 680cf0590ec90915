//! The crate from outside: what it makes of whole accounts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests show their failures by panicking and their figures by printing, and so does what they share"
)]

mod drafter;
mod facts;
mod gold;
mod prompts;
mod turn;
mod value;
