//! What a run took: time, tokens, money. A drafter without a model takes no tokens, and that is no measure.
//! It must not know prices.

use rust_decimal::prelude::ToPrimitive;

use super::Measure;
use super::look::Look;
use crate::produced::Spent;

fn spent(look: &Look<'_>) -> Spent {
    look.produced.tasks.iter().fold(Spent::default(), |all, task| all.plus(task.spent))
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds of a run")]
pub(super) fn latency(look: &Look<'_>) -> Measure {
    if look.produced.tasks.is_empty() {
        return Measure::nothing();
    }
    Measure::amount(spent(look).elapsed_ms as f64)
}

#[allow(clippy::cast_precision_loss, reason = "tokens of a run")]
pub(super) fn tokens(look: &Look<'_>) -> Measure {
    let spent = spent(look);
    if spent.calls == 0 {
        return Measure::nothing();
    }
    Measure::amount(spent.prompt_tokens.saturating_add(spent.answer_tokens) as f64)
}

pub(super) fn cost(look: &Look<'_>) -> Measure {
    let cost = spent(look).cost.and_then(|cost| cost.to_f64());
    cost.map_or_else(Measure::nothing, Measure::amount)
}
