//! `csp eval import`: makes a suite of data that others wrote.

use std::path::PathBuf;

use clap::Subcommand;
use evals::suite::meetings;
use serde_json::json;

use crate::bench::read;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::words::count;
use crate::suites::{EVALS, files};

const MEETINGS_HELP: &str = "\
Examples:
  csp eval import meetings ~/minutes
  csp eval import meetings ~/minutes --to held-out

Each *.json of the folder is one meeting: id, date, transcript_text_unmarked, and gold.actions and gold.decisions with
text, owner_norm, due and recoverable. Series of meetings are one cluster each.";

/// Makes a suite of data that others wrote
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp eval import meetings ~/minutes")]
pub enum Import {
    /// Meetings with the actions and decisions that people wrote down
    #[command(after_help = MEETINGS_HELP)]
    Meetings {
        /// The folder of the meetings' JSON files
        folder: PathBuf,
        /// The suite's name
        #[arg(long, value_name = "NAME", default_value = "meetings")]
        to: String,
    },
}

impl Import {
    pub fn run(self, scene: &Scene) -> Ended {
        let Self::Meetings { folder, to } = self;
        let workspace = scene.workspace()?;
        let failed = |error: std::io::Error| Fault::not_found(format!("{}: {error}", folder.display()));
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|ending| ending == "json") {
                paths.push(path);
            }
        }
        paths.sort();
        let (mut texts, mut faults) = (Vec::new(), Vec::new());
        for path in &paths {
            match read(path) {
                Ok(text) => texts.push((path.display().to_string(), text)),
                Err(fault) => faults.push(fault),
            }
        }
        if let Some(faults) = Faults::any(faults) {
            return Err(faults);
        }
        let suite = meetings::suite(&to, texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
            .map_err(|error| Fault::refused(error.to_string()))?;
        let there = |file: &str| {
            Fault::refused(format!("{file} is there already")).help("say `--to NAME` for another name")
        };
        if let Some(file) = files(&workspace)?.get(&to) {
            return Err(there(file.as_str()).into());
        }
        let name = format!("{EVALS}/{to}.jsonl");
        let path = infohub::store::StorePath::new(name.as_str()).map_err(Fault::from)?;
        let created = infohub::store::Store::create(&*workspace.store, &path, suite.to_jsonl().as_bytes());
        if created.map_err(Fault::from)? == infohub::store::Created::Exists {
            return Err(there(&name).into());
        }
        scene.screen.json(&json!({ "suite": to, "file": name, "cases": suite.cases.len() }));
        scene
            .screen
            .line(&format!("{name}: {}; `csp eval run {to}` runs them", count(suite.cases.len(), "case")));
        Ok(Exit::Done)
    }
}
