//! YAML as people keep it: read strictly, written plainly, edited without loss.
//!
//! ```text
//! text ── read ──► value            strict: no guessing, no duplicate keys, bounded
//! value ── emit ──► text            `read` gives back the same value
//! text, old, new ── rewrite ──► text   only what differs between old and new is touched
//! ```
//!
//! It must not know what a plan is: sections here are top-level keys, items are mappings in a list.

mod edit;
mod emit;
mod error;
mod gate;
mod nearest;
mod outline;
mod read;
mod rewrite;
mod scalar;
mod splice;
mod tree;
mod value;

pub use emit::{EmitError, emit};
pub use error::YamlError;
pub use nearest::nearest;
pub use read::{MAX_BYTES, MAX_DEPTH, read, read_bytes, read_value};
pub use rewrite::{RewriteError, Rewritten, Way, rewrite};
