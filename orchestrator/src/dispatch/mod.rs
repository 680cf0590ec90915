//! Sends what waits in the accounts' outboxes, within each person's budget of attention.
//!
//! ```text
//! outboxes of all accounts ─► who gets it ─► plan ─► slot, inbox ─► mail, chat ─► journal (Input::Told)
//!                                             ▲                                        │
//!                                             └─── until all that is left must wait ◄──┘
//! ```
//!
//! It can be killed anywhere: a slot names its notice, and what the journal does not know to be sent is sent again
//! under the same id. Nothing here decides what people are told; it must not know rules or plans.

mod desk;
mod letter;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use infohub::ids::{AccountSlug, PersonId};
use infohub::team::Person;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tools::channel::{Channel, ChannelFault, Message};

use crate::attention::{
    Came, Held, Ledger, Notice, NoticeId, USUAL_BUDGET, Waiting, Way, digest_message, message, receiver,
};
use crate::calendar::Calendar;
use crate::intake::Orchestrator;
use crate::work::Clock;
use desk::{Desk, Next, Sending};
use letter::{Letter, Outcomes};

/// How often in a row another process may be faster before a person's notices are left for later.
const MOST_LOST: u32 = 20;
/// How long is waited after files could not be read or written.
const AFTER_TROUBLE: SignedDuration = SignedDuration::from_mins(1);

/// What one account has to say to people.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The account.
    pub account: AccountSlug,
    /// Its notices that wait.
    pub waiting: Vec<Waiting>,
}

/// What a round tells while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A message went out; the inbox has it in any case.
    Sent {
        /// Who got it.
        person: PersonId,
        /// Its subject.
        subject: String,
        /// The notices in it.
        notices: Vec<NoticeId>,
        /// The channels that it got through on.
        by: Vec<Way>,
    },
    /// A message did not get through on a channel.
    Failed {
        /// Who was to get it.
        person: PersonId,
        /// Which channel.
        by: Way,
        /// What went wrong.
        why: String,
    },
    /// Files could not be read or written; it is tried again.
    Trouble {
        /// The account or person.
        at: String,
        /// What went wrong.
        why: String,
    },
}

/// Sends notices. One for a process.
pub struct Dispatcher {
    channels: Vec<Channel>,
    calendar: Arc<Calendar>,
    budget: u8,
    /// What this process calls itself in the ledger.
    name: Arc<str>,
    /// Until when each notice need not be looked at. It saves looking and is no truth.
    asleep: Mutex<HashMap<NoticeId, Timestamp>>,
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dispatcher({:?})", self.channels)
    }
}

/// What a round works with.
struct Round<'a> {
    orchestrator: &'a Arc<Orchestrator>,
    clock: &'a Clock,
    stop: &'a CancellationToken,
    tell: &'a (dyn Fn(News) + Send + Sync),
}

impl Dispatcher {
    /// A dispatcher that sends on these channels besides the inbox. `budget` is the number of messages that a
    /// person gets on a day besides the digest; there is a usual one.
    pub fn new(channels: Vec<Channel>, calendar: Arc<Calendar>, budget: Option<u8>) -> Self {
        Self {
            channels,
            calendar,
            budget: budget.unwrap_or(USUAL_BUDGET),
            name: Ledger::new_name().into(),
            asleep: Mutex::default(),
        }
    }

    /// The channels, for whoever sends next.
    pub fn into_channels(self) -> Vec<Channel> {
        self.channels
    }

    /// Whether any of the notices is to be looked at now.
    pub fn is_due(&self, outgoing: &[Outgoing], now: Timestamp) -> bool {
        let asleep = self.asleep();
        let due = |waiting: &Waiting| asleep.get(&waiting.notice.id).is_none_or(|until| *until <= now);
        outgoing.iter().flat_map(|outgoing| &outgoing.waiting).any(due)
    }

    /// Sends what may be sent, and notes why the rest waits. Each message is finished that was begun when `stop` came.
    pub async fn round(
        &self,
        orchestrator: &Arc<Orchestrator>,
        outgoing: Vec<Outgoing>,
        clock: &Clock,
        stop: &CancellationToken,
        tell: &(dyn Fn(News) + Send + Sync),
    ) {
        let round = Round { orchestrator, clock, stop, tell };
        self.forget_others(&outgoing);
        let mut people: BTreeMap<PersonId, (Person, Vec<Arc<Letter>>)> = BTreeMap::new();
        let mut nobody: Vec<(Arc<Letter>, Held)> = Vec::new();
        let now = clock();
        for letter in letters(outgoing) {
            let team = &orchestrator.policy().team;
            match receiver(team, &letter.waiting.notice.to, now, &self.calendar) {
                Ok((person, _)) => {
                    let entry = people.entry(person.id.clone());
                    entry.or_insert_with(|| (person.clone(), Vec::new())).1.push(Arc::new(letter));
                }
                Err(held) => nobody.push((Arc::new(letter), held)),
            }
        }
        self.hold_for_nobody(&round, nobody).await;
        // A channel that is dead is not tried again for each message of the round.
        let mut dead = BTreeMap::new();
        for (person, letters) in people.into_values() {
            if self.any_due(&letters, now) {
                self.serve(&round, person, letters, &mut dead).await;
            }
        }
    }

    /// Sends one person's messages until all that is left must wait.
    async fn serve(
        &self,
        round: &Round<'_>,
        person: Person,
        mut letters: Vec<Arc<Letter>>,
        dead: &mut BTreeMap<Way, ChannelFault>,
    ) {
        let desk = self.desk(round, person);
        let mut lost = 0;
        while !letters.is_empty() && !round.stop.is_cancelled() {
            let now = (round.clock)();
            let (at, copies) = (desk.clone(), letters.clone());
            let next = blocking(move || at.next(&copies, now)).await;
            let (outcomes, ended) = match next {
                Ok(Ok(Next::Send(sending))) => {
                    (self.send(round, &desk, &sending, &letters, dead).await, false)
                }
                Ok(Ok(Next::Over(over))) => (over.into_iter().map(|at| (at, Vec::new())).collect(), false),
                Ok(Ok(Next::Rest(rest))) => (held(rest), true),
                Ok(Ok(Next::Lost)) if lost < MOST_LOST => {
                    lost += 1;
                    continue;
                }
                Ok(Ok(Next::Lost)) => return self.sleep_all(&letters, now),
                Ok(Err(error)) => return self.trouble(round, desk.person.id.as_str(), error, &letters),
                Err(error) => return self.trouble(round, desk.person.id.as_str(), error, &letters),
            };
            lost = 0;
            self.record(round, &desk, &letters, outcomes.clone()).await;
            if ended {
                return;
            }
            let mut at = 0;
            letters.retain(|_| (!outcomes.contains_key(&at), at += 1).0);
        }
    }

    /// Sends one message on each channel that is open for any of its letters.
    async fn send(
        &self,
        round: &Round<'_>,
        desk: &Desk,
        sending: &Sending,
        letters: &[Arc<Letter>],
        dead: &mut BTreeMap<Way, ChannelFault>,
    ) -> Outcomes {
        let now = sending.moment.now;
        let mut outcomes: Outcomes = sending.letters.iter().map(|at| (*at, Vec::new())).collect();
        let mut by = Vec::new();
        let (subject, _) = words(desk, sending, &sending.letters, letters);
        for way in desk.ways.iter().copied() {
            let ready = |at: &usize| letters[*at].ready(&desk.ways, now).any(|ready| ready == way);
            let members: Vec<usize> = sending.letters.iter().copied().filter(ready).collect();
            if members.is_empty() {
                continue;
            }
            let sent = match way {
                // The desk has put it there before anything else.
                Way::Inbox => Ok(()),
                Way::Mail | Way::Chat => self.post(way, desk, sending, &members, letters, dead).await,
            };
            match &sent {
                Ok(()) => by.push(way),
                Err(fault) => {
                    let why = fault.to_string();
                    (round.tell)(News::Failed { person: desk.person.id.clone(), by: way, why });
                }
            }
            for at in members {
                let came = match &sent {
                    Ok(()) => Came::Through { by: way, to: desk.person.id.clone(), digest: sending.digest },
                    Err(fault) => letters[at].failed(way, fault, now),
                };
                outcomes.entry(at).or_default().push(came);
            }
        }
        let notices = sending.letters.iter().map(|at| letters[*at].waiting.notice.id.clone()).collect();
        if !by.is_empty() {
            (round.tell)(News::Sent { person: desk.person.id.clone(), subject, notices, by });
        }
        outcomes
    }

    async fn post(
        &self,
        way: Way,
        desk: &Desk,
        sending: &Sending,
        members: &[usize],
        letters: &[Arc<Letter>],
        dead: &mut BTreeMap<Way, ChannelFault>,
    ) -> Result<(), ChannelFault> {
        if let Some(fault) = dead.get(&way) {
            return Err(fault.clone());
        }
        let Some(channel) = self.channels.iter().find(|channel| way_of(channel) == way) else {
            return Err(ChannelFault::Unsendable { why: "the channel is not set up".to_owned() });
        };
        let (subject, text) = words(desk, sending, members, letters);
        // Many people read one chat.
        let subject = if way == Way::Chat { format!("{}: {subject}", desk.person.name) } else { subject };
        let message = Message { id: sending.id.clone(), to: desk.person.email.clone(), subject, text };
        let sent = channel.send(&message).await;
        if let Err(fault @ ChannelFault::Unreached { .. }) = &sent {
            dead.insert(way, fault.clone());
        }
        sent
    }

    async fn record(&self, round: &Round<'_>, desk: &Desk, letters: &[Arc<Letter>], outcomes: Outcomes) {
        let now = (round.clock)();
        for (at, came) in &outcomes {
            self.sleep(&letters[*at].waiting.notice.id, until(came, now));
        }
        let (desk, copies) = (desk.clone(), letters.to_vec());
        let ways = Arc::clone(&desk.ways);
        match blocking(move || desk.record(&copies, &outcomes, &ways, now)).await {
            Ok(failed) => {
                for (account, error) in failed {
                    let theirs: Vec<_> =
                        letters.iter().filter(|letter| letter.account == account).cloned().collect();
                    self.trouble(round, account.as_str(), error, &theirs);
                }
            }
            Err(error) => self.trouble(round, "the journal", error, letters),
        }
    }

    /// Notes why letters wait that nobody gets now.
    async fn hold_for_nobody(&self, round: &Round<'_>, nobody: Vec<(Arc<Letter>, Held)>) {
        let (letters, holds): (Vec<_>, Vec<_>) = nobody.into_iter().unzip();
        let now = (round.clock)();
        let Some(first) = letters.first().filter(|_| self.any_due(&letters, now)) else { return };
        let person = Person {
            id: first.waiting.notice.to.clone(),
            name: String::new(),
            email: None,
            roles: Vec::new(),
            time_zone: None,
            manager: None,
            away: Vec::new(),
        };
        let desk = self.desk(round, person);
        self.record(round, &desk, &letters, held(holds.into_iter().enumerate().collect())).await;
    }

    fn desk(&self, round: &Round<'_>, person: Person) -> Desk {
        let has_mail = person.email.is_some();
        let ways = self.channels.iter().map(way_of).filter(|way| *way != Way::Mail || has_mail);
        Desk {
            orchestrator: Arc::clone(round.orchestrator),
            calendar: Arc::clone(&self.calendar),
            budget: self.budget,
            name: Arc::clone(&self.name),
            person: Arc::new(person),
            ways: std::iter::once(Way::Inbox).chain(ways).collect(),
        }
    }

    fn trouble(&self, round: &Round<'_>, at: &str, error: impl fmt::Display, letters: &[Arc<Letter>]) {
        (round.tell)(News::Trouble { at: at.to_owned(), why: error.to_string() });
        self.sleep_all(letters, (round.clock)());
    }

    fn sleep_all(&self, letters: &[Arc<Letter>], now: Timestamp) {
        for letter in letters {
            self.sleep(&letter.waiting.notice.id, now.checked_add(AFTER_TROUBLE).unwrap_or(Timestamp::MAX));
        }
    }

    fn sleep(&self, notice: &NoticeId, until: Timestamp) {
        self.asleep().insert(notice.clone(), until);
    }

    fn any_due(&self, letters: &[Arc<Letter>], now: Timestamp) -> bool {
        let asleep = self.asleep();
        letters.iter().any(|letter| asleep.get(&letter.waiting.notice.id).is_none_or(|until| *until <= now))
    }

    /// Forgets notices that wait no more.
    fn forget_others(&self, outgoing: &[Outgoing]) {
        let waiting: HashSet<&NoticeId> = outgoing
            .iter()
            .flat_map(|outgoing| outgoing.waiting.iter().map(|waiting| &waiting.notice.id))
            .collect();
        self.asleep().retain(|notice, _| waiting.contains(notice));
    }

    fn asleep(&self) -> MutexGuard<'_, HashMap<NoticeId, Timestamp>> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn letters(outgoing: Vec<Outgoing>) -> impl Iterator<Item = Letter> {
    outgoing.into_iter().flat_map(|Outgoing { account, waiting }| {
        waiting.into_iter().map(move |waiting| Letter { account: account.clone(), waiting })
    })
}

fn way_of(channel: &Channel) -> Way {
    match channel {
        Channel::Mail(_) => Way::Mail,
        Channel::Chat(_) => Way::Chat,
    }
}

fn held(holds: Vec<(usize, Held)>) -> Outcomes {
    holds.into_iter().map(|(at, held)| (at, vec![Came::Held(held)])).collect()
}

/// When a letter is to be looked at again after this.
fn until(came: &[Came], now: Timestamp) -> Timestamp {
    let nexts = came.iter().filter_map(|came| match came {
        Came::Failed { next, .. } => *next,
        Came::Held(held) => Some(held.until),
        Came::Through { .. } => None,
    });
    // What is through is settled by its record; should that fail, it is looked at again in a while.
    nexts.min().unwrap_or_else(|| now.checked_add(AFTER_TROUBLE).unwrap_or(Timestamp::MAX))
}

fn words(desk: &Desk, sending: &Sending, members: &[usize], letters: &[Arc<Letter>]) -> (String, String) {
    let today = sending.moment.today();
    let told = |at: &usize| -> (&Notice, Option<&str>) {
        let notice = &letters[*at].waiting.notice;
        (notice, desk.stands_in_for(&notice.to))
    };
    match members {
        [at] if !sending.digest => {
            let (notice, stands_in_for) = told(at);
            message(notice, stands_in_for, today)
        }
        _ => digest_message(&members.iter().map(told).collect::<Vec<_>>(), today),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    tokio::task::spawn_blocking(work).await
}
