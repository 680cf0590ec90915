//! What a tick costs at which nothing is due: with 100 accounts and with 100,000. Printed as a ratio, which a
//! machine's speed does not change.
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

const ROUNDS: usize = 31;
const TICKS: u32 = 100_000;

fn main() {
    let (few, many) = (portfolio(100), portfolio(100_000));
    let (few, many) = (cost(&few), cost(&many));
    println!("a tick with nothing due:  100 accounts {few:.1} ns, 100,000 accounts {many:.1} ns");
    println!("ratio {:.2}", many / few);
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

/// Nanoseconds of one tick, the median of the rounds.
fn cost(wakes: &Wakes) -> f64 {
    let now = Timestamp::from_second(1_799_999_999).unwrap();
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            for _ in 0..TICKS {
                assert!(black_box(wakes).due(black_box(now)).next().is_none());
                black_box(wakes.next());
            }
            began.elapsed().as_secs_f64() * 1e9 / f64::from(TICKS)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}
