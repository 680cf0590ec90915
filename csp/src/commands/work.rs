//! `csp work`: the run loop, and what it tells while it runs.
//!
//! ```text
//! loop ── Told ──► lines (and a moving line on a terminal)
//! first signal ──► finish the present step;  second ──► end at once
//! ```

use std::io;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use infohub::hub::ROOT;
use infohub::store::StorePath;
use jiff::SignedDuration;
use orchestrator::attention::ROOT as PEOPLE;
use orchestrator::dispatch::{Dispatcher, News};
use orchestrator::drafting::Draftsman;
use orchestrator::intake::{Orchestrator, Taken};
use orchestrator::step::Effect;
use orchestrator::work::{Clock, Summary, Told, Work as How, work};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::outside;
use crate::scene::{Ended, Scene};
use crate::show::effects::effects;
use crate::show::screen::Screen;
use crate::show::words::{count, edited_by_hand, files_of};
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp work --until-idle          drafts all that waits, then ends
  csp work                       goes on until stopped by Ctrl-C

The first Ctrl-C finishes the present step, a second one ends at once; nothing is lost by either.
With --json each line is one JSON object. Ends with 5 if an account waits for a person.";

/// No writer needs this long, so what is older has no owner.
const LEFTOVER_AGE: SignedDuration = SignedDuration::from_hours(1);

/// Lets the agents draft what waits, takes edits by hand in, and tells people what they should know
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Work {
    /// Ends when nothing waits any more
    #[arg(long)]
    until_idle: bool,
}

impl Work {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        sweep(&workspace);
        let orchestrator = Arc::new(workspace.orchestrator()?);
        let draftsman = Arc::new(workspace.draftsman()?);
        let shift = Shift {
            orchestrator,
            draftsman,
            concurrency: workspace.settings.work.concurrency,
            pause: Duration::from_millis(workspace.settings.work.pause_ms),
            until_idle: self.until_idle,
            clock: scene.clock(),
            dispatcher: Some(Arc::new(workspace.dispatcher()?)),
        };
        let summary = shift.run(&scene.screen)?;
        tell_summary(&summary, &scene.screen);
        Ok(match summary {
            None => Exit::Interrupted,
            Some(summary) if summary.stopped => Exit::Interrupted,
            Some(summary) if summary.blocked > 0 => Exit::Blocked,
            Some(_) => Exit::Done,
        })
    }
}

/// Removes what writers that were killed left behind. That it fails is no reason not to work.
fn sweep(workspace: &Workspace) {
    let before = outside::now() - LEFTOVER_AGE;
    for root in [ROOT, PEOPLE] {
        let swept = StorePath::new(root).map(|folder| workspace.store.sweep(&folder, before));
        match swept {
            Ok(Ok(0)) => {}
            Ok(Ok(files)) => tracing::info!(root, files, "leftovers of killed writers removed"),
            Ok(Err(error)) => tracing::warn!(root, %error, "leftovers of killed writers stay"),
            Err(error) => tracing::warn!(root, %error, "leftovers of killed writers stay"),
        }
    }
}

/// One run of the loop, watched.
pub struct Shift {
    /// The governed InfoHub.
    pub orchestrator: Arc<Orchestrator>,
    /// Who drafts.
    pub draftsman: Arc<Draftsman>,
    /// Accounts side by side.
    pub concurrency: usize,
    /// Between two looks.
    pub pause: Duration,
    /// End when idle.
    pub until_idle: bool,
    /// The time.
    pub clock: Clock,
    /// Who sends notices to people.
    pub dispatcher: Option<Arc<Dispatcher>>,
}

impl Shift {
    /// Runs and tells; no summary if it was ended at once.
    pub fn run(self, screen: &Screen) -> Result<Option<Summary>, Fault> {
        let failed =
            |error: io::Error| Fault::new(Exit::Failed, format!("the run loop cannot start: {error}"));
        let runtime: Runtime = Builder::new_multi_thread().enable_all().build().map_err(failed)?;
        let summary = runtime.block_on(self.watched(screen)).map_err(failed);
        // What is still under way is on its own: the journal tells the next run what was done.
        runtime.shutdown_background();
        summary
    }

    async fn watched(self, screen: &Screen) -> io::Result<Option<Summary>> {
        let mut signals = Signals::new()?;
        let stop = CancellationToken::new();
        let (tell, mut told) = unbounded_channel();
        let how = How {
            concurrency: self.concurrency,
            until_idle: self.until_idle,
            pause: self.pause,
            clock: self.clock,
            dispatcher: self.dispatcher,
        };
        let mut running = tokio::spawn(work(self.orchestrator, self.draftsman, how, stop.clone(), tell));
        let watch = Watch::new(screen);
        loop {
            tokio::select! {
                Some(news) = told.recv() => watch.tell(&news, screen),
                ended = &mut running => {
                    watch.rest(&mut told, screen);
                    return ended.map(Some).map_err(io::Error::other);
                }
                () = signals.next() => {
                    if stop.is_cancelled() {
                        return Ok(None);
                    }
                    stop.cancel();
                    watch.stopping();
                }
            }
        }
    }
}

/// The signals that ask a process to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What the moving line says while nothing is drafted.
const WAITING: &str = "looking for work; Ctrl-C ends";

/// What a person sees of a running loop: a moving line on a terminal, and what happened above it.
struct Watch {
    bar: ProgressBar,
}

impl Watch {
    fn new(screen: &Screen) -> Self {
        let bar = if outside::stderr_is_terminal() && !screen.json {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        bar.set_message(WAITING);
        Self { bar }
    }

    fn tell(&self, told: &Told, screen: &Screen) {
        self.bar.set_message(match told {
            Told::Started { account, task } => format!("{account}: drafting {}", task.id),
            Told::Took { .. } | Told::Woke { .. } | Told::Blocked { .. } | Told::Sent(_) => {
                WAITING.to_owned()
            }
        });
        self.bar.suspend(|| {
            screen.json_line(&answer(told));
            if let Some(text) = lines(told, screen) {
                screen.line(&text);
            }
        });
    }

    /// What was told before the loop ended and has not been read.
    fn rest(&self, told: &mut UnboundedReceiver<Told>, screen: &Screen) {
        while let Ok(news) = told.try_recv() {
            self.tell(&news, screen);
        }
        self.bar.finish_and_clear();
    }

    fn stopping(&self) {
        self.bar.set_message("finishing the present step; once more to end at once");
    }
}

fn lines(told: &Told, screen: &Screen) -> Option<String> {
    let paint = screen.paint;
    match told {
        // On a terminal the moving line says it.
        Told::Started { .. } if outside::stderr_is_terminal() => None,
        Told::Started { account, task } => {
            Some(format!("{}  drafting {}", paint.strong(account.as_str()), task.id))
        }
        Told::Took { account, task, taken } => {
            let what = task.as_ref().map_or_else(|| edited(taken), ToString::to_string);
            Some(format!("{}  {what}\n{}", paint.strong(account.as_str()), effects(&taken.effects, screen)))
        }
        Told::Woke { account, taken } => {
            let what = effects(&taken.effects, screen);
            Some(format!("{}  time has passed\n{what}", paint.strong(account.as_str())))
        }
        Told::Blocked { account, why } => {
            Some(format!("{}  {} {why}", paint.strong(account), paint.waiting("blocked:")))
        }
        Told::Sent(news) => Some(news_line(news, screen)),
    }
}

fn news_line(news: &News, screen: &Screen) -> String {
    let paint = screen.paint;
    match news {
        News::Sent { person, subject, by, .. } => {
            let by: Vec<_> = by.iter().map(ToString::to_string).collect();
            format!("{}  told by {}: {subject}", paint.strong(person.as_str()), by.join(", "))
        }
        News::Failed { person, by, why } => {
            format!("{}  {} {by}: {why}", paint.strong(person.as_str()), paint.waiting("not told by"))
        }
        News::Trouble { at, why } => format!("{}  {} {why}", paint.strong(at), paint.bad("not sent:")),
    }
}

/// What a person edited, told by what changed and did not only follow from it; an edit of comments alone names no
/// file.
fn edited(taken: &Taken) -> String {
    let followed: Vec<&str> = taken.effects.iter().flat_map(followed).collect();
    let diff = taken.effects.iter().find_map(|effect| match effect {
        Effect::PlanChanged { diff, .. } => Some(diff),
        _ => None,
    });
    edited_by_hand(&diff.map(|diff| files_of(diff, &followed)).unwrap_or_default())
}

/// The ids of what the runtime changed so that plan and registers agree.
fn followed(effect: &Effect) -> impl Iterator<Item = &str> {
    let changes = match effect {
        Effect::Followed { changes } => changes.as_slice(),
        _ => &[],
    };
    changes.iter().filter_map(|change| change.what.split_whitespace().next())
}

fn answer(told: &Told) -> Value {
    match told {
        Told::Started { account, task } => json!({ "told": "started", "account": account, "task": task }),
        Told::Took { account, task, taken } => json!({
            "told": "took", "account": account, "task": task,
            "record": taken.record, "plan_version": taken.version, "effects": taken.effects,
        }),
        Told::Woke { account, taken } => json!({
            "told": "woke", "account": account, "record": taken.record, "effects": taken.effects,
        }),
        Told::Blocked { account, why } => json!({ "told": "blocked", "account": account, "why": why }),
        Told::Sent(News::Sent { person, subject, notices, by }) => json!({
            "told": "sent", "person": person, "subject": subject, "notices": notices, "by": by,
        }),
        Told::Sent(News::Failed { person, by, why }) => {
            json!({ "told": "not_sent", "person": person, "by": by, "why": why })
        }
        Told::Sent(News::Trouble { at, why }) => json!({ "told": "trouble", "at": at, "why": why }),
    }
}

fn tell_summary(summary: &Option<Summary>, screen: &Screen) {
    let Some(Summary { tasks, blocked, stopped }) = *summary else {
        screen.json_line(&json!({ "told": "ended", "stopped": true }));
        return screen.line("\nEnded at once; the next run goes on where this one was.");
    };
    screen.json_line(&json!({ "told": "ended", "tasks": tasks, "blocked": blocked, "stopped": stopped }));
    let mut text = format!("\n{} done", count(tasks, "task"));
    if blocked > 0 {
        text.push_str(&format!(
            ", {} blocked: a person must mend what is named above",
            count(blocked, "account")
        ));
    }
    if stopped {
        text.push_str("; stopped, and the next run goes on from here");
    }
    screen.line(&format!("{text}."));
}
