//! The Customer Success Plan and the InfoHub that keeps it: typed sections, patches, evidence,
//! visibility, journal, history. It must not know models, prompts, agents, rules or HTTP.

pub mod calculation;
pub mod event;
pub mod evidence;
pub mod facts;
pub mod hub;
pub mod ids;
pub mod journal;
pub mod number;
pub mod occasion;
pub mod plan;
pub mod registers;
pub mod store;
pub mod team;
pub mod template;
pub mod yaml;
