//! The specification's health strings as conditions, on a plan that ages: what holds on which day, which
//! gate is closed, and what `why` says.

use super::desk::{Desk, account, day, parse};
use super::*;
use std::collections::BTreeSet;

fn desk() -> Desk {
    let mut desk = Desk::new(parse(include_str!("health.yaml")), "Europe/Berlin");
    for (field, value) in [
        (Field::CspSectionsMissing, Value::Number(number(0))),
        (Field::CspSuccessCriteria, Value::Number(number(5))),
        (Field::CspMilestonesOverdue, Value::Number(number(0))),
        (Field::CspLastUpdated, day("2026-01-01")),
        (Field::CspLastCustomerReview, day("2026-01-01")),
        (Field::CspLifecycle, text("execute")),
        (Field::CspComplete, Value::Flag(true)),
    ] {
        desk.set(&account(), field, value);
    }
    let deal = Subject::Opportunity("1".to_owned());
    desk.set(&deal, Field::OpportunityStage, text("Stage 4"));
    desk
}

/// The rules that hold on a day, at noon.
fn hold(desk: &Desk, date: &str) -> BTreeSet<String> {
    let sightings = desk.sightings(format!("{date}T12:00:00Z").parse().unwrap());
    let whys = desk.rules.explain_all(&desk.memory, &sightings);
    let holds = |why: &Why| why.explanation.as_ref().is_some_and(|explanation| explanation.outcome.is_true());
    whys.into_iter().filter(holds).map(|why| why.rule).collect()
}

fn check(desk: &Desk, date: &str, rule: &str, expected: bool) {
    assert_eq!(hold(desk, date).contains(rule), expected, "{rule} on {date}");
}

#[test]
fn fifty_nine_sixty_and_sixty_one_days() {
    let desk = desk();
    check(&desk, "2026-01-31", "updated", true);
    check(&desk, "2026-02-01", "updated", false);
    check(&desk, "2026-03-01", "not_updated", false);
    check(&desk, "2026-03-02", "not_updated", true);
    check(&desk, "2026-03-02", "stale_after_sales", false);
    check(&desk, "2026-03-03", "stale_after_sales", true);
    check(&desk, "2026-04-01", "reviewed", true);
    check(&desk, "2026-04-02", "reviewed", false);
}

#[test]
fn six_criteria_are_not_one_to_five() {
    let mut desk = desk();
    check(&desk, "2026-01-02", "criteria_defined", true);
    desk.set(&account(), Field::CspSuccessCriteria, Value::Number(number(6)));
    check(&desk, "2026-01-02", "criteria_defined", false);
}

#[test]
fn an_incomplete_plan_closes_the_gate() {
    let mut desk = desk();
    let closed = |desk: &Desk| {
        let sightings = desk.sightings("2026-01-02T12:00:00Z".parse().unwrap());
        desk.rules.closed(GateName::Proposal, &sightings)
    };
    assert_eq!(closed(&desk), []);
    desk.set(&account(), Field::CspComplete, Value::Flag(false));
    let closed = closed(&desk);
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0].action, "Block proposal until CSP complete");
    assert_eq!(closed[0].subject, Subject::Opportunity("1".to_owned()));
}

/// All that `csp why` has to say of the account, rule by rule.
#[test]
fn why_says_what_was_found_and_what_is_missing() {
    use std::fmt::Write;
    let mut desk = desk();
    desk.step("2026-01-10T12:00:00Z");
    let sightings = desk.sightings("2026-01-20T12:00:00Z".parse().unwrap());
    let mut told = String::new();
    for why in desk.rules.explain_all(&desk.memory, &sightings) {
        let subject = why.subject.map_or("nothing".to_owned(), |subject| subject.to_string());
        let fired = why.fired_at.map(|at| format!(", fired {at}")).unwrap_or_default();
        writeln!(told, "{} of {subject}: {:?}{fired}", why.rule, why.standing).unwrap();
        for line in why.explanation.into_iter().map(|explanation| explanation.to_string()) {
            writeln!(told, "  {}", line.replace('\n', "\n  ")).unwrap();
        }
        if let Some(needs) = why.needs {
            writeln!(told, "  needs {}", needs.to_string().replace('\n', "\n  ")).unwrap();
        }
    }
    insta::assert_snapshot!("why", told);
}
