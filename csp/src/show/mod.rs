//! How things look to a person at a terminal: colours, tables, plans, effects, faults.
//! It must not decide anything, and never opens a file.

pub mod account;
pub mod effects;
pub mod fault;
pub mod item;
pub mod paint;
pub mod plan;
pub mod register;
pub mod report;
pub mod safe;
pub mod screen;
pub mod snippet;
pub mod table;
pub mod words;
