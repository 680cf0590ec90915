//! What a call costs: tokens times prices, in exact decimals.
//!
//! It must not know any vendor's price list; operators write theirs into the settings.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Usage;

/// Prices are quoted per this many tokens.
const TOKENS_PER_PRICE: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Prices per million tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Of a question.
    pub input: Decimal,
    /// Of the cached part of a question; the price of `input` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<Decimal>,
    /// Of an answer.
    pub output: Decimal,
    /// ISO 4217 code, such as `USD`.
    pub currency: String,
}

/// An amount of money, exact, not rounded to cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// How much.
    pub amount: Decimal,
    /// ISO 4217 code.
    pub currency: String,
}

impl Prices {
    /// What these tokens cost together; absent for nothing, and for a number of tokens that no
    /// decimal can hold, which only a broken server reports.
    pub fn cost(&self, usages: impl IntoIterator<Item = Usage>) -> Option<Cost> {
        let mut amount: Option<Decimal> = None;
        for usage in usages {
            let one = self.cost_of_one(usage)?;
            amount = Some(amount.unwrap_or_default().checked_add(one)?);
        }
        Some(Cost { amount: amount?.normalize(), currency: self.currency.clone() })
    }

    fn cost_of_one(&self, usage: Usage) -> Option<Decimal> {
        let cached = usage.cached.min(usage.prompt);
        let fresh = usage.prompt - cached;
        let parts = [
            (fresh, self.input),
            (cached, self.cached_input.unwrap_or(self.input)),
            (usage.completion, self.output),
        ];
        let mut sum = Decimal::ZERO;
        for (tokens, price) in parts {
            sum = sum.checked_add(Decimal::from(tokens).checked_mul(price)?)?;
        }
        sum.checked_div(TOKENS_PER_PRICE)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prices() -> Prices {
        Prices {
            input: "0.15".parse().unwrap(),
            cached_input: Some("0.075".parse().unwrap()),
            output: "0.6".parse().unwrap(),
            currency: "USD".to_owned(),
        }
    }

    fn usage(prompt: u64, completion: u64, cached: u64) -> Usage {
        Usage { prompt, completion, cached }
    }

    #[test]
    fn tokens_times_prices_exactly() {
        fn check(usages: &[Usage], expected: Option<&str>) {
            let cost = prices().cost(usages.iter().copied());
            assert_eq!(cost.map(|cost| cost.amount), expected.map(|amount| amount.parse().unwrap()));
        }
        check(&[], None);
        check(&[usage(0, 0, 0)], Some("0"));
        check(&[usage(1_000_000, 0, 0)], Some("0.15"));
        check(&[usage(1, 0, 0)], Some("0.00000015"));
        check(&[usage(1000, 500, 400)], Some("0.00042"));
        check(&[usage(1000, 500, 400), usage(10, 10, 0)], Some("0.0004275"));
        // A server that reports more cached tokens than tokens is not believed.
        check(&[usage(10, 0, 99)], Some("0.00000075"));
    }

    #[test]
    fn prices_read_from_numbers_are_what_was_typed() {
        let read: Prices =
            serde_json::from_str(r#"{"input": 0.15, "output": "0.6", "currency": "USD"}"#).unwrap();
        assert_eq!(read.input.to_string(), "0.15");
        assert_eq!(read.output.to_string(), "0.6");
    }

    proptest! {
        #[test]
        fn any_count_of_tokens_is_priced_or_told_as_unpriceable(
            prompt: u64, completion: u64, cached: u64
        ) {
            let one = usage(prompt, completion, cached);
            if let Some(cost) = prices().cost([one]) {
                prop_assert!(cost.amount >= Decimal::ZERO);
                let without_cache = prices().cost([usage(prompt, completion, 0)]).unwrap();
                prop_assert!(cost.amount <= without_cache.amount);
            }
        }
    }
}
