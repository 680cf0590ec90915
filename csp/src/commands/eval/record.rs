//! `csp eval record`: runs a suite against the model and keeps every reply, to be replayed without it.

use clap::Args;

use super::run::tell;
use super::trial::{Replies, Trial};
use crate::bench::Bench;
use crate::config::DrafterKind;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp eval record extraction
  csp eval record extraction --repeats 3

A recording goes with its prompts: once a prompt changes it is stale, and replaying says so. An earlier recording is
replaced once this one is whole.";

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
        let suite = bench.suite(&self.suite)?.suite;
        let path = bench.place(&format!("recordings/{}.jsonl", suite.name));
        let before = path.with_extension("before");
        let failed = |error: std::io::Error| Fault::new(Exit::Failed, format!("{}: {error}", path.display()));
        if path.is_file() {
            std::fs::rename(&path, &before).map_err(failed)?;
        }
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
        let tried = trial.run(scene);
        let whole =
            tried.as_ref().is_ok_and(|tried| super::trial::errored(&tried.log).is_empty() && tried.left == 0);
        if before.is_file() {
            // What is not whole does not take the place of what was.
            let (from, to) = if whole { (&before, None) } else { (&before, Some(&path)) };
            to.map_or_else(|| std::fs::remove_file(from), |to| std::fs::rename(from, to)).map_err(failed)?;
        }
        let tried = tried?;
        let exit = tell(&bench, &tried, scene)?;
        // Whether the scores are good is not what was asked for.
        Ok(if exit == Exit::Failed { Exit::Done } else { exit })
    }
}
