//! Rules and time: ages, reminders, schedules, and what happens while a machine sleeps.

use super::desk::{Desk, account, day, milestone, parse, rules_of};
use super::*;
use crate::rules::condition::NodeKind;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const BERLIN: &str = "Europe/Berlin";

fn seed() -> RuleSet {
    parse(include_str!("seed.yaml"))
}

/// Asserts what a step tells.
macro_rules! tells {
    ($desk:expr, $now:expr, [$($line:expr),* $(,)?]) => {
        assert_eq!($desk.step($now), [$($line),*] as [&str; _], "at {}", $now)
    };
}

#[test]
fn the_seed_s_rules_read_as_they_stand() {
    let rules = seed();
    let triggers: Vec<&str> = rules.rules().iter().map(|rule| rule.trigger.text()).collect();
    assert_eq!(
        triggers,
        [
            "Opportunity.stage == 'Stage 2' AND Opportunity.arr > 100000",
            "CSP.last_updated > 30 days",
            "CSP.milestone.due_date approaching",
            "Opportunity.stage == 'Closed Won'",
            "Monthly on account anniversary",
        ]
    );
    let effects = &rules.get("handoff_trigger").unwrap().effects;
    assert_eq!(
        (effects.start, &effects.notify[..]),
        (Some(Workflow::Handoff), &[Audience::Sa, Audience::Ca][..])
    );
}

#[test]
fn a_plan_is_stale_from_the_day_after_its_thirtieth() {
    let mut desk = Desk::new(seed(), BERLIN);
    desk.set(&account(), Field::CspLastUpdated, day("2026-01-01"));
    tells!(desk, "2026-01-01T12:00:00Z", []);
    let due = "2026-01-31T23:00:00Z csp_review_reminder of account acme";
    assert_eq!(desk.next("2026-01-01T12:00:00Z").unwrap(), due);
    tells!(desk, "2026-01-31T22:59:59Z", []);
    assert_eq!(desk.next("2026-01-31T22:59:59Z").unwrap(), due);
    tells!(desk, "2026-01-31T23:00:00Z", ["csp_review_reminder of account acme"]);
    tells!(desk, "2026-03-01T00:00:00Z", []);
    assert_eq!(desk.next("2026-03-01T00:00:00Z"), None);
    // An update makes it ready again.
    desk.set(&account(), Field::CspLastUpdated, day("2026-03-01"));
    tells!(desk, "2026-03-01T08:00:00Z", []);
    let due = "2026-03-31T22:00:00Z csp_review_reminder of account acme";
    assert_eq!(desk.next("2026-03-01T08:00:00Z").unwrap(), due);
}

#[test]
fn ages_are_exact_to_the_day() {
    let mut desk = Desk::new(
        rules_of(&[
            ("over", "trigger: CSP.last_updated > 60 days"),
            ("at_least", "trigger: CSP.last_updated >= 60 days"),
            ("month", "trigger: CSP.last_updated >= 2 months"),
            ("workdays", "trigger: CSP.last_updated >= 3 business days"),
        ]),
        "UTC",
    );
    desk.set(&account(), Field::CspLastUpdated, day("2025-12-31"));
    tells!(desk, "2025-12-31T00:00:00Z", []);
    tells!(desk, "2026-01-04T23:00:00Z", []);
    tells!(desk, "2026-01-05T00:00:00Z", ["workdays of account acme"]);
    tells!(desk, "2026-02-28T00:00:00Z", ["month of account acme"]);
    tells!(desk, "2026-02-28T23:59:59Z", []);
    tells!(desk, "2026-03-01T00:00:00Z", ["at_least of account acme"]);
    tells!(desk, "2026-03-02T00:00:00Z", ["over of account acme"]);
}

#[test]
fn a_milestone_is_reminded_of_three_times() {
    let mut desk = Desk::new(seed(), BERLIN);
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-10"));
    desk.set(&milestone("ms-1"), Field::MilestoneOpen, Value::Flag(true));
    tells!(desk, "2026-05-01T12:00:00Z", []);
    for (at, words) in [
        ("2026-06-03T07:00:00Z", "7 days before 2026-06-10"),
        ("2026-06-09T07:00:00Z", "1 day before 2026-06-10"),
        ("2026-06-10T07:00:00Z", "day of 2026-06-10"),
    ] {
        let next = desk.next("2026-05-01T12:00:00Z").unwrap();
        assert_eq!(next, format!("{at} milestone_tracking of milestone ms-1"));
        assert_eq!(desk.step(at), [format!("milestone_tracking of milestone ms-1: {words}")]);
        assert_eq!(desk.step(at), [""; 0], "once");
    }
    assert_eq!(desk.next("2026-06-10T07:00:00Z"), None);
}

#[test]
fn a_milestone_that_moves_or_is_done_has_other_reminders() {
    let mut desk = Desk::new(seed(), BERLIN);
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-10"));
    desk.set(&milestone("ms-1"), Field::MilestoneOpen, Value::Flag(true));
    tells!(desk, "2026-05-01T12:00:00Z", []);
    // Moved the day before, before the office opens: nothing of the old date comes.
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-18"));
    tells!(desk, "2026-06-09T06:00:00Z", []);
    tells!(desk, "2026-06-11T07:00:00Z", ["milestone_tracking of milestone ms-1: 7 days before 2026-06-18"]);
    // Moved nearer at noon: the reminder of this morning is no reminder of the new date.
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-12"));
    tells!(desk, "2026-06-11T10:00:00Z", []);
    tells!(desk, "2026-06-12T07:00:00Z", ["milestone_tracking of milestone ms-1: day of 2026-06-12"]);
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-07-10"));
    desk.set(&milestone("ms-1"), Field::MilestoneOpen, Value::Flag(false));
    tells!(desk, "2026-06-12T08:00:00Z", []);
    assert_eq!(desk.next("2026-06-12T08:00:00Z"), None, "what is done is silent");
}

#[test]
fn who_slept_is_told_what_is_still_true_once() {
    let slept = |until: &str| {
        let mut desk = Desk::new(seed(), BERLIN);
        desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-10"));
        tells!(desk, "2026-05-01T12:00:00Z", []);
        desk.step(until)
    };
    insta::assert_snapshot!(
        "slept",
        [
            slept("2026-06-08T12:00:00Z").join("\n"),
            slept("2026-06-10T12:00:00Z").join("\n"),
            slept("2026-06-10T22:00:00Z").join("\n"),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_due_date_on_a_weekend_is_reminded_of_before_it() {
    let mut desk = Desk::new(seed(), BERLIN);
    // A Sunday, and the night in which the clocks change.
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-03-29"));
    tells!(desk, "2026-03-01T12:00:00Z", []);
    tells!(desk, "2026-03-20T08:00:00Z", ["milestone_tracking of milestone ms-1: 7 days before 2026-03-29"]);
    tells!(
        desk,
        "2026-03-27T08:00:00Z",
        [
            "milestone_tracking of milestone ms-1: day of 2026-03-29",
            "- milestone_tracking of milestone ms-1: 1 day before 2026-03-29, a later one had come as well",
        ]
    );
}

#[test]
fn an_anniversary_on_the_31st_comes_every_month() {
    let mut desk = Desk::new(seed(), BERLIN);
    desk.set(&account(), Field::AccountAnniversary, day("2026-01-31"));
    tells!(desk, "2026-01-31T12:00:00Z", []);
    let mut now = "2026-01-31T12:00:00Z".to_owned();
    for expected in ["2026-02-28T08:00:00Z", "2026-03-31T07:00:00Z", "2026-04-30T07:00:00Z"] {
        let next = desk.next(&now).unwrap();
        assert_eq!(next, format!("{expected} value_review of account acme"));
        now = expected.to_owned();
        assert_eq!(desk.step(&now), ["value_review of account acme: Monthly on account anniversary"]);
    }
}

#[test]
fn a_schedule_waits_for_the_rest_of_its_condition() {
    let mut desk = Desk::new(
        rules_of(&[
            ("live", "trigger: Weekly on Monday at 09:00 AND CSP.lifecycle == 'execute'"),
            ("stale", "trigger: Daily at 08:00 | when: CSP.last_updated > 30 days"),
            ("unless", "trigger: Every 14 days | unless: CSP.lifecycle == 'execute'"),
        ]),
        "UTC",
    );
    desk.set(&account(), Field::CspLifecycle, text("execute"));
    desk.set(&account(), Field::CspLastUpdated, day("2026-01-01"));
    tells!(desk, "2026-01-01T12:00:00Z", []);
    assert_eq!(desk.next("2026-01-01T12:00:00Z").unwrap(), "2026-01-05T09:00:00Z live of account acme");
    tells!(
        desk,
        "2026-01-05T09:00:00Z",
        [
            "live of account acme: Weekly on Monday at 09:00",
            "- stale of account acme: Daily at 08:00, a later one had come as well",
            "- stale of account acme: Daily at 08:00, a later one had come as well",
            "- stale of account acme: Daily at 08:00, a later one had come as well",
            "- stale of account acme: Daily at 08:00, the rest of the condition did not hold",
        ]
    );
    desk.set(&account(), Field::CspLifecycle, text("develop"));
    tells!(desk, "2026-01-05T10:00:00Z", []);
    assert_eq!(desk.next("2026-01-05T10:00:00Z").unwrap(), "2026-01-12T09:00:00Z unless of account acme");
}

#[test]
fn what_is_overdue_is_a_state_or_a_ladder() {
    let mut desk = Desk::new(
        rules_of(&[
            ("state", "trigger: CSP.milestone.due_date overdue"),
            ("ladder", "trigger: CSP.milestone.due_date overdue | timing: 1 day after, 7 days after"),
            ("count", "trigger: CSP.milestone.due_date < today AND CSP.milestone.open"),
        ]),
        "UTC",
    );
    desk.set(&milestone("ms-1"), Field::MilestoneDueDate, day("2026-06-05"));
    desk.set(&milestone("ms-1"), Field::MilestoneOpen, Value::Flag(true));
    tells!(desk, "2026-06-05T23:00:00Z", []);
    tells!(desk, "2026-06-06T00:00:00Z", ["state of milestone ms-1", "count of milestone ms-1"]);
    // The day after the Friday is free.
    tells!(desk, "2026-06-08T09:00:00Z", ["ladder of milestone ms-1: 1 day after 2026-06-05"]);
    tells!(desk, "2026-06-20T09:00:00Z", ["ladder of milestone ms-1: 7 days after 2026-06-05"]);
}

/// A schedule is read, and told in words that are read as the same.
#[test]
fn schedules_are_read_in_many_words() {
    let read = |written: &str| {
        let condition = compile(written, &Vocabulary::default());
        condition.unwrap_or_else(|errors| panic!("{written}: {errors:?}"))
    };
    for (written, told) in [
        ("daily at 08:30", "Daily at 08:30"),
        ("Weekly", "Weekly on Monday"),
        ("every Tuesday", "Weekly on Tuesday"),
        ("MONTHLY on the 15th", "Monthly on day 15"),
        ("Monthly on day 31 or the last day", "Monthly on day 31 or the last day"),
        ("Quarterly", "Quarterly on day 1"),
        ("Quarterly on the last day at 17:00", "Quarterly on the last day at 17:00"),
        ("annually on account anniversary", "Yearly on account anniversary"),
        ("Every 2 weeks at 07:00", "Every 2 weeks at 07:00"),
        ("every quarter", "Every 1 quarter"),
        ("Every 14 days since CSP.last_customer_review", "Every 14 days"),
        ("Every 30d", "Every 30 days"),
    ] {
        let node = read(written);
        let NodeKind::Schedule(schedule, _) = &node.root.kind else {
            panic!("{written} is no schedule");
        };
        assert_eq!(schedule.to_string(), told);
        let again = read(told);
        assert!(matches!(&again.root.kind, NodeKind::Schedule(same, _) if same == schedule), "{told}");
    }
    // What follows after OR may be another condition.
    let either = read("Monthly on the 31st OR CSP.exists");
    assert!(matches!(either.root.kind, NodeKind::Any(_)));
}

#[test]
fn changes_and_entries_are_moments() {
    let mut desk = Desk::new(
        rules_of(&[
            ("moved", "trigger: Opportunity.stage changes"),
            ("entered", "trigger: Opportunity.stage enters 'Stage 2' AND Opportunity.arr > $100K"),
        ]),
        "UTC",
    );
    let deal = Subject::Opportunity("1".to_owned());
    let mut step = |stage: &str, arr, now: &str| {
        desk.set(&deal, Field::OpportunityStage, text(stage));
        desk.set(&deal, Field::OpportunityArr, money(arr, "USD"));
        desk.step(now).join(", ")
    };
    assert_eq!(step("Stage 2", 50_000, "2026-01-01T00:00:00Z"), "");
    assert_eq!(step("Stage 2", 150_000, "2026-01-02T00:00:00Z"), "");
    assert_eq!(step("Stage 3", 150_000, "2026-01-03T00:00:00Z"), "moved of opportunity 1");
    let both = "moved of opportunity 1, entered of opportunity 1";
    assert_eq!(step("Stage 2", 150_000, "2026-01-04T00:00:00Z"), both);
    assert_eq!(step("Stage 1", 150_000, "2026-01-05T00:00:00Z"), "moved of opportunity 1");
    assert_eq!(step("Stage 2", 150_000, "2026-01-06T00:00:00Z"), both);
    assert_eq!(step("Stage 2", 150_000, "2026-01-07T00:00:00Z"), "");
}

#[test]
fn a_rule_that_is_new_has_the_instants_of_its_day() {
    let weekly = ("weekly", "trigger: Weekly on Monday at 09:00");
    let other = ("other", "trigger: CSP.exists");
    let mut desk = Desk::new(rules_of(&[other]), "UTC");
    tells!(desk, "2026-01-01T12:00:00Z", []);
    desk.rules = rules_of(&[other, weekly]);
    tells!(desk, "2026-01-07T12:00:00Z", []);
    let mut desk = Desk::new(rules_of(&[other]), "UTC");
    tells!(desk, "2026-01-01T12:00:00Z", []);
    desk.rules = rules_of(&[other, weekly]);
    tells!(desk, "2026-01-12T09:00:00Z", ["weekly of account acme: Weekly on Monday at 09:00"]);
}

/// What a year brings, with a step at each of these instants; a milestone moves and is done on the way.
fn year(
    dates: &[i64],
    mut next: impl FnMut(&Desk, Timestamp) -> Option<Timestamp>,
) -> Vec<(Timestamp, String)> {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let end: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    let date =
        |count: i64| Value::Date(jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days(count)));
    let mut desk = Desk::new(
        rules_of(&[
            ("stale", "trigger: CSP.last_updated > 30 days AND CSP.last_updated < 2 months"),
            ("soon", "trigger: CSP.milestone.due_date within 1 week"),
            ("late", "trigger: CSP.milestone.due_date overdue"),
            (
                "reminder",
                "trigger: CSP.milestone.due_date approaching | timing: 7 days before, 2 business days before, day of, 3 days after",
            ),
            ("review", "trigger: Monthly on account anniversary | unless: CSP.last_updated <= 20 days"),
            ("weekly", "trigger: Weekly on Friday at 17:00 AND CSP.last_updated >= 50 days"),
        ]),
        BERLIN,
    );
    desk.set(&account(), Field::CspLastUpdated, date(dates[0]));
    desk.set(&account(), Field::AccountAnniversary, date(dates[1]));
    for (at, due) in dates[2..].iter().enumerate() {
        desk.set(&milestone(&at.to_string()), Field::MilestoneDueDate, date(*due));
    }
    let changes = [dates[0] + 40, dates[0] + 43];
    let mut told = Vec::new();
    let mut now = start;
    let mut take = |desk: &mut Desk, now: Timestamp| {
        let fired = desk.step_at(now).into_iter().filter(|line| !line.starts_with('-'));
        told.extend(fired.map(|line| (now, line)));
    };
    take(&mut desk, now);
    for (count, change) in changes.into_iter().enumerate() {
        let change = start + SignedDuration::from_hours(24 * change);
        while let Some(at) = next(&desk, now).filter(|at| *at < change) {
            now = at;
            take(&mut desk, now);
        }
        now = change;
        desk.set(&milestone("0"), Field::MilestoneDueDate, date(dates[2] + 50));
        desk.set(&account(), Field::CspLastUpdated, date(dates[0] + 41));
        desk.set(&milestone("1"), Field::MilestoneOpen, Value::Flag(count == 0));
        take(&mut desk, now);
    }
    while let Some(at) = next(&desk, now).filter(|at| *at < end) {
        now = at;
        take(&mut desk, now);
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Nothing is missed between two instants that were foretold: a clock that looks at every hour at which
    /// anything may happen sees the same firings at the same instants.
    #[test]
    fn nothing_happens_before_the_next_instant(dates in prop::collection::vec(0i64..60, 5)) {
        let hours = [7, 8, 15, 16, 22, 23];
        let hourly = year(&dates, |_, now| {
            let later = (1..24).map(|count| now + SignedDuration::from_hours(count));
            later.into_iter().find(|at| hours.contains(&at.to_zoned(jiff::tz::TimeZone::UTC).hour()))
        });
        let foretold = year(&dates, |desk, now| {
            let ahead = desk.rules.next_instant(&desk.memory, &desk.sightings(now))?;
            assert!(ahead.at > now, "{ahead:?} waits at {now}");
            Some(ahead.at)
        });
        prop_assert_eq!(hourly, foretold);
    }
}
