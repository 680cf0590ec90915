//! `csp eval bless`: makes a run the baseline that later ones are compared with. Nothing else changes a baseline.

use clap::Args;
use evals::baseline::{bless, log_path, notes_path};
use serde_json::json;

use super::compare::named;
use crate::bench::{self, Appended, Bench};
use crate::commands::decide::By;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp eval bless extraction --why 'owners are found in tables now' --as priya
  csp eval bless evals/logs/extraction-20260115T100000Z.jsonl --why 'the first one' --as priya";

/// Makes a run the baseline of its suite
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Bless {
    /// The run's log, or a suite for its last run
    run: String,
    /// Why, for whoever reads the baseline later
    #[arg(long, value_name = "TEXT")]
    why: String,
    #[command(flatten)]
    by: By,
}

impl Bless {
    pub fn run(self, scene: &Scene) -> Ended {
        let bench = Bench::open(scene.workspace()?)?;
        let person = self.by.person()?;
        if !bench.governed.policy().knows(&person) {
            return Err(Fault::refused(format!(
                "'{person}' is not in team.yaml; only people named there decide"
            ))
            .into());
        }
        let path = named(&bench, &self.run)?;
        let log = bench::log(&path)?;
        let blessing = bless(&log.header, &log.lines, person.as_str(), &self.why, scene.now())
            .map_err(|unfit| Fault::refused(unfit.to_string()))?;
        let refused = |unfit: evals::baseline::Unfit| Fault::refused(unfit.to_string());
        let to = bench.workspace.root.join(log_path(&log.header.suite).map_err(refused)?);
        let notes = bench.workspace.root.join(notes_path(&log.header.suite).map_err(refused)?);
        // The note first: a baseline that nobody accounts for is worse than a note without one.
        Appended::open(&notes)?.line(&blessing)?;
        let beside = to.with_extension("new");
        let failed = |error: std::io::Error| {
            Fault::new(Exit::Failed, format!("{} cannot be written: {error}", to.display()))
        };
        std::fs::copy(&path, &beside).map_err(failed)?;
        std::fs::rename(&beside, &to).map_err(failed)?;
        scene.screen.json(&json!({ "blessing": blessing, "baseline": to }));
        scene.screen.line(&format!(
            "{} is compared with this run from now on: {}",
            log.header.suite,
            path.display()
        ));
        Ok(Exit::Done)
    }
}
