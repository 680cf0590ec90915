//! What all of a person's decisions have in common: who decides, the taking in, and what is said of it.

use infohub::ids::{AccountSlug, PersonId};
use orchestrator::state::State;
use orchestrator::step::{Decision, Effect, Input, Verdict};
use orchestrator::task::{Task, TaskId};
use serde_json::json;

use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::outside;
use crate::scene::{Ended, Scene};
use crate::show::effects::effects;
use crate::workspace::Workspace;

/// The variable that names the person where `--as` does not.
pub const PERSON: &str = "CSP_PERSON";

/// Who decides.
#[derive(Debug, clap::Args)]
pub struct By {
    /// The person who decides, as named in team.yaml [default: $CSP_PERSON]
    #[arg(long = "as", value_name = "PERSON")]
    person: Option<PersonId>,
}

impl By {
    /// The person, from the command line or the environment.
    pub fn person(&self) -> Result<PersonId, Fault> {
        if let Some(person) = &self.person {
            return Ok(person.clone());
        }
        let named = outside::variable(PERSON).ok_or_else(|| {
            Fault::refused("nobody is named who decides").help(format!("say `--as PERSON`, or set {PERSON}"))
        })?;
        Ok(PersonId::new(named)?)
    }
}

/// A task that the person named, with the account that has it.
pub struct Found {
    /// The account.
    pub account: AccountSlug,
    /// The account's state.
    pub state: State,
    /// The task.
    pub task: Task,
}

/// Finds a task by its id, or by the last part of it.
pub fn find(workspace: &Workspace, wanted: &str) -> Result<Found, Faults> {
    let (accounts, _) = workspace.chosen(None)?;
    let mut found = Vec::new();
    for account in accounts {
        // An account that does not load cannot hide the task of another one.
        let Ok(loaded) = workspace.account(&account) else { continue };
        let Some(state) = loaded.last.map(|step| step.state) else { continue };
        let fitting: Vec<Task> =
            state.tasks.iter().filter(|task| is_named(&task.id, wanted)).cloned().collect();
        found.extend(fitting.into_iter().map(|task| Found {
            account: account.clone(),
            state: state.clone(),
            task,
        }));
    }
    match found.len() {
        0 => Err(Fault::not_found(format!("there is no task '{wanted}'"))
            .help("`csp task list --all` shows all tasks")
            .into()),
        1 => found.pop().ok_or_else(|| Fault::not_found("no task").into()),
        _ => {
            let ids: Vec<_> = found.iter().map(|found| found.task.id.to_string()).collect();
            Err(Fault::refused(format!("'{wanted}' is the end of several ids: {}", ids.join(", "))).into())
        }
    }
}

fn is_named(id: &TaskId, wanted: &str) -> bool {
    id.as_str() == wanted || id.as_str().rsplit('-').next() == Some(wanted)
}

/// Takes the decision in and tells what followed; one that does nothing is refused.
pub fn take(
    scene: &Scene,
    workspace: &Workspace,
    account: &AccountSlug,
    by: PersonId,
    verdict: Verdict,
) -> Ended {
    let orchestrator = workspace.orchestrator()?;
    let decision = Input::Decision(Box::new(Decision { by, verdict }));
    let taken = orchestrator.take(account, &decision, scene.now()).map_err(Fault::from)?;
    if taken.record.is_none() {
        let why = taken.effects.iter().find_map(|effect| match effect {
            Effect::Ignored { why } => Some(why.clone()),
            _ => None,
        });
        return Err(Fault::refused(why.unwrap_or_else(|| "nothing followed from it".to_owned())).into());
    }
    let screen = &scene.screen;
    screen.json(&json!({ "account": account, "record": taken.record, "plan_version": taken.version, "effects": taken.effects }));
    screen.line(&screen.paint.strong(account.as_str()));
    screen.line(&effects(&taken.effects, screen));
    Ok(Exit::Done)
}
