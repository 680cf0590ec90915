//! The past of an account under other rules: its events, plans and decisions are laid before `decide` again, on a
//! virtual clock that stops at each instant at which time alone brings something. Pure: nothing is written, no agent
//! is asked. Each task counts as done at once, and the plan is what it was at the time.

use std::collections::BTreeMap;
use std::fmt;

use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use infohub::plan::Plan;
use jiff::Timestamp;
use serde::Serialize;

use crate::attention::Kind;
use crate::decide::{Outcome, View, decide, with_plan};
use crate::policy::Policy;
use crate::state::State;
use crate::step::{Effect, Input, Verdict};

/// The most instants that are looked at between two steps of the past.
const MOST_TICKS: usize = 2_000;

/// One step of an account's past.
#[derive(Debug, Clone)]
pub struct Past {
    /// When it was taken.
    pub at: Timestamp,
    /// What came in.
    pub input: Input,
    /// The plan after it, if it made another version.
    pub plan: Option<Plan>,
}

/// What rules brought about, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An agent's task was started.
    Task,
    /// A gate was closed.
    Gate,
    /// A person was told or reminded.
    Notice,
    /// A person was told of what somebody else did not do.
    Escalation,
    /// A handoff was offered.
    Handoff,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Task => "task",
            Self::Gate => "gate closed",
            Self::Notice => "notice",
            Self::Escalation => "escalation",
            Self::Handoff => "handoff",
        })
    }
}

/// One thing that rules brought about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub account: AccountSlug,
    /// What.
    pub what: What,
    /// The rule, with what it started or whom it told.
    pub which: String,
}

/// What one set of rules brings about and the other does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What happens no more.
    pub gone: Vec<Happened>,
    /// What happens in addition.
    pub new: Vec<Happened>,
    /// How much happens under both.
    pub same: usize,
}

/// Replays an account's past, oldest first, and what time brings after it until `until`.
pub fn replay(slug: &AccountSlug, past: &[Past], until: Timestamp, policy: &Policy) -> Vec<Happened> {
    let mut stage = Rehearsal {
        slug,
        policy,
        state: State::default(),
        facts: AccountFile::new(slug.clone()),
        plan: None,
        happened: Vec::new(),
    };
    for step in past.iter().take_while(|step| step.at <= until) {
        stage.wait(step.at);
        stage.step(step);
    }
    stage.wait(until);
    stage.happened
}

/// Sets what happens under two sets of rules against each other.
pub fn compare(before: Vec<Happened>, after: Vec<Happened>) -> Difference {
    let mut counts: BTreeMap<Happened, i64> = BTreeMap::new();
    let total = before.len();
    for happened in before {
        *counts.entry(happened).or_default() -= 1;
    }
    for happened in after {
        *counts.entry(happened).or_default() += 1;
    }
    let mut difference = Difference::default();
    for (happened, count) in counts {
        let side = if count < 0 { &mut difference.gone } else { &mut difference.new };
        side.extend((0..count.abs()).map(|_| happened.clone()));
    }
    difference.same = total - difference.gone.len();
    difference
}

/// An account on its way through its past.
struct Rehearsal<'a> {
    slug: &'a AccountSlug,
    policy: &'a Policy,
    state: State,
    facts: AccountFile,
    plan: Option<Plan>,
    happened: Vec<Happened>,
}

impl Rehearsal<'_> {
    /// Lets time pass, instant by instant.
    fn wait(&mut self, until: Timestamp) {
        for _ in 0..MOST_TICKS {
            let Some(at) = self.state.wake.filter(|at| *at < until) else { return };
            let outcome = decide(self.view(), &Input::Tick, at, self.policy);
            self.take(at, outcome);
        }
    }

    fn step(&mut self, step: &Past) {
        let replayed = match &step.input {
            Input::Event(_) => true,
            Input::Decision(decision) => {
                matches!(decision.verdict, Verdict::OpenGate { .. } | Verdict::Handoff { .. })
            }
            _ => false,
        };
        if replayed {
            let outcome = decide(self.view(), &step.input, step.at, self.policy);
            self.take(step.at, outcome);
        }
        if let Some(plan) = &step.plan {
            let outcome = with_plan(self.view(), plan.clone(), step.at, self.policy);
            self.take(step.at, outcome);
            self.plan = Some(plan.clone());
        }
    }

    fn view(&self) -> View<'_> {
        View { state: &self.state, facts: &self.facts, plan: self.plan.as_ref(), edit: None }
    }

    fn take(&mut self, at: Timestamp, outcome: Outcome) {
        let told = outcome.effects.iter().filter_map(told);
        let account = self.slug;
        self.happened.extend(told.map(|(what, which)| Happened {
            at,
            account: account.clone(),
            what,
            which,
        }));
        self.state = outcome.state;
        self.state.tasks.clear();
        if let Some(facts) = outcome.facts {
            self.facts = facts;
        }
    }
}

fn told(effect: &Effect) -> Option<(What, String)> {
    match effect {
        Effect::TaskStarted { task, rule, .. } => {
            let run = task.as_str().rsplit_once('-').map_or(task.as_str(), |(run, _)| run);
            Some((What::Task, format!("{rule}: {run}")))
        }
        Effect::GateClosed { gate, rules, .. } => Some((What::Gate, format!("{}: {gate}", rules.join(", ")))),
        Effect::Noticed { notice } => {
            let what = if notice.kind == Kind::Escalation { What::Escalation } else { What::Notice };
            Some((what, format!("{}: {}, {}", notice.source, notice.to, notice.title)))
        }
        Effect::HandoffOffered { handoff, .. } => Some((What::Handoff, handoff.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(second: i64, which: &str) -> Happened {
        Happened {
            at: Timestamp::from_second(second).unwrap(),
            account: "acme".parse().unwrap(),
            what: What::Task,
            which: which.to_owned(),
        }
    }

    #[test]
    fn what_happens_twice_counts_twice() {
        let check = |before: &[(i64, &str)], after: &[(i64, &str)], expected: (usize, usize, usize)| {
            let list = |of: &[(i64, &str)]| of.iter().map(|(at, which)| happened(*at, which)).collect();
            let found = compare(list(before), list(after));
            assert_eq!((found.gone.len(), found.new.len(), found.same), expected, "{found:?}");
        };
        check(&[], &[], (0, 0, 0));
        check(&[(1, "a")], &[(1, "a")], (0, 0, 1));
        check(&[(1, "a"), (1, "a")], &[(1, "a")], (1, 0, 1));
        check(&[(1, "a")], &[(2, "a"), (1, "b")], (1, 2, 0));
    }
}
