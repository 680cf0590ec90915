//! Committing a step: the texts that it makes true, then the record, then the files.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Account, Edit, FACTS, Files, HubError, InfoHub, PLAN, Payload, PlanRef, history};
use crate::facts::AccountFile;
use crate::journal::{Appended, Change, Entry, Hash, Journal, Write};
use crate::plan::Plan;
use crate::store::{PathError, StorePath};
use crate::yaml;

/// What a step changes in the account's files.
#[derive(Debug, Default)]
pub struct News {
    /// New facts.
    pub facts: Option<AccountFile>,
    /// The new plan; its version and times are set by the commit.
    pub plan: Option<Plan>,
    /// What a first plan's text starts from.
    pub skeleton: String,
    /// Further files that the record makes true, written once each: place from the account's folder, text.
    pub files: Vec<(StorePath, String)>,
}

/// Whether a step became true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It did; the version of the plan after it.
    New {
        /// Number of the record.
        record: u64,
        /// Version of the plan after the step, 0 without a plan.
        version: u64,
    },
    /// Another writer was faster: load again and decide again.
    Lost,
}

impl InfoHub {
    /// Makes the step true, or says that somebody else's came first. The account is to be loaded again afterwards.
    pub fn commit<P: Serialize + DeserializeOwned>(
        &self,
        account: &Account<P>,
        at: Timestamp,
        step: P,
        news: News,
    ) -> Result<Committed, HubError> {
        let mut files = account.files.clone();
        let mut writes = Vec::new();
        self.facts_write(account, news.facts.as_ref(), &mut files, &mut writes)?;
        let plan = news.plan.map(|plan| Arc::new(stamped(account, at, plan)));
        if let Some(plan) = &plan {
            plan_writes(account, at, plan, &news.skeleton, &mut files, &mut writes)?;
        }
        let hash = files.plan.as_ref().map(|plan| plan.hash);
        for (path, text) in news.files {
            writes.push(Write { path, text: text.into(), change: Change::Create });
        }
        let version = files.plan.as_ref().map_or(0, |plan| plan.version);
        let folder = self.folder(&account.slug)?;
        let journal = Journal::new(self.store(), &folder)?;
        let entry = Entry { at, payload: Payload { files, step }, writes };
        match journal.append(account.link, entry)? {
            Appended::Lost => Ok(Committed::Lost),
            Appended::New(record) => {
                journal.roll_forward(&record)?;
                if let Some((plan, hash)) = plan.zip(hash) {
                    self.at_hand.keep_plan(&account.slug, hash, plan);
                }
                Ok(Committed::New { record: record.number, version })
            }
        }
    }

    /// New facts go into the file; facts that a person edited go into the journal as they are.
    fn facts_write<P>(
        &self,
        account: &Account<P>,
        facts: Option<&AccountFile>,
        files: &mut Files,
        writes: &mut Vec<Write>,
    ) -> Result<(), HubError> {
        let present = account.facts_text.as_ref();
        let base = present.map(|text| Hash::of(text.as_bytes()));
        let text: Arc<str> = match (facts, present) {
            (Some(facts), Some(text)) if *facts != account.facts => {
                rewritten(FACTS, text, &value(&account.facts), &value(facts))?.into()
            }
            (Some(facts), None) => yaml::emit(facts)?.into(),
            (_, Some(text)) if base != account.files.facts => Arc::clone(text),
            _ => return Ok(()),
        };
        files.facts = Some(Hash::of(text.as_bytes()));
        writes.push(Write { path: path(FACTS)?, text, change: Change::Replace { base } });
        Ok(())
    }
}

/// The plan with the number and the time of its new version.
fn stamped<P>(account: &Account<P>, at: Timestamp, mut plan: Plan) -> Plan {
    plan.plan.version = account.plan().map_or(0, |plan| plan.plan.version) + 1;
    plan.plan.last_updated = at;
    plan
}

fn plan_writes<P>(
    account: &Account<P>,
    at: Timestamp,
    plan: &Plan,
    skeleton: &str,
    files: &mut Files,
    writes: &mut Vec<Write>,
) -> Result<(), HubError> {
    let (text, base): (Arc<str>, _) = match (&account.edit, &account.plan) {
        (Edit::Broken(_), _) => return Err(HubError::EditFirst),
        (Edit::Adopt(edit), _) => {
            let text = rewritten(PLAN, &edit.text, &value(&edit.as_written), &value(plan))?;
            (text.into(), Some(Hash::of(edit.text.as_bytes())))
        }
        (Edit::None, Some(kept)) => {
            let text = rewritten(PLAN, &kept.text, &value(&*kept.plan), &value(plan))?;
            (text.into(), Some(kept.at.hash))
        }
        (Edit::None, None) => (first_text(skeleton, plan)?.into(), None),
    };
    let file = history::file_of(plan.plan.version, at);
    let hash = Hash::of(text.as_bytes());
    writes.push(Write { path: path(&file)?, text: Arc::clone(&text), change: Change::Create });
    writes.push(Write { path: path(PLAN)?, text, change: Change::Replace { base } });
    files.plan = Some(PlanRef { version: plan.plan.version, hash, file });
    Ok(())
}

/// A first plan is written into the skeleton, so that its guiding comments stay.
fn first_text(skeleton: &str, plan: &Plan) -> Result<String, HubError> {
    match yaml::read_value("the plan's template", skeleton)? {
        Value::Null => Ok(yaml::emit(plan)?),
        old => rewritten("the plan's template", skeleton, &old, &value(plan)),
    }
}

fn rewritten(file: &str, text: &str, old: &Value, new: &Value) -> Result<String, HubError> {
    let rewritten = yaml::rewrite(text, old, new);
    rewritten
        .map(|done| done.text)
        .map_err(|source| HubError::Rewrite { file: file.to_owned(), source: Box::new(source) })
}

fn path(text: &str) -> Result<StorePath, PathError> {
    StorePath::new(text)
}

fn value<T: Serialize>(thing: &T) -> Value {
    // Plans and facts hold nothing that JSON lacks.
    serde_json::to_value(thing).unwrap_or_default()
}
