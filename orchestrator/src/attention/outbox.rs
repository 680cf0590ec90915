//! The notices of one account that are not settled yet, as its state keeps them. A notice that came in once
//! does not come in again, and one that is taken out is taken out with its reason.
//!
//! ```text
//! add ─► waiting ─► reported: through, failed, held ─► settled, once no channel is left to try
//!           └────► silenced, with why
//! ```
//!
//! It must not know channels' workings, nor when anything is sent.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use infohub::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::held::Held;
use super::notice::{Kind, Notice, NoticeId};
use crate::step::Effect;

/// The most notices of one account that wait at a time.
const MOST_WAITING: usize = 200;
/// How many settled notices are remembered, so that they do not come in again.
const MOST_SETTLED: usize = 256;
/// The most characters of a notice's words.
const MOST_WORDS: usize = 2_000;
/// The most characters of a title, a source, or a reason.
const MOST_LINE: usize = 200;

/// The notices of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outbox {
    /// Those that are not settled.
    pub waiting: Vec<Waiting>,
    /// The newest that are.
    settled: VecDeque<NoticeId>,
}

/// A notice that is not settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The notice.
    pub notice: Notice,
    /// Why it was held back last, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// What has become of it on each channel that was tried.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub channels: BTreeMap<Way, Delivery>,
}

/// A way to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The file in the workspace.
    Inbox,
    /// E-mail.
    Mail,
    /// Chat.
    Chat,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Inbox => "inbox",
            Self::Mail => "mail",
            Self::Chat => "chat",
        })
    }
}

/// What has become of a notice on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Delivery {
    /// It got through.
    Through {
        /// When.
        at: Timestamp,
    },
    /// It did not, and is tried again.
    Failed {
        /// How often it was tried.
        attempts: u32,
        /// When it is tried again.
        next: Timestamp,
        /// What went wrong last.
        why: String,
    },
    /// It did not, and is not tried again.
    GivenUp {
        /// What went wrong last.
        why: String,
    },
}

/// What a sender reports of one notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The notice.
    pub notice: NoticeId,
    /// What happened.
    pub came: Vec<Came>,
    /// All channels that it is to go out on. It is settled when none of them is left to try.
    pub ways: Vec<Way>,
}

/// One thing that happened to a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "came")]
pub enum Came {
    /// It got through.
    Through {
        /// On which channel.
        by: Way,
        /// To whom: the person, or who stands in.
        to: PersonId,
        /// Whether it went out as part of a digest.
        digest: bool,
    },
    /// It did not get through.
    Failed {
        /// On which channel.
        by: Way,
        /// What went wrong.
        why: String,
        /// When it is tried again; never without one.
        next: Option<Timestamp>,
    },
    /// It is held back.
    Held(Held),
}

impl Outbox {
    /// Whether nothing was ever put in.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.settled.is_empty()
    }

    /// Takes a notice in, unless it came in before. A reminder of an item takes the place of the same rule's
    /// earlier one that still waits: only the later is true.
    pub fn add(&mut self, notice: Notice) -> Vec<Effect> {
        if self.settled.contains(&notice.id) || self.waiting.iter().any(|old| old.notice.id == notice.id) {
            return Vec::new();
        }
        let notice = bounded(notice);
        let overtaken = |old: &Notice| {
            let same = old.to == notice.to && old.about == notice.about && old.source == notice.source;
            let overtaken = same && old.kind == Kind::Nudge && notice.kind == Kind::Nudge;
            overtaken.then(|| format!("a later reminder took its place: {}", notice.id))
        };
        let mut effects = self.silence(overtaken);
        effects.insert(0, Effect::Noticed { notice: Box::new(notice.clone()) });
        self.waiting.push(Waiting { notice, held: None, channels: BTreeMap::new() });
        effects.extend(self.drop_excess());
        effects
    }

    /// Takes out those for which `why` gives a reason.
    pub fn silence(&mut self, why: impl Fn(&Notice) -> Option<String>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for waiting in std::mem::take(&mut self.waiting) {
            match why(&waiting.notice) {
                Some(why) => {
                    self.settle(waiting.notice.id.clone());
                    effects.push(Effect::Silenced { notice: waiting.notice.id, to: waiting.notice.to, why });
                }
                None => self.waiting.push(waiting),
            }
        }
        effects
    }

    /// Takes a sender's report in. What it says of a notice that does not wait is passed over.
    pub fn report(&mut self, report: &Report, now: Timestamp) -> Vec<Effect> {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.notice.id == report.notice) else {
            return Vec::new();
        };
        let waiting = &mut self.waiting[at];
        let mut effects: Vec<Effect> =
            report.came.iter().filter_map(|came| waiting.take(came, now)).collect();
        if waiting.is_settled(&report.ways) {
            let Waiting { notice, channels, .. } = self.waiting.remove(at);
            if effects.is_empty() {
                let why =
                    if channels.is_empty() { "no channel is set up" } else { "no channel is left to try" };
                effects.push(Effect::Silenced {
                    notice: notice.id.clone(),
                    to: notice.to,
                    why: why.to_owned(),
                });
            }
            self.settle(notice.id);
        }
        effects
    }

    fn settle(&mut self, id: NoticeId) {
        self.settled.push_back(id);
        let excess = self.settled.len().saturating_sub(MOST_SETTLED);
        self.settled.drain(..excess);
    }

    /// Takes the least pressing out while there are too many.
    fn drop_excess(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while self.waiting.len() > MOST_WAITING {
            let least =
                self.waiting.iter().map(|waiting| &waiting.notice).max_by_key(|notice| notice.order());
            let Some(least) = least.map(|notice| notice.id.clone()) else { break };
            let why =
                || format!("over {MOST_WAITING} notices of the account wait, and this is the least pressing");
            effects.extend(self.silence(|notice| (notice.id == least).then(why)));
        }
        effects
    }
}

impl Waiting {
    fn take(&mut self, came: &Came, now: Timestamp) -> Option<Effect> {
        let notice = self.notice.id.clone();
        match came {
            Came::Through { by, to, digest } => {
                self.held = None;
                let known = self.channels.insert(*by, Delivery::Through { at: now });
                let news = !matches!(known, Some(Delivery::Through { .. }));
                news.then(|| Effect::Told { notice, to: to.clone(), by: *by, digest: *digest })
            }
            Came::Failed { by, why, next } => {
                let why = line(why);
                let attempts = match self.channels.get(by) {
                    // Somebody else got it through, or gave it up.
                    Some(Delivery::Through { .. } | Delivery::GivenUp { .. }) => return None,
                    Some(Delivery::Failed { attempts, .. }) => attempts.saturating_add(1),
                    None => 1,
                };
                let now_is = match next {
                    Some(next) => Delivery::Failed { attempts, next: *next, why: why.clone() },
                    None => Delivery::GivenUp { why: why.clone() },
                };
                self.channels.insert(*by, now_is);
                Some(Effect::NotTold { notice, by: *by, why, next: *next })
            }
            Came::Held(held) if self.held.as_ref().is_some_and(|known| known.says(held)) => None,
            Came::Held(held) => {
                self.held = Some(held.clone());
                Some(Effect::Held { notice, until: held.until, why: held.why.clone() })
            }
        }
    }

    fn is_settled(&self, ways: &[Way]) -> bool {
        ways.iter().all(|way| {
            matches!(self.channels.get(way), Some(Delivery::Through { .. } | Delivery::GivenUp { .. }))
        })
    }

    /// How often the channel was tried without success.
    pub fn attempts(&self, way: Way) -> u32 {
        match self.channels.get(&way) {
            Some(Delivery::Failed { attempts, .. }) => *attempts,
            _ => 0,
        }
    }
}

fn bounded(mut notice: Notice) -> Notice {
    notice.title = line(&notice.title);
    notice.source = line(&notice.source);
    if let Some((end, _)) = notice.words.char_indices().nth(MOST_WORDS) {
        notice.words.truncate(end);
    }
    notice
}

fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(MOST_LINE).collect()
}
