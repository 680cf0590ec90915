//! What a tick of the loop costs at which nothing is due: with 100 accounts and with 100,000. Printed as a ratio, which a
//! machine's speed does not change; the 100 accounts are the floor. What one account's own tick costs is in `rules`.
//!
//! ```text
//! cargo bench -p orchestrator --bench ticks
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stops where something is wrong and prints its figures"
)]

use std::hint::black_box;
use std::time::Instant;

use infohub::ids::AccountSlug;
use jiff::Timestamp;
use orchestrator::wakes::Wakes;

const WARM: usize = 10;
const ROUNDS: usize = 2_000;
const TICKS: u32 = 1_000;

/// The fastest round of both and the ratio of these, which other work on the machine touches least; then the median of
/// the ratios round by round, and between which values the middle half of them lies.
fn main() {
    let (few, many) = (portfolio(100), portfolio(100_000));
    // The first rounds warm caches and are not counted.
    let figures: Vec<(f64, f64)> = (0..ROUNDS + WARM).map(|_| (cost(&few), cost(&many))).skip(WARM).collect();
    let least = |pick: fn(&(f64, f64)) -> f64| figures.iter().map(pick).fold(f64::INFINITY, f64::min);
    let (few, many) = (least(|figures| figures.0), least(|figures| figures.1));
    let mut ratios: Vec<f64> = figures.iter().map(|figures| figures.1 / figures.0).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "a tick, nothing due: {few:.1} ns with 100 accounts, {many:.1} ns with 100,000: ratio {:.2} (median {:.2}, middle half {:.2} to {:.2})",
        many / few,
        ratios[ROUNDS / 2],
        ratios[ROUNDS / 4],
        ratios[ROUNDS * 3 / 4]
    );
}

/// Accounts whose instants are spread over the year to come.
fn portfolio(count: i64) -> Wakes {
    let mut wakes = Wakes::default();
    for number in 0..count {
        let at = Timestamp::from_second(1_800_000_000 + number * 31_536_000 / count).unwrap();
        wakes.set(&AccountSlug::new(format!("account-{number}")).unwrap(), Some(at));
    }
    wakes
}

/// Nanoseconds of one tick: the loop asks what is due, and for how long it may sleep.
fn cost(wakes: &Wakes) -> f64 {
    let now = Timestamp::from_second(1_799_999_999).unwrap();
    let began = Instant::now();
    for _ in 0..TICKS {
        assert!(black_box(wakes).due(black_box(now)).next().is_none());
        black_box(wakes.next());
    }
    began.elapsed().as_secs_f64() * 1e9 / f64::from(TICKS)
}
