//! One function that wires everything: store, InfoHub, rules, agents, drafter, run loop.
//! The only place that knows all crates at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use agents::charter::{CharterErrors, Charters};
use infohub::store::{EntryKind, Store, StorePath};
use infohub::yaml::YamlError;
use orchestrator::dispatch::Dispatcher;
use orchestrator::drafting::{Draftsman, Hand, ModelHand};
use orchestrator::intake::Orchestrator;
use orchestrator::policy::{Policy, TaskRights};
use orchestrator::rules::RuleSet;
use tools::channel::{Channel, Mail, MailSettings, Webhook, WebhookSettings};
use tools::material::Readers;
use tools::material::pdf::PdfReader;
use tools::model::{ApiKey, ModelClient};

use crate::config::{CHAT_URL, DrafterKind, PASSWORD};
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::outside;
use crate::workspace::Workspace;

/// The agents that this version has.
pub const AGENTS: &[&str] = &["sa", "ae", "ca", "delivery", "ve", "meeting_notes", "nudger"];
/// The longest that one PDF file may take.
const PDF_DEADLINE: Duration = Duration::from_secs(60);

impl Workspace {
    /// What decisions are made by. All faults of all its files are told together.
    pub fn policy(&self) -> Result<Policy, Faults> {
        let mut faults = Vec::new();
        let mut note = |found: &Faults| faults.extend(found.all().iter().cloned());
        let charters = self.charters().map_err(|found| note(&found)).ok();
        let tasks = charters.as_ref().map(rights).unwrap_or_default();
        // Without the agents every rule would be blamed for a task that nobody has.
        let rules = charters.and_then(|_| self.rules(&tasks).map_err(|found| note(&found)).ok());
        let team = self.team().map_err(|found| note(&found)).ok();
        let template = self.template().map_err(|fault| note(&fault.into())).ok();
        match (rules, team, template) {
            (Some(rules), Some(team), Some(template)) => {
                Ok(Policy { rules, tasks, review: self.settings.review.clone(), team, template })
            }
            _ => {
                Err(Faults::any(faults)
                    .unwrap_or_else(|| Fault::refused("the workspace does not read").into()))
            }
        }
    }

    /// The InfoHub, governed.
    pub fn orchestrator(&self) -> Result<Orchestrator, Faults> {
        Ok(Orchestrator::new(self.hub.clone(), self.policy()?))
    }

    /// Who drafts, as `csp.toml` says.
    pub fn draftsman(&self) -> Result<Draftsman, Faults> {
        let hand = match self.settings.drafter {
            DrafterKind::Model if self.settings.model.is_some() => {
                let charters = Arc::new(self.charters()?);
                Hand::Model(Box::new(ModelHand::new(self.client()?, charters, self.settings.budget)))
            }
            _ => Hand::Extractive,
        };
        Ok(Draftsman::new(hand, readers()))
    }

    /// A client of the model that `csp.toml` names.
    pub fn client(&self) -> Result<ModelClient, Fault> {
        let Some((settings, key)) = &self.settings.model else {
            return Err(Fault::new(Exit::Blocked, "csp.toml names no model")
                .help("add a [model] table with base_url and model"));
        };
        ModelClient::new(settings, key.as_deref().map(api_key).transpose()?)
            .map_err(|error| Fault::of(Exit::Failed, &error))
    }

    /// Who sends notices, on the channels that `csp.toml` names.
    pub fn dispatcher(&self) -> Result<Dispatcher, Faults> {
        let attention = &self.settings.attention;
        let mut channels = Vec::new();
        if let Some(table) = &attention.channels.mail {
            let login = match (&table.user, &table.password_env) {
                (Some(user), Some(name)) => Some((user.clone(), secret(name, PASSWORD)?.into())),
                _ => None,
            };
            let settings = MailSettings {
                host: table.host.clone(),
                port: table.port,
                security: table.security.into(),
                login,
                from: table.from.clone(),
                time_limit: None,
            };
            let mail = Mail::new(&settings).map_err(|error| channel_fault("mail", &error))?;
            channels.push(Channel::Mail(mail));
        }
        if let Some(table) = &attention.channels.chat {
            let url = secret(&table.url_env, CHAT_URL)?.into();
            let webhook = Webhook::new(&WebhookSettings { url, time_limit: None });
            channels.push(Channel::Chat(webhook.map_err(|error| channel_fault("chat", &error))?));
        }
        let calendar = Arc::new(attention.calendar.clone());
        Ok(Dispatcher::new(channels, calendar, Some(attention.messages_a_day)))
    }

    /// The rules, checked against the tasks that agents have.
    pub fn rules(&self, tasks: &BTreeMap<String, TaskRights>) -> Result<RuleSet, Faults> {
        let path = &self.settings.rules;
        self.rules_of(path.as_str(), &self.text(path)?, tasks)
    }

    /// Rules of any text, checked as the workspace's own. `name` is how faults name the file.
    pub fn rules_of(
        &self,
        name: &str,
        text: &str,
        tasks: &BTreeMap<String, TaskRights>,
    ) -> Result<RuleSet, Faults> {
        let names: BTreeSet<String> = tasks.keys().cloned().collect();
        let rules = RuleSet::parse(name, text, &self.settings.stages, &names).map_err(|errors| {
            let faults = errors.into_iter().map(Fault::from).collect();
            Faults::any(faults).unwrap_or_else(|| Fault::refused(format!("{name} does not read")).into())
        })?;
        Ok(rules.with_calendar(self.settings.attention.calendar.clone()))
    }

    /// The agents' charters: the built-in ones, and the workspace's own in the place of those of the same name.
    pub fn charters(&self) -> Result<Charters, Faults> {
        let folder = &self.settings.prompts;
        Charters::load(&self.prompt_files()?).map_err(|CharterErrors(errors)| {
            let faults = errors.into_iter().map(|error| in_folder(folder, error)).collect();
            Faults::any(faults).unwrap_or_else(|| Fault::refused(format!("{folder} does not read")).into())
        })
    }

    /// The workspace's own files of agents and partials, by name below the prompts folder.
    pub fn prompt_files(&self) -> Result<Vec<(String, String)>, Faults> {
        let folder = &self.settings.prompts;
        let mut files = Vec::new();
        for (below, ending) in [("", ".yaml"), ("partials/", ".j2")] {
            let place = if below.is_empty() {
                folder.clone()
            } else {
                folder.join("partials").map_err(Fault::from)?
            };
            for entry in self.store.list(&place).map_err(Fault::from)? {
                if entry.kind == EntryKind::File && entry.name.ends_with(ending) {
                    let path = place.join(&entry.name).map_err(Fault::from)?;
                    files.push((format!("{below}{}", entry.name), self.text(&path)?));
                }
            }
        }
        Ok(files)
    }
}

/// The error with the file's place in the workspace.
fn in_folder(folder: &StorePath, mut error: YamlError) -> Fault {
    error.file = format!("{folder}/{}", error.file);
    error.into()
}

/// What each task may do.
pub fn rights(charters: &Charters) -> BTreeMap<String, TaskRights> {
    let tasks = charters.tasks();
    tasks
        .map(|task| {
            (task.to_string(), TaskRights { sections: task.task.sections.clone(), phase: task.task.phase })
        })
        .collect()
}

/// The key to the model, out of the variable that `csp.toml` names. No message holds the key.
fn api_key(variable: &str) -> Result<ApiKey, Fault> {
    let text = outside::variable(variable).ok_or_else(|| {
        Fault::new(Exit::Blocked, format!("csp.toml takes the model's key from {variable}, which is not set"))
            .help(format!("set {variable}, or leave api_key_env out for a server that needs no key"))
    })?;
    ApiKey::parse(&text).map_err(|error| Fault::refused(format!("{variable}: {error}")))
}

/// A secret, out of the variable that `csp.toml` names.
fn secret(variable: &str, what: &str) -> Result<String, Fault> {
    outside::variable(variable).ok_or_else(|| {
        Fault::new(Exit::Blocked, format!("csp.toml takes {what} from {variable}, which is not set"))
            .help(format!("set {variable}, or take the channel out of csp.toml"))
    })
}

fn channel_fault(channel: &str, error: &dyn std::error::Error) -> Fault {
    Fault::refused(format!("csp.toml: channels.{channel}: {error}"))
}

/// How material is read: PDF files by this very program, in a child process.
pub fn readers() -> Readers {
    let pdf = outside::program().ok().map(|program| PdfReader {
        program,
        arguments: vec!["read-pdf".to_owned()],
        deadline: PDF_DEADLINE,
    });
    Readers { pdf, ..Readers::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_agents_is_that_of_the_charters() {
        let charters = Charters::builtin().unwrap();
        assert_eq!(charters.charters().map(|charter| charter.agent.as_str()).collect::<Vec<_>>(), AGENTS);
        let phases: Vec<_> = charters
            .tasks()
            .filter_map(|task| Some((task.to_string(), task.task.phase?.to_string())))
            .collect();
        let phases: Vec<_> = phases.iter().map(|(task, phase)| (task.as_str(), phase.as_str())).collect();
        let expected = [
            ("sa.develop_csp", "develop"),
            ("sa.finalize_csp", "finalize"),
            ("sa.initiate_csp", "initiate"),
            ("ca.accept_handoff", "execute"),
        ];
        assert_eq!(phases, expected, "the tasks that bring a plan forward");
    }
}
