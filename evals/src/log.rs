//! The log of a run: a header, then one line for each case and repeat, appended as they end and never changed.
//! It must not know how cases are run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::produced::{Produced, Spent};
use crate::score::{Direction, Score};
use crate::suite::CaseHash;

/// What the run was: the first line of its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Form of the log, [`FORMAT`].
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
    /// What the case said then.
    pub hash: CaseHash,
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

/// Form of the logs that are written here.
pub const FORMAT: u32 = 2;

/// A run as its log tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// What the run was.
    pub header: Header,
    /// The lines in the order in which cases ended.
    pub lines: Vec<Line>,
}

/// Why a log does not read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The first line is no header.
    #[error("line 1 is not the header of a run: {0}")]
    Header(String),
    /// It was written by another version.
    #[error("line 1: form {0} of logs is not known here")]
    Format(u32),
    /// A line does not read.
    #[error("line {line} does not read: {source}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
}

impl Log {
    /// Reads a log. A last line that was cut off, as by a kill, is left out: its case is run again.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        let first = text.lines().next().ok_or_else(|| LogError::Header("the file is empty".to_owned()))?;
        let header: Header =
            serde_json::from_str(first).map_err(|error| LogError::Header(error.to_string()))?;
        if header.format != FORMAT {
            return Err(LogError::Format(header.format));
        }
        let (last, cut) = (text.lines().count(), !text.ends_with('\n'));
        let mut lines = Vec::new();
        for (at, line) in text.lines().enumerate().skip(1) {
            match serde_json::from_str(line) {
                Ok(line) => lines.push(line),
                Err(_) if cut && at + 1 == last => break,
                Err(source) => return Err(LogError::Line { line: at + 1, source }),
            }
        }
        Ok(Self { header, lines })
    }
}

impl Header {
    /// Whether a run under the other header can be gone on with under this one; the first difference if not.
    pub fn differs(&self, other: &Self) -> Option<&'static str> {
        let pairs = [
            ("the suite", self.suite_hash != other.suite_hash),
            ("who drafts", self.drafter != other.drafter),
            ("the settings", self.settings != other.settings),
            ("the prompts", self.prompts != other.prompts),
            ("the number of repeats", self.repeats != other.repeats),
            ("the scorers", self.scorers != other.scorers || self.margins != other.margins),
        ];
        pairs.into_iter().find_map(|(what, differs)| differs.then_some(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            format: FORMAT,
            suite: "sa".to_owned(),
            suite_hash: "1".to_owned(),
            began: Timestamp::UNIX_EPOCH,
            csp: "0.1.0".to_owned(),
            git: None,
            drafter: "extractive drafter".to_owned(),
            settings: BTreeMap::new(),
            prompts: BTreeMap::new(),
            repeats: 1,
            scorers: BTreeMap::from([("f1".to_owned(), Direction::MoreIsBetter)]),
            margins: BTreeMap::new(),
        }
    }

    fn line(case: &str, why: &str) -> Line {
        Line {
            case: case.to_owned(),
            hash: CaseHash::default(),
            repeat: 1,
            cluster: case.to_owned(),
            tags: Vec::new(),
            ended: Timestamp::UNIX_EPOCH,
            result: CaseResult::Errored { why: why.to_owned() },
        }
    }

    fn text(lines: &[Line]) -> String {
        let lines: Vec<String> =
            lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect();
        serde_json::to_string(&header()).unwrap() + "\n" + &lines.concat()
    }

    #[test]
    fn a_log_reads_back_and_its_cut_last_line_is_left_out() {
        let whole = text(&[line("a", "x"), line("b", "y")]);
        let read = Log::parse(&whole).unwrap();
        assert_eq!((read.header.clone(), read.lines.len()), (header(), 2));
        for cut in whole.find('\n').unwrap() + 1..whole.len() {
            assert!(Log::parse(&whole[..cut]).is_ok_and(|log| log.lines.len() <= 2), "{cut}");
        }
        let broken = whole.replacen("\"case\":\"a\"", "\"case\":7", 1);
        assert!(matches!(Log::parse(&broken), Err(LogError::Line { line: 2, .. })));
    }

    #[test]
    fn only_the_same_run_is_gone_on_with() {
        let mut other = header();
        other.began = Timestamp::MAX;
        assert_eq!(header().differs(&other), None);
        other.prompts.insert("sa.yaml".to_owned(), "2".to_owned());
        assert_eq!(header().differs(&other), Some("the prompts"));
    }
}
