//! Which events have been taken in. The newest keys are in the state; older ones lie in files of the
//! account that are written once, so that the state stays small however many events come.

use infohub::event::Event;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many keys the state holds before they move to a file.
const MOST_RECENT: usize = 128;
/// Where the files lie, from the account's folder.
pub const FOLDER: &str = "success_plan/csp_events";

/// The keys of the events that were taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// How many files of older keys there are.
    #[serde(default)]
    pub files: u32,
    /// The newest keys, oldest first.
    #[serde(default)]
    recent: Vec<String>,
}

/// The key of an event: 16 hex digits of the hash of its source and id. With ten thousand events in an
/// account the chance that two share a key is below one in a hundred thousand million.
pub fn key(event: &Event) -> String {
    Sha256::digest(event.key()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Seen {
    /// Whether the event is among the newest.
    pub fn is_recent(&self, event: &Event) -> bool {
        self.recent.contains(&key(event))
    }

    /// The file with this number, counted from 1.
    pub fn file(number: u32) -> String {
        format!("{FOLDER}/{number:06}.txt")
    }

    /// Notes the event. When the state is full, gives a file to write once: its name and its text.
    pub fn note(&mut self, event: &Event) -> Option<(String, String)> {
        self.recent.push(key(event));
        if self.recent.len() < MOST_RECENT {
            return None;
        }
        self.files += 1;
        let text = self.recent.join("\n") + "\n";
        self.recent.clear();
        Some((Self::file(self.files), text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: usize) -> Event {
        let json = format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"crm","type":"proposal.requested","subject":"acme","time":"2026-01-15T10:00:00Z"}}"#
        );
        Event::parse(&json).unwrap()
    }

    #[test]
    fn every_key_is_in_the_state_or_in_one_file() {
        let mut seen = Seen::default();
        let mut filed = String::new();
        for id in 0..1000 {
            filed.extend(seen.note(&event(id)).map(|(_, text)| text));
        }
        assert_eq!(seen.files, 7);
        for id in 0..1000 {
            let event = event(id);
            let places = usize::from(seen.is_recent(&event))
                + filed.lines().filter(|line| *line == key(&event)).count();
            assert_eq!(places, 1, "{id}");
        }
        assert!(!seen.is_recent(&event(1001)));
    }
}
