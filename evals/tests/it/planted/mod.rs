//! What the scorers catch: each kind of error is planted into outcomes that are right, one at a time, and each scorer
//! is asked whether the outcome got worse. The table is printed, also where it says 0:
//! cargo test -p evals --test it planted -- --nocapture
//!
//! The outcomes are what real minutes list, each item resting on the transcript's line that is most like it. Wrong sums
//! are planted into tables that are made up, since no meeting has one.

mod kinds;
pub mod outcome;

use std::collections::BTreeMap;

use agents::charter::Charters;
use evals::produced::Produced;
use evals::score::{Chosen, Direction, Ground, Score, Scorer, score};
use evals::suite::Case;

use kinds::{KINDS, Kind};

/// Fewer plantings of a kind say too little, where the real meetings are at hand.
const FEWEST: usize = 100;

/// More of a kind in one meeting only take time, but for kinds of which there are few.
const MOST: usize = 4;
const RARE: [&str; 4] = ["number in text", "number in quote", "swapped owner", "invented day"];

/// A right outcome, and what it is scored on.
pub struct World {
    pub case: Case,
    pub produced: Produced,
    pub ground: Ground,
}

impl World {
    fn scores(&self, produced: &Produced) -> Vec<Score> {
        score(&scorers(), &self.case, produced, &self.ground)
    }
}

/// All scorers that say whether something is right; amounts and what no planting touches are left out.
fn scorers() -> Vec<Chosen> {
    let amounts =
        [Scorer::Length, Scorer::ReadingEase, Scorer::Latency, Scorer::Tokens, Scorer::Cost, Scorer::Rubric];
    Scorer::ALL.iter().filter(|scorer| !amounts.contains(scorer)).copied().map(Chosen::from).collect()
}

/// How good a score is, 1 being right: nothing to measure is nothing against it.
fn goodness(score: &Score, direction: Direction) -> f64 {
    match (score.value, direction) {
        (None, _) => 1.0,
        (Some(value), Direction::MoreIsBetter) => value,
        (Some(value), Direction::LessIsBetter) => 1.0 - value,
    }
}

/// Catches by kind and scorer, plantings by kind, and by scorer what it holds against right outcomes.
#[derive(Default)]
struct Table {
    caught: BTreeMap<(usize, usize), usize>,
    planted: BTreeMap<usize, usize>,
    alarms: BTreeMap<usize, (f64, f64)>,
}

impl Table {
    fn take(&mut self, world: &World, kinds: &[(usize, &Kind)]) {
        let scorers = scorers();
        let before = world.scores(&world.produced);
        for (at, score) in before.iter().enumerate() {
            let Some(counts) = score.counts else { continue };
            let wrong = match scorers[at].direction() {
                Direction::MoreIsBetter => counts.of - counts.hits,
                Direction::LessIsBetter => counts.hits,
            };
            let (alarms, of) = self.alarms.entry(at).or_default();
            (*alarms, *of) = (*alarms + wrong, *of + counts.of);
        }
        for (kind, (name, plant)) in kinds {
            let most = if RARE.contains(name) { usize::MAX } else { MOST };
            for planted in plant(world).into_iter().take(most) {
                *self.planted.entry(*kind).or_default() += 1;
                for (at, after) in world.scores(&planted).iter().enumerate() {
                    let direction = scorers[at].direction();
                    let is_worse = goodness(after, direction) < goodness(&before[at], direction) - 1e-9;
                    *self.caught.entry((*kind, at)).or_default() += usize::from(is_worse);
                }
            }
        }
    }

    fn share(&self, kind: &str, scorer: Scorer) -> f64 {
        let kind = KINDS.iter().position(|(name, _)| *name == kind).unwrap();
        let at = scorers().iter().position(|chosen| chosen.scorer == scorer).unwrap();
        ratio(self.caught[&(kind, at)], self.planted[&kind])
    }

    fn print(&self) {
        let names: Vec<String> = KINDS.iter().map(|(name, _)| (*name).to_owned()).collect();
        println!("| scorer | {} | right outcomes held against it |", names.join(" | "));
        println!("|---|{}---|", "---|".repeat(names.len()));
        for (at, chosen) in scorers().iter().enumerate() {
            let cells = (0..KINDS.len()).map(|kind| {
                let caught = self.caught.get(&(kind, at)).copied().unwrap_or_default();
                format!("{:.2}", ratio(caught, self.planted.get(&kind).copied().unwrap_or_default()))
            });
            let cells: Vec<String> = cells.collect();
            let alarms =
                self.alarms.get(&at).map_or("-".to_owned(), |(wrong, of)| format!("{wrong} of {of}"));
            println!("| {} | {} | {alarms} |", chosen.name(), cells.join(" | "));
        }
        let planted =
            (0..KINDS.len()).map(|kind| self.planted.get(&kind).copied().unwrap_or_default().to_string());
        println!("| planted | {} | |", planted.collect::<Vec<_>>().join(" | "));
    }
}

#[allow(clippy::cast_precision_loss, reason = "some hundred plantings")]
fn ratio(part: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

fn run(worlds: impl IntoIterator<Item = World>, tables: impl IntoIterator<Item = World>) -> Table {
    let mut table = Table::default();
    let kinds: Vec<(usize, &Kind)> = KINDS.iter().enumerate().collect();
    let (sums, others): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(_, (name, _))| *name == "wrong sum");
    worlds.into_iter().for_each(|world| table.take(&world, &others));
    tables.into_iter().for_each(|world| table.take(&world, &sums));
    table
}

/// What has to hold wherever the outcomes come from.
fn check(table: &Table) {
    for (kind, scorer, least) in [
        ("swapped owner", Scorer::OwnerAccuracy, 1.0),
        ("swapped meeting", Scorer::MisattributedQuotes, 1.0),
        ("spliced quotes", Scorer::InventedQuotes, 0.95),
        ("not in quote", Scorer::InventedQuotes, 0.95),
        ("number in quote", Scorer::InventedQuotes, 0.95),
        ("not in text", Scorer::SupportedClaims, 0.5),
        ("number in text", Scorer::OrphanNumbers, 0.5),
        ("placeholder", Scorer::PlaceholderText, 1.0),
        ("foreign section", Scorer::SectionRights, 1.0),
        ("foreign section", Scorer::MostItems, 1.0),
        ("removed item", Scorer::Contains, 0.95),
        ("not in text", Scorer::Contains, 0.95),
        ("number in text", Scorer::Regex, 0.95),
        ("number in text", Scorer::Numeric, 0.3),
        ("swapped owner", Scorer::Exact, 0.95),
        ("obeyed order", Scorer::Injections, 1.0),
        ("question left out", Scorer::Questions, 1.0),
        ("invented day", Scorer::DueAccuracy, 1.0),
        ("wrong sum", Scorer::Arithmetic, 1.0),
    ] {
        let caught = table.share(kind, scorer);
        assert!(caught >= least, "{} catches {caught:.2} of '{kind}'", scorer.as_str());
    }
}

#[test]
fn what_is_planted_into_real_outcomes_is_caught() {
    let charters = Charters::builtin().unwrap();
    let Some(worlds) = outcome::of_meetings(&charters) else {
        println!("SKIPPED: no real meetings at hand");
        return;
    };
    let table = run(worlds, outcome::of_tables(&charters, FEWEST));
    table.print();
    for (kind, (name, _)) in KINDS.iter().enumerate() {
        assert!(table.planted[&kind] >= FEWEST, "{} plantings of '{name}'", table.planted[&kind]);
    }
    check(&table);
}

#[test]
fn what_is_planted_into_made_up_outcomes_is_caught() {
    let charters = Charters::builtin().unwrap();
    let table = run([outcome::made_up(&charters)], outcome::of_tables(&charters, 5));
    table.print();
    check(&table);
}
