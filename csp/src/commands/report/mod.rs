//! `csp report`: what the Reporter and the Risk Radar have to say.

mod digest;
mod qbr;

use clap::Subcommand;

use crate::scene::{Ended, Scene};

/// Reports: the week's digest, the preparation of a business review
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp report digest")]
pub enum Report {
    Digest(digest::Digest),
    Qbr(qbr::Qbr),
}

impl Report {
    pub fn run(self, scene: &Scene) -> Ended {
        match self {
            Self::Digest(command) => command.run(scene),
            Self::Qbr(command) => command.run(scene),
        }
    }
}
