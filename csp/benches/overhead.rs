//! What a task costs us besides the model: CPU time from an event to the committed plan, beside a plain loop
//! that does only what cannot be left out. The model is a scripted server in a process of its own that answers
//! at once.
//!
//! ```text
//! cargo bench -p csp --bench overhead            # 7 rounds of 40 tasks
//! cargo bench -p csp --bench overhead -- 15      # 15 rounds
//! ```
//!
//! The plain loop reads and parses the plan, facts and material, renders the prompt, calls the model, validates the answer, and writes
//! plan and history durably. Ours also has an event, a journal, rules, evidence, a run record and reviews.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stops where something is wrong, prints its figures and reads its arguments"
)]

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use agents::charter::Charters;
use agents::prompt::Account;
use agents::schema::{Scope, Shape};
use infohub::event::Event;
use infohub::facts::AccountFile;
use infohub::hub::InfoHub;
use infohub::ids::AccountSlug;
use infohub::occasion::Occasion;
use infohub::plan::{Patch, Plan, apply};
use infohub::store::LocalStore;
use infohub::team::Team;
use infohub::template::Template;
use jiff::Timestamp;
use orchestrator::drafting::{Budget, Draftsman, Hand, ModelHand, prompt};
use orchestrator::intake::Orchestrator;
use orchestrator::policy::{Policy, ReviewPolicy, TaskRights};
use orchestrator::rules::{RuleSet, Vocabulary};
use orchestrator::shelf::AccountShelf;
use orchestrator::step::Input;
use orchestrator::work::{Clock, Work, work};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tools::material::{Library, Readers};
use tools::model::scripted::{ScriptedAnswer, ScriptedServer};
use tools::model::{Content, Message, ModelClient, ModelRequest, ModelSettings, SchemaMode};

const TASKS: usize = 40;
const BUDGET: Budget = Budget { prompt: 16_000, answer: 4_000 };
const TASK: &str = "sa.develop_csp";
const NOTES: &str = "# Planning (fiction)\n\nThe trial begins in March with three lanes and the planners of the night shift.\n\nSuccess means that statuses of the three trial lanes are no older than fifteen minutes over ten working days.\n\nThe data protection officer wants to see the list of exported fields before the trial begins.\n";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--server") {
        return serve();
    }
    let rounds = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(7);
    let mut server = Command::new(std::env::current_exe().unwrap())
        .arg("--server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
    measure(url.trim(), rounds);
    drop(server.stdin.take());
    server.wait().unwrap();
}

/// Answers every question with the same draft until standard input closes.
fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let text = answer().to_string();
    let server = runtime.block_on(ScriptedServer::start(move |_| ScriptedAnswer::text(&text))).unwrap();
    println!("{}", server.base_url());
    std::io::stdout().flush().unwrap();
    std::io::stdin().lines().for_each(drop);
}

fn answer() -> Value {
    let quote = |words: &str| json!([{ "source": "materials/notes.md", "quote": words }]);
    json!({
        "sections": {
            "technical_evaluation": {
                "success_criteria": { "upsert": [{
                    "criterion": "Statuses of the trial lanes are fresh",
                    "target": "no older than fifteen minutes",
                    "evidence": quote("statuses of the three trial lanes are no older than fifteen minutes over ten working days"),
                }] },
                "timeline": { "upsert": [{
                    "event": "The trial begins in March with three lanes",
                    "evidence": quote("The trial begins in March with three lanes and the planners of the night shift."),
                }] },
            },
            "technical_activities": { "activities": { "upsert": [{
                "activity": "Show the list of exported fields to the data protection officer",
                "evidence": quote("The data protection officer wants to see the list of exported fields before the trial begins."),
            }] } },
        },
        "questions": [{ "section": "technical_evaluation", "question": "Who signs off the evaluation?" }],
    })
}

fn measure(url: &str, rounds: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (mut ours, mut plain, mut intake) = (Vec::new(), Vec::new(), Vec::new());
    let bytes = plan_text(&slug(0)).len();
    // Nothing is deleted before the end: some file systems make every new file pay for those that have just gone.
    let folder = tempfile::tempdir().unwrap();
    // The first round warms caches and connections and is not counted.
    for round in 0..=rounds {
        let (event, whole) = our_round(&runtime, url, &folder.path().join(format!("ours-{round}")));
        let floor = plain_round(&runtime, url, &folder.path().join(format!("plain-{round}")));
        if round > 0 {
            ours.push(whole);
            intake.push(event);
            plain.push(floor);
        }
    }
    let mut ratios: Vec<f64> = ours.iter().zip(&plain).map(|(ours, plain)| ours / plain).collect();
    println!("CPU time a task, {rounds} rounds of {TASKS} tasks, a plan of {:.1} KB", bytes as f64 / 1000.0);
    println!("plain loop              {}", spread(&mut plain));
    println!("event to committed plan {}", spread(&mut ours));
    println!("  of which the event    {}", spread(&mut intake));
    ratios.sort_by(f64::total_cmp);
    println!(
        "ratio                   {:.2} (from {:.2} to {:.2})",
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1]
    );
}

/// Median, least and most, in microseconds.
fn spread(figures: &mut [f64]) -> String {
    figures.sort_by(f64::total_cmp);
    let (least, most) = (figures[0], figures[figures.len() - 1]);
    format!("{:>6.0} µs (from {least:.0} to {most:.0})", figures[figures.len() / 2])
}

/// CPU time of this process, user and system, in microseconds.
fn cpu() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// CPU time a task for taking the events in, and for all of it.
fn our_round(runtime: &tokio::runtime::Runtime, url: &str, folder: &Path) -> (f64, f64) {
    (0..TASKS).for_each(|number| furnish(folder, &slug(number)));
    let orchestrator = Arc::new(open(folder));
    for number in 0..TASKS {
        // The plan was written by hand and is taken in before the clock starts.
        orchestrator.take(&slug(number), &Input::HandEdit, now()).unwrap();
    }
    let charters = Arc::new(Charters::builtin().unwrap());
    let _entered = runtime.enter();
    let hand = Hand::Model(Box::new(ModelHand::new(client(url), charters, BUDGET)));
    let draftsman = Arc::new(Draftsman::new(hand, Readers::default()));
    let clock: Clock = Arc::new(now);
    let how =
        Work { concurrency: 1, until_idle: true, pause: Duration::from_millis(1), clock, dispatcher: None };
    let began = cpu();
    for number in 0..TASKS {
        orchestrator.take(&slug(number), &Input::Event(Box::new(started(&slug(number)))), now()).unwrap();
    }
    let taken = cpu() - began;
    let (tell, _told) = tokio::sync::mpsc::unbounded_channel();
    let summary =
        runtime.block_on(work(Arc::clone(&orchestrator), draftsman, how, CancellationToken::new(), tell));
    let whole = cpu() - began;
    assert_eq!((summary.tasks, summary.blocked), (TASKS, 0));
    let plan = orchestrator.load(&slug(0)).unwrap().plan.unwrap().plan;
    assert_eq!(plan.technical_evaluation.timeline.len(), 2, "the draft is in the plan");
    (taken / TASKS as f64, whole / TASKS as f64)
}

/// CPU time a task for what cannot be left out.
fn plain_round(runtime: &tokio::runtime::Runtime, url: &str, folder: &Path) -> f64 {
    (0..TASKS).for_each(|number| furnish(folder, &slug(number)));
    let store = LocalStore::open(folder).unwrap();
    let hub = InfoHub::new(Arc::new(store));
    let charters = Charters::builtin().unwrap();
    let task = charters.task(TASK).unwrap();
    let _entered = runtime.enter();
    let client = client(url);
    let began = cpu();
    // Ours composes it with the first task too.
    let shape = Shape::compose(&task.task.sections, Scope::Existing).unwrap();
    for number in 0..TASKS {
        let library =
            Library::load(&AccountShelf::new(&hub, &slug(number)).unwrap(), &Readers::default()).unwrap();
        let path = folder.join(format!("infohub/{}/success_plan/csp.yaml", slug(number)));
        let plan: Plan = infohub::yaml::read("csp.yaml", &std::fs::read_to_string(&path).unwrap()).unwrap();
        let facts = std::fs::read_to_string(folder.join(format!("infohub/{}/account.yaml", slug(number))));
        let facts: AccountFile = infohub::yaml::read("account.yaml", &facts.unwrap()).unwrap();
        let (team, occasion) = (Team::default(), Occasion::default());
        let account =
            Account { facts: &facts, plan: &plan, library: &library, team: &team, occasion: &occasion };
        let asked = prompt(&charters, &task, &account, &shape, SchemaMode::Strict, BUDGET).unwrap();
        let request = ModelRequest {
            messages: vec![
                Message::System { text: asked.rendered.system },
                Message::User { text: asked.rendered.user },
            ],
            tools: Vec::new(),
            schema: asked.schema,
            max_tokens: BUDGET.answer,
            temperature: Some(0.0),
            seed: None,
        };
        let reply = runtime.block_on(client.ask(&request, &CancellationToken::new())).unwrap();
        let Content::Text(text) = reply.content else { unreachable!() };
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(shape.breaches(&answer).is_empty());
        let mut patch: Patch = serde_json::from_value(answer).unwrap();
        patch.tie_to(&plan, "plain");
        let (mut new, _) = apply(&plan, &patch).unwrap();
        new.plan.version += 1;
        let text = infohub::yaml::emit(&new).unwrap();
        write_durably(&path, &text);
        write_durably(&path.with_file_name("csp_history").join("csp_v2_2026-01-16.yaml"), &text);
    }
    (cpu() - began) / TASKS as f64
}

/// Temporary file, sync, rename, sync the folder: the least that survives a power loss.
fn write_durably(path: &Path, text: &str) {
    let folder = path.parent().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    let temporary = folder.join(".new");
    let mut file = std::fs::File::create(&temporary).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.sync_all().unwrap();
    std::fs::rename(&temporary, path).unwrap();
    std::fs::File::open(folder).unwrap().sync_all().unwrap();
}

fn client(url: &str) -> ModelClient {
    ModelClient::new(&ModelSettings::new(url, "scripted"), None).unwrap()
}

fn slug(number: usize) -> AccountSlug {
    AccountSlug::new(format!("account-{number}")).unwrap()
}

fn now() -> Timestamp {
    "2026-01-16T09:00:00Z".parse().unwrap()
}

fn started(slug: &AccountSlug) -> Event {
    Event::parse(&format!(
        r#"{{"specversion":"1.0","id":"e-1","source":"bench","type":"evaluation.started","subject":"{slug}","time":"2026-01-15T10:00:00Z"}}"#
    ))
    .unwrap()
}

/// A plan as plans are: sections 1 to 3 and 6 filled, as many items as make 13 KB.
fn plan_text(slug: &AccountSlug) -> String {
    let evidence = json!([{ "source": "materials/notes.md", "lines": "3", "quote": "The trial begins in March with three lanes and the planners of the night shift." }]);
    let statement = |at: usize| json!({ "id": format!("st-{at:04}"), "text": format!("Planners of depot {at} phone carriers for each late consignment"), "evidence": evidence });
    let milestone = |at: usize| {
        json!({ "id": format!("ms-{at:04}"), "milestone": format!("Depot {at} works without portals"), "due_date": "2026-06-26",
                "owner": { "name": "Ann Example", "side": "customer" }, "status": "planned", "evidence": evidence })
    };
    let plan: Plan = serde_json::from_value(json!({
        "plan": { "schema": 1, "version": 1, "account": slug, "lifecycle": "initiate", "status": "draft", "last_updated": "2026-01-15T09:00:00Z" },
        "background": { "company": (0..12).map(statement).collect::<Vec<_>>() },
        "current_state": { "pains": (20..38).map(statement).collect::<Vec<_>>() },
        "technical_evaluation": { "timeline": [{ "id": "tp-0001", "event": "Kick-off", "date": "2026-01-20" }] },
        "adoption_journey": { "milestones": (0..16).map(milestone).collect::<Vec<_>>() },
    }))
    .unwrap();
    infohub::yaml::emit(&plan).unwrap()
}

fn furnish(root: &Path, slug: &AccountSlug) {
    let folder = root.join("infohub").join(slug.as_str());
    std::fs::create_dir_all(folder.join("materials")).unwrap();
    std::fs::create_dir_all(folder.join("success_plan")).unwrap();
    std::fs::write(folder.join("materials/notes.md"), NOTES).unwrap();
    let facts =
        format!("account: {slug}\nfacts:\n  name:\n    value: Acme\n    as_of: \"2026-01-10T09:00:00Z\"\n");
    std::fs::write(folder.join("account.yaml"), facts).unwrap();
    std::fs::write(folder.join("success_plan/csp.yaml"), plan_text(slug)).unwrap();
}

fn open(root: &Path) -> Orchestrator {
    let charters = Charters::builtin().unwrap();
    let rights = |task: agents::charter::Task<'_>| {
        (task.to_string(), TaskRights { sections: task.task.sections.clone(), phase: task.task.phase })
    };
    let tasks: std::collections::BTreeMap<_, _> = charters.tasks().map(rights).collect();
    let known = tasks.keys().cloned().collect();
    let rules = "automation:\n  csp_development:\n    trigger: \"Event.type == 'evaluation.started'\"\n    action: SA Agent develops the plan\n    notification: SA is told\n    run: sa.develop_csp\n";
    let policy = Policy {
        rules: RuleSet::parse("automation.yaml", rules, &Vocabulary::default(), &known).unwrap(),
        tasks,
        review: ReviewPolicy::default(),
        team: Team::default(),
        template: Template::parse("csp.yaml", include_str!("../../playbooks/templates/csp.yaml")).unwrap(),
    };
    Orchestrator::new(InfoHub::new(Arc::new(LocalStore::open(root).unwrap())), policy)
}
