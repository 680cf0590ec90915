//! The outside world: model client, material readers, search, CRM records.

pub mod crm;
pub mod material;
pub mod model;
