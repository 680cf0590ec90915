//! `csp demo`: three invented accounts from their first CRM event to a cited draft, told step by step, on a
//! clock that stands at the events' own times. Needs no key, no server and no network.

mod drafted;
mod material;
mod notice;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use infohub::event::Event;
use infohub::ids::{AccountSlug, PersonId};
use infohub::occasion::Occasion;
use infohub::plan::Plan;
use jiff::{SignedDuration, Timestamp};
use orchestrator::drafting::{Draftsman, Hand};
use orchestrator::intake::Orchestrator;
use orchestrator::step::{Decision, Input, Verdict};
use serde_json::json;

use super::emit;
use super::init;
use super::work::Shift;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::fresh;
use crate::scene::{Ended, Scene};
use crate::show::effects::effects;
use crate::workspace::Workspace;

/// The folder where none is named.
const FOLDER: &str = "csp-demo";
/// How many folders of that name are tried.
const MOST_FOLDERS: u32 = 99;
/// The task that no event starts, and who asks for it.
const REMINDER: &str = "nudger.write_reminder";
const WHO_REMINDS: &str = "adaeze";
/// The agents draft a minute after each event.
const LATER: SignedDuration = SignedDuration::from_mins(1);

const HELP: &str = "\
Examples:
  csp demo                 makes ./csp-demo, or ./csp-demo-2 and so on if that exists
  csp demo /tmp/look       makes the workspace there";

/// Shows the whole path on three invented accounts, and leaves the workspace to look at
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Demo {
    /// An empty or new folder for the workspace
    dir: Option<PathBuf>,
}

impl Demo {
    pub fn run(self, scene: &Scene) -> Ended {
        let dir = match self.dir {
            Some(dir) => dir,
            None => free_folder()?,
        };
        init::make(&dir, true)?;
        scene.screen.line(&format!(
            "A workspace with three invented accounts is in {}. Now what happened to them comes in, event by event.",
            scene.screen.paint.strong(&dir.display().to_string())
        ));
        let events = events()?;
        // What a later event brings must not be read before it has happened.
        material::hold_back(&dir, &events)?;
        let workspace = Workspace::open(dir.clone())?;
        let play = Play {
            orchestrator: Arc::new(workspace.orchestrator()?),
            // The demo shows what needs no model, whatever a later csp.toml says.
            draftsman: Arc::new(Draftsman::new(Hand::Extractive, crate::wire::readers())),
            workspace,
            scene,
        };
        for (number, event) in events.iter().enumerate() {
            material::bring(&dir, event)?;
            play.event(number + 1, event)?;
        }
        play.reminder(events.len() + 1, &events)?;
        let followed = play.notice()?;
        ending(&dir, scene);
        Ok(if followed { Exit::Failed } else { Exit::Done })
    }
}

/// The first of `csp-demo`, `csp-demo-2` and so on that does not exist.
fn free_folder() -> Result<PathBuf, Fault> {
    let names = std::iter::once(FOLDER.to_owned())
        .chain((2..=MOST_FOLDERS).map(|number| format!("{FOLDER}-{number}")));
    names.map(PathBuf::from).find(|path| !path.exists()).ok_or_else(|| {
        Fault::refused(format!("there are {MOST_FOLDERS} folders named {FOLDER} here already"))
            .help("remove some, or name a folder")
    })
}

/// The sample's events in the order of their files.
fn events() -> Result<Vec<Event>, Fault> {
    let files = fresh::SAMPLE.iter().filter(|(path, _)| path.starts_with("events/"));
    let parsed = files
        .map(|(path, text)| Event::parse(text).map_err(|error| Fault::refused(format!("{path}: {error}"))));
    parsed.collect()
}

struct Play<'a> {
    scene: &'a Scene,
    workspace: Workspace,
    orchestrator: Arc<Orchestrator>,
    draftsman: Arc<Draftsman>,
}

impl Play<'_> {
    /// One event, what follows, and what the agents make of it.
    fn event(&self, number: usize, event: &Event) -> Result<(), Fault> {
        let screen = &self.scene.screen;
        let now = later(event.time);
        let before = self.plan(&event.subject)?;
        let taken = self.orchestrator.take(&event.subject, &Input::Event(Box::new(event.clone())), now)?;
        let told = emit::told(event, &taken, self.scene);
        screen.line(&format!("\n{} {told}", screen.paint.strong(&format!("{number}."))));
        screen.json_line(&json!({ "step": number, "event": emit::answer(event, &taken) }));
        self.drafts(&event.subject, before.as_ref(), now)
    }

    /// A person has a reminder written, for what is due first where the last milestone was reached.
    fn reminder(&self, number: usize, events: &[Event]) -> Result<(), Fault> {
        let Some(last) = events.last() else { return Ok(()) };
        let (account, now) = (&last.subject, later(last.time));
        let Some(before) = self.plan(account)? else { return Ok(()) };
        let due =
            before.adoption_journey.milestones.iter().filter(|milestone| milestone.completed_on.is_none());
        let item = due.min_by_key(|milestone| (milestone.due_date.is_none(), milestone.due_date));
        let occasion = Occasion { item: item.map(|milestone| milestone.id.clone()), ..Occasion::default() };
        let verdict = Verdict::Start { run: REMINDER.to_owned(), occasion: Box::new(occasion) };
        let by = PersonId::new(WHO_REMINDS)?;
        let decision = Input::Decision(Box::new(Decision { by, verdict }));
        let taken = self.orchestrator.take(account, &decision, now)?;
        let screen = &self.scene.screen;
        let heading = screen.paint.strong(&format!("{number}. {WHO_REMINDS} asks for a reminder"));
        screen.line(&format!("\n{heading} of {account}\n{}", effects(&taken.effects, screen)));
        screen.json_line(&json!({ "step": number, "account": account, "effects": taken.effects }));
        self.drafts(account, Some(&before), now)
    }

    /// Has the agents do what waits, and tells what they brought.
    fn drafts(&self, account: &AccountSlug, before: Option<&Plan>, now: Timestamp) -> Result<(), Fault> {
        let screen = &self.scene.screen;
        let shift = Shift {
            orchestrator: Arc::clone(&self.orchestrator),
            draftsman: Arc::clone(&self.draftsman),
            concurrency: 1,
            pause: Duration::from_millis(10),
            until_idle: true,
            clock: Arc::new(move || now),
        };
        let summary = shift.run(screen)?;
        if summary.is_none_or(|summary| summary.stopped) {
            return Err(Fault::new(Exit::Interrupted, "the demo was interrupted"));
        }
        if let Some(after) = self.plan(account)? {
            let told = drafted::told(before, &after, screen);
            if !told.is_empty() {
                screen.line(&told);
            }
        }
        Ok(())
    }

    fn plan(&self, account: &AccountSlug) -> Result<Option<Plan>, Fault> {
        Ok(self.orchestrator.load(account)?.plan().cloned())
    }

    /// Whether what a carrier's portal ordered software to do was done, which it must not be.
    fn notice(&self) -> Result<bool, Fault> {
        let mut followed = false;
        for slug in self.workspace.chosen(None)?.0 {
            let library = self.workspace.library(&slug)?;
            let account = self.workspace.account(&slug)?;
            let (Some(notice), Some(plan)) = (notice::find(&library), account.plan()) else { continue };
            let outcome = notice::outcome(&notice, plan);
            self.scene.screen.line(&format!("\n{}", outcome.told(&self.scene.screen)));
            self.scene.screen.json_line(&json!({ "notice": notice.source, "followed": outcome.followed() }));
            followed |= outcome.followed();
        }
        Ok(followed)
    }
}

fn later(time: Timestamp) -> Timestamp {
    time.checked_add(LATER).unwrap_or(time)
}

fn ending(dir: &Path, scene: &Scene) {
    let screen = &scene.screen;
    screen.json_line(&json!({ "workspace": dir }));
    screen.line(&format!("\n{}", screen.paint.strong("Look around:")));
    let commands = [
        ("account list", "all accounts"),
        ("plan show veldhaven-logistics", "the plan with what each item rests on"),
        ("review list", "what waits for a person"),
        ("plan history veldhaven-logistics", "its versions and where each came from"),
        ("material show veldhaven-logistics 2026-01-12.md", "what is cited, with line numbers"),
        ("plan verify", "the journals' proof, offline"),
    ];
    screen.line(&format!("  cd {}", dir.display()));
    for (command, what) in commands {
        screen.line(&format!("  csp {command:<50} {}", screen.paint.faint(what)));
    }
}
