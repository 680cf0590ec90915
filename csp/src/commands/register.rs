//! `csp register`: decisions, risks, actions and what to say, as tables.

use clap::{Args, Subcommand, ValueEnum};
use infohub::hub::{Account, Register as File};
use infohub::ids::AccountSlug;
use infohub::plan::Plan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use orchestrator::step::Step;
use serde::Serialize;
use serde_json::{Value, json};

use super::plan::show::newest_of;
use crate::exit::Exit;
use crate::fault::Faults;
use crate::scene::{Ended, Scene};
use crate::show::register::{Sheet, sheets};
use crate::show::table::Table;
use crate::workspace::Workspace;

/// Registers beside the plan: decisions, risks, actions, what to say
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp register show acme action_tracker")]
pub enum Register {
    /// Lists how much stands in the registers, and how much of it is open
    #[command(after_help = "Examples:\n  csp register list\n  csp register list acme")]
    List {
        /// Only this account's
        account: Option<AccountSlug>,
    },
    Show(Show),
}

const HELP: &str = "\
Examples:
  csp register show acme
  csp register show acme action_tracker
  csp register show acme risk_register --json

What is open stands first, actions by the day they are due. `csp plan show acme --section risk_register` shows
what each entry rests on.";

/// Shows the entries of the registers
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Show {
    /// The account
    account: AccountSlug,
    /// Only this register
    register: Option<Name>,
}

/// The registers as the command line knows them.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    /// What was decided, by whom and why
    DecisionLog,
    /// Every risk with its history
    RiskRegister,
    /// Who does what by when
    ActionTracker,
    /// What to say, and the words of reminders
    Briefing,
}

impl From<Name> for File {
    fn from(name: Name) -> Self {
        match name {
            Name::DecisionLog => Self::DecisionLog,
            Name::RiskRegister => Self::RiskRegister,
            Name::ActionTracker => Self::ActionTracker,
            Name::Briefing => Self::Briefing,
        }
    }
}

/// One register of one account.
#[derive(Debug, Serialize)]
struct Row {
    account: AccountSlug,
    register: File,
    entries: usize,
    open: usize,
    overdue: usize,
    revision: Option<u64>,
}

impl Register {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        match self {
            Self::List { account } => list(scene, &workspace, account.as_ref()),
            Self::Show(command) => command.run(scene, &workspace),
        }
    }
}

fn list(scene: &Scene, workspace: &Workspace, account: Option<&AccountSlug>) -> Ended {
    let (accounts, mut faults) = workspace.chosen(account)?;
    let mut rows = Vec::new();
    for slug in accounts {
        match workspace.account(&slug) {
            Ok(account) => rows.extend(rows_of(&account, today(scene))),
            Err(fault) => faults.push(fault),
        }
    }
    let screen = &scene.screen;
    if screen.json {
        screen.json(&json!({ "registers": rows, "errors": faults }));
        return Ok(faults.first().map_or(Exit::Done, |fault| fault.exit));
    }
    if rows.is_empty() {
        screen.line("Nothing stands in any register.");
    } else {
        let mut table = Table::new(&["account", "register", "entries", "open", "overdue", "revision"]);
        rows.iter().for_each(|row| table.row(row.cells()));
        screen.line(&table.render(screen));
    }
    Faults::any(faults).map_or(Ok(Exit::Done), Err)
}

/// The registers that hold something, as the journal has them.
fn rows_of(account: &Account<Step>, today: Date) -> Vec<Row> {
    let Some(plan) = account.plan() else { return Vec::new() };
    let row = |register: File| {
        let sheets = sheets(register, &plan.registers, today);
        let sum = |count: fn(&Sheet) -> usize| sheets.iter().map(count).sum();
        Row {
            account: account.slug.clone(),
            register,
            entries: sum(Sheet::len),
            open: sum(Sheet::open),
            overdue: sum(Sheet::overdue),
            revision: account.revision(register),
        }
    };
    File::ALL.into_iter().map(row).filter(|row| row.entries > 0).collect()
}

impl Row {
    fn cells(&self) -> Vec<String> {
        vec![
            self.account.to_string(),
            self.register.key().to_string(),
            self.entries.to_string(),
            self.open.to_string(),
            self.overdue.to_string(),
            self.revision.map_or_else(|| "-".to_owned(), |revision| revision.to_string()),
        ]
    }
}

impl Show {
    fn run(self, scene: &Scene, workspace: &Workspace) -> Ended {
        let account = workspace.account(&self.account)?;
        let revisions = File::ALL.map(|register| (register, account.revision(register)));
        let (plan, broken) = newest_of(scene, account)?;
        let chosen = self.register.map(File::from);
        let chosen =
            revisions.into_iter().filter(|(register, _)| chosen.is_none_or(|only| only == *register));
        self.tell(&plan, chosen, scene);
        match broken {
            Some(fault) if scene.screen.json => Ok(fault.exit),
            Some(fault) => Err(fault.into()),
            None => Ok(Exit::Done),
        }
    }

    fn tell(&self, plan: &Plan, chosen: impl Iterator<Item = (File, Option<u64>)>, scene: &Scene) {
        let screen = &scene.screen;
        let (mut answers, mut parts) = (Vec::new(), Vec::new());
        for (register, revision) in chosen {
            let sheets = sheets(register, &plan.registers, today(scene));
            let entries: Vec<Value> = sheets
                .iter()
                .flat_map(|sheet| sheet.answer().as_array().cloned().unwrap_or_default())
                .collect();
            answers.push(json!({ "register": register, "revision": revision, "entries": entries }));
            parts.extend(sheets.iter().filter_map(|sheet| sheet.render(screen)));
        }
        screen.json(&json!({ "account": self.account, "registers": answers }));
        if parts.is_empty() {
            let what = self.register.map_or("its registers", |name| File::from(name).file());
            parts.push(format!("{}: nothing stands in {what} yet.", self.account));
        }
        screen.line(&parts.join("\n\n"));
    }
}

fn today(scene: &Scene) -> Date {
    scene.now().to_zoned(TimeZone::UTC).date()
}
