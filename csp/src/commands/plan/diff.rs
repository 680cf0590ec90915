//! `csp plan diff`: what changed between two versions, item by item or as text.

use clap::Args;
use infohub::ids::AccountSlug;
use infohub::plan::{self, Plan};
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use super::show::no_version;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::show::plan as shown;
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp plan diff acme             the last version against the one before
  csp plan diff acme 2           version 2 against the one before
  csp plan diff acme 2 5         from version 2 to version 5
  csp plan diff acme --since-agreed   what changed since the customer agreed
  csp plan diff acme --text      line by line, comments included";

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// Shows what changed between two versions of a plan
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Diff {
    /// The account
    account: AccountSlug,
    /// Version [default: the last one]
    from: Option<u64>,
    /// Version to compare it with [default: FROM is compared with the one before it]
    to: Option<u64>,
    /// What changed since the customer agreed to the plan
    #[arg(long, conflicts_with = "from")]
    since_agreed: bool,
    /// Compares the files line by line
    #[arg(long)]
    text: bool,
}

impl Diff {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        workspace.chosen(Some(&self.account))?;
        let (from, to) = self.versions(&workspace)?;
        let (old, new) = (self.read(&workspace, from)?, self.read(&workspace, to)?);
        let screen = &scene.screen;
        let head = format!("{}, version {from} to version {to}", self.account);
        if self.text {
            let unified = TextDiff::from_lines(&old.1, &new.1)
                .unified_diff()
                .context_radius(CONTEXT)
                .header(&format!("version {from}"), &format!("version {to}"))
                .to_string();
            screen.json(&json!({ "account": self.account, "from": from, "to": to, "text": unified }));
            screen.line(&coloured(&old.1, &new.1, scene));
            return Ok(Exit::Done);
        }
        let diff = match &old.0 {
            Some(old) => plan::Diff::between(old, new.0.as_ref().unwrap_or(old)),
            None => new
                .0
                .as_ref()
                .map(|new| plan::Diff::between(&Plan::new(new.plan.clone()), new))
                .unwrap_or_default(),
        };
        screen.json(&json!({ "account": self.account, "from": from, "to": to, "changes": diff.changes }));
        screen.line(&screen.paint.strong(&head));
        let same = "No item differs; `--text` compares comments and metadata too.";
        screen.line(&if diff.is_empty() { same.to_owned() } else { shown::diff(&diff, screen) });
        Ok(Exit::Done)
    }

    /// From and to; version 0 is the empty plan before the first.
    fn versions(&self, workspace: &Workspace) -> Result<(u64, u64), Fault> {
        match (self.from, self.to) {
            (Some(from), Some(to)) => Ok((from, to)),
            (Some(to), None) => Ok((to.saturating_sub(1), to)),
            _ => {
                let last = workspace.hub.versions(&self.account)?.last().map(|version| version.number);
                let last =
                    last.ok_or_else(|| Fault::not_found(format!("{} has no plan yet", self.account)))?;
                if self.since_agreed {
                    return Ok((self.agreed(workspace)?, last));
                }
                Ok((last - 1, last))
            }
        }
    }

    /// The version that the customer agreed to.
    fn agreed(&self, workspace: &Workspace) -> Result<u64, Fault> {
        let account = workspace.account(&self.account)?;
        let agreed = account.plan().and_then(|plan| plan.plan.agreed.as_ref());
        agreed.map(|agreed| agreed.version).ok_or_else(|| {
            Fault::not_found(format!("the customer has not agreed to the plan of {} yet", self.account))
                .help("`csp plan agree` records it")
        })
    }

    fn read(&self, workspace: &Workspace, number: u64) -> Result<(Option<Plan>, String), Fault> {
        if number == 0 {
            return Ok((None, String::new()));
        }
        let found = workspace.hub.plan_version(&self.account, number)?;
        found.map(|(plan, text)| (Some(plan), text)).ok_or_else(|| no_version(&self.account, number))
    }
}

fn coloured(old: &str, new: &str, scene: &Scene) -> String {
    let paint = scene.screen.paint;
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if at > 0 {
            lines.push(paint.faint("   ..."));
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let number = change.new_index().or(change.old_index()).map_or(0, |index| index + 1);
            let text = change.value().trim_end_matches('\n');
            lines.push(match change.tag() {
                ChangeTag::Equal => format!("{} {text}", paint.faint(&format!("{number:>5}  "))),
                ChangeTag::Insert => paint.good(&format!("{number:>5} + {text}")),
                ChangeTag::Delete => paint.bad(&format!("{number:>5} - {text}")),
            });
        }
    }
    if lines.is_empty() { "The files are the same.".to_owned() } else { lines.join("\n") }
}
