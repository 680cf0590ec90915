//! `csp eval score`: scores an old log again, without any model, as after a scorer or an expectation has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use evals::log::{CaseResult, Log};
use evals::score::{Ground, score};
use evals::suite::{Case, CaseHash};
use serde_json::json;

use super::told;
use crate::bench::{self, Appended, Bench};
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp eval score evals/logs/extraction-20260115T100000Z.jsonl
  csp eval score evals/logs/extraction-20260115T100000Z.jsonl --to again.jsonl

The log itself is never changed. What a judge said is kept, since asking it again is another run. Cases that have
another material, plan or event by now are left out: what was written answers something else.";

/// Scores an old log again with the suite as it is now, without a model
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Rescore {
    /// The log
    log: PathBuf,
    /// Writes the log with the new scores here
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Rescore {
    pub fn run(self, scene: &Scene) -> Ended {
        let bench = Bench::open(scene.workspace()?)?;
        let old = bench::log(&self.log)?;
        let (new, left_out) = rescored(&bench, &old)?;
        if let Some(to) = &self.to {
            write(&new, to)?;
        }
        let same = new.lines == old.lines;
        let mut answer = told::summary_value(&new);
        answer["same"] = json!(same);
        answer["left_out"] = json!(left_out);
        scene.screen.json(&answer);
        told::summary(&new, &scene.screen);
        if !left_out.is_empty() {
            let cases: Vec<_> = left_out.iter().map(String::as_str).collect();
            scene.screen.line(&format!(
                "left out, since the suite has them no more or gives them something else: {}",
                cases.join(", ")
            ));
        }
        scene.screen.line(if same {
            "the scores are those of the log"
        } else {
            "scores differ from those of the log"
        });
        Ok(Exit::Done)
    }
}

/// The log with the scores that its runs get now, and the cases that cannot be scored any more.
fn rescored(bench: &Bench, old: &Log) -> Result<(Log, BTreeSet<String>), Faults> {
    let suite = bench.suite(&old.header.suite)?;
    let chosen = suite.scorers();
    let mut new = old.clone();
    new.header.suite_hash = suite.hash();
    new.header.scorers = chosen.iter().map(|chosen| (chosen.name(), chosen.direction())).collect();
    new.header.margins = chosen.iter().filter_map(|chosen| Some((chosen.name(), chosen.margin?))).collect();
    let cases: BTreeMap<&str, (&Case, CaseHash)> =
        suite.cases.iter().map(|case| (case.id.as_str(), (case, case.hash()))).collect();
    let mut left_out = BTreeSet::new();
    new.lines.retain(|line| {
        let stays = cases.get(line.case.as_str()).is_some_and(|(_, hash)| hash.given == line.hash.given);
        if !stays {
            left_out.insert(line.case.clone());
        }
        stays
    });
    for line in &mut new.lines {
        let Some((case, hash)) = cases.get(line.case.as_str()) else { continue };
        line.hash = hash.clone();
        let CaseResult::Ran { produced, scores, .. } = &mut line.result else { continue };
        let ground = Ground::of(case, &bench.charters).map_err(|error| Fault::of(Exit::Failed, &error))?;
        let judged: Vec<_> =
            chosen.iter().filter(|chosen| chosen.rubric.is_some()).map(evals::score::Chosen::name).collect();
        let kept: Vec<_> = scores.iter().filter(|score| judged.contains(&score.scorer)).cloned().collect();
        *scores = score(&chosen, case, produced, &ground);
        scores.extend(kept);
    }
    Ok((new, left_out))
}

fn write(log: &Log, to: &std::path::Path) -> Result<(), Fault> {
    if to.exists() {
        return Err(Fault::refused(format!("{} is there already", to.display())).help("name another file"));
    }
    let mut file = Appended::open(to)?;
    file.line(&log.header)?;
    log.lines.iter().try_for_each(|line| file.line(line))
}
