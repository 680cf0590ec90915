//! `csp plan verify`: journal, hashes and files, checked offline and without changing anything.

use clap::Args;
use infohub::ids::AccountSlug;
use infohub::journal::Finding;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::fault::Faults;
use crate::scene::{Ended, Scene};
use crate::show::words::count;

const HELP: &str = "\
Examples:
  csp plan verify                every account
  csp plan verify acme

Ends with 1 if anything is lost or was tampered with.";

/// Checks the journals' chains and hashes, and the files that they made
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Verify {
    /// Only this account
    account: Option<AccountSlug>,
}

impl Verify {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let (accounts, mut faults) = workspace.chosen(self.account.as_ref())?;
        let screen = &scene.screen;
        let (mut damaged, mut answers) = (0, Vec::new());
        for account in &accounts {
            let findings = match workspace.hub.verify(account) {
                Ok(findings) => findings,
                Err(error) => {
                    faults.push(error.into());
                    continue;
                }
            };
            damaged += usize::from(findings.iter().any(Finding::is_damage));
            answers.push(
                json!({ "account": account, "findings": findings.iter().map(answer).collect::<Vec<_>>() }),
            );
            for finding in &findings {
                screen.line(&told(finding, scene));
            }
        }
        let verdict = match damaged {
            0 => screen.paint.good("no damage"),
            damaged => screen.paint.bad(&format!("damage in {}", count(damaged, "account"))),
        };
        screen.line(&format!("{} checked: {verdict}", count(accounts.len(), "account")));
        screen.json(&json!({ "accounts": answers, "damaged": damaged, "errors": faults }));
        let exit = if damaged > 0 { Exit::Failed } else { Exit::Done };
        match Faults::any(faults) {
            Some(faults) if !screen.json => Err(faults),
            Some(faults) => Ok(faults.exit()),
            None => Ok(exit),
        }
    }
}

fn told(finding: &Finding, scene: &Scene) -> String {
    let paint = scene.screen.paint;
    let word = if finding.is_damage() { paint.bad("damage:") } else { paint.faint("note:") };
    format!("{word} {finding}\n  what to do: {}", finding.advice())
}

fn answer(finding: &Finding) -> Value {
    json!({
        "file": finding.path,
        "problem": finding.to_string(),
        "damage": finding.is_damage(),
        "advice": finding.advice(),
    })
}
