//! What went wrong, as the edge tells it: one sentence, the place, the lines of the file, what to do next,
//! and the exit code. It must not print.

use std::error::Error;

use infohub::hub::HubError;
use infohub::ids::NameError;
use infohub::journal::JournalError;
use infohub::store::{PathError, StoreError};
use infohub::template::TemplateError;
use infohub::yaml::YamlError;
use orchestrator::intake::TakeError;
use orchestrator::rules::RuleError;
use serde::Serialize;

use crate::exit::Exit;

/// One thing that went wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// How the command ends because of it.
    #[serde(skip)]
    pub exit: Exit,
    /// What happened, beginning with the place if there is one.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The lines of the file, with a mark below the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    /// What the person can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A place in a file.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column, counted from 1 in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// All that went wrong in one command; never empty.
#[derive(Debug)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults, if there are any.
    pub fn any(faults: Vec<Fault>) -> Option<Self> {
        (!faults.is_empty()).then_some(Self(faults))
    }

    /// Each of them.
    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// How the command ends: the first fault decides, since the others may follow from it.
    pub fn exit(&self) -> Exit {
        self.0.first().map_or(Exit::Failed, |fault| fault.exit)
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl Fault {
    /// A fault without a place.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), place: None, snippet: None, help: None }
    }

    /// What was given is refused.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::Refused, message)
    }

    /// What was named does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, message)
    }

    /// An error with all its causes.
    pub fn of(exit: Exit, error: &dyn Error) -> Self {
        Self::new(exit, chain(error))
    }

    /// The same fault with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same fault with another exit code.
    #[must_use]
    pub fn ending(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The same fault at a place; the place is put in front of the message.
    #[must_use]
    pub fn at(mut self, file: &str, line: u32, column: u32) -> Self {
        self.message = format!("{file}:{line}:{column}: {}", self.message);
        self.place = Some(Place { file: file.to_owned(), line: Some(line), column: Some(column) });
        self
    }
}

/// The error and its causes in one line.
pub fn chain(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !told.ends_with(&more) {
            told.push_str(": ");
            told.push_str(&more);
        }
        cause = error.source();
    }
    told
}

impl From<YamlError> for Fault {
    fn from(error: YamlError) -> Self {
        let place = Place { file: error.file.clone(), line: error.line, column: error.column };
        let message = error.to_string();
        Self { place: Some(place), snippet: error.snippet, help: error.hint, ..Self::refused(message) }
    }
}

impl From<RuleError> for Fault {
    fn from(error: RuleError) -> Self {
        let number = |number: usize| u32::try_from(number).ok();
        let place = Place {
            file: error.file.clone(),
            line: number(error.place.line),
            column: number(error.place.column),
        };
        let mut message = error.to_string();
        if let Some(rule) = &error.rule {
            message.push_str(&format!(" (in rule {rule})"));
        }
        let snippet = Some(error.snippet).filter(|snippet| !snippet.is_empty());
        Self { place: Some(place), snippet, help: error.hint, ..Self::refused(message) }
    }
}

impl From<TemplateError> for Fault {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Yaml(error) => error.into(),
            other => Self::of(Exit::Refused, &other),
        }
    }
}

impl From<NameError> for Fault {
    fn from(error: NameError) -> Self {
        Self::of(Exit::Refused, &error)
    }
}

impl From<PathError> for Fault {
    fn from(error: PathError) -> Self {
        Self::of(Exit::Refused, &error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let exit = match error {
            StoreError::Io { .. } | StoreError::Root { .. } => Exit::Failed,
            _ => Exit::Refused,
        };
        Self::of(exit, &error)
    }
}

impl From<HubError> for Fault {
    fn from(error: HubError) -> Self {
        match error {
            HubError::Store(error) => error.into(),
            HubError::Path(error) => error.into(),
            // The file is in the InfoHub already: nothing is refused, but a person has to mend it.
            HubError::Yaml(error) => blocked(*error),
            HubError::Journal(JournalError::Store(error)) => error.into(),
            HubError::Journal(error @ JournalError::Damaged { .. }) => Self::of(Exit::Failed, &error)
                .help("`csp plan verify` lists all damage and what to put back from a backup"),
            HubError::Folder { .. } => {
                Self::of(Exit::Blocked, &error).help("rename the folder, or move it out of infohub/")
            }
            other => Self::of(Exit::Failed, &other),
        }
    }
}

impl From<TakeError> for Fault {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::Hub(error) => error.into(),
            TakeError::BrokenEdit(error) => blocked(*error),
            other @ TakeError::Busy { .. } => Self::of(Exit::Failed, &other),
        }
    }
}

/// A file in the InfoHub that people broke: it is left alone, and what needs it waits.
pub fn blocked(error: YamlError) -> Fault {
    let fault = Fault::from(error).ending(Exit::Blocked);
    match fault.help {
        Some(_) => fault,
        None => fault.help("mend the file; it is left as it is until it reads"),
    }
}
