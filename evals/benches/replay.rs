//! What evals cost: a suite of 1,000 cases replayed, run, scored and written as the lines of a log, beside the same runs
//! alone (trigger, prompt, turn, checks, patch on a scratch account), and beside the scoring alone.
//!
//! ```text
//! cargo bench -p evals --bench replay            # 5 rounds of 1,000 cases
//! cargo bench -p evals --bench replay -- 9       # 9 rounds
//! ```
//!
//! The meetings are fiction, each with two actions; and one reply answers for all.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stops where something is wrong, prints its figures and reads its arguments"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use agents::charter::Charters;
use evals::log::{CaseResult, Line};
use evals::produced::Spent;
use evals::run::{Budget, Ended, How, Judge, Todo, run, todo};
use evals::score::{Ground, score};
use evals::scratch::Scratch;
use evals::suite::{Case, Known, Read, Suite, read};
use infohub::hub::InfoHub;
use infohub::store::MemoryStore;
use infohub::template::Template;
use jiff::Timestamp;
use orchestrator::drafting::{self, Hand, ModelHand};
use orchestrator::intake::Orchestrator;
use orchestrator::policy::{Policy, ReviewPolicy, TaskRights};
use orchestrator::rules::{RuleSet, Vocabulary};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;
use tools::material::Readers;
use tools::model::{Content, Memory, ModelClient, ModelReply, ModelSettings};

const CASES: usize = 1_000;
const CONCURRENCY: usize = 4;

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(5);
    let bench = Bench::new();
    let runtime = Runtime::new().unwrap();
    let mut seconds: [Vec<f64>; 3] = Default::default();
    let mut written = 0;
    for _ in 0..=rounds {
        let began = Instant::now();
        written = bench.whole(&runtime);
        let whole = began.elapsed().as_secs_f64();
        let began = Instant::now();
        bench.bare(&runtime);
        let bare = began.elapsed().as_secs_f64();
        let began = Instant::now();
        bench.scored();
        let scored = began.elapsed().as_secs_f64();
        for (times, time) in seconds.iter_mut().zip([whole, bare, scored]) {
            times.push(time);
        }
    }
    // The first round fills what is kept: the schema of answers, the folded words.
    for times in &mut seconds {
        times.remove(0);
    }
    let [whole, bare, scored] = &seconds;
    println!("{CASES} cases, {CONCURRENCY} side by side, {rounds} rounds, {} KB of log", written / 1_000);
    told("run, scored, logged", whole);
    told("run alone", bare);
    told("scored and logged alone, one thread", scored);
    let ratios: Vec<f64> = whole.iter().zip(bare).map(|(whole, bare)| whole / bare).collect();
    println!("ratio {}", spread(&ratios));
}

fn told(what: &str, seconds: &[f64]) {
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    let pace: Vec<f64> = seconds.iter().map(|seconds| CASES as f64 / seconds).collect();
    println!("{what:<36} {} s, {} cases/s", spread(seconds), spread(&pace));
}

/// The middle round with the least and the most.
fn spread(values: &[f64]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted[sorted.len() / 2];
    format!("{middle:.2} (from {:.2} to {:.2})", sorted[0], sorted[sorted.len() - 1])
}

struct Bench {
    suite: Suite,
    cases: Vec<Arc<Case>>,
    charters: Arc<Charters>,
    governed: Orchestrator,
    /// What came of each case, to be scored without being run.
    lines: Vec<Line>,
}

impl Bench {
    fn new() -> Self {
        let charters = Arc::new(Charters::builtin().unwrap());
        let suite = suite(&charters);
        let cases = suite.cases.iter().cloned().map(Arc::new).collect();
        let governed = Orchestrator::new(InfoHub::new(Arc::new(MemoryStore::default())), policy(&charters));
        let mut bench = Self { suite, cases, charters, governed, lines: Vec::new() };
        bench.lines = bench.play(&Runtime::new().unwrap(), bench.judge());
        let score = bench.lines[0].scores().iter().find(|score| score.scorer == "action_f1").unwrap();
        assert_eq!(score.value, Some(1.0), "the replies answer the questions: {:?}", bench.lines[0]);
        bench
    }

    /// Everything: bytes of the log's lines.
    fn whole(&self, runtime: &Runtime) -> usize {
        let lines = self.play(runtime, self.judge());
        lines.iter().map(|line| serde_json::to_string(line).unwrap().len() + 1).sum()
    }

    /// The runs without scores and lines.
    fn bare(&self, runtime: &Runtime) {
        let nothing: Judge = Arc::new(|_, _, _| Box::pin(async { (Vec::new(), Spent::default()) }));
        black_box(self.play(runtime, nothing));
    }

    /// The scores and lines without the runs.
    fn scored(&self) {
        let chosen = self.suite.scorers();
        for line in &self.lines {
            let CaseResult::Ran { produced, .. } = &line.result else { continue };
            let case = self.cases.iter().find(|case| case.id == line.case).unwrap();
            let ground = Ground::of(case, &self.charters).unwrap();
            black_box(score(&chosen, case, produced, &ground));
            black_box(serde_json::to_string(line).unwrap());
        }
    }

    fn judge(&self) -> Judge {
        let (chosen, charters) = (Arc::new(self.suite.scorers()), Arc::clone(&self.charters));
        Arc::new(move |case, produced, _| {
            let (chosen, charters) = (Arc::clone(&chosen), Arc::clone(&charters));
            Box::pin(async move {
                let ground = Ground::of(&case, &charters).unwrap();
                (score(&chosen, &case, &produced, &ground), Spent::default())
            })
        })
    }

    fn play(&self, runtime: &Runtime, judge: Judge) -> Vec<Line> {
        let client =
            ModelClient::replaying(&ModelSettings::new("http://127.0.0.1:9/v1", "none"), Arc::new(OneReply));
        let budget = drafting::Budget { prompt: 16_000, answer: 16_000 };
        let hand = ModelHand::new(client.unwrap(), Arc::clone(&self.charters), budget);
        let place = Arc::new(Scratch::new(&self.governed, Hand::Model(Box::new(hand)), Readers::default()));
        let how = How {
            concurrency: CONCURRENCY,
            budget: Budget::default(),
            clock: Arc::new(|| Timestamp::UNIX_EPOCH),
            judge,
        };
        let runs: Vec<Todo> = todo(&self.cases, 1, &[]);
        let (tell, mut told) = unbounded_channel();
        let scratch = |_| Arc::clone(&place);
        let ended = runtime.block_on(run(runs, &scratch, &how, &CancellationToken::new(), &tell));
        assert_eq!(ended, Ended::Finished);
        let lines: Vec<Line> = std::iter::from_fn(|| told.try_recv().ok()).collect();
        assert_eq!(lines.len(), CASES);
        lines
    }
}

/// A memory that has the reply to each meeting; it is told by what stands in all of them.
struct OneReply;

impl Memory for OneReply {
    fn recall(&self, _: &str) -> Option<ModelReply> {
        let source = "materials/meetings/2026-03-05-call.txt";
        let action = |text: &str, owner: &str, quote: &str| {
            json!({ "action": text, "owner": { "name": owner, "side": "customer" }, "due": "no date said",
                    "evidence": [{ "source": source, "quote": quote }] })
        };
        let actions = [
            action("Paint the gate of the depot", "Bo Larkin", GATE),
            action("Count the spare valves in the depot", "Una Prewitt", VALVES),
        ];
        let answer = json!({ "sections": { "action_tracker": { "actions": { "upsert": actions } } }, "questions": [] });
        Some(ModelReply {
            content: Content::Text(answer.to_string()),
            usage: None,
            model: "none".to_owned(),
            attempts: Vec::new(),
            elapsed_ms: 0,
            cost: None,
        })
    }

    fn keep(&self, _: &str, _: &ModelReply) {}
}

const GATE: &str = "I will paint the gate of the depot before the summer.";
const VALVES: &str = "I will count the spare valves in the depot once the gate is dry.";

/// Meetings that differ in what else is said.
fn suite(charters: &Charters) -> Suite {
    let head = json!({ "about": "Fiction: two actions a meeting." });
    let lines = std::iter::once(head).chain((0..CASES).map(case)).map(|line| line.to_string() + "\n");
    let text: String = lines.collect();
    let open = |path: &str| Err(format!("{path} is not there"));
    let request =
        Read { file: "evals/meetings.jsonl", text: &text, open: &open, known: &Known::of(charters) };
    read(&request).unwrap()
}

fn case(number: usize) -> Value {
    let notes = "materials/meetings/2026-03-05-call.txt";
    let talk: String = (0..20)
        .map(|line| {
            format!("Ines Calder: On day {} of week {line} the pumps of hall {number} ran well.\n", line + 3)
        })
        .collect();
    let people = ["Ines Calder", "Bo Larkin", "Una Prewitt"];
    let people = people
        .iter()
        .enumerate()
        .map(|(nth, name)| format!("  - {{ id: sh-000{nth}, name: {name}, side: customer }}\n"));
    let plan = format!(
        "plan: {{ schema: 1, version: 1, account: calder, lifecycle: initiate, status: draft, last_updated: 2026-03-01T09:00:00Z }}\nstakeholders:\n  people:\n{}",
        people.collect::<String>().replace("  - ", "    - ")
    );
    json!({
        "id": format!("depot-{number}"), "today": "2026-03-05", "plan": plan,
        "crm": { "account": { "name": "Calder Pumps" } },
        "material": [{ "path": notes, "text": format!("{talk}Bo Larkin: {GATE}\nUna Prewitt: {VALVES}\n") }],
        "task": { "run": "meeting_notes.extract_meeting", "occasion": { "material": notes, "day": "2026-03-05" } },
        "expect": { "actions": [
            { "text": "paint the gate of the depot", "owners": ["Bo Larkin"] },
            { "text": "count the spare valves in the depot", "owners": ["Una Prewitt"] },
        ] },
    })
}

/// The policy of the sample workspace.
fn policy(charters: &Charters) -> Policy {
    let rights = |task: agents::charter::Task<'_>| {
        let rights = TaskRights { sections: task.task.sections.clone(), phase: task.task.phase };
        (task.to_string(), rights)
    };
    let tasks: BTreeMap<String, TaskRights> = charters.tasks().map(rights).collect();
    let known: BTreeSet<String> = tasks.keys().cloned().collect();
    let rules = include_str!("../../csp/sample/automation.yaml");
    let team = infohub::yaml::read("team.yaml", include_str!("../../csp/sample/team.yaml")).unwrap();
    let template = include_str!("../../playbooks/templates/csp.yaml");
    Policy {
        rules: RuleSet::parse("automation.yaml", rules, &Vocabulary::default(), &known).unwrap(),
        tasks,
        review: ReviewPolicy::default(),
        team,
        template: Template::parse("csp.yaml", template).unwrap(),
    }
}
