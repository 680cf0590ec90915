//! One attention budget per person, over all accounts, rules and agents: what is sent now, what goes into the
//! digest, what is held back, until when and why. Pure: the moment, the notices and the day's ledger are arguments.
//!
//! ```text
//! office closed ─────────────────────────────► hold until it opens
//! begun today, or before a crash ────────────► the same slot again
//! a reminder of an item that had one today ──► hold until the next opening
//! over budget yesterday ─────────────────────► digest
//! a slot of the day is free ─────────────────► send on its own
//! waited over this morning's opening ────────► digest, if it has not gone out
//! else ──────────────────────────────────────► hold until the next opening, then digest
//! ```
//!
//! It must not know channels, files, or what a notice says.

mod held;
mod inbox;
mod ledger;
mod notice;
mod outbox;
mod receiver;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

pub use held::{Held, Why};
pub use inbox::{Inbox, InboxEntry};
pub use ledger::{Day, Digest, Ledger, LedgerError, ROOT, Taken};
pub use notice::{About, Kind, Notice, NoticeId, Priority, reminder_words};
pub use outbox::{Came, Delivery, Outbox, Report, Waiting, Way};
pub use receiver::receiver;
pub use words::{Rung, digest_message, message};

use crate::calendar::{Moment, instant};

/// Messages that a person gets on a day besides the digest, unless set otherwise.
pub const USUAL_BUDGET: u8 = 5;
/// The most notices of one digest; more wait for the next.
const MOST_IN_DIGEST: usize = 100;

/// What a plan needs to know of a notice besides its content.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// Why it was held back last.
    pub held: Option<&'a Held>,
    /// When a channel may be tried again, if each one that is left has failed.
    pub not_before: Option<Timestamp>,
}

/// What is to be done with a notice now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The notice.
    pub notice: NoticeId,
    /// What.
    pub course: Course,
}

/// The three courses that a notice can take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Course {
    /// It is sent on its own, in this slot of the day.
    Send {
        /// From 1 on.
        slot: u8,
    },
    /// It is part of the day's digest.
    Digest,
    /// It waits.
    Hold(Held),
}

/// Plans for one person: `candidates` are all notices that wait for them, of all accounts, `budget` is the number
/// of messages a day, and the moment is in the person's time zone. The verdicts are in the order of pressing.
pub fn plan(moment: &Moment, budget: u8, candidates: &[Candidate<'_>], day: &Day) -> Vec<Verdict> {
    let mut sorted: Vec<_> = candidates.iter().collect();
    sorted.sort_by(|a, b| a.notice.order().cmp(&b.notice.order()));
    let closed = closed(moment);
    let mut desk = Desk::new(moment, budget, day);
    let mut courses: Vec<(NoticeId, Planned)> = Vec::with_capacity(sorted.len());
    for candidate in sorted {
        let planned = match &closed {
            Some(held) => Planned::Course(Course::Hold(held.clone())),
            None => desk.course(candidate),
        };
        courses.push((candidate.notice.id.clone(), planned));
    }
    courses
        .into_iter()
        .map(|(notice, planned)| Verdict {
            notice,
            course: match planned {
                Planned::Course(course) => course,
                Planned::ForDigest => desk.digest(),
            },
        })
        .collect()
}

/// Why nothing is sent now, and until when; nothing while the office is open where the person is.
fn closed(moment: &Moment) -> Option<Held> {
    let today = moment.today();
    if !moment.calendar.is_business_day(today) {
        return Some(Held { until: next_opening(moment), why: Why::FreeDay { day: today } });
    }
    let open = moment.opening(today).is_some_and(|opening| opening <= moment.now)
        && instant(today, moment.calendar.closes, &moment.zone).is_none_or(|closing| moment.now < closing);
    // By the clock on the wall too: an hour that comes twice in autumn is quiet both times.
    let hour = moment.now.to_zoned(moment.zone.clone()).time();
    let wall = (moment.calendar.opens..moment.calendar.closes).contains(&hour);
    (!open || !wall).then(|| Held { until: next_opening(moment), why: Why::QuietHours })
}

/// The next instant at which the office opens where the person is.
pub fn next_opening(moment: &Moment) -> Timestamp {
    let opening = |day: Date| moment.opening(moment.calendar.on_or_after(day));
    let days = std::iter::successors(Some(moment.today()), |day| day.tomorrow().ok());
    let next = days.take(4).filter_map(opening).find(|at| *at > moment.now);
    // At the end of the calendar there is no next day; a minute keeps whoever waits from spinning.
    next.unwrap_or_else(|| {
        moment.now.saturating_add(jiff::SignedDuration::from_mins(1)).unwrap_or(Timestamp::MAX)
    })
}

/// The opening of the day itself.
fn opened(moment: &Moment) -> Timestamp {
    moment.opening(moment.today()).unwrap_or(Timestamp::MIN)
}

/// A course, or the wish for the digest, which is decided once it is known who else wants it.
enum Planned {
    Course(Course),
    ForDigest,
}

/// The day's slots while they are given away.
struct Desk<'a> {
    moment: &'a Moment,
    budget: u8,
    day: &'a Day,
    free: Vec<u8>,
    /// Items that had a reminder today or are about to.
    reminded: BTreeMap<String, NoticeId>,
    in_digest: usize,
}

impl<'a> Desk<'a> {
    fn new(moment: &'a Moment, budget: u8, day: &'a Day) -> Self {
        let taken: BTreeSet<u8> = day.singles.keys().copied().collect();
        let room = usize::from(budget).saturating_sub(taken.len());
        let mut free: Vec<u8> = (1..=budget).filter(|slot| !taken.contains(slot)).take(room).collect();
        free.reverse();
        let reminded = day.items.iter().map(|(item, taken)| (item.clone(), taken.notice.clone())).collect();
        Self { moment, budget, day, free, reminded, in_digest: 0 }
    }

    fn course(&mut self, candidate: &Candidate<'_>) -> Planned {
        let Candidate { notice, held, not_before } = *candidate;
        let waits = not_before.filter(|at| *at > self.moment.now);
        if let Some((course, underway)) = self.day.begun(&notice.id) {
            let hold = |until, why| Planned::Course(Course::Hold(Held { until, why }));
            return match (underway.filter(|until| *until > self.moment.now), waits) {
                (Some(until), _) => hold(until, Why::Underway),
                (None, Some(until)) => hold(until, Why::Retry),
                (None, None) => Planned::Course(course),
            };
        }
        if let Some(until) = waits {
            return Planned::Course(Course::Hold(Held { until, why: Why::Retry }));
        }
        let same = self.day.items.get(&notice.about.key()).filter(|taken| taken.notice == notice.id);
        if let Some(until) = same.and_then(|taken| taken.underway).filter(|until| *until > self.moment.now) {
            return Planned::Course(Course::Hold(Held { until, why: Why::Underway }));
        }
        if !self.may_remind(notice) {
            return self.hold(Why::ItemHadOne);
        }
        let surplus = held.is_some_and(|held| matches!(held.why, Why::BudgetUsed { .. }));
        if let (false, Some(slot)) = (surplus, self.free.last().copied()) {
            self.free.pop();
            self.note(notice);
            return Planned::Course(Course::Send { slot });
        }
        if self.day.digest.is_none() && (surplus || notice.since < opened(self.moment)) {
            self.note(notice);
            return Planned::ForDigest;
        }
        self.hold(Why::BudgetUsed { messages: self.budget })
    }

    fn may_remind(&self, notice: &Notice) -> bool {
        let other = || self.reminded.get(&notice.about.key()).is_some_and(|first| *first != notice.id);
        notice.kind != Kind::Nudge || !other()
    }

    fn note(&mut self, notice: &Notice) {
        if notice.kind == Kind::Nudge {
            self.reminded.insert(notice.about.key(), notice.id.clone());
        }
    }

    fn hold(&self, why: Why) -> Planned {
        Planned::Course(Course::Hold(Held { until: next_opening(self.moment), why }))
    }

    fn digest(&mut self) -> Course {
        self.in_digest += 1;
        if self.in_digest <= MOST_IN_DIGEST {
            return Course::Digest;
        }
        let why = Why::BudgetUsed { messages: self.budget };
        Course::Hold(Held { until: next_opening(self.moment), why })
    }
}

#[cfg(test)]
mod tests;
