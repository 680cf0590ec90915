//! `csp check`: every file of the workspace, read and checked, and all faults told at once with their places.

use clap::Args;
use std::collections::BTreeSet;

use agents::charter::Charters;
use agents::evidence::{Folds, Sources};
use agents::value::disagreements;
use infohub::hub::{ARTIFACTS, Account, BookFile, Edit, ROOT};
use infohub::ids::AccountSlug;
use infohub::plan::Plan;
use infohub::registers::check::{Finding, findings};
use infohub::registers::links::settle;
use infohub::registers::stakeholder_map::{STAKEHOLDER_MAP, stakeholder_map};
use infohub::team::Team;
use jiff::Timestamp;
use orchestrator::approval::gaps;
use orchestrator::rules::{RuleSet, lint};
use orchestrator::step::Step;
use serde_json::json;
use tools::material::Library;

use crate::exit::Exit;
use crate::fault::{Fault, Faults, blocked};
use crate::outside;
use crate::scene::{Ended, Scene};
use crate::show::fault::fault as shown;
use crate::show::snippet::snippet;
use crate::show::words::{count, edited_by_hand};
use crate::suites::Suites;
use crate::wire::rights;
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp check
  csp check --json | jq '.errors[].message'

Ends with 1 if anything is wrong. What is to mend is in the plans' own words: links that lead nowhere, owners that are no
person, entries that stand twice, sums that are none. Notes are about things that work and that one may want to know.";

/// Checks configuration, people, rules, prompts, template, suites, plans and material
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Check {}

/// What was found.
#[derive(Default)]
struct Findings {
    checked: Vec<String>,
    faults: Vec<Fault>,
    /// What the plans and registers say and should not.
    mend: Vec<(AccountSlug, Finding)>,
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
            findings.account(&workspace, slug, scene.now());
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
                let rules = workspace.rules(&tasks);
                if let Ok(rules) = &rules {
                    let ruled = charters.tasks().filter(|task| !task.task.by_hand);
                    self.lint(workspace, rules, &ruled.map(|task| task.to_string()).collect());
                }
                self.note(settings.rules.as_str(), rules);
                self.suites(workspace, &charters);
            }
            Err(faults) => {
                self.note(settings.prompts.as_str(), Err::<(), _>(faults));
                self.notes.push(format!("{} is checked once the prompts read", settings.rules));
            }
        }
        match workspace.team() {
            Ok(team) if team.people.is_empty() => {
                self.notes.push(format!("{} names nobody yet, so nobody can accept a draft", settings.team));
            }
            Ok(team) => self.approvers(workspace, &team),
            Err(_) => {}
        }
    }

    /// Suites name tasks, files and scorers, which may all be gone.
    fn suites(&mut self, workspace: &Workspace, charters: &Charters) {
        match Suites::of(workspace, charters).all() {
            Ok((suites, faults)) => {
                if !suites.is_empty() {
                    self.checked.push(count(suites.len(), "suite"));
                }
                self.faults.extend(faults);
            }
            Err(fault) => self.faults.push(fault),
        }
    }

    /// Whether there is somebody for each draft who may let it in.
    fn approvers(&mut self, workspace: &Workspace, team: &Team) {
        for gap in gaps(&workspace.settings.review.approvers, team) {
            let text = format!("csp.toml: review.approvers: {gap}");
            if gap.refuses() {
                let fault = Fault::refused(text);
                self.faults.push(fault.help("give somebody one of these roles, or name other roles"));
            } else {
                self.notes.push(text);
            }
        }
    }

    /// What rules say together: contradictions are faults, what is only odd is a note.
    fn lint(&mut self, workspace: &Workspace, rules: &RuleSet, tasks: &BTreeSet<String>) {
        let file = &workspace.settings.rules;
        let text = workspace.text(file).unwrap_or_default();
        for finding in lint(rules, tasks) {
            let rule = finding.rule.map(|rule| format!("{rule}: ")).unwrap_or_default();
            let message = format!("{rule}{}", finding.flaw);
            let mut fault = Fault::new(Exit::Failed, message).help(finding.flaw.hint());
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            if let Some((line, column)) =
                finding.place.map(|place| (number(place.line), number(place.column)))
            {
                fault = fault.at(file.as_str(), line, column);
                fault.snippet = snippet(&text, line, column);
            }
            if finding.flaw.refuses() {
                self.faults.push(fault);
            } else {
                self.notes.push(format!("{}; {}", fault.message, finding.flaw.hint()));
            }
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

    fn account(&mut self, workspace: &Workspace, slug: &AccountSlug, now: Timestamp) {
        let account = workspace.account(slug).map_err(|fault| self.faults.push(fault)).ok();
        if let Some(account) = &account {
            self.plan(account);
            self.waiting(workspace, account);
            self.mend(workspace, account, now);
        }
        match workspace.library(slug) {
            Ok(library) => {
                let skipped = library.skipped();
                self.notes
                    .extend(skipped.map(|file| format!("{slug}: {} is skipped: {}", file.path, file.reason)));
                account.iter().for_each(|account| self.figures(account, &library));
            }
            Err(fault) => self.faults.push(fault),
        }
    }

    /// Figures that rest on a calculation which does not come out any more: changed by hand, or in the table.
    fn figures(&mut self, account: &Account<Step>, library: &Library) {
        let Some(plan) = account.plan() else { return };
        let sources = Sources { library, facts: &account.facts, folds: &Folds::default() };
        for found in disagreements(plan, &sources) {
            let agents::value::Disagreement { section, list, id, text, verdict, .. } = found;
            let why = if verdict.holds() {
                "its calculation gives another figure".to_owned()
            } else {
                verdict.to_string()
            };
            self.notes.push(format!("{}: {section}.{list} {id} \"{text}\": {why}", account.slug));
        }
    }

    fn plan(&mut self, account: &Account<Step>) {
        match &account.edit {
            Edit::None => {}
            Edit::Adopt(edit) => {
                let changes = count(edit.diff.changes.len(), "item");
                let files: Vec<_> = edit.files().map(BookFile::name).collect();
                let edited = edited_by_hand(&files);
                self.notes
                    .push(format!("{}: {edited} ({changes}); `csp work` takes the edit in", account.slug));
            }
            Edit::Broken(files) => {
                self.faults.extend(files.iter().map(|file| blocked(file.error.clone())));
            }
        }
    }

    /// Registers that wait for a first plan block nothing yet, but they will.
    fn waiting(&mut self, workspace: &Workspace, account: &Account<Step>) {
        for register in account.waiting.iter().copied() {
            match workspace.hub.check_waiting(&account.slug, register) {
                Ok(items) => self.notes.push(format!(
                    "{}: {} ({}) is left alone until there is a plan, and taken in with it",
                    account.slug,
                    register.file(),
                    count(items, "item"),
                )),
                Err(error) => self.faults.push(error.into()),
            }
        }
    }

    /// What people should mend in plan and registers as they are once an edit is taken in.
    fn mend(&mut self, workspace: &Workspace, account: &Account<Step>, now: Timestamp) {
        let edited = match &account.edit {
            Edit::Adopt(edit) => Some(&edit.plan),
            Edit::None | Edit::Broken(_) => account.plan(),
        };
        let Some(plan) = edited else { return };
        let today = workspace.day_of(&account.facts, now);
        let settled = settle(account.plan(), plan.clone(), today, "csp check");
        if matches!(account.edit, Edit::None) && !settled.followed.is_empty() {
            let changes = count(settled.followed.len(), "change");
            let slug = &account.slug;
            self.notes.push(format!("{slug}: {changes} of the registers follow with the plan's next change"));
        }
        let team = workspace.team().unwrap_or_default();
        let found = findings(&settled.plan, &team);
        self.mend.extend(found.into_iter().map(|finding| (account.slug.clone(), finding)));
        self.page(workspace, account, plan);
    }

    /// A page that is made from the plan and was changed by hand is told, since it does not follow the plan any more.
    fn page(&mut self, workspace: &Workspace, account: &Account<Step>, plan: &Plan) {
        let file = format!("{ARTIFACTS}/{STAKEHOLDER_MAP}");
        let place = workspace.root.join(ROOT).join(account.slug.as_str()).join(&file);
        let Ok(text) = std::fs::read_to_string(place) else { return };
        let made = [account.plan(), Some(plan)].into_iter().flatten().filter_map(stakeholder_map);
        if !made.into_iter().any(|made| made == text) {
            let slug = &account.slug;
            self.notes.push(format!(
                "{slug}: {file} was changed by hand and does not follow the plan; delete it to have it made again"
            ));
        }
    }

    fn tell(self, scene: &Scene) -> Exit {
        let screen = &scene.screen;
        let exit = if self.faults.is_empty() { Exit::Done } else { Exit::Failed };
        let mend: Vec<_> = self
            .mend
            .iter()
            .map(|(account, finding)| json!({ "account": account, "finding": finding }))
            .collect();
        screen.json(
            &json!({ "checked": self.checked, "errors": self.faults, "mend": mend, "notes": self.notes }),
        );
        for fault in &self.faults {
            screen.line(&format!("{}\n", shown(fault, screen.paint)));
        }
        for (account, finding) in &self.mend {
            screen.line(&format!(
                "{} {account}, {finding}\n  {}",
                screen.paint.waiting("to mend:"),
                finding.remedy
            ));
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
