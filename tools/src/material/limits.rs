//! How much of an account's material is read. Must not know why anyone reads it.

/// The bounds on files and on what becomes of them; a file beyond one is skipped with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file as it lies on the shelf.
    pub file_bytes: u64,
    /// Bytes of text out of one file.
    pub text_bytes: usize,
    /// Lines with text out of one file.
    pub lines: usize,
    /// Files of one account.
    pub files: usize,
    /// Bytes of text over all files of one account.
    pub account_text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            text_bytes: 2 << 20,
            lines: 50_000,
            files: 2_000,
            account_text_bytes: 64 << 20,
        }
    }
}
