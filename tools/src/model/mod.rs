//! The model client: one question to any OpenAI-compatible server, one answer or one named outcome.
//!
//! ```text
//! ModelRequest ─► ModelClient::ask ─► permit ─► attempt ─► transport (limits) ─► server
//!                      ▲                           │
//!                      └── back-off (retry) ◄── Fault │ reply ─► ModelReply with every attempt
//! ```
//!
//! It must not know prompts, plans, agents, or why a question is asked. It keeps no state between
//! two questions besides its connections and the bound on how many run at once.

mod attempts;
mod client;
mod error_body;
mod fault;
mod key;
mod memory;
mod pace;
mod price;
mod reply;
mod request;
mod retry;
#[cfg(feature = "scripted")]
pub mod scripted;
mod settings;
mod transport;
mod wire_reply;
mod wire_request;

pub use client::{ClientError, ModelClient};
pub use fault::{Fault, FilterStage, LossStage, Malformation, ModelFailure, TimeLimit};
pub use key::{ApiKey, KeyError};
pub use memory::Memory;
pub use price::{Cost, Prices};
pub use reply::{Attempt, Content, ModelReply, Usage};
pub use request::{Message, ModelRequest, OutputSchema, ToolCall, ToolSpec};
pub use retry::Repeat;
pub use settings::{CallLimits, ModelSettings, SchemaMode, SettingsError, Supports, TokenLimitField};

/// Log targets that may carry the text of a request or an answer; the binary must switch them off.
///
/// The transport keeps such bodies away from `async-openai`, so nothing should arrive there; the
/// filter is the second lock on the same door.
pub const LOG_TARGETS_WITH_BODIES: &[&str] = &["async_openai"];
