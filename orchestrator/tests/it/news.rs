//! What events change besides starting tasks, and tasks that people start.

use infohub::event::Event;
use infohub::occasion::Occasion;
use infohub::plan::Progress;
use orchestrator::intake::Taken;
use orchestrator::step::{Effect, Input, Verdict};

use crate::office::Office;

/// An account with a plan of one milestone; gives the milestone's id.
fn planned() -> (Office, String) {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps","evidence":[{"source":"materials/a.md","lines":"1","quote":"Makes pumps"}]}]}}}}"#);
    let text = office.read("success_plan/csp.yaml");
    let edited = format!("{text}\nadoption_journey:\n  milestones:\n    - milestone: Go live\n");
    std::fs::write(office.path("success_plan/csp.yaml"), edited).unwrap();
    office.event("e-2", "meeting.recorded", r#"{"material":"materials/m.md"}"#);
    let id = office.plan().adoption_journey.milestones[0].id.to_string();
    (office, id)
}

fn at(office: &Office, time: &str, kind: &str, data: &str) -> Taken {
    let json = format!(
        r#"{{"specversion":"1.0","id":"{kind} {time}","source":"s","type":"{kind}","subject":"acme","time":"{time}","data":{data}}}"#
    );
    office.take(&Input::Event(Box::new(Event::parse(&json).unwrap())))
}

/// Why the input does nothing.
fn ignored(taken: &Taken) -> String {
    match taken.effects.as_slice() {
        [Effect::Ignored { why }] => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_review_is_the_latest_in_whatever_order_they_are_told() {
    let (office, _) = planned();
    at(&office, "2026-01-10T10:00:00Z", "customer.reviewed", r#"{"reviewed_on":"2026-01-09"}"#);
    let version = office.plan().plan.version;
    let older = at(&office, "2026-01-12T10:00:00Z", "customer.reviewed", r#"{"reviewed_on":"2026-01-02"}"#);
    assert_eq!(older.effects, [Effect::NothingNew]);
    assert_eq!(office.plan().plan.version, version, "nothing new makes no version");
    at(&office, "2026-01-13T10:00:00Z", "customer.reviewed", "{}");
    assert_eq!(office.plan().plan.last_customer_review, "2026-01-13".parse().ok());
    let future = at(&office, "2026-01-14T10:00:00Z", "customer.reviewed", r#"{"reviewed_on":"2026-02-01"}"#);
    assert_eq!(ignored(&future), "reviewed_on: 2026-02-01 lies after the event, which is of 2026-01-14");
    office.assert_sound();
}

#[test]
fn a_milestone_is_done_once() {
    let (office, id) = planned();
    let data = format!(r#"{{"item":"{id}","completed_on":"2026-01-10"}}"#);
    let done = at(&office, "2026-01-10T10:00:00Z", "milestone.completed", &data);
    assert!(matches!(&done.effects[..], [Effect::PlanChanged { .. }, ..]), "{done:?}");
    let data = format!(r#"{{"item":"{id}","completed_on":"2026-01-03"}}"#);
    let again = at(&office, "2026-01-11T10:00:00Z", "milestone.completed", &data);
    assert_eq!(again.effects, [Effect::NothingNew]);
    let plan = office.plan();
    let milestone = &plan.adoption_journey.milestones[0];
    assert_eq!((milestone.status, milestone.completed_on), (Some(Progress::Done), "2026-01-10".parse().ok()));
    let near = format!(r#"{{"item":"{id}0"}}"#);
    let unknown = at(&office, "2026-01-12T10:00:00Z", "milestone.completed", &near);
    assert_eq!(ignored(&unknown), format!("item: the plan has no milestone '{id}0'; did you mean '{id}'?"));
    office.assert_sound();
}

#[test]
fn what_a_person_called_off_is_not_done_by_an_event() {
    let (office, id) = planned();
    let text = office.read("success_plan/csp.yaml");
    let edited = text.replace("milestone: Go live", "milestone: Go live\n      status: cancelled");
    std::fs::write(office.path("success_plan/csp.yaml"), edited).unwrap();
    let data = format!(r#"{{"item":"{id}"}}"#);
    let late = at(&office, "2026-01-12T10:00:00Z", "milestone.completed", &data);
    let told: Vec<String> = late.effects.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|told| told.contains("is cancelled in the plan")), "{told:?}");
    assert_eq!(office.plan().adoption_journey.milestones[0].status, Some(Progress::Cancelled));
}

#[test]
fn events_that_cannot_be_true_of_the_account_are_told() {
    let office = Office::new();
    let check = |kind: &str, data: &str, expected: &str| {
        let told = ignored(&at(&office, "2026-01-12T10:00:00Z", kind, data));
        assert_eq!(told, expected);
    };
    check("customer.reviewed", "{}", "the account has no plan that a customer could have reviewed");
    check("milestone.completed", r#"{"item":"ms-1"}"#, "the account has no plan, so it has no milestones");
    check(
        "handoff.initiated",
        r#"{"from":"mario"}"#,
        "from: 'mario' is not in team.yaml; did you mean 'maria'?",
    );
}

#[test]
fn a_person_starts_a_task_without_a_rule() {
    let (office, id) = planned();
    let start = |run: &str, item: Option<&str>| {
        let item = item.map(|item| item.parse().unwrap());
        let occasion = Box::new(Occasion { item, ..Occasion::default() });
        office.decide(Verdict::Start { run: run.into(), occasion })
    };
    assert_eq!(
        ignored(&start("sa.finalise_csp", None)),
        "no agent has a task 'sa.finalise_csp'; did you mean sa.finalize_csp?"
    );
    assert_eq!(ignored(&start("sa.finalize_csp", Some("ms-none"))), "the plan has no item 'ms-none'");
    let started = start("sa.finalize_csp", Some(&id));
    assert!(matches!(&started.effects[..], [Effect::TaskOrdered { by, .. }] if by.as_str() == "maria"));
    let task = office.pending().remove(0);
    assert_eq!(task.started_by.as_ref().map(|person| person.as_str()), Some("maria"));
    assert_eq!(task.occasion.item.as_ref().map(|item| item.as_str()), Some(id.as_str()));
    assert!(ignored(&start("sa.finalize_csp", Some(&id))).contains("the same work already waits as"));
    // One person, task and moment is one start.
    assert!(ignored(&start("sa.finalize_csp", None)).contains("was started already"));
    office.assert_sound();
}
