//! Each form of report, read by a reader of its own. The files stay in the target folder's `tmp`, where
//! `scripts/eval-reports.sh` validates the XML and opens the page in a browser.

use std::collections::BTreeMap;
use std::path::Path;

use evals::compare::Comparison;
use evals::report::{Summary, html, junit, markdown, rows};
use html5gum::{Token, Tokenizer};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::logs::{Agent, HOSTILE, Log, break_one, log, write_something};

const AGENT: Agent = Agent { skill: 0.75, clusters: 20, repeats: 2, suite: 3, luck: 1 };

fn runs(clusters: usize) -> (Log, Log) {
    let before = log(Agent { clusters, ..AGENT });
    let mut after = log(Agent { clusters, skill: 0.6, luck: 2, ..AGENT });
    after.header.prompts.insert("meeting_notes".into(), "9d".repeat(32));
    after.header.git = Some("77ab01e+".into());
    break_one(&mut after, "meeting-010");
    write_something(&mut after);
    (before, after)
}

fn keep(name: &str, text: &str) {
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), text).unwrap();
}

fn page(before: &Log, after: &Log) -> String {
    let comparison = Comparison::of(before.run(), after.run());
    let expected =
        after.lines.iter().map(|line| (line.case.clone(), format!("actions:\n- {HOSTILE}"))).collect();
    let summary = Summary::of(after.run());
    let input = html::Input {
        run: after.run(),
        summary: &summary,
        comparison: Some(&comparison),
        expected: &expected,
    };
    html::html(input).unwrap()
}

#[derive(Default, Debug, PartialEq)]
struct Counted {
    tests: usize,
    failures: usize,
    errors: usize,
}

fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let found = element.try_get_attribute(name).unwrap().unwrap_or_else(|| panic!("no {name}"));
    found.value.into_owned()
}

/// Reads a report and holds each suite's counts against what stands in it.
fn read_junit(xml: &str) -> Vec<(String, Counted)> {
    let mut reader = Reader::from_str(xml);
    let (mut suites, mut open) = (Vec::<(String, Counted, Counted)>::new(), (false, false));
    loop {
        let event = reader.read_event().unwrap();
        match event {
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "testsuite" => {
                    let number = |name| attribute(&element, name).parse().unwrap();
                    let said = Counted {
                        tests: number("tests"),
                        failures: number("failures"),
                        errors: number("errors"),
                    };
                    suites.push((attribute(&element, "name"), said, Counted::default()));
                }
                "testcase" => {
                    suites.last_mut().unwrap().2.tests += 1;
                    open = (false, false);
                    assert!(
                        !attribute(&element, "name").is_empty()
                            && !attribute(&element, "classname").is_empty()
                    );
                }
                "failure" => open.0 = true,
                "error" => open.1 = true,
                other => assert_eq!(other, "testsuites"),
            },
            Event::End(element) if element.name().as_ref() == "testcase" => {
                let counted = &mut suites.last_mut().unwrap().2;
                counted.errors += usize::from(open.1);
                counted.failures += usize::from(open.0 && !open.1);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    suites
        .into_iter()
        .map(|(name, said, found)| {
            assert_eq!(said, found, "{name}");
            (name, said)
        })
        .collect()
}

#[test]
fn junit_counts_what_it_says() {
    let (before, after) = runs(20);
    let comparison = Comparison::of(before.run(), after.run());
    let mut xml = Vec::new();
    junit::write(&mut xml, after.run(), Some(&comparison)).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    keep("eval-report.xml", &xml);
    let suites = read_junit(&xml);
    let [(name, cases), (other, scorers)] = suites.as_slice() else { panic!("{suites:?}") };
    assert_eq!((name.as_str(), other.as_str()), ("meeting-notes", "meeting-notes.comparison"));
    assert_eq!((cases.tests, cases.errors, scorers.tests), (92, 1, 5));
    assert!(cases.failures > 0);
    assert_eq!(scorers.failures, comparison.regressions().count());
    assert!(!xml.contains('\u{1}') && !xml.contains("<img"), "hostile text came through");
}

#[test]
fn markdown_says_the_verdict_first_and_lets_nothing_through() {
    let (before, after) = runs(20);
    let comparison = Comparison::of(before.run(), after.run());
    let text = markdown::markdown(&Summary::of(after.run()), Some(&comparison));
    keep("eval-report.md", &text);
    let mut lines = text.lines().filter(|line| !line.is_empty());
    assert_eq!(lines.next(), Some("## Evals: `meeting-notes`"));
    assert!(lines.next().unwrap().starts_with("**Regression** in `action_f1`"), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| row.replace("\\|", "").matches('|').count() == 8), "{rows:#?}");
    // Outside of code, which ends at the next backtick, nothing of what others wrote remains.
    let outside: String = text.split('`').step_by(2).collect();
    assert!(!outside.contains("script") && !outside.contains("example.invalid"), "{outside}");
    assert!(text.contains("broke") && text.contains("cost 0."));
}

#[test]
fn the_terminal_has_a_row_for_each_scorer() {
    let (before, after) = runs(20);
    let comparison = Comparison::of(before.run(), after.run());
    let summary = rows::of_run(&Summary::of(after.run()));
    let [f1, tokens, ..] = summary.as_slice() else { panic!("{summary:?}") };
    assert_eq!(
        (f1.scorer.as_str(), f1.cases.as_str(), tokens.failed.as_str()),
        ("action_f1", "92 of 92", "")
    );
    let compared = rows::of_comparison(&comparison);
    assert_eq!((compared[0].verdict.as_str(), compared[1].verdict.as_str()), ("worse, regression", "better"));
}

/// The names of the elements, and the attributes that could load or run something.
fn elements(page: &str) -> (BTreeMap<String, usize>, Vec<String>) {
    let (mut names, mut suspicious) = (BTreeMap::new(), Vec::new());
    for token in Tokenizer::new(page).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        for (key, value) in &tag.attributes {
            let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
            let is_local = value.starts_with('#') || value.starts_with("data:");
            if key.starts_with("on") || (matches!(&*key, "src" | "href" | "action" | "srcset") && !is_local) {
                suspicious.push(format!("{name} {key}={value}"));
            }
        }
        *names.entry(name).or_default() += 1;
    }
    (names, suspicious)
}

#[test]
fn the_page_holds_everything_and_loads_nothing() {
    let (before, after) = runs(20);
    let text = page(&before, &after);
    keep("eval-report.html", &text);
    let (names, suspicious) = elements(&text);
    assert_eq!(suspicious, [""; 0]);
    assert!(!names.contains_key("img") && !names.contains_key("iframe"), "{names:?}");
    // Its own script, the index, and one piece of data a case.
    assert_eq!(names["script"], 2 + 92);
    assert!(text.contains("default-src 'none'") && !text.contains("<script>fetch"));
    assert!(text.contains("regression") && text.contains("prompts.meeting_notes"));
}

#[test]
fn a_case_reads_back_from_the_page() {
    let (before, after) = runs(20);
    let text = page(&before, &after);
    let start = text.find("id=\"data-1\">").unwrap() + "id=\"data-1\">".len();
    let data: serde_json::Value =
        serde_json::from_str(&text[start..start + text[start..].find('<').unwrap()]).unwrap();
    assert_eq!(data["id"], "meeting-001");
    assert_eq!(data["expected"], format!("actions:\n- {HOSTILE}"));
    let task = &data["runs"][1]["tasks"][0];
    assert!(task["exchanges"][0]["prompt"].as_str().unwrap().contains("A line of the meeting."));
    assert!(task["items"][0]["text"].as_str().unwrap().contains(HOSTILE));
    assert_eq!(task["questions"][0], "risks: Who answers for the import?");
}

#[test]
fn a_thousand_cases_fit() {
    let (before, after) = runs(220);
    let text = page(&before, &after);
    keep("eval-report-1000.html", &text);
    assert!(
        after.lines.len() >= 2000 && text.len() < 64 << 20,
        "{} lines, {} bytes",
        after.lines.len(),
        text.len()
    );
    println!("{} cases of two runs: {} KiB", after.lines.len() / 2, text.len() / 1024);
}

#[test]
fn a_run_of_nothing_has_reports_too() {
    let nothing = Log { lines: Vec::new(), ..log(AGENT) };
    let summary = Summary::of(nothing.run());
    assert_eq!(
        (summary.origin.cases, summary.scorers.len(), rows::of_run(&summary)[0].mean.as_str()),
        (0, 5, "–")
    );
    let input =
        html::Input { run: nothing.run(), summary: &summary, comparison: None, expected: &BTreeMap::new() };
    assert!(html::html(input).unwrap().contains("0 cases"));
    let comparison = Comparison::of(nothing.run(), nothing.run());
    let text = markdown::markdown(&summary, Some(&comparison));
    assert!(text.contains("Nothing can be shown"), "{text}");
    let mut xml = Vec::new();
    junit::write(&mut xml, nothing.run(), None).unwrap();
    assert_eq!(read_junit(&String::from_utf8(xml).unwrap())[0].1, Counted::default());
}
