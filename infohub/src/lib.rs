//! The Customer Success Plan and its store: typed sections, patches, evidence, journal, history.

pub mod journal;
pub mod store;
