//! A suite: cases with what an account starts from, what happens to it, and what is expected of the draft.
//! It must not know how a case is run or scored.

use infohub::occasion::Occasion;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Cases that are run and reported together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Its name, that of its file.
    #[serde(default)]
    pub name: String,
    /// What it is for, for people.
    pub about: String,
    /// The cases; their ids differ.
    pub cases: Vec<Case>,
}

/// One account, one thing that happens to it, and what is expected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in the suite, and written like an account's slug, since the scratch account bears it.
    pub id: String,
    /// Cases of one cluster (an account, a series of meetings) are not independent of one another; alone if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Words to choose and group cases by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The day on which it plays.
    pub today: Date,
    /// The material that lies there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub material: Vec<CaseMaterial>,
    /// The plan that is there already, as the text of a csp.yaml.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What happens, in order; the rules start tasks by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<CaseEvent>,
    /// The task to start, where no event is to start one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CaseTask>,
}

/// A file among the account's material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseMaterial {
    /// Its path from the account's folder, as `materials/meetings/2026-03-02.md`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// An event about the case's account: a CloudEvent without what the runner fills in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseEvent {
    /// The CloudEvent's type, as `opportunity.changed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its data.
    pub data: serde_json::Map<String, serde_json::Value>,
}

/// A task that a person starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseTask {
    /// Agent and task, as `sa.initiate_csp`.
    pub run: String,
    /// What it is about.
    #[serde(default)]
    pub occasion: Occasion,
}

impl Case {
    /// The cluster that the case belongs to.
    pub fn cluster(&self) -> &str {
        self.cluster.as_deref().unwrap_or(&self.id)
    }
}
