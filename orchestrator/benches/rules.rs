//! What rules cost: an event with 10,000 rules in the file beside one with 10, and the look ahead for the next
//! instant. Printed as ratios, which a machine's speed does not change.
//!
//! ```text
//! cargo bench -p orchestrator --bench rules            # 15 rounds
//! cargo bench -p orchestrator --bench rules -- 31      # 31 rounds
//! ```
//!
//! The ten rules are those of the specification, twice. The others are what a large company has: the same for
//! each owner, region and industry, so that each names a word that few accounts have.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stops where something is wrong, prints its figures and reads its arguments"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

use infohub::event::Event;
use infohub::facts::AccountFile;
use infohub::plan::Plan;
use jiff::Timestamp;
use orchestrator::rules::{FiringMemory, Known, RuleSet, Sighting, Vocabulary, fires, lint, sightings};
use serde_json::json;

const REPEATS: u32 = 200;
const MILESTONES: usize = 20;

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(15);
    let began = Instant::now();
    let (few, many) = (rules(10), rules(10_000));
    println!("reading 10,010 rules      {:>8.1} ms", began.elapsed().as_secs_f64() * 1e3);
    let began = Instant::now();
    let found = lint(&many, &BTreeSet::new()).len();
    println!("linting them              {:>8.1} ms, {found} findings", began.elapsed().as_secs_f64() * 1e3);
    let few = Office::new(few);
    let many = Office::new(many);
    report("an event", rounds, || few.event(), || many.event());
    report("  the rules' part of it", rounds, || few.ask(), || many.ask());
    report("the next instant", rounds, || few.ahead(), || many.ahead());
}

/// The seed's rules twice, and more for single owners, regions and industries.
fn rules(count: usize) -> RuleSet {
    let seed = [
        "trigger: Opportunity.stage == 'Stage 2' AND Opportunity.arr > 100000",
        "trigger: CSP.last_updated > 30 days",
        "trigger: CSP.milestone.due_date approaching\n    timing: 7 days before, 1 day before, day of",
        "trigger: Opportunity.stage == 'Closed Won'",
        "trigger: Monthly on account anniversary",
    ];
    let local = |at: usize| match at % 5 {
        0 => format!("trigger: Opportunity.owner == 'o-{at}' AND Opportunity.stage reaches 'Stage 2'"),
        1 => format!("trigger: Account.region == 'region {at}' AND CSP.last_updated > 45 days"),
        2 => format!(
            "trigger: Account.industry == 'industry {at}' AND CSP.milestone.due_date approaching\n    timing: 3 days before"
        ),
        3 => format!("trigger: Opportunity.stage enters 'Stage 3' AND Account.region == 'region {at}'"),
        _ => format!("trigger: Weekly on Monday AND Account.country == 'country {at}'"),
    };
    let triggers = seed.iter().chain(&seed).map(|trigger| (*trigger).to_owned());
    let triggers = triggers.chain((0..count.saturating_sub(10)).map(local));
    let rule = |(at, trigger): (usize, String)| {
        format!("  rule_{at}:\n    {trigger}\n    action: a\n    notification: n\n    notify: owner\n")
    };
    let text: String = triggers.enumerate().map(rule).collect();
    let tasks = BTreeSet::new();
    RuleSet::parse("automation.yaml", &format!("automation:\n{text}"), &Vocabulary::default(), &tasks)
        .unwrap()
}

/// An account with a plan, as an event finds it.
struct Office {
    rules: RuleSet,
    before: AccountFile,
    after: AccountFile,
    plan: Plan,
    event: Event,
    memory: FiringMemory,
    seen: Vec<Sighting>,
}

impl Office {
    fn new(rules: RuleSet) -> Self {
        let mut before = AccountFile::new("acme".parse().unwrap());
        take(&mut before, &changed("Stage 1", 1));
        let mut after = before.clone();
        let event = changed("Stage 2", 2);
        take(&mut after, &event);
        let (plan, memory) = (plan(), FiringMemory::default());
        let mut office = Self { rules, before, after, plan, event, memory, seen: Vec::new() };
        let seen = sightings(None, office.known(&office.before), None, &office.moment());
        office.memory = fires(&office.rules, &office.memory, &seen).memory;
        office.seen = office.sightings();
        office
    }

    fn known<'a>(&'a self, account: &'a AccountFile) -> Known<'a> {
        Known { account, plan: Some(&self.plan), template: None, won: "Closed Won", more: None }
    }

    fn moment(&self) -> orchestrator::calendar::Moment {
        self.rules.moment(now(), Some("Europe/Berlin"))
    }

    fn sightings(&self) -> Vec<Sighting> {
        let before = Some(self.known(&self.before));
        sightings(before, self.known(&self.after), Some(&self.event), &self.moment())
    }

    /// What an event costs: what is known is laid out, and the rules are asked.
    fn event(&self) -> usize {
        let seen = self.sightings();
        fires(&self.rules, &self.memory, &seen).firings.len()
    }

    fn ask(&self) -> usize {
        fires(&self.rules, &self.memory, &self.seen).firings.len()
    }

    fn ahead(&self) -> usize {
        usize::from(self.rules.next_instant(&self.memory, &self.seen).is_some())
    }
}

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn changed(stage: &str, day: u8) -> Event {
    let event = json!({
        "specversion": "1.0", "id": stage, "source": "crm", "type": "opportunity.changed", "subject": "acme",
        "time": format!("2026-05-0{day}T00:00:00Z"),
        "data": {
            "account": { "name": "Acme", "tier": "enterprise", "region": "region 1", "country": "country 4",
                         "industry": "industry 2", "time_zone": "Europe/Berlin" },
            "opportunity": { "id": "006A1", "name": "Core", "stage": stage, "arr": 250000, "currency": "USD",
                             "owner": "o-5", "close_date": "2026-06-30" },
        },
    });
    Event::parse(&event.to_string()).unwrap()
}

fn take(account: &mut AccountFile, event: &Event) {
    if let infohub::event::EventBody::OpportunityChanged(data) = &event.body {
        account.opportunity_changed(data, event.time);
    }
}

fn plan() -> Plan {
    let milestone = |at: usize| json!({ "id": format!("ms-{at}"), "milestone": "Live", "due_date": format!("2026-07-{:02}", at % 28 + 1) });
    let plan = json!({
        "plan": { "schema": 1, "version": 3, "account": "acme", "lifecycle": "develop", "status": "draft",
                  "last_updated": "2026-05-01T00:00:00Z" },
        "adoption_journey": { "milestones": (0..MILESTONES).map(milestone).collect::<Vec<_>>() },
    });
    serde_json::from_value(plan).unwrap()
}

/// The median cost of both, and of their ratio round by round.
fn report(what: &str, rounds: usize, few: impl Fn() -> usize, many: impl Fn() -> usize) {
    let time = |work: &dyn Fn() -> usize| {
        let began = Instant::now();
        (0..REPEATS).for_each(|_| {
            black_box(work());
        });
        began.elapsed().as_secs_f64() * 1e6 / f64::from(REPEATS)
    };
    // The first round warms caches and is not counted.
    let mut figures: Vec<(f64, f64)> = (0..=rounds).map(|_| (time(&few), time(&many))).collect();
    figures.remove(0);
    let median = |pick: fn(&(f64, f64)) -> f64| {
        let mut figures: Vec<f64> = figures.iter().map(pick).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    println!(
        "{what:<25} {:>8.1} µs with 10 rules, {:>8.1} µs with 10,000: ratio {:.2}",
        median(|figures| figures.0),
        median(|figures| figures.1),
        median(|figures| figures.1 / figures.0)
    );
}
