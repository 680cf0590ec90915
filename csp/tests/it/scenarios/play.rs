//! Plays a scenario: the steps one after another on a workspace of its own, with everything that was said and
//! answered written down. It holds each command to what the scenario expects of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::script::{Command, Event, Script, Step};
use crate::post::MailServer;
use crate::stage::Stage;

struct Play<'a> {
    name: &'a str,
    stage: Stage,
    now: String,
    variables: Vec<(String, String)>,
    kept: BTreeMap<String, String>,
    mail: Option<MailServer>,
    transcript: String,
}

/// Plays it and gives the transcript.
pub fn play(name: &str, script: &Script) -> String {
    let mut play = Play {
        name,
        stage: start(&script.start),
        now: String::new(),
        variables: Vec::new(),
        kept: BTreeMap::new(),
        mail: None,
        transcript: String::new(),
    };
    for step in &script.steps {
        play.step(step);
    }
    play.transcript
}

fn start(from: &str) -> Stage {
    match from {
        "sample" => Stage::sample(),
        folder => {
            let stage = Stage::bare();
            for folder in ["people", folder] {
                lay(&super::folder().join(folder), &stage.root());
            }
            stage
        }
    }
}

/// Lays the folder's files over another folder.
fn lay(from: &Path, over: &Path) {
    std::fs::create_dir_all(over).unwrap();
    for entry in std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.unwrap().path();
        let to = over.join(path.file_name().unwrap());
        if path.is_dir() {
            lay(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

impl Play<'_> {
    fn step(&mut self, step: &Step) {
        match step {
            Step::At(now) => {
                self.now.clone_from(now);
                self.tell(&format!("\nat {now}"));
            }
            Step::Remark(words) => self.tell(&format!("\n# {words}")),
            Step::Run(command) => {
                let words: Vec<String> = command.words.iter().map(|word| self.with_kept(word)).collect();
                self.tell(&format!("\n$ csp {}", spoken(&words)));
                self.run(command, &words, "");
            }
            Step::Event { event, command } => {
                self.tell(&format!("\n{event}"));
                let text = self.cloud_event(event);
                self.run(command, &command.words, &text);
            }
            Step::Write { path, text } => {
                self.stage.write(path, self.with_kept(text));
                self.tell(&format!("\n{path} is written:\n{}", quoted(text)));
            }
            Step::Append { path, text } => {
                let whole = format!("{}{}", self.stage.read(path), self.with_kept(text));
                self.stage.write(path, whole);
                self.tell(&format!("\n{path} goes on with:\n{}", quoted(text)));
            }
            Step::Edit { path, from, to } => self.edit(path, &self.with_kept(from), &self.with_kept(to)),
            Step::Env { name, value } => self.variables.push((name.clone(), value.clone())),
            Step::MailServer => {
                let server = MailServer::start();
                self.kept.insert("{mail port}".into(), server.port.to_string());
                self.mail = Some(server);
            }
            Step::Letters => self.letters(),
        }
    }

    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.stage.read(path);
        assert_eq!(
            text.matches(from).count(),
            1,
            "{}: `{from}` must stand once in {path}:\n{text}",
            self.name
        );
        self.stage.write(path, text.replace(from, to));
        let added = to.lines().map(|line| format!("  + {}", line.trim())).collect::<Vec<_>>().join("\n");
        self.tell(&format!("\n{path} is edited by hand:\n  - {}\n{added}", from.trim()));
    }

    fn letters(&mut self) {
        let letters = self.mail.as_ref().map(MailServer::letters).unwrap_or_default();
        self.tell("\nletters that the mail server was given");
        if letters.is_empty() {
            self.tell("  none");
        }
        for letter in letters {
            let said =
                |head: &str| letter.iter().find_map(|line| line.strip_prefix(head)).unwrap_or("-").to_owned();
            self.tell(&format!("  to {}: {}", said("RCPT TO:"), said("Subject: ")));
        }
    }

    /// Runs the command, writes its answer down, and holds it to what is expected.
    fn run(&mut self, command: &Command, words: &[String], input: &str) {
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        if !self.now.is_empty() {
            arguments.extend(["--now", &self.now]);
        }
        let mut process = self.stage.command(&arguments);
        process.current_dir(self.stage.root()).envs(self.variables.iter().cloned());
        let mut child =
            process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let answer = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let answer = self.folded(&answer);
        let code = output.status.code().unwrap_or(-1);
        self.write_down(command, &answer, code);
        self.hold(command, &answer, code);
    }

    fn write_down(&mut self, command: &Command, answer: &str, code: i32) {
        let wanted =
            |line: &&str| command.grep.is_empty() || command.grep.iter().any(|words| line.contains(words));
        let lines: Vec<&str> = answer.trim().lines().filter(wanted).map(str::trim_end).collect();
        if command.quiet {
            self.tell("  ...");
        } else {
            self.tell(&quoted(&lines.join("\n")));
        }
        if code != 0 {
            self.tell(&format!("  (exit code {code})"));
        }
    }

    fn hold(&mut self, command: &Command, answer: &str, code: i32) {
        let whole = format!("{}: csp {}\n{answer}", self.name, spoken(&command.words));
        assert_eq!(code, command.exits, "exit code of {whole}");
        let flat = answer.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in &command.shows {
            let words = self.with_kept(words);
            assert!(flat.contains(&words), "`{words}` must be shown by {whole}");
        }
        for words in &command.hides {
            let words = self.with_kept(words);
            assert!(!flat.contains(&words), "`{words}` must not be shown by {whole}");
        }
        for (name, pattern) in &command.keeps {
            let found = starred(&flat, pattern).unwrap_or_else(|| panic!("`{pattern}` is not in {whole}"));
            self.kept.insert(name.clone(), found.to_owned());
        }
    }

    fn cloud_event(&self, event: &Event) -> String {
        let data = if event.data.is_empty() { "{}" } else { &event.data };
        let data: serde_json::Value = serde_json::from_str(&self.with_kept(data))
            .unwrap_or_else(|error| panic!("{}: {error}: {data}", self.name));
        let mut whole = serde_json::json!({
            "specversion": "1.0", "id": format!("e-{}", event.number), "source": "crm", "type": event.kind,
            "subject": event.account, "time": event.at.as_ref().unwrap_or(&self.now),
        });
        if !event.data.is_empty() {
            whole["data"] = data;
        }
        whole.to_string()
    }

    /// The text with what was kept in place of its names.
    fn with_kept(&self, text: &str) -> String {
        self.kept.iter().rev().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// The text without what differs from one run to the next.
    fn folded(&self, text: &str) -> String {
        let folder = self.stage.folder().display().to_string();
        let text = text.replace(&folder, "[folder]");
        // The same failure has another number on another system.
        let text = text.split(" (os error ").enumerate().map(|(at, part)| {
            let rest = part.split_once(')').map_or(part, |(_, rest)| rest);
            if at == 0 { part } else { rest }
        });
        let text = text.collect::<String>();
        match self.kept.get("{mail port}") {
            Some(port) => text.replace(port.as_str(), "[port]"),
            None => text,
        }
    }

    fn tell(&mut self, text: &str) {
        if !text.is_empty() {
            writeln!(self.transcript, "{text}").unwrap();
        }
    }
}

/// The words as a person would write them on a command line.
fn spoken(words: &[String]) -> String {
    let quote = |word: &String| if word.contains(' ') { format!("'{word}'") } else { word.clone() };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    let lines =
        text.trim_end().lines().map(|line| if line.is_empty() { String::new() } else { format!("  {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// The word that stands in the text in place of the pattern's star.
fn starred<'a>(text: &'a str, pattern: &str) -> Option<&'a str> {
    let (before, after) = pattern.split_once('*')?;
    text.match_indices(before).find_map(|(at, _)| {
        let rest = &text[at + before.len()..];
        let end = rest.find(|c: char| c.is_whitespace() || ":,.;)".contains(c)).unwrap_or(rest.len());
        (end > 0 && rest[end..].starts_with(after)).then(|| &rest[..end])
    })
}

#[test]
fn the_star_stands_for_a_word() {
    let check = |text: &str, pattern: &str, expected: Option<&str>| {
        assert_eq!(starred(text, pattern), expected, "{pattern} in {text}");
    };
    check("drafting sa.initiate-25208f52, shown 77aa", "shown *", Some("77aa"));
    check("drafting sa.initiate-25208f52, shown 77aa", "sa.initiate-*,", Some("25208f52"));
    check("cm-1 open, cm-2 kept", "cm-* kept", Some("2"));
    check("nothing", "shown *", None);
}
