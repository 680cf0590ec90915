//! Firing: once on becoming true, again after having been false, never on what is unknown.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const RULES: &str = "
automation:
  big_deal:
    trigger: Opportunity.stage reaches 'Stage 2' AND Opportunity.arr > $100K
    action: a
    notification: n
    run: t
  strategic:
    trigger: Account.tier == 'strategic'
    action: a
    notification: n
    run: t
  evaluation:
    trigger: Event.type == 'evaluation.started' AND CSP.exists
    action: a
    notification: n
    run: t
";

fn rules() -> RuleSet {
    let tasks = BTreeSet::from(["t".to_owned()]);
    RuleSet::parse("automation.yaml", RULES, &Vocabulary::default(), &tasks).unwrap()
}

fn opportunity(id: &str) -> Subject {
    Subject::Opportunity(id.to_owned())
}

/// A run of sightings, each with all of its changes against the one before of the same subject.
#[derive(Default)]
struct Story {
    memory: FiringMemory,
    known: BTreeMap<Subject, Facts>,
}

impl Story {
    /// The rules that fire on a sighting, and those that could not be decided, with a `?`.
    fn sees(&mut self, subject: &Subject, values: &[(Field, Value)]) -> String {
        let facts = facts(values);
        let before = self.known.insert(subject.clone(), facts.clone()).unwrap_or_default();
        let changed = facts.changed_since(&before);
        let sighting = Sighting { subject: subject.clone(), facts, changed, ..Sighting::default() };
        let fired = fires(&rules(), &self.memory, &[sighting]);
        self.memory = fired.memory;
        let sure = fired.firings.into_iter().map(|firing| firing.rule);
        let unsure = fired.undecided.into_iter().map(|firing| format!("{}?", firing.rule));
        sure.chain(unsure).collect::<Vec<_>>().join(" ")
    }

    fn deal(&mut self, id: &str, stage: &str, arr: Option<(i64, &str)>) -> String {
        let mut values = vec![(Field::OpportunityStage, text(stage))];
        values.extend(arr.map(|(arr, code)| (Field::OpportunityArr, money(arr, code))));
        self.sees(&opportunity(id), &values)
    }
}

#[test]
fn a_rule_fires_on_becoming_true_and_again_only_after_being_false() {
    let mut story = Story::default();
    let big = Some((250_000, "USD"));
    assert_eq!(story.deal("1", "Stage 1", big), "");
    assert_eq!(story.deal("1", "Stage 3", big), "big_deal");
    assert_eq!(story.deal("1", "Stage 4", big), "");
    assert_eq!(story.deal("1", "Stage 4", Some((300_000, "USD"))), "");
    assert_eq!(story.deal("1", "Stage 4", Some((50_000, "USD"))), "");
    assert_eq!(story.deal("1", "Stage 4", big), "big_deal");
}

#[test]
fn each_subject_fires_for_itself() {
    let mut story = Story::default();
    let big = Some((250_000, "USD"));
    assert_eq!(story.deal("1", "Stage 2", big), "big_deal");
    assert_eq!(story.deal("2", "Stage 2", big), "big_deal");
    assert_eq!(story.deal("1", "Stage 3", big), "");
    assert!(story.memory.has_fired("big_deal", &opportunity("2")));
    assert!(!story.memory.has_fired("big_deal", &opportunity("3")));
}

#[test]
fn what_is_unknown_neither_fires_nor_makes_ready() {
    let mut story = Story::default();
    let big = Some((250_000, "USD"));
    assert_eq!(story.deal("1", "Stage 2", None), "");
    assert_eq!(story.deal("1", "Stage 2", big), "big_deal");
    assert_eq!(story.deal("1", "Stage 2", None), "");
    assert_eq!(story.deal("1", "Stage 2", big), "");
}

#[test]
fn another_currency_is_told_and_not_decided() {
    let mut story = Story::default();
    assert_eq!(story.deal("1", "Stage 2", Some((250_000, "EUR"))), "big_deal?");
    assert_eq!(story.deal("1", "Stage 1", Some((250_000, "EUR"))), "");
    assert_eq!(story.deal("1", "Stage 2", Some((250_000, "USD"))), "big_deal");
}

#[test]
fn rules_of_the_account_are_asked_of_the_account() {
    let mut story = Story::default();
    let tier = |tier: &str| vec![(Field::AccountTier, text(tier))];
    let account = Subject::Account("acme".to_owned());
    assert_eq!(story.sees(&opportunity("1"), &tier("strategic")), "");
    assert_eq!(story.sees(&account, &tier("strategic")), "strategic");
    assert_eq!(story.sees(&account, &tier("enterprise")), "");
}

#[test]
fn a_rule_on_events_fires_for_each_event() {
    let mut story = Story::default();
    let account = Subject::Account("acme".to_owned());
    let plan = (Field::CspExists, Value::Flag(true));
    let event = (Field::EventType, text("evaluation.started"));
    assert_eq!(story.sees(&account, &[plan.clone(), event.clone()]), "evaluation");
    assert_eq!(story.sees(&account, std::slice::from_ref(&plan)), "");
    assert_eq!(story.sees(&account, &[plan.clone(), event.clone()]), "evaluation");
    assert_eq!(story.sees(&account, &[event]), "");
    assert_eq!(story.memory, FiringMemory::default());
}

#[test]
fn only_rules_that_read_a_change_are_asked() {
    let facts = facts(&[(Field::AccountTier, text("strategic")), (Field::AccountRegion, text("EMEA"))]);
    let ask = |changed: &[Field]| {
        let changed = changed.iter().copied().collect();
        let subject = Subject::Account("acme".to_owned());
        let sighting = Sighting { subject, facts: facts.clone(), changed, ..Sighting::default() };
        fires(&rules(), &FiringMemory::default(), &[sighting]).firings.len()
    };
    assert_eq!(ask(&[Field::AccountRegion]), 0);
    assert_eq!(ask(&[Field::AccountRegion, Field::AccountTier]), 1);
}

#[test]
fn memory_and_firings_are_stable_as_json() {
    let mut story = Story::default();
    story.deal("2", "Stage 2", Some((250_000, "USD")));
    story.deal("1", "Stage 2", Some((250_000, "USD")));
    story.sees(&Subject::Account("acme".to_owned()), &[(Field::AccountTier, text("strategic"))]);
    insta::assert_json_snapshot!("memory", story.memory);
    let json = serde_json::to_string(&story.memory).unwrap();
    assert_eq!(serde_json::from_str::<FiringMemory>(&json).unwrap(), story.memory);
}

proptest! {
    /// The reference: a rule is asked at every sighting, and fires when it is true now and was
    /// false, or never known, since it last fired.
    #[test]
    fn firings_match_a_plain_reference(
        steps in prop::collection::vec((0usize..4, prop::option::of(0i64..2), 0usize..2), 0..40),
    ) {
        let mut story = Story::default();
        let mut ready = [true, true];
        for (stage, arr, id) in steps {
            let stage = ["Stage 1", "Stage 2", "Stage 3", "Closed Lost"][stage];
            let arr = arr.map(|big| (50_000 + 100_000 * big, "USD"));
            let fired = story.deal(&id.to_string(), stage, arr);
            let reached = matches!(stage, "Stage 2" | "Stage 3");
            let answer = match (reached, arr) {
                (false, _) | (_, Some((50_000, _))) => Some(false),
                (true, Some(_)) => Some(true),
                (true, None) => None,
            };
            prop_assert_eq!(fired == "big_deal", answer == Some(true) && ready[id]);
            ready[id] = answer.map_or(ready[id], |answer| !answer);
        }
    }
}
