//! One run of a suite, from what is to be done to the log that tells it: who drafts, what is remembered, what each
//! line is scored by. It must not know how a summary looks.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use evals::log::{Header, Line, Log};
use evals::produced::Spent;
use evals::recording::Recording;
use evals::run::{Budget, Ended as RunEnded, How, Judge, Todo, todo};
use evals::score::rubric::{Judge as Grader, Reply};
use evals::score::{Chosen, Ground, Score, score};
use evals::scratch::Scratch;
use evals::stats::Latest;
use evals::suite::{Case, Suite};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use orchestrator::drafting::{Hand, ModelHand};
use tokio::runtime::Builder;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;
use tools::model::{Content, Memory, Message, ModelClient, ModelFailure, ModelRequest};

use crate::bench::{Appended, Bench, Kept, begun, recording_of};
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::outside;
use crate::scene::Scene;
use crate::wire;

/// Tokens of a judge's answer.
const JUDGED_TOKENS: u32 = 400;

/// Where replies come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replies {
    /// The server, and the cache for what was asked before.
    Cached,
    /// The server alone.
    Fresh,
    /// A recording, and nothing else.
    Replayed,
    /// The server; each reply goes into the recording.
    Recorded,
}

/// What is to be run, and how.
pub struct Trial<'a> {
    /// The workspace.
    pub bench: &'a Bench,
    /// The suite.
    pub suite: &'a Suite,
    /// The cases of it that are run.
    pub cases: Vec<Arc<Case>>,
    /// How often each is run.
    pub repeats: u32,
    /// Cases side by side.
    pub concurrency: usize,
    /// What it may take.
    pub budget: Budget,
    /// Where replies come from.
    pub replies: Replies,
    /// The log of a run that broke off, to go on with.
    pub resumed: Option<PathBuf>,
}

/// What a run came to.
pub struct Tried {
    /// The log's file.
    pub path: PathBuf,
    /// The whole log, lines of an earlier part included.
    pub log: Log,
    /// How it ended.
    pub ended: RunEnded,
    /// Runs of cases that were to be made and have no line.
    pub left: usize,
}

impl Trial<'_> {
    /// Runs and writes the log line by line.
    pub fn run(&self, scene: &Scene) -> Result<Tried, Faults> {
        self.somebody_starts()?;
        let now = scene.now();
        let mut header = self.bench.header(self.suite, self.repeats, now);
        self.says_of_replies(&mut header);
        let (path, earlier) = self.log_file(&mut header, now)?;
        let mut file = Appended::open(&path)?;
        if file.is_new() {
            file.line(&header)?;
        }
        let todo = todo(&self.cases, self.repeats, &earlier);
        let total = todo.len();
        let mut memory = self.memory()?;
        let mut log = Log { header, lines: earlier };
        let before = log.lines.len();
        let ended =
            self.play(scene, todo, memory.as_ref().map(|kept| Arc::clone(kept.recording())), |line| {
                file.line(&line)?;
                log.lines.push(line);
                // A reply that was paid for is on the disk before the next line is looked at.
                memory.as_mut().map_or(Ok(()), Kept::save)
            })?;
        // A case that a stop broke off has no line, but replies that were paid for.
        memory.as_mut().map_or(Ok(()), Kept::save)?;
        let left = total - (log.lines.len() - before);
        Ok(Tried { path, log, ended, left })
    }

    /// Tasks are started by a person, also here; to say it once is better than to say it of each case.
    fn somebody_starts(&self) -> Result<(), Fault> {
        let people = &self.bench.governed.policy().team.people;
        match self.cases.iter().find(|case| case.task.is_some()) {
            Some(case) if people.is_empty() => {
                Err(Fault::refused(format!("nobody can start the task of case '{}'", case.id))
                    .help("name a person in team.yaml"))
            }
            _ => Ok(()),
        }
    }

    /// A replayed run says of which recording; it is no other run than the one that was recorded, though.
    fn says_of_replies(&self, header: &mut Header) {
        if self.replies == Replies::Replayed {
            header.settings.insert("replayed".to_owned(), "yes".to_owned());
        }
    }

    /// The log to write to, and the lines that it has.
    fn log_file(&self, header: &mut Header, now: jiff::Timestamp) -> Result<(PathBuf, Vec<Line>), Faults> {
        if let Some(path) = &self.resumed {
            let log = crate::bench::log(path)?;
            if let Some(what) = log.header.differs(header) {
                return Err(Fault::refused(format!(
                    "{} cannot be gone on with: {what} changed since",
                    path.display()
                ))
                .help("run the suite anew")
                .into());
            }
            *header = log.header;
            return Ok((path.clone(), log.lines));
        }
        let stamp = now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
        let name =
            |more: &str| self.bench.place("logs").join(format!("{}-{stamp}{more}.jsonl", self.suite.name));
        // Two runs in one second, as with a clock that stands still, get a file each.
        let mut path = name("");
        for number in 2.. {
            if !path.exists() {
                break;
            }
            path = name(&format!("-{number}"));
        }
        Ok((path, Vec::new()))
    }

    /// The replies that are kept, with their file.
    fn memory(&self) -> Result<Option<Kept>, Faults> {
        let asks =
            self.bench.asks_a_model() || self.suite.scorers().iter().any(|chosen| chosen.rubric.is_some());
        let Some((model, _)) = self.bench.workspace.settings.model.as_ref().filter(|_| asks) else {
            return Ok(None);
        };
        let prompts = self.bench.prompts();
        let place = match self.replies {
            Replies::Fresh => return Ok(None),
            Replies::Cached => format!("cache/{}.jsonl", evals::recording::key(model)),
            Replies::Replayed => {
                return Ok(Some(Kept::read(&self.bench.place(&recording_of(&self.suite.name)))?));
            }
            Replies::Recorded => begun(&self.suite.name),
        };
        let new = Recording::new(
            model.clone(),
            if self.replies == Replies::Cached { BTreeMap::new() } else { prompts },
        );
        Ok(Some(Kept::open(&self.bench.place(&place), new)?))
    }

    fn client(&self) -> Result<Option<ModelClient>, Faults> {
        let Some((model, _)) = &self.bench.workspace.settings.model else { return Ok(None) };
        if self.replies == Replies::Replayed {
            let nothing = Arc::new(Recording::new(model.clone(), BTreeMap::new()));
            let client = ModelClient::replaying(model, nothing.of(0));
            return Ok(Some(client.map_err(|error| Fault::of(Exit::Failed, &error))?));
        }
        Ok(Some(self.bench.workspace.client()?))
    }

    fn play(
        &self,
        scene: &Scene,
        todo: Vec<Todo>,
        memory: Option<Arc<Recording>>,
        mut take: impl FnMut(Line) -> Result<(), Fault>,
    ) -> Result<RunEnded, Faults> {
        let asks =
            self.bench.asks_a_model() || self.suite.scorers().iter().any(|chosen| chosen.rubric.is_some());
        let client = if asks { self.client()? } else { None };
        let places =
            Places { trial: self, client: client.clone(), memory: memory.clone(), made: Mutex::default() };
        let how = How {
            concurrency: self.concurrency,
            budget: self.budget,
            clock: scene.clock(),
            judge: self.judge(client, memory),
        };
        let failed = |error: io::Error| Fault::new(Exit::Failed, format!("the run cannot start: {error}"));
        let runtime = Builder::new_multi_thread().enable_all().build().map_err(failed)?;
        let bar = bar(scene, todo.len());
        let ended = runtime.block_on(async {
            let stop = CancellationToken::new();
            let (tell, mut told) = unbounded_channel();
            let scratch = |repeat| places.of(repeat);
            let running = evals::run::run(todo, &scratch, &how, &stop, &tell);
            tokio::pin!(running);
            loop {
                tokio::select! {
                    Some(line) = told.recv() => {
                        bar.inc(1);
                        take(line)?;
                    }
                    ended = &mut running => {
                        while let Ok(line) = told.try_recv() {
                            take(line)?;
                        }
                        return Ok::<_, Fault>(ended);
                    }
                    _ = tokio::signal::ctrl_c() => {
                        bar.set_message("stopping; `csp eval run --resume` goes on");
                        stop.cancel();
                    }
                }
            }
        })?;
        bar.finish_and_clear();
        Ok(ended)
    }

    /// What scores a run: all scorers that look, and the rubric by the model.
    fn judge(&self, client: Option<ModelClient>, memory: Option<Arc<Recording>>) -> Judge {
        let chosen: Arc<Vec<Chosen>> = Arc::new(self.suite.scorers());
        let charters = Arc::clone(&self.bench.charters);
        Arc::new(move |case, produced, repeat| {
            let (chosen, charters) = (Arc::clone(&chosen), Arc::clone(&charters));
            let grader = client.clone().map(|client| match &memory {
                Some(memory) => ByModel { client: client.remembering(memory.of(repeat)) },
                None => ByModel { client },
            });
            Box::pin(async move {
                let mut scores = match Ground::of(&case, &charters) {
                    Ok(ground) => score(&chosen, &case, &produced, &ground),
                    Err(error) => vec![unscored("ground", error.to_string())],
                };
                let mut judged = Spent::default();
                for graded in chosen.iter() {
                    let Some(rubric) = &graded.rubric else { continue };
                    let Some(grader) = &grader else {
                        scores.push(unscored(&graded.name(), "csp.toml names no model to judge".to_owned()));
                        continue;
                    };
                    match rubric.grade(graded, &case, &produced, grader).await {
                        Ok(given) => {
                            judged = judged.plus(given.spent);
                            scores.push(given.score);
                        }
                        Err(failure) => scores.push(unscored(&graded.name(), failure.to_string())),
                    }
                }
                (scores, judged)
            })
        })
    }
}

/// The scratch accounts, one place a repeat, each made when it is needed.
struct Places<'a> {
    trial: &'a Trial<'a>,
    client: Option<ModelClient>,
    memory: Option<Arc<Recording>>,
    made: Mutex<BTreeMap<u32, Arc<Scratch>>>,
}

impl Places<'_> {
    fn of(&self, repeat: u32) -> Arc<Scratch> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Scratch::new(&self.trial.bench.governed, self.hand(repeat), wire::readers()));
        Arc::clone(made.entry(repeat).or_insert_with(new))
    }

    fn hand(&self, repeat: u32) -> Hand {
        let bench = self.trial.bench;
        match self.client.as_ref().filter(|_| bench.asks_a_model()) {
            None => Hand::Extractive,
            Some(client) => {
                let memory: Option<Arc<dyn Memory>> = self.memory.as_ref().map(|memory| memory.of(repeat));
                let client = memory.map_or_else(|| client.clone(), |memory| client.remembering(memory));
                let budget = bench.workspace.settings.budget;
                Hand::Model(Box::new(ModelHand::new(client, Arc::clone(&bench.charters), budget)))
            }
        }
    }
}

/// A model that answers rubrics.
struct ByModel {
    client: ModelClient,
}

impl Grader for ByModel {
    type Error = ModelFailure;

    async fn ask(&self, question: &str, vote: u32) -> Result<Reply, ModelFailure> {
        let request = ModelRequest {
            messages: vec![Message::User { text: question.to_owned() }],
            tools: Vec::new(),
            schema: None,
            max_tokens: JUDGED_TOKENS,
            temperature: None,
            // One vote is told from the next by its seed, in the cache as at the server.
            seed: Some(i64::from(vote)),
        };
        let reply = self.client.ask(&request, &CancellationToken::new()).await?;
        let usages = reply.attempts.iter().filter_map(|attempt| attempt.usage);
        let (asked, answered) = usages
            .fold((0, 0), |(asked, answered), usage| (asked + usage.prompt, answered + usage.completion));
        let text = match reply.content {
            Content::Text(text) => text,
            Content::Calls(_) => String::new(),
        };
        let spent = Spent {
            calls: 1,
            prompt_tokens: asked,
            answer_tokens: answered,
            cost: reply.cost.map(|cost| cost.amount),
            elapsed_ms: reply.elapsed_ms,
        };
        Ok(Reply { text, spent })
    }
}

fn unscored(scorer: &str, why: String) -> Score {
    Score { scorer: scorer.to_owned(), value: None, counts: None, passed: None, why: vec![why] }
}

fn bar(scene: &Scene, runs: usize) -> ProgressBar {
    if !outside::stderr_is_terminal() || scene.screen.json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(runs as u64);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {wide_bar} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar
}

/// Runs that broke, with why.
pub fn errored(log: &Log) -> Vec<(&str, &str)> {
    Latest::of(&log.lines).errored().map(|(line, why)| (line.case.as_str(), why)).collect()
}
