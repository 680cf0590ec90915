//! A suite: cases with what an account starts from, what happens to it, and what is expected of the draft.
//! It must not know how a case is run or scored.
//!
//! ```text
//! NAME.yaml ──┐
//! NAME.jsonl ─┴─ read (places, files, bounds) ─► check (ids, tasks, scorers) ─► Suite ─► hash
//! minutes of real meetings ── meetings ────────────────────────────────────────► Suite
//! ```

mod check;
mod expect;
pub mod meetings;
mod read;
mod short;

use infohub::event::OpportunityChanged;
use infohub::facts::AccountFile;
use infohub::ids::{AccountSlug, NameError};
use infohub::occasion::Occasion;
use infohub::plan::Plan;
use infohub::yaml::YamlError;
use jiff::SignedDuration;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::score::Chosen;

pub use check::Known;
pub use expect::{
    Equal, Expect, Figure, Pattern, Phrase, RECOVERABLE, WantedAction, WantedDecision, WantedQuestion,
};
pub use read::{MOST_BYTES, Read, SuiteErrors, SuiteFault, read};
pub(crate) use short::short_or_full;

/// Cases that are run and reported together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Its name, that of its file.
    #[serde(default)]
    pub name: String,
    /// What it is for, for people.
    pub about: String,
    /// What is measured; if left out, all that the cases give something to measure for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scorers: Vec<Chosen>,
    /// The cases; their ids differ. In a file of JSON lines they follow, one a line.
    #[serde(default)]
    pub cases: Vec<Case>,
}

/// One account, one thing that happens to it, and what is expected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in the suite, and written like an account's slug, since the scratch account bears it.
    pub id: String,
    /// Cases of one cluster (an account, a series of meetings) are not independent of one another; alone if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Words to choose and group cases by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The day on which it plays.
    pub today: Date,
    /// The material that lies there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub material: Vec<CaseMaterial>,
    /// The plan that is there already, as the text of a csp.yaml.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The plan's file instead, from the suite's folder; once the suite is read its text is in `plan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_file: Option<String>,
    /// What the CRM says already, without anything happening by it: data as of an event `opportunity.changed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crm: Option<OpportunityChanged>,
    /// What happens, in order; the rules start tasks by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<CaseEvent>,
    /// The task to start, where no event is to start one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CaseTask>,
    /// What a good draft holds, and what none must.
    #[serde(default, skip_serializing_if = "Expect::is_empty")]
    pub expect: Expect,
}

/// What tells two versions of a case apart: each a SHA-256.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHash {
    /// Of what the account starts from and what happens to it.
    pub given: String,
    /// Of what a good draft holds.
    pub expected: String,
}

impl Case {
    /// The hash of what the case says; its tags and its cluster only sort it.
    pub fn hash(&self) -> CaseHash {
        let Self { today, material, plan, crm, events, task, expect, .. } = self;
        CaseHash { given: sha256(&(today, material, plan, crm, events, task)), expected: sha256(expect) }
    }
}

/// A file among the account's material.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseMaterial {
    /// Its path from the account's folder, as `materials/meetings/2026-03-02.md`.
    pub path: String,
    /// What it says.
    #[serde(default)]
    pub text: String,
    /// The file that says it instead, from the suite's folder; once the suite is read its text is in `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// An event about the case's account: a CloudEvent without what the runner fills in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseEvent {
    /// The CloudEvent's type, as `opportunity.changed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its data.
    #[serde(default)]
    pub data: serde_json::Map<String, serde_json::Value>,
}

/// A task that a person starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseTask {
    /// Agent and task, as `sa.initiate_csp`.
    pub run: String,
    /// What it is about.
    #[serde(default)]
    pub occasion: Occasion,
}

impl Suite {
    /// SHA-256 of all that the suite says, the files that it names included.
    pub fn hash(&self) -> String {
        sha256(self)
    }

    /// The suite as JSON lines: its head, then one case a line.
    pub fn to_jsonl(&self) -> String {
        let head = Self { cases: Vec::new(), ..self.clone() };
        let mut head = serde_json::to_value(&head).unwrap_or_default();
        if let Some(fields) = head.as_object_mut() {
            // The name is the file's, and the cases follow.
            fields.retain(|field, _| field != "cases" && field != "name");
        }
        let cases = self.cases.iter().map(|case| serde_json::to_string(case).unwrap_or_default());
        std::iter::once(head.to_string()).chain(cases).map(|line| line + "\n").collect()
    }

    /// The scorers of its runs: those that it names, or all for which its cases give something to measure.
    pub fn scorers(&self) -> Vec<Chosen> {
        if self.scorers.is_empty() { Chosen::for_cases(&self.cases) } else { self.scorers.clone() }
    }
}

/// In hex, of the value's JSON; suites hold nothing that JSON lacks.
fn sha256(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The JSON Schema of a suite in YAML, for editors; of JSON lines it describes head and lines together.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Suite).to_value()
}

impl Case {
    /// The cluster that the case belongs to.
    pub fn cluster(&self) -> &str {
        self.cluster.as_deref().unwrap_or(&self.id)
    }

    /// The plan that is there already, as the case's account has it.
    ///
    /// # Errors
    /// For a text that the suite's reader would have refused.
    pub fn plan(&self) -> Result<Option<Plan>, YamlError> {
        let Some(text) = &self.plan else { return Ok(None) };
        let mut plan: Plan = infohub::yaml::read("plan", text)?;
        // Several cases may share one plan, and each account has its own.
        plan.plan.account = AccountSlug::new(self.id.clone()).unwrap_or(plan.plan.account);
        Ok(Some(plan))
    }

    /// What the CRM says before anything happens: it said so a day before.
    ///
    /// # Errors
    /// If the case's id is no account's name.
    pub fn facts(&self) -> Result<AccountFile, NameError> {
        let mut facts = AccountFile::new(AccountSlug::new(self.id.clone())?);
        if let Some(known) = &self.crm {
            facts.opportunity_changed(known, self.noon() - SignedDuration::from_hours(24));
        }
        Ok(facts)
    }

    /// The event as it reaches an account: `when` is its time, `nth` tells it from the others of the case.
    ///
    /// # Errors
    /// What is wrong with its type or data.
    pub fn event(
        &self,
        nth: usize,
        event: &CaseEvent,
        when: jiff::Timestamp,
    ) -> Result<infohub::event::Event, infohub::event::EventError> {
        let event = serde_json::json!({
            "specversion": "1.0", "id": format!("{}-{}", self.id, nth + 1), "source": "evals", "type": event.kind,
            "subject": self.id, "time": when, "data": event.data,
        });
        infohub::event::Event::parse(&event.to_string())
    }

    /// Noon of its day, in UTC.
    pub fn noon(&self) -> jiff::Timestamp {
        let noon = self.today.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        noon.map(|noon| noon.timestamp()).unwrap_or_default()
    }
}
