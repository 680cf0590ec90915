//! What each input does to an account, seen in its files.

use infohub::plan::Status;
use orchestrator::step::{Effect, Verdict};
use orchestrator::task::TaskStatus;

use crate::office::Office;

const COMPANY: &str = r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps","evidence":[{"source":"materials/a.md","lines":"1","quote":"Makes pumps"}]}]}}}}"#;

#[test]
fn an_event_becomes_a_draft_in_a_commented_plan() {
    let office = Office::new();
    let taken = office.stage_2("e-1");
    assert!(matches!(taken.effects.last(), Some(Effect::TaskStarted { rule, .. }) if rule == "csp_creation"));
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let text = office.read("success_plan/csp.yaml");
    for expected in [
        "# 1. Who they are.",
        "  # company: two or three statements.",
        "# 2. Who matters.",
        "Makes pumps",
        "review: drafted",
    ] {
        assert!(text.contains(expected), "{expected} is missing in:\n{text}");
    }
    assert_eq!(text, office.read("success_plan/csp_history/csp_v1_2026-01-16.yaml"));
    let plan = office.plan();
    assert_eq!((plan.plan.version, plan.plan.status), (1, Status::Draft));
    assert_eq!(plan.plan.owner.unwrap().person.unwrap().as_str(), "maria");
    office.assert_sound();
}

#[test]
fn the_same_event_and_the_same_draft_count_once() {
    let office = Office::new();
    office.stage_2("e-1");
    let again = office.stage_2("e-1");
    assert!(matches!(&again.effects[..], [Effect::Ignored { .. }]) && again.record.is_none());
    let task = office.pending().remove(0);
    let drafted = office.drafted(&task, COMPANY);
    office.take(&drafted);
    let twice = office.take(&drafted);
    assert!(matches!(&twice.effects[..], [Effect::Ignored { .. }]), "{twice:?}");
    assert_eq!(office.plan().background.company.len(), 1);
    for number in 2..400 {
        office.stage_2(&format!("e-{number}"));
    }
    assert!(office.stage_2("e-1").record.is_none(), "an old event is still known");
    assert_eq!(office.pending().len(), 0, "the rule fires once while it holds");
    office.assert_sound();
}

#[test]
fn a_draft_beyond_its_rights_fails_the_task() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, r#"{"sections":{"handoff":{"checklist":{"upsert":[{"point":"all is done"}]}}}}"#);
    let account = office.orchestrator.load(&office.slug).unwrap();
    assert!(account.plan.is_none());
    let step = account.last.unwrap();
    let TaskStatus::Failed { why, .. } = &step.state.tasks[0].status else {
        panic!("{:?}", step.state.tasks)
    };
    assert!(why.contains("section 9 (handoff)"), "{why}");
    let taken = office.decide(Verdict::Retry { task: task.id.clone() });
    assert!(taken.record.is_some());
    assert_eq!(office.pending()[0].draft, 2);
}

#[test]
fn an_edit_by_hand_becomes_a_version_and_its_comments_stay() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let text = office.read("success_plan/csp.yaml");
    let edited = text.replace("# 2. Who matters.\nstakeholders:\n", "# 2. Who matters.\nstakeholders:\n  people:\n    # met at the fair\n    - name: 'Jo Doe'   # calls herself Jo\n      side: customer\n");
    assert_ne!(text, edited);
    std::fs::write(office.path("success_plan/csp.yaml"), &edited).unwrap();
    office.event("e-2", "proposal.requested", "{}");
    let plan = office.plan();
    assert_eq!(plan.plan.version, 2);
    let id = plan.stakeholders.people[0].id.clone();
    assert!(!id.is_unassigned());
    let text = office.read("success_plan/csp.yaml");
    for kept in ["# met at the fair", "'Jo Doe'   # calls herself Jo"] {
        assert!(text.contains(kept), "{kept} is missing in:\n{text}");
    }
    office.assert_sound();
}

#[test]
fn a_broken_edit_is_left_alone_and_told_with_its_place() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let broken = office.read("success_plan/csp.yaml").replace("background:", "backgroud:");
    std::fs::write(office.path("success_plan/csp.yaml"), &broken).unwrap();
    let taken = office.event("e-2", "proposal.requested", "{}");
    assert!(taken.record.is_some(), "the event is taken in all the same");
    let account = office.orchestrator.load(&office.slug).unwrap();
    let error = account.broken_edit().unwrap();
    assert!(error.line.is_some() && error.to_string().contains("backgroud"), "{error}");
    let drafted = office.drafted(&office.pending()[0], COMPANY);
    office.orchestrator.take(&office.slug, &drafted, crate::office::now()).unwrap_err();
    assert_eq!(office.read("success_plan/csp.yaml"), broken);
    assert_eq!(office.pending().len(), 1, "the task waits");
}

#[test]
fn an_edit_made_on_an_older_version_is_brought_forward() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let old = office.read("success_plan/csp.yaml");
    office.event("e-2", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    office.draft(&task, r#"{"sections":{"background":{"context":{"upsert":[{"text":"Wants to grow"}]}}}}"#);
    assert_eq!(office.plan().plan.version, 2);
    // An editor that had version 1 open saves over version 2.
    std::fs::write(
        office.path("success_plan/csp.yaml"),
        old.replace("text: Makes pumps", "text: Makes valves"),
    )
    .unwrap();
    office.event("e-3", "proposal.requested", "{}");
    let plan = office.plan();
    assert_eq!(plan.plan.version, 3);
    assert_eq!(plan.background.company[0].text, "Makes valves");
    assert_eq!(plan.background.context[0].text, "Wants to grow");
    office.assert_sound();
}

#[test]
fn accepting_is_bound_to_what_was_shown() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let shown = office.shown(&task.id);
    let text = office.read("success_plan/csp.yaml").replace("text: Makes pumps", "text: Makes big pumps");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    let late = office.decide(Verdict::Accept { review: task.id.clone(), shown });
    assert!(
        matches!(late.effects.last(), Some(Effect::Ignored { why }) if why.contains("changed since")),
        "{late:?}"
    );
    let shown = office.shown(&task.id);
    office.decide(Verdict::Accept { review: task.id.clone(), shown });
    let plan = office.plan();
    assert_eq!(plan.background.company[0].review, None);
    assert_eq!(plan.background.company[0].text, "Makes big pumps");
    office.assert_sound();
}

#[test]
fn what_was_rejected_is_not_drafted_again() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    let (review, shown) = (task.id.clone(), office.shown(&task.id));
    let unexplained =
        office.decide(Verdict::Reject { review: review.clone(), shown: shown.clone(), reason: " ".into() });
    assert!(unexplained.record.is_none());
    office.decide(Verdict::Reject { review, shown, reason: "they sold that business".into() });
    assert!(office.plan().background.company.is_empty());
    office.event("e-2", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    let taken = office.draft(&task, COMPANY);
    assert!(taken.effects.contains(&Effect::LeftOut { items: 1 }), "{taken:?}");
    assert!(office.plan().background.company.is_empty());
}

#[test]
fn once_the_customer_has_the_plan_a_person_lets_drafts_in() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    office.decide(Verdict::Accept { review: task.id.clone(), shown: office.shown(&task.id) });
    let text = office.read("success_plan/csp.yaml").replace("status: draft", "status: agreed");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    office.event("e-2", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    let id = office.plan().background.company[0].id.clone();
    let patch = format!(
        r#"{{"sections":{{"background":{{"company":{{"upsert":[{{"id":"{id}","text":"Makes pumps and valves"}},{{"text":"Is in Ghent"}}]}}}}}}}}"#
    );
    let taken = office.draft(&task, &patch);
    let effects = &taken.effects[..];
    assert!(
        matches!(effects, [Effect::ReviewOpened { in_plan: false, .. }, Effect::Noticed { .. }]),
        "{taken:?}"
    );
    assert_eq!(
        office.plan().background.company[0].text,
        "Makes pumps",
        "nothing enters before a person says so"
    );
    office.decide(Verdict::Accept { review: task.id.clone(), shown: office.shown(&task.id) });
    let plan = office.plan();
    let company: Vec<_> =
        plan.background.company.iter().map(|item| (item.text.as_str(), item.review)).collect();
    assert_eq!(company, [("Makes pumps and valves", None), ("Is in Ghent", None)]);
    office.assert_sound();
}

#[test]
fn a_person_s_change_meanwhile_has_the_task_drafted_again() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    office.event("e-2", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    let id = office.plan().background.company[0].id.clone();
    let patch = format!(
        r#"{{"sections":{{"background":{{"company":{{"upsert":[{{"id":"{id}","text":"Makes valves"}}]}}}}}}}}"#
    );
    let drafted = office.drafted(&task, &patch);
    let text = office.read("success_plan/csp.yaml").replace("text: Makes pumps", "text: Makes big pumps");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    let taken = office.take(&drafted);
    assert!(matches!(taken.effects.last(), Some(Effect::TaskRestarted { .. })), "{taken:?}");
    assert_eq!(office.plan().background.company[0].text, "Makes big pumps");
    assert_eq!(office.pending()[0].draft, 2);
}

#[test]
fn what_two_drafts_say_alike_enters_once() {
    let office = Office::new();
    office.stage_2("e-1");
    let task = office.pending().remove(0);
    office.draft(&task, COMPANY);
    office.decide(Verdict::Accept { review: task.id.clone(), shown: office.shown(&task.id) });
    let text = office.read("success_plan/csp.yaml").replace("status: draft", "status: agreed");
    std::fs::write(office.path("success_plan/csp.yaml"), text).unwrap();
    office.event("e-2", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    let patch = |more: &str| {
        format!(
            r#"{{"sections":{{"background":{{"outcomes":{{"upsert":[{{"outcome":"Faster picking"{more}}}]}}}}}}}}"#
        )
    };
    office.draft(&task, &patch(""));
    office.decide(Verdict::Accept { review: task.id.clone(), shown: office.shown(&task.id) });
    // The second draft was made before the first one was let in.
    office.event_at("e-3", "2026-01-16T10:00:00Z", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    let taken = office.draft(&task, &patch(""));
    assert!(taken.effects.contains(&Effect::AlreadyThere { items: 1 }), "{taken:?}");
    assert_eq!(office.plan().background.outcomes.len(), 1);
    office.event_at("e-4", "2026-01-16T11:00:00Z", "proposal.requested", "{}");
    let task = office.pending().remove(0);
    office.draft(&task, &patch(r#","target":"2 hours""#));
    office.decide(Verdict::Accept { review: task.id.clone(), shown: office.shown(&task.id) });
    assert_eq!(office.plan().background.outcomes.len(), 2, "it says more than the other");
    office.assert_sound();
}
