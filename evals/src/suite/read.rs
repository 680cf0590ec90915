//! Reads a suite from its text, strictly and with places. It does no IO: whoever asks hands in a function that reads
//! the files that a suite names. It must not know folders, tasks or what is measured.

use std::fmt;

use infohub::yaml::{YamlError, nearest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;

use super::check::{Known, check};
use super::{Case, Suite};
use crate::score::Chosen;

/// The largest suite of JSON lines that is read, in bytes; one of YAML is bounded by the reader of YAML.
pub const MOST_BYTES: usize = 64 << 20;
/// Faults that are told at once.
const MOST_FAULTS: usize = 20;

/// Something that is wrong with a suite, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteFault {
    /// The file as the caller named it.
    pub file: String,
    /// Line, counted from 1.
    pub line: Option<u32>,
    /// Column, counted from 1.
    pub column: Option<u32>,
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// What a person can do.
    pub hint: Option<String>,
}

/// All that is wrong with a suite.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct SuiteErrors(pub Vec<SuiteFault>);

impl fmt::Display for SuiteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message, hint } = self;
        f.write_str(file)?;
        for number in [line, column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        write!(f, ": {message}")?;
        hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl From<YamlError> for SuiteFault {
    fn from(error: YamlError) -> Self {
        let YamlError { file, line, column, message, hint, .. } = error;
        Self { file, line, column, message, hint }
    }
}

/// What a suite is read with.
pub struct Read<'a> {
    /// The suite's path from the workspace's root, as `evals/sa.yaml`; its ending tells YAML from JSON lines, and its
    /// stem is the suite's name.
    pub file: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Reads a file that the suite names, by its path from the workspace's root: its text, or why not.
    pub open: &'a dyn Fn(&str) -> Result<String, String>,
    /// The tasks that there are.
    pub known: &'a Known,
}

/// A value and where it begins.
pub(super) struct Placed<T> {
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) value: T,
}

impl<T> Placed<T> {
    fn of(spanned: Spanned<T>) -> Self {
        let number = |number: u64| u32::try_from(number).ok().filter(|number| *number > 0);
        let (line, column) = (number(spanned.referenced.line()), number(spanned.referenced.column()));
        Self { line, column, value: spanned.value }
    }
}

/// A suite as it was written, each case with its place.
pub(super) struct Written {
    pub(super) about: String,
    pub(super) scorers: Vec<Placed<Chosen>>,
    pub(super) cases: Vec<Placed<Case>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YamlFile {
    about: String,
    #[serde(default)]
    scorers: Vec<Spanned<Chosen>>,
    cases: Vec<Spanned<Case>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    about: String,
    #[serde(default)]
    scorers: Vec<Chosen>,
}

/// Reads a suite and all files that it names.
///
/// # Errors
/// What is wrong with it, each with its place: the first fault of a file that does not read, else all.
pub fn read(request: &Read<'_>) -> Result<Suite, SuiteErrors> {
    let written = if request.file.ends_with(".jsonl") { lines(request)? } else { yaml(request)? };
    let name = request.file.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map(|(name, _)| name);
    check(written, name.unwrap_or(request.file), request)
}

fn yaml(request: &Read<'_>) -> Result<Written, SuiteErrors> {
    let file: YamlFile = infohub::yaml::read(request.file, request.text)
        .map_err(|error| SuiteErrors(vec![SuiteFault::from(error)]))?;
    Ok(Written {
        about: file.about,
        scorers: file.scorers.into_iter().map(Placed::of).collect(),
        cases: file.cases.into_iter().map(Placed::of).collect(),
    })
}

fn lines(request: &Read<'_>) -> Result<Written, SuiteErrors> {
    let whole = |message: String| {
        let file = request.file.to_owned();
        SuiteErrors(vec![SuiteFault { file, line: None, column: None, message, hint: None }])
    };
    if request.text.len() > MOST_BYTES {
        return Err(whole(format!(
            "has {} bytes, more than the {MOST_BYTES} that are read",
            request.text.len()
        )));
    }
    let mut rest = (1u32..).zip(request.text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let Some((first, head)) = rest.next() else {
        return Err(whole(
            "is empty; its first line is the suite's head, as {\"about\": \"...\"}".to_owned(),
        ));
    };
    let head: Head = line(request.file, first, head).map_err(|fault| SuiteErrors(vec![fault]))?;
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for (number, text) in rest {
        match line(request.file, number, text) {
            Ok(value) => cases.push(Placed { line: Some(number), column: Some(1), value }),
            Err(fault) => faults.push(fault),
        }
        if faults.len() == MOST_FAULTS {
            break;
        }
    }
    if !faults.is_empty() {
        return Err(SuiteErrors(faults));
    }
    let scorers = head.scorers.into_iter();
    let scorers = scorers.map(|value| Placed { line: Some(first), column: Some(1), value }).collect();
    Ok(Written { about: head.about, scorers, cases })
}

fn line<T: DeserializeOwned>(file: &str, number: u32, text: &str) -> Result<T, SuiteFault> {
    serde_json::from_str(text).map_err(|error| {
        let told = error.to_string();
        let message = told.rsplit_once(" at line ").map_or(told.as_str(), |(message, _)| message).to_owned();
        SuiteFault {
            file: file.to_owned(),
            line: Some(number),
            column: u32::try_from(error.column()).ok(),
            hint: meant(&message),
            message,
        }
    })
}

/// The name that was meant, where the message quotes the one that was written and then those that are known.
fn meant(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let written = quoted.next().filter(|_| message.starts_with("unknown "))?;
    nearest(written, quoted).map(|name| format!("did you mean {name:?}?"))
}
