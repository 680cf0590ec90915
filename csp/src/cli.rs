//! The command line: global options and the list of commands. Each command's own arguments are in its file.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::commands::{
    account, check, crm, demo, emit, eval, gate, handoff, health, inbox, init, material, plan, prompt,
    read_pdf, register, rehearse, report, review, scorecard, task, why, work,
};
use crate::scene::{Ended, Scene};

/// Agents draft, rules govern, people approve Customer Success Plans.
#[derive(Debug, Parser)]
#[command(name = "csp", version, about, after_help = crate::exit::HELP, disable_help_subcommand = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The workspace [default: the nearest folder upwards that holds csp.toml]
    #[arg(long, short = 'C', global = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Answers in JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// The time to work at, as 2026-01-15T10:00:00Z or 2026-01-15 [default: the clock's]
    #[arg(long, global = true, value_name = "TIME")]
    pub now: Option<Moment>,
    /// Logs more to the standard error; -vv and -vvv still more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// A time as people write it on a command line.
#[derive(Debug, Clone, Copy)]
pub struct Moment(pub Timestamp);

impl FromStr for Moment {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let day = |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
        let moment = text.parse().ok().or_else(|| text.parse().ok().and_then(day));
        moment.map(Self).ok_or_else(|| "write it as 2026-01-15T10:00:00Z or 2026-01-15".to_owned())
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Init(init::Init),
    Emit(emit::Emit),
    Work(work::Work),
    Inbox(inbox::Inbox),
    #[command(subcommand)]
    Account(account::Account),
    Health(health::Health),
    Why(why::Why),
    Rehearse(rehearse::Rehearse),
    #[command(subcommand)]
    Gate(gate::Gate),
    #[command(subcommand)]
    Handoff(handoff::Handoff),
    #[command(subcommand)]
    Plan(plan::Plan),
    #[command(subcommand)]
    Register(register::Register),
    #[command(subcommand)]
    Task(task::Task),
    #[command(subcommand)]
    Review(review::Review),
    #[command(subcommand)]
    Report(report::Report),
    #[command(subcommand)]
    Prompt(prompt::Prompt),
    #[command(subcommand)]
    Eval(eval::Eval),
    Scorecard(scorecard::Scorecard),
    #[command(subcommand)]
    Material(material::Material),
    #[command(subcommand)]
    Crm(crm::Crm),
    Check(check::Check),
    Demo(demo::Demo),
    #[command(hide = true, name = "read-pdf")]
    ReadPdf(read_pdf::ReadPdf),
}

impl Command {
    /// Does it.
    pub fn run(self, scene: &Scene) -> Ended {
        match self {
            Self::Init(command) => command.run(scene),
            Self::Emit(command) => command.run(scene),
            Self::Work(command) => command.run(scene),
            Self::Inbox(command) => command.run(scene),
            Self::Account(command) => command.run(scene),
            Self::Health(command) => command.run(scene),
            Self::Why(command) => command.run(scene),
            Self::Rehearse(command) => command.run(scene),
            Self::Gate(command) => command.run(scene),
            Self::Handoff(command) => command.run(scene),
            Self::Plan(command) => command.run(scene),
            Self::Register(command) => command.run(scene),
            Self::Task(command) => command.run(scene),
            Self::Review(command) => command.run(scene),
            Self::Report(command) => command.run(scene),
            Self::Prompt(command) => command.run(scene),
            Self::Eval(command) => command.run(scene),
            Self::Scorecard(command) => command.run(scene),
            Self::Material(command) => command.run(scene),
            Self::Crm(command) => command.run(scene),
            Self::Check(command) => command.run(scene),
            Self::Demo(command) => command.run(scene),
            Self::ReadPdf(command) => command.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_moments_or_days() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                text.parse::<Moment>().ok().map(|moment| moment.0.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("2026-01-15T10:00:00Z", Some("2026-01-15T10:00:00Z"));
        check("2026-01-15", Some("2026-01-15T00:00:00Z"));
        check("yesterday", None);
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
