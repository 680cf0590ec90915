//! Which faults are worth another attempt, and how long to wait before it.
//!
//! Pure: it is given the attempts so far and the time that is left, and must not know sockets or
//! clocks. A server's `Retry-After` is obeyed or the call is given up; it is never undercut.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::{Attempt, CallLimits, Fault, LossStage, TimeLimit};

/// How often a fault may be answered by asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// The same question would fail the same way.
    Never,
    /// Once in the whole call: an answer was probably generated, and paid for, before it was lost.
    Once,
    /// As often as the settings allow: the server did no work.
    WhileAllowed,
}

impl Fault {
    /// How often it may be answered by asking again within one call.
    pub fn repeat(&self) -> Repeat {
        match self {
            Self::RateLimited { .. }
            | Self::ConnectionLost { stage: LossStage::Connect, .. }
            | Self::TimedOut { limit: TimeLimit::Connect, .. } => Repeat::WhileAllowed,
            // A plain 500 comes after a generation as often as before one; gateways' 502 to 504
            // and the overload codes say that no work was done.
            Self::Unavailable { status: 500, .. } => Repeat::Once,
            Self::Unavailable { .. } => Repeat::WhileAllowed,
            Self::Empty { .. }
            | Self::Malformed { .. }
            | Self::ConnectionLost { stage: LossStage::Request | LossStage::Body, .. }
            | Self::TimedOut { limit: TimeLimit::FirstByte | TimeLimit::Silence, .. } => Repeat::Once,
            Self::TimedOut { limit: TimeLimit::Total, .. }
            | Self::ConnectionLost { stage: LossStage::Tls, .. }
            | Self::Truncated { .. }
            | Self::Refused { .. }
            | Self::ContentFiltered { .. }
            | Self::ContextOverflow { .. }
            | Self::Unauthorized { .. }
            | Self::Rejected { .. }
            | Self::Unsendable { .. }
            | Self::NotRecorded
            | Self::Cancelled => Repeat::Never,
        }
    }

    /// Whether the same question may well succeed at another time.
    pub fn is_transient(&self) -> bool {
        let out_of_time = matches!(self, Self::TimedOut { limit: TimeLimit::Total, .. });
        out_of_time || self.repeat() != Repeat::Never
    }
}

/// How long to wait before the next attempt; `None` to give up with the last attempt's fault.
///
/// `seed` spreads the waits of different questions; the same seed gives the same waits.
pub(super) fn next_wait(
    limits: &CallLimits,
    attempts: &[Attempt],
    seed: u64,
    time_left: Duration,
) -> Option<Duration> {
    let fault = attempts.last()?.fault.as_ref()?;
    let made = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
    if made >= limits.max_attempts || !repeat_is_left(fault, attempts) {
        return None;
    }
    let wait = match fault.retry_after_ms() {
        Some(asked) if asked > limits.retry_after_cap_ms => return None,
        Some(asked) => asked.saturating_add(part_of(limits.backoff_ms, made, seed)),
        None => backoff_ms(limits, made, seed),
    };
    let wait = Duration::from_millis(wait);
    (wait < time_left).then_some(wait)
}

fn repeat_is_left(fault: &Fault, attempts: &[Attempt]) -> bool {
    match fault.repeat() {
        Repeat::Never => false,
        Repeat::WhileAllowed => true,
        Repeat::Once => {
            let faults = attempts.iter().filter_map(|attempt| attempt.fault.as_ref());
            faults.filter(|fault| fault.repeat() == Repeat::Once).count() <= 1
        }
    }
}

/// Doubles from attempt to attempt up to the cap; half of it is fixed, half is spread.
fn backoff_ms(limits: &CallLimits, made: u32, seed: u64) -> u64 {
    let doubled = limits.backoff_ms.saturating_mul(1_u64 << made.saturating_sub(1).min(32));
    let full = doubled.min(limits.backoff_cap_ms);
    full - full / 2 + part_of(full / 2, made, seed)
}

/// A share of `whole`, from 0 to `whole`, that looks random but follows from seed and attempt.
fn part_of(whole: u64, made: u32, seed: u64) -> u64 {
    // The mixing steps of splitmix64: cheap, and neighbouring inputs land far apart.
    let mut mixed = seed.wrapping_add(u64::from(made).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % whole.saturating_add(1)
}

/// How long a response asks to wait, in milliseconds, in any of the forms that servers use.
///
/// A date counts from the response's own `Date`, so that no clock of ours is needed and a server
/// whose clock is wrong is still understood; without `Date` it says nothing.
pub(super) fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|value| scaled(value, 1.0)) {
        return Some(ms);
    }
    let value = text("retry-after")?;
    if let Some(ms) = scaled(value, 1000.0) {
        return Some(ms);
    }
    let (until, now) = (http_date(value)?, http_date(text("date")?)?);
    let wait = until.as_millisecond().saturating_sub(now.as_millisecond());
    Some(u64::try_from(wait).unwrap_or(0))
}

fn scaled(value: &str, unit_ms: f64) -> Option<u64> {
    let plain = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = value.parse().ok().filter(|_| plain)?;
    // A float beyond u64 becomes its maximum, which is past every cap.
    Some((number * unit_ms).ceil() as u64)
}

fn http_date(value: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(value).ok()
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
