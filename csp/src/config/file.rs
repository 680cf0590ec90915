//! The form of `csp.toml`: its tables and their defaults. What its values may be is checked elsewhere.

use std::collections::BTreeMap;

use orchestrator::calendar::Calendar;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use tools::model::{CallLimits, ModelSettings, Prices, Supports};

use super::attention::{AttentionTable, Channels};
use super::review::ReviewTable;

/// All of `csp.toml`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "csp.toml")]
pub struct Config {
    /// Who drafts.
    pub drafter: Drafter,
    /// The model server, for `drafter.kind = "model"`.
    #[schemars(with = "Option<ModelTable>")]
    pub(super) model: Option<Spanned<ModelTable>>,
    /// The sales stages, as the CRM names them.
    #[schemars(with = "Stages")]
    pub(super) stages: Option<Spanned<Stages>>,
    /// Who lets drafts in, by agent and section, where it differs from the default, and by when.
    pub(super) review: ReviewTable,
    /// The run loop.
    #[schemars(with = "Work")]
    pub(super) work: Option<Spanned<Work>>,
    /// Business days and office hours: weekend, holidays, opens, closes, `time_zone`.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) calendar: Option<Spanned<Calendar>>,
    /// How much of a person's attention may be taken.
    #[schemars(with = "AttentionTable")]
    pub(super) attention: Option<Spanned<AttentionTable>>,
    /// Ways to reach people besides their inbox.
    #[schemars(with = "Channels")]
    pub(super) channels: Option<Spanned<Channels>>,
    /// Where the other files of the workspace are.
    #[schemars(with = "Files")]
    pub(super) files: Option<Spanned<Files>>,
}

/// Who drafts.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Drafter {
    /// Which drafter.
    pub kind: DrafterKind,
    /// The most tokens that a prompt may have, 1000 or more; what finds no room in it is left out and told.
    pub prompt_tokens: usize,
    /// Room for an answer, 200 tokens or more; a task's own limit holds if it is lower.
    pub answer_tokens: u32,
}

impl Default for Drafter {
    fn default() -> Self {
        Self { kind: DrafterKind::default(), prompt_tokens: 16_000, answer_tokens: 16_000 }
    }
}

/// The kinds of drafters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrafterKind {
    /// By rule from the material, without a model.
    #[default]
    Extractive,
    /// By the model of the `[model]` table.
    Model,
}

/// The `[model]` table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelTable {
    /// Up to and including the version, such as `http://127.0.0.1:8080/v1`.
    base_url: String,
    /// The model's name as the server knows it.
    model: String,
    /// The environment variable that holds the key; leave it out for a server that needs none.
    #[serde(default)]
    api_key_env: Option<String>,
    /// Bounds on time, size and attempts.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, u64>")]
    limits: CallLimits,
    /// What the server can do.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    supports: Supports,
    /// Prices per million tokens, if calls are to be priced.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    prices: Option<Prices>,
    /// How many questions may be under way at once.
    #[serde(default)]
    concurrency: Option<u16>,
    /// How many requests may start in a minute; unbounded unless said.
    #[serde(default)]
    requests_per_minute: Option<u32>,
    /// Lets `http://` reach beyond this machine.
    #[serde(default)]
    allow_plain_http: bool,
}

/// The `[stages]` table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Stages {
    /// The stages that lead to winning, in order.
    pub(super) path: Vec<String>,
    /// Stages that end elsewhere.
    #[serde(default)]
    pub(super) off_path: Vec<String>,
}

/// The `[work]` table.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Work {
    /// Accounts that are worked on at the same time, 1 to 64.
    pub concurrency: usize,
    /// Milliseconds between two looks for new work.
    pub pause_ms: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { concurrency: 4, pause_ms: 1_000 }
    }
}

/// The `[files]` table: places in the workspace.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Files {
    /// The people.
    pub(super) team: String,
    /// The rules.
    pub(super) rules: String,
    /// What new plans start from.
    pub(super) template: String,
    /// The folder of agents' files that take the place of the built-in ones.
    pub(super) prompts: String,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            team: "team.yaml".into(),
            rules: "automation.yaml".into(),
            template: "playbooks/templates/csp.yaml".into(),
            prompts: "prompts".into(),
        }
    }
}

impl ModelTable {
    /// The settings, and the variable that holds the key.
    pub(super) fn settings(self) -> (ModelSettings, Option<String>) {
        let plain = ModelSettings::new(self.base_url, self.model);
        let settings = ModelSettings {
            limits: self.limits,
            supports: self.supports,
            prices: self.prices,
            concurrency: self.concurrency.unwrap_or(plain.concurrency),
            requests_per_minute: self.requests_per_minute,
            allow_plain_http: self.allow_plain_http,
            ..plain
        };
        (settings, self.api_key_env)
    }
}
