//! The baseline of a suite: the log of a run that was blessed. What may be blessed, where it lies, and what is noted of
//! it. It must not read or write files.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::log::{Header, Line};
use crate::stats::Latest;

/// The folder of baselines, from the workspace's.
pub const FOLDER: &str = "evals/baselines";
/// Errored runs that a refusal names.
const MOST_NAMED: usize = 5;

/// Why a run cannot be a baseline.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Unfit {
    /// The name would lead elsewhere.
    #[error("{0:?} is no suite's name: it takes lower-case letters, digits, `-` and `_`")]
    Name(String),
    /// Nothing ran.
    #[error("the log of {0} has no case; run the suite first")]
    Empty(String),
    /// Some broke, and a baseline without them would compare fewer cases ever after.
    #[error("{number} runs broke, as {named}; resume the run until all have ended")]
    Errored {
        /// How many.
        number: usize,
        /// The first of them.
        named: String,
    },
    /// Some have not been run.
    #[error("case {case} has run {runs} of {repeats} times; resume the run until all have ended")]
    Unfinished {
        /// The first such case.
        case: String,
        /// How often it ran.
        runs: usize,
        /// How often it should have.
        repeats: u32,
    },
    /// Whoever reads the note later must learn something from it.
    #[error("say why this run is the baseline from now on")]
    NoReason,
}

/// Who made a run the baseline, when and why: a line of the suite's notes, appended at each blessing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blessing {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, for people.
    pub why: String,
    /// SHA-256 of the suite that it was run with.
    pub suite_hash: String,
    /// Who drafted.
    pub drafter: String,
    /// The git revision that it was run at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git: Option<String>,
    /// When the run began.
    pub ran: Timestamp,
    /// How many cases it has.
    pub cases: usize,
}

/// The baseline's log, from the workspace's folder.
pub fn log_path(suite: &str) -> Result<String, Unfit> {
    Ok(format!("{FOLDER}/{}.jsonl", checked(suite)?))
}

/// The notes of blessings beside it.
pub fn notes_path(suite: &str) -> Result<String, Unfit> {
    Ok(format!("{FOLDER}/{}.blessed.jsonl", checked(suite)?))
}

fn checked(suite: &str) -> Result<&str, Unfit> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let is_name = !suite.is_empty() && suite.len() <= 100 && suite.chars().all(is_plain);
    if is_name { Ok(suite) } else { Err(Unfit::Name(suite.to_owned())) }
}

/// The note on a run that is fit to be the baseline.
pub fn bless(header: &Header, lines: &[Line], by: &str, why: &str, at: Timestamp) -> Result<Blessing, Unfit> {
    let latest = Latest::of(lines);
    let cases = latest.cases();
    if cases.is_empty() {
        return Err(Unfit::Empty(header.suite.clone()));
    }
    if why.trim().is_empty() {
        return Err(Unfit::NoReason);
    }
    let errored: Vec<String> = latest.errored().map(|(line, why)| format!("{} ({why})", line.case)).collect();
    if !errored.is_empty() {
        let named = errored[..errored.len().min(MOST_NAMED)].join(", ");
        return Err(Unfit::Errored { number: errored.len(), named });
    }
    let repeats = usize::try_from(header.repeats).unwrap_or(usize::MAX);
    if let Some((case, runs)) = cases.iter().find(|(_, runs)| runs.len() < repeats) {
        return Err(Unfit::Unfinished {
            case: (*case).to_owned(),
            runs: runs.len(),
            repeats: header.repeats,
        });
    }
    Ok(Blessing {
        by: by.to_owned(),
        at,
        why: why.trim().to_owned(),
        suite_hash: header.suite_hash.clone(),
        drafter: header.drafter.clone(),
        git: header.git.clone(),
        ran: header.began,
        cases: cases.len(),
    })
}
