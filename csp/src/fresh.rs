//! The files of a new workspace, built into the binary: a bare one, and the sample of three invented accounts.
//! A test compares the list with the folders in the repository.

macro_rules! embedded {
    ($folder:literal: $($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!($folder, $path)))),*]
    };
}

/// Place in the workspace, and text.
pub type File = (&'static str, &'static str);

/// `csp.toml`; written last, since it is what makes a folder a workspace.
pub const CONFIG: &str = include_str!("../fresh/csp.toml");

/// The same in every workspace.
pub const TEMPLATE: File =
    ("playbooks/templates/csp.yaml", include_str!("../../playbooks/templates/csp.yaml"));

/// What a bare workspace holds besides.
pub const BARE: &[File] = &[
    ("team.yaml", include_str!("../fresh/team.yaml")),
    ("automation.yaml", include_str!("../sample/automation.yaml")),
];

/// What the sample holds besides.
pub const SAMPLE: &[File] = embedded!("../sample/":
    "team.yaml",
    "automation.yaml",
    "evals/README.md",
    "evals/ae.yaml",
    "evals/ca.yaml",
    "evals/delivery.yaml",
    "evals/extraction.yaml",
    "evals/injections.yaml",
    "evals/meeting_notes.yaml",
    "evals/nudger.yaml",
    "evals/plans/brackwater.yaml",
    "evals/plans/calder.yaml",
    "evals/planted.yaml",
    "evals/recordings/ae.jsonl",
    "evals/recordings/ca.jsonl",
    "evals/recordings/delivery.jsonl",
    "evals/recordings/extraction.jsonl",
    "evals/recordings/injections.jsonl",
    "evals/recordings/meeting_notes.jsonl",
    "evals/recordings/nudger.jsonl",
    "evals/recordings/planted.jsonl",
    "evals/recordings/sa.jsonl",
    "evals/recordings/ve.jsonl",
    "evals/sa.yaml",
    "evals/ve.yaml",
    "events/01-veldhaven-stage-1.json",
    "events/02-veldhaven-stage-2.json",
    "events/03-veldhaven-stage-2-again.json",
    "events/04-veldhaven-evaluation-started.json",
    "events/05-harrowmere-stage-1.json",
    "events/06-harrowmere-strategic-stage-3.json",
    "events/07-veldhaven-evaluation-finished.json",
    "events/08-veldhaven-proposal-requested.json",
    "events/09-brackwater-stage-3.json",
    "events/10-brackwater-proposal-requested.json",
    "events/11-brackwater-stage-4.json",
    "events/12-brackwater-closed-won.json",
    "events/13-brackwater-meeting-recorded.json",
    "events/14-brackwater-handoff-initiated.json",
    "events/15-brackwater-status-reported.json",
    "events/16-brackwater-usage-reported.json",
    "events/17-brackwater-milestone-completed.json",
    "events/18-brackwater-customer-reviewed.json",
    "infohub/brackwater-utilities/materials/discovery/2026-01-15.md",
    "infohub/brackwater-utilities/materials/handoff/2026-04-21-handover-notes.md",
    "infohub/brackwater-utilities/materials/meetings/2026-02-19-evaluation-plan.md",
    "infohub/brackwater-utilities/materials/meetings/2026-04-16-handover-call.vtt",
    "infohub/brackwater-utilities/materials/meetings/2026-06-30-quarterly-review.md",
    "infohub/brackwater-utilities/materials/status/2026-05-22-status.md",
    "infohub/brackwater-utilities/materials/usage/2026-05-readings.csv",
    "infohub/harrowmere-health/materials/crm/opportunity.json",
    "infohub/harrowmere-health/materials/discovery/2026-02-10.md",
    "infohub/harrowmere-health/materials/meetings/2026-02-17-site-visit.md",
    "infohub/harrowmere-health/materials/meetings/2026-02-24-call.vtt",
    "infohub/harrowmere-health/materials/usage/2026-02-web-form.csv",
    "infohub/veldhaven-logistics/materials/crm/account.yaml",
    "infohub/veldhaven-logistics/materials/discovery/2026-01-12.md",
    "infohub/veldhaven-logistics/materials/mail/2026-02-03-status-portal.txt",
    "infohub/veldhaven-logistics/materials/meetings/2026-01-20-value-workshop.md",
    "infohub/veldhaven-logistics/materials/meetings/2026-02-02-evaluation-planning.vtt",
    "infohub/veldhaven-logistics/materials/meetings/2026-02-02-rollout-sketch.md",
    "infohub/veldhaven-logistics/materials/usage/2026-01-sandbox.csv",
);
