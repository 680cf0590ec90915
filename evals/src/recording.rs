//! Replies of models that were paid for: as a cache, so that no question is asked twice, and as a recording that is
//! replayed without a server. A reply is known by all that matters to it: model, server, what the server can do, the
//! whole question, and the number of the repeat, since repeats are there to see how answers differ.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tools::model::{Memory, ModelReply, ModelSettings};

/// Form of the files.
const FORMAT: u32 = 1;

/// The first line of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Form of the file, 1.
    pub format: u32,
    /// The model that was asked, with its server and what that can do; needed to ask the same questions again.
    pub model: ModelSettings,
    /// SHA-256 of each prompt file as it was, by name; empty in a cache, which serves many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prompts: BTreeMap<String, String>,
}

/// One reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The repeat that it belongs to, from 1.
    pub repeat: u32,
    /// Fingerprint of the question.
    pub question: String,
    /// The reply.
    pub reply: ModelReply,
}

/// Why a recording does not read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It has no first line, or the line says something else.
    #[error("line 1 is not the head of a recording: {0}")]
    Head(String),
    /// It was written by another version.
    #[error("line 1: form {0} of recordings is not known here; make the recording again")]
    Format(u32),
    /// A line does not read.
    #[error("line {line} does not read: {source}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
}

/// Replies by repeat and question, with those that came since.
pub struct Recording {
    head: Head,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    replies: HashMap<(u32, String), ModelReply>,
    fresh: Vec<Entry>,
}

impl Recording {
    /// An empty one.
    pub fn new(model: ModelSettings, prompts: BTreeMap<String, String>) -> Self {
        Self { head: Head { format: FORMAT, model, prompts }, kept: Mutex::default() }
    }

    /// Reads one. A last line that was cut off, as by a kill, is left out: its question is asked again.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let mut lines = text.lines().enumerate();
        let (_, first) = lines.next().ok_or_else(|| RecordingError::Head("the file is empty".to_owned()))?;
        let head: Head =
            serde_json::from_str(first).map_err(|error| RecordingError::Head(error.to_string()))?;
        if head.format != FORMAT {
            return Err(RecordingError::Format(head.format));
        }
        let mut replies = HashMap::new();
        for (at, line) in lines {
            match serde_json::from_str::<Entry>(line) {
                Ok(entry) => drop(replies.insert((entry.repeat, entry.question), entry.reply)),
                Err(_) if !text.ends_with('\n') && at + 1 == text.lines().count() => break,
                Err(source) => return Err(RecordingError::Line { line: at + 1, source }),
            }
        }
        Ok(Self { head, kept: Mutex::new(Kept { replies, fresh: Vec::new() }) })
    }

    /// What it was made of.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How many replies it has.
    pub fn len(&self) -> usize {
        self.lock().replies.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The memory of one repeat.
    pub fn of(self: &Arc<Self>, repeat: u32) -> Arc<dyn Memory> {
        Arc::new(OfRepeat { recording: Arc::clone(self), repeat })
    }

    /// The entries that came since the last call, to be appended to the file.
    pub fn take_fresh(&self) -> Vec<Entry> {
        std::mem::take(&mut self.lock().fresh)
    }

    /// The prompt files that have changed since it was made: what it holds may answer other questions.
    pub fn stale<'a>(&'a self, prompts: &'a BTreeMap<String, String>) -> Vec<&'a str> {
        let names = self.head.prompts.keys().chain(prompts.keys());
        let mut changed: Vec<&str> = names
            .filter(|name| self.head.prompts.get(*name) != prompts.get(*name))
            .map(String::as_str)
            .collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Head {
    /// Stands for model, server and what that can do: replies of one never serve for another. Limits, prices and the
    /// number of questions at once do not change an answer.
    pub fn key(&self) -> String {
        key(&self.model)
    }
}

/// The same of settings alone.
pub fn key(model: &ModelSettings) -> String {
    let said = serde_json::json!([model.base_url, model.model, model.supports]).to_string();
    Sha256::digest(said.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

struct OfRepeat {
    recording: Arc<Recording>,
    repeat: u32,
}

impl Memory for OfRepeat {
    fn recall(&self, question: &str) -> Option<ModelReply> {
        self.recording.lock().replies.get(&(self.repeat, question.to_owned())).cloned()
    }

    fn keep(&self, question: &str, reply: &ModelReply) {
        let mut kept = self.recording.lock();
        kept.replies.insert((self.repeat, question.to_owned()), reply.clone());
        kept.fresh.push(Entry { repeat: self.repeat, question: question.to_owned(), reply: reply.clone() });
    }
}

#[cfg(test)]
mod tests {
    use tools::model::Content;

    use super::*;

    fn reply(text: &str) -> ModelReply {
        ModelReply {
            content: Content::Text(text.to_owned()),
            usage: None,
            model: "m".to_owned(),
            attempts: Vec::new(),
            elapsed_ms: 7,
            cost: None,
        }
    }

    fn recording() -> Arc<Recording> {
        let prompts = BTreeMap::from([("sa.yaml".to_owned(), "1".to_owned())]);
        Arc::new(Recording::new(ModelSettings::new("http://127.0.0.1:9/v1", "m"), prompts))
    }

    fn text(recording: &Recording) -> String {
        let mut text = serde_json::to_string(recording.head()).unwrap() + "\n";
        for entry in recording.take_fresh() {
            text += &(serde_json::to_string(&entry).unwrap() + "\n");
        }
        text
    }

    #[test]
    fn a_reply_is_known_again_in_its_repeat_only() {
        let made = recording();
        made.of(1).keep("q", &reply("one"));
        made.of(2).keep("q", &reply("two"));
        let read = Arc::new(Recording::parse(&text(&made)).unwrap());
        let said = |repeat| read.of(repeat).recall("q").map(|reply| reply.content);
        assert_eq!(said(1), Some(Content::Text("one".to_owned())));
        assert_eq!(said(2), Some(Content::Text("two".to_owned())));
        assert_eq!(said(3), None);
        assert!(read.take_fresh().is_empty(), "what was read need not be written");
    }

    #[test]
    fn a_cut_last_line_costs_one_reply() {
        let made = recording();
        made.of(1).keep("a", &reply("one"));
        made.of(1).keep("b", &reply("two"));
        let whole = text(&made);
        for cut in whole.find('\n').unwrap() + 1..whole.len() {
            let read = Recording::parse(&whole[..cut]).unwrap_or_else(|error| panic!("{cut}: {error}"));
            assert!(read.len() <= 2);
        }
        let broken = whole.replacen("\"repeat\":1", "\"repeat\":x", 1);
        assert!(matches!(Recording::parse(&broken), Err(RecordingError::Line { line: 2, .. })));
        assert!(matches!(Recording::parse(""), Err(RecordingError::Head(_))));
    }

    #[test]
    fn other_prompts_make_it_stale_and_other_models_another() {
        let made = recording();
        assert!(made.stale(&made.head().prompts).is_empty());
        let now =
            BTreeMap::from([("sa.yaml".to_owned(), "2".to_owned()), ("ca.yaml".to_owned(), "1".to_owned())]);
        assert_eq!(made.stale(&now), ["ca.yaml", "sa.yaml"]);
        let mut other = made.head().model.clone();
        other.concurrency += 1;
        assert_eq!(key(&other), made.head().key());
        other.supports.tools = !other.supports.tools;
        assert_ne!(key(&other), made.head().key());
    }
}
