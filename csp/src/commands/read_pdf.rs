//! The child process that reads one PDF file; its parent is a `csp` that meets PDF material. Hidden, since it
//! is of no use to people.

use std::io;

use clap::Args;
use tools::material::pdf::child_main;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::Ended;

/// Reads a PDF file from the standard input and writes its text in a frame
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  csp read-pdf < report.pdf")]
pub struct ReadPdf {}

impl ReadPdf {
    pub fn run(self) -> Ended {
        match child_main(io::stdin().lock(), io::stdout().lock()) {
            Ok(()) => Ok(Exit::Done),
            Err(error) => Err(Fault::of(Exit::Failed, &error).into()),
        }
    }
}
