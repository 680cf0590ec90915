//! `csp eval list`: the suites with what they hold, their baselines and recordings.

use clap::Args;
use serde_json::json;

use crate::bench::{Bench, recording_of};
use crate::exit::Exit;
use crate::fault::Faults;
use crate::scene::{Ended, Scene};
use crate::show::table::Table;
use crate::suites::Found;

/// Lists the suites in the workspace's evals/ folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  csp eval list\n  csp eval list --json")]
pub struct List {}

impl List {
    pub fn run(self, scene: &Scene) -> Ended {
        let bench = Bench::open(scene.workspace()?)?;
        let (suites, faults) = bench.suites().all()?;
        let mut table = Table::new(&["suite", "cases", "runs", "baseline", "recording", "about"]);
        let mut listed = Vec::new();
        for Found { suite, file } in &suites {
            let baseline = bench.place(&format!("baselines/{}.jsonl", suite.name)).is_file();
            let recording = bench.place(&recording_of(&suite.name)).is_file();
            let runs = bench.logs(&suite.name)?.len();
            let said = |yes: bool| if yes { "yes" } else { "-" }.to_owned();
            table.row(vec![
                suite.name.clone(),
                suite.cases.len().to_string(),
                runs.to_string(),
                said(baseline),
                said(recording),
                suite.about.clone(),
            ]);
            listed.push(json!({
                "suite": suite.name, "file": file, "about": suite.about, "cases": suite.cases.len(), "runs": runs,
                "baseline": baseline, "recording": recording,
                "scorers": suite.scorers().iter().map(evals::score::Chosen::name).collect::<Vec<_>>(),
            }));
        }
        scene.screen.json(&json!({ "suites": listed, "errors": faults }));
        if table.is_empty() && faults.is_empty() {
            scene.screen.line("evals/ holds no suites yet. `csp eval import meetings FOLDER` makes one of minutes; the sample has some to copy.");
        } else {
            scene.screen.line(&table.render(&scene.screen));
        }
        Faults::any(faults).map_or(Ok(Exit::Done), Err)
    }
}
