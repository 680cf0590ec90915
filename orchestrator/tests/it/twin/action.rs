//! What can happen to an account in the model test, and how it is drawn by lot. Everything is small and numbered, so
//! that what proptest shrinks a failure to can be read. It must not know what follows from any of it.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// The stages, in the order of the path; the last stands beside it.
pub const STAGES: [&str; 6] = ["Stage 1", "Stage 2", "Stage 3", "Stage 4", "Closed Won", "Closed Lost"];
/// Zones whose clocks change on different days; in one of them at midnight.
pub const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "America/Santiago"];

/// Absent, cleared, or a value.
pub type Said<T> = Option<Option<T>>;

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Action {
    /// An event that says when it happened: so many hours ago.
    Event(News, u16),
    /// One of the events that came comes again.
    Again(Index),
    /// A person saves csp.yaml. Nobody looks at it before the next input.
    Edit(Vec<Change>),
    /// Somebody looks whether csp.yaml was saved.
    Look,
    /// The first task that waits is drafted.
    Draft,
    /// A person accepts what the first draft brought.
    Accept,
    /// A person lets a proposal through for so many hours.
    LetThrough(u16),
    /// So many hours pass, and nobody looks.
    Pass(u16),
    /// So many hours pass, and then somebody looks at the time.
    Asleep(u16),
    /// So many hours pass with the loop running.
    Awake(u16),
    /// The process ends between two inputs, and another one begins.
    Restart,
    /// The process is killed in this operation on the store during the next input, which then comes again.
    Kill {
        /// Its number, from 0.
        operation: u8,
        /// Whether it still takes place.
        counts: bool,
    },
}

/// What an event says.
#[derive(Debug, Clone)]
pub enum News {
    /// The CRM's record changed.
    Crm {
        tier: Said<&'static str>,
        deal: Option<Deal>,
    },
    Validated,
    Proposal,
    Reviewed,
    /// This milestone was reached.
    Reached(u8),
}

/// What the CRM says of a deal.
#[derive(Debug, Clone)]
pub struct Deal {
    pub id: u8,
    pub stage: Said<usize>,
    pub arr: Said<u32>,
    pub close_date: Said<Date>,
}

/// What a person changes in csp.yaml.
#[derive(Debug, Clone)]
pub enum Change {
    /// A milestone is due so many days from today; it is added if it is not there.
    Due(u8, i16),
    /// It is done, or is not after all.
    Done(u8, bool),
    Remove(u8),
    /// The plan has this many success criteria, and all else that completeness asks for.
    Criteria(u8),
    /// Another day of the last update is written down, which is not a person's to say.
    Dated(i16),
    /// A comment and nothing else.
    Comment,
}

/// An event as it is sent.
pub fn event(number: usize, news: &News, time: Timestamp) -> String {
    let (kind, data) = match news {
        News::Crm { tier, deal } => ("opportunity.changed", crm(tier, deal.as_ref())),
        News::Validated => ("evaluation.started", json!({ "validated_by": "maria" })),
        News::Proposal => ("proposal.requested", json!({})),
        News::Reviewed => ("customer.reviewed", json!({})),
        News::Reached(slot) => ("milestone.completed", json!({ "item": format!("ms-{slot}") })),
    };
    json!({ "specversion": "1.0", "id": format!("e-{number}"), "source": "crm", "type": kind, "subject": "acme",
            "time": time, "data": data })
    .to_string()
}

fn crm(tier: &Said<&'static str>, deal: Option<&Deal>) -> Value {
    let mut data = Map::new();
    if let Some(tier) = tier {
        data.insert("account".to_owned(), json!({ "tier": tier }));
    }
    if let Some(deal) = deal {
        let mut said = Map::from_iter([("id".to_owned(), json!(format!("d{}", deal.id)))]);
        let stage = deal.stage.map(|stage| json!(stage.map(|stage| STAGES[stage])));
        let news = [
            ("stage", stage),
            ("arr", deal.arr.map(|arr| json!(arr))),
            ("close_date", deal.close_date.map(|date| json!(date))),
        ];
        said.extend(news.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        data.insert("opportunity".to_owned(), said.into());
    }
    data.into()
}

/// The change in a plan, as csp.yaml would be read.
pub fn change(plan: &mut Value, change: &Change, today: Date) {
    let milestones = &mut plan["adoption_journey"]["milestones"];
    let list = match milestones.as_array_mut() {
        Some(list) => list,
        None => {
            *milestones = json!([]);
            milestones.as_array_mut().unwrap()
        }
    };
    let at = |slot: u8| list.iter().position(|item| item["id"] == format!("ms-{slot}"));
    match change {
        Change::Due(slot, days) => {
            let due = json!(today + i32::from(*days).days());
            match at(*slot) {
                Some(at) => list[at]["due_date"] = due,
                None => list.push(json!({ "id": format!("ms-{slot}"), "milestone": format!("Goal {slot}"), "due_date": due })),
            }
        }
        Change::Done(slot, done) => {
            if let Some(at) = at(*slot) {
                list[at]["status"] = json!(if *done { "done" } else { "planned" });
            }
        }
        Change::Remove(slot) => list.retain(|item| item["id"] != format!("ms-{slot}")),
        Change::Criteria(count) => fill(plan, *count),
        Change::Dated(days) => {
            plan["plan"]["last_updated"] = json!(format!("{}T00:00:00Z", today + i32::from(*days).days()));
        }
        Change::Comment => {}
    }
}

fn fill(plan: &mut Value, criteria: u8) {
    let criterion = |number| json!({ "id": format!("sc-{number}"), "criterion": format!("Works {number}") });
    let criteria: Vec<Value> = (0..criteria).map(criterion).collect();
    plan["technical_evaluation"]["success_criteria"] = criteria.into();
    plan["background"]["context"] = json!([{ "id": "cx-1", "text": "Pumps fail" }]);
    plan["background"]["outcomes"] = json!([{ "id": "bo-1", "outcome": "Fewer failures", "metric": "Failures",
        "baseline": "9 a year", "target": "1 a year" }]);
    plan["stakeholders"]["people"] = json!([{ "id": "sh-1", "name": "Ines", "side": "customer" }]);
    plan["adoption_journey"]["phases"] = json!([{ "id": "ph-1", "name": "Pilot" }]);
    plan["value_tracking"]["utilization"] = json!([{ "id": "ut-1", "metric": "Users", "baseline": 1 }]);
}

/// Half past some hour of a year in which all clocks change. What rules wait for comes at full hours, so that nothing
/// happens at the very instant of it: whether it was before or after that is nobody's to say.
pub fn beginning() -> impl Strategy<Value = (usize, Timestamp)> {
    let first: Timestamp = "2026-01-05T09:30:00Z".parse().unwrap();
    let began = (0..300_i64, 0..24_i64);
    let began = began.prop_map(move |(day, hour)| first + SignedDuration::from_hours(day * 24 + hour));
    (0..ZONES.len(), began)
}

/// What happens, one after the other.
pub fn story(most: usize) -> impl Strategy<Value = Vec<Action>> {
    prop::collection::vec(action(), 1..most)
}

/// The same story without what leaves no trace: processes that end, and events that came before, of which nothing is
/// left but that somebody looked.
pub fn calm(story: &[Action]) -> Vec<Action> {
    let lasting = |action: &&Action| !matches!(action, Action::Restart | Action::Kill { .. });
    let calm = story.iter().filter(lasting).map(|action| match action {
        Action::Again(_) => Action::Look,
        other => other.clone(),
    });
    calm.collect()
}

fn action() -> impl Strategy<Value = Action> {
    let late = prop_oneof![4 => Just(0_u16), 1 => 1..400_u16];
    prop_oneof![
        8 => (news(), late).prop_map(|(news, late)| Action::Event(news, late)),
        2 => any::<Index>().prop_map(Action::Again),
        6 => prop::collection::vec(changes(), 1..4).prop_map(Action::Edit),
        1 => Just(Action::Look),
        4 => Just(Action::Draft),
        1 => Just(Action::Accept),
        1 => (1..200_u16).prop_map(Action::LetThrough),
        2 => hours().prop_map(Action::Pass),
        3 => hours().prop_map(Action::Asleep),
        4 => hours().prop_map(Action::Awake),
        1 => Just(Action::Restart),
        2 => (0..30_u8, any::<bool>()).prop_map(|(operation, counts)| Action::Kill { operation, counts }),
    ]
}

/// From an hour to two months.
fn hours() -> impl Strategy<Value = u16> {
    prop_oneof![1..26_u16, (1..10_u16).prop_map(|days| days * 24), (200..1500_u16)]
}

fn news() -> impl Strategy<Value = News> {
    let tier = said(select(vec!["strategic", "enterprise"]));
    let deal = (0..2_u8, stage(), arr(), said(date()));
    let deal = deal.prop_map(|(id, stage, arr, close_date)| Deal { id, stage, arr, close_date });
    prop_oneof![
        8 => (prop_oneof![4 => Just(None), 1 => tier], prop::option::weighted(0.9, deal))
            .prop_map(|(tier, deal)| News::Crm { tier, deal }),
        1 => Just(News::Validated),
        3 => Just(News::Proposal),
        1 => Just(News::Reviewed),
        2 => (0..3_u8).prop_map(News::Reached),
    ]
}

fn stage() -> impl Strategy<Value = Said<usize>> {
    prop_oneof![3 => Just(None), 1 => Just(Some(None)), 12 => (0..STAGES.len()).prop_map(|at| Some(Some(at)))]
}

fn arr() -> impl Strategy<Value = Said<u32>> {
    said(select(vec![50_000, 100_000, 100_001, 250_000, 600_000]))
}

fn date() -> impl Strategy<Value = Date> {
    (0..500_i32).prop_map(|days| jiff::civil::date(2025, 10, 1) + days.days())
}

fn said<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Said<T>> {
    prop_oneof![2 => Just(None), 5 => value.prop_map(|value| Some(Some(value))), 1 => Just(Some(None))]
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (0..3_u8, -5..40_i16).prop_map(|(slot, days)| Change::Due(slot, days)),
        2 => (0..3_u8, any::<bool>()).prop_map(|(slot, done)| Change::Done(slot, done)),
        1 => (0..3_u8).prop_map(Change::Remove),
        3 => (0..7_u8).prop_map(Change::Criteria),
        1 => (-100..100_i16).prop_map(Change::Dated),
        2 => Just(Change::Comment),
    ]
}
