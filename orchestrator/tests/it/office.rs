//! A workspace in a temporary folder, and short words for what happens in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infohub::event::Event;
use infohub::hub::InfoHub;
use infohub::ids::AccountSlug;
use infohub::plan::{Lifecycle, Patch, Plan, SectionKey};
use infohub::store::{LocalStore, Store};
use infohub::team::Team;
use infohub::template::Template;
use jiff::Timestamp;
use orchestrator::intake::{Orchestrator, Taken};
use orchestrator::policy::{Policy, ReviewPolicy, TaskRights};
use orchestrator::rules::{RuleSet, Vocabulary};
use orchestrator::state::State;
use orchestrator::step::{Decision, Drafted, Input, Verdict};
use orchestrator::task::{Task, TaskId};

const RULES: &str = "automation:
  csp_creation:
    trigger: \"Opportunity.stage reaches 'Stage 2' AND Opportunity.arr > 100000\"
    action: SA Agent initiates CSP
    notification: SA receives CSP creation task
    run: sa.initiate_csp
  csp_finalization:
    trigger: \"Event.type == 'proposal.requested'\"
    action: SA Agent finalizes the CSP
    notification: SA is told
    run: sa.finalize_csp
";

/// The text that new plans start from in these tests.
pub const TEMPLATE: &str = "required:
  - phase: initiate
    sections: [background]
---
# 1. Who they are.
background:
  # company: two or three statements.

# 2. Who matters.
stakeholders:
";

pub struct Office {
    pub folder: tempfile::TempDir,
    pub orchestrator: Orchestrator,
    pub slug: AccountSlug,
}

impl Office {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let orchestrator = open(folder.path());
        Self { folder, orchestrator, slug: AccountSlug::new("acme").unwrap() }
    }

    /// The same under other rules, with a team that has a CA and a CA manager too.
    pub fn ruled(rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let orchestrator = open_ruled(folder.path(), rules);
        Self { folder, orchestrator, slug: AccountSlug::new("acme").unwrap() }
    }

    /// The same with a team of its own (JSON), a review policy, and rules besides the usual ones.
    pub fn staffed(team: &str, review: ReviewPolicy, rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(LocalStore::open(folder.path()).unwrap());
        let policy = Policy { review, ..policy(team, &format!("{RULES}{rules}")) };
        let orchestrator = Orchestrator::new(InfoHub::new(store), policy);
        Self { folder, orchestrator, slug: AccountSlug::new("acme").unwrap() }
    }

    pub fn take(&self, input: &Input) -> Taken {
        self.take_at(input, now())
    }

    pub fn take_at(&self, input: &Input, at: Timestamp) -> Taken {
        self.orchestrator.take(&self.slug, input, at).unwrap()
    }

    /// Time passes until this moment.
    pub fn tick(&self, at: &str) -> Taken {
        self.take_at(&Input::Tick, at.parse().unwrap())
    }

    pub fn state(&self) -> State {
        self.orchestrator.load(&self.slug).unwrap().last.unwrap().state
    }

    pub fn event(&self, id: &str, kind: &str, data: &str) -> Taken {
        self.event_at(id, "2026-01-15T10:00:00Z", kind, data)
    }

    /// An event that says when it happened.
    pub fn event_at(&self, id: &str, time: &str, kind: &str, data: &str) -> Taken {
        let json = format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"crm","type":"{kind}","subject":"acme","time":"{time}","data":{data}}}"#
        );
        self.take(&Input::Event(Box::new(Event::parse(&json).unwrap())))
    }

    /// The opportunity reaches Stage 2 with enough revenue.
    pub fn stage_2(&self, id: &str) -> Taken {
        let data = r#"{"opportunity":{"id":"006A1","stage":"Stage 2","arr":250000,"currency":"USD"}}"#;
        self.event(id, "opportunity.changed", data)
    }

    pub fn pending(&self) -> Vec<Task> {
        let account = self.orchestrator.load(&self.slug).unwrap();
        account.last.map(|step| step.state.pending().cloned().collect()).unwrap_or_default()
    }

    pub fn plan(&self) -> Plan {
        self.orchestrator.load(&self.slug).unwrap().plan().unwrap().clone()
    }

    /// Drafts `patch` (JSON) for the task on the plan as it is now.
    pub fn draft(&self, task: &Task, patch: &str) -> Taken {
        let drafted = self.drafted(task, patch);
        self.take(&drafted)
    }

    pub fn drafted(&self, task: &Task, patch: &str) -> Input {
        let mut patch: Patch = serde_json::from_str(patch).unwrap();
        if let Some(plan) = self.orchestrator.load(&self.slug).unwrap().plan {
            assert!(patch.tie_to(&plan.plan, task.id.as_str()).is_empty());
        } else {
            let view = self.orchestrator.load(&self.slug).unwrap();
            let first = orchestrator::decide::first_plan(
                &view.facts,
                &task.subject,
                now(),
                self.orchestrator.policy(),
            );
            patch.tie_to(&first, task.id.as_str());
        }
        let author = "a test".to_owned();
        Input::Drafted(Box::new(Drafted { task: task.id.clone(), draft: task.draft, patch, author }))
    }

    pub fn decide(&self, verdict: Verdict) -> Taken {
        self.take(&Input::Decision(Box::new(Decision { by: "maria".parse().unwrap(), verdict })))
    }

    /// The hash of what the review shows now.
    pub fn shown(&self, review: &TaskId) -> String {
        let account = self.orchestrator.load(&self.slug).unwrap();
        let step = account.last.as_ref().unwrap();
        step.state.reviews[review].content_hash(account.plan())
    }

    pub fn path(&self, file: &str) -> std::path::PathBuf {
        self.folder.path().join("infohub/acme").join(file)
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).unwrap()
    }

    pub fn assert_sound(&self) {
        let findings = self.orchestrator.hub().verify(&self.slug).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
    }
}

pub fn now() -> Timestamp {
    "2026-01-16T09:00:00Z".parse().unwrap()
}

pub fn open(folder: &std::path::Path) -> Orchestrator {
    let team = r#"{"people":[{"id":"maria","name":"Maria","roles":["sa"]}]}"#;
    open_on(Arc::new(LocalStore::open(folder).unwrap()), team)
}

/// The same under other rules, with more people.
pub fn open_ruled(folder: &std::path::Path, rules: &str) -> Orchestrator {
    let team = r#"{"people":[{"id":"maria","name":"Maria","roles":["sa"]},
        {"id":"carl","name":"Carl","roles":["ca"],"manager":"cleo"},
        {"id":"cleo","name":"Cleo","roles":["ca_manager"]}]}"#;
    open_with(Arc::new(LocalStore::open(folder).unwrap()), team, rules)
}

/// The same on any store, with a team of its own (JSON).
pub fn open_on(store: Arc<dyn Store>, team: &str) -> Orchestrator {
    open_with(store, team, RULES)
}

/// The same on any store, with a team and rules of its own.
pub fn open_with(store: Arc<dyn Store>, team: &str, rules: &str) -> Orchestrator {
    Orchestrator::new(InfoHub::new(store), policy(team, rules))
}

fn policy(team: &str, rules: &str) -> Policy {
    let stages = ["Stage 1", "Stage 2", "Stage 3", "Stage 4", "Closed Won"].map(str::to_owned).to_vec();
    let vocabulary = Vocabulary::new(stages, vec!["Closed Lost".into()]).unwrap();
    let tasks: BTreeMap<String, TaskRights> = [
        (
            "sa.initiate_csp",
            Lifecycle::Initiate,
            vec![
                SectionKey::Background,
                SectionKey::Stakeholders,
                SectionKey::CurrentState,
                SectionKey::Risks,
            ],
        ),
        ("sa.finalize_csp", Lifecycle::Finalize, vec![SectionKey::Background, SectionKey::RiskRegister]),
    ]
    .into_iter()
    .map(|(name, phase, sections)| (name.to_owned(), TaskRights { sections, phase: Some(phase) }))
    .collect();
    let known: BTreeSet<String> = tasks.keys().cloned().collect();
    let team: Team = serde_json::from_str(team).unwrap();
    Policy {
        rules: RuleSet::parse("automation.yaml", rules, &vocabulary, &known).unwrap(),
        tasks,
        review: ReviewPolicy::default(),
        team,
        template: Template::parse("csp.yaml", TEMPLATE).unwrap(),
    }
}
