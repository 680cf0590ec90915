//! `csp prompt`: the agents' prompts as they are written, as they would be sent for one account, and what a changed
//! one would draft.

mod attempt;

use agents::charter::{Charters, Task};
use agents::prompt::Account;
use agents::schema::Shape;
use clap::Subcommand;
use infohub::ids::AccountSlug;
use infohub::occasion::Occasion;
use infohub::plan::Plan;
use orchestrator::decide::first_plan;
use orchestrator::drafting;
use orchestrator::rules::Subject;
use serde_json::json;

use super::about::About;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::plan::numbered;
use crate::show::screen::Screen;
use crate::show::table::Table;
use crate::show::words::count;
use crate::workspace::Workspace;

const RENDER_HELP: &str = "\
Examples:
  csp prompt render sa.initiate_csp acme
  csp prompt render sa.initiate_csp acme --schema
  csp prompt render sa.initiate_csp acme --tokens 6000     with less room for material
  csp prompt render meeting_notes.extract_meeting acme --material materials/meetings/2026-05-04.vtt

Nothing is sent. Prompts are changed by files of the same name in the workspace's prompts/ folder.";

/// Prompts: as they are written, and as they would be sent
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp prompt render sa.initiate_csp acme")]
pub enum Prompt {
    /// Shows the agents' tasks, or one task's prompt as it is written
    #[command(after_help = "Examples:\n  csp prompt show\n  csp prompt show sa.initiate_csp")]
    Show {
        /// The task, as rules name it; a list of all if left out
        task: Option<String>,
    },
    Try(attempt::Attempt),
    /// Shows what would be sent to a model for one account, and what finds no room
    #[command(after_help = RENDER_HELP)]
    Render {
        /// The task, as rules name it
        task: String,
        /// The account
        account: AccountSlug,
        /// The schema of the answer too
        #[arg(long)]
        schema: bool,
        /// The most tokens that the prompt may have [default: prompt_tokens of csp.toml]
        #[arg(long, value_name = "N")]
        tokens: Option<usize>,
        #[command(flatten)]
        about: About,
    },
}

impl Prompt {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let charters = workspace.charters()?;
        match self {
            Self::Try(command) => command.run(scene),
            Self::Show { task: None } => list(scene, &charters),
            Self::Show { task: Some(name) } => show(scene, &find(&charters, &name)?),
            Self::Render { task, account, schema, tokens, about } => {
                let order = Order {
                    task: find(&charters, &task)?,
                    slug: account,
                    tokens,
                    occasion: about.occasion(),
                };
                let sent = Sent::new(scene, &workspace, &charters, &order)?;
                sent.tell(&scene.screen, schema);
                Ok(Exit::Done)
            }
        }
    }
}

fn find<'a>(charters: &'a Charters, name: &str) -> Result<Task<'a>, Fault> {
    charters.task(name).ok_or_else(|| {
        let names: Vec<_> = charters.tasks().map(|task| task.to_string()).collect();
        Fault::not_found(format!("no agent has a task '{name}'"))
            .help(format!("tasks are: {}", names.join(", ")))
    })
}

fn list(scene: &Scene, charters: &Charters) -> Ended {
    let mut table = Table::new(&["task", "writes", "when", "what"]);
    for task in charters.tasks() {
        table.row(vec![task.to_string(), sections(&task), task.task.trigger.clone(), task.task.name.clone()]);
    }
    scene.screen.json(&json!({ "charters": charters.charters().collect::<Vec<_>>() }));
    scene.screen.line(&table.render(&scene.screen));
    Ok(Exit::Done)
}

fn sections(task: &Task<'_>) -> String {
    task.task
        .sections
        .iter()
        .map(|section| section.number().map_or_else(|| section.to_string(), |number| number.to_string()))
        .collect::<Vec<_>>()
        .join(", ")
}

fn show(scene: &Scene, task: &Task<'_>) -> Ended {
    let screen = &scene.screen;
    let Task { charter, task: put, .. } = task;
    screen.json(
        &json!({ "task": task.to_string(), "agent": charter.agent, "system": charter.system, "put": put }),
    );
    screen.line(&format!("{}  {}", screen.paint.strong(&task.to_string()), put.name));
    screen.line(&format!("  when      {}", put.trigger));
    let writes: Vec<_> = put.sections.iter().map(|section| numbered(*section)).collect();
    screen.line(&format!("  writes    {}", writes.join(", ")));
    for input in &put.inputs {
        let must = if input.required { "must be known" } else { "may be unknown" };
        screen.line(&format!("  input     {} from {}, {must}", input.name, input.from));
    }
    screen.line(&format!("\n{}\n{}", screen.paint.strong("System"), charter.system.trim_end()));
    screen.line(&format!("\n{}\n{}", screen.paint.strong("Task"), put.prompt.trim_end()));
    Ok(Exit::Done)
}

/// What is to be rendered.
struct Order<'a> {
    task: Task<'a>,
    slug: AccountSlug,
    tokens: Option<usize>,
    occasion: Occasion,
}

/// What would be sent.
struct Sent {
    task: String,
    prompt: drafting::Prompt,
}

impl Sent {
    fn new(
        scene: &Scene,
        workspace: &Workspace,
        charters: &Charters,
        order: &Order<'_>,
    ) -> Result<Self, Faults> {
        let Order { task, slug, tokens, occasion } = order;
        let account = workspace.account(slug)?;
        let library = workspace.library(slug)?;
        let policy = workspace.policy()?;
        let first = || first_plan(&account.facts, &Subject::Account(slug.to_string()), scene.now(), &policy);
        let plan: Plan = account.plan().cloned().unwrap_or_else(first);
        let shape = Shape::compose(&task.task.sections, drafting::scope_of(&plan))
            .map_err(|error| Fault::of(Exit::Failed, &error))?;
        let facts = &account.facts;
        let seen = Account { facts, plan: &plan, library: &library, team: &policy.team, occasion };
        let model = workspace.settings.model.as_ref();
        let mode = model.map(|(model, _)| model.supports.schema).unwrap_or_default();
        let mut budget = workspace.settings.budget;
        budget.prompt = tokens.unwrap_or(budget.prompt);
        let prompt = drafting::prompt(charters, task, &seen, &shape, mode, budget)
            .map_err(|error| Fault::of(Exit::Refused, &error))?;
        Ok(Self { task: task.to_string(), prompt })
    }

    fn tell(&self, screen: &Screen, with_schema: bool) {
        let drafting::Prompt { rendered, schema } = &self.prompt;
        let asked = schema.as_ref().map(|schema| &schema.schema).filter(|_| with_schema);
        screen.json(&json!({ "task": self.task, "rendered": rendered, "schema": asked }));
        if screen.json {
            return;
        }
        let heading = |text: &str| screen.paint.strong(text);
        screen.line(&format!("{}\n{}", heading("System"), rendered.system.trim_end()));
        screen.line(&format!("\n{}\n{}", heading("User"), rendered.user.trim_end()));
        if with_schema {
            screen.line(&format!("\n{}", heading("Schema of the answer")));
            match asked {
                Some(schema) => screen.value(schema),
                None => screen
                    .line("none: the server of csp.toml takes no schema, so the prompt describes the form"),
            }
        }
        let materials = count(rendered.included.len(), "material");
        screen.line(&format!(
            "\n{} about {} tokens, with {materials}",
            heading("Size:"),
            rendered.tokens_estimate
        ));
        for entry in &rendered.left_out {
            screen.line(&format!("{} {entry}", screen.paint.waiting("left out:")));
        }
    }
}
