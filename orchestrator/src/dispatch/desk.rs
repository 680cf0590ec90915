//! One person's desk: takes what is next out of what waits, by plan and ledger, and puts it into the inbox.
//! Everything here blocks. It must not know mail or chat.

use std::sync::Arc;

use infohub::ids::{AccountSlug, PersonId};
use infohub::team::Person;
use jiff::Timestamp;

use super::letter::{Letter, Outcomes};
use crate::attention::{
    Course, Day, Held, Inbox, InboxEntry, Ledger, LedgerError, Notice, Report, Way, plan,
};
use crate::calendar::{Calendar, Moment};
use crate::intake::{Orchestrator, TakeError};
use crate::step::Input;

/// What a desk works with.
#[derive(Clone)]
pub(super) struct Desk {
    pub orchestrator: Arc<Orchestrator>,
    pub calendar: Arc<Calendar>,
    pub budget: u8,
    /// What this process calls itself in the ledger.
    pub name: Arc<str>,
    pub person: Arc<Person>,
    /// The channels that lead to the person.
    pub ways: Arc<[Way]>,
}

/// What is next.
#[derive(Debug)]
pub(super) enum Next {
    /// One message is to be sent; its slot is taken and the inbox has it.
    Send(Sending),
    /// Nothing is left to send of these: no channel is open, or the person has dealt with them.
    Over(Vec<usize>),
    /// Another process was faster; look again.
    Lost,
    /// All others wait.
    Rest(Vec<(usize, Held)>),
}

/// One message.
#[derive(Debug)]
pub(super) struct Sending {
    /// Its id, the same each time it is sent.
    pub id: String,
    /// The letters in it, by their place.
    pub letters: Vec<usize>,
    /// Whether it is a digest, even of one.
    pub digest: bool,
    /// The moment, as the person sees it.
    pub moment: Moment,
}

impl Desk {
    /// Takes what is next.
    pub fn next(&self, letters: &[Arc<Letter>], now: Timestamp) -> Result<Next, LedgerError> {
        let store = self.orchestrator.hub().store();
        let over = self.over(letters)?;
        if !over.is_empty() {
            return Ok(Next::Over(over));
        }
        let ledger = Ledger::new(store, &self.name);
        let moment = Moment::new(now, self.person.time_zone.as_deref(), &self.calendar);
        let day = ledger.day(&self.person.id, moment.today(), now)?;
        let candidates: Vec<_> = letters.iter().map(|letter| letter.candidate(&self.ways)).collect();
        let place = |id| letters.iter().position(|letter| letter.waiting.notice.id == id);
        let mut digest = Vec::new();
        let mut rest = Vec::new();
        for verdict in plan(&moment, self.budget, &candidates, &day) {
            let Some(at) = place(verdict.notice) else { continue };
            match verdict.course {
                Course::Send { slot } => return self.single(&ledger, at, letters, slot, &day, moment),
                Course::Digest => digest.push(at),
                Course::Hold(held) => rest.push((at, held)),
            }
        }
        if digest.is_empty() {
            Ok(Next::Rest(rest))
        } else {
            self.digest(&ledger, &digest, letters, &day, moment)
        }
    }

    /// Letters of which nothing is left to send.
    fn over(&self, letters: &[Arc<Letter>]) -> Result<Vec<usize>, LedgerError> {
        let inbox = Inbox::new(self.orchestrator.hub().store(), &self.person.id);
        let mut over = Vec::new();
        for (at, letter) in letters.iter().enumerate() {
            let is_over = letter.open(&self.ways).next().is_none()
                || (letter.arrived() && inbox.is_done(&letter.waiting.notice.id)?);
            over.extend(is_over.then_some(at));
        }
        Ok(over)
    }

    fn single(
        &self,
        ledger: &Ledger<'_>,
        at: usize,
        letters: &[Arc<Letter>],
        slot: u8,
        day: &Day,
        moment: Moment,
    ) -> Result<Next, LedgerError> {
        let notice = &letters[at].waiting.notice;
        let taken = day.begun(&notice.id).is_some()
            || ledger.take(&self.person.id, moment.today(), slot, notice, moment.now)?;
        if !taken {
            return Ok(Next::Lost);
        }
        self.put(notice, false, moment.now)?;
        Ok(Next::Send(Sending { id: notice.id.to_string(), letters: vec![at], digest: false, moment }))
    }

    fn digest(
        &self,
        ledger: &Ledger<'_>,
        members: &[usize],
        letters: &[Arc<Letter>],
        day: &Day,
        moment: Moment,
    ) -> Result<Next, LedgerError> {
        let (person, today) = (&self.person.id, moment.today());
        let notices: Vec<&Notice> = members.iter().map(|at| &letters[*at].waiting.notice).collect();
        let taken = match &day.digest {
            Some(digest) => digest.notices.clone(),
            None => match ledger.take_digest(person, today, &notices, moment.now)? {
                Some(taken) => taken,
                None => return Ok(Next::Lost),
            },
        };
        let members: Vec<usize> =
            members.iter().copied().filter(|at| taken.contains(&letters[*at].waiting.notice.id)).collect();
        for at in &members {
            self.put(&letters[*at].waiting.notice, true, moment.now)?;
        }
        let id = Ledger::digest_id(person, today);
        Ok(Next::Send(Sending { id, letters: members, digest: true, moment }))
    }

    fn put(&self, notice: &Notice, digest: bool, at: Timestamp) -> Result<(), LedgerError> {
        let inbox = Inbox::new(self.orchestrator.hub().store(), &self.person.id);
        inbox.put(&InboxEntry { at, digest, notice: notice.clone() })
    }

    /// Records what became of letters, account by account; gives back the accounts that could not be written.
    pub fn record(
        &self,
        letters: &[Arc<Letter>],
        outcomes: &Outcomes,
        ways: &[Way],
        now: Timestamp,
    ) -> Vec<(AccountSlug, TakeError)> {
        let mut accounts: Vec<(&AccountSlug, Vec<Report>)> = Vec::new();
        for (at, came) in outcomes {
            let Letter { account, waiting } = &*letters[*at];
            // Nothing came of it because nothing is left to try.
            let ways = if came.is_empty() { Vec::new() } else { ways.to_vec() };
            let report = Report { notice: waiting.notice.id.clone(), came: came.clone(), ways };
            match accounts.iter_mut().find(|(known, _)| *known == account) {
                Some((_, reports)) => reports.push(report),
                None => accounts.push((account, vec![report])),
            }
        }
        let written = accounts.into_iter().filter_map(|(account, reports)| {
            let taken = self.orchestrator.take(account, &Input::Told(reports), now);
            taken.err().map(|error| (account.clone(), error))
        });
        written.collect()
    }

    /// The name of the person whom this one stands in for.
    pub fn stands_in_for(&self, to: &PersonId) -> Option<&str> {
        let absent = (*to != self.person.id).then(|| self.orchestrator.policy().team.person(to));
        absent.flatten().map(|person| person.name.as_str())
    }
}
