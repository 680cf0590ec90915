//! One record and its form on disk.
//!
//! ```text
//! {"format":1,"number":2,"at":"2026-01-15T10:00:00Z","prev":"6f0c…",
//! "payload":{…},
//! "writes":[
//! {"path":"success_plan/csp_history/csp_v2_2026-01-15.yaml","change":"create","text":"…"},
//! {"path":"success_plan/csp.yaml","change":"replace","base":"91ab…","same_as":"success_plan/csp_history/…"}],
//! "hash":"b3d1…"}
//! ```
//!
//! The hash is the SHA-256 of the file without its last line, so `sed '$d' 00000002.json | sha256sum` prints it and
//! no tool of ours is needed to check a journal. JSON escapes line breaks, so these are all there are. A text that is
//! written to two places is kept once. Must not know where records lie, nor what a payload means.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::{Damage, FOLDER, Hash};
use crate::store::StorePath;

/// The form described above.
const FORMAT: u32 = 1;
const SEAL_START: &str = "\"hash\":\"";
const SEAL_END: &str = "\"}\n";
const SEAL_LEN: usize = SEAL_START.len() + 64 + SEAL_END.len();

/// One step of an account, as it was written.
#[derive(Debug, Clone)]
pub struct Record<P> {
    /// Counted from 1 without gaps.
    pub number: u64,
    /// When the step was decided, by the clock of whoever decided it.
    pub at: Timestamp,
    /// The hash of the record before this one; `Hash::NONE` for the first.
    pub prev: Hash,
    /// What the step was.
    pub payload: P,
    /// What files hold because of it.
    pub writes: Vec<Write>,
    /// The hash of this record.
    pub hash: Hash,
    /// Whether it is known to survive a power loss, because this process appended it.
    pub(super) durable: bool,
}

/// What a record is made from.
#[derive(Debug, Clone)]
pub struct Entry<P> {
    /// When the step was decided.
    pub at: Timestamp,
    /// What the step was.
    pub payload: P,
    /// What files are to hold because of it, in the order in which they are written.
    pub writes: Vec<Write>,
}

/// The full text of one file, which the record makes true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The file, from the account's folder on.
    pub path: StorePath,
    /// All that it holds. Give the same `Arc` to two writes and the record keeps the text once.
    pub text: Arc<str>,
    /// How it comes to hold it.
    pub change: Change,
}

/// How a file comes to hold its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The file is made once and never changed, as those of the history are.
    Create,
    /// The file is brought from one state to the next.
    Replace {
        /// The hash of what it held when the step was decided; `None` if there was no file.
        base: Option<Hash>,
    },
}

/// A record's place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
}

impl<P> Record<P> {
    /// The record's place in the chain, which the next one is appended after.
    pub fn link(&self) -> Link {
        Link { number: self.number, hash: self.hash }
    }
}

#[derive(Deserialize)]
struct RecordForm<P> {
    number: u64,
    at: Timestamp,
    prev: Hash,
    payload: P,
    writes: Vec<WriteForm<'static>>,
}

#[derive(Serialize, Deserialize)]
struct WriteForm<'a> {
    path: StorePath,
    change: ChangeForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_as: Option<StorePath>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeForm {
    Create,
    Replace,
}

/// Makes an entry a record and gives the bytes of its file.
pub(super) fn seal<P: Serialize>(
    number: u64,
    prev: Hash,
    entry: Entry<P>,
) -> Result<(Record<P>, Vec<u8>), serde_json::Error> {
    let Entry { at, payload, writes } = entry;
    let texts: usize = writes.iter().map(|write| write.text.len()).sum();
    let mut bytes = Vec::with_capacity(texts + texts / 8 + 1024);
    let head = format!("{{\"format\":{FORMAT},\"number\":{number},\"at\":\"{at}\",\"prev\":\"{prev}\",\n");
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(b"\"payload\":");
    serde_json::to_writer(&mut bytes, &payload)?;
    bytes.extend_from_slice(b",\n\"writes\":[");
    for (index, write) in writes.iter().enumerate() {
        bytes.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut bytes, &form_of(write, &writes[..index]))?;
    }
    bytes.extend_from_slice(b"],\n");
    let hash = Hash::of(&bytes);
    write!(bytes, "{SEAL_START}{hash}{SEAL_END}").map_err(serde_json::Error::io)?;
    Ok((Record { number, at, prev, payload, writes, hash, durable: true }, bytes))
}

/// Checks a record's file and reads it; the payload is read only if the bytes are those that were sealed.
pub(super) fn open<P: DeserializeOwned>(number: u64, bytes: &[u8]) -> Result<Record<P>, Damage> {
    let (body, stated) = split_seal(bytes).ok_or(Damage::Unsealed)?;
    let actual = Hash::of(body);
    if stated != actual {
        return Err(Damage::Hash { stated, actual });
    }
    check_format(bytes)?;
    let form: RecordForm<P> = serde_json::from_slice(bytes).map_err(|error| content(&error))?;
    if form.number != number {
        return Err(Damage::Number { stated: form.number });
    }
    let mut writes = Vec::with_capacity(form.writes.len());
    for form in form.writes {
        let write = write_of(form, &writes)?;
        writes.push(write);
    }
    if let Some(path) = misplaced(&writes) {
        return Err(Damage::Content { message: format!("writes {path} twice, or into the journal itself") });
    }
    let RecordForm { number, at, prev, payload, .. } = form;
    Ok(Record { number, at, prev, payload, writes, hash: stated, durable: false })
}

/// The first path that no record may write: one that it wrote already, or a record.
pub(super) fn misplaced(writes: &[Write]) -> Option<&StorePath> {
    let mut seen = HashSet::with_capacity(writes.len());
    let paths = writes.iter().map(|write| &write.path);
    let in_journal = |path: &StorePath| {
        path.as_str().strip_prefix(FOLDER).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    paths.into_iter().find(|path| in_journal(path) || !seen.insert(*path))
}

/// Whether a record's file ends with this hash; what stands before it is not looked at.
pub(super) fn sealed_as(bytes: &[u8], hash: Hash) -> bool {
    split_seal(bytes).is_some_and(|(_, stated)| stated == hash)
}

/// What a payload is read as when it is not to be understood.
pub(super) type Unread = IgnoredAny;

fn split_seal(bytes: &[u8]) -> Option<(&[u8], Hash)> {
    let (body, seal) = bytes.split_at_checked(bytes.len().checked_sub(SEAL_LEN)?)?;
    let hash = std::str::from_utf8(seal).ok()?.strip_prefix(SEAL_START)?.strip_suffix(SEAL_END)?;
    Some((body, hash.parse().ok()?))
}

/// The form is the first thing in the file, so that it can be told before anything else is understood.
fn check_format(bytes: &[u8]) -> Result<(), Damage> {
    #[derive(Deserialize)]
    struct Form {
        format: u32,
    }
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut object = first_line.strip_suffix(b",").unwrap_or(first_line).to_vec();
    object.push(b'}');
    match serde_json::from_slice(&object).map_err(|error| content(&error))? {
        Form { format: FORMAT } => Ok(()),
        Form { format } => Err(Damage::Format { format }),
    }
}

fn form_of<'a>(write: &'a Write, earlier: &[Write]) -> WriteForm<'a> {
    let (change, base) = match write.change {
        Change::Create => (ChangeForm::Create, None),
        Change::Replace { base } => (ChangeForm::Replace, base),
    };
    let same = earlier.iter().find(|other| Arc::ptr_eq(&other.text, &write.text));
    let (text, same_as) = match same {
        Some(other) => (None, Some(other.path.clone())),
        None => (Some(Cow::Borrowed(&*write.text)), None),
    };
    WriteForm { path: write.path.clone(), change, base, text, same_as }
}

fn write_of(form: WriteForm<'_>, earlier: &[Write]) -> Result<Write, Damage> {
    let same = form.same_as.as_ref().and_then(|path| earlier.iter().find(|other| other.path == *path));
    let text = match (form.text, same) {
        (Some(text), None) => Arc::from(text),
        (None, Some(other)) => Arc::clone(&other.text),
        _ => {
            let message = format!("the write of {} has no text of its own or of one before it", form.path);
            return Err(Damage::Content { message });
        }
    };
    let change = match form.change {
        ChangeForm::Create => Change::Create,
        ChangeForm::Replace => Change::Replace { base: form.base },
    };
    Ok(Write { path: form.path, text, change })
}

fn content(error: &serde_json::Error) -> Damage {
    Damage::Content { message: error.to_string() }
}
