//! `docs/seed.md`: each line of the specification with what carries it and what proves it. The table is made here
//! and compared with the file; whatever it points to must be there: the rule in the shipped automation.yaml with the
//! specification's words, the test in its file, the scenario in its folder. Where the specification is at hand, every
//! line of it must stand in the table.
//!
//! `CSP_WRITE_DOCS=1 cargo test -p csp --test it specification` writes the file.

mod rows;
mod seed;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use agents::charter::Charters;
use orchestrator::rules::{RuleSet, Vocabulary};

/// A part of the specification.
struct Part {
    /// Its name there.
    name: &'static str,
    /// What it is about, in one line.
    about: &'static str,
    rows: &'static [Row],
}

/// A line of the specification: its words, what carries it, what proves it.
struct Row(&'static str, &'static [By], &'static [Proof]);

/// What carries a line.
enum By {
    /// A rule of the shipped automation.yaml that has the line's words.
    Verbatim(&'static str),
    /// A rule that says it in its own words.
    Rule(&'static str),
    /// A task in an agent's file that has the line's words.
    Task(&'static str),
    /// A file, and a word in it.
    Code(&'static str, &'static str),
}

/// What proves a line.
enum Proof {
    /// A file, and the test in it.
    Test(&'static str, &'static str),
    /// A scenario.
    Scenario(&'static str),
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The last line of the words is what they say; those before say where it stands.
fn said(words: &str) -> &str {
    words.rsplit(": ").next().unwrap_or(words)
}

fn table() -> String {
    let mut text = String::from(include_str!("head.md"));
    for Part { name, about, rows } in rows::PARTS {
        write!(text, "\n## {name}\n\n{about}\n\n| the seed says | carried by | proven by |\n|---|---|---|\n")
            .unwrap();
        for Row(words, by, proofs) in *rows {
            let by: Vec<String> = by.iter().map(By::shown).collect();
            let proofs: Vec<String> = proofs.iter().map(Proof::shown).collect();
            let words = words.replace('|', "\\|");
            writeln!(text, "| {words} | {} | {} |", by.join("<br>"), proofs.join("<br>")).unwrap();
        }
    }
    text
}

impl By {
    fn shown(&self) -> String {
        match self {
            Self::Verbatim(rule) => format!("rule [`{rule}`](../csp/sample/automation.yaml), word for word"),
            Self::Rule(rule) => format!("rule [`{rule}`](../csp/sample/automation.yaml)"),
            Self::Task(task) => {
                let (agent, _) = task.split_once('.').unwrap();
                format!("task [`{task}`](../prompts/{agent}.yaml)")
            }
            Self::Code(path, word) => format!("[`{word}`](../{path})"),
        }
    }

    /// Whether it is there, and says the words where it has to.
    fn check(&self, words: &str, rules: &RuleSet) {
        match self {
            Self::Rule(rule) => assert!(rules.get(rule).is_some(), "{words}: no rule {rule} is shipped"),
            Self::Verbatim(rule) => {
                let known = rules.get(rule).unwrap_or_else(|| panic!("{words}: no rule {rule} is shipped"));
                let block = block(&read("csp/sample/automation.yaml"), rule);
                let line = said(words);
                let named = [known.action.as_str(), known.notification.as_str()].contains(&line);
                assert!(
                    named || block.contains(&format!("\"{line}\"")),
                    "rule {rule} does not say {line}: {block}"
                );
            }
            Self::Task(task) => {
                let (agent, name) = task.split_once('.').unwrap();
                let block = block(&read(&format!("prompts/{agent}.yaml")), name);
                let line = said(words);
                assert!(block.lines().any(|known| known.ends_with(line)), "task {task} does not say {line}");
            }
            Self::Code(path, word) => assert!(read(path).contains(word), "{words}: {path} has no {word}"),
        }
    }
}

impl Proof {
    fn shown(&self) -> String {
        match self {
            Self::Test(path, name) => format!("[`{name}`](../{path})"),
            Self::Scenario(name) => {
                format!("scenario [{}](../csp/tests/scenarios/{name}.txt)", name.replace('_', " "))
            }
        }
    }

    fn check(&self, words: &str) {
        match self {
            Self::Test(path, name) => {
                let text = read(path);
                let at = text
                    .find(&format!("fn {name}("))
                    .unwrap_or_else(|| panic!("{words}: {path} has no {name}"));
                let before = text[..at].trim_end().lines().next_back().unwrap_or_default().trim();
                assert!(before.starts_with("#["), "{words}: {name} in {path} is no test");
            }
            Self::Scenario(name) => {
                for ending in ["txt", "snap"] {
                    let path = format!("csp/tests/scenarios/{name}.{ending}");
                    assert!(top().join(&path).is_file(), "{words}: there is no {path}");
                }
            }
        }
    }
}

/// The lines of a YAML text under a key of two spaces' indent.
fn block(text: &str, key: &str) -> String {
    let from = text.lines().skip_while(|line| *line != format!("  {key}:")).skip(1);
    from.take_while(|line| line.is_empty() || line.starts_with("   ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_table_is_the_one_in_the_docs() {
    let path = top().join("docs/seed.md");
    let table = table();
    if std::env::var_os("CSP_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &table).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == table,
        "docs/seed.md is another one; CSP_WRITE_DOCS=1 cargo test -p csp --test it specification writes it"
    );
}

#[test]
fn what_the_table_points_to_is_there() {
    let text = read("csp/sample/automation.yaml");
    let charters = Charters::builtin().expect("the built-in agents are sound");
    let tasks: BTreeSet<String> = charters.tasks().map(|task| task.to_string()).collect();
    let rules = RuleSet::parse("automation.yaml", &text, &Vocabulary::default(), &tasks)
        .expect("the rules are sound");
    for Row(words, by, proofs) in rows::PARTS.iter().flat_map(|part| part.rows) {
        assert!(!by.is_empty() && !proofs.is_empty(), "{words} is carried by nothing, or proven by nothing");
        by.iter().for_each(|by| by.check(words, &rules));
        proofs.iter().for_each(|proof| proof.check(words));
    }
}

#[test]
fn every_line_of_the_specification_stands_in_the_table() {
    let Ok(text) = std::fs::read_to_string(top().join("../shared/seed.md")) else {
        println!("SKIPPED: the specification is not there");
        return;
    };
    for Part { name, rows, .. } in rows::PARTS {
        let ours: Vec<&str> = rows.iter().map(|Row(words, ..)| *words).collect();
        let theirs = seed::lines(&text, name);
        assert!(!theirs.is_empty(), "{name} is not in the specification");
        assert_eq!(ours, theirs, "{name}");
    }
}
