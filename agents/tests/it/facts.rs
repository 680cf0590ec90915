//! What the CRM says of a sample account once all of the sample's events are in.

use std::fs;

use infohub::event::{Event, EventBody};
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;

use crate::drafter::root;

/// The facts, and the account's events in their order.
pub fn after_all_events(account: &str) -> (AccountFile, Vec<Event>) {
    let mut facts = AccountFile::new(AccountSlug::new(account).unwrap());
    let mut files: Vec<_> =
        fs::read_dir(root().join("csp/sample/events")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let events = files.iter().map(|file| Event::parse(&fs::read_to_string(file).unwrap()).unwrap());
    let events: Vec<Event> = events.filter(|event| event.subject.as_str() == account).collect();
    for event in &events {
        match &event.body {
            EventBody::OpportunityChanged(data) => drop(facts.opportunity_changed(data, event.time)),
            EventBody::EvaluationStarted(data) => drop(facts.evaluation_started(data, event.time)),
            EventBody::EvaluationFinished(data) => drop(facts.evaluation_finished(data, event.time)),
            _ => {}
        }
    }
    (facts, events)
}
