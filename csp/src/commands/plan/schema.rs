//! `csp plan schema`: JSON Schemas of the files that people edit, for their editors.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use infohub::event::Event;
use infohub::facts::AccountFile;
use infohub::hub::Register;
use infohub::plan::Plan;
use infohub::team::Team;
use orchestrator::rules;
use serde_json::{Map, json};

use crate::config::Config;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};

const HELP: &str = "\
Examples:
  csp plan schema plan
  csp plan schema risk_register
  csp plan schema all --write schemas

Editors with a YAML language server take it from the first line of a file:
  # yaml-language-server: $schema=../../../schemas/plan.schema.json";

/// Prints the JSON Schema of one kind of file, or writes all of them into a folder
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Schema {
    /// Which kind of file
    kind: Kind,
    /// Writes KIND.schema.json into this folder instead of printing
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

/// The kinds of files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// csp.yaml
    Plan,
    /// decision_log.yaml
    #[value(name = "decision_log")]
    DecisionLog,
    /// risk_register.yaml
    #[value(name = "risk_register")]
    RiskRegister,
    /// action_tracker.yaml
    #[value(name = "action_tracker")]
    ActionTracker,
    /// briefing.yaml
    Briefing,
    /// account.yaml
    Account,
    /// team.yaml
    Team,
    /// Events in JSON
    Event,
    /// automation.yaml
    Automation,
    /// csp.toml
    Config,
    /// Every one of them
    All,
}

impl Kind {
    const SINGLE: [Self; 10] = [
        Self::Plan,
        Self::DecisionLog,
        Self::RiskRegister,
        Self::ActionTracker,
        Self::Briefing,
        Self::Account,
        Self::Team,
        Self::Event,
        Self::Automation,
        Self::Config,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::DecisionLog => "decision_log",
            Self::RiskRegister => "risk_register",
            Self::ActionTracker => "action_tracker",
            Self::Briefing => "briefing",
            Self::Account => "account",
            Self::Team => "team",
            Self::Event => "event",
            Self::Automation => "automation",
            Self::Config => "config",
            Self::All => "all",
        }
    }

    fn schema(self) -> serde_json::Value {
        let schema = match self {
            Self::Plan => schemars::schema_for!(Plan),
            Self::DecisionLog => Register::DecisionLog.schema(),
            Self::RiskRegister => Register::RiskRegister.schema(),
            Self::ActionTracker => Register::ActionTracker.schema(),
            Self::Briefing => Register::Briefing.schema(),
            Self::Account => schemars::schema_for!(AccountFile),
            Self::Team => schemars::schema_for!(Team),
            Self::Event => schemars::schema_for!(Event),
            Self::Automation => rules::schema(),
            Self::Config => schemars::schema_for!(Config),
            Self::All => {
                let all = Self::SINGLE.into_iter().map(|kind| (kind.name().to_owned(), kind.schema()));
                return all.collect::<Map<_, _>>().into();
            }
        };
        schema.to_value()
    }
}

impl Schema {
    pub fn run(self, scene: &Scene) -> Ended {
        let Some(folder) = &self.write else {
            scene.screen.value(&self.kind.schema());
            return Ok(Exit::Done);
        };
        let kinds = if self.kind == Kind::All { Kind::SINGLE.to_vec() } else { vec![self.kind] };
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder.display(), &error))?;
        let mut written = Vec::new();
        for kind in kinds {
            let path = folder.join(format!("{}.schema.json", kind.name()));
            let text = serde_json::to_string_pretty(&kind.schema())
                .map_err(|error| Fault::of(Exit::Failed, &error))?;
            std::fs::write(&path, text + "\n").map_err(|error| unwritable(path.display(), &error))?;
            scene.screen.line(&path.display().to_string());
            written.push(path);
        }
        scene.screen.json(&json!({ "files": written }));
        Ok(Exit::Done)
    }
}

fn unwritable(path: impl std::fmt::Display, error: &std::io::Error) -> Fault {
    Fault::new(Exit::Failed, format!("{path} cannot be written: {error}"))
}
