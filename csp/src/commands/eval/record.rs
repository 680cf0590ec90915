//! `csp eval record`: runs a suite against the model and keeps every reply, to be replayed without it.

use std::path::Path;

use clap::Args;

use super::run::tell;
use super::trial::{Replies, Trial, errored};
use crate::bench::{self, Bench, begun, recording_of};
use crate::config::DrafterKind;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp eval record extraction
  csp eval record extraction --repeats 3

A recording goes with its prompts: once a prompt changes it is stale, and replaying says so. An earlier recording is
replaced once this one is whole; one that broke off is gone on with by the same command.";

/// Records a model's replies to a suite, for `csp eval run --replay`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Record {
    /// The suite
    suite: String,
    /// How often each case is run
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: u32,
    /// Cases side by side
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,
}

impl Record {
    pub fn run(self, scene: &Scene) -> Ended {
        let mut bench = Bench::open(scene.workspace()?)?;
        bench.workspace.client()?;
        bench.drafter = DrafterKind::Model;
        let suite = bench.suite(&self.suite)?;
        self.begin_or_go_on(&bench)?;
        let trial = Trial {
            bench: &bench,
            suite: &suite,
            cases: suite.cases.iter().cloned().map(std::sync::Arc::new).collect(),
            repeats: self.repeats,
            concurrency: usize::from(self.concurrency),
            budget: evals::run::Budget::default(),
            replies: Replies::Recorded,
            resumed: None,
        };
        let tried = trial.run(scene)?;
        if errored(&tried.log).is_empty() && tried.left == 0 {
            let (begun, whole) = (bench.place(&begun(&self.suite)), bench.place(&recording_of(&self.suite)));
            std::fs::rename(&begun, &whole).map_err(|error| failed(&begun, &error))?;
        }
        let exit = tell(&bench, &tried, scene)?;
        // Whether the scores are good is not what was asked for.
        Ok(if exit == Exit::Failed { Exit::Done } else { exit })
    }

    /// Replies that were paid for before a break are kept, unless they answer to other prompts or another model.
    fn begin_or_go_on(&self, bench: &Bench) -> Result<(), Faults> {
        let path = bench.place(&begun(&self.suite));
        if !path.is_file() {
            return Ok(());
        }
        let earlier = bench::recording(&path).ok();
        let model = bench.workspace.settings.model.as_ref().map(|(model, _)| model);
        let fits = earlier.is_some_and(|earlier| {
            Some(&earlier.head().model) == model && earlier.stale(&bench.prompts()).is_empty()
        });
        if !fits {
            std::fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
        }
        Ok(())
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Fault {
    Fault::new(Exit::Failed, format!("{} cannot be replaced: {error}", path.display()))
}
