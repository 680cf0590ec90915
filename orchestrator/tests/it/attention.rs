//! Notices from outbox to people: through crashes, beside another process, past dead channels.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infohub::event::Event;
use infohub::hub::News as HubNews;
use infohub::ids::{AccountSlug, ItemId, PersonId};
use infohub::store::{LocalStore, Store, StorePath};
use jiff::{SignedDuration, Timestamp};
use orchestrator::attention::{About, Inbox, Kind, Notice, NoticeId, Outbox, Way, Why, reminder_words};
use orchestrator::calendar::Calendar;
use orchestrator::dispatch::{Dispatcher, News, Outgoing};
use orchestrator::intake::Orchestrator;
use orchestrator::step::{Effect, Input, Step};
use orchestrator::work::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tools::channel::{Channel, Mail, MailSecurity, MailSettings, Webhook, WebhookSettings};

use crate::frail::Frail;
use crate::office::{Office, open_on};

const TEAM: &str = r#"{"people":[
    {"id":"mira","name":"Mira","roles":["sa"],"time_zone":"Europe/Berlin","email":"mira@example.org"},
    {"id":"jon","name":"Jon","roles":["ca"],"time_zone":"America/New_York"},
    {"id":"ada","name":"Ada","roles":["ae"],"away":[{"from":"2026-06-08","to":"2026-06-12","delegate":"jon"}]}]}"#;
/// A Tuesday evening in Berlin.
const EVENING: &str = "2026-06-09T17:00:00Z";
/// The opening of the next day there.
const OPENING: &str = "2026-06-10T07:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn slug(account: &str) -> AccountSlug {
    account.parse().unwrap()
}

fn notice(account: &str, to: &str, number: usize, kind: Kind, item: &str) -> Notice {
    let about = About { account: slug(account), item: Some(ItemId::new(item).unwrap()) };
    let to: PersonId = to.parse().unwrap();
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
        since: at(EVENING) + SignedDuration::from_secs(number as i64),
    }
}

/// Puts notices into the account's outbox, as a step of its own.
fn put(orchestrator: &Orchestrator, account: &str, notices: &[Notice]) {
    let slug = slug(account);
    if !orchestrator.hub().exists(&slug).unwrap() {
        let event = format!(
            r#"{{"specversion":"1.0","id":"e-1","source":"crm","type":"opportunity.changed","subject":"{account}","time":"2026-06-01T10:00:00Z","data":{{"opportunity":{{"id":"006A1","stage":"Stage 1"}}}}}}"#
        );
        let event = Input::Event(Box::new(Event::parse(&event).unwrap()));
        orchestrator.take(&slug, &event, at(EVENING)).unwrap();
    }
    let loaded = orchestrator.load(&slug).unwrap();
    let mut state = loaded.last.as_ref().unwrap().state.clone();
    let effects: Vec<Effect> = notices.iter().flat_map(|notice| state.outbox.add(notice.clone())).collect();
    let step = Step { input: Input::Told(Vec::new()), effects, state };
    orchestrator.hub().commit(&loaded, at(EVENING), step, HubNews::default()).unwrap();
}

fn outboxes(orchestrator: &Orchestrator) -> Vec<Outgoing> {
    let (accounts, _) = orchestrator.hub().accounts().unwrap();
    let outbox = |account: AccountSlug| {
        let waiting = orchestrator.glance(&account).unwrap().last.unwrap().state.outbox.waiting;
        Outgoing { account, waiting }
    };
    accounts.into_iter().map(outbox).collect()
}

fn outbox(orchestrator: &Orchestrator, account: &str) -> Outbox {
    orchestrator.load(&slug(account)).unwrap().last.unwrap().state.outbox
}

fn dispatcher(channels: Vec<Channel>, budget: u8) -> Dispatcher {
    Dispatcher::new(channels, Arc::new(Calendar::default()), Some(budget))
}

/// One round at a time that stands still; gives back what was told.
async fn round(orchestrator: &Arc<Orchestrator>, dispatcher: &Dispatcher, now: Timestamp) -> Vec<News> {
    let told = Mutex::new(Vec::new());
    let clock: Clock = Arc::new(move || now);
    let outgoing = outboxes(orchestrator);
    let tell = |news| told.lock().unwrap().push(news);
    dispatcher.round(orchestrator, outgoing, &clock, &CancellationToken::new(), &tell).await;
    told.into_inner().unwrap()
}

/// The ids of a person's inbox.
fn inbox(store: &dyn Store, person: &str) -> Vec<String> {
    Inbox::new(store, &person.parse().unwrap()).ids().unwrap().0
}

/// What each slot of a person's days says, by place.
fn slots(store: &dyn Store, person: &str) -> BTreeMap<String, serde_json::Value> {
    let root = StorePath::new(format!("people/{person}")).unwrap();
    let days = store.names(&root).unwrap().into_iter().filter(|name| name.starts_with("20"));
    let mut slots = BTreeMap::new();
    for day in days {
        for name in store.names(&root.join(&day).unwrap()).unwrap() {
            let path = root.join(&day).unwrap().join(&name).unwrap();
            let text = store.read(&path, 1 << 20).unwrap().unwrap();
            slots.insert(format!("{day}/{name}"), serde_json::from_slice(&text).unwrap());
        }
    }
    slots
}

/// The slots hold the budget: so many messages on each day, none twice.
fn assert_budget(store: &dyn Store, person: &str, budget: usize) {
    let slots = slots(store, person);
    let mut days: BTreeMap<&str, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (place, slot) in &slots {
        let (day, name) = place.split_once('/').unwrap();
        if name.strip_suffix(".json").is_some_and(|stem| stem.parse::<u8>().is_ok()) {
            *days.entry(day).or_default() += 1;
            assert!(seen.insert((day, slot["notice"].to_string())), "{place}: {slots:#?}");
        }
    }
    assert!(days.values().all(|count| *count <= budget), "{days:?}");
}

/// A chat that keeps the ids of what it is sent, with how often.
async fn chat() -> (Channel, Arc<Mutex<BTreeMap<String, usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let got = Arc::new(Mutex::new(BTreeMap::new()));
    let kept = Arc::clone(&got);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let kept = Arc::clone(&kept);
            tokio::spawn(async move {
                let mut text = Vec::new();
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                    text.extend_from_slice(&bytes[..count]);
                    let request = String::from_utf8_lossy(&text).into_owned();
                    let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
                    let header = |name: &str| {
                        let line = head.lines().find(|line| line.to_lowercase().starts_with(name)).unwrap();
                        line.split_once(": ").unwrap().1.to_owned()
                    };
                    if body.len() < header("content-length:").parse().unwrap() {
                        continue;
                    }
                    *kept.lock().unwrap().entry(header("idempotency-key:")).or_default() += 1;
                    text.clear();
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
                }
            });
        }
    });
    let settings = WebhookSettings { url: url.into(), time_limit: Some(Duration::from_secs(10)) };
    (Channel::Chat(Webhook::new(&settings).unwrap()), got)
}

/// A mail server at which nobody answers.
async fn dead_mail() -> Channel {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let settings = MailSettings {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: MailSecurity::Plain,
        login: None,
        from: "csp@example.org".into(),
        time_limit: Some(Duration::from_secs(2)),
    };
    Channel::Mail(Mail::new(&settings).unwrap())
}

fn governed(store: Frail) -> Arc<Orchestrator> {
    Arc::new(open_on(Arc::new(store), TEAM))
}

#[tokio::test]
async fn the_evening_waits_for_the_morning_and_the_rest_for_the_digest() {
    let files = Frail::new();
    let orchestrator = governed(files.survivor());
    let (chat, got) = chat().await;
    let dispatcher = dispatcher(vec![chat], 2);
    let kinds = [Kind::Task, Kind::Nudge, Kind::Escalation, Kind::Review];
    let notices: Vec<Notice> =
        (0..4).map(|number| notice("acme", "mira", number, kinds[number], "ms-1")).collect();
    put(&orchestrator, "acme", &notices);
    assert_eq!(round(&orchestrator, &dispatcher, at(EVENING)).await, []);
    let held = outbox(&orchestrator, "acme").waiting;
    assert!(held.iter().all(|waiting| {
        let held = waiting.held.as_ref().unwrap();
        held.why == Why::QuietHours && held.until == at(OPENING)
    }));
    assert!(!dispatcher.is_due(&outboxes(&orchestrator), at(EVENING)), "it sleeps until the opening");
    assert!(dispatcher.is_due(&outboxes(&orchestrator), at(OPENING)));
    let told = round(&orchestrator, &dispatcher, at(OPENING)).await;
    let subjects: Vec<&str> = told
        .iter()
        .map(|news| match news {
            News::Sent { subject, .. } => subject.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(subjects, ["[acme] escalation: Notice 2", "[acme] task: Notice 0", "2 things that waited"]);
    assert!(outbox(&orchestrator, "acme").waiting.is_empty());
    assert_eq!(inbox(&files, "mira").len(), 4);
    assert_eq!(got.lock().unwrap().len(), 3);
    assert!(got.lock().unwrap().values().all(|times| *times == 1));
    assert_budget(&files, "mira", 2);
    let verified = orchestrator.hub().verify(&slug("acme")).unwrap();
    assert!(verified.is_empty(), "{verified:?}");
}

#[tokio::test]
async fn a_dead_mail_server_does_not_stop_inbox_and_chat_and_is_given_up_in_the_end() {
    let files = Frail::new();
    let orchestrator = governed(files.survivor());
    let (chat, got) = chat().await;
    let dispatcher = dispatcher(vec![dead_mail().await, chat], 5);
    put(
        &orchestrator,
        "acme",
        &[notice("acme", "mira", 1, Kind::Task, "ms-1"), notice("acme", "mira", 2, Kind::Task, "ms-2")],
    );
    let told = round(&orchestrator, &dispatcher, at(OPENING)).await;
    let failed = |news: &&News| matches!(news, News::Failed { by: Way::Mail, .. });
    assert_eq!(told.iter().filter(failed).count(), 2);
    assert_eq!(inbox(&files, "mira").len(), 2);
    assert_eq!(got.lock().unwrap().len(), 2);
    assert_eq!(outbox(&orchestrator, "acme").waiting.len(), 2, "mail is still to come");
    let mut now = at(OPENING);
    let mut tries = 1;
    while !outbox(&orchestrator, "acme").waiting.is_empty() {
        now += SignedDuration::from_mins(30);
        assert!(now < at("2026-06-20T00:00:00Z"), "tried for ever");
        tries += round(&orchestrator, &dispatcher, now).await.iter().filter(failed).count();
    }
    assert_eq!(tries, 1 + 2 * 5, "each was tried six times");
    assert!(got.lock().unwrap().values().all(|times| *times == 1), "chat had each once");
    assert_budget(&files, "mira", 5);
}

#[tokio::test]
async fn a_person_away_is_stood_in_for_and_a_stranger_waits() {
    let files = Frail::new();
    let orchestrator = governed(files.survivor());
    let dispatcher = dispatcher(Vec::new(), 5);
    put(
        &orchestrator,
        "acme",
        &[notice("acme", "ada", 1, Kind::Task, "ms-1"), notice("acme", "zoe", 2, Kind::Task, "ms-2")],
    );
    // Jon is in New York, where it is still night.
    assert_eq!(round(&orchestrator, &dispatcher, at(OPENING)).await, []);
    round(&orchestrator, &dispatcher, at("2026-06-10T13:00:00Z")).await;
    assert_eq!(inbox(&files, "jon").len(), 1);
    assert_eq!(inbox(&files, "ada").len(), 0);
    let waiting = outbox(&orchestrator, "acme").waiting;
    assert!(
        matches!(&waiting[..], [one] if matches!(&one.held.as_ref().unwrap().why, Why::Stranger { person } if person.as_str() == "zoe"))
    );
}

#[tokio::test]
async fn what_the_person_has_dealt_with_is_not_sent_again() {
    let files = Frail::new();
    let orchestrator = governed(files.survivor());
    let dispatcher = dispatcher(vec![dead_mail().await], 5);
    let one = notice("acme", "mira", 1, Kind::Task, "ms-1");
    put(&orchestrator, "acme", std::slice::from_ref(&one));
    round(&orchestrator, &dispatcher, at(OPENING)).await;
    let mira = one.to.clone();
    assert!(Inbox::new(&files, &mira).done(one.id.as_str(), at(OPENING)).unwrap());
    let told = round(&orchestrator, &dispatcher, at(OPENING) + SignedDuration::from_mins(2)).await;
    assert_eq!(told, []);
    assert!(outbox(&orchestrator, "acme").waiting.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_dispatchers_share_one_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Arc::new(open_on(Arc::new(LocalStore::open(folder.path()).unwrap()), TEAM));
    let first = open();
    let mut all: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for account in ["acme", "beta"] {
        let mut notices = Vec::new();
        for number in 0..12 {
            let to = ["mira", "jon"][number % 2];
            let kind = [Kind::Nudge, Kind::Task, Kind::Escalation][number % 3];
            let one = notice(account, to, number, kind, &format!("ms-{}", number % 4));
            all.entry(to).or_default().insert(one.id.to_string());
            notices.push(one);
        }
        put(&first, account, &notices);
    }
    let second = open();
    let (chat_one, got_one) = chat().await;
    let (chat_two, got_two) = chat().await;
    let (one, two) = (dispatcher(vec![chat_one], 3), dispatcher(vec![chat_two], 3));
    let mut now = at(EVENING);
    while outboxes(&first).iter().any(|outgoing| !outgoing.waiting.is_empty()) {
        now += SignedDuration::from_hours(3);
        assert!(now < at("2026-06-30T00:00:00Z"), "{:#?}", outboxes(&first));
        tokio::join!(round(&first, &one, now), round(&second, &two, now));
    }
    let store = LocalStore::open(folder.path()).unwrap();
    for (person, ids) in all {
        assert_budget(&store, person, 3);
        assert_eq!(inbox(&store, person).into_iter().collect::<BTreeSet<_>>(), ids, "{person}");
    }
    // Nothing was killed, so each message went out once, through one of the two.
    let mut sent = got_one.lock().unwrap().clone();
    for (id, times) in got_two.lock().unwrap().iter() {
        *sent.entry(id.clone()).or_default() += times;
    }
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    for account in ["acme", "beta"] {
        assert!(first.hub().verify(&slug(account)).unwrap().is_empty());
    }
}

/// Two messages and a digest for one person out of two accounts.
fn two_accounts() -> (Frail, BTreeSet<String>) {
    let files = Frail::new();
    let orchestrator = governed(files.survivor());
    let mut ids = BTreeSet::new();
    for (account, kinds) in [("acme", [Kind::Escalation, Kind::Nudge]), ("beta", [Kind::Nudge, Kind::Task])] {
        let notices: Vec<Notice> = kinds
            .into_iter()
            .enumerate()
            .map(|(number, kind)| notice(account, "mira", number, kind, "ms-1"))
            .collect();
        ids.extend(notices.iter().map(|notice| notice.id.to_string()));
        put(&orchestrator, account, &notices);
    }
    (files, ids)
}

#[tokio::test]
async fn a_death_at_any_operation_costs_no_notice_and_no_budget() {
    let (begin, ids) = two_accounts();
    let (mut operations, mut doubles) = (0, 0);
    for last_counts in [false, true] {
        operations = 0;
        loop {
            let files = begin.copy();
            let (chat, got) = chat().await;
            let channels = |chat| dispatcher(vec![chat], 2);
            let first = channels(chat);
            // The look at the outboxes is not part of what is cut off here.
            let outgoing = outboxes(&governed(files.survivor()));
            let mortal = Arc::new(files.killed_in(operations, last_counts));
            let orchestrator = Arc::new(open_on(Arc::clone(&mortal) as Arc<dyn Store>, TEAM));
            let now = at(OPENING);
            let clock: Clock = Arc::new(move || now);
            first.round(&orchestrator, outgoing, &clock, &CancellationToken::new(), &|_| {}).await;
            let done = !mortal.was_killed();
            // The next process, with the same chat, once the dead one's time is over; and then the next day.
            let orchestrator = governed(files.survivor());
            let second = Dispatcher::new(first.into_channels(), Arc::new(Calendar::default()), Some(2));
            round(&orchestrator, &second, now + SignedDuration::from_mins(3)).await;
            round(&orchestrator, &second, now + SignedDuration::from_hours(24)).await;
            assert!(
                outboxes(&orchestrator).iter().all(|outgoing| outgoing.waiting.is_empty()),
                "{operations}"
            );
            assert_eq!(inbox(&files, "mira").into_iter().collect::<BTreeSet<_>>(), ids, "{operations}");
            assert_budget(&files, "mira", 2);
            let got = got.lock().unwrap();
            let singles = got.keys().filter(|id| id.starts_with("nt-")).count();
            assert!(singles >= 1 && got.len() <= 4, "{operations}: {got:?}");
            assert!(got.values().all(|times| *times <= 2), "{operations}: {got:?}");
            doubles += got.values().filter(|times| **times == 2).count();
            if done {
                break;
            }
            operations += 1;
        }
    }
    assert!(operations > 30, "it was cut at only {operations} places");
    assert!(doubles > 0, "no death fell between sending and record");
}

#[test]
fn a_reminder_has_the_agent_s_words_while_they_fit_the_item_and_else_the_rule_s() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#);
    let mut plan = office.plan();
    let item: ItemId = "ms-1".parse().unwrap();
    let written =
        |due: &str| format!(r#"{{"id":"rm-1","words":"Ask Tomas for the keys","item":"ms-1"{due}}}"#);
    for (due, expected) in [
        (r#","due":"2026-06-10""#, "Ask Tomas for the keys"),
        ("", "Ask Tomas for the keys"),
        (r#","due":"2026-06-03""#, "Milestone due"),
    ] {
        plan.registers.briefing.reminders = vec![serde_json::from_str(&written(due)).unwrap()];
        let words = reminder_words(&plan, &item, Some("2026-06-10".parse().unwrap()), "Milestone due");
        assert_eq!(words, expected, "{due}");
    }
    let other: ItemId = "ms-2".parse().unwrap();
    assert_eq!(reminder_words(&plan, &other, None, "Milestone due"), "Milestone due");
}

#[test]
fn a_moved_a_finished_and_a_removed_item_take_their_reminders_along() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    let patch = r#"{"sections":{"background":{"outcomes":{"upsert":[{"outcome":"Faster picking","by":"2026-09-01"}]}}}}"#;
    let taken = office.draft(&task, patch);
    let noticed = taken.effects.iter().filter(|effect| matches!(effect, Effect::Noticed { .. })).count();
    assert_eq!(noticed, 1, "the owner is told of the draft: {:?}", taken.effects);
    let item = office.plan().background.outcomes[0].id.clone();
    let reminder = |number: usize| Notice {
        due: Some("2026-09-01".parse().unwrap()),
        about: About { account: office.slug.clone(), item: Some(item.clone()) },
        ..notice("acme", "maria", number, Kind::Nudge, "ms-1")
    };
    put(&office.orchestrator, "acme", &[reminder(1)]);
    let edited = office.read("success_plan/csp.yaml").replace("2026-09-01", "2026-10-01");
    assert_ne!(edited, office.read("success_plan/csp.yaml"));
    std::fs::write(office.path("success_plan/csp.yaml"), edited).unwrap();
    let taken = office.take(&Input::HandEdit);
    let why = taken.effects.iter().find_map(|effect| match effect {
        Effect::Silenced { why, .. } => Some(why.clone()),
        _ => None,
    });
    assert_eq!(why, Some(format!("{item} moved from 2026-09-01 to 2026-10-01")));
    assert_eq!(outbox(&office.orchestrator, "acme").waiting.len(), 1, "the review is still to be told");
    let moved = Notice { due: Some("2026-10-01".parse().unwrap()), ..reminder(2) };
    put(&office.orchestrator, "acme", &[moved]);
    let shown = office.shown(&task.id);
    let reason = "not theirs".to_owned();
    office.decide(orchestrator::step::Verdict::Reject { review: task.id.clone(), shown, reason });
    assert_eq!(outbox(&office.orchestrator, "acme").waiting, [], "item and review are gone");
    office.assert_sound();
}
