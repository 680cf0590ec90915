//! Tests of `retry`: the table of repeats, the waits, and every form of `Retry-After`.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use super::{next_wait, retry_after_ms};
use crate::model::{Attempt, CallLimits, Fault, LossStage, Malformation, TimeLimit};

const PLENTY: Duration = Duration::from_secs(3600);

fn attempts(faults: &[Fault]) -> Vec<Attempt> {
    let numbered = (1..).zip(faults);
    numbered
        .map(|(number, fault)| Attempt {
            number,
            started_after_ms: 0,
            elapsed_ms: 0,
            status: None,
            usage: None,
            fault: Some(fault.clone()),
        })
        .collect()
}

fn unavailable(status: u16) -> Fault {
    Fault::Unavailable { status, retry_after_ms: None }
}

fn limited(retry_after_ms: u64) -> Fault {
    Fault::RateLimited { retry_after_ms: Some(retry_after_ms) }
}

fn lost(stage: LossStage) -> Fault {
    Fault::ConnectionLost { stage, reason: String::new(), received_bytes: 0 }
}

#[test]
fn only_what_may_help_is_repeated() {
    fn check(faults: &[Fault], expected: bool) {
        let wait = next_wait(&CallLimits::default(), &attempts(faults), 7, PLENTY);
        assert_eq!(wait.is_some(), expected, "{faults:?}");
    }
    let not_json = Fault::Malformed { what: Malformation::NotJson, bytes: 1 };
    let timed_out = |limit| Fault::TimedOut { limit, limit_ms: 1 };
    check(&[unavailable(503)], true);
    check(&[unavailable(503), unavailable(503), unavailable(503)], true);
    // The fourth attempt was the last that the defaults allow.
    check(&[unavailable(503), unavailable(503), unavailable(503), unavailable(503)], false);
    check(&[unavailable(500)], true);
    check(&[unavailable(500), unavailable(500)], false);
    // Different costly faults share the one repetition.
    check(&[unavailable(500), not_json.clone()], false);
    check(&[unavailable(503), not_json], true);
    check(&[lost(LossStage::Connect), lost(LossStage::Connect)], true);
    check(&[lost(LossStage::Body)], true);
    check(&[lost(LossStage::Tls)], false);
    check(&[timed_out(TimeLimit::FirstByte)], true);
    check(&[timed_out(TimeLimit::Total)], false);
    check(&[Fault::Unauthorized { status: 401 }], false);
    check(&[Fault::Cancelled], false);
}

#[test]
fn a_servers_wait_is_obeyed_or_the_call_is_given_up() {
    fn check(asked_ms: u64, time_left_ms: u64, expected: Option<(u64, u64)>) {
        let left = Duration::from_millis(time_left_ms);
        let wait = next_wait(&CallLimits::default(), &attempts(&[limited(asked_ms)]), 7, left);
        let wait = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap());
        match (wait, expected) {
            (Some(wait), Some((least, most))) => assert!((least..=most).contains(&wait), "{wait}"),
            (seen, expected) => assert_eq!(seen.is_some(), expected.is_some(), "{asked_ms}"),
        }
    }
    check(2_000, 300_000, Some((2_000, 2_500)));
    check(0, 300_000, Some((0, 500)));
    check(60_000, 300_000, Some((60_000, 60_500)));
    check(60_001, 300_000, None);
    check(u64::MAX, 300_000, None);
    check(2_000, 2_000, None);
}

#[test]
fn every_form_of_retry_after_is_read() {
    fn check(headers: &[(&str, &str)], expected: Option<u64>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.insert(name, HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(retry_after_ms(&map), expected, "{headers:?}");
    }
    let noon = ("date", "Sun, 22 Nov 2026 12:00:00 GMT");
    check(&[], None);
    check(&[("retry-after", "7")], Some(7_000));
    check(&[("retry-after", " 0 ")], Some(0));
    check(&[("retry-after", "1.5")], Some(1_500));
    check(&[("retry-after-ms", "250"), ("retry-after", "1")], Some(250));
    check(&[("retry-after", &"9".repeat(400))], Some(u64::MAX));
    check(&[("retry-after", "-5")], None);
    check(&[("retry-after", "soon")], None);
    check(&[("retry-after", "")], None);
    check(&[("retry-after", "NaN")], None);
    check(&[noon, ("retry-after", "Sun, 22 Nov 2026 12:00:30 GMT")], Some(30_000));
    check(&[noon, ("retry-after", "Sun, 22 Nov 2026 11:00:00 GMT")], Some(0));
    check(&[noon, ("retry-after", "Thu, 31 Dec 9998 23:59:59 GMT")], Some(251_575_415_999_000));
    check(&[("retry-after", "Sun, 22 Nov 2026 12:00:30 GMT")], None);
}

proptest! {
    #[test]
    fn own_waits_grow_within_their_bounds(made in 1_usize..20, seed: u64) {
        let limits = CallLimits { max_attempts: 20, ..CallLimits::default() };
        let faults = vec![unavailable(503); made];
        let wait = next_wait(&limits, &attempts(&faults), seed, PLENTY).unwrap();
        let full = (limits.backoff_ms << (made - 1)).min(limits.backoff_cap_ms);
        prop_assert!(wait <= Duration::from_millis(full));
        prop_assert!(wait >= Duration::from_millis(full / 2));
        prop_assert_eq!(wait, next_wait(&limits, &attempts(&faults), seed, PLENTY).unwrap());
    }

    #[test]
    fn no_header_upsets_the_reader(value in "[ -~]{0,40}") {
        let mut map = HeaderMap::new();
        map.insert("retry-after", HeaderValue::from_str(&value).unwrap());
        map.insert("date", HeaderValue::from_str(&value).unwrap());
        let wait = retry_after_ms(&map);
        prop_assert!(wait.is_none() || !value.trim().is_empty());
    }
}
