//! The outside world: model client, material readers, search, CRM records.

pub mod channel;
pub mod crm;
pub mod material;
pub mod model;
mod tls;
