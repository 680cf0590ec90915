//! The prompt of every task for every account of the sample, as a model gets it. The plans are written here, so
//! that the snapshots change with the prompts and not with the drafter.

use std::fs;

use agents::charter::Charters;
use agents::prompt::{Account, RenderOptions, render};
use agents::schema::{Scope, Shape};
use infohub::event::Event;
use infohub::ids::ItemId;
use infohub::occasion::Occasion;
use infohub::plan::Plan;

use crate::drafter::{library, root, sample_team};
use crate::facts::after_all_events;

/// Room for a prompt; the richer accounts do not fit whole.
const TOKENS: usize = 4_000;

const ACCOUNTS: [(&str, &str); 3] = [
    ("brackwater-utilities", include_str!("brackwater-utilities.yaml")),
    ("harrowmere-health", include_str!("harrowmere-health.yaml")),
    ("veldhaven-logistics", include_str!("veldhaven-logistics.yaml")),
];

/// The last event of each type that names a material or a person; for other tasks nothing is said.
fn occasion(task: &str, events: &[Event], plan: &Plan) -> Occasion {
    let kind = match task {
        "ca.accept_handoff" => "handoff.initiated",
        "ca.refresh_csp" => "customer.reviewed",
        "ca.plan_next_phase" => "milestone.completed",
        "ca.track_value" | "ve.track_value_evidence" => "usage.reported",
        "ca.update_risks" | "delivery.update_delivery" => "status.reported",
        "meeting_notes.extract_meeting" => "meeting.recorded",
        _ => "",
    };
    let said = events.iter().rev().find(|event| event.body.kind() == kind);
    let mut occasion = said.map(|event| Occasion::of(event, &[])).unwrap_or_default();
    match task {
        "nudger.write_reminder" | "ca.plan_next_phase" => occasion.item = first_milestone(plan),
        "ae.update_commercial_context" => {
            occasion.changes = vec!["opportunity.006.stage: Stage 4, before Stage 3".to_owned()];
        }
        _ => {}
    }
    occasion
}

fn first_milestone(plan: &Plan) -> Option<ItemId> {
    plan.adoption_journey.milestones.first().map(|milestone| milestone.id.clone())
}

/// The newest meeting of an account whose events name none.
fn newest_meeting(account: &str) -> Option<String> {
    let folder = root().join("csp/sample/infohub").join(account).join("materials/meetings");
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.max().map(|name| format!("materials/meetings/{name}"))
}

#[test]
fn every_task_for_every_account() {
    let charters = Charters::builtin().unwrap();
    let team = sample_team();
    for (name, plan) in ACCOUNTS {
        let plan: Plan = infohub::yaml::read(name, plan).unwrap();
        let library = library(&root().join("csp/sample/infohub").join(name));
        let (facts, events) = after_all_events(name);
        for task in charters.tasks() {
            let mut occasion = occasion(&task.to_string(), &events, &plan);
            if task.key == "extract_meeting" && occasion.material.is_none() {
                occasion.material = newest_meeting(name);
            }
            let account =
                Account { facts: &facts, plan: &plan, library: &library, team: &team, occasion: &occasion };
            let shape = Shape::compose(&task.task.sections, Scope::Existing).unwrap();
            let focus = occasion.material.as_deref();
            let options = RenderOptions { tokens: TOKENS, answer_form: &shape.outline(), focus };
            let rendered = render(&charters, &task, &account, &options).unwrap();
            assert!(rendered.tokens_estimate <= TOKENS, "{task}");
            let left_out: Vec<String> =
                rendered.left_out.iter().map(|left| format!("left out: {left}")).collect();
            let sent =
                format!("{}\n-----\n\n{}\n-----\n{}", rendered.system, rendered.user, left_out.join("\n"));
            insta::assert_snapshot!(format!("{name}-{}", task.to_string().replace('.', "-")), sent);
        }
    }
}
