//! What must follow, in the plainest words: all facts are held whole, each rule is one function, and every question is
//! asked anew of everything after every step. No index, no journal, no wake-up times. It shares no code with `rules`
//! and `decide`, and must not: it is the other opinion.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::action::{Change, News, ZONES};
use super::world::{FINALIZE, INITIATE, Milestone, Plan, STATES, Who, World, anniversary, hear};

/// What came of a firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Told,
    Started,
    /// The same work waits already.
    Waits,
    /// The gate is closed.
    Held,
}

/// One firing: when, by which rule, for whom, the instant that was waited for, and what came of it.
pub type Firing = (Timestamp, &'static str, Who, Option<Timestamp>, How);
/// A task that waits: its name, and for whom.
pub type Waiting = (&'static str, Who);

/// The rules whose reminders are compared.
pub const REMINDERS: [&str; 4] = ["stale", "overdue", "soon", "milestone"];

/// One account as it should be.
#[derive(Debug, Clone)]
pub struct Reference {
    pub now: Timestamp,
    world: World,
    /// What csp.yaml says, if nobody has looked at it yet.
    edited: Option<Plan>,
    /// The rules on states that hold, and for whom.
    pub held: BTreeSet<(&'static str, Who)>,
    /// Up to when instants have been dealt with.
    looked: Timestamp,
    /// Since when a milestone has been as it is; what would have come before is not owed.
    settled: BTreeMap<u8, Timestamp>,
    anniversary_since: Timestamp,
    /// The reminders that wait.
    reminded: BTreeSet<(&'static str, Who)>,
    pub waiting: Vec<Waiting>,
    pub handoffs: BTreeSet<u8>,
    let_through: Timestamp,
    pub firings: Vec<Firing>,
}

impl Reference {
    pub fn new(zone: usize, now: Timestamp) -> Self {
        let world = World {
            zone: TimeZone::get(ZONES[zone]).unwrap(),
            tier: Default::default(),
            deals: BTreeMap::new(),
            validated: false,
            plan: None,
            updated: Timestamp::MIN,
        };
        Self {
            now,
            world,
            edited: None,
            held: BTreeSet::new(),
            looked: now,
            settled: BTreeMap::new(),
            reminded: BTreeSet::new(),
            anniversary_since: now,
            waiting: Vec::new(),
            handoffs: BTreeSet::new(),
            let_through: Timestamp::MIN,
            firings: Vec::new(),
        }
    }

    pub fn today(&self) -> Date {
        self.world.day(self.now)
    }

    pub fn has_plan(&self) -> bool {
        self.world.plan.is_some()
    }

    /// The subjects that there are.
    pub fn subjects(&self) -> Vec<Who> {
        self.world.subjects()
    }

    /// Whether a rule closes the gate, whoever lets through.
    pub fn is_gate_closed(&self) -> bool {
        !self.world.complete() && self.world.deals.values().any(|deal| deal.stage.value == Some(3))
    }

    /// The reminders that nobody has been sent yet and that are still true: of states that hold, and of milestones that
    /// have been as they are since.
    pub fn reminders(&self) -> Vec<(&'static str, Who)> {
        let mut reminders: Vec<_> = self.reminded.iter().copied().collect();
        reminders.sort();
        reminders
    }

    /// Somebody saves csp.yaml.
    pub fn edit(&mut self, changes: &[Change]) {
        let today = self.today();
        let Some(plan) = self.edited.clone().or_else(|| self.world.plan.clone()) else { return };
        let plan = self.edited.insert(plan);
        for change in changes {
            match *change {
                Change::Due(slot, after) => {
                    let due = today + i32::from(after).days();
                    plan.milestones
                        .entry(slot)
                        .and_modify(|known| known.due = due)
                        .or_insert(Milestone { due, done: false });
                }
                Change::Done(slot, done) => {
                    if let Some(milestone) = plan.milestones.get_mut(&slot) {
                        milestone.done = done;
                    }
                }
                Change::Remove(slot) => drop(plan.milestones.remove(&slot)),
                Change::Criteria(count) => (plan.criteria, plan.filled) = (count, true),
                Change::Dated(_) | Change::Comment => {}
            }
        }
    }

    /// Any input: what a person saved is taken in before it.
    pub fn look_at_files(&mut self) {
        if let Some(plan) = self.edited.take() {
            self.step(None, |world, now| {
                world.plan = Some(plan);
                world.updated = now;
            });
        }
    }

    /// An event that did not come before.
    pub fn event(&mut self, news: &News, time: Timestamp) {
        self.look_at_files();
        let known =
            |slot: &u8| self.world.plan.as_ref().is_some_and(|plan| plan.milestones.contains_key(slot));
        match news {
            News::Reviewed if !self.has_plan() => {}
            News::Reached(slot) if !known(slot) => {}
            _ => self.step(Some(news), |world, now| hear(world, news, time, now)),
        }
    }

    /// Somebody looks at the time.
    pub fn tick(&mut self) {
        self.look_at_files();
        self.step(None, |_, _| ());
    }

    /// Time passes with somebody there: each hour at which a rule of this test could turn is looked at.
    pub fn awake(&mut self, until: Timestamp) {
        self.tick();
        let mut day = self.today();
        while day <= self.world.day(until) {
            let midnight = day.to_zoned(self.world.zone.clone()).unwrap().start_of_day().unwrap().timestamp();
            for at in [midnight, self.world.opening(day)] {
                if self.now < at && at <= until {
                    self.now = at;
                    self.tick();
                }
            }
            day = day.tomorrow().unwrap();
        }
        self.now = until;
    }

    /// The first task that waits is drafted: a first plan, or nothing but the phase.
    pub fn draft(&mut self) {
        self.look_at_files();
        if self.waiting.is_empty() {
            return;
        }
        let (run, _) = self.waiting.remove(0);
        self.step(None, |world, now| {
            let before = world.plan.clone();
            let plan = world.plan.get_or_insert_default();
            if run == FINALIZE {
                plan.finalized = true;
                plan.in_review |= plan.filled;
            }
            if before != world.plan {
                world.updated = now;
            }
        });
    }

    /// A person accepts what the first draft brought, if nobody did.
    pub fn accept(&mut self) {
        self.look_at_files();
        if self.world.plan.as_ref().is_some_and(|plan| !plan.accepted) {
            self.step(None, |world, now| {
                world.plan.as_mut().unwrap().accepted = true;
                world.updated = now;
            });
        }
    }

    /// A person lets a proposal through, if a rule holds it back.
    pub fn let_through(&mut self, until: Timestamp) {
        self.look_at_files();
        if self.is_gate_closed() {
            self.let_through = until;
            self.step(None, |_, _| ());
        }
    }

    /// One step: something changes, and every rule is asked about everything.
    fn step(&mut self, event: Option<&News>, change: impl FnOnce(&mut World, Timestamp)) {
        let before = self.world.clone();
        change(&mut self.world, self.now);
        self.settle(&before);
        for (rule, holds, run) in STATES {
            for who in self.world.subjects() {
                if self.turns(rule, who, holds) {
                    self.fire(rule, who, None, run, false);
                }
            }
        }
        self.timed(&before);
        self.moments(&before, event);
        self.looked = self.now;
    }

    /// Notes what is another than before, so that nothing is owed for the time before it was.
    fn settle(&mut self, before: &World) {
        let there = self.world.subjects();
        self.held.retain(|(_, who)| there.contains(who));
        for who in there.iter().copied() {
            if let Who::Milestone(slot) = who
                && before.milestone(who) != self.world.milestone(who)
            {
                self.settled.insert(slot, self.now);
                self.reminded.retain(|(_, about)| *about != who);
            }
        }
        self.reminded.retain(|(_, who)| there.contains(who));
        if anniversary(before) != anniversary(&self.world) {
            self.anniversary_since = self.now;
        }
    }

    fn turns(&mut self, rule: &'static str, who: Who, holds: fn(&World, Who, Date) -> Option<bool>) -> bool {
        match holds(&self.world, who, self.today()) {
            Some(true) => self.held.insert((rule, who)),
            Some(false) => {
                self.held.remove(&(rule, who));
                self.reminded.remove(&(rule, who));
                false
            }
            None => false,
        }
    }

    /// The last instant that has come since the last step, of each rule on instants.
    fn timed(&mut self, before: &World) {
        for (slot, milestone) in self.world.plan.clone().unwrap_or_default().milestones {
            let day_of = |ahead: i32| weekday_before(milestone.due - ahead.days());
            let instants = [7, 1, 0].map(|ahead| self.world.opening(day_of(ahead)));
            let last = self.last(instants, self.settled[&slot]);
            if !milestone.done && self.today() <= milestone.due && last.is_some() {
                self.fire("milestone", Who::Milestone(slot), last, None, false);
            }
        }
        if let Some(first) = anniversary(&self.world) {
            let months = (1..60).map(|count: i32| self.world.opening(first + count.months()));
            if let Some(last) = self.last(months, self.anniversary_since) {
                self.fire("monthly", Who::Account, Some(last), None, false);
            }
        }
        let today = self.today();
        let mondays =
            (0..100).map(|back: i32| today - back.days()).filter(|day| day.weekday() == Weekday::Monday);
        if let Some(last) = self.last(mondays.map(|day| self.world.opening(day)), Timestamp::MIN)
            && before.plan.is_some()
        {
            self.fire("weekly", Who::Account, Some(last), Some(INITIATE), false);
        }
    }

    fn last(&self, instants: impl IntoIterator<Item = Timestamp>, since: Timestamp) -> Option<Timestamp> {
        let owed = |at: &Timestamp| self.looked.max(since) < *at && *at <= self.now;
        instants.into_iter().filter(owed).max()
    }

    /// What is over at once.
    fn moments(&mut self, before: &World, event: Option<&News>) {
        for (id, deal) in self.world.deals.clone() {
            let (who, known) = (Who::Deal(id), before.deals.get(&id).cloned().unwrap_or_default());
            if deal.stage.value == Some(2) && known.stage.value != Some(2) {
                self.fire("entered", who, None, None, false);
            }
            if known.arr.value.is_some() && known.arr.value != deal.arr.value {
                self.fire("repriced", who, None, None, false);
            }
            if let Some(News::Crm { deal: named, .. }) = event
                && named.as_ref().is_none_or(|named| named.id == id)
                && deal.arr.value.is_some_and(|arr| arr > 500_000)
            {
                self.fire("big", who, None, None, false);
            }
        }
        if matches!(event, Some(News::Proposal)) {
            let held = self.is_gate_closed() && self.let_through <= self.now;
            self.fire("proposal", Who::Account, None, Some(FINALIZE), false);
            self.fire("offer", Who::Account, None, Some(INITIATE), held);
        }
    }

    fn fire(
        &mut self,
        rule: &'static str,
        who: Who,
        at: Option<Timestamp>,
        run: Option<&'static str>,
        held: bool,
    ) {
        let how = match run {
            _ if held => How::Held,
            None => How::Told,
            Some(run) if self.waiting.contains(&(run, who)) => How::Waits,
            Some(run) => {
                self.waiting.push((run, who));
                How::Started
            }
        };
        if let ("won", Who::Deal(id)) = (rule, who) {
            self.handoffs.insert(id);
        }
        if REMINDERS.contains(&rule) {
            self.reminded.insert((rule, who));
        }
        self.firings.push((self.now, rule, who, at, how));
    }
}

fn weekday_before(mut day: Date) -> Date {
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.yesterday().unwrap();
    }
    day
}
