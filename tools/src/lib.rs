//! The outside world: model client, material readers, search, CRM records.
