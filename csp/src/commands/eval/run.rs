//! `csp eval run`: runs a suite, tells the scores, and compares them with the baseline if there is one.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use evals::compare::Comparison;
use evals::log::{CaseResult, Log};
use evals::run::{Budget, Ended as RunEnded};
use evals::stats::Latest;
use evals::suite::{Case, Suite};
use rust_decimal::Decimal;
use serde_json::json;

use super::told;
use super::trial::{Replies, Trial, Tried, errored};
use crate::bench::{self, Bench, recording_of};
use crate::config::DrafterKind;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::words::count;

const HELP: &str = "\
Examples:
  csp eval run extraction
  csp eval run extraction --drafter model --repeats 3 --budget-tokens 200000
  csp eval run extraction --replay                  a recording instead of the model, without a network
  csp eval run extraction --resume                  goes on with the last run that broke off
  csp eval run meeting_notes --drafter model --watch    runs again what a changed prompt touches

Each case is run on a scratch account: nothing of the workspace's accounts is read or changed.
Ends with 1 if a threshold of the suite is missed or the run is worse than the baseline by more than the margin, and
with 5 if cases could not be run.";

/// How long a change of prompts is waited for between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs a suite and tells the scores
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Run {
    /// The suite
    suite: String,
    /// Only cases with this tag; several may be named
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only this case; several may be named
    #[arg(long, value_name = "ID")]
    case: Vec<String>,
    /// How often each case is run
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: u32,
    /// Cases side by side
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,
    /// Who drafts [default: as csp.toml says]
    #[arg(long)]
    drafter: Option<Who>,
    /// Replays the suite's recording; no server is asked
    #[arg(long, conflicts_with_all = ["fresh", "drafter"])]
    replay: bool,
    /// Asks the model again what is in the cache
    #[arg(long)]
    fresh: bool,
    /// Goes on with a run that broke off [default: the suite's last one]
    #[arg(long, value_name = "LOG")]
    resume: Option<Option<PathBuf>>,
    /// Begins no further case once so many tokens are spent
    #[arg(long, value_name = "N")]
    budget_tokens: Option<u64>,
    /// Begins no further case once so much money is spent, in the currency of the model's prices
    #[arg(long, value_name = "AMOUNT")]
    budget_cost: Option<Decimal>,
    /// Looks for changed prompts, and runs again the cases that they touch
    #[arg(long, conflicts_with_all = ["replay", "resume"])]
    watch: bool,
}

/// Who drafts in a run.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Who {
    /// By rule, without a model.
    Extractive,
    /// The model of csp.toml.
    Model,
}

impl Run {
    pub fn run(self, scene: &Scene) -> Ended {
        let mut bench = Bench::open(scene.workspace()?)?;
        self.choose_drafter(&mut bench)?;
        let suite = bench.suite(&self.suite)?;
        let cases = self.cases(&suite)?;
        let trial = self.trial(&bench, &suite, cases)?;
        self.warn_of_staleness(&bench, scene)?;
        let tried = trial.run(scene)?;
        let exit = tell(&bench, &tried, scene)?;
        if self.watch { self.watch(scene, &tried.log) } else { Ok(exit) }
    }

    fn choose_drafter(&self, bench: &mut Bench) -> Result<(), Fault> {
        match self.drafter {
            Some(Who::Extractive) => bench.drafter = DrafterKind::Extractive,
            Some(Who::Model) => {
                // Says what is missing now rather than case by case.
                bench.workspace.client()?;
                bench.drafter = DrafterKind::Model;
            }
            None => {}
        }
        if !self.replay {
            return Ok(());
        }
        let path = bench.place(&recording_of(&self.suite));
        if !path.is_file() {
            return Err(Fault::not_found(format!("there is no recording of '{}'", self.suite))
                .help(format!("`csp eval record {}` makes one", self.suite)));
        }
        // The same questions are asked only of the model that was recorded.
        let recorded = bench::recording(&path)?;
        bench.workspace.settings.model = Some((recorded.head().model.clone(), None));
        bench.drafter = DrafterKind::Model;
        Ok(())
    }

    /// The cases that are to be run.
    fn cases(&self, suite: &Suite) -> Result<Vec<Arc<Case>>, Fault> {
        if let Some(unknown) = self.case.iter().find(|id| !suite.cases.iter().any(|case| case.id == **id)) {
            let near = infohub::yaml::nearest(unknown, suite.cases.iter().map(|case| case.id.as_str()));
            let fault = Fault::not_found(format!("the suite '{}' has no case '{unknown}'", suite.name));
            return Err(match near {
                Some(near) => fault.help(format!("did you mean '{near}'?")),
                None => fault,
            });
        }
        let wanted = |case: &&Case| {
            (self.case.is_empty() || self.case.contains(&case.id))
                && (self.tag.is_empty() || case.tags.iter().any(|tag| self.tag.contains(tag)))
        };
        let cases: Vec<Arc<Case>> = suite.cases.iter().filter(wanted).cloned().map(Arc::new).collect();
        if cases.is_empty() {
            return Err(Fault::not_found(format!("no case of '{}' has such a tag", suite.name)));
        }
        Ok(cases)
    }

    fn trial<'a>(
        &self,
        bench: &'a Bench,
        suite: &'a Suite,
        cases: Vec<Arc<Case>>,
    ) -> Result<Trial<'a>, Fault> {
        Ok(Trial {
            bench,
            suite,
            cases,
            repeats: self.repeats,
            concurrency: usize::from(self.concurrency),
            budget: Budget { tokens: self.budget_tokens, cost: self.budget_cost },
            replies: match (self.replay, self.fresh) {
                (true, _) => Replies::Replayed,
                (_, true) => Replies::Fresh,
                _ => Replies::Cached,
            },
            resumed: self.resumed(bench, suite)?,
        })
    }

    /// The log to go on with: the one that was named, or the suite's last.
    fn resumed(&self, bench: &Bench, suite: &Suite) -> Result<Option<PathBuf>, Fault> {
        let Some(named) = &self.resume else { return Ok(None) };
        if named.is_some() {
            return Ok(named.clone());
        }
        let last = bench.logs(&suite.name)?.pop();
        last.map(Some).ok_or_else(|| {
            Fault::not_found(format!("'{}' has no run to go on with", suite.name))
                .help("leave --resume out to begin one")
        })
    }

    /// A recording that was made with other prompts answers other questions.
    fn warn_of_staleness(&self, bench: &Bench, scene: &Scene) -> Result<(), Fault> {
        if !self.replay {
            return Ok(());
        }
        let recorded = bench::recording(&bench.place(&recording_of(&self.suite)))?;
        let prompts = bench.prompts();
        let stale = recorded.stale(&prompts);
        if !stale.is_empty() {
            scene.screen.note(&format!(
                "the recording is stale: the prompts of {} have changed since; `csp eval record {}` makes it again",
                stale.join(", "),
                self.suite
            ));
        }
        Ok(())
    }

    /// Runs again what changed prompts touch, until it is stopped.
    fn watch(&self, scene: &Scene, first: &Log) -> Ended {
        scene.screen.line("\nlooking for changed prompts; Ctrl-C ends");
        let mut last = first.clone();
        let mut versions = Bench::open(scene.workspace()?)?.charters.versions();
        loop {
            std::thread::sleep(PAUSE);
            // A prompt that does not read is being written; what is wrong with it is told once it stays so.
            let Ok(mut bench) = scene.workspace().and_then(Bench::open) else { continue };
            let now = bench.charters.versions();
            let changed: BTreeSet<String> = now
                .iter()
                .filter(|(task, version)| versions.get(*task) != Some(*version))
                .map(|(task, _)| task.clone())
                .collect();
            if changed.is_empty() {
                continue;
            }
            versions = now;
            let names: Vec<_> = changed.iter().map(String::as_str).collect();
            scene.screen.line(&format!("\n{} changed", names.join(", ")));
            self.choose_drafter(&mut bench)?;
            let suite = bench.suite(&self.suite)?;
            let touched = touched(&changed, &last);
            let cases: Vec<_> =
                self.cases(&suite)?.into_iter().filter(|case| touched.contains(&case.id)).collect();
            if cases.is_empty() {
                scene.screen.line("no case of the suite runs such a task");
                continue;
            }
            let tried = self.trial(&bench, &suite, cases)?.run(scene)?;
            told::summary(&tried.log, &scene.screen);
            told::comparison(&Comparison::of(told::of(&last), told::of(&tried.log)), &scene.screen);
            last = tried.log;
        }
    }
}

/// The cases whose last run had one of these tasks in it.
fn touched(tasks: &BTreeSet<String>, log: &Log) -> BTreeSet<String> {
    let latest = Latest::of(&log.lines);
    let runs = latest.lines().filter(|line| match &line.result {
        CaseResult::Ran { produced, .. } => produced.tasks.iter().any(|task| tasks.contains(&task.run)),
        // Nothing is known of what broke, so it may be touched.
        CaseResult::Errored { .. } => true,
    });
    runs.map(|line| line.case.clone()).collect()
}

/// Tells the run and its comparison with the baseline; gives how the command ends.
pub fn tell(bench: &Bench, tried: &Tried, scene: &Scene) -> Result<Exit, Faults> {
    let Tried { path, log, ended, left } = tried;
    let screen = &scene.screen;
    let baseline = bench.place(&format!("baselines/{}.jsonl", log.header.suite));
    let before = baseline.is_file().then(|| bench::log(&baseline)).transpose()?;
    let comparison = before.as_ref().map(|before| Comparison::of(told::of(before), told::of(log)));
    let shown = path.strip_prefix(&bench.workspace.root).unwrap_or(path);
    let mut answer = told::summary_value(log);
    answer["log"] = json!(shown);
    answer["comparison"] = json!(comparison);
    answer["left"] = json!(left);
    screen.json(&answer);
    told::summary(log, screen);
    if let Some(comparison) = &comparison {
        told::comparison(comparison, screen);
    }
    screen.line(&format!("log: {}", shown.display()));
    let is_worse = comparison.is_some_and(|comparison| comparison.regressions().next().is_some());
    let broken = errored(log).len();
    Ok(match ended {
        RunEnded::Stopped => Exit::Interrupted,
        RunEnded::BudgetReached => {
            screen.line(&format!("the budget is reached; {} not run", count(*left, "case")));
            Exit::Blocked
        }
        RunEnded::Finished if told::fails(log) || is_worse => Exit::Failed,
        RunEnded::Finished if broken > 0 || *left > 0 => Exit::Blocked,
        RunEnded::Finished => Exit::Done,
    })
}
