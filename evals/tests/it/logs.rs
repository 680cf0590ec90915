//! Logs of runs that never were: an agent of a known skill on cases of unequal difficulty, some of them hostile.

use std::collections::BTreeMap;

use evals::compare::Run;
use evals::log::{CaseResult, FORMAT, Header, Line};
use evals::produced::{Produced, Spent};
use evals::score::{Counts, Direction, Score};
use evals::suite::CaseHash;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sampling::{Alike, Chance, clusters, normals, trials};

/// Text that breaks out of what does not escape it.
pub const HOSTILE: &str = "</script><script>fetch('http://example.invalid/')</script> <img src=x onerror=alert(1)> ]]> & \u{1} `|` \"'";

/// A run's header and lines.
#[derive(Clone)]
pub struct Log {
    pub header: Header,
    pub lines: Vec<Line>,
}

impl Log {
    pub fn run(&self) -> Run<'_> {
        Run { header: &self.header, lines: &self.lines }
    }
}

/// How a run is to come out.
#[derive(Clone, Copy)]
pub struct Agent {
    /// Share of the wanted actions that it finds in a middling case.
    pub skill: f64,
    /// Clusters of cases.
    pub clusters: usize,
    /// Runs of each case.
    pub repeats: u32,
    /// Fixes how hard the cases are: the same for runs that are to be compared.
    pub suite: u64,
    /// Fixes what the agent makes of them.
    pub luck: u64,
}

pub fn header(repeats: u32) -> Header {
    let less = ["orphan_numbers", "answer_tokens"].map(|name| (name.to_owned(), Direction::LessIsBetter));
    let more = ["action_f1", "schema_validity", "supported_claims"]
        .map(|name| (name.to_owned(), Direction::MoreIsBetter));
    Header {
        format: FORMAT,
        suite: "meeting-notes".into(),
        suite_hash: "5a".repeat(32),
        began: "2026-11-23T08:00:00Z".parse().unwrap(),
        csp: "0.1.0".into(),
        git: Some("0f3c9d1".into()),
        drafter: "small-model".into(),
        settings: BTreeMap::from([("temperature".into(), "0.2".into())]),
        prompts: BTreeMap::from([
            ("meeting_notes".into(), "1b".repeat(32)),
            ("partials".into(), "2c".repeat(32)),
        ]),
        repeats,
        scorers: less.into_iter().chain(more).collect(),
        margins: BTreeMap::from([("answer_tokens".into(), 50.0)]),
    }
}

/// The log of a run, without what was written.
pub fn log(agent: Agent) -> Log {
    let of = clusters(agent.clusters);
    let hard = normals(&of, 0.3, &mut Chance::seeded(agent.suite));
    let mut chance = Chance::seeded(agent.luck.wrapping_mul(7919).wrapping_add(agent.suite));
    let mut lines = Vec::new();
    for (at, (cluster, hard)) in of.iter().zip(hard).enumerate() {
        let odds = (agent.skill / (1.0 - agent.skill)).ln() - hard;
        let skill = 1.0 / (1.0 + (-odds).exp());
        for repeat in 1..=agent.repeats {
            let scores = scores(skill, &mut chance);
            lines.push(line(at, *cluster, repeat, scores, &mut chance));
        }
    }
    Log { header: header(agent.repeats), lines }
}

fn line(at: usize, cluster: usize, repeat: u32, scores: Vec<Score>, chance: &mut Chance) -> Line {
    let tokens = scores.iter().find(|score| score.scorer == "answer_tokens").and_then(|score| score.value);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds")]
    let spent = Spent {
        calls: 1,
        prompt_tokens: 2_000,
        answer_tokens: tokens.unwrap_or(0.0) as u64,
        cost: Some("0.0021".parse().unwrap()),
        elapsed_ms: 300 + (chance.share() * 900.0) as u64,
    };
    let language = if at.is_multiple_of(3) { "german" } else { "english" };
    Line {
        case: format!("meeting-{at:03}"),
        hash: CaseHash { given: format!("{at}"), expected: format!("{at}") },
        repeat,
        cluster: format!("series-{cluster}"),
        tags: vec![language.into(), if at.is_multiple_of(5) { "long".into() } else { "short".into() }],
        ended: "2026-11-23T08:01:00Z".parse::<Timestamp>().unwrap(),
        result: CaseResult::Ran {
            produced: Box::new(Produced::default()),
            scores,
            spent,
            judged: Spent::default(),
        },
    }
}

fn score(scorer: &str, value: Option<f64>, counts: Option<Counts>, threshold: Option<f64>) -> Score {
    let passed = threshold.zip(value).map(|(threshold, value)| value >= threshold);
    let why = if passed == Some(false) {
        vec![format!("{scorer}: expected more, as <b>{HOSTILE}</b>")]
    } else {
        Vec::new()
    };
    Score { scorer: scorer.into(), value, counts, passed, why }
}

fn share(scorer: &str, hits: u32, of: u32, threshold: Option<f64>) -> Score {
    let counts = (of > 0).then(|| Counts { hits: hits.into(), of: of.into() });
    score(scorer, counts.map(|counts| counts.hits / counts.of), counts, threshold)
}

fn scores(skill: f64, chance: &mut Chance) -> Vec<Score> {
    let mut drawn = |of: u32, probability: f64| trials(&[0], &[of], probability, Alike::Beta(0.0), chance)[0];
    let wanted = 1 + drawn(7, 0.5);
    let matched = drawn(wanted, skill);
    let found = matched + drawn(4, 0.25);
    let claims = 1 + drawn(9, 0.6);
    let supported = drawn(claims, 0.9 + 0.1 * skill);
    let numbers = drawn(5, 0.5);
    let orphans = drawn(numbers, 0.1 * (1.0 - skill));
    let valid = drawn(1, 0.8 + 0.2 * skill);
    let tokens = 300.0 + 40.0 * f64::from(found) + 30.0 * chance.normal();
    vec![
        share("action_f1", 2 * matched, found + wanted, Some(0.5)),
        share("schema_validity", valid, 1, Some(1.0)),
        share("supported_claims", supported, claims, None),
        share("orphan_numbers", orphans, numbers, None),
        score("answer_tokens", Some(tokens.max(0.0)), None, None),
    ]
}

/// Adds to each run what the agent wrote, in a plan's own form.
pub fn write_something(log: &mut Log) {
    for (at, line) in log.lines.iter_mut().enumerate() {
        let CaseResult::Ran { produced, .. } = &mut line.result else { continue };
        let task = json!({
            "run": "meeting_notes.extract",
            "end": if at % 17 == 0 { json!({"is": "failed", "why": "the answer was no JSON"}) } else { json!({"is": "drafted"}) },
            "patch": {
                "sections": {"risks": {"risks": {"upsert": [{
                    "risk": format!("The import of line {at} may be late: {HOSTILE}"),
                    "mitigation": "A second import is tried on Friday.",
                    "evidence": [{"source": "materials/meetings/2026-03-02.md", "lines": "12-14",
                                  "quote": "The import will probably be late."}],
                }]}}},
                "questions": [{"section": "risks", "question": "Who answers for the import?"}],
            },
            "checks": checks(at),
            "dropped": [{"section": "risks", "list": "risks", "text": format!("A {HOSTILE}"), "why": "nothing_holds"}],
            "warnings": [],
            "prompts": [format!("system\nYou take minutes.\nuser\n{}", "A line of the meeting.\n".repeat(40))],
            "replies": [format!("{{\"sections\": {{}}}} {HOSTILE}")],
            "spent": {"calls": 1, "prompt_tokens": 2000, "answer_tokens": 340, "elapsed_ms": 900},
        });
        produced.tasks.push(serde_json::from_value(task).unwrap());
    }
}

/// A quote that holds, and in every second run one that stands nowhere.
fn checks(at: usize) -> Vec<Value> {
    let check = |quote: &str, verdict: Value| {
        let cited = json!({"source": "materials/meetings/2026-03-02.md", "quote": quote});
        let mut check = json!({"section": "risks", "list": "risks", "id": "", "cited": cited});
        check.as_object_mut().unwrap().extend(verdict.as_object().unwrap().clone());
        check
    };
    let said = "The import will probably be late.";
    let mut checks = vec![check(said, json!({"verdict": "verified", "lines": "12-14", "quote": said}))];
    if at % 2 == 1 {
        checks.push(check(HOSTILE, json!({"verdict": "not_found", "source_exists": true})));
    }
    checks
}

/// Lets the first run of a case break.
pub fn break_one(log: &mut Log, case: &str) {
    let line = log.lines.iter_mut().find(|line| line.case == case).unwrap();
    line.result = CaseResult::Errored { why: format!("the model's server is not there {HOSTILE}") };
}
