//! The book of one call: every attempt with its times, and what follows from it at the end.
//!
//! It must not know how an attempt is made or whether another will follow.

use std::time::Duration;

use tokio::time::Instant;

use super::wire_reply::Answer;
use super::{Attempt, Cost, Fault, ModelFailure, ModelReply, ModelSettings, Prices};

/// What has happened in one call so far.
pub(super) struct Attempts {
    started: Instant,
    deadline: Instant,
    made: Vec<Attempt>,
}

impl Attempts {
    /// Starts the clock of a call.
    pub(super) fn start(total: Duration) -> Self {
        let started = Instant::now();
        Self { started, deadline: started + total, made: Vec::new() }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(super) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    pub(super) fn made(&self) -> &[Attempt] {
        &self.made
    }

    /// Writes down an attempt that gave no answer.
    pub(super) fn failed(&mut self, begun: Instant, status: Option<u16>, fault: Fault) {
        let usage = fault.usage();
        let entry = self.entry(begun, status);
        self.made.push(Attempt { usage, fault: Some(fault), ..entry });
    }

    /// Ends the call with an answer.
    pub(super) fn answered(mut self, begun: Instant, answer: Answer, settings: &ModelSettings) -> ModelReply {
        let entry = self.entry(begun, Some(200));
        self.made.push(Attempt { usage: answer.usage, ..entry });
        ModelReply {
            content: answer.content,
            usage: answer.usage,
            model: answer.model.unwrap_or_else(|| settings.model.clone()),
            elapsed_ms: millis(self.started.elapsed()),
            cost: self.cost(settings.prices.as_ref()),
            attempts: self.made,
        }
    }

    /// Ends the call with a fault.
    pub(super) fn given_up(self, fault: Fault, prices: Option<&Prices>) -> ModelFailure {
        ModelFailure {
            fault,
            elapsed_ms: millis(self.started.elapsed()),
            cost: self.cost(prices),
            attempts: self.made,
        }
    }

    fn entry(&self, begun: Instant, status: Option<u16>) -> Attempt {
        Attempt {
            number: u32::try_from(self.made.len() + 1).unwrap_or(u32::MAX),
            started_after_ms: millis(begun.saturating_duration_since(self.started)),
            elapsed_ms: millis(begun.elapsed()),
            status,
            usage: None,
            fault: None,
        }
    }

    fn cost(&self, prices: Option<&Prices>) -> Option<Cost> {
        prices?.cost(self.made.iter().filter_map(|attempt| attempt.usage))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
