//! `csp check`: every file of the workspace, read and checked, and all faults told at once with their places.

use clap::Args;
use infohub::hub::{Account, Edit};
use infohub::ids::AccountSlug;
use orchestrator::step::Step;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::{Fault, Faults, blocked};
use crate::outside;
use crate::scene::{Ended, Scene};
use crate::show::fault::fault as shown;
use crate::show::words::count;
use crate::wire::rights;
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp check
  csp check --json | jq '.errors[].message'

Ends with 1 if anything is wrong. Notes are about things that work and that one may want to know.";

/// Checks configuration, people, rules, prompts, template, plans and material
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Check {}

/// What was found.
#[derive(Default)]
struct Findings {
    checked: Vec<String>,
    faults: Vec<Fault>,
    notes: Vec<String>,
}

impl Check {
    pub fn run(self, scene: &Scene) -> Ended {
        let (workspace, faults) = scene.workspace_anyway()?;
        let mut findings = Findings::default();
        findings.note("csp.toml", faults.map_or(Ok(()), Err));
        findings.files(&workspace);
        findings.key(&workspace);
        findings.channels(&workspace);
        let (accounts, folders) = workspace.chosen(None)?;
        findings.faults.extend(folders);
        for slug in &accounts {
            findings.account(&workspace, slug);
        }
        findings.checked.push(count(accounts.len(), "account"));
        Ok(findings.tell(scene))
    }
}

impl Findings {
    fn note<T>(&mut self, what: &str, checked: Result<T, Faults>) {
        match checked {
            Ok(_) => self.checked.push(what.to_owned()),
            Err(faults) => self.faults.extend(faults.all().iter().cloned()),
        }
    }

    fn files(&mut self, workspace: &Workspace) {
        let settings = &workspace.settings;
        self.note(settings.team.as_str(), workspace.team());
        self.note(settings.template.as_str(), workspace.template().map_err(Faults::from));
        match workspace.charters() {
            Ok(charters) => {
                let tasks = rights(&charters);
                self.checked.push(format!("prompts ({})", count(tasks.len(), "task")));
                self.note(settings.rules.as_str(), workspace.rules(&tasks));
            }
            Err(faults) => {
                self.note(settings.prompts.as_str(), Err::<(), _>(faults));
                self.notes.push(format!("{} is checked once the prompts read", settings.rules));
            }
        }
        if workspace.team().is_ok_and(|team| team.people.is_empty()) {
            self.notes.push(format!("{} names nobody yet, so nobody can accept a draft", settings.team));
        }
    }

    /// A key that is named and not there fails only when a task runs, so it is told here.
    fn key(&mut self, workspace: &Workspace) {
        let Some((_, Some(name))) = &workspace.settings.model else { return };
        if outside::variable(name).is_none() {
            self.notes.push(format!("csp.toml takes the model's key from {name}, which is not set here"));
        }
    }

    /// The same for the channels; they are set up only where all secrets are there.
    fn channels(&mut self, workspace: &Workspace) {
        let before = self.notes.len();
        for (what, name) in workspace.settings.attention.channels.secrets() {
            if outside::variable(name).is_none() {
                self.notes.push(format!("csp.toml takes {what} from {name}, which is not set here"));
            }
        }
        if self.notes.len() == before
            && let Err(faults) = workspace.dispatcher()
        {
            self.faults.extend(faults.all().iter().cloned());
        }
    }

    fn account(&mut self, workspace: &Workspace, slug: &AccountSlug) {
        match workspace.account(slug) {
            Ok(account) => self.plan(&account),
            Err(fault) => self.faults.push(fault),
        }
        match workspace.library(slug) {
            Ok(library) => {
                let skipped = library.skipped();
                self.notes
                    .extend(skipped.map(|file| format!("{slug}: {} is skipped: {}", file.path, file.reason)));
            }
            Err(fault) => self.faults.push(fault),
        }
    }

    fn plan(&mut self, account: &Account<Step>) {
        match &account.edit {
            Edit::None => {}
            Edit::Adopt(edit) => {
                let changes = count(edit.diff.changes.len(), "item");
                self.notes.push(format!(
                    "{}: csp.yaml was edited by hand ({changes}); `csp work` takes the edit in",
                    account.slug
                ));
            }
            Edit::Broken(error) => self.faults.push(blocked((**error).clone())),
        }
    }

    fn tell(self, scene: &Scene) -> Exit {
        let screen = &scene.screen;
        let exit = if self.faults.is_empty() { Exit::Done } else { Exit::Failed };
        screen.json(&json!({ "checked": self.checked, "errors": self.faults, "notes": self.notes }));
        for fault in &self.faults {
            screen.line(&format!("{}\n", shown(fault, screen.paint)));
        }
        for note in &self.notes {
            screen.line(&format!("{} {note}", screen.paint.waiting("note:")));
        }
        let verdict = match self.faults.len() {
            0 => screen.paint.good("nothing is wrong"),
            faults => screen.paint.bad(&count(faults, "fault")),
        };
        screen.line(&format!("read well: {}\n{verdict}", self.checked.join(", ")));
        exit
    }
}
