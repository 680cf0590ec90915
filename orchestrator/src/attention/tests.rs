//! The budget of attention, by examples and by random notices, days and time zones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infohub::ids::{ItemId, PersonId};
use infohub::team::Team;
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::calendar::{Calendar, Moment};
use crate::step::Effect;

const BERLIN: &str = "Europe/Berlin";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn moment(now: Timestamp, zone: &str) -> Moment {
    Moment::new(now, Some(zone), &Arc::new(Calendar::default()))
}

/// A notice about an item of the account, numbered so that its id is its own.
fn notice(number: usize, item: &str, kind: Kind, since: Timestamp) -> Notice {
    let item = (!item.is_empty()).then(|| ItemId::new(item).unwrap());
    let about = About { account: "acme".parse().unwrap(), item };
    let to: PersonId = "mira".parse().unwrap();
    Notice {
        id: NoticeId::of(&about, &to, "a rule", &number.to_string()),
        to,
        about,
        kind,
        priority: kind.priority(),
        title: format!("Notice {number}"),
        words: "Look at it.".into(),
        due: None,
        source: format!("rule {number}"),
        work: None,
        since,
    }
}

fn candidate(notice: &Notice) -> Candidate<'_> {
    Candidate { notice, held: None, not_before: None }
}

/// The courses of the notices in a word each, in the order of the notices.
fn check(now: &str, notices: &[Notice], day: &Day, expected: &[&str]) {
    let moment = moment(at(now), BERLIN);
    let candidates: Vec<_> = notices.iter().map(candidate).collect();
    let verdicts = plan(&moment, 5, &candidates, day);
    let courses = notices.iter().map(|notice| {
        let verdict = verdicts.iter().find(|verdict| verdict.notice == notice.id).unwrap();
        match &verdict.course {
            Course::Send { slot } => format!("slot {slot}"),
            Course::Digest => "digest".to_owned(),
            Course::Hold(held) => format!("{}: {}", moment.shown(held.until), held.why),
        }
    });
    assert_eq!(courses.collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_is_sent_in_the_evening_or_on_a_free_day() {
    let one = || vec![notice(1, "ms-1", Kind::Nudge, at("2026-06-10T06:00:00Z"))];
    let none = Day::default();
    // Wednesday; Berlin is two hours ahead.
    check("2026-06-10T06:59:59Z", &one(), &none, &["2026-06-10 09:00 Europe/Berlin: quiet hours"]);
    check("2026-06-10T07:00:00Z", &one(), &none, &["slot 1"]);
    check("2026-06-10T15:59:59Z", &one(), &none, &["slot 1"]);
    check("2026-06-10T16:00:00Z", &one(), &none, &["2026-06-11 09:00 Europe/Berlin: quiet hours"]);
    check("2026-06-12T20:00:00Z", &one(), &none, &["2026-06-15 09:00 Europe/Berlin: quiet hours"]);
    check(
        "2026-06-13T10:00:00Z",
        &one(),
        &none,
        &["2026-06-15 09:00 Europe/Berlin: 2026-06-13 is a free day"],
    );
}

#[test]
fn an_item_has_one_reminder_a_day_and_a_person_five_messages() {
    let since = at("2026-06-10T08:00:00Z");
    let mut notices: Vec<Notice> =
        (1..=4).map(|n| notice(n, &format!("ms-{n}"), Kind::Nudge, since)).collect();
    notices.push(notice(5, "ms-1", Kind::Nudge, since + SignedDuration::from_secs(1)));
    notices.push(notice(6, "ms-1", Kind::Escalation, since));
    notices.push(notice(7, "ms-7", Kind::Nudge, since + SignedDuration::from_secs(2)));
    notices.sort_by(|a, b| a.order().cmp(&b.order()));
    check(
        "2026-06-10T08:00:05Z",
        &notices,
        &Day::default(),
        &[
            "slot 1",
            "slot 2",
            "slot 3",
            "slot 4",
            "slot 5",
            "2026-06-11 09:00 Europe/Berlin: the item had its reminder today",
            "2026-06-11 09:00 Europe/Berlin: the day's 5 messages are used; it goes into the next digest",
        ],
    );
    assert_eq!(notices[0].kind, Kind::Escalation);
}

#[test]
fn what_waited_over_the_opening_goes_into_the_digest() {
    let night = at("2026-06-09T20:00:00Z");
    let notices: Vec<Notice> =
        (1..=7).map(|n| notice(n, "", Kind::Task, night + SignedDuration::from_secs(n as i64))).collect();
    let now = "2026-06-10T07:00:00Z";
    check(
        now,
        &notices,
        &Day::default(),
        &["slot 1", "slot 2", "slot 3", "slot 4", "slot 5", "digest", "digest"],
    );
    // What was over budget yesterday is for the digest, though slots are free.
    let held = Held { until: at(now), why: Why::BudgetUsed { messages: 5 } };
    let surplus = Candidate { held: Some(&held), ..candidate(&notices[0]) };
    let verdicts = plan(&moment(at(now), BERLIN), 5, &[surplus, candidate(&notices[1])], &Day::default());
    assert_eq!(verdicts[0].course, Course::Digest);
    assert_eq!(verdicts[1].course, Course::Send { slot: 1 });
}

#[test]
fn what_was_begun_goes_on_and_what_another_process_does_is_left_to_it() {
    let since = at("2026-06-10T08:00:00Z");
    let notices = [notice(1, "ms-1", Kind::Nudge, since), notice(2, "ms-2", Kind::Nudge, since)];
    let taken = |underway: Option<&str>| Taken {
        notice: notices[1].id.clone(),
        at: since,
        by: "other".into(),
        underway: underway.map(at),
    };
    let day = |underway| Day { singles: BTreeMap::from([(1, taken(underway))]), ..Day::default() };
    check("2026-06-10T08:01:00Z", &notices, &day(None), &["slot 2", "slot 1"]);
    check(
        "2026-06-10T08:01:00Z",
        &notices,
        &day(Some("2026-06-10T08:02:00Z")),
        &["slot 2", "2026-06-10 10:02 Europe/Berlin: another process is sending it"],
    );
}

#[test]
fn a_reminder_is_overtaken_by_a_later_one_and_comes_in_once() {
    let since = at("2026-06-10T08:00:00Z");
    let same_rule =
        |number| Notice { source: "milestone_tracking".into(), ..notice(number, "ms-1", Kind::Nudge, since) };
    let mut outbox = Outbox::default();
    assert!(matches!(outbox.add(same_rule(1))[..], [Effect::Noticed { .. }]));
    assert_eq!(outbox.add(same_rule(1)), []);
    let effects = outbox.add(same_rule(2));
    assert!(
        matches!(&effects[..], [Effect::Noticed { .. }, Effect::Silenced { notice, .. }] if *notice == same_rule(1).id)
    );
    assert_eq!(outbox.add(same_rule(1)), [], "what was taken out does not come back");
    outbox.add(notice(3, "ms-1", Kind::Nudge, since));
    assert_eq!(outbox.waiting.len(), 2, "another rule's reminder is its own");
}

#[test]
fn a_full_outbox_drops_the_least_pressing_and_says_so() {
    let since = at("2026-06-10T08:00:00Z");
    let mut outbox = Outbox::default();
    for number in 0..200 {
        outbox.add(notice(number, "", Kind::Escalation, since));
    }
    let effects = outbox.add(notice(200, "", Kind::Nudge, since));
    assert!(
        matches!(&effects[1], Effect::Silenced { why, .. } if why.contains("least pressing")),
        "{effects:?}"
    );
    assert_eq!(outbox.waiting.len(), 200);
}

#[test]
fn reports_settle_a_notice_once_no_channel_is_left() {
    let now = at("2026-06-10T08:00:00Z");
    let notice = notice(1, "ms-1", Kind::Nudge, now);
    let report =
        |came: Vec<Came>| Report { notice: notice.id.clone(), came, ways: vec![Way::Inbox, Way::Mail] };
    let through = |by| Came::Through { by, to: "mira".parse().unwrap(), digest: false };
    let failed = |next| Came::Failed { by: Way::Mail, why: "not\nreached".into(), next };
    let mut outbox = Outbox::default();
    outbox.add(notice.clone());
    let effects = outbox.report(&report(vec![through(Way::Inbox), failed(Some(now))]), now);
    assert!(
        matches!(&effects[..], [Effect::Told { .. }, Effect::NotTold { why, .. }] if why == "not reached")
    );
    assert_eq!(outbox.waiting[0].attempts(Way::Mail), 1);
    assert_eq!(outbox.report(&report(vec![through(Way::Inbox)]), now), [], "told once");
    let mut given_up = outbox.clone();
    assert_eq!(given_up.report(&report(vec![failed(None)]), now).len(), 1);
    assert!(given_up.waiting.is_empty());
    outbox.report(&report(vec![through(Way::Mail)]), now);
    assert!(outbox.waiting.is_empty());
    assert_eq!(outbox.report(&report(vec![failed(None)]), now), [], "it is settled");
    assert_eq!(outbox.add(notice.clone()), []);
}

#[test]
fn who_stands_in_gets_it_and_a_circle_of_absent_people_ends() {
    let team: Team = serde_json::from_str(
        r#"{"people":[
        {"id":"mira","name":"M","time_zone":"Europe/Berlin","away":[{"from":"2026-07-01","to":"2026-07-10","delegate":"jon"}]},
        {"id":"jon","name":"J","away":[{"from":"2026-07-06","to":"2026-07-08","delegate":"mira"}]},
        {"id":"ada","name":"A","away":[{"from":"2026-07-01","to":"2026-07-03"}]}]}"#,
    )
    .unwrap();
    let calendar = Arc::new(Calendar::default());
    let check = |person: &str, now: &str, expected: Result<&str, &str>| {
        let found = receiver(&team, &person.parse().unwrap(), at(now), &calendar);
        let found = found
            .map(|(person, _)| person.id.to_string())
            .map_err(|held| format!("{} {}", held.until, held.why));
        assert_eq!(found.as_ref().map(String::as_str).map_err(String::as_str), expected, "{person} {now}");
    };
    check("mira", "2026-06-30T10:00:00Z", Ok("mira"));
    // Her first day away has begun in Berlin, and not in London.
    check("mira", "2026-06-30T22:00:00Z", Ok("jon"));
    check("mira", "2026-07-05T10:00:00Z", Ok("jon"));
    check(
        "mira",
        "2026-07-07T10:00:00Z",
        Err("2026-07-13T07:00:00Z away until 2026-07-10, and nobody stands in"),
    );
    check(
        "ada",
        "2026-07-02T10:00:00Z",
        Err("2026-07-06T09:00:00Z away until 2026-07-03, and nobody stands in"),
    );
    check("zoe", "2026-07-02T10:00:00Z", Err("2026-07-02T11:00:00Z 'zoe' is not in team.yaml"));
}

/// Something that a random run puts into a person's outbox.
#[derive(Debug, Clone)]
struct Arising {
    minute: i64,
    item: u8,
    kind: usize,
    due: Option<i8>,
}

fn arising() -> impl Strategy<Value = Arising> {
    (0i64..8 * 24 * 60, 0u8..6, 0usize..5, prop::option::of(-3i8..9))
        .prop_map(|(minute, item, kind, due)| Arising { minute, item, kind, due })
}

/// One person's weeks: what waits, what was sent on which day, and what was wrong.
struct Weeks {
    zone: &'static str,
    budget: u8,
    waiting: BTreeMap<NoticeId, (Notice, Option<Held>)>,
    days: BTreeMap<Date, Day>,
    reached: BTreeSet<NoticeId>,
}

impl Weeks {
    /// Plans and does what is planned, as the dispatcher does: one message, then plans again.
    fn look(&mut self, now: Timestamp) -> Result<(), TestCaseError> {
        let moment = moment(now, self.zone);
        loop {
            let day = self.days.entry(moment.today()).or_default();
            let candidates: Vec<_> = self
                .waiting
                .values()
                .filter(|(notice, _)| notice.since <= now)
                .map(|(notice, held)| Candidate { notice, held: held.as_ref(), not_before: None })
                .collect();
            let verdicts = plan(&moment, self.budget, &candidates, day);
            prop_assert_eq!(verdicts.len(), candidates.len());
            self.in_order(&verdicts)?;
            let send = verdicts.iter().find_map(|verdict| match verdict.course {
                Course::Send { slot } => Some((verdict.notice.clone(), slot)),
                _ => None,
            });
            if let Some((notice, slot)) = send {
                self.send(&moment, &notice, Some(slot))?;
                continue;
            }
            let digest: Vec<NoticeId> = verdicts
                .iter()
                .filter(|verdict| verdict.course == Course::Digest)
                .map(|verdict| verdict.notice.clone())
                .collect();
            if !digest.is_empty() {
                let taken = Digest { notices: digest.clone(), at: now, by: String::new(), underway: None };
                let day = self.days.entry(moment.today()).or_default();
                prop_assert!(day.digest.replace(taken).is_none(), "two digests on one day");
                digest.iter().try_for_each(|notice| self.send(&moment, notice, None))?;
                continue;
            }
            for Verdict { notice, course } in verdicts {
                if let Course::Hold(held) = course {
                    prop_assert!(held.until > now, "{:?} at {}", held, now);
                    self.waiting.get_mut(&notice).unwrap().1 = Some(held);
                }
            }
            return Ok(());
        }
    }

    /// Nothing is held for want of a slot while something less pressing gets one.
    fn in_order(&self, verdicts: &[Verdict]) -> Result<(), TestCaseError> {
        let notices: Vec<&Notice> = verdicts.iter().map(|verdict| &self.waiting[&verdict.notice].0).collect();
        prop_assert!(notices.is_sorted_by(|a, b| a.order() <= b.order()));
        let crowded = |verdict: &Verdict| {
            let fresh =
                !matches!(&self.waiting[&verdict.notice].1, Some(Held { why: Why::BudgetUsed { .. }, .. }));
            let held = matches!(&verdict.course, Course::Hold(Held { why: Why::BudgetUsed { .. }, .. }));
            held && fresh
        };
        if let Some(first) = verdicts.iter().position(crowded) {
            let later = &verdicts[first..];
            let overtakes = later.iter().any(|verdict| matches!(verdict.course, Course::Send { .. }));
            prop_assert!(!overtakes, "something less pressing is sent");
        }
        Ok(())
    }

    fn send(&mut self, moment: &Moment, id: &NoticeId, slot: Option<u8>) -> Result<(), TestCaseError> {
        let (notice, _) = self.waiting.remove(id).unwrap();
        let now = moment.now.to_zoned(moment.zone.clone());
        prop_assert!(now.time() >= time(9, 0, 0, 0) && now.time() < time(18, 0, 0, 0), "{}", now);
        prop_assert!(moment.calendar.is_business_day(now.date()));
        prop_assert!(self.reached.insert(id.clone()), "sent twice");
        let day = self.days.entry(now.date()).or_default();
        let taken = Taken { notice: id.clone(), at: moment.now, by: String::new(), underway: None };
        if notice.kind == Kind::Nudge {
            prop_assert!(day.items.insert(notice.about.key(), taken.clone()).is_none(), "two on one item");
        }
        if let Some(slot) = slot {
            prop_assert!(day.singles.insert(slot, taken).is_none());
            prop_assert_eq!(usize::from(slot), day.singles.len(), "the lowest free slot is taken");
            prop_assert!(slot <= self.budget);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn a_persons_weeks_keep_the_budget_and_lose_nothing(
        arising in prop::collection::vec(arising(), 0..40),
        start in prop::sample::select(vec![
            "2026-03-26T00:00:00Z", "2026-10-22T00:00:00Z", "2026-04-02T12:00:00Z", "2026-09-03T00:00:00Z", "2026-06-01T00:00:00Z",
        ]),
        zone in prop::sample::select(vec![
            "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Kiritimati", "America/New_York",
        ]),
        budget in 0u8..6,
        looks in prop::collection::vec(0i64..8 * 24 * 60, 0..20),
    ) {
        let start = at(start);
        let minute = |minute: i64| start + SignedDuration::from_mins(minute);
        let kinds = [Kind::Nudge, Kind::Nudge, Kind::Task, Kind::Escalation, Kind::Decision];
        let waiting = arising.iter().enumerate().map(|(number, arising)| {
            let mut notice = notice(number, &format!("ms-{}", arising.item), kinds[arising.kind], minute(arising.minute));
            let day = |days: i8| moment(start, zone).today().checked_add(SignedDuration::from_hours(24 * i64::from(days)));
            notice.due = arising.due.and_then(|days| day(days).ok());
            (notice.id.clone(), (notice, None))
        });
        let mut weeks = Weeks { zone, budget, waiting: waiting.collect(), days: BTreeMap::new(), reached: BTreeSet::new() };
        // It looks when something arises, at odd times, and then each hour until all that may come has come.
        let hours = (0..8 * 24 + 40 * 24).map(|hour| hour * 60);
        let mut minutes: Vec<i64> = arising.iter().map(|arising| arising.minute).chain(looks).chain(hours).collect();
        minutes.sort_unstable();
        for at in minutes {
            weeks.look(minute(at))?;
            if weeks.reached.len() == arising.len() {
                break;
            }
        }
        // Each waiting one has its reason: an item with more reminders than days, and nothing else after so long.
        for (notice, held) in weeks.waiting.values() {
            prop_assert!(held.is_some(), "{} is lost", notice.id);
        }
        prop_assert!(weeks.waiting.is_empty(), "{:?}", weeks.waiting.values().next());
    }
}
