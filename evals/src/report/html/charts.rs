//! Small pictures as coordinates; the template draws them. All are 200 units wide.
//! It must not know what is drawn.

use serde::Serialize;

use crate::report::figures;
use crate::stats::{Estimate, Interval};

const WIDTH: f64 = 200.0;
const HEIGHT: f64 = 39.0;
const BINS: usize = 20;

/// A value with its interval on an axis.
#[derive(Debug, Serialize)]
pub(super) struct Range {
    at: f64,
    low: Option<f64>,
    width: f64,
    zero: Option<f64>,
    label: String,
    tone: &'static str,
}

/// How many cases have which value.
#[derive(Debug, Serialize)]
pub(super) struct Histogram {
    bars: Vec<Bar>,
    low: String,
    high: String,
    label: String,
}

#[derive(Debug, Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    label: String,
}

/// The ends of an axis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// From 0 to 1.
    pub fn share() -> Self {
        Self { low: 0.0, high: 1.0 }
    }

    /// From 0 (or below, if need be) to the largest value.
    pub fn from_zero(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) =
            values.into_iter().fold((0.0_f64, 0.0_f64), |(low, high), one| (low.min(one), high.max(one)));
        Self { low, high: if high > low { high } else { low + 1.0 } }
    }

    /// As far to either side of 0.
    pub fn around_zero(values: impl IntoIterator<Item = f64>) -> Self {
        let most = values.into_iter().map(f64::abs).fold(0.0, f64::max);
        let reach = if most > 0.0 { most * 1.08 } else { 1.0 };
        Self { low: -reach, high: reach }
    }

    fn x(self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        // The dot at either end stays inside.
        rounded(4.0 + share * (WIDTH - 8.0))
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The bounds that an axis has to show.
pub(super) fn extent(estimate: &Estimate) -> [f64; 3] {
    let Interval { low, high } =
        estimate.interval.unwrap_or(Interval { low: estimate.value, high: estimate.value });
    [low, estimate.value, high]
}

impl Range {
    pub fn of(estimate: &Estimate, axis: Axis, tone: &'static str) -> Self {
        let low = estimate.interval.map(|found| axis.x(found.low));
        let width =
            estimate.interval.map_or(0.0, |found| rounded((axis.x(found.high) - axis.x(found.low)).max(1.0)));
        let bounds = figures::interval(estimate.interval);
        Self {
            at: axis.x(estimate.value),
            low,
            width,
            zero: (axis.low < 0.0).then(|| axis.x(0.0)),
            label: format!("{}, 95% interval {bounds}", figures::figure(estimate.value)),
            tone,
        }
    }
}

impl Histogram {
    pub fn of(values: &[f64], axis: Axis) -> Self {
        let mut bins = [0_u32; BINS];
        for value in values {
            bins[bin(*value, axis)] += 1;
        }
        let most = bins.iter().max().copied().unwrap_or(1).max(1);
        let bars = bins
            .iter()
            .enumerate()
            .filter(|(_, number)| **number > 0)
            .map(|(at, number)| bar(at, *number, most, axis));
        Self {
            bars: bars.collect(),
            low: figures::figure(axis.low),
            high: figures::figure(axis.high),
            label: format!(
                "{} cases by value, from {} to {}",
                values.len(),
                figures::figure(axis.low),
                figures::figure(axis.high)
            ),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the bins")]
fn bin(value: f64, axis: Axis) -> usize {
    let share = ((value - axis.low) / (axis.high - axis.low)).clamp(0.0, 1.0);
    ((share * 20.0).floor() as usize).min(BINS - 1)
}

fn bar(at: usize, number: u32, most: u32, axis: Axis) -> Bar {
    let step = WIDTH / 20.0;
    let left = f64::from(u32::try_from(at).unwrap_or(0));
    let height = rounded((f64::from(number) / f64::from(most) * HEIGHT).max(1.5));
    let edge = |bins: f64| figures::figure(axis.low + (axis.high - axis.low) * bins / 20.0);
    Bar {
        x: rounded(left * step + 0.5),
        y: rounded(HEIGHT - height),
        width: step - 1.0,
        height,
        label: format!("{}: {} to {}", figures::counted(number.into(), "case"), edge(left), edge(left + 1.0)),
    }
}
