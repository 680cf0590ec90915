//! The way out: lines or JSON to the standard output, notes to the standard error. A reader who goes away,
//! as `head` does, is no error; a full disk is.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::Serialize;

use super::paint::Paint;
use super::safe::printable;

/// How wide text is where no terminal says so, and at most.
const WIDTH: usize = 100;

/// Where a command's answer goes.
pub struct Screen {
    /// Colours for the standard output.
    pub paint: Paint,
    /// Whether the answer is for a program.
    pub json: bool,
    /// Columns that text may take.
    pub width: usize,
    /// Whether a person watches the standard output.
    pub terminal: bool,
    failed: RefCell<Option<io::Error>>,
}

impl Screen {
    /// A screen of the terminal's width.
    pub fn new(terminal: bool, colours: bool, json: bool) -> Self {
        let width = if terminal { super::table::terminal_width().unwrap_or(WIDTH) } else { WIDTH };
        let width = width.clamp(40, WIDTH);
        Self { paint: Paint::new(colours), json, width, terminal, failed: RefCell::default() }
    }

    /// One line, or several, of the answer for people; nothing when the answer is for a program.
    pub fn line(&self, text: &str) {
        if !self.json {
            self.out(&printable(text, self.paint.is_on()));
        }
    }

    /// The answer as it is, whoever reads it.
    pub fn out(&self, text: &str) {
        let mut out = io::stdout().lock();
        let written = writeln!(out, "{text}").and_then(|()| out.flush());
        self.note_failure(written);
    }

    /// The answer for a program, pretty; nothing when it is for people.
    pub fn json(&self, answer: &impl Serialize) {
        if self.json {
            self.value(answer);
        }
    }

    /// A value as pretty JSON, whoever reads it.
    pub fn value(&self, value: &impl Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.out(&text),
            Err(error) => self.note_failure(Err(io::Error::other(error))),
        }
    }

    /// One line of an answer that comes bit by bit, as newline-delimited JSON.
    pub fn json_line(&self, answer: &impl Serialize) {
        if self.json {
            match serde_json::to_string(answer) {
                Ok(text) => self.out(&text),
                Err(error) => self.note_failure(Err(io::Error::other(error))),
            }
        }
    }

    /// A remark beside the answer.
    pub fn note(&self, text: &str) {
        let written = writeln!(io::stderr().lock(), "{}", printable(text, self.paint.is_on()));
        self.note_failure(written);
    }

    /// What kept the answer from being written, if anything did; a reader who left does not count.
    pub fn failure(&self) -> Option<io::Error> {
        self.failed.take().filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }

    /// Whether nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.failed.borrow().is_some()
    }

    fn note_failure(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.failed.borrow_mut().get_or_insert(error);
        }
    }
}
