//! What a draft says: charters, prompts, the turn, answers, evidence, the extractive drafter.
//! It must not know storage, clock, rules or HTTP.

pub mod answer;
pub mod charter;
pub mod draft;
pub mod drafter;
pub mod evidence;
mod figures;
mod numeral;
mod orders;
mod period;
pub mod prompt;
#[cfg(test)]
mod sample;
pub mod schema;
mod sentence;
pub mod turn;
pub mod value;
