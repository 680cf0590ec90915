//! The log of a run: a header, then one line for each case and repeat, appended as they end and never changed.
//! It must not know how cases are run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::produced::{Produced, Spent};
use crate::score::{Direction, Score};

/// What the run was: the first line of its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Form of the log, 1.
    pub format: u32,
    /// The suite's name.
    pub suite: String,
    /// SHA-256 of the suite as it was run.
    pub suite_hash: String,
    /// When the run began.
    pub began: Timestamp,
    /// Version of csp.
    pub csp: String,
    /// The workspace's git revision, with `+` if files differ from it; absent outside of git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git: Option<String>,
    /// Who drafted: `extractive drafter` or the model's name.
    pub drafter: String,
    /// The settings that matter to the answers, as they were in force, by name.
    pub settings: BTreeMap<String, String>,
    /// SHA-256 of each agent's prompt file and of the partials, by name.
    pub prompts: BTreeMap<String, String>,
    /// How often each case is run.
    pub repeats: u32,
    /// The scorers by name, with what they measure.
    pub scorers: BTreeMap<String, Direction>,
    /// The largest loss that is not called a regression, by scorer; 0 if absent.
    #[serde(default)]
    pub margins: BTreeMap<String, f64>,
}

/// One run of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The case.
    pub case: String,
    /// Counted from 1.
    pub repeat: u32,
    /// The cluster that the case belongs to.
    pub cluster: String,
    /// The case's tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// When it ended.
    pub ended: Timestamp,
    /// What came of it.
    pub result: CaseResult,
}

/// What came of one run of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum CaseResult {
    /// It ran to its end, whatever the agent wrote.
    Ran {
        /// What it left.
        produced: Box<Produced>,
        /// What the scorers said.
        scores: Vec<Score>,
        /// All tasks together; what the judge took is apart.
        spent: Spent,
        /// What model-graded scorers took.
        #[serde(default)]
        judged: Spent,
    },
    /// Something around it broke: no server, no disk. That is no score.
    Errored {
        /// What, for people.
        why: String,
    },
}
