//! `csp init`: a new workspace in an empty folder. It never writes over anything.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::config;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::fresh;
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp init my-workspace            a bare workspace
  csp init try-it --sample         with three invented accounts and their events
  cd try-it && csp emit events/02-veldhaven-stage-2.json && csp work --until-idle";

/// Makes a workspace in a new or empty folder
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Init {
    /// The folder
    dir: PathBuf,
    /// Puts three invented accounts with their material and events in
    #[arg(long)]
    sample: bool,
}

impl Init {
    pub fn run(self, scene: &Scene) -> Ended {
        let written = make(&self.dir, self.sample)?;
        let screen = &scene.screen;
        screen.json(&json!({ "workspace": self.dir, "files": written }));
        screen
            .line(&format!("Made a workspace in {}:", screen.paint.strong(&self.dir.display().to_string())));
        for path in
            written.iter().filter(|path| !path.starts_with("infohub/") && !path.starts_with("events/"))
        {
            screen.line(&format!("  {path}"));
        }
        if self.sample {
            screen.line("  infohub/       three invented accounts with their material");
            screen.line("  events/        what happened to them, for `csp emit`");
        } else {
            screen.line("  infohub/       one folder per account");
        }
        screen.line("\nNext: put the people into team.yaml, then `csp account add NAME` or `csp emit FILE`.");
        Ok(Exit::Done)
    }
}

/// Makes the workspace and gives the places of its files. The configuration is written last: a folder without
/// it is no workspace, so one that was cut off on the way is seen for what it is.
pub fn make(dir: &Path, sample: bool) -> Result<Vec<String>, Fault> {
    refuse_unless_empty(dir)?;
    let more = if sample { fresh::SAMPLE } else { fresh::BARE };
    let files = more.iter().chain([&fresh::TEMPLATE, &(config::FILE, fresh::CONFIG)]);
    let mut written = Vec::new();
    let io = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| Fault::new(Exit::Failed, format!("{path} cannot be written: {error}"))
    };
    for folder in [dir.join("infohub"), dir.join("prompts")] {
        fs::create_dir_all(&folder).map_err(io(&folder))?;
    }
    for (path, text) in files {
        let place = dir.join(path);
        write_new(&place, text).map_err(io(&place))?;
        written.push((*path).to_owned());
    }
    Ok(written)
}

fn refuse_unless_empty(dir: &Path) -> Result<(), Fault> {
    let shown = dir.display();
    match fs::read_dir(dir).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Ok(false) if dir.join(config::FILE).exists() => {
            Err(Fault::refused(format!("{shown} is a workspace already; nothing was changed"))
                .help(format!("look at it: `csp -C {shown} check`")))
        }
        Ok(false) => Err(Fault::refused(format!("{shown} is not empty; nothing was changed"))
            .help("name a folder that is empty or does not exist")),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(Fault::refused(format!("{shown} is a file"))
                .help("name a folder that is empty or does not exist"))
        }
        Err(error) => Err(Fault::new(Exit::Failed, format!("{shown} cannot be read: {error}"))),
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
