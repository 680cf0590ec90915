//! Run records: what a task was asked and what came back, written before it is used. A run that is cut
//! off goes on with the replies that it has already paid for.

use infohub::hub::{HubError, InfoHub};
use infohub::ids::AccountSlug;
use infohub::store::StorePath;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tools::model::{ModelFailure, ModelReply, ModelRequest};

use crate::task::{Task, TaskId};

/// Where run records lie, from the account's folder.
pub const RUNS: &str = "success_plan/csp_runs";
/// The largest run record that is read.
const MAX_RUN: u64 = 32 << 20;

/// One draft of one task, as `csp_runs/{task}.{draft}.json` keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The task.
    pub task: TaskId,
    /// Which of its drafts.
    pub draft: u32,
    /// Agent and task.
    pub run: String,
    /// Who wrote it: `extractive drafter`, or the model's name as configured.
    pub author: String,
    /// Version of the task's prompt; absent without a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; absent while it is under way or was cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// Version of the plan that was read, 0 without one.
    pub plan_version: u64,
    /// Each question to the model with its answer, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// What was left out of the prompt, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Each check of the draft, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Items that did not pass, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// Things that a person should look at, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// How it ended, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// One question to the model and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// SHA-256 of the request, so that a resumed run knows its own question again.
    pub asked: String,
    /// The request.
    pub request: ModelRequest,
    /// The reply, or why there was none.
    pub answer: Answer,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A reply.
    Reply(Box<ModelReply>),
    /// None, and why.
    Failure(Box<ModelFailure>),
}

impl Run {
    /// A run that begins now.
    pub fn new(task: &Task, author: &str, began: Timestamp) -> Self {
        Self {
            task: task.id.clone(),
            draft: task.draft,
            run: task.run.clone(),
            author: author.to_owned(),
            prompt: None,
            began,
            ended: None,
            plan_version: 0,
            exchanges: Vec::new(),
            left_out: Vec::new(),
            checks: Vec::new(),
            dropped: Vec::new(),
            warnings: Vec::new(),
            outcome: None,
        }
    }

    /// The reply that an earlier attempt at this run got to the question with this fingerprint.
    pub fn known_reply(&self, asked: &str) -> Option<&ModelReply> {
        self.exchanges.iter().filter(|exchange| exchange.asked == asked).find_map(|exchange| match &exchange
            .answer
        {
            Answer::Reply(reply) => Some(&**reply),
            Answer::Failure(_) => None,
        })
    }
}

/// The place of a run record, from the account's folder.
pub fn file(task: &TaskId, draft: u32) -> String {
    format!("{RUNS}/{task}.{draft}.json")
}

/// Reads the record of one draft; one that does not parse counts as absent, since it only saves work.
pub fn read(hub: &InfoHub, slug: &AccountSlug, task: &TaskId, draft: u32) -> Result<Option<Run>, HubError> {
    let path = place(hub, slug, task, draft)?;
    let bytes = hub.store().read(&path, MAX_RUN)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Writes the record, durably.
pub fn write(hub: &InfoHub, slug: &AccountSlug, run: &Run) -> Result<(), HubError> {
    let path = place(hub, slug, &run.task, run.draft)?;
    let mut json = serde_json::to_vec_pretty(run).unwrap_or_default();
    json.push(b'\n');
    Ok(hub.store().replace(&path, &json)?)
}

fn place(hub: &InfoHub, slug: &AccountSlug, task: &TaskId, draft: u32) -> Result<StorePath, HubError> {
    Ok(hub.folder(slug)?.join(&file(task, draft))?)
}
