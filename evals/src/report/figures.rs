//! How numbers are written, alike in all reports. It must not know what they measure.

use rust_decimal::Decimal;

use crate::produced::Spent;
use crate::score::Direction;
use crate::stats::{Estimate, Interval, Verdict};

/// A value with as many digits as tell something: `0.872`, `12.4`, `1,204`.
pub fn figure(value: f64) -> String {
    match value.abs() {
        // What rounds to 0 has no sign.
        size if size < 0.0005 => "0.000".into(),
        size if size < 10.0 => format!("{value:.3}"),
        size if size < 100.0 => format!("{value:.1}"),
        size if size < 1e15 => thousands(value),
        _ => format!("{value:.3e}"),
    }
}

/// A difference, always with its sign.
pub fn signed(value: f64) -> String {
    if value >= 0.0005 { format!("+{}", figure(value)) } else { figure(value) }
}

fn thousands(value: f64) -> String {
    let grouped = grouped(&format!("{:.0}", value.abs()));
    if value < 0.0 { format!("-{grouped}") } else { grouped }
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Both bounds, or a dash where there is no interval.
pub fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "–".into(), |found| format!("{} to {}", figure(found.low), figure(found.high)))
}

/// An estimate's value, or a dash.
pub fn value(estimate: Option<&Estimate>) -> String {
    estimate.map_or_else(|| "–".into(), |found| figure(found.value))
}

/// A p value.
pub fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".into() } else { format!("{p:.3}") }
}

/// A verdict in words.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::NoDifferenceShown => "no difference shown",
        Verdict::TooFewClusters => "too few clusters to show anything",
    }
}

/// Which way is up.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::MoreIsBetter => "more is better",
        Direction::LessIsBetter => "less is better",
    }
}

/// Money as the model's prices have it, or a dash.
pub fn cost(cost: Option<Decimal>) -> String {
    cost.map_or_else(|| "–".into(), |cost| cost.round_dp(4).normalize().to_string())
}

/// Calls, tokens, money and time in one phrase.
pub fn spent(spent: &Spent) -> String {
    if spent.calls == 0 {
        return format!("{} without a model", time(spent.elapsed_ms));
    }
    let Spent { calls, prompt_tokens, answer_tokens, elapsed_ms, .. } = spent;
    let (asked, answered) = (grouped(&prompt_tokens.to_string()), grouped(&answer_tokens.to_string()));
    let money = spent.cost.map(|cost_of| format!(", cost {}", cost(Some(cost_of)))).unwrap_or_default();
    let calls = counted(u64::from(*calls), "call");
    format!("{calls}, {asked} + {answered} tokens{money}, {}", time(*elapsed_ms))
}

/// A duration in the unit that fits.
pub fn time(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..120_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1_000 % 60),
    }
}

/// A hash by its first characters; other text as it is.
pub fn short(text: &str) -> &str {
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.get(..12).filter(|_| is_hash).unwrap_or(text)
}

/// A number with its noun: `1 call`, `2 calls`.
pub fn counted(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_tell_something() {
        let seen = [0.8719, 12.36, 1204.4, 100.0, 1_234_567.0, -2500.0, 1e20].map(figure);
        assert_eq!(seen, ["0.872", "12.4", "1,204", "100", "1,234,567", "-2,500", "1.000e20"]);
        assert_eq!([signed(0.02), signed(-0.02), signed(-0.0001)], ["+0.020", "-0.020", "0.000"]);
        assert_eq!([time(12), time(2_340), time(150_000)], ["12 ms", "2.3 s", "2 min 30 s"]);
    }
}
