//! The only place that reads the environment, the clock, the current folder and the terminal's nature.
//! It must not know what any of it is used for.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use jiff::Timestamp;

/// The value of an environment variable, if it is set and is text.
#[expect(clippy::disallowed_methods, reason = "the binary's one reader of the environment")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The time.
#[expect(clippy::disallowed_methods, reason = "the binary's one reader of the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The folder that the command was started in.
pub fn current_folder() -> io::Result<PathBuf> {
    std::env::current_dir()
}

/// The program that is running, to start its own children by.
pub fn program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// Where files may lie for the length of one command.
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

/// Whether a person sees the standard output, and whether colours may be used on it.
pub fn stdout_terminal() -> (bool, bool) {
    let terminal = io::stdout().is_terminal();
    let plain = variable("NO_COLOR").is_some() || variable("TERM").as_deref() == Some("dumb");
    (terminal, terminal && !plain)
}

/// Whether a person sees the standard error.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}
