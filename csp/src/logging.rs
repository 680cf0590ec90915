//! What the libraries log, to the standard error: warnings by default, more with `-v`. Targets that may carry
//! the text of a prompt or an answer are off, whatever is asked for.

use std::io::{self, Write};

use tools::model::LOG_TARGETS_WITH_BODIES;
use tracing_subscriber::EnvFilter;

use crate::outside;

/// Starts logging; the number is how often `-v` was given.
pub fn start(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let mut filter = EnvFilter::new(level);
    for target in LOG_TARGETS_WITH_BODIES {
        // The names are our own constants and always parse.
        if let Ok(off) = format!("{target}=off").parse() {
            filter = filter.add_directive(off);
        }
    }
    let terminal = outside::stderr_is_terminal();
    let ansi = terminal && outside::variable("NO_COLOR").is_none();
    let writer = move || {
        if terminal {
            // A moving line may stand there; it is drawn again below.
            let _ = io::stderr().write_all(b"\r\x1b[2K");
        }
        io::stderr()
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(ansi);
    // Warnings among a command's answer are for people; whoever asks for more wants to know when and where.
    if verbose == 0 {
        lines.without_time().with_target(false).init();
    } else {
        lines.init();
    }
}
