//! Who lets drafts in, and by when: roles, one's own orders, stand-ins, reminders, escalation, lapsing.

use infohub::plan::SectionKey;
use jiff::Timestamp;
use orchestrator::attention::{Kind, Notice};
use orchestrator::intake::Taken;
use orchestrator::policy::{Gate, ReviewPolicy};
use orchestrator::review::Lateness;
use orchestrator::step::{Decision, Effect, Input, Verdict};
use orchestrator::task::{Task, TaskId, TaskStatus};

use crate::office::Office;

/// An SA with a manager, an AE, a CA and a delivery lead; the SA is in Berlin and away in February, and the AE stands
/// in for her until the 10th.
const TEAM: &str = r#"{"people":[
    {"id":"maria","name":"Maria","roles":["sa"],"manager":"sven","time_zone":"Europe/Berlin",
     "away":[{"from":"2026-02-02","to":"2026-02-10","delegate":"arne"},{"from":"2026-02-11","to":"2026-02-20"}]},
    {"id":"sven","name":"Sven","roles":["sa_manager"]},
    {"id":"arne","name":"Arne","roles":["ae"]},
    {"id":"carl","name":"Carl","roles":["ca"]},
    {"id":"dora","name":"Dora","roles":["delivery"]}]}"#;
/// It touches sections 1 and 10.
const DRAFT: &str = r#"{"sections":{
    "background":{"company":{"upsert":[{"text":"Makes pumps"}]}},
    "risks":{"risks":{"upsert":[{"risk":"The plant closes"}]}}}}"#;
/// It touches section 1 alone.
const COMPANY: &str = r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#;

fn reviewed() -> ReviewPolicy {
    let gates = [("sa".to_owned(), [(SectionKey::Background, Gate::Review)].into())].into();
    ReviewPolicy { gates, ..ReviewPolicy::default() }
}

/// An account whose first draft waits: in the plan by the usual policy.
fn waiting(review: ReviewPolicy, draft: &str, rules: &str) -> (Office, TaskId) {
    let office = Office::staffed(TEAM, review, rules);
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, draft);
    (office, task.id)
}

fn decide(office: &Office, by: &str, at: &str, verdict: Verdict) -> Taken {
    let decision = Decision { by: by.parse().unwrap(), verdict };
    office.take_at(&Input::Decision(Box::new(decision)), at.parse().unwrap())
}

fn accept(office: &Office, by: &str, at: &str, review: &TaskId) -> Taken {
    decide(office, by, at, Verdict::Accept { review: review.clone(), shown: office.shown(review) })
}

fn refusal(taken: &Taken) -> &str {
    assert!(taken.record.is_none(), "{taken:?}");
    match taken.effects.last() {
        Some(Effect::Ignored { why }) => why,
        _ => panic!("{taken:?}"),
    }
}

fn noticed(taken: &Taken) -> Vec<(&str, Kind)> {
    let notices = taken.effects.iter().filter_map(|effect| match effect {
        Effect::Noticed { notice } => Some(&**notice),
        _ => None,
    });
    notices.map(|notice: &Notice| (notice.to.as_str(), notice.kind)).collect()
}

const DAY: &str = "2026-01-16T10:00:00Z";

#[test]
fn whoever_lacks_the_role_is_told_who_may() {
    let (office, review) = waiting(ReviewPolicy::default(), DRAFT, "");
    let shown = office.shown(&review);
    let ae = accept(&office, "arne", DAY, &review);
    assert_eq!(
        refusal(&ae),
        "'arne' may not decide on this: section 10 (risks) takes sa, sa_manager or ca_manager; maria or sven may"
    );
    let reject = Verdict::Reject { review: review.clone(), shown: shown.clone(), reason: "old".into() };
    let ca = decide(&office, "carl", DAY, reject);
    assert!(refusal(&ca).starts_with("'carl' may not decide on this: section 1 (background) takes sa, ae,"));
    let edit = Verdict::Edit { review: review.clone(), shown, patch: Box::default() };
    assert!(refusal(&decide(&office, "dora", DAY, edit)).contains("may not decide"));
    let taken = accept(&office, "sven", DAY, &review);
    assert!(matches!(taken.effects.last(), Some(Effect::ReviewClosed { .. } | Effect::Silenced { .. })));
    assert_eq!(office.plan().background.company[0].review, None);
    office.assert_sound();
}

#[test]
fn commercial_sections_are_the_aes_too() {
    let (office, review) = waiting(ReviewPolicy::default(), COMPANY, "");
    assert!(accept(&office, "arne", DAY, &review).record.is_some());
}

/// A task that a person started, drafted.
fn ordered(office: &Office, by: &str) -> Task {
    let start = Verdict::Start { run: "sa.initiate_csp".into(), occasion: Box::default() };
    decide(office, by, DAY, start);
    let task = office.pending().remove(0);
    office.draft(&task, DRAFT);
    task
}

#[test]
fn nobody_lets_in_what_they_had_drafted_themselves() {
    let office = Office::staffed(TEAM, ReviewPolicy::default(), "");
    let task = ordered(&office, "maria");
    let asked: Vec<String> =
        office.state().outbox.waiting.iter().map(|waiting| waiting.notice.to.to_string()).collect();
    assert_eq!(asked, ["sven"], "her manager is asked, since she cannot decide");
    let own = accept(&office, "maria", DAY, &task.id);
    assert_eq!(
        refusal(&own),
        "'maria' had this drafted, and nobody lets in what they had drafted themselves; sven may"
    );
    let edit =
        Verdict::Edit { review: task.id.clone(), shown: office.shown(&task.id), patch: Box::default() };
    assert!(refusal(&decide(&office, "maria", DAY, edit)).contains("sven may"));
    // Her stand-in has no roles of hers to lend for it.
    let lent = accept(&office, "arne", "2026-02-03T10:00:00Z", &task.id);
    assert!(refusal(&lent).contains("may not decide"), "{lent:?}");
    // To turn it down is hers.
    let reject =
        Verdict::Reject { review: task.id.clone(), shown: office.shown(&task.id), reason: "old".into() };
    assert!(decide(&office, "maria", DAY, reject).record.is_some());
}

#[test]
fn where_nobody_else_may_the_refusal_says_what_to_do() {
    let alone = r#"{"people":[{"id":"maria","name":"Maria","roles":["sa"]}]}"#;
    let office = Office::staffed(alone, ReviewPolicy::default(), "");
    let task = ordered(&office, "maria");
    assert_eq!(
        refusal(&accept(&office, "maria", DAY, &task.id)),
        "'maria' had this drafted, and nobody lets in what they had drafted themselves; nobody else in team.yaml may: \
         give somebody the role sa, sa_manager or ca_manager, or name other roles in csp.toml under [review.approvers]"
    );
    // A task that a rule started is anybody's with the role, also if she asked for it once more after it failed.
    let office = Office::staffed(alone, ReviewPolicy::default(), "");
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    let failed = Input::Failed { task: task.id.clone(), draft: 1, why: "no answer".into() };
    office.take(&failed);
    decide(&office, "maria", DAY, Verdict::Retry { task: task.id.clone() });
    office.draft(&office.pending()[0], DRAFT);
    assert!(accept(&office, "maria", DAY, &task.id).record.is_some());
}

#[test]
fn who_stands_in_decides_with_the_others_roles_for_as_long() {
    let (office, review) = waiting(ReviewPolicy::default(), DRAFT, "");
    assert!(refusal(&accept(&office, "arne", "2026-02-01T10:00:00Z", &review)).contains("may not"));
    // In Berlin the first day of the absence begins an hour before it does in UTC.
    let taken = accept(&office, "arne", "2026-02-01T23:30:00Z", &review);
    let closed = taken.effects.iter().find_map(|effect| match effect {
        Effect::ReviewClosed { verdict, .. } => Some(verdict.as_str()),
        _ => None,
    });
    assert_eq!(closed, Some("accepted in the place of maria"), "{taken:?}");
    // In the second absence nobody stands in.
    let (office, review) = waiting(ReviewPolicy::default(), DRAFT, "");
    let late = accept(&office, "arne", "2026-02-11T10:00:00Z", &review);
    assert!(refusal(&late).ends_with("maria or sven may"), "{late:?}");
}

fn instants(office: &Office, review: &TaskId) -> [String; 3] {
    let deadlines = office.state().reviews[review].deadlines.unwrap();
    [deadlines.due, deadlines.escalates, deadlines.expires].map(|at| at.to_string())
}

#[test]
fn a_draft_in_the_plan_is_reminded_of_escalated_and_stays() {
    let (office, review) = waiting(ReviewPolicy::default(), DRAFT, "");
    // It was drafted on a Friday; in Berlin the office closes at 17:00 UTC in winter.
    let expected = ["2026-01-21T17:00:00Z", "2026-01-22T17:00:00Z", "2026-02-15T17:00:00Z"];
    assert_eq!(instants(&office, &review), expected);
    assert_eq!(office.state().wake.unwrap().to_string(), expected[0]);
    tell_all(&office);
    let check = |at: &str, expected: &[(&str, Kind)], wake: &str| {
        let taken = office.tick(at);
        assert_eq!(noticed(&taken), expected, "{at}: {taken:?}");
        assert_eq!(office.state().wake.unwrap().to_string(), wake, "{at}");
        let again = office.tick(at);
        assert!(noticed(&again).is_empty(), "{at}: {again:?}");
    };
    check("2026-01-21T16:59:59Z", &[], expected[0]);
    check("2026-01-21T17:00:00Z", &[("maria", Kind::Nudge)], expected[1]);
    check("2026-01-22T17:00:00Z", &[("sven", Kind::Escalation)], expected[2]);
    check("2026-02-15T17:00:00Z", &[("sven", Kind::Escalation)], "2026-03-17T00:00:00Z");
    assert_eq!(office.state().reviews[&review].late, Some(Lateness::Expired));
    assert_eq!(office.plan().background.company.len(), 1, "nothing is lost");
    assert!(accept(&office, "sven", "2026-02-16T09:00:00Z", &review).record.is_some());
    assert!(office.state().outbox.waiting.is_empty(), "all that was still to be said of it is pointless");
    office.assert_sound();
}

/// All that waits is told.
fn tell_all(office: &Office) {
    use orchestrator::attention::{Came, Report, Way};
    let waiting = office.state().outbox.waiting;
    let reports = waiting.into_iter().map(|waiting| Report {
        notice: waiting.notice.id,
        came: vec![Came::Through { by: Way::Inbox, to: waiting.notice.to, digest: false }],
        ways: vec![Way::Inbox],
    });
    office.take(&Input::Told(reports.collect()));
}

#[test]
fn a_draft_outside_the_plan_lapses_and_can_be_drafted_again() {
    let (office, review) = waiting(reviewed(), DRAFT, "");
    let shown = office.shown(&review);
    let late: Timestamp = "2026-02-15T17:00:00Z".parse().unwrap();
    let verdict = Verdict::Accept { review: review.clone(), shown };
    let refused = decide(&office, "sven", "2026-02-15T17:00:00Z", verdict);
    assert!(refusal(&refused).starts_with("the draft lapsed at 2026-02-15T17:00:00Z"), "{refused:?}");
    // The machine slept over all three deadlines: what is still true is told, once.
    let taken = office.take_at(&Input::Tick, late);
    assert!(matches!(taken.effects[0], Effect::ReviewLapsed { .. }), "{taken:?}");
    assert_eq!(noticed(&taken), [("maria", Kind::Task)], "{taken:?}");
    let silenced = taken.effects.iter().filter(|effect| matches!(effect, Effect::Silenced { .. }));
    assert_eq!(silenced.count(), 1, "that it waits need not be told any more: {taken:?}");
    let state = office.state();
    assert!(state.reviews.is_empty() && office.orchestrator.load(&office.slug).unwrap().plan.is_none());
    assert!(matches!(&state.tasks[0].status, TaskStatus::Lapsed { .. }));
    assert!(noticed(&office.tick("2026-03-15T17:00:00Z")).is_empty());
    decide(&office, "maria", "2026-03-16T09:00:00Z", Verdict::Retry { task: review.clone() });
    let task = office.pending().remove(0);
    assert_eq!(task.draft, 2);
    office.draft(&task, DRAFT);
    assert_eq!(office.state().reviews.len(), 1, "what lapsed was not turned down");
    office.assert_sound();
}

#[test]
fn who_was_not_told_yet_is_not_reminded() {
    let (office, _) = waiting(ReviewPolicy::default(), DRAFT, "");
    let taken = office.tick("2026-01-21T17:00:00Z");
    assert!(matches!(taken.effects[..], [Effect::ReviewReminded { .. }]), "{taken:?}");
    assert_eq!(office.state().outbox.waiting.len(), 1);
}

#[test]
fn a_rules_word_about_a_task_is_not_told_once_its_draft_is_decided_on() {
    let rules = "  told:\n    trigger: \"Event.type == 'proposal.requested'\"\n    action: SA Agent looks again\n    \
                 notification: SA receives the draft\n    run: sa.initiate_csp\n    notify: sa\n";
    let office = Office::staffed(TEAM, ReviewPolicy::default(), rules);
    let taken = office.event("e-2", "proposal.requested", "{}");
    assert_eq!(noticed(&taken), [("maria", Kind::Task)], "{taken:?}");
    let task = office.pending().into_iter().find(|task| task.rule == "told").unwrap();
    office.draft(&task, DRAFT);
    let sources = |office: &Office| -> Vec<(Kind, String)> {
        let waiting = office.state().outbox.waiting;
        waiting.into_iter().map(|waiting| (waiting.notice.kind, waiting.notice.source)).collect()
    };
    assert_eq!(
        sources(&office),
        [(Kind::Task, "told".to_owned()), (Kind::Review, task.id.to_string())],
        "both wait for the morning"
    );
    accept(&office, "maria", DAY, &task.id);
    assert_eq!(sources(&office), []);
}

#[test]
fn where_nobody_stands_in_the_manager_hears_of_it() {
    let team = TEAM.replace("2026-02-02", "2026-01-16").replace(r#","delegate":"arne""#, "");
    let office = Office::staffed(&team, ReviewPolicy::default(), "");
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, DRAFT);
    assert!(noticed(&office.tick("2026-01-21T17:00:00Z")).is_empty(), "what she was not told waits for her");
    let taken = office.tick("2026-01-22T17:00:00Z");
    assert_eq!(noticed(&taken), [("sven", Kind::Escalation)], "{taken:?}");
}

#[test]
fn a_manager_who_is_away_is_passed_over() {
    let team = TEAM.replace(
        r#""roles":["sa_manager"]"#,
        r#""roles":["sa_manager"],"manager":"carl","away":[{"from":"2026-01-20","to":"2026-01-30"}]"#,
    );
    let office = Office::staffed(&team, ReviewPolicy::default(), "");
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, DRAFT);
    tell_all(&office);
    let taken = office.tick("2026-01-22T17:00:00Z");
    assert_eq!(noticed(&taken), [("maria", Kind::Nudge), ("carl", Kind::Escalation)], "{taken:?}");
}

/// A plan whose customer reviews it every two weeks, with the shipped rules about that.
fn implementing() -> Office {
    let rules = "  due:\n    trigger: CSP.customer_review_due approaching\n    action: Reminder\n    \
                 notification: The customer is to review the CSP\n    timing: 3 days before\n    notify: owner\n  \
                 overdue:\n    trigger: CSP.customer_review_due overdue\n    when: CSP.review_phase == 'implementation'\n    \
                 action: Reminder\n    notification: The customer was to review the CSP\n    notify: owner\n";
    let office = Office::staffed(TEAM, ReviewPolicy::default(), rules);
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    accept(&office, "sven", DAY, &task.id);
    let text = office.read("success_plan/csp.yaml").replace("lifecycle: initiate", "lifecycle: execute");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    office.take(&Input::HandEdit);
    office
}

#[test]
fn the_customers_review_is_reminded_of_once_ahead_and_once_when_it_is_overdue() {
    let office = implementing();
    // Two weeks after the plan began is 30 January; three days before it the office opens at nine, in UTC.
    assert!(noticed(&office.tick("2026-01-27T08:59:59Z")).is_empty());
    let taken = office.tick("2026-01-27T09:00:00Z");
    assert_eq!(noticed(&taken), [("maria", Kind::Nudge)], "{taken:?}");
    assert!(noticed(&office.tick("2026-01-30T23:59:59Z")).is_empty(), "its day is not over yet");
    let taken = office.tick("2026-01-31T00:00:00Z");
    assert_eq!(noticed(&taken), [("maria", Kind::Nudge)], "{taken:?}");
    assert!(noticed(&office.tick("2026-02-05T00:00:00Z")).is_empty());
    // The customer reviews it: what was still to be said is not true any more, and the next one is in two weeks.
    let waiting = |office: &Office| office.state().outbox.waiting.len();
    assert_eq!(waiting(&office), 2);
    office.event_at("e-9", "2026-02-05T10:00:00Z", "customer.reviewed", r#"{"reviewed_on":"2026-02-05"}"#);
    assert_eq!(waiting(&office), 0, "{:?}", office.state().outbox.waiting);
    assert_eq!(noticed(&office.tick("2026-02-16T09:00:00Z")), [("maria", Kind::Nudge)]);
}

#[test]
fn a_proposal_asked_for_before_stage_4_finds_the_gate_closed() {
    let rules = "  early:\n    trigger: Account.proposal_requested_on is set AND NOT CSP.complete\n    \
                 action: Block proposal until CSP complete\n    notification: The proposal waits\n    gate: proposal\n    \
                 notify: sa\n  offer:\n    trigger: \"Event.type == 'proposal.requested'\"\n    action: SA writes the offer\n    \
                 notification: SA is told\n    run: sa.initiate_csp\n";
    let office = Office::staffed(TEAM, ReviewPolicy::default(), rules);
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let state = office.state();
    assert!(state.gates.is_empty(), "nobody has asked yet");
    let taken = office.event("e-2", "proposal.requested", "{}");
    assert!(taken.effects.iter().any(|effect| matches!(effect, Effect::GateClosed { .. })), "{taken:?}");
    let held = taken.effects.iter().filter(|effect| matches!(effect, Effect::HeldByGate { .. }));
    assert_eq!(held.count(), 2, "the request, and the offer: {taken:?}");
    let started: Vec<String> = office.pending().into_iter().map(|task| task.run).collect();
    assert_eq!(started, ["sa.finalize_csp"], "what completes the plan may begin");
    assert!(noticed(&taken).contains(&("maria", Kind::Decision)), "{taken:?}");
    let again = office.event("e-3", "proposal.requested", "{}");
    assert!(!noticed(&again).contains(&("maria", Kind::Decision)), "{again:?}");
}
