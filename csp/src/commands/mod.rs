//! One file per command, or per family of commands: its arguments, its help, what it does and prints.

pub mod about;
pub mod account;
pub mod check;
pub mod crm;
pub mod decide;
pub mod demo;
pub mod emit;
pub mod eval;
pub mod gate;
pub mod handoff;
pub mod health;
pub mod inbox;
pub mod init;
pub mod material;
pub mod plan;
pub mod prompt;
pub mod read_pdf;
pub mod register;
pub mod rehearse;
pub mod report;
pub mod review;
pub mod scorecard;
pub mod task;
pub mod why;
pub mod work;
