//! Rules govern: what an event, a draft or a person's decision does to an account is decided by one pure
//! function and carried out by one loop. It must not know pages, arguments or the environment.

pub mod approval;
pub mod attention;
pub mod calendar;
pub mod decide;
pub mod dispatch;
pub mod drafting;
pub mod handoff;
pub mod health;
pub mod intake;
mod measures;
pub mod policy;
pub mod radar;
pub mod rehearse;
pub mod report;
pub mod review;
pub mod rules;
pub mod runs;
pub mod seen;
pub mod shelf;
pub mod state;
pub mod step;
pub mod task;
pub mod wakes;
pub mod work;
