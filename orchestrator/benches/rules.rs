//! What rules cost: a whole decision over an event with 10,000 rules in the file beside one with 10, one over a tick
//! at which nothing is due, and the parts of both. Printed as ratios, which a machine's speed does not change; the ten
//! rules are the floor, and run in turn with the many.
//!
//! ```text
//! cargo bench -p orchestrator --bench rules            # 400 rounds
//! cargo bench -p orchestrator --bench rules -- 2000    # 2,000 rounds
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

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Instant;

use infohub::event::Event;
use infohub::facts::AccountFile;
use infohub::plan::Plan;
use infohub::template::Template;
use jiff::Timestamp;
use orchestrator::decide::{Outcome, View, decide, subjects};
use orchestrator::policy::{Policy, ReviewPolicy};
use orchestrator::rules::{Field, RuleSet, Sighting, Vocabulary, fires, lint};
use orchestrator::state::State;
use orchestrator::step::Input;
use serde_json::json;

const WARM: usize = 10;
const MILESTONES: usize = 20;

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(400).max(4);
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
    report("a tick, nothing due", rounds, || few.tick(), || many.tick());
    report("  the next instant", rounds, || few.ahead(), || many.ahead());
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
    policy: Policy,
    facts: AccountFile,
    plan: Plan,
    event: Input,
    state: State,
    seen: Vec<Sighting>,
}

impl Office {
    fn new(rules: RuleSet) -> Self {
        let policy = Policy {
            rules,
            tasks: BTreeMap::new(),
            review: ReviewPolicy::default(),
            team: serde_json::from_value(
                json!({ "people": [{ "id": "maria", "name": "Maria", "roles": ["sa"] }] }),
            )
            .unwrap(),
            template: Template::parse("csp.yaml", TEMPLATE).unwrap(),
        };
        let facts = AccountFile::new("acme".parse().unwrap());
        let event = changed("Stage 2", 2);
        let mut office =
            Self { policy, facts, plan: plan(), event, state: State::default(), seen: Vec::new() };
        let first = office.decide(&changed("Stage 1", 1));
        (office.state, office.facts) = (first.state, first.facts.unwrap());
        let second = office.decide(&office.event);
        let after = View { state: &second.state, facts: second.facts.as_ref().unwrap(), ..office.view() };
        (office.seen, _) = subjects(after, now(), &office.policy);
        for sighting in &mut office.seen {
            sighting.changed.insert(Field::OpportunityStage);
        }
        office
    }

    fn view(&self) -> View<'_> {
        View { state: &self.state, facts: &self.facts, plan: Some(&self.plan), edit: None }
    }

    fn decide(&self, input: &Input) -> Outcome {
        decide(self.view(), input, now(), &self.policy)
    }

    /// All that is decided over an event; what is read and written around it knows nothing of rules.
    fn event(&self) -> usize {
        self.decide(&self.event).effects.len()
    }

    /// Time is looked at, and nothing is due.
    fn tick(&self) -> usize {
        let outcome = self.decide(&Input::Tick);
        assert!(outcome.is_ignored(), "{:?}", outcome.effects);
        outcome.effects.len()
    }

    fn ask(&self) -> usize {
        fires(&self.policy.rules, &self.state.fired, &self.seen).firings.len()
    }

    fn ahead(&self) -> usize {
        usize::from(self.policy.rules.next_instant(&self.state.fired, &self.seen).is_some())
    }
}

const TEMPLATE: &str = "required:\n  - phase: initiate\n    sections: [background]\n---\nbackground: {}\n";

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn changed(stage: &str, day: u8) -> Input {
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
    Input::Event(Box::new(Event::parse(&event.to_string()).unwrap()))
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

/// The fastest run of both and the ratio of these, which other work on the machine touches least; then the median of
/// the ratios round by round, and between which values the middle half of them lies.
fn report(what: &str, rounds: usize, few: impl Fn() -> usize, many: impl Fn() -> usize) {
    let time = |work: &dyn Fn() -> usize| {
        let began = Instant::now();
        black_box(work());
        began.elapsed().as_secs_f64() * 1e6
    };
    // The first rounds warm caches and are not counted.
    let figures: Vec<(f64, f64)> = (0..rounds + WARM).map(|_| (time(&few), time(&many))).skip(WARM).collect();
    let least = |pick: fn(&(f64, f64)) -> f64| figures.iter().map(pick).fold(f64::INFINITY, f64::min);
    let (few, many) = (least(|figures| figures.0), least(|figures| figures.1));
    let mut ratios: Vec<f64> = figures.iter().map(|figures| figures.1 / figures.0).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{what:<25} {few:>8.1} µs with 10 rules, {many:>8.1} µs with 10,000: ratio {:.2} (median {:.2}, middle half {:.2} to {:.2})",
        many / few,
        ratios[rounds / 2],
        ratios[rounds / 4],
        ratios[rounds * 3 / 4]
    );
}
