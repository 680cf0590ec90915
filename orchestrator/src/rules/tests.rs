//! Tests of the language as a whole: texts in, answers or reports out.

mod conditions;
mod desk;
mod files;
mod firings;
mod fuzz;
mod health;
mod lint;
mod properties;
mod time;

use super::*;
use infohub::number::Number;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn number(value: i64) -> Number {
    value.to_string().parse().unwrap()
}

fn money(value: i64, code: &str) -> Value {
    Value::Money(Amount { value: number(value), currency: code.to_owned().try_into().ok() })
}

fn facts(values: &[(Field, Value)]) -> Facts {
    let mut facts = Facts::default();
    for (field, value) in values {
        facts.set(*field, value.clone()).unwrap();
    }
    facts
}

/// A deal of 250,000 US dollars in Stage 2 of a strategic account without a plan.
fn deal() -> Facts {
    facts(&[
        (Field::OpportunityId, text("006A1")),
        (Field::OpportunityName, text("O'Brien \"core\"")),
        (Field::OpportunityStage, text("Stage 2")),
        (Field::OpportunityArr, money(250_000, "USD")),
        (Field::OpportunityCloseDate, Value::Date(jiff::civil::date(2026, 6, 30))),
        (Field::AccountTier, text("strategic")),
        (Field::CspExists, Value::Flag(false)),
        (Field::CspVersion, Value::Number(number(3))),
    ])
}
