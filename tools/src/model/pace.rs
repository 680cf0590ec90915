//! Holds requests apart so that a server's limit of requests per minute is not run into.
//! It must not know what is asked.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The next moment at which a request may start; none for a server without a limit.
pub(super) struct Pace {
    every: Option<Duration>,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) fn new(per_minute: Option<u32>) -> Self {
        let every = per_minute.map(|requests| Duration::from_secs(60) / requests.max(1));
        Self { every, next: Mutex::default() }
    }

    /// Waits until it is this request's turn.
    pub(super) async fn turn(&self) {
        if let Some(at) = self.slot(Instant::now()) {
            sleep_until(at).await;
        }
    }

    /// When the request that comes now may start. Turns are given in the order of asking.
    fn slot(&self, now: Instant) -> Option<Instant> {
        let every = self.every?;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = next.map_or(now, |next| next.max(now));
        *next = Some(at + every);
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_held_apart() {
        let (pace, now) = (Pace::new(Some(30)), Instant::now());
        let later = |seconds| Some(now + Duration::from_secs(seconds));
        assert_eq!(pace.slot(now), later(0), "the first goes at once");
        assert_eq!(pace.slot(now), later(2));
        assert_eq!(pace.slot(now), later(4));
        assert_eq!(pace.slot(now + Duration::from_secs(60)), later(60), "idle minutes are not saved up");
        assert_eq!(Pace::new(None).slot(now), None);
    }
}
