//! The form of a charter on disk, each value with its place. It must not know what the names stand for.

use std::collections::BTreeMap;

use infohub::plan::Lifecycle;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Agent, InputKind, MaterialView, ModelSettings, Sight};

/// A charter as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterFile {
    /// Which agent.
    #[schemars(with = "Agent")]
    pub(super) agent: Spanned<Agent>,
    /// What it is for, in words.
    pub(super) role: String,
    /// What it is told in every task; a template.
    #[schemars(with = "String")]
    pub(super) system: Spanned<String>,
    /// The sections that any of its tasks may write, by key or number.
    #[schemars(with = "Vec<String>")]
    pub(super) may_write: Vec<Spanned<String>>,
    /// What it may see.
    pub(super) context: Vec<Sight>,
    /// Its tasks.
    #[schemars(with = "BTreeMap<String, TaskFile>")]
    pub(super) csp_tasks: BTreeMap<String, Spanned<TaskFile>>,
}

/// A task as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskFile {
    /// Its name for people.
    pub(super) name: String,
    /// When it is run, in words.
    pub(super) trigger: String,
    /// Whether people start it when they want it, so that no rule need run it.
    #[serde(default)]
    pub(super) by_hand: bool,
    /// The sections that it may write, by key or number.
    #[schemars(with = "Vec<String>")]
    pub(super) sections: Vec<Spanned<String>>,
    /// Further sections that it may see, by key or number; it always sees those that it writes.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) reads: Vec<Spanned<String>>,
    /// The lifecycle phase that the plan is in once the task is done.
    #[serde(default)]
    pub(super) phase: Option<Lifecycle>,
    /// What it sees of the material; all of it unless this says less.
    #[serde(default)]
    #[schemars(with = "Option<MaterialView>")]
    pub(super) material: Option<Spanned<MaterialView>>,
    /// What its prompt needs to know.
    #[serde(default)]
    pub(super) inputs: Vec<InputFile>,
    /// The prompt; a template.
    #[schemars(with = "String")]
    pub(super) prompt: Spanned<String>,
    /// Settings of the model.
    #[schemars(with = "ModelSettings")]
    pub(super) model: Spanned<ModelSettings>,
}

/// An input as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InputFile {
    /// The name that the prompt uses.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// What kind of value it is.
    #[serde(rename = "type")]
    pub(super) kind: InputKind,
    /// Whether the task cannot be run without it.
    #[serde(default)]
    pub(super) required: bool,
    /// Where it comes from, as `facts.account.name` or `plan.background`.
    #[schemars(with = "String")]
    pub(super) from: Spanned<String>,
}
