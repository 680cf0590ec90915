//! A scenario's text as steps. It must not run anything.
//!
//! Down to the line `---` the file says in plain words what it is about and what must be seen. Then, a line each:
//!
//!     start people | sound | sample    the workspace: a bare one with people, one with a sound plan beside them (both are
//!                                      folders beside the scenarios, laid over a bare workspace), or the sample
//!     at 2026-02-04T09:00:00Z          the time, from here on
//!     # words                          a remark that stands in the transcript
//!     event ACCOUNT TYPE {data}        an event, taken in by `csp emit`; its data may go on on indented lines
//!     event@TIME ACCOUNT TYPE {data}   one that says that it happened at another time
//!     again                            the last event once more, under its old id
//!     $ csp why acme | grep a or b     a command, and what it prints; with `grep` only the lines that hold these words
//!     quietly csp ..., quietly event   the same, without what it prints
//!     write FILE, append FILE          a file's text, on indented lines
//!     edit FILE                        on indented lines `- old`, a part of a line of the file, and `+ new`, one line or more
//!     env NAME=VALUE                   a variable of the commands from here on
//!     mail server, letters             a mail server on {mail port}, and what it was given so far
//!
//! After a command, what holds whatever the snapshot says:
//!
//!     exits 3                          how it ends; without this line it must end with 0
//!     shows words, hides words         what it prints, and what it does not, with line breaks folded
//!     keeps NAME words * words         the word in place of the star; from here on `$NAME` stands for it

use std::fmt;
use std::iter::Peekable;

/// A scenario, read.
pub struct Script {
    /// What it starts from.
    pub start: String,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// One line of a scenario, with what belongs to it.
pub enum Step {
    At(String),
    Remark(String),
    Run(Command),
    Event { event: Event, command: Command },
    Write { path: String, text: String },
    Append { path: String, text: String },
    Edit { path: String, from: String, to: String },
    Env { name: String, value: String },
    MailServer,
    Letters,
}

/// A command with what is expected of it.
#[derive(Default)]
pub struct Command {
    pub words: Vec<String>,
    /// Only these lines of the answer are in the transcript.
    pub grep: Vec<String>,
    /// Nothing of the answer is in the transcript.
    pub quiet: bool,
    pub exits: i32,
    pub shows: Vec<String>,
    pub hides: Vec<String>,
    pub keeps: Vec<(String, String)>,
}

/// What happened to an account.
#[derive(Clone)]
pub struct Event {
    /// How manieth of the scenario it is; the same again for one that comes twice.
    pub number: usize,
    pub account: String,
    pub kind: String,
    pub data: String,
    /// When it happened, if not now.
    pub at: Option<String>,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, account, kind, data, at } = self;
        let at = at.as_ref().map(|at| format!(" of {at}")).unwrap_or_default();
        let data = data.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "event e-{number}{at} {account} {kind} {data}")
    }
}

struct Reading<'a, I: Iterator<Item = (usize, &'a str)>> {
    name: &'a str,
    lines: Peekable<I>,
    events: Vec<Event>,
    steps: Vec<Step>,
}

impl Script {
    /// Reads the scenario; panics with the line of what cannot be meant.
    pub fn parse(name: &str, text: &str) -> Self {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end()));
        let mut lines =
            lines.skip_while(|(_, line)| *line != "---").skip(1).skip_while(|(_, line)| line.is_empty());
        let start = lines.next().and_then(|(_, line)| line.strip_prefix("start ").map(str::to_owned));
        let start = start.unwrap_or_else(|| panic!("{name}: after `---` there is no `start ...`"));
        let mut reading = Reading { name, lines: lines.peekable(), events: Vec::new(), steps: Vec::new() };
        while let Some((at, line)) = reading.lines.next() {
            if !line.is_empty() {
                reading.step(at, line);
            }
        }
        Self { start, steps: reading.steps }
    }
}

impl<'a, I: Iterator<Item = (usize, &'a str)>> Reading<'a, I> {
    fn step(&mut self, at: usize, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let step = match word {
            "#" => Step::Remark(rest.to_owned()),
            "at" => Step::At(rest.to_owned()),
            "$" => Step::Run(command(rest)),
            "quietly" if rest.starts_with("event") => {
                let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                self.event(at, word, rest, true)
            }
            "quietly" => Step::Run(Command { quiet: true, ..command(rest) }),
            _ if word.starts_with("event") => self.event(at, word, rest, false),
            "again" => self.again(),
            "write" => Step::Write { path: rest.to_owned(), text: self.indented() },
            "append" => Step::Append { path: rest.to_owned(), text: self.indented() },
            "edit" => self.edit(at, rest),
            "env" => {
                let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
                Step::Env { name: name.to_owned(), value: value.to_owned() }
            }
            "mail" => Step::MailServer,
            "letters" => Step::Letters,
            _ => return self.expectation(at, word, rest),
        };
        self.steps.push(step);
    }

    fn event(&mut self, at: usize, word: &str, rest: &str, quiet: bool) -> Step {
        let more = self.indented().replace('\n', " ");
        let (rest, grep) = grepped(rest);
        let mut words = rest.splitn(3, ' ');
        let (Some(account), Some(kind)) = (words.next(), words.next()) else {
            panic!("{}:{at}: an event needs an account and a type", self.name)
        };
        let data = format!("{} {more}", words.next().unwrap_or_default());
        let event = Event {
            number: self.events.len() + 1,
            account: account.to_owned(),
            kind: kind.to_owned(),
            data,
            at: word.strip_prefix("event@").map(str::to_owned),
        };
        self.events.push(event.clone());
        Step::Event { event, command: Command { quiet, grep, ..command("csp emit -") } }
    }

    fn again(&mut self) -> Step {
        let event = self.events.last().cloned().unwrap_or_else(|| panic!("{}: no event came yet", self.name));
        Step::Event { event, command: command("csp emit -") }
    }

    fn edit(&mut self, at: usize, path: &str) -> Step {
        let block = self.indented();
        let (old, new): (Vec<_>, Vec<_>) = block.lines().partition(|line| line.starts_with("- "));
        let new: Option<Vec<_>> = new.into_iter().map(|line| line.strip_prefix("+ ")).collect();
        match (&old[..], new) {
            ([old], Some(new)) if !new.is_empty() => {
                Step::Edit { path: path.to_owned(), from: old[2..].to_owned(), to: new.join("\n") }
            }
            _ => panic!("{}:{at}: an edit is one `- old` and `+ new` lines", self.name),
        }
    }

    /// The indented lines that follow, without their indent.
    fn indented(&mut self) -> String {
        let mut text = String::new();
        while let Some((_, line)) = self.lines.next_if(|(_, line)| line.starts_with("  ") || line.is_empty())
        {
            text.push_str(line.get(2..).unwrap_or_default());
            text.push('\n');
        }
        text
    }

    fn expectation(&mut self, at: usize, word: &str, rest: &str) {
        let name = self.name;
        let command = match self.steps.last_mut() {
            Some(Step::Run(command) | Step::Event { command, .. }) => command,
            _ => panic!("{name}:{at}: `{word}` is no step, and no command is before it"),
        };
        match word {
            "exits" => {
                command.exits = rest.parse().unwrap_or_else(|_| panic!("{name}:{at}: exits with a number"));
            }
            "shows" => command.shows.push(rest.to_owned()),
            "hides" => command.hides.push(rest.to_owned()),
            "keeps" => {
                let (kept, pattern) = rest.split_once(' ').unwrap_or((rest, ""));
                command.keeps.push((format!("${kept}"), pattern.to_owned()));
            }
            _ => panic!("{name}:{at}: `{word}` is no step"),
        }
    }
}

/// `csp why acme | grep words`, in words.
fn command(line: &str) -> Command {
    let (line, grep) = grepped(line);
    let words = line.strip_prefix("csp ").map(words).unwrap_or_default();
    assert!(!words.is_empty(), "`{line}` is no command of csp");
    Command { words, grep, ..Command::default() }
}

/// A line and the words after its `| grep`.
fn grepped(line: &str) -> (&str, Vec<String>) {
    let (line, grep) = line.split_once(" | grep ").unwrap_or((line, ""));
    (line, grep.split(" or ").filter(|words| !words.is_empty()).map(str::to_owned).collect())
}

/// The words of a command line; what stands in single quotes is one word.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let of_part = |(at, part): (usize, &str)| -> Vec<String> {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    };
    parts.flat_map(of_part).collect()
}

#[test]
fn a_command_line_is_split_into_words() {
    let check = |line: &str, expected: &[&str]| assert_eq!(words(line), expected, "{line}");
    check("why acme", &["why", "acme"]);
    check(
        "  gate  override --reason 'the board meets' --by priya",
        &["gate", "override", "--reason", "the board meets", "--by", "priya"],
    );
}
