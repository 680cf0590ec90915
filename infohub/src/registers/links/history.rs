//! The history of a registered risk: a line for each step that changed it. Kept by the runtime: what others write into
//! the history of a known risk is put back, and a draft brings none.

use super::Settling;
use super::carry::spoken;
use crate::registers::risk_register::{RegisteredRisk, RiskChange};

/// How many changes of a risk are kept; the journal knows the older ones.
const MOST_CHANGES: usize = 50;

pub(super) fn keep(entry: &mut RegisteredRisk, was: Option<&RegisteredRisk>, work: &mut Settling<'_>) {
    let change = match was {
        Some(was) => {
            if entry.history != was.history {
                entry.history.clone_from(&was.history);
                work.follow(format!("the history of {} is put back", entry.id), "it is kept by the runtime");
            }
            changes(was, entry)
        }
        None => first_words(entry),
    };
    if !change.is_empty() {
        entry.history.push(RiskChange {
            on: work.on,
            change: change.join("; "),
            cause: work.cause.to_owned(),
        });
    }
    let excess = entry.history.len().saturating_sub(MOST_CHANGES);
    entry.history.drain(..excess);
}

fn first_words(entry: &mut RegisteredRisk) -> Vec<String> {
    if entry.review.is_some() {
        entry.history.clear();
    }
    let known = !entry.history.is_empty();
    let words = if entry.review.is_some() { "drafted" } else { "named" };
    if known { Vec::new() } else { vec![words.to_owned()] }
}

/// What changed, field by field.
fn changes(was: &RegisteredRisk, is: &RegisteredRisk) -> Vec<String> {
    let mut told = Vec::new();
    macro_rules! changed {
        ($($field:ident),*) => {$(
            if was.$field != is.$field {
                let (old, new) = (spoken(&was.$field), spoken(&is.$field));
                told.push(format!("{} from {old} to {new}", stringify!($field)));
            }
        )*};
    }
    changed!(risk, rating, likelihood, impact, mitigation, owner, status);
    match (was.review, is.review) {
        (Some(_), None) => told.push("accepted".to_owned()),
        (None, Some(_)) => told.push("drafted anew".to_owned()),
        _ => {}
    }
    match (&was.plan_risk, &is.plan_risk) {
        (Some(risk), None) => told.push(format!("taken out of section 10, where it was {risk}")),
        (None, Some(risk)) => told.push(format!("in section 10 again, as {risk}")),
        (Some(old), Some(new)) if old != new => told.push(format!("in section 10 as {new} instead of {old}")),
        _ => {}
    }
    told
}
