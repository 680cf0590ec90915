//! `csp prompt try`: what a changed prompt would draft, beside what the present one does, on a scratch copy of an
//! account. Nothing of the account is changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use agents::charter::Charters;
use clap::Args;
use evals::produced::{End, Produced, Spent};
use evals::report::figures;
use evals::score::{Chosen, Ground, Score, Scorer, score};
use evals::scratch::Scratch;
use evals::suite::{Case, CaseEvent, CaseMaterial, CaseTask};
use infohub::hub::PLAN;
use infohub::ids::AccountSlug;
use jiff::tz::TimeZone;
use orchestrator::drafting::{Hand, ModelHand};
use orchestrator::intake::Orchestrator;
use orchestrator::policy::Policy;
use orchestrator::step::{Input, Step};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};
use tokio::runtime::Builder;
use tokio_util::sync::CancellationToken;
use tools::model::ModelClient;

use super::find;
use crate::bench::{Bench, Kept, read};
use crate::commands::about::About;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::screen::Screen;
use crate::show::table::Table;
use crate::wire::{self, rights};
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp prompt try sa.initiate_csp acme --prompt sa-shorter.yaml
  csp prompt try meeting_notes.extract_meeting acme --prompt mine.yaml --material materials/meetings/2026-05-04.vtt

FILE takes the place of the agent's own file in prompts/. Both prompts draft on a scratch copy of the account as its
materials, its plan and the CRM's events are now; nothing of the account is changed. Replies are cached, so the present
prompt costs one call the first time only.";

/// Shows what a changed prompt would draft, beside the present one
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Attempt {
    /// The task, as rules name it
    task: String,
    /// The account
    account: AccountSlug,
    /// The agent's file as it would be [default: the present one, to see what it drafts]
    #[arg(long, value_name = "FILE")]
    prompt: Option<PathBuf>,
    #[command(flatten)]
    about: About,
}

/// What one prompt came to.
struct Drafted {
    version: String,
    produced: Produced,
    scores: Vec<Score>,
    text: String,
}

impl Attempt {
    pub fn run(self, scene: &Scene) -> Ended {
        let bench = Bench::open(scene.workspace()?)?;
        let client = bench.workspace.client().map_err(|fault| {
            fault.help("a prompt is read by a model alone; the extractive drafter drafts by rule")
        })?;
        let other = self.prompt.as_deref().map(|file| self.changed(&bench, file)).transpose()?;
        let case = self.case(&bench.workspace, scene)?;
        let model = client.settings().clone();
        let cache = bench.place(&format!("cache/{}.jsonl", evals::recording::key(&model)));
        let mut kept =
            Kept::open(&cache, evals::recording::Recording::new(model, std::collections::BTreeMap::new()))?;
        let client = client.remembering(kept.recording().of(1));
        let present = self.draft(&bench, &bench.charters, &client, &case);
        let changed = other.map(|charters| self.draft(&bench, &charters, &client, &case)).transpose();
        kept.save()?;
        tell(&present?, changed?.as_ref(), &scene.screen);
        Ok(Exit::Done)
    }

    /// The charters with the file in the place of the agent's own.
    fn changed(&self, bench: &Bench, file: &Path) -> Result<Arc<Charters>, Faults> {
        let agent = find(&bench.charters, &self.task)?.charter.agent.as_str();
        let text = read(file)?;
        let mut files = bench.workspace.prompt_files()?;
        let name = format!("{agent}.yaml");
        files.retain(|(known, _)| *known != name);
        files.push((name, text));
        let charters = Charters::load(&files).map_err(|errors| {
            let faults = errors.0.into_iter().map(|mut error| {
                error.file = file.display().to_string();
                Fault::from(error)
            });
            Faults::any(faults.collect())
                .unwrap_or_else(|| Fault::refused(format!("{} does not read", file.display())).into())
        })?;
        find(&charters, &self.task)?;
        Ok(Arc::new(charters))
    }

    /// The account as a case: its materials, its plan, and what the CRM said of it.
    fn case(&self, workspace: &Workspace, scene: &Scene) -> Result<Case, Faults> {
        let account = workspace.account(&self.account)?;
        let folder = workspace.hub.folder(&self.account).map_err(Fault::from)?;
        let text = |below: &str| {
            let path = folder.join(below).map_err(Fault::from)?;
            workspace.text(&path)
        };
        let library = workspace.library(&self.account)?;
        let mut material = Vec::new();
        for held in library.materials() {
            // What is no text, as a PDF, is laid down as the lines that the agents read of it.
            let (path, shown) = match text(held.path.as_str()) {
                Ok(shown) => (held.path.clone(), shown),
                Err(_) => {
                    let lines: Vec<_> = held.lines.iter().map(|line| line.text.as_str()).collect();
                    (format!("{}.txt", held.path), lines.join("\n"))
                }
            };
            material.push(CaseMaterial { path, text: shown, file: None });
        }
        let plan = account.plan().map(|_| text(PLAN)).transpose()?;
        Ok(Case {
            id: self.account.to_string(),
            cluster: None,
            tags: Vec::new(),
            today: scene.now().to_zoned(TimeZone::UTC).date(),
            material,
            plan,
            plan_file: None,
            crm: None,
            events: events(workspace, &self.account)?,
            task: Some(CaseTask { run: self.task.clone(), occasion: self.about.clone().occasion() }),
            expect: evals::suite::Expect::default(),
        })
    }

    fn draft(
        &self,
        bench: &Bench,
        charters: &Arc<Charters>,
        client: &ModelClient,
        case: &Case,
    ) -> Result<Drafted, Faults> {
        let policy = Policy { tasks: rights(charters), ..bench.workspace.policy()? };
        let governed = Orchestrator::new(bench.workspace.hub.clone(), policy);
        let budget = bench.workspace.settings.budget;
        let hand = Hand::Model(Box::new(ModelHand::new(client.clone(), Arc::clone(charters), budget)));
        let scratch = Scratch::new(&governed, hand, wire::readers());
        let failed =
            |error: std::io::Error| Fault::new(Exit::Failed, format!("the draft cannot start: {error}"));
        let runtime = Builder::new_multi_thread().enable_all().build().map_err(failed)?;
        let stop = CancellationToken::new();
        let produced = runtime
            .block_on(async {
                tokio::select! {
                    produced = scratch.run(case, &stop) => Some(produced),
                    _ = tokio::signal::ctrl_c() => None,
                }
            })
            .ok_or_else(|| Fault::new(Exit::Interrupted, "stopped; nothing was changed"))?;
        let produced = produced.map_err(|error| Fault::of(Exit::Failed, &error))?;
        let ground = Ground::of(case, charters).map_err(|error| Fault::of(Exit::Failed, &error))?;
        let mut chosen = Chosen::for_cases(std::slice::from_ref(case));
        chosen.push(Chosen::from(Scorer::Length));
        let task = find(charters, &self.task)?;
        Ok(Drafted {
            version: charters.version(&task),
            scores: score(&chosen, case, &produced, &ground),
            text: text(&produced),
            produced,
        })
    }
}

/// The CRM's events and the others that the account's journal holds, oldest first.
fn events(workspace: &Workspace, slug: &AccountSlug) -> Result<Vec<CaseEvent>, Fault> {
    let mut events = Vec::new();
    for number in 1.. {
        let Some(recorded) = workspace.hub.step::<Step>(slug, number)? else { break };
        let Input::Event(event) = recorded.step.input else { continue };
        let written = serde_json::to_value(&*event).map_err(|error| Fault::of(Exit::Failed, &error))?;
        let kind = written.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let data = written.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
        events.push(CaseEvent { kind, data });
    }
    Ok(events)
}

/// A draft as lines: each item with what it says and rests on, and each question.
fn text(produced: &Produced) -> String {
    let mut text = String::new();
    for task in &produced.tasks {
        if let End::Failed { why } = &task.end {
            text.push_str(&format!("no draft: {why}\n"));
        }
        for (section, list, item) in task.patch.upserts() {
            text.push_str(&format!("{section}.{list}: {}\n", item.text()));
            let said = item.field_names().iter().filter(|name| !["id", "evidence", "review"].contains(name));
            let said = said.filter_map(|name| {
                Some((name, item.said(name).filter(|said| said != infohub::plan::NOT_SET)?))
            });
            for (name, said) in said.filter(|(_, said)| said != item.text()) {
                text.push_str(&format!("    {name}: {said}\n"));
            }
            for evidence in item.evidence() {
                text.push_str(&format!("    rests on {evidence}\n"));
            }
        }
        for question in &task.patch.questions {
            text.push_str(&format!("question on {}: {}\n", question.section, question.question));
        }
    }
    text
}

fn tell(present: &Drafted, changed: Option<&Drafted>, screen: &Screen) {
    screen.json(&json!({ "present": value(present), "changed": changed.map(value) }));
    let Some(changed) = changed else {
        screen.line(present.text.trim_end());
        screen.line(&format!("\nprompt {}, {}", present.version, took(present)));
        return screen.line(&scores(present, None).render(screen));
    };
    let diff = TextDiff::from_lines(&present.text, &changed.text);
    for change in diff.iter_all_changes() {
        let line = change.value().trim_end();
        screen.line(&match change.tag() {
            ChangeTag::Delete => screen.paint.bad(&format!("- {line}")),
            ChangeTag::Insert => screen.paint.good(&format!("+ {line}")),
            ChangeTag::Equal => format!("  {line}"),
        });
    }
    if present.text == changed.text {
        screen.line(&screen.paint.waiting("both prompts draft the same"));
    }
    screen.line(&format!("\npresent prompt {}, {}", present.version, took(present)));
    screen.line(&format!("changed prompt {}, {}", changed.version, took(changed)));
    screen.line(&scores(present, Some(changed)).render(screen));
    screen.line("One draft shows what changed, not which is better: `csp eval run` has the cases for that.");
}

fn value(drafted: &Drafted) -> Value {
    json!({
        "prompt": drafted.version, "produced": drafted.produced, "scores": drafted.scores,
        "spent": drafted.produced.spent(),
    })
}

fn took(drafted: &Drafted) -> String {
    let spent: Spent = drafted.produced.spent();
    figures::spent(&spent)
}

fn scores(present: &Drafted, changed: Option<&Drafted>) -> Table {
    let head: &[&'static str] =
        if changed.is_some() { &["scorer", "present", "changed"] } else { &["scorer", "value"] };
    let mut table = Table::new(head);
    let told = |score: Option<&Score>| {
        score.and_then(|score| score.value).map_or_else(|| "–".to_owned(), figures::figure)
    };
    for score in present.scores.iter().filter(|score| score.value.is_some()) {
        let mut row = vec![score.scorer.clone(), told(Some(score))];
        if let Some(changed) = changed {
            row.push(told(changed.scores.iter().find(|other| other.scorer == score.scorer)));
        }
        table.row(row);
    }
    table
}
