//! What a model has said before: a client that has such a memory asks each question once, and one without a server
//! replays a recording. Where it is kept is for others to say.

use super::ModelReply;

/// Replies by the fingerprint of their question.
pub trait Memory: Send + Sync {
    /// The reply to this question, if it was asked before.
    fn recall(&self, question: &str) -> Option<ModelReply>;
    /// Keeps a reply that was paid for.
    fn keep(&self, question: &str, reply: &ModelReply);
}
