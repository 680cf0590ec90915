//! `csp plan show`: the plan with the evidence under each item, or what the customer sees of it.

use clap::Args;
use infohub::hub::{Account, BookFile, Edit};
use infohub::ids::AccountSlug;
use infohub::plan::{Plan, SectionKey, customer_view};
use orchestrator::step::Step;
use serde_json::Value;

use crate::exit::Exit;
use crate::fault::{Fault, blocked};
use crate::scene::{Ended, Scene};
use crate::show::plan as shown;
use crate::show::words::edited_by_hand;
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp plan show acme
  csp plan show acme --section background      or --section 1
  csp plan show acme --as-customer             shared and accepted content only
  csp plan show acme --version 3";

/// Shows a plan with what each item rests on
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Show {
    /// The account
    account: AccountSlug,
    /// Only this section, by number or name
    #[arg(long)]
    section: Option<SectionKey>,
    /// What the customer sees
    #[arg(long)]
    as_customer: bool,
    /// An older version
    #[arg(long, value_name = "N")]
    version: Option<u64>,
}

impl Show {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let (plan, broken) = match self.version {
            Some(number) => (version(&workspace, &self.account, number)?, None),
            None => newest(scene, &workspace, &self.account)?,
        };
        self.tell(&plan, scene);
        match broken {
            // The answer for programs is the last version alone; the exit code says that it is not the file.
            Some(fault) if scene.screen.json => Ok(fault.exit),
            Some(fault) => Err(fault.into()),
            None => Ok(Exit::Done),
        }
    }

    fn tell(&self, plan: &Plan, scene: &Scene) {
        let screen = &scene.screen;
        if self.as_customer {
            let view = self.only_section(customer_view(plan));
            screen.json(&view);
            screen.line(&shown::customer(&view, screen));
        } else {
            screen.json(&self.only_section(all_of(plan)));
            screen.line(&shown::plan(plan, shown::Choice { section: self.section }, screen));
        }
    }

    fn only_section(&self, mut plan: Value) -> Value {
        if let (Some(section), Some(fields)) = (self.section, plan.as_object_mut()) {
            fields.retain(|name, _| name == section.as_str());
        }
        plan
    }
}

/// The plan as a value, with those of its registers that hold something.
fn all_of(plan: &Plan) -> Value {
    let mut all = serde_json::to_value(plan).unwrap_or_default();
    let registers = serde_json::to_value(&plan.registers).unwrap_or_default();
    if let (Some(all), Value::Object(registers)) = (all.as_object_mut(), registers) {
        let filled = |register: &Value| register.as_object().is_some_and(|lists| !lists.is_empty());
        all.extend(registers.into_iter().filter(|(_, register)| filled(register)));
    }
    all
}

/// The plan of one version.
pub fn version(workspace: &Workspace, account: &AccountSlug, number: u64) -> Result<Plan, Fault> {
    workspace.chosen(Some(account))?;
    let found = workspace.hub.plan_version(account, number)?;
    found.map(|(plan, _)| plan).ok_or_else(|| no_version(account, number))
}

/// What to say about a version that is not there.
pub fn no_version(account: &AccountSlug, number: u64) -> Fault {
    Fault::not_found(format!("{account} has no version {number} of its plan"))
        .help(format!("`csp plan history {account}` lists all versions"))
}

/// The plan as it is now, with a person's edit that is no version yet; of a broken file, the last version and
/// what is wrong.
fn newest(scene: &Scene, workspace: &Workspace, slug: &AccountSlug) -> Result<(Plan, Option<Fault>), Fault> {
    newest_of(scene, workspace.account(slug)?)
}

/// The same of an account that is loaded already.
pub fn newest_of(scene: &Scene, account: Account<Step>) -> Result<(Plan, Option<Fault>), Fault> {
    let slug = account.slug.clone();
    let plan = account.plan().cloned();
    let broken = match account.edit {
        Edit::Adopt(edit) => {
            let files: Vec<_> = edit.files().map(BookFile::name).collect();
            scene.screen.note(&format!("{}; `csp work` takes the edit in", edited_by_hand(&files)));
            return Ok((edit.plan, None));
        }
        Edit::Broken(files) => files.into_iter().next().map(|file| blocked(file.error)),
        Edit::None => None,
    };
    let help = format!("`csp account show {slug}` says what is known; a rule that fires starts the plan");
    match (plan, broken) {
        (Some(plan), broken) => Ok((plan, broken)),
        (None, Some(fault)) => Err(fault),
        (None, None) => Err(Fault::not_found(format!("{slug} has no plan yet")).help(help)),
    }
}
