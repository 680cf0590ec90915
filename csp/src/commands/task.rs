//! `csp task`: the agents' pieces of work, how they stand, and starting or calling off one.

use clap::Subcommand;
use infohub::ids::AccountSlug;
use infohub::occasion::Occasion;
use orchestrator::runs::{self, Run};
use orchestrator::step::Verdict;
use orchestrator::task::{Task as AgentTask, TaskStatus};
use serde_json::json;

use super::about::About;
use super::decide::{self, By, Found};
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::table::Table;
use crate::show::words::{count, minute, since, wrap};
use crate::workspace::Workspace;

const START_HELP: &str = "\
Examples:
  csp task start ca.refresh_csp acme --as adaeze
  csp task start meeting_notes.extract_meeting acme --material materials/meetings/2026-05-04.vtt --as mira
  csp task start nudger.write_reminder acme --item ms-3f9a --as ruben

`csp prompt show` lists all tasks; `csp work` has the agents do them.";

/// The agents' tasks: list, show, start, start again, call off
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp task list --all")]
pub enum Task {
    /// Lists open tasks
    #[command(after_help = "Examples:\n  csp task list\n  csp task list acme --all")]
    List {
        /// Only this account's
        account: Option<AccountSlug>,
        /// Closed ones too
        #[arg(long)]
        all: bool,
    },
    /// Shows one task: why it was started, how it stands, what its runs said
    #[command(after_help = "Example:\n  csp task show sa.initiate_csp-3f9a27c1\n  csp task show 3f9a27c1")]
    Show {
        /// The task's id, or its last part
        task: String,
    },
    /// Starts a task without a rule
    #[command(after_help = START_HELP)]
    Start {
        /// The task, as rules name it
        run: String,
        /// The account
        account: AccountSlug,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        by: By,
    },
    /// Starts a failed or cancelled task again
    #[command(after_help = "Example:\n  csp task retry 3f9a27c1 --as mira")]
    Retry {
        /// The task's id, or its last part
        task: String,
        #[command(flatten)]
        by: By,
    },
    /// Calls a task off
    #[command(after_help = "Example:\n  csp task cancel 3f9a27c1 --reason 'the deal is on hold' --as mira")]
    Cancel {
        /// The task's id, or its last part
        task: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: By,
    },
}

impl Task {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        match self {
            Self::List { account, all } => list(scene, &workspace, account.as_ref(), all),
            Self::Show { task } => show(scene, &workspace, &task),
            Self::Start { run, account, about, by } => {
                // A name with a slip must not make a new account.
                workspace.chosen(Some(&account))?;
                let occasion = Box::new(about.occasion());
                decide::take(scene, &workspace, &account, by.person()?, Verdict::Start { run, occasion })
            }
            Self::Retry { task, by } => {
                let Found { account, task, .. } = decide::find(&workspace, &task)?;
                decide::take(scene, &workspace, &account, by.person()?, Verdict::Retry { task: task.id })
            }
            Self::Cancel { task, reason, by } => {
                let Found { account, task, .. } = decide::find(&workspace, &task)?;
                decide::take(
                    scene,
                    &workspace,
                    &account,
                    by.person()?,
                    Verdict::Cancel { task: task.id, reason },
                )
            }
        }
    }
}

fn list(scene: &Scene, workspace: &Workspace, account: Option<&AccountSlug>, all: bool) -> Ended {
    let (accounts, mut faults) = workspace.chosen(account)?;
    let mut table = Table::new(&["account", "task", "is", "since", "drafts", "what"]);
    let mut answers = Vec::new();
    for slug in accounts {
        let state = match workspace.account(&slug) {
            Ok(loaded) => loaded.last.map(|step| step.state).unwrap_or_default(),
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        for task in state.tasks.iter().filter(|task| all || !task.status.is_closed()) {
            table.row(vec![
                slug.to_string(),
                task.id.to_string(),
                task.status.word().to_owned(),
                minute(since(task)),
                task.draft.to_string(),
                task.action.clone(),
            ]);
            answers.push(json!({ "account": slug, "task": task }));
        }
    }
    scene.screen.json(&json!({ "tasks": answers, "errors": faults }));
    if scene.screen.json {
        return Ok(faults.first().map_or(Exit::Done, |fault| fault.exit));
    }
    if table.is_empty() {
        scene.screen.line(if all {
            "No tasks."
        } else {
            "No open tasks; `csp task list --all` shows closed ones."
        });
    } else {
        scene.screen.line(&table.render(&scene.screen));
    }
    Faults::any(faults).map_or(Ok(Exit::Done), Err)
}

fn show(scene: &Scene, workspace: &Workspace, wanted: &str) -> Ended {
    let Found { account, state, task } = decide::find(workspace, wanted)?;
    let runs = runs_of(workspace, &account, &task)?;
    let screen = &scene.screen;
    let review = state.reviews.get(&task.id);
    screen.json(&json!({ "account": account, "task": task, "review": review, "runs": runs }));
    screen.line(&format!("{}  {}", screen.paint.strong(&task.id.to_string()), task.action));
    let fact = |name: &str, value: &str| {
        let first = format!("  {name:<9}");
        screen.line(&wrap(&first, "           ", value, screen.width));
    };
    fact("account", account.as_str());
    fact("is", &standing(&task));
    fact("for", &task.subject.to_string());
    fact("started", &started(&task));
    for (name, value) in particulars(&task.occasion) {
        fact(name, &value);
    }
    if review.is_some() {
        fact("review", &format!("open; `csp review show {}`", task.id));
    }
    for run in &runs {
        screen.line(&run_told(run, scene));
    }
    Ok(Exit::Done)
}

fn started(task: &AgentTask) -> String {
    let when = minute(task.opened);
    match &task.started_by {
        Some(person) => format!("{when} by {person}, without a rule"),
        None => format!("{when} by rule {}, on event {} from {}", task.rule, task.cause.1, task.cause.0),
    }
}

/// What the task is about, in words.
fn particulars(about: &Occasion) -> Vec<(&'static str, String)> {
    let period = about.from.zip(about.until).map(|(from, until)| format!("{from} to {until}"));
    let handover = about.handed_over_by.as_ref().zip(about.taken_over_by.as_ref());
    [
        ("material", about.material.clone()),
        ("item", about.item.as_ref().map(ToString::to_string)),
        ("day", about.day.map(|day| day.to_string())),
        ("period", period),
        ("handover", handover.map(|(from, to)| format!("{from} to {to}"))),
        ("changed", (!about.changes.is_empty()).then(|| about.changes.join("; "))),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

fn standing(task: &AgentTask) -> String {
    match &task.status {
        TaskStatus::Pending => format!("pending, draft {} is to be made", task.draft),
        TaskStatus::InReview { since } => format!("in review since {}", minute(*since)),
        TaskStatus::Done { at, version } => {
            format!("done on {}; the plan is version {version} with it", minute(*at))
        }
        TaskStatus::Failed { at, why } => format!("failed on {}: {why}", minute(*at)),
        TaskStatus::Lapsed { at, why } => format!("lapsed on {}: {why}", minute(*at)),
        TaskStatus::Cancelled { at, why } => format!("cancelled on {}: {why}", minute(*at)),
    }
}

fn runs_of(workspace: &Workspace, account: &AccountSlug, task: &AgentTask) -> Result<Vec<Run>, Fault> {
    let mut runs = Vec::new();
    for draft in 1..=task.draft {
        runs.extend(runs::read(&workspace.hub, account, &task.id, draft)?);
    }
    Ok(runs)
}

fn run_told(run: &Run, scene: &Scene) -> String {
    let screen = &scene.screen;
    let head = format!(
        "\n{} by {}, {}, on plan version {}",
        screen.paint.strong(&format!("Draft {}", run.draft)),
        run.author,
        minute(run.began),
        run.plan_version
    );
    let mut lines = vec![head];
    if !run.exchanges.is_empty() {
        lines.push(format!("  {} to the model", count(run.exchanges.len(), "question")));
    }
    let groups = [
        ("checked", &run.checks),
        ("dropped", &run.dropped),
        ("look at", &run.warnings),
        ("left out", &run.left_out),
    ];
    for (name, entries) in groups {
        lines.extend(
            entries.iter().map(|entry| wrap(&format!("  {name:<9} "), "            ", entry, screen.width)),
        );
    }
    lines.extend(
        run.outcome.iter().map(|outcome| wrap("  outcome   ", "            ", outcome, screen.width)),
    );
    lines.join("\n")
}
