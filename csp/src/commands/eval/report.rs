//! `csp eval report`: a run as JUnit, as one page that opens from disk, or as Markdown for a pull request.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evals::compare::Comparison;
use evals::log::Log;
use evals::report::html::{Input, html};
use evals::report::{Summary, junit, markdown};
use evals::suite::Suite;

use super::compare::named;
use super::told;
use crate::bench::{self, Bench};
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp eval report extraction --to report.html
  csp eval report extraction --form markdown
  csp eval report after.jsonl --against before.jsonl --form junit --to junit.xml

The page is one file that asks no network for anything.";

/// Writes a run as a page, as JUnit XML or as Markdown
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Report {
    /// The run's log, or a suite for its last run
    run: String,
    /// The form [default: by the ending of --to, else markdown]
    #[arg(long)]
    form: Option<Form>,
    /// The file to write [default: the standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The log to compare with [default: the suite's baseline, if there is one]
    #[arg(long, value_name = "LOG")]
    against: Option<PathBuf>,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// One page.
    Html,
    /// JUnit XML.
    Junit,
    /// Markdown.
    Markdown,
}

/// What each case of the run expected, as a person would write it; a case that expects something else by now is left out.
fn expected(suite: &Suite, log: &Log) -> BTreeMap<String, String> {
    let then: BTreeSet<_> = log.lines.iter().map(|line| (&line.case, &line.hash.expected)).collect();
    let cases = suite.cases.iter().filter(|case| then.contains(&(&case.id, &case.hash().expected)));
    let cases = cases.filter_map(|case| {
        let value = serde_json::to_value(&case.expect).ok()?;
        Some((case.id.clone(), infohub::yaml::emit(&value).ok()?))
    });
    cases.collect()
}

impl Report {
    pub fn run(self, scene: &Scene) -> Ended {
        let bench = Bench::open(scene.workspace()?)?;
        let log = bench::log(&named(&bench, &self.run)?)?;
        let baseline = bench.place(&format!("baselines/{}.jsonl", log.header.suite));
        let against = self.against.clone().or_else(|| baseline.is_file().then_some(baseline));
        let before = against.map(|path| bench::log(&path)).transpose()?;
        let comparison = before.as_ref().map(|before| Comparison::of(told::of(before), told::of(&log)));
        let run = told::of(&log);
        let text = match self.form() {
            Form::Html => {
                // A suite that has gone or changed its form says nothing of what was expected; the run stands.
                let suite = bench.suite(&log.header.suite).ok();
                let expected = suite.map(|suite| expected(&suite, &log)).unwrap_or_default();
                let (summary, comparison) = (Summary::of(run), comparison.as_ref());
                html(Input { run, summary: &summary, comparison, expected: &expected })
                    .map_err(|error| Fault::of(Exit::Failed, &error))?
            }
            Form::Markdown => markdown::markdown(&Summary::of(run), comparison.as_ref()),
            Form::Junit => {
                let mut bytes = Vec::new();
                junit::write(&mut bytes, run, comparison.as_ref())
                    .map_err(|error| Fault::of(Exit::Failed, &error))?;
                String::from_utf8_lossy(&bytes).into_owned()
            }
        };
        let Some(to) = &self.to else {
            scene.screen.out(text.trim_end());
            return Ok(Exit::Done);
        };
        let failed = |error: std::io::Error| {
            Fault::new(Exit::Failed, format!("{} cannot be written: {error}", to.display()))
        };
        std::fs::write(to, text).map_err(failed)?;
        scene.screen.line(&format!("{}", to.display()));
        Ok(Exit::Done)
    }

    fn form(&self) -> Form {
        let ending = self.to.as_ref().and_then(|to| to.extension()?.to_str().map(str::to_owned));
        self.form.unwrap_or(match ending.as_deref() {
            Some("html" | "htm") => Form::Html,
            Some("xml") => Form::Junit,
            _ => Form::Markdown,
        })
    }
}
