//! What holds for every text and every fact.

use super::*;
use proptest::prelude::*;

/// Pieces of the language in any order, which reach deeper than random letters do.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Opportunity.stage",
        "Opportunity.arr",
        "CSP.exists",
        "Account.region",
        "Weather.today",
        "==",
        "!=",
        "<",
        ">=",
        "AND",
        "or",
        "NOT",
        "in",
        "is",
        "set",
        "reaches",
        "(",
        ")",
        "[",
        "]",
        ",",
        "'Stage 2'",
        "\"x\"",
        "'",
        "100K",
        "$5",
        "1,000",
        "30",
        "days",
        "30d",
        "CSP.last_updated",
        "CSP.milestone.due_date",
        "approaching",
        "overdue",
        "within",
        "enters",
        "changes",
        "today",
        "Monthly",
        "Weekly",
        "Every",
        "on",
        "the",
        "last",
        "day",
        "31st",
        "Monday",
        "account",
        "anniversary",
        "since",
        "at",
        "09:00",
        "99:99",
        "USD",
        "2026-06-30",
        "2026-13-99",
        "true",
        ".",
        "-",
        "é",
        "\u{0}",
        "\n",
        "𝄞",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.join(" "))
}

/// A condition that compiles, built by the grammar.
pub(super) fn condition() -> impl Strategy<Value = String> {
    let test = prop::sample::select(vec![
        "Opportunity.stage == 'Stage 2'",
        "Opportunity.stage reaches 'Stage 3'",
        "CSP.exists",
        "Opportunity.arr > $100K",
        "Opportunity.arr < 5",
        "Account.region is set",
        "Account.region == 'EMEA'",
        "Account.tier not in ['strategic', 'enterprise']",
    ]);
    test.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) OR {b}")),
        ]
    })
}

pub(super) fn some_facts() -> impl Strategy<Value = Facts> {
    let stage = prop::sample::select(vec!["Stage 1", "Stage 2", "Closed Won", "Closed Lost", "?"]);
    let currency = prop::sample::select(vec!["USD", "EUR"]);
    (
        prop::option::of(stage),
        prop::option::of((0i64..200_000, currency)),
        prop::option::of(any::<bool>()),
        prop::option::of(prop::sample::select(vec!["EMEA", "AMER"])),
    )
        .prop_map(|(stage, arr, exists, region)| {
            let mut values = Vec::new();
            values.extend(stage.map(|stage| (Field::OpportunityStage, text(stage))));
            values.extend(arr.map(|(arr, code)| (Field::OpportunityArr, money(arr, code))));
            values.extend(exists.map(|exists| (Field::CspExists, Value::Flag(exists))));
            values.extend(region.map(|region| (Field::AccountRegion, text(region))));
            facts(&values)
        })
}

fn eval(condition: &str, facts: &Facts) -> Outcome {
    compile(condition, &Vocabulary::default()).unwrap().eval(facts)
}

/// No text panics, and every fault has its place inside the text.
fn places_are_inside(condition: &str) {
    let Err(errors) = compile(condition, &Vocabulary::default()) else {
        return;
    };
    assert!(!errors.is_empty());
    for error in errors {
        let Span { start, end } = error.span;
        assert!(start <= end && condition.get(start..end).is_some(), "{condition:?}: {error:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_gives_an_answer_or_faults_with_places(condition in any::<String>()) {
        places_are_inside(&condition);
    }

    #[test]
    fn any_order_of_words_gives_an_answer_or_faults_with_places(condition in pieces()) {
        places_are_inside(&condition);
    }

    #[test]
    fn logic_is_consistent(a in condition(), b in condition(), facts in some_facts()) {
        let not = |condition: &str| format!("NOT ({condition})");
        let both = format!("({a}) AND ({b})");
        let either = format!("({a}) OR ({b})");
        prop_assert_eq!(eval(&not(&not(&a)), &facts), eval(&a, &facts));
        prop_assert_eq!(eval(&not(&both), &facts), eval(&format!("{} OR {}", not(&a), not(&b)), &facts));
        prop_assert_eq!(eval(&not(&either), &facts), eval(&format!("{} AND {}", not(&a), not(&b)), &facts));
        prop_assert_eq!(eval(&both, &facts), eval(&format!("({b}) AND ({a})"), &facts));
        prop_assert_eq!(eval(&either, &facts), eval(&format!("({b}) OR ({a})"), &facts));
    }

    #[test]
    fn an_explanation_agrees_with_the_answer(a in condition(), facts in some_facts()) {
        let condition = compile(&a, &Vocabulary::default()).unwrap();
        prop_assert_eq!(condition.explain(&facts).outcome, condition.eval(&facts));
    }

    #[test]
    fn a_fact_that_is_not_read_changes_no_answer(
        a in condition(), facts in some_facts(), version in 0i64..9,
    ) {
        let more = facts.clone().with(Field::CspVersion, Value::Number(number(version))).unwrap();
        prop_assert_eq!(eval(&a, &facts), eval(&a, &more));
    }

    #[test]
    fn a_value_reads_back_as_it_is_written(amount in -1_000_000i64..1_000_000, name in "[^\\p{C}]{1,20}") {
        let facts = facts(&[
            (Field::OpportunityArr, money(amount, "EUR")),
            (Field::OpportunityName, text(&name)),
        ]);
        for field in [Field::OpportunityArr, Field::OpportunityName] {
            if let Some(value) = facts.get(field) {
                prop_assert_eq!(eval(&format!("{field} == {value}"), &facts), Outcome::True);
            }
        }
    }

    #[test]
    fn any_file_gives_rules_or_errors(text in any::<String>(), rule in pieces()) {
        let tasks = std::collections::BTreeSet::new();
        let parse = |text: &str| RuleSet::parse("automation.yaml", text, &Vocabulary::default(), &tasks);
        for text in [text, format!("automation:\n  a:\n    trigger: {rule}\n    run: x")] {
            if let Err(errors) = parse(&text) {
                prop_assert!(!errors.is_empty());
                errors.iter().for_each(|error| assert!(error.report().contains("automation.yaml:")));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Rules are found by the words and fields that they lie under. The reference asks each of them at each
    /// step.
    #[test]
    fn no_rule_is_missed_that_can_fire(
        conditions in prop::collection::vec(condition(), 1..5),
        steps in prop::collection::vec(some_facts(), 1..12),
    ) {
        let names: Vec<(String, String)> = conditions.iter().enumerate()
            .map(|(at, condition)| (format!("r{at}"), format!("trigger: {condition}"))).collect();
        let named: Vec<(&str, &str)> = names.iter().map(|(name, key)| (&**name, &**key)).collect();
        let rules = super::desk::rules_of(&named);
        let subject = |rule: &Rule| match rule.asked_of() {
            None => super::desk::account(),
            Some(_) => Subject::Opportunity("1".to_owned()),
        };
        let (mut memory, mut before) = (FiringMemory::default(), None::<Facts>);
        let mut ready = vec![true; rules.rules().len()];
        for facts in steps {
            let changed = match &before {
                Some(before) => facts.changed_since(before),
                None => Field::of_states().collect(),
            };
            let sighting = |subject| Sighting {
                subject, facts: facts.clone(), changed: changed.clone(), ..Sighting::default()
            };
            let sightings = [super::desk::account(), Subject::Opportunity("1".to_owned())].map(sighting);
            let fired = fires(&rules, &memory, &sightings);
            for (at, rule) in rules.rules().iter().enumerate() {
                let answer = rule.eval(&facts);
                let fires = answer.is_true() && ready[at];
                let found = fired.firings.iter().any(|firing| {
                    firing.rule == rule.name && firing.subject == subject(rule)
                });
                prop_assert_eq!(found, fires, "{}", rule.trigger.text());
                ready[at] = match answer {
                    Outcome::True => false,
                    Outcome::False => true,
                    _ => ready[at],
                };
            }
            memory = fired.memory;
            before = Some(facts);
        }
    }
}
