//! What rules and time bring: reminders, tasks of schedules, health, gates, escalations.

use infohub::plan::{Lifecycle, Role};
use orchestrator::attention::{Kind, Notice};
use orchestrator::health::Standing;
use orchestrator::intake::Taken;
use orchestrator::rules::GateName;
use orchestrator::step::{Answer, Decision, Effect, HandoffVerdict, Input, Verdict};
use orchestrator::task::Task;

use crate::office::{Office, open_ruled};

const CREATION: &str = "automation:
  csp_creation:
    trigger: \"Opportunity.stage reaches 'Stage 2' AND Opportunity.arr > 100000\"
    action: SA Agent initiates CSP
    notification: SA receives CSP creation task
    run: sa.initiate_csp
";
const STALE: &str = "  csp_review_reminder:
    trigger: CSP.last_updated > 30 days
    action: Nudger sends review reminder
    notification: Owner receives stale CSP alert
    notify: owner
";
const GATE: &str = "  proposal_gate:
    trigger: \"Opportunity.stage == 'Stage 4' AND NOT CSP.complete\"
    action: Block proposal until CSP complete
    notification: The proposal waits for the plan
    gate: proposal
    notify: [sa]
  finalize:
    trigger: \"Event.type == 'proposal.requested'\"
    action: SA Agent finalizes the CSP
    notification: SA is told
    run: sa.finalize_csp
  offer:
    trigger: \"Event.type == 'proposal.requested'\"
    action: SA Agent writes the offer
    notification: SA is told
    run: sa.initiate_csp
";
const COMPANY: &str = r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps","evidence":[{"source":"materials/a.md","lines":"1","quote":"Makes pumps"}]}]}}}}"#;
const STAGE_4: &str = r#"{"opportunity":{"id":"006A1","stage":"Stage 4","arr":250000,"currency":"USD"}}"#;

/// An account with a plan of 16 January 2026 that is accepted, so that nobody is reminded of a draft.
fn planned(rules: &str) -> Office {
    let office = Office::ruled(&format!("{CREATION}{rules}"));
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let shown = office.shown(&task.id);
    office.decide(Verdict::Accept { review: task.id, shown });
    office
}

fn fired(taken: &Taken) -> Vec<&str> {
    let rules = taken.effects.iter().filter_map(|effect| match effect {
        Effect::RuleFired { rule, .. } | Effect::TaskStarted { rule, .. } => Some(rule.as_str()),
        _ => None,
    });
    rules.collect()
}

fn noticed(taken: &Taken) -> Vec<&Notice> {
    let notices = taken.effects.iter().filter_map(|effect| match effect {
        Effect::Noticed { notice } => Some(&**notice),
        _ => None,
    });
    notices.collect()
}

#[test]
fn a_plan_becomes_stale_at_its_instant_and_once() {
    let office = planned(STALE);
    assert_eq!(office.state().wake.unwrap().to_string(), "2026-02-16T00:00:00Z");
    let early = office.tick("2026-02-15T23:59:59Z");
    assert!(early.record.is_none() && fired(&early).is_empty(), "{early:?}");
    let taken = office.tick("2026-02-16T00:00:00Z");
    assert_eq!(fired(&taken), ["csp_review_reminder"]);
    let [notice] = noticed(&taken)[..] else { panic!("{taken:?}") };
    assert_eq!((notice.to.as_str(), notice.kind), ("maria", Kind::Nudge));
    assert_eq!(notice.words, "Owner receives stale CSP alert");
    let again = office.tick("2026-02-16T00:00:01Z");
    assert!(again.record.is_none(), "{again:?}");
    // Whoever brings the plan up to date need not be reminded of it.
    let text = office.read("success_plan/csp.yaml").replace("Makes pumps", "Makes big pumps");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    let taken = office.take_at(&Input::HandEdit, "2026-02-17T09:00:00Z".parse().unwrap());
    assert!(taken.effects.iter().any(|effect| matches!(effect, Effect::Silenced { .. })), "{taken:?}");
    office.assert_sound();
}

/// An edit of csp.yaml, taken in at this moment.
fn edited(office: &Office, at: &str, edit: impl FnOnce(String) -> String) -> Taken {
    let text = edit(office.read("success_plan/csp.yaml"));
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    office.take_at(&Input::HandEdit, at.parse().unwrap())
}

#[test]
fn a_version_that_differs_in_a_comment_alone_is_an_update_too() {
    let office = planned(STALE);
    office.tick("2026-02-16T00:00:00Z");
    let taken = edited(&office, "2026-02-20T09:00:00Z", |text| format!("# Read through.\n{text}"));
    assert_eq!(taken.version, 3, "after the draft and its acceptance");
    assert!(taken.effects.iter().any(|effect| matches!(effect, Effect::Silenced { .. })), "{taken:?}");
    // 31 days after the edit it is stale again, and the loop knows that it has to look then.
    let mut wakes = std::iter::from_fn(|| {
        let at = office.state().wake.filter(|at| at.to_string().as_str() < "2026-04")?;
        Some(
            fired(&office.take_at(&Input::Tick, at)).contains(&"csp_review_reminder").then(|| at.to_string()),
        )
    });
    assert_eq!(wakes.find_map(|at| at).as_deref(), Some("2026-03-23T00:00:00Z"));
}

#[test]
fn a_milestone_that_is_gone_and_comes_again_is_told_of_again() {
    let rule = "  soon:\n    trigger: CSP.milestone.due_date within 7 days\n    action: Nudger tells what comes\n    notification: It is near\n    notify: owner\n";
    let office = planned(rule);
    let milestone = "adoption_journey:\n  milestones:\n    - id: ms-1\n      milestone: Live\n      due_date: \"2026-01-20\"\n";
    let with = |text: String| format!("{text}{milestone}");
    let without = |text: String| text.replace(milestone, "");
    assert_eq!(fired(&edited(&office, "2026-01-16T10:00:00Z", with)), ["soon"]);
    assert!(fired(&edited(&office, "2026-01-16T11:00:00Z", without)).is_empty());
    // The same clock sees it come and go: the reminder is another one each time.
    for again in 0..2 {
        let taken = edited(&office, "2026-01-16T12:00:00Z", with);
        assert_eq!((fired(&taken), noticed(&taken).len()), (vec!["soon"], 1), "{again}: {taken:?}");
        edited(&office, "2026-01-16T12:00:00Z", without);
    }
    office.assert_sound();
}

#[test]
fn a_milestone_that_is_taken_up_again_is_reminded_of_whatever_day_it_was_done_on() {
    let rule = "  soon:\n    trigger: CSP.milestone.due_date within 7 days AND CSP.milestone.open\n    action: Nudger tells what comes\n    notification: It is near\n    notify: owner\n";
    let office = planned(rule);
    let milestone = "adoption_journey:\n  milestones:\n    - id: ms-1\n      milestone: Live\n      due_date: \"2026-01-20\"\n";
    let done = "      status: done\n      completed_on: \"2026-01-15\"\n";
    let taken = edited(&office, "2026-01-16T10:00:00Z", |text| format!("{text}{milestone}{done}"));
    assert!(fired(&taken).is_empty(), "{taken:?}");
    let taken =
        edited(&office, "2026-01-16T11:00:00Z", |text| text.replace("status: done", "status: planned"));
    assert_eq!(fired(&taken), ["soon"]);
    assert!(!taken.effects.iter().any(|effect| matches!(effect, Effect::Silenced { .. })), "{taken:?}");
}

#[test]
fn what_was_slept_through_comes_once_and_after_a_restart() {
    let rules = format!(
        "{CREATION}  weekly:\n    trigger: Weekly on Monday\n    when: CSP.exists\n    action: SA Agent looks again\n    notification: SA is told\n    run: sa.finalize_csp\n"
    );
    let office = Office::ruled(&rules);
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    assert_eq!(office.state().wake.unwrap().to_string(), "2026-01-19T09:00:00Z");
    // The process ends, and comes back after three Mondays.
    let office = Office { orchestrator: open_ruled(office.folder.path(), &rules), ..office };
    let taken = office.tick("2026-02-04T12:00:00Z");
    assert_eq!(fired(&taken), ["weekly"]);
    let passed = taken.effects.iter().filter(|effect| matches!(effect, Effect::PassedOver { .. }));
    assert_eq!(passed.count(), 2, "{taken:?}");
    let tasks: Vec<Task> = office.pending();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].cause, ("time".to_owned(), "2026-02-02T09:00:00Z".to_owned()));
    assert_eq!(office.state().wake.unwrap().to_string(), "2026-02-09T09:00:00Z");
    assert!(office.tick("2026-02-04T12:00:00Z").record.is_none(), "the same moment twice");
}

#[test]
fn other_rules_make_other_instants() {
    let office = planned("");
    let changed = format!("{CREATION}{STALE}");
    let office = Office { orchestrator: open_ruled(office.folder.path(), &changed), ..office };
    let due = office.state().due_at(office.orchestrator.rules_id());
    assert!(due.is_some_and(|at| at < crate::office::now()), "it is to be looked at now");
    let taken = office.tick("2026-01-20T00:00:00Z");
    assert!(matches!(taken.effects[..], [Effect::Looked { next: Some(_) }]), "{taken:?}");
    assert!(office.tick("2026-01-20T00:00:00Z").record.is_none());
}

#[test]
fn health_turns_with_time_and_its_causes_are_kept() {
    let office = planned("");
    let taken = office.tick("2026-03-17T08:00:00Z");
    let Some(Effect::HealthChanged { from, now }) = taken.effects.first() else { panic!("{taken:?}") };
    assert_eq!((*from, now.standing, now.complete), (Some(Standing::Watch), Standing::AtRisk, false));
    assert_eq!(now.causes, ["Not updated in 60+ days: last updated 2026-01-16, 60 days ago"]);
    let standings: Vec<_> = office.state().health.changes.iter().map(|change| change.standing).collect();
    assert_eq!(standings, [Standing::Watch, Standing::AtRisk]);
    // A day earlier it would not have been.
    let office = planned("");
    assert!(office.tick("2026-03-16T23:00:00Z").record.is_none());
}

#[test]
fn a_stale_plan_after_the_sale_goes_to_the_manager() {
    let rule = "  stale:\n    trigger: \"CSP.last_updated >= 60 days AND CSP.lifecycle == 'initiate'\"\n    action: Escalate to CA Manager\n    notification: The plan is stale\n    escalate: ca_manager\n";
    let office = planned(rule);
    let check = |at: &str, expected: &[(&str, Kind)]| {
        let taken = office.tick(at);
        let told: Vec<_> =
            noticed(&taken).into_iter().map(|notice| (notice.to.as_str(), notice.kind)).collect();
        assert_eq!(told, expected, "{at}: {taken:?}");
    };
    check("2026-03-16T12:00:00Z", &[]);
    check("2026-03-17T12:00:00Z", &[("cleo", Kind::Escalation)]);
    check("2026-03-18T12:00:00Z", &[]);
}

#[test]
fn an_incomplete_plan_closes_the_gate_and_a_person_may_let_through_for_a_while() {
    let office = planned(GATE);
    let taken = office.event("e-4", "opportunity.changed", STAGE_4);
    let closed = taken.effects.iter().find_map(|effect| match effect {
        Effect::GateClosed { rules, missing, .. } => Some((rules.clone(), missing.clone())),
        _ => None,
    });
    let (rules, missing) = closed.unwrap_or_else(|| panic!("{taken:?}"));
    assert_eq!(rules, ["proposal_gate"]);
    assert!(missing.iter().any(|gap| gap.starts_with("Adoption phases defined: ")), "{missing:?}");
    assert_eq!(noticed(&taken)[0].kind, Kind::Decision);
    let taken = office.event("e-5", "proposal.requested", "{}");
    assert_eq!(fired(&taken), ["finalize"], "what completes the plan may begin: {taken:?}");
    let held = taken.effects.iter().filter(|effect| matches!(effect, Effect::HeldByGate { .. }));
    assert_eq!(held.count(), 2, "the request itself, and the offer");
    let open = |reason: &str, until: &str| Verdict::OpenGate {
        gate: GateName::Proposal,
        reason: reason.to_owned(),
        until: until.parse().unwrap(),
    };
    for refused in [
        open(" ", "2026-01-18T00:00:00Z"),
        open("late", "2026-01-15T00:00:00Z"),
        open("long", "2027-01-15T00:00:00Z"),
    ] {
        assert!(office.decide(refused.clone()).record.is_none(), "{refused:?}");
    }
    office.decide(open("the board meets tomorrow", "2026-01-18T00:00:00Z"));
    let gate = office.state().gates[&GateName::Proposal].clone();
    assert!(!gate.is_closed(crate::office::now()));
    assert_eq!(office.state().wake.unwrap().to_string(), "2026-01-18T00:00:00Z");
    let taken = office.tick("2026-01-18T00:00:00Z");
    assert!(matches!(taken.effects[..], [Effect::GateClosed { .. }]), "it ends by itself: {taken:?}");
    office.assert_sound();
}

#[test]
fn a_closed_gate_holds_back_what_the_request_starts_and_not_what_time_brings_with_it() {
    let weekly = "  weekly:\n    trigger: Weekly on Monday\n    action: SA Agent looks again\n    notification: SA is told\n    run: sa.initiate_csp\n";
    let office = planned(&format!("{GATE}{weekly}"));
    office.event("e-4", "opportunity.changed", STAGE_4);
    // Nobody looked on Monday the 19th until the request came in.
    let json = r#"{"specversion":"1.0","id":"e-5","source":"crm","type":"proposal.requested","subject":"acme","time":"2026-01-20T10:00:00Z","data":{}}"#;
    let request = infohub::event::Event::parse(json).unwrap();
    let taken = office.take_at(&Input::Event(Box::new(request)), "2026-01-20T10:00:00Z".parse().unwrap());
    assert_eq!(fired(&taken), ["finalize", "weekly"], "{taken:?}");
    let held = taken.effects.iter().filter_map(|effect| match effect {
        Effect::HeldByGate { rule: Some(rule), .. } => Some(rule.as_str()),
        _ => None,
    });
    assert_eq!(held.collect::<Vec<_>>(), ["offer"], "{taken:?}");
}

#[test]
fn what_time_brings_is_not_about_the_event_by_which_it_is_noticed() {
    let weekly = "  weekly:\n    trigger: Weekly on Monday\n    action: SA Agent looks again\n    notification: SA is told\n    run: sa.initiate_csp\n";
    let office = planned(weekly);
    let milestone = "adoption_journey:\n  milestones:\n    - id: ms-1\n      milestone: Live\n";
    edited(&office, "2026-01-16T10:00:00Z", |text| format!("{text}{milestone}"));
    let json = r#"{"specversion":"1.0","id":"e-5","source":"crm","type":"milestone.completed","subject":"acme","time":"2026-01-20T10:00:00Z","data":{"item":"ms-1"}}"#;
    let reached = infohub::event::Event::parse(json).unwrap();
    office.take_at(&Input::Event(Box::new(reached)), "2026-01-20T10:00:00Z".parse().unwrap());
    let [task] = &office.pending()[..] else { panic!("{:?}", office.pending()) };
    assert_eq!(
        (task.occasion.item.as_ref(), task.occasion.day),
        (None, Some(jiff::civil::date(2026, 1, 19)))
    );
    assert!(
        office
            .tick("2026-01-26T09:00:00Z")
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::AlreadyPending { .. }))
    );
}

#[test]
fn the_gate_opens_when_the_rule_no_longer_holds() {
    let office = planned(GATE);
    assert!(
        office
            .decide(Verdict::OpenGate {
                gate: GateName::Proposal,
                reason: "early".into(),
                until: "2026-01-18T00:00:00Z".parse().unwrap(),
            })
            .record
            .is_none()
    );
    office.event("e-4", "opportunity.changed", STAGE_4);
    let lost = r#"{"opportunity":{"id":"006A1","stage":"Closed Lost"}}"#;
    let taken = office.event_at("e-6", "2026-01-16T08:00:00Z", "opportunity.changed", lost);
    assert!(taken.effects.iter().any(|effect| matches!(effect, Effect::GateOpened { .. })), "{taken:?}");
}

#[test]
fn a_part_that_nobody_has_is_told() {
    let rule = "  figures:\n    trigger: \"Event.type == 'proposal.requested'\"\n    action: VE looks\n    notification: VE is told\n    notify: [ve, sa]\n";
    let office = planned(rule);
    let taken = office.event("e-7", "proposal.requested", "{}");
    assert!(taken.effects.iter().any(|effect| matches!(effect, Effect::NobodyHas { .. })), "{taken:?}");
    assert_eq!(noticed(&taken).len(), 1);
}

const HANDOFF: &str = "  handoff_trigger:
    trigger: \"Opportunity.stage == 'Closed Won'\"
    action: Initiate SA → CA handoff workflow
    notification: SA and CA receive handoff task
    start: handoff
    notify: [sa, ca]
";
const WON: &str = r#"{"opportunity":{"id":"006A1","stage":"Closed Won"}}"#;

/// A deal that is won with a commitment in its plan.
fn won() -> (Office, String) {
    let office = planned(HANDOFF);
    let text = office.read("success_plan/csp.yaml");
    let text = format!("{text}\nhandoff:\n  commitments:\n    - commitment: Answers within a day\n");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    let taken = office.event_at("e-8", "2026-01-16T08:00:00Z", "opportunity.changed", WON);
    let told: Vec<_> = noticed(&taken).into_iter().map(|notice| notice.to.to_string()).collect();
    assert_eq!(told, ["maria", "carl"], "{taken:?}");
    let commitment = office.plan().handoff.commitments[0].id.to_string();
    (office, commitment)
}

fn verdict(office: &Office, by: &str, is: HandoffVerdict) -> Taken {
    let verdict = Verdict::Handoff { handoff: "006A1".to_owned(), is };
    office.take(&Input::Decision(Box::new(Decision { by: by.parse().unwrap(), verdict })))
}

fn ignored(taken: &Taken) -> &str {
    match &taken.effects[..] {
        [Effect::Ignored { why }] => why,
        _ => panic!("{taken:?}"),
    }
}

fn silenced(effect: &Effect) -> Option<(&str, &str)> {
    match effect {
        Effect::Silenced { to, why, .. } => Some((to.as_str(), why)),
        _ => None,
    }
}

#[test]
fn closed_won_twice_is_one_handoff() {
    let (office, _) = won();
    let news = |id, at, stage| {
        let data = format!(r#"{{"opportunity":{{"id":"006A1","stage":"{stage}"}}}}"#);
        office.event_at(id, at, "opportunity.changed", &data)
    };
    let offered =
        |taken: &Taken| taken.effects.iter().any(|effect| matches!(effect, Effect::HandoffOffered { .. }));
    let again = news("e-9", "2026-01-16T08:30:00Z", "Closed Won");
    assert!(!offered(&again), "{again:?}");
    let late = news("e-10", "2026-01-15T08:00:00Z", "Stage 4");
    assert!(!offered(&late), "older news takes nothing back: {late:?}");
    assert_eq!(office.state().handoffs["006A1"].offers, 1);

    // A deal that is truly set back takes its handoff along; won once more, the same one is offered anew.
    let back = news("e-11", "2026-01-16T08:40:00Z", "Stage 4");
    assert!(back.effects.iter().any(|effect| matches!(effect, Effect::HandoffWithdrawn { .. })), "{back:?}");
    let anew = news("e-12", "2026-01-16T08:50:00Z", "Closed Won");
    assert!(offered(&anew), "{anew:?}");
    assert_eq!(office.state().handoffs.len(), 1);
    assert_eq!(office.state().handoffs["006A1"].offers, 2);
}

#[test]
fn a_handoff_is_refused_mended_and_accepted() {
    let (office, commitment) = won();
    let item = || commitment.parse().unwrap();
    let why = verdict(&office, "maria", HandoffVerdict::Accept);
    assert!(ignored(&why).contains("role ca"), "{why:?}");
    let why = verdict(&office, "carl", HandoffVerdict::Accept);
    assert!(ignored(&why).contains(&commitment), "{why:?}");
    let why = verdict(&office, "carl", HandoffVerdict::Refuse { reason: "tbd".into() });
    assert!(ignored(&why).contains("reason"), "{why:?}");
    let taken = verdict(&office, "carl", HandoffVerdict::Refuse { reason: "no contact is named".into() });
    assert_eq!(noticed(&taken)[0].to.as_str(), "maria");
    let late = verdict(&office, "carl", HandoffVerdict::Accept);
    assert!(ignored(&late).contains("refused already"), "{late:?}");
    let taken = verdict(&office, "maria", HandoffVerdict::Offer);
    assert_eq!(noticed(&taken)[0].to.as_str(), "carl");
    let silenced: Vec<_> = taken.effects.iter().filter_map(silenced).collect();
    assert_eq!(silenced, [("maria", "the handoff is offered by now")], "what she was to mend is mended");
    let answer = Answer::Renegotiated { to: "Answers within two days".to_owned() };
    let taken = verdict(&office, "carl", HandoffVerdict::Answer { item: item(), answer });
    assert!(
        taken.effects.iter().any(|effect| matches!(effect, Effect::CommitmentAnswered { .. })),
        "{taken:?}"
    );
    let before = office.plan().plan;
    assert_ne!(before.lifecycle, Lifecycle::Execute, "nothing moves before acceptance");
    assert_eq!(before.owner.unwrap().role, Role::Sa);
    verdict(&office, "carl", HandoffVerdict::Accept);
    let plan = office.plan();
    assert_eq!(plan.plan.lifecycle, Lifecycle::Execute);
    assert_eq!(plan.plan.owner.unwrap().person.unwrap().as_str(), "carl");
    let commitment = &plan.handoff.commitments[0];
    assert_eq!(commitment.commitment, "Answers within a day", "what was promised stays");
    assert_eq!(commitment.renegotiated_to.as_deref(), Some("Answers within two days"));
    // 30 days on is a Sunday: both are told when the office opens on Monday, and once.
    assert!(noticed(&office.tick("2026-02-15T12:00:00Z")).is_empty());
    let taken = office.tick("2026-02-16T09:00:00Z");
    let told: Vec<_> = noticed(&taken).into_iter().map(|notice| notice.to.to_string()).collect();
    assert_eq!(told, ["carl", "maria"], "{taken:?}");
    assert!(noticed(&office.tick("2026-02-17T09:00:00Z")).is_empty());
    office.assert_sound();
}
