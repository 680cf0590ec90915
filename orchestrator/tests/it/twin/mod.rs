//! The same story told to the real orchestrator and to a plain reference: events in any order and
//! twice, edits by hand, drafts, decisions, time that passes watched and unwatched, and processes that are killed. Both
//! must come to the same firings, each exactly once, and to the same tasks, gates and handoffs.
//!
//! ```text
//! story ─┬─► real: events, files, ticks ─► journal ─► firings ─┐
//!        └─► reference ─────────────────────────► firings ─────┴─► equal, after every action
//! ```
//!
//! ```text
//! TWIN_SECONDS=600 cargo test --release -p orchestrator --test it -- --ignored --nocapture twins_for_long
//! ```

mod action;
mod real;
mod reference;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use orchestrator::rules::GateName;
use orchestrator::step::Input;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use self::action::{Action, ZONES, beginning, calm, event, story};
use self::real::{Real, subject};
use self::reference::{Firing, How, Reference};

/// The rules, in the order in which the reference asks them.
const RULES: &str = include_str!("rules.yaml");
const NAMES: [&str; 15] = [
    "creation",
    "exception",
    "won",
    "proposal_gate",
    "stale",
    "overdue",
    "soon",
    "milestone",
    "monthly",
    "weekly",
    "entered",
    "repriced",
    "big",
    "proposal",
    "offer",
];

/// Both sides of a story.
struct Twins {
    real: Real,
    reference: Reference,
    /// The events that came, as they were sent.
    events: Vec<String>,
}

impl Twins {
    /// An account of which only its zone is known.
    fn new((zone, now): (usize, Timestamp)) -> Self {
        let mut twins = Self { real: Real::new(), reference: Reference::new(zone, now), events: Vec::new() };
        let first = serde_json::json!({ "specversion": "1.0", "id": "first", "source": "crm", "subject": "acme",
            "type": "opportunity.changed", "time": "2025-01-01T00:00:00Z",
            "data": { "account": { "time_zone": ZONES[zone] } } });
        twins.send(first.to_string());
        twins
    }

    fn send(&mut self, event: String) {
        self.real.event(&event, self.reference.now);
        self.events.push(event);
    }

    fn act(&mut self, action: &Action) {
        let now = self.reference.now;
        match action {
            Action::Event(news, late) => {
                let time = now - SignedDuration::from_hours((*late).into());
                self.send(event(self.events.len(), news, time));
                self.reference.event(news, time);
            }
            Action::Again(which) => {
                let again = which.get(&self.events).clone();
                self.real.event(&again, now);
                self.reference.look_at_files();
            }
            Action::Edit(changes) => {
                self.real.edit(changes, self.reference.today());
                self.reference.edit(changes);
            }
            Action::Look => {
                self.real.take(&Input::HandEdit, now);
                self.reference.look_at_files();
            }
            Action::Draft => {
                self.real.draft(now);
                self.reference.draft();
            }
            Action::Accept => {
                self.real.accept(now);
                self.reference.accept();
            }
            Action::LetThrough(hours) => {
                self.real.let_through(now, later(now, *hours));
                self.reference.let_through(later(now, *hours));
            }
            Action::Pass(_) | Action::Asleep(_) | Action::Awake(_) => self.let_pass(action),
            Action::Restart => self.real.restart(),
            Action::Kill { operation, counts } => self.real.kill_in(*operation, *counts),
        }
    }

    /// Time passes, watched or not.
    fn let_pass(&mut self, action: &Action) {
        let now = self.reference.now;
        match action {
            Action::Awake(hours) => {
                self.real.awake(now, later(now, *hours));
                self.reference.awake(later(now, *hours));
            }
            Action::Asleep(hours) => {
                self.reference.now = later(now, *hours);
                self.real.take(&Input::Tick, self.reference.now);
                self.reference.tick();
            }
            Action::Pass(hours) => self.reference.now = later(now, *hours),
            other => panic!("{other:?} takes no time"),
        }
    }

    fn compare(&self, action: &Action) {
        let (real, reference) = (&self.real, &self.reference);
        assert_eq!(told(&real.firings), told(&reference.firings), "after {action:?}");
        let state = real.state();
        assert_eq!(Real::waiting(&state), reference.waiting, "after {action:?}");
        let closed = state.gates.get(&GateName::Proposal).is_some_and(|gate| !gate.closed_by.is_empty());
        assert_eq!(closed, reference.is_gate_closed(), "the gate, after {action:?}");
        let handoffs: Vec<String> = reference.handoffs.iter().map(|id| format!("d{id}")).collect();
        assert!(state.handoffs.keys().eq(&handoffs), "{:?}, after {action:?}", state.handoffs);
        for who in reference.subjects() {
            for rule in NAMES {
                let held = reference.held.contains(&(rule, who));
                assert_eq!(
                    state.fired.has_fired(rule, &subject(who)),
                    held,
                    "{rule} {who:?}, after {action:?}"
                );
            }
        }
        assert_eq!(Real::reminders(&state), reference.reminders(), "what waits to be told, after {action:?}");
    }
}

fn later(now: Timestamp, hours: u16) -> Timestamp {
    now + SignedDuration::from_hours(hours.into())
}

/// In an order that both have, without the instant of a task that waited already, which no effect names.
fn told(firings: &[Firing]) -> Vec<Firing> {
    let mut told: Vec<Firing> = firings.to_vec();
    told.iter_mut().filter(|firing| firing.4 == How::Waits).for_each(|firing| firing.3 = None);
    told.sort();
    told
}

/// A number from the environment.
#[allow(clippy::disallowed_methods, reason = "whoever runs the test may ask for more")]
fn asked(name: &str) -> Option<u32> {
    std::env::var(name).ok().and_then(|count| count.parse().ok())
}

/// As many stories as a few seconds allow, or as many as are asked for.
fn cases(few: u32) -> ProptestConfig {
    let cases = asked("PROPTEST_CASES").unwrap_or(few);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn run(beginning: (usize, Timestamp), story: &[Action]) -> Twins {
    let mut twins = Twins::new(beginning);
    for action in story {
        twins.act(action);
        twins.compare(action);
    }
    // What lies there unsaid is no fault; the rest of the journal and the files agree.
    twins.act(&Action::Asleep(0));
    twins.real.assert_sound();
    twins
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn the_same_firings_each_exactly_once(beginning in beginning(), story in story(30)) {
        run(beginning, &story);
    }
}

proptest! {
    #![proptest_config(cases(10))]

    #[test]
    fn what_was_killed_or_came_twice_leaves_no_trace(beginning in beginning(), story in story(20)) {
        let (rough, calm) = (run(beginning, &story), run(beginning, &calm(&story)));
        prop_assert_eq!(rough.real.state(), calm.real.state());
        prop_assert_eq!(rough.real.files(), calm.real.files());
    }
}

/// What happened in many stories, so that it can be seen that anything did.
#[derive(Debug, Default)]
struct Tally {
    stories: usize,
    actions: usize,
    records: u64,
    kills: usize,
    ticks: usize,
    ticks_for_nothing: usize,
    firings: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn count(&mut self, story: &[Action], real: &Real) {
        self.stories += 1;
        self.actions += story.len();
        self.records += real.records;
        self.kills += real.kills;
        self.ticks += real.ticks.0;
        self.ticks_for_nothing += real.ticks.1;
        for (_, rule, ..) in &real.firings {
            *self.firings.entry(rule).or_default() += 1;
        }
    }
}

#[test]
#[ignore = "runs for as long as TWIN_SECONDS says"]
fn twins_for_long() {
    let limit = Duration::from_secs(asked("TWIN_SECONDS").unwrap_or(60).into());
    let (began, tally) = (Instant::now(), RefCell::new(Tally::default()));
    while began.elapsed() < limit {
        let ran = TestRunner::new(cases(50)).run(&(beginning(), story(60)), |(beginning, story)| {
            tally.borrow_mut().count(&story, &run(beginning, &story).real);
            Ok(())
        });
        ran.unwrap();
    }
    println!("{:#?} in {:?}", tally.borrow(), began.elapsed());
    assert_eq!(tally.borrow().firings.len(), NAMES.len(), "each rule is tried");
}
