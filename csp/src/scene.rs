//! What every command is given: the screen, the clock, and the way to the workspace. And the way out: the
//! answer's fate becomes the exit code.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use orchestrator::work::Clock;
use serde_json::json;

use crate::cli::Global;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::outside;
use crate::show::screen::Screen;
use crate::workspace::{self, Workspace};

/// How a command ends.
pub type Ended = Result<Exit, Faults>;

/// Where a command plays.
pub struct Scene {
    /// Where the answer goes.
    pub screen: Screen,
    /// The workspace that the person named, if any.
    named: Option<PathBuf>,
    now: Option<Timestamp>,
}

impl Scene {
    /// The scene that the global options set.
    pub fn new(global: &Global) -> Self {
        let (terminal, colours) = outside::stdout_terminal();
        Self {
            screen: Screen::new(terminal, colours, global.json),
            named: global.workspace.clone(),
            now: global.now.map(|now| now.0),
        }
    }

    /// The time: the person's, or the clock's.
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(outside::now)
    }

    /// The clock for whoever needs the time more than once. A time that the person named stands still.
    pub fn clock(&self) -> Clock {
        match self.now {
            Some(now) => Arc::new(move || now),
            None => Arc::new(outside::now),
        }
    }

    /// The workspace: the named one, or the nearest around the current folder.
    pub fn workspace(&self) -> Result<Workspace, Faults> {
        Workspace::open(self.root()?)
    }

    /// The same, though `csp.toml` may have faults, which come with it.
    pub fn workspace_anyway(&self) -> Result<(Workspace, Option<Faults>), Faults> {
        Workspace::open_anyway(self.root()?)
    }

    fn root(&self) -> Result<PathBuf, Fault> {
        if let Some(root) = &self.named {
            return Ok(root.clone());
        }
        let here = outside::current_folder().map_err(|error| {
            Fault::new(Exit::Failed, format!("the current folder cannot be read: {error}"))
        })?;
        workspace::find(&here).ok_or_else(|| {
            Fault::not_found("neither this folder nor one above it is a workspace: there is no csp.toml")
                .help("`csp init DIR` makes a workspace, `--workspace DIR` names one")
        })
    }

    /// Tells what went wrong, if anything did, and gives the exit code.
    pub fn close(&self, ended: Ended) -> Exit {
        let exit = match ended {
            Ok(exit) => exit,
            Err(faults) => {
                self.tell(&faults);
                faults.exit()
            }
        };
        match self.screen.failure() {
            Some(error) => {
                let fault = Fault::new(Exit::Failed, format!("the answer could not be written: {error}"));
                self.screen.note(&crate::show::fault::fault(&fault, self.screen.paint));
                Exit::Failed
            }
            None => exit,
        }
    }

    fn tell(&self, faults: &Faults) {
        self.screen.json(&json!({ "errors": faults.all(), "exit": faults.exit().code() }));
        if !self.screen.json {
            let paint =
                crate::show::paint::Paint::new(self.screen.paint.is_on() && outside::stderr_is_terminal());
            let told: Vec<_> =
                faults.all().iter().map(|fault| crate::show::fault::fault(fault, paint)).collect();
            self.screen.note(&told.join("\n\n"));
        }
    }
}
