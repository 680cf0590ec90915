//! `csp emit`: events in, and what follows from each. All of them are read before the first is taken in.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use infohub::event::Event;
use orchestrator::intake::{Orchestrator, Taken};
use orchestrator::step::{Effect, Input};
use serde_json::json;

use crate::events;
use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::effects::effects;
use crate::show::words::minute;
use crate::workspace::utf8;

/// The largest text of events.
const MAX_BYTES: u64 = 32 << 20;

const HELP: &str = "\
Examples:
  csp emit event.json                        one CloudEvent, an array of them, or one a line
  csp crm convert export.csv | csp emit -    from the standard input
  csp emit events.ndjson --now 2026-01-15

The same id and source twice is one event, however often it comes. An event looks like this:
  {\"specversion\":\"1.0\", \"id\":\"e-17\", \"source\":\"crm\", \"type\":\"opportunity.changed\",
   \"subject\":\"acme\", \"time\":\"2026-01-15T10:00:00Z\",
   \"data\":{\"opportunity\":{\"id\":\"006A1\", \"stage\":\"Stage 2\", \"arr\":250000, \"currency\":\"USD\"}}}";

/// Takes in events (CloudEvents 1.0 in JSON) and says what follows
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Emit {
    /// A file of events, or - for the standard input
    file: PathBuf,
}

impl Emit {
    pub fn run(self, scene: &Scene) -> Ended {
        let (name, text) = self.text()?;
        let events = events::read(&name, &text)?;
        let orchestrator = scene.workspace()?.orchestrator()?;
        let mut answers = Vec::new();
        let mut faults = Vec::new();
        for event in events {
            match take(&orchestrator, &event, scene) {
                Ok(taken) => {
                    scene.screen.line(&told(&event, &taken, scene));
                    answers.push(answer(&event, &taken));
                }
                Err(fault) => faults.push(fault),
            }
        }
        if scene.screen.json {
            let exit = faults.first().map_or(Exit::Done, |fault: &Fault| fault.exit);
            scene.screen.json(&json!({ "events": answers, "errors": faults }));
            return Ok(exit);
        }
        match Faults::any(faults) {
            Some(faults) => Err(faults),
            None => {
                self.next(&answers, scene);
                Ok(Exit::Done)
            }
        }
    }

    fn next(&self, answers: &[serde_json::Value], scene: &Scene) {
        let started = |answer: &serde_json::Value| answer.to_string().contains("\"task_started\"");
        let tasks = answers.iter().filter(|answer| started(answer)).count();
        if tasks > 0 {
            scene.screen.line("\nNext: `csp work --until-idle` lets the agents draft.");
        }
    }

    fn text(&self) -> Result<(String, String), Fault> {
        let mut bytes = Vec::new();
        let (name, read) = if self.file.as_os_str() == "-" {
            ("(standard input)".to_owned(), io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes))
        } else {
            let name = self.file.display().to_string();
            (name, File::open(&self.file).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)))
        };
        read.map_err(|error| unreadable(&name, &error))?;
        if bytes.len() as u64 > MAX_BYTES {
            let size = MAX_BYTES >> 20;
            return Err(Fault::refused(format!("{name}: larger than {size} MiB"))
                .help("split it; order matters, so emit the parts in turn"));
        }
        let text = utf8(&name, bytes)?;
        Ok((name, text))
    }
}

/// A file that the person named and that cannot be read.
pub fn unreadable(name: &str, error: &io::Error) -> Fault {
    let exit = if error.kind() == io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Failed };
    Fault::new(exit, format!("{name} cannot be read: {error}"))
}

fn take(orchestrator: &Orchestrator, event: &Event, scene: &Scene) -> Result<Taken, Fault> {
    let input = Input::Event(Box::new(event.clone()));
    Ok(orchestrator.take(&event.subject, &input, scene.now())?)
}

/// The event and what followed, for people.
pub fn told(event: &Event, taken: &Taken, scene: &Scene) -> String {
    let paint = scene.screen.paint;
    let head = format!("{}  {}", paint.strong(event.subject.as_str()), event.body.kind());
    let from = paint.faint(&format!("{} from {}, {}", event.id, event.source, minute(event.time)));
    let effects = if taken.effects.is_empty() {
        "  no rule waits for this".to_owned()
    } else {
        effects(&taken.effects, &scene.screen)
    };
    format!("{head}  {from}\n{effects}")
}

/// The same for programs.
pub fn answer(event: &Event, taken: &Taken) -> serde_json::Value {
    let duplicate =
        taken.record.is_none() && taken.effects.iter().any(|effect| matches!(effect, Effect::Ignored { .. }));
    json!({
        "id": event.id,
        "source": event.source,
        "type": event.body.kind(),
        "account": event.subject,
        "record": taken.record,
        "duplicate": duplicate,
        "plan_version": taken.version,
        "effects": taken.effects,
    })
}
