//! `csp rehearse`: what would have happened under other rules. Reads journals and writes nothing.

use std::path::PathBuf;

use clap::Args;
use infohub::ids::AccountSlug;
use jiff::Timestamp;
use orchestrator::policy::Policy;
use orchestrator::rehearse::{Difference, Happened, Past, compare, replay};
use orchestrator::step::Step;
use serde_json::json;

use crate::cli::Moment;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::screen::Screen;
use crate::show::words::{count, minute, wrap};
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp rehearse --rules new-rules.yaml
  csp rehearse --rules new-rules.yaml --from 2026-01-01 --to 2026-04-01

The past of each account is played again, once under the workspace's rules and once under these: its events, its
plans as they were, and what time alone would have brought. Nothing is written and no agent is asked.";

/// What would have happened under other rules: tasks, gates, notices, escalations
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Rehearse {
    /// The rules to try
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// Only what happens from here on
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Until when [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<Moment>,
}

impl Rehearse {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let present = workspace.policy()?;
        let other = self.other(&workspace)?;
        let until = self.to.map_or_else(|| scene.now(), |to| to.0);
        let from = self.from.map_or(Timestamp::MIN, |from| from.0);
        let (accounts, mut faults) = workspace.chosen(None)?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for slug in accounts {
            match past(&workspace, &slug) {
                Ok(past) => {
                    before.extend(replay(&slug, &past, until, &present));
                    after.extend(replay(&slug, &past, until, &other));
                }
                Err(fault) => faults.push(fault),
            }
        }
        let within = |mut list: Vec<Happened>| {
            list.retain(|happened| happened.at >= from);
            list
        };
        let difference = compare(within(before), within(after));
        scene.screen.json(&json!({ "difference": difference, "errors": faults }));
        scene.screen.line(&told(&difference, &scene.screen));
        Faults::any(faults).map_or(Ok(Exit::Done), Err)
    }

    /// The workspace's policy with the other rules in it.
    fn other(&self, workspace: &Workspace) -> Result<Policy, Faults> {
        let name = self.rules.display().to_string();
        let text = std::fs::read_to_string(&self.rules)
            .map_err(|error| Fault::not_found(format!("{name} cannot be read: {error}")))?;
        let policy = workspace.policy()?;
        let rules = workspace.rules_of(&name, &text, &policy.tasks)?;
        Ok(Policy { rules, ..policy })
    }
}

/// The steps of an account's journal, oldest first, each with the plan that it made.
fn past(workspace: &Workspace, slug: &AccountSlug) -> Result<Vec<Past>, Fault> {
    let (mut past, mut version) = (Vec::new(), 0);
    for number in 1.. {
        let Some(recorded) = workspace.hub.step::<Step>(slug, number)? else { break };
        let plan = if recorded.version > version {
            version = recorded.version;
            workspace.hub.plan_version(slug, version)?.map(|(plan, _)| plan)
        } else {
            None
        };
        past.push(Past { at: recorded.at, input: recorded.step.input, plan });
    }
    Ok(past)
}

fn told(difference: &Difference, screen: &Screen) -> String {
    let Difference { gone, new, same } = difference;
    let line = |mark: String, happened: &Happened| {
        let text = format!("{} {}: {}", happened.account, happened.what, happened.which);
        wrap(&format!("{mark} {}  ", minute(happened.at)), "    ", &text, screen.width)
    };
    let mut lines: Vec<String> = gone.iter().map(|gone| line(screen.paint.bad("-"), gone)).collect();
    lines.extend(new.iter().map(|new| line(screen.paint.good("+"), new)));
    lines.push(format!(
        "{} no more, {} in addition, {same} as before.",
        count(gone.len(), "thing"),
        count(new.len(), "thing")
    ));
    lines.join("\n")
}
