//! What the process says when it ends. The numbers are a contract with scripts and do not change.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All that was asked for is done.
    Done,
    /// Something failed that should have worked: a disk, a damaged journal, a failed check.
    Failed,
    /// What was given is refused: a file that does not read, a name that cannot be, a decision out of turn.
    Refused,
    /// What was named does not exist.
    NotFound,
    /// Nothing goes on until a person does something.
    Blocked,
    /// Stopped by a signal.
    Interrupted,
}

/// The table of `csp --help`. Clap itself ends with 2 on a wrong command line.
pub const HELP: &str = "\
Exit codes:
    0  done
    1  something failed, or a check found faults
    2  wrong use of the command line
    3  what was given is refused, and nothing was changed
    4  what was named does not exist
    5  blocked: a person must do something first
  130  interrupted

A first look around:
  csp demo                    three invented accounts, from event to cited draft
  csp init my-workspace       a workspace of your own";

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 3,
            Self::NotFound => 4,
            Self::Blocked => 5,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_help() {
        for exit in
            [Exit::Done, Exit::Failed, Exit::Refused, Exit::NotFound, Exit::Blocked, Exit::Interrupted]
        {
            let row = format!("{:>5}  ", exit.code());
            assert!(HELP.lines().any(|line| line.starts_with(&row)), "{exit:?}");
        }
    }
}
