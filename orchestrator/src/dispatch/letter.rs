//! A notice on its way: which channels are left to try, when, and how long to wait after a failure. Pure.

use std::collections::BTreeMap;

use infohub::ids::AccountSlug;
use jiff::{SignedDuration, Timestamp};
use tools::channel::ChannelFault;

use crate::attention::{Came, Candidate, Delivery, Waiting, Way};

/// How long to wait after each failure; after the last one a channel is given up.
const WAITS: [SignedDuration; 5] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(6),
];
/// The longest that a receiver may ask to wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// A notice that waits in an account's outbox.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// The account.
    pub account: AccountSlug,
    /// The notice, and what has become of it.
    pub waiting: Waiting,
}

impl Letter {
    /// Those of the channels that are neither through nor given up.
    pub fn open<'a>(&'a self, ways: &'a [Way]) -> impl Iterator<Item = Way> + 'a {
        let closed = |way: &Way| {
            matches!(
                self.waiting.channels.get(way),
                Some(Delivery::Through { .. } | Delivery::GivenUp { .. })
            )
        };
        ways.iter().copied().filter(move |way| !closed(way))
    }

    /// Those of them that may be tried now.
    pub fn ready<'a>(&'a self, ways: &'a [Way], now: Timestamp) -> impl Iterator<Item = Way> + 'a {
        self.open(ways).filter(move |way| self.next(*way).is_none_or(|next| next <= now))
    }

    fn next(&self, way: Way) -> Option<Timestamp> {
        match self.waiting.channels.get(&way) {
            Some(Delivery::Failed { next, .. }) => Some(*next),
            _ => None,
        }
    }

    /// The letter as the plan sees it.
    pub fn candidate(&self, ways: &[Way]) -> Candidate<'_> {
        let nexts: Vec<Option<Timestamp>> = self.open(ways).map(|way| self.next(way)).collect();
        let not_before =
            if nexts.iter().any(Option::is_none) { None } else { nexts.into_iter().flatten().min() };
        Candidate { notice: &self.waiting.notice, held: self.waiting.held.as_ref(), not_before }
    }

    /// Whether the inbox has it.
    pub fn arrived(&self) -> bool {
        matches!(self.waiting.channels.get(&Way::Inbox), Some(Delivery::Through { .. }))
    }

    /// What is reported of a failure: when it is tried again, or that it is not.
    pub fn failed(&self, by: Way, fault: &ChannelFault, now: Timestamp) -> Came {
        let before = usize::try_from(self.waiting.attempts(by)).unwrap_or(usize::MAX);
        let asked = match fault {
            ChannelFault::Later { wait_s: Some(wait), .. } => {
                SignedDuration::from_secs(i64::try_from(*wait).unwrap_or(i64::MAX)).min(LONGEST_WAIT)
            }
            _ => SignedDuration::ZERO,
        };
        let wait = WAITS.get(before).filter(|_| fault.is_transient()).map(|wait| asked.max(*wait));
        let next = wait.map(|wait| now.checked_add(wait).unwrap_or(Timestamp::MAX));
        Came::Failed { by, why: fault.to_string(), next }
    }
}

/// What was reported, by letter.
pub(super) type Outcomes = BTreeMap<usize, Vec<Came>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attention::{About, Kind, Notice, NoticeId, Priority};

    fn letter(attempts: u32) -> Letter {
        let about = About { account: "acme".parse().unwrap(), item: None };
        let to = "mira".parse().unwrap();
        let notice = Notice {
            id: NoticeId::of(&about, &to, "a rule", "once"),
            to,
            about,
            kind: Kind::Task,
            priority: Priority::Normal,
            title: "Plan".into(),
            words: "Look at it".into(),
            due: None,
            source: "a rule".into(),
            work: None,
            since: Timestamp::UNIX_EPOCH,
        };
        let failed = Delivery::Failed { attempts, next: Timestamp::UNIX_EPOCH, why: "gone".into() };
        let channels = if attempts == 0 { BTreeMap::new() } else { BTreeMap::from([(Way::Mail, failed)]) };
        Letter { account: "acme".parse().unwrap(), waiting: Waiting { notice, held: None, channels } }
    }

    fn check(attempts: u32, fault: &ChannelFault, expected: Option<i64>) {
        let Came::Failed { next, .. } = letter(attempts).failed(Way::Mail, fault, Timestamp::UNIX_EPOCH)
        else {
            panic!("a failure is a failure");
        };
        assert_eq!(next.map(Timestamp::as_second), expected, "{attempts} {fault}");
    }

    #[test]
    fn failures_are_tried_again_ever_later_and_not_for_ever() {
        let gone = ChannelFault::Unreached { why: "gone".into() };
        check(0, &gone, Some(60));
        check(1, &gone, Some(300));
        check(4, &gone, Some(21_600));
        check(5, &gone, None);
        check(0, &ChannelFault::Refused { why: "no".into() }, None);
        let later = |wait_s| ChannelFault::Later { why: "busy".into(), wait_s: Some(wait_s) };
        check(0, &later(90), Some(90));
        check(0, &later(5), Some(60));
        check(0, &later(u64::MAX), Some(86_400));
    }

    #[test]
    fn what_failed_is_ready_when_its_time_has_come() {
        let ways = [Way::Inbox, Way::Mail];
        let ready = |attempts: u32, at: i64| {
            let now = Timestamp::from_second(at).unwrap();
            letter(attempts).ready(&ways, now).collect::<Vec<_>>()
        };
        assert_eq!(ready(0, 0), ways);
        assert_eq!(ready(1, -1), [Way::Inbox]);
        assert_eq!(ready(1, 0), ways);
        assert_eq!(letter(1).candidate(&[Way::Mail]).not_before, Some(Timestamp::UNIX_EPOCH));
        assert_eq!(letter(1).candidate(&ways).not_before, None);
    }
}
