//! An agent's charter: who it is, what it may see and write, and how its tasks are put. One YAML file per
//! agent, kept by operators. It must not know accounts, models, or where the files are.
//!
//! ```text
//! prompts/*.yaml, prompts/partials/*.j2 ── read strictly ─► checked against plan and facts ─► Charters
//! ```

mod check;
mod file;
mod source;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use infohub::plan::{Lifecycle, SectionKey};
use infohub::yaml::YamlError;
use minijinja::Environment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use file::CharterFile;
pub use source::{EventPart, FactPath, InputSource, PlanPart};

/// Names that every prompt may use besides its inputs: blocks that the runtime fills in.
pub const BLOCKS: [&str; 5] = ["facts", "plan", "material", "answer_form", "fence"];

/// Work that one template may do; a loop over a long list takes some thousands.
const FUEL: u64 = 100_000;

macro_rules! builtin {
    ($($name:literal),* $(,)?) => {
        /// The built-in charters and partials: name below the prompts folder, text.
        const BUILTIN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../prompts/", $name)))),*];
    };
}

builtin! {
    "sa.yaml",
    "ae.yaml",
    "ca.yaml",
    "delivery.yaml",
    "ve.yaml",
    "meeting_notes.yaml",
    "nudger.yaml",
    "partials/evidence.j2",
    "partials/fence.j2",
    "partials/figures.j2",
    "partials/owners.j2",
}

/// The seven agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agent {
    /// The solution architect's: creates the plan before the sale.
    Sa,
    /// The account executive's: commercial context.
    Ae,
    /// The customer architect's: owns the plan after the sale.
    Ca,
    /// Delivery's: how far the implementation has come.
    Delivery,
    /// The value engineer's: what is measured.
    Ve,
    /// Extracts updates from meeting notes.
    MeetingNotes,
    /// Watches due dates.
    Nudger,
}

impl Agent {
    /// The agent's name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sa => "sa",
            Self::Ae => "ae",
            Self::Ca => "ca",
            Self::Delivery => "delivery",
            Self::Ve => "ve",
            Self::MeetingNotes => "meeting_notes",
            Self::Nudger => "nudger",
        }
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What an agent may see of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// What the CRM says.
    Facts,
    /// The plan as it is.
    Plan,
    /// Notes, transcripts, tables.
    Material,
}

/// One agent's charter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Charter {
    /// The agent.
    pub agent: Agent,
    /// What it is for, in words.
    pub role: String,
    /// What it is told in every task; a template.
    pub system: String,
    /// The sections that any of its tasks may write.
    pub may_write: Vec<SectionKey>,
    /// What it may see.
    pub context: Vec<Sight>,
    /// Its tasks by name.
    pub tasks: BTreeMap<String, TaskCharter>,
}

/// How one task is put.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskCharter {
    /// Its name for people.
    pub name: String,
    /// When it is run, in words; the rules decide.
    pub trigger: String,
    /// Whether people start it when they want it, so that no rule need run it.
    pub by_hand: bool,
    /// The sections that it may write.
    pub sections: Vec<SectionKey>,
    /// Further sections that it may see.
    pub reads: Vec<SectionKey>,
    /// The phase that the plan is in once the task is done.
    pub phase: Option<Lifecycle>,
    /// What it sees of the material.
    pub material: MaterialView,
    /// What its prompt needs to know.
    pub inputs: Vec<Input>,
    /// The prompt; a template.
    pub prompt: String,
    /// Settings of the model for this task.
    pub model: ModelSettings,
}

/// What a task sees of the material besides what it was started for, which it always sees. Everything is shown
/// if it finds room; else what fits best and is newest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MaterialView {
    /// Folders of `materials/` that it looks into, as `meetings`; all if none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// How many of them it takes, the newest; with 0 it sees nothing but what it was started for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<usize>,
    /// Words by which passages are found, besides those of its sections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
}

/// A value that a prompt needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The name that the prompt uses.
    pub name: String,
    /// What kind of value it is.
    pub kind: InputKind,
    /// Whether the task cannot be run without it.
    pub required: bool,
    /// Where it comes from.
    pub from: InputSource,
}

/// The kinds of values that prompts get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// A short text on one line.
    Text,
    /// A number.
    Number,
    /// An amount with its currency.
    Money,
    /// A day.
    Date,
    /// Short texts, shown as data.
    List,
}

/// What a task asks of the model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// The most tokens that an answer may take.
    pub max_tokens: u32,
    /// How freely the model chooses; left to the server when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
}

/// A task of an agent, as rules name it: `sa.initiate_csp`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Task<'a> {
    /// The agent that does it.
    pub charter: &'a Charter,
    /// Its key in the charter.
    pub key: &'a str,
    /// How it is put.
    pub task: &'a TaskCharter,
}

impl fmt::Display for Task<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.charter.agent, self.key)
    }
}

/// All charters, their templates compiled.
#[derive(Debug)]
pub struct Charters {
    charters: BTreeMap<Agent, Charter>,
    pub(crate) templates: Environment<'static>,
    /// What all partials say, to notice that one of them changed.
    pub(crate) partials: String,
}

/// Everything that is wrong with a set of charters, each with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct CharterErrors(pub Vec<YamlError>);

impl Charters {
    /// The charters that are built in.
    ///
    /// # Errors
    /// None, as a test sees to; the type is that of [`Charters::load`].
    pub fn builtin() -> Result<Self, CharterErrors> {
        Self::load(&[])
    }

    /// The built-in charters with the given files (name below the prompts folder, text) in the place of
    /// those with the same name.
    ///
    /// # Errors
    /// Every contradiction, with file, line and column.
    pub fn load(files: &[(String, String)]) -> Result<Self, CharterErrors> {
        let mut all: BTreeMap<&str, &str> = BUILTIN.iter().copied().collect();
        all.extend(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let mut errors = Vec::new();
        let mut templates = environment();
        let partials =
            all.iter().filter(|(name, _)| name.starts_with("partials/")).map(|(_, text)| *text).collect();
        for (name, text) in &all {
            if let Some(partial) = name.strip_prefix("partials/") {
                errors.extend(check::partial(name, partial, text, &mut templates));
            }
        }
        let mut charters = BTreeMap::new();
        for (name, text) in all.iter().filter(|(name, _)| name.ends_with(".yaml")) {
            match check::charter(name, text, &mut templates) {
                Ok((charter, place)) => {
                    let agent = charter.agent;
                    if charters.insert(agent, charter).is_some() {
                        errors.push(
                            place.fault(format!("another file holds the charter of '{agent}' already")),
                        );
                    }
                }
                Err(faults) => errors.extend(faults),
            }
        }
        if errors.is_empty() {
            Ok(Self { charters, templates, partials })
        } else {
            Err(CharterErrors(errors))
        }
    }

    /// A task by the name that rules use, as `sa.initiate_csp`.
    pub fn task(&self, name: &str) -> Option<Task<'_>> {
        let (agent, key) = name.split_once('.')?;
        let charter = self.charters.values().find(|charter| charter.agent.as_str() == agent)?;
        let (key, task) = charter.tasks.get_key_value(key)?;
        Some(Task { charter, key, task })
    }

    /// Stands for all that a task's prompt is made of: system text, the task as it is put, the partials. Two prompts
    /// with the same version differ by account and day alone.
    pub fn version(&self, task: &Task<'_>) -> String {
        let put = serde_json::to_string(task.task).unwrap_or_default();
        let all = [task.charter.system.as_str(), &put, &self.partials].join("\n");
        Sha256::digest(all.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The versions of all tasks, by name.
    pub fn versions(&self) -> BTreeMap<String, String> {
        self.tasks().map(|task| (task.to_string(), self.version(&task))).collect()
    }

    /// All charters, in the agents' order.
    pub fn charters(&self) -> impl Iterator<Item = &Charter> {
        self.charters.values()
    }

    /// All tasks.
    pub fn tasks(&self) -> impl Iterator<Item = Task<'_>> {
        self.charters()
            .flat_map(|charter| charter.tasks.iter().map(move |(key, task)| Task { charter, key, task }))
    }
}

/// Templates can reach nothing but their own names: no loader, no globals, undefined names are errors.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(16);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment
}
