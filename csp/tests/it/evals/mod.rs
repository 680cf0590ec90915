//! `csp eval` as operators and CI meet it: the real binary, suites of invented meetings, and a server of our own whose
//! answers are right or wrong as its prompt asks for.

mod interrupted;
mod operator;
mod recordings;
mod replies;
mod resumed;
mod runs;
mod suites;
mod verdicts;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::stage::{Ran, Stage};

/// The suites that the sample brings.
const SHIPPED: [&str; 10] =
    ["ae", "ca", "delivery", "extraction", "injections", "meeting_notes", "nudger", "planted", "sa", "ve"];
/// The tokens that each scripted reply says it took.
const TOKENS: u64 = 990;
/// A sentence that a worse prompt has, and the scripted model obeys.
const HASTY: &str = "Be quick and leave out what is hard to find.";
/// What the model makes up when it is hasty.
const INVENTED: &str = "The board has promised a new depot for every town in the country.";

/// A server that answers as a model would.
struct Model {
    runtime: Runtime,
    server: MockServer,
}

impl Model {
    fn new(answers: impl Respond + 'static) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        let ask = Mock::given(method("POST")).and(path("/v1/chat/completions"));
        runtime.block_on(ask.respond_with(answers).mount(&server));
        Self { runtime, server }
    }

    /// How many questions have reached it.
    fn asked(&self) -> usize {
        self.runtime.block_on(self.server.received_requests()).unwrap().len()
    }

    /// Makes it the workspace's model, which drafts.
    fn serve(&self, stage: &Stage) {
        let uri = self.server.uri();
        stage.write(
            "csp.toml",
            format!(
                "[drafter]\nkind = \"model\"\n[model]\nbase_url = \"{uri}/v1\"\nmodel = \"scripted\"\n\
                 [model.limits]\nmax_attempts = 1\n"
            ),
        );
    }
}

/// A workspace with a suite `depots` of so many cases, each a cluster of its own.
fn depots(cases: usize) -> Stage {
    let stage = Stage::sample();
    stage.write("evals/depots.jsonl", suite(cases));
    stage
}

/// Short meetings, each with two actions.
fn suite(cases: usize) -> String {
    let head = json!({ "about": "Fiction: two actions a meeting.", "scorers": [
        "action_f1", "action_recall", "owner_accuracy", "supported_claims", "latency", "tokens",
        { "name": "schema_validity", "at_least": 1 }, { "name": "invented_quotes", "at_most": 0 },
    ] });
    let case = |number: usize| {
        let notes = format!("materials/meetings/depot-{number:02}.txt");
        json!({
            "id": format!("depot-{number:02}"), "today": "2026-03-05", "tags": [if number.is_multiple_of(2) { "even" } else { "odd" }],
            "plan_file": "plans/calder.yaml", "crm": { "account": { "name": "Calder Pumps" } },
            "material": [{ "path": notes, "text": said(number).join("\n") + "\n" }],
            "task": { "run": "meeting_notes.extract_meeting", "occasion": { "material": notes, "day": "2026-03-05" } },
            "expect": { "actions": [
                { "text": format!("paint the gate of depot {number:02}"), "owners": ["Bo Larkin"] },
                { "text": format!("count the spare valves in depot {number:02}"), "owners": ["Una Prewitt"] },
            ] },
        })
    };
    std::iter::once(head).chain((0..cases).map(case)).map(|line| line.to_string() + "\n").collect()
}

/// What was said in a meeting.
fn said(number: usize) -> [String; 2] {
    [
        format!("Bo Larkin: I will paint the gate of depot {number:02} before the summer."),
        format!("Una Prewitt: I will count the spare valves in depot {number:02} once the gate is dry."),
    ]
}

/// The number of the depot that a question is about.
fn depot(request: &Request) -> usize {
    let body = String::from_utf8_lossy(&request.body);
    let at = body.find("the gate of depot ").expect("the question holds the material")
        + "the gate of depot ".len();
    body[at..at + 2].parse().unwrap()
}

fn is_hasty(request: &Request) -> bool {
    String::from_utf8_lossy(&request.body).contains(HASTY)
}

/// Both actions with their owners; a hasty model finds one, gives it to the wrong person, and makes another up.
fn answer(request: &Request) -> ResponseTemplate {
    let number = depot(request);
    let source = format!("materials/meetings/depot-{number:02}.txt");
    let action = |text: &str, owner: &str, quote: &str| {
        json!({ "action": text, "owner": { "name": owner, "side": "customer" }, "due": "no date said",
                "evidence": [{ "source": source, "quote": quote }] })
    };
    let [gate, valves] = said(number);
    let [gate, valves] = [&gate, &valves].map(|line| line.split_once(": ").unwrap().1.to_owned());
    let paint = format!("Paint the gate of depot {number:02}");
    let count = format!("Count the spare valves in depot {number:02}");
    let actions = if is_hasty(request) {
        vec![action(&paint, "Una Prewitt", &gate), action(INVENTED, "Bo Larkin", INVENTED)]
    } else {
        vec![action(&paint, "Bo Larkin", &gate), action(&count, "Una Prewitt", &valves)]
    };
    reply(&json!({ "sections": { "action_tracker": { "actions": { "upsert": actions } } }, "questions": [] }))
}

/// The answer as the server of a model sends it.
fn reply(answer: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "id": "r-1", "object": "chat.completion", "created": 1_770_000_000, "model": "scripted",
        "choices": [{ "index": 0, "finish_reason": "stop",
                      "message": { "role": "assistant", "content": answer.to_string() } }],
        "usage": { "prompt_tokens": 900, "completion_tokens": 90, "total_tokens": TOKENS },
    }))
}

fn slowly(request: &Request) -> ResponseTemplate {
    answer(request).set_delay(Duration::from_millis(400))
}

/// Puts the hasty sentence into the workspace's own copy of the prompt.
fn make_hasty(stage: &Stage) {
    let shipped = include_str!("../../../../prompts/meeting_notes.yaml");
    let talk = "- Talk is no action";
    assert!(shipped.contains(talk));
    stage.write("prompts/meeting_notes.yaml", shipped.replace(talk, &format!("- {HASTY}\n  {talk}")));
}

/// The lines of the log that a run wrote, its header first.
fn log(stage: &Stage, ran: &Value) -> Vec<Value> {
    lines(&stage.read(ran["log"].as_str().unwrap()))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A log without what the clock says, its lines in the order of cases and repeats.
fn timeless(lines: &[Value]) -> Vec<Value> {
    let mut lines = lines.to_vec();
    for line in &mut lines {
        for field in ["began", "ended"] {
            line.as_object_mut().unwrap().remove(field);
        }
        let Some(result) = line.get_mut("result").and_then(Value::as_object_mut) else { continue };
        if let Some(scores) = result.get_mut("scores").and_then(Value::as_array_mut) {
            scores.retain(|score| score["scorer"] != "latency");
        }
        let spent = result.get_mut("spent").map(|spent| &mut spent["elapsed_ms"]);
        spent.into_iter().for_each(|elapsed| *elapsed = 0.into());
        let tasks = result.get_mut("produced").and_then(|produced| produced["tasks"].as_array_mut());
        tasks.into_iter().flatten().for_each(|task| task["spent"]["elapsed_ms"] = 0.into());
    }
    lines[1..].sort_by_key(|line| (line["case"].to_string(), line["repeat"].as_u64()));
    lines
}

/// A scorer's mean in what a run told.
fn mean(told: &Value, scorer: &str) -> f64 {
    let scorers = told["summary"]["scorers"].as_array().unwrap();
    let found =
        scorers.iter().find(|one| one["scorer"] == scorer).unwrap_or_else(|| panic!("{scorer}: {told}"));
    found["mean"]["value"].as_f64().unwrap()
}

fn eval(stage: &Stage, arguments: &[&str]) -> Ran {
    stage.csp(&[&["eval"], arguments, &["--json"]].concat())
}
