//! Material that an event of the sample brings with it: it lies in the account's folder from that moment on.

use std::path::Path;

use infohub::event::Event;
use infohub::occasion::Occasion;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::fresh;

/// Takes away what events bring later.
pub fn hold_back(dir: &Path, events: &[Event]) -> Result<(), Fault> {
    let brought = events.iter().filter_map(place);
    brought
        .into_iter()
        .try_for_each(|place| std::fs::remove_file(dir.join(&place)).map_err(|error| fault(&place, &error)))
}

/// Puts the event's material in its place, if it names one.
pub fn bring(dir: &Path, event: &Event) -> Result<(), Fault> {
    let Some(place) = place(event) else { return Ok(()) };
    let Some((_, text)) = fresh::SAMPLE.iter().find(|(path, _)| *path == place) else {
        return Err(Fault::refused(format!("the sample has no {place}")));
    };
    std::fs::write(dir.join(&place), text).map_err(|error| fault(&place, &error))
}

fn place(event: &Event) -> Option<String> {
    let path = Occasion::of(event, &[]).material?;
    Some(format!("infohub/{}/{path}", event.subject))
}

fn fault(place: &str, error: &std::io::Error) -> Fault {
    Fault::new(Exit::Failed, format!("{place} could not be put in its place: {error}"))
}
