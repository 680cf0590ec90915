//! Conditions: what they answer, what they explain, and how their faults are told.

use super::*;
use std::fmt::Write;

fn compiled(condition: &str) -> Condition {
    compile(condition, &Vocabulary::default()).unwrap_or_else(|errors| panic!("{condition}: {errors:?}"))
}

fn check_on(facts: &Facts, condition: &str, expected: Outcome) {
    let condition = compiled(condition);
    assert_eq!(condition.eval(facts), expected, "{}", condition.text());
    assert_eq!(condition.explain(facts).outcome, expected, "{}", condition.text());
}

fn check(condition: &str, expected: Outcome) {
    check_on(&deal(), condition, expected);
}

#[test]
fn the_seed_s_conditions_hold_as_they_stand() {
    check("Opportunity.stage == 'Stage 2' AND Opportunity.arr > 100000", Outcome::True);
    check("Opportunity.stage == 'Closed Won'", Outcome::False);
}

#[test]
fn comparisons_of_every_type() {
    for condition in [
        "Opportunity.arr >= 250000",
        "Opportunity.arr<=250_000",
        "Opportunity.arr == 250K",
        "Opportunity.arr == $250K",
        "Opportunity.arr == 250K USD",
        "Opportunity.arr == 0.25M USD",
        "Opportunity.arr < $1.5M",
        "Opportunity.arr > -$5",
        "Opportunity.arr > -5",
        "100000 < Opportunity.arr",
        "Opportunity.name == 'O''Brien \"core\"'",
        "Opportunity.name == \"O'Brien \"\"core\"\"\"",
        "Opportunity.name != 'another'",
        "Opportunity.close_date <= 2026-06-30",
        "Opportunity.close_date > '2026-06-29'",
        "CSP.exists == false",
        "CSP.exists != TRUE",
        "CSP.version == 3",
        "CSP.version >= 2.5",
        "NOT CSP.exists",
        "Account.tier != 'enterprise'",
    ] {
        check(condition, Outcome::True);
        check(&format!("NOT ({condition})"), Outcome::False);
    }
}

#[test]
fn lists_hold_what_they_hold() {
    check("Opportunity.stage in ['Stage 2', 'Stage 3']", Outcome::True);
    check("Opportunity.stage IN ['Closed Won']", Outcome::False);
    check("Opportunity.stage not in ['Stage 2']", Outcome::False);
    check("Opportunity.arr in [100K, 250000, 300_000]", Outcome::True);
    check("Opportunity.close_date in [2026-06-30]", Outcome::True);
    check("Account.region in ['EMEA']", Outcome::Unknown);
    check("Account.region not in ['EMEA']", Outcome::Unknown);
}

#[test]
fn stages_are_reached_in_their_order() {
    let at = |stage: &str| facts(&[(Field::OpportunityStage, text(stage))]);
    for (stage, condition, expected) in [
        ("Stage 1", "Opportunity.stage reaches 'Stage 2'", Outcome::False),
        ("Stage 2", "Opportunity.stage reaches 'Stage 2'", Outcome::True),
        ("Stage 3", "Opportunity.stage REACHES \"Stage 2\"", Outcome::True),
        ("Closed Won", "Opportunity.stage reaches 'Stage 2'", Outcome::True),
        ("Closed Lost", "Opportunity.stage reaches 'Stage 2'", Outcome::False),
        ("Closed Lost", "Opportunity.stage reaches 'Closed Lost'", Outcome::True),
        ("Closed Won", "Opportunity.stage reaches 'Closed Lost'", Outcome::False),
        ("Stage 9", "Opportunity.stage reaches 'Stage 2'", Outcome::Unknown),
        ("Stage 9", "Opportunity.stage == 'Stage 2'", Outcome::False),
    ] {
        check_on(&at(stage), condition, expected);
    }
}

#[test]
fn precedence_is_not_then_and_then_or() {
    // Each is false under another order of precedence.
    check("CSP.exists AND CSP.exists OR NOT CSP.exists", Outcome::True);
    check("NOT CSP.exists OR CSP.exists AND CSP.exists", Outcome::True);
    check("NOT CSP.exists AND NOT CSP.exists", Outcome::True);
    check("CSP.exists AND (CSP.exists OR NOT CSP.exists)", Outcome::False);
    check("NOT (CSP.exists OR NOT CSP.exists)", Outcome::False);
    check("not not not CSP.exists", Outcome::True);
}

#[test]
fn a_missing_value_is_neither_true_nor_false() {
    check("Account.region == 'EMEA'", Outcome::Unknown);
    check("Account.region != 'EMEA'", Outcome::Unknown);
    check("NOT Account.region == 'EMEA'", Outcome::Unknown);
    check("Account.region is set", Outcome::False);
    check("Account.region IS NOT SET", Outcome::True);
    check("Opportunity.arr is set", Outcome::True);
    check("Account.region == 'EMEA' AND CSP.exists", Outcome::False);
    check("Account.region == 'EMEA' AND NOT CSP.exists", Outcome::Unknown);
    check("Account.region == 'EMEA' OR NOT CSP.exists", Outcome::True);
}

#[test]
fn currencies_are_never_compared_silently() {
    check("Opportunity.arr > 100K EUR", Outcome::Incomparable);
    check("NOT Opportunity.arr > €100K", Outcome::Incomparable);
    check("Opportunity.arr in [€250K]", Outcome::Incomparable);
    check("Opportunity.arr in [€250K, $250K]", Outcome::True);
    check("Opportunity.arr > €100K AND CSP.exists", Outcome::False);
    check("Opportunity.arr > €100K AND Account.region is set", Outcome::False);
    check("Opportunity.arr > €100K AND Account.region == 'EMEA'", Outcome::Incomparable);
    check("Account.region == 'EMEA' OR Opportunity.arr > €100K", Outcome::Incomparable);
}

#[test]
fn what_is_read_is_known() {
    let condition = compiled("CSP.exists OR (NOT Account.tier is set AND Opportunity.arr > 1)");
    let expected = [Field::OpportunityArr, Field::AccountTier, Field::CspExists];
    assert!(condition.reads().iter().eq(&expected));
}

#[test]
fn an_explanation_says_what_was_found() {
    let condition = compiled(
        "Opportunity.stage reaches 'Stage 3' OR NOT (Opportunity.arr > €100K) \
         AND (Account.region == 'EMEA' OR Account.tier in ['strategic'])",
    );
    let mut facts = deal();
    facts.set(Field::OpportunityStage, text("Stage 9")).unwrap();
    insta::assert_snapshot!("explanation", condition.explain(&facts));
    insta::assert_json_snapshot!("explanation_json", condition.explain(&deal()));
}

/// Every fault with its place and its hint, as a person would see it.
#[test]
fn faults_show_their_place() {
    let mut report = String::new();
    for condition in include_str!("faults.txt").lines() {
        let errors = compile(condition, &Vocabulary::default())
            .err()
            .unwrap_or_else(|| panic!("compiles: {condition}"));
        writeln!(report, "{condition}").unwrap();
        for error in errors {
            let indent = condition[..error.span.start].chars().count();
            let carets = error.span.of(condition).chars().count().max(1);
            writeln!(report, "{:indent$}{:^<carets$} {error}", "", "^").unwrap();
            if let Some(hint) = error.hint {
                writeln!(report, "    hint: {hint}").unwrap();
            }
        }
        report.push('\n');
    }
    insta::assert_snapshot!("faults", report);
}

#[test]
fn length_and_depth_are_bounded() {
    let nested = |levels: usize| format!("{}CSP.exists{}", "(".repeat(levels), ")".repeat(levels));
    check(&nested(64), Outcome::False);
    let fault = |condition: &str| compile(condition, &Vocabulary::default()).unwrap_err()[0].fault.clone();
    assert_eq!(fault(&nested(65)), Fault::TooDeep { limit: 64 });
    assert_eq!(fault(&format!("{} CSP.exists", "NOT ".repeat(1000))), Fault::TooDeep { limit: 64 });
    let long = "CSP.exists AND ".repeat(1000);
    assert_eq!(fault(&long), Fault::TooLong { length: 15_000, limit: 4096 });
    let wide = format!("{}CSP.exists", "CSP.exists AND ".repeat(270));
    check(&wide, Outcome::False);
}
