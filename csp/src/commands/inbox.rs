//! `csp inbox`: what reached a person, what is held back, why and until when; and that something is dealt with.

use clap::{Args, Subcommand};
use infohub::ids::{AccountSlug, PersonId};
use infohub::team::Team;
use orchestrator::attention::{Delivery, Inbox as Folder, InboxEntry, LedgerError, Waiting, Way, message};
use orchestrator::calendar::Moment;
use serde::Serialize;
use serde_json::json;

use super::decide::By;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::words::{count, wrap};
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp inbox --as mira            what reached her and is not dealt with
  csp inbox --as mira --held     what is held back, why and until when
  csp inbox done 3f9a27c1d0b4e5f6 --as mira

`csp work` sends: at most one reminder of an item and five messages a day, in office hours, the rest as a digest.";

/// The most notices that are shown; what is left out is counted.
const MOST_SHOWN: usize = 200;

/// What reached a person, and what is held back
#[derive(Debug, Args)]
#[command(after_help = HELP, args_conflicts_with_subcommands = true)]
pub struct Inbox {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    by: By,
    /// Also what is dealt with
    #[arg(long)]
    all: bool,
    /// What is held back instead, and until when
    #[arg(long, conflicts_with = "all")]
    held: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Done(Done),
}

/// Notes that a notice is dealt with
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  csp inbox done 3f9a27c1d0b4e5f6 --as mira")]
pub struct Done {
    /// The notice's id, or the end of it
    id: String,
    #[command(flatten)]
    by: By,
}

/// A notice that arrived.
#[derive(Debug, Serialize)]
struct Arrived {
    #[serde(flatten)]
    entry: InboxEntry,
    done: bool,
}

/// A notice that waits, with its account.
#[derive(Debug, Serialize)]
struct Held {
    account: AccountSlug,
    #[serde(flatten)]
    waiting: Waiting,
}

impl Inbox {
    pub fn run(self, scene: &Scene) -> Ended {
        if let Some(Command::Done(done)) = self.command {
            return done.run(scene);
        }
        let workspace = scene.workspace()?;
        let moment = moment(scene, &workspace, &self.by.person()?)?;
        let person = self.by.person()?;
        let (held, faults) = held(&workspace, &person)?;
        if self.held {
            tell_held(scene, &held, &moment);
            return Faults::any(faults).map_or(Ok(Exit::Done), Err);
        }
        let (arrived, left_out) = arrived(&workspace, &person, self.all)?;
        let reader = Reader { person: &person, team: workspace.team()?, moment };
        tell(scene, &arrived, left_out, held.len(), &reader);
        Faults::any(faults).map_or(Ok(Exit::Done), Err)
    }
}

impl Done {
    fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let person = self.by.person()?;
        let folder = Folder::new(&*workspace.store, &person);
        let (ids, _) = folder.ids().map_err(|error| fault(&error))?;
        let fitting: Vec<&String> = ids.iter().filter(|id| id.ends_with(&self.id)).collect();
        let id = match fitting[..] {
            [id] => id,
            [] => {
                let fault = Fault::not_found(format!("no notice '{}' has reached {person}", self.id));
                return Err(fault.help("`csp inbox --all` shows all of them").into());
            }
            _ => {
                return Err(Fault::refused(format!("'{}' is the end of several ids", self.id)).into());
            }
        };
        let news = folder.done(id, scene.now()).map_err(|error| fault(&error))?;
        scene.screen.json(&json!({ "notice": id, "done": true, "before": !news }));
        scene.screen.line(&if news {
            format!("{id} is dealt with.")
        } else {
            format!("{id} was dealt with before.")
        });
        Ok(Exit::Done)
    }
}

fn fault(error: &LedgerError) -> Fault {
    Fault::of(Exit::Failed, error)
}

/// The moment as the person sees it; the person must be in the team.
fn moment(scene: &Scene, workspace: &Workspace, person: &PersonId) -> Result<Moment, Faults> {
    let team = workspace.team()?;
    let found = team.person(person).ok_or_else(|| {
        Fault::not_found(format!("'{person}' is not in {}", workspace.settings.team))
            .help("the inbox of somebody else is shown by `--as PERSON`")
    })?;
    let calendar = std::sync::Arc::new(workspace.settings.attention.calendar.clone());
    Ok(Moment::new(scene.now(), found.time_zone.as_deref(), &calendar))
}

/// What arrived, the newest first, and how many are left out.
fn arrived(workspace: &Workspace, person: &PersonId, all: bool) -> Result<(Vec<Arrived>, usize), Fault> {
    let folder = Folder::new(&*workspace.store, person);
    let (ids, done) = folder.ids().map_err(|error| fault(&error))?;
    let mut arrived = Vec::new();
    for id in ids.iter().filter(|id| all || !done.contains(*id)) {
        if let Some(entry) = folder.read(id).map_err(|error| fault(&error))? {
            arrived.push(Arrived { entry, done: done.contains(id) });
        }
    }
    arrived.sort_by(|a, b| (a.done, a.entry.notice.order()).cmp(&(b.done, b.entry.notice.order())));
    let left_out = arrived.len().saturating_sub(MOST_SHOWN);
    arrived.truncate(MOST_SHOWN);
    Ok((arrived, left_out))
}

/// What waits for the person in all accounts, the most pressing first.
fn held(workspace: &Workspace, person: &PersonId) -> Result<(Vec<Held>, Vec<Fault>), Fault> {
    let (accounts, mut faults) = workspace.chosen(None)?;
    let mut held = Vec::new();
    for account in accounts {
        match workspace.account(&account) {
            Ok(loaded) => {
                let outbox = loaded.last.map(|step| step.state.outbox).unwrap_or_default();
                let theirs = outbox.waiting.into_iter().filter(|waiting| waiting.notice.to == *person);
                held.extend(theirs.map(|waiting| Held { account: account.clone(), waiting }));
            }
            Err(fault) => faults.push(fault),
        }
    }
    held.sort_by(|a, b| a.waiting.notice.order().cmp(&b.waiting.notice.order()));
    Ok((held, faults))
}

/// Whose inbox it is, and when it is looked at.
struct Reader<'a> {
    person: &'a PersonId,
    team: Team,
    moment: Moment,
}

impl Reader<'_> {
    /// The person that the notice was for, if the reader got it in that one's place.
    fn stands_in_for<'a>(&'a self, to: &'a PersonId) -> Option<&'a str> {
        let name = || self.team.person(to).map_or(to.as_str(), |person| &person.name);
        (to != self.person).then(name)
    }
}

fn tell(scene: &Scene, arrived: &[Arrived], left_out: usize, held: usize, reader: &Reader<'_>) {
    let screen = &scene.screen;
    screen.json(&json!({ "inbox": arrived, "left_out": left_out, "held": held }));
    if arrived.is_empty() {
        screen.line("Nothing in the inbox.");
    }
    for Arrived { entry, done } in arrived {
        let (subject, text) =
            message(&entry.notice, reader.stands_in_for(&entry.notice.to), reader.moment.today());
        let mark = if *done { screen.paint.faint("done") } else { screen.paint.waiting("open") };
        screen.line(&format!("{mark}  {}", screen.paint.strong(&subject)));
        for line in text.lines() {
            screen.line(&wrap("      ", "      ", line, screen.width));
        }
        let way = if entry.digest { ", in the digest" } else { "" };
        screen.line(&screen.paint.faint(&format!("      arrived {}{way}\n", reader.moment.shown(entry.at))));
    }
    if left_out > 0 {
        screen.line(&format!("{} more.", count(left_out, "notice")));
    }
    if held > 0 {
        screen.line(&format!("{} held back or on the way: `csp inbox --held`.", count(held, "notice")));
    }
}

fn tell_held(scene: &Scene, held: &[Held], moment: &Moment) {
    let screen = &scene.screen;
    screen.json(&json!({ "held": held }));
    if held.is_empty() {
        screen.line("Nothing is held back.");
    }
    for Held { waiting, .. } in held {
        let (subject, _) = message(&waiting.notice, None, moment.today());
        screen.line(&screen.paint.strong(&subject));
        let why = match &waiting.held {
            Some(held) if held.until <= moment.now => format!("{}; `csp work` looks again", held.why),
            Some(held) => format!("until {}: {}", moment.shown(held.until), held.why),
            None => "waits for `csp work`".to_owned(),
        };
        screen.line(&wrap("      ", "      ", &why, screen.width));
        for (way, delivery) in &waiting.channels {
            screen.line(&wrap("      ", "      ", &delivered(*way, delivery, moment), screen.width));
        }
        screen.line(&screen.paint.faint(&format!("      {}\n", waiting.notice.id)));
    }
}

fn delivered(way: Way, delivery: &Delivery, moment: &Moment) -> String {
    match delivery {
        Delivery::Through { at } => format!("{way}: arrived {}", moment.shown(*at)),
        Delivery::Failed { attempts, next, why } => {
            format!(
                "{way}: {} failed, tried again {}: {why}",
                count(*attempts as usize, "attempt"),
                moment.shown(*next)
            )
        }
        Delivery::GivenUp { why } => format!("{way}: given up: {why}"),
    }
}
