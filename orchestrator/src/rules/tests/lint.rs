//! The linter: what it finds, and that it finds nothing where nothing is wrong.

use super::desk::{parse, rules_of};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn findings(rules: &RuleSet) -> Vec<String> {
    let told = |finding: Finding| {
        let rule = finding.rule.unwrap_or_else(|| "-".to_owned());
        let sign = if finding.flaw.refuses() { "!" } else { "?" };
        format!("{sign} {rule}: {}; {}", finding.flaw, finding.flaw.hint())
    };
    lint(rules, &BTreeSet::new()).into_iter().map(told).collect()
}

/// The beginnings of what is found in rules that are told to the owner.
fn check(rules: &[(&str, &str)], expected: &[&str]) {
    let found = findings(&rules_of(rules));
    assert_eq!(found.len(), expected.len(), "{rules:?}: {found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found} is not {expected}");
    }
}

fn check_one(condition: &str, never: bool) {
    let found = findings(&rules_of(&[("a", &format!("trigger: \"{condition}\""))]));
    assert_eq!(found.iter().any(|found| found.contains("never hold")), never, "{condition}: {found:?}");
}

#[test]
fn the_seed_s_rules_are_sound() {
    assert_eq!(findings(&parse(include_str!("seed.yaml"))), [""; 0]);
}

#[test]
fn what_can_never_hold_is_found() {
    for condition in [
        "Opportunity.arr > 5 AND Opportunity.arr < 3",
        "Opportunity.arr > 5 AND Opportunity.arr <= 5",
        "Opportunity.arr == 5 AND Opportunity.arr != 5",
        "Opportunity.arr > $5 AND Opportunity.arr > €5",
        "Opportunity.stage == 'Stage 2' AND Opportunity.stage == 'Stage 3'",
        "Opportunity.stage == 'Stage 1' AND Opportunity.stage reaches 'Stage 2'",
        "Account.tier not in ['strategic', 'enterprise', 'commercial']",
        "CSP.exists AND NOT CSP.exists",
        "Account.region is not set AND Account.region == 'EMEA'",
        "CSP.last_updated > 60 days AND CSP.last_updated < 30 days",
        "CSP.last_updated > 2 quarters AND CSP.last_updated < 1 month",
        "CSP.milestone.due_date overdue AND NOT CSP.milestone.due_date overdue",
        "Opportunity.close_date > 2026-01-01 AND Opportunity.close_date < 2025-01-01",
        "(CSP.exists OR Account.tier == 'strategic') AND NOT CSP.exists AND Account.tier == 'commercial'",
    ] {
        check_one(condition, true);
    }
    for condition in [
        "Opportunity.arr >= 5 AND Opportunity.arr <= 5",
        "Opportunity.arr > 5 AND Opportunity.arr > $4",
        "Opportunity.stage != 'Stage 2' AND Opportunity.stage != 'Stage 3'",
        "CSP.last_updated > 30 days AND CSP.last_updated < 1 month",
        "CSP.exists OR NOT CSP.exists",
        "Account.tier not in ['strategic', 'enterprise']",
        "Opportunity.close_date > 2025-01-01 AND Opportunity.close_date < 2025-01-02",
    ] {
        check_one(condition, false);
    }
}

#[test]
fn an_amount_between_two_rules_is_found() {
    let over = "trigger: Opportunity.stage == 'Stage 2' AND Opportunity.arr > 100000 | gate: proposal";
    let under = "trigger: Opportunity.stage == 'Stage 2' AND Opportunity.arr < 100000";
    let gap = "! over: Opportunity.arr of exactly 100000 falls between it and `under`";
    check(&[("over", over), ("under", under)], &[gap]);
    let with_edge = "trigger: Opportunity.stage == 'Stage 2' AND Opportunity.arr <= 100000";
    check(&[("over", over), ("under", with_edge)], &[]);
    // A third rule takes the value.
    let third = "trigger: Opportunity.arr >= 50000 | escalate: sa_manager";
    check(&[("over", over), ("under", under), ("third", third)], &[]);
    // What is compared under other conditions is no neighbour.
    let elsewhere = "trigger: Opportunity.stage == 'Stage 3' AND Opportunity.arr < 100000";
    check(&[("over", over), ("elsewhere", elsewhere)], &[]);
    let old = "trigger: CSP.last_updated > 60 days | escalate: ca_manager";
    let young = "trigger: CSP.last_updated < 60 days";
    check(&[("old", old), ("young", young)], &["! old: CSP.last_updated"]);
}

#[test]
fn gates_doubles_and_shadows_are_found() {
    let third = "trigger: Opportunity.stage == 'Stage 3' AND NOT CSP.complete | gate: proposal";
    let fourth = "trigger: Opportunity.stage == 'Stage 4' AND NOT CSP.complete | gate: proposal";
    check(
        &[("third", third), ("fourth", fourth)],
        &["! fourth: it closes the gate `proposal`, and so does `third`"],
    );
    let wide = "trigger: Opportunity.stage reaches 'Stage 2' AND Opportunity.arr > 100K";
    let narrow = "trigger: Opportunity.stage == 'Stage 3' AND Opportunity.arr >= $200K";
    check(&[("wide", wide), ("narrow", narrow)], &["? narrow: whenever it holds `wide` holds as well"]);
    let turned = "trigger: NOT (Opportunity.arr <= 100K OR NOT Opportunity.stage reaches 'Stage 2')";
    check(
        &[("wide", wide), ("turned", turned)],
        &["? turned: it has the condition and the effects of `wide`"],
    );
    let other =
        "trigger: NOT (Opportunity.arr <= 100K OR NOT Opportunity.stage reaches 'Stage 2') | start: handoff";
    check(&[("wide", wide), ("other", other)], &[]);
    let soon = "trigger: CSP.milestone.due_date approaching | timing: day of";
    let late = "trigger: CSP.milestone.due_date approaching | timing: 1 day after";
    check(&[("soon", soon), ("late", late), ("again", soon)], &["? again"]);
}

#[test]
fn short_months_and_idle_tasks_are_found() {
    check(&[("a", "trigger: Monthly on the 31st")], &["! a: `Monthly on day 31` does not say"]);
    check(&[("a", "trigger: Monthly on the 31st or the last day")], &[]);
    check(&[("a", "trigger: Monthly on account anniversary")], &[]);
    let tasks = ["sa.initiate_csp", "sa.develop_csp"].map(str::to_owned).into();
    let found = lint(&parse(include_str!("seed.yaml")), &tasks);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].flaw, Flaw::IdleTask { task: "sa.develop_csp".to_owned() });
}

#[test]
fn a_condition_that_is_too_wide_is_not_judged() {
    let wide = (0..40).map(|count| format!("(CSP.version == {count} OR CSP.exists)")).collect::<Vec<_>>();
    let condition = format!("{} AND CSP.version > 5 AND CSP.version < 3", wide.join(" AND "));
    check_one(&condition, false);
}

proptest! {
    /// A rule that is said to hold never does not hold on any facts.
    #[test]
    fn what_holds_is_never_said_to_be_impossible(
        a in super::properties::condition(), facts in super::properties::some_facts(),
    ) {
        let rules = rules_of(&[("a", &format!("trigger: \"{a}\""))]);
        let never = findings(&rules).iter().any(|found| found.contains("never hold"));
        prop_assert!(!(never && rules.rules()[0].eval(&facts).is_true()), "{a}");
    }

    /// A rule that another one shadows holds only where that one does.
    #[test]
    fn what_is_shadowed_adds_nothing(
        a in super::properties::condition(), b in super::properties::condition(),
        facts in super::properties::some_facts(),
    ) {
        let key = |condition: &str| format!("trigger: \"{condition}\"");
        let rules = rules_of(&[("a", &key(&a)), ("b", &key(&b))]);
        let holds = |name: &str| rules.get(name).unwrap().eval(&facts).is_true();
        for finding in lint(&rules, &BTreeSet::new()) {
            match (&finding.flaw, finding.rule.as_deref()) {
                (Flaw::Shadowed { by }, Some(rule)) => prop_assert!(!holds(rule) || holds(by), "{a} / {b}"),
                (Flaw::Double { other }, Some(rule)) => prop_assert_eq!(holds(rule), holds(other)),
                _ => {}
            }
        }
    }
}
