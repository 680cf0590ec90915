//! `csp eval compare`: two runs side by side, paired by case.

use std::path::{Path, PathBuf};

use clap::Args;
use evals::compare::Comparison;

use super::told;
use crate::bench::{self, Bench};
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp eval compare extraction                       the last run with the baseline
  csp eval compare before.jsonl after.jsonl

A verdict needs a difference that chance alone would rarely bring, all scorers together; no difference shown is no proof
that there is none. Ends with 1 on a regression beyond the suite's margin.";

/// Compares two runs: better, worse, or no difference shown
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Compare {
    /// The earlier log, or a suite whose last run is compared with its baseline
    before: String,
    /// The later log
    after: Option<PathBuf>,
}

impl Compare {
    pub fn run(self, scene: &Scene) -> Ended {
        let bench = Bench::open(scene.workspace()?)?;
        let (before, after) = match &self.after {
            Some(after) => (PathBuf::from(&self.before), after.clone()),
            None => baseline_and_last(&bench, &self.before)?,
        };
        let (before, after) = (bench::log(&before)?, bench::log(&after)?);
        let comparison = Comparison::of(told::of(&before), told::of(&after));
        if comparison.common == 0 {
            return Err(Fault::refused("the two runs have no case in common that says the same in both")
                .help("where only expectations changed, `csp eval score` scores the earlier log again")
                .into());
        }
        scene.screen.json(&comparison);
        told::comparison(&comparison, &scene.screen);
        Ok(if comparison.regressions().next().is_some() { Exit::Failed } else { Exit::Done })
    }
}

/// The baseline's log and the last run's.
pub fn baseline_and_last(bench: &Bench, suite: &str) -> Result<(PathBuf, PathBuf), Faults> {
    let suite = bench.suite(suite)?;
    let baseline = bench.place(&format!("baselines/{}.jsonl", suite.name));
    if !baseline.is_file() {
        return Err(Fault::not_found(format!("'{}' has no baseline", suite.name))
            .help(format!("`csp eval bless {} --why TEXT --as PERSON` makes the last run one", suite.name))
            .into());
    }
    Ok((baseline, last(bench, &suite.name)?))
}

/// The log of the suite's last run.
pub fn last(bench: &Bench, suite: &str) -> Result<PathBuf, Fault> {
    bench.logs(suite)?.pop().ok_or_else(|| {
        Fault::not_found(format!("'{suite}' has not been run yet"))
            .help(format!("`csp eval run {suite}` runs it"))
    })
}

/// A log that was named by its file, or by its suite.
pub fn named(bench: &Bench, name: &str) -> Result<PathBuf, Faults> {
    if name.ends_with(".jsonl") || Path::new(name).is_file() {
        return Ok(PathBuf::from(name));
    }
    Ok(last(bench, &bench.suite(name)?.name)?)
}
