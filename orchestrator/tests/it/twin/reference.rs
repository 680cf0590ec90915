//! What must follow, in the plainest words: all facts are held whole, each rule is one function, and every question is
//! asked anew of everything after every step. No index, no journal, no wake-up times. It shares no code with `rules`
//! and `decide`, and must not: it is the other opinion.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::action::{Change, Deal, News, Said, ZONES};

/// What a rule is asked about, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Account,
    Deal(u8),
    Milestone(u8),
}

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

pub const INITIATE: &str = "sa.initiate_csp";
pub const FINALIZE: &str = "sa.finalize_csp";

/// A rule on states, with what it starts.
type StateRule = (&'static str, fn(&World, Who, Date) -> Option<bool>, Option<&'static str>);

/// The rules on states, by rank, as `RULES` in `mod.rs` writes them.
const STATES: [StateRule; 7] = [
    ("creation", creation, Some(INITIATE)),
    ("exception", exception, Some(INITIATE)),
    ("won", |world, who, _| at_stage(world, who, 4), None),
    ("proposal_gate", gate, None),
    ("stale", stale, None),
    ("overdue", overdue, None),
    ("soon", soon, None),
];

#[derive(Debug, Clone, PartialEq)]
struct Fact<T> {
    value: Option<T>,
    /// Since when it has been so.
    since: Timestamp,
    /// When it was said last.
    said: Timestamp,
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self { value: None, since: Timestamp::MIN, said: Timestamp::MIN }
    }
}

impl<T: PartialEq + Copy> Fact<T> {
    /// What is said of a later time holds; what is said again holds since it was said first.
    fn hear(&mut self, news: Said<T>, time: Timestamp) {
        let Some(value) = news else { return };
        if time < self.said {
            return;
        }
        if self.said == Timestamp::MIN || value != self.value {
            (self.value, self.since) = (value, time);
        }
        self.said = time;
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
struct DealFacts {
    stage: Fact<usize>,
    arr: Fact<u32>,
    close_date: Fact<Date>,
}

#[derive(Debug, Clone, PartialEq)]
struct Milestone {
    due: Date,
    done: bool,
}

/// What csp.yaml says, as far as any rule asks.
#[derive(Debug, Clone, Default, PartialEq)]
struct Plan {
    milestones: BTreeMap<u8, Milestone>,
    criteria: u8,
    filled: bool,
    accepted: bool,
    finalized: bool,
    in_review: bool,
    reviewed: Option<Date>,
}

#[derive(Debug, Clone)]
struct World {
    zone: TimeZone,
    tier: Fact<&'static str>,
    deals: BTreeMap<u8, DealFacts>,
    validated: bool,
    plan: Option<Plan>,
    updated: Timestamp,
}

impl World {
    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    fn opening(&self, day: Date) -> Timestamp {
        day.at(9, 0, 0, 0).to_zoned(self.zone.clone()).unwrap().timestamp()
    }

    fn deal(&self, who: Who) -> Option<&DealFacts> {
        match who {
            Who::Deal(id) => self.deals.get(&id),
            _ => None,
        }
    }

    fn milestone(&self, who: Who) -> Option<&Milestone> {
        match who {
            Who::Milestone(slot) => self.plan.as_ref()?.milestones.get(&slot),
            _ => None,
        }
    }

    fn complete(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.filled && (1..=5).contains(&plan.criteria))
    }

    fn subjects(&self) -> Vec<Who> {
        let milestones = self.plan.iter().flat_map(|plan| plan.milestones.keys());
        let deals = self.deals.keys().map(|id| Who::Deal(*id));
        std::iter::once(Who::Account)
            .chain(deals)
            .chain(milestones.map(|slot| Who::Milestone(*slot)))
            .collect()
    }
}

fn creation(world: &World, who: Who, _: Date) -> Option<bool> {
    let deal = world.deal(who)?;
    all([reaches(deal, 1), above(deal)])
}

/// `(reaches Stage 3 AND above the line) OR strategic OR validated`, unless there is a plan.
fn exception(world: &World, who: Who, _: Date) -> Option<bool> {
    let deal = world.deal(who)?;
    let strategic = world.tier.value.map(|tier| tier == "strategic");
    let any = all([
        all([reaches(deal, 2), above(deal)]).map(|is| !is),
        strategic.map(|is| !is),
        Some(!world.validated),
    ]);
    all([any.map(|none| !none), Some(world.plan.is_none())])
}

/// A lost deal stands beside the path, at none of its stages.
fn reaches(deal: &DealFacts, stage: usize) -> Option<bool> {
    deal.stage.value.map(|at| (stage..5).contains(&at))
}

fn above(deal: &DealFacts) -> Option<bool> {
    deal.arr.value.map(|arr| arr > 100_000)
}

fn at_stage(world: &World, who: Who, stage: usize) -> Option<bool> {
    Some(world.deal(who)?.stage.value? == stage)
}

/// One that is false decides; else one that is unknown does.
fn all<const N: usize>(sides: [Option<bool>; N]) -> Option<bool> {
    if sides.contains(&Some(false)) { Some(false) } else { sides.iter().all(Option::is_some).then_some(true) }
}

fn gate(world: &World, who: Who, _: Date) -> Option<bool> {
    world.deal(who)?;
    all([at_stage(world, who, 3), Some(!world.complete())])
}

fn stale(world: &World, who: Who, today: Date) -> Option<bool> {
    let is_there = who == Who::Account && world.plan.is_some();
    is_there.then(|| days(world.day(world.updated), today) > 30)
}

fn overdue(world: &World, who: Who, today: Date) -> Option<bool> {
    let plan = world.plan.as_ref().filter(|_| who == Who::Account)?;
    Some(plan.milestones.values().any(|milestone| !milestone.done && milestone.due < today))
}

fn soon(world: &World, who: Who, today: Date) -> Option<bool> {
    let milestone = world.milestone(who)?;
    Some(!milestone.done && (0..=3).contains(&days(today, milestone.due)))
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).unwrap().get_days()
}

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
    /// The milestones of which a reminder waits.
    reminded: BTreeSet<u8>,
    pub waiting: Vec<Waiting>,
    pub handoffs: BTreeSet<u8>,
    let_through: Timestamp,
    pub firings: Vec<Firing>,
}

impl Reference {
    pub fn new(zone: usize, now: Timestamp) -> Self {
        let world = World {
            zone: TimeZone::get(ZONES[zone]).unwrap(),
            tier: Fact::default(),
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
    /// are open and have been as they are since.
    pub fn reminders(&self) -> Vec<(&'static str, Who)> {
        let states =
            self.held.iter().copied().filter(|(rule, _)| ["stale", "overdue", "soon"].contains(rule));
        let mut reminders: Vec<_> =
            states.chain(self.reminded.iter().map(|slot| ("milestone", Who::Milestone(*slot)))).collect();
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
        for who in there {
            if let Who::Milestone(slot) = who
                && before.milestone(who) != self.world.milestone(who)
            {
                self.settled.insert(slot, self.now);
                self.reminded.remove(&slot);
            }
        }
        self.reminded.retain(|slot| self.world.milestone(Who::Milestone(*slot)).is_some());
        if anniversary(before) != anniversary(&self.world) {
            self.anniversary_since = self.now;
        }
    }

    fn turns(&mut self, rule: &'static str, who: Who, holds: fn(&World, Who, Date) -> Option<bool>) -> bool {
        match holds(&self.world, who, self.today()) {
            Some(true) => self.held.insert((rule, who)),
            Some(false) => {
                self.held.remove(&(rule, who));
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
                self.reminded.insert(slot);
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
        self.firings.push((self.now, rule, who, at, how));
    }
}

/// What an event changes in the world.
fn hear(world: &mut World, news: &News, time: Timestamp, now: Timestamp) {
    match news {
        News::Crm { tier, deal } => {
            world.tier.hear(*tier, time);
            if let Some(Deal { id, stage, arr, close_date }) = deal {
                let known = world.deals.entry(*id).or_default();
                known.stage.hear(*stage, time);
                known.arr.hear(*arr, time);
                known.close_date.hear(*close_date, time);
            }
        }
        News::Validated => world.validated = true,
        News::Proposal => {}
        News::Reviewed | News::Reached(_) => {
            let before = world.plan.clone();
            let plan = world.plan.as_mut().unwrap();
            match news {
                News::Reached(slot) => plan.milestones.get_mut(slot).unwrap().done = true,
                _ => plan.reviewed = plan.reviewed.max(Some(time.to_zoned(TimeZone::UTC).date())),
            }
            if before != world.plan {
                world.updated = now;
            }
        }
    }
}

/// The day since which the account is a customer: of the deal that was won first.
fn anniversary(world: &World) -> Option<Date> {
    let won = world.deals.values().filter(|deal| deal.stage.value == Some(4));
    won.map(|deal| deal.close_date.value.unwrap_or_else(|| world.day(deal.stage.since))).min()
}

fn weekday_before(mut day: Date) -> Date {
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.yesterday().unwrap();
    }
    day
}
