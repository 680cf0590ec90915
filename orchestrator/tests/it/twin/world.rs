//! What is known of an account in the model test, held whole, and the rules on states as plain functions of it. It must
//! not know what happened before, nor what a rule starts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::action::{Deal, News, Said};

/// What a rule is asked about, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Account,
    Deal(u8),
    Milestone(u8),
}

pub const INITIATE: &str = "sa.initiate_csp";
pub const FINALIZE: &str = "sa.finalize_csp";

/// A rule on states, with what it starts.
pub type StateRule = (&'static str, fn(&World, Who, Date) -> Option<bool>, Option<&'static str>);

/// The rules on states, by rank, as `RULES` in `mod.rs` writes them.
pub const STATES: [StateRule; 7] = [
    ("creation", creation, Some(INITIATE)),
    ("exception", exception, Some(INITIATE)),
    ("won", |world, who, _| at_stage(world, who, 4), None),
    ("proposal_gate", gate, None),
    ("stale", stale, None),
    ("overdue", overdue, None),
    ("soon", soon, None),
];

#[derive(Debug, Clone, PartialEq)]
pub struct Fact<T> {
    pub value: Option<T>,
    /// Since when it has been so.
    pub since: Timestamp,
    /// When it was said last.
    pub said: Timestamp,
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
pub struct DealFacts {
    pub stage: Fact<usize>,
    pub arr: Fact<u32>,
    pub close_date: Fact<Date>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    pub due: Date,
    pub done: bool,
}

/// What csp.yaml says, as far as any rule asks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub milestones: BTreeMap<u8, Milestone>,
    pub criteria: u8,
    pub filled: bool,
    pub accepted: bool,
    pub finalized: bool,
    pub in_review: bool,
    pub reviewed: Option<Date>,
}

#[derive(Debug, Clone)]
pub struct World {
    pub zone: TimeZone,
    pub tier: Fact<&'static str>,
    pub deals: BTreeMap<u8, DealFacts>,
    pub validated: bool,
    pub plan: Option<Plan>,
    pub updated: Timestamp,
}

impl World {
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    pub fn opening(&self, day: Date) -> Timestamp {
        day.at(9, 0, 0, 0).to_zoned(self.zone.clone()).unwrap().timestamp()
    }

    pub fn deal(&self, who: Who) -> Option<&DealFacts> {
        match who {
            Who::Deal(id) => self.deals.get(&id),
            _ => None,
        }
    }

    pub fn milestone(&self, who: Who) -> Option<&Milestone> {
        match who {
            Who::Milestone(slot) => self.plan.as_ref()?.milestones.get(&slot),
            _ => None,
        }
    }

    pub fn complete(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.filled && (1..=5).contains(&plan.criteria))
    }

    pub fn subjects(&self) -> Vec<Who> {
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

/// What an event changes in the world.
pub fn hear(world: &mut World, news: &News, time: Timestamp, now: Timestamp) {
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
pub fn anniversary(world: &World) -> Option<Date> {
    let won = world.deals.values().filter(|deal| deal.stage.value == Some(4));
    won.map(|deal| deal.close_date.value.unwrap_or_else(|| world.day(deal.stage.since))).min()
}
