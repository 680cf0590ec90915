//! Committing a step: the texts that it makes true, then the record, then the files.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::at_hand::Stamp;
use super::hand_edit::Edited;
use super::{
    Account, BookFile, Edit, FACTS, Files, HandEdit, HubError, InfoHub, PLAN, Payload, PlanRef, Register,
    RegisterRef, history, value,
};
use crate::facts::AccountFile;
use crate::journal::{Appended, Change, Entry, Hash, Journal, Write};
use crate::plan::Plan;
use crate::registers::Registers;
use crate::store::{PathError, StorePath};
use crate::yaml;

/// What a step changes in the account's files.
#[derive(Debug, Default)]
pub struct News {
    /// New facts.
    pub facts: Option<AccountFile>,
    /// The new plan with its registers. It becomes a version if it differs in more than its registers; version and
    /// times are set by the commit.
    pub plan: Option<Plan>,
    /// What a first plan's text starts from.
    pub skeleton: String,
    /// Further files that the record makes true, written once each: place from the account's folder, text.
    pub files: Vec<(StorePath, String)>,
    /// Files that are made from the plan and follow it.
    pub derived: Vec<Derived>,
}

/// A file that is made from the plan. It is replaced while it holds what was made from the last plan; what a person made of it
/// is left alone.
#[derive(Debug)]
pub struct Derived {
    /// Place from the account's folder.
    pub path: StorePath,
    /// What was made from the last plan.
    pub was: Option<String>,
    /// What is made from this one.
    pub text: String,
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
        let mut draft = Draft::new(account, at);
        draft.facts(news.facts.as_ref())?;
        let plan = news.plan.map(|plan| draft.book(plan, &news.skeleton)).transpose()?;
        for (path, text) in news.files {
            draft.writes.push(Write { path, text: text.into(), change: Change::Create });
        }
        for Derived { path, was, text } in news.derived {
            let base = was.map(|was| Hash::of(was.as_bytes()));
            draft.writes.push(Write { path, text: text.into(), change: Change::Replace { base } });
        }
        let Draft { files, writes, .. } = draft;
        let version = files.plan.as_ref().map_or(0, |plan| plan.version);
        let kept = plan.zip(files.plan.as_ref().map(|at| Stamp::of(at, &files)));
        let folder = self.folder(&account.slug)?;
        let journal = Journal::new(self.store(), &folder)?;
        let entry = Entry { at, payload: Payload { files, step }, writes };
        match journal.append(account.link, entry)? {
            Appended::Lost => Ok(Committed::Lost),
            Appended::New(record) => {
                journal.roll_forward(&record)?;
                if let Some((plan, stamp)) = kept {
                    self.at_hand.keep_plan(&account.slug, stamp, Arc::new(plan));
                }
                Ok(Committed::New { record: record.number, version })
            }
        }
    }
}

/// A record being drafted: what the files are to hold after it.
struct Draft<'a, P> {
    account: &'a Account<P>,
    at: Timestamp,
    /// The number that the record will have, if nobody is faster.
    number: u64,
    files: Files,
    writes: Vec<Write>,
}

impl<'a, P> Draft<'a, P> {
    fn new(account: &'a Account<P>, at: Timestamp) -> Self {
        let number = account.record_number() + 1;
        Self { account, at, number, files: account.files.clone(), writes: Vec::new() }
    }

    /// New facts go into the file; facts that a person edited go into the journal as they are.
    fn facts(&mut self, facts: Option<&AccountFile>) -> Result<(), HubError> {
        let account = self.account;
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
        self.files.facts = Some(Hash::of(text.as_bytes()));
        self.writes.push(Write { path: path(FACTS)?, text, change: Change::Replace { base } });
        Ok(())
    }

    /// Writes those files of the book that say something else now, and gives the plan with its version.
    fn book(&mut self, plan: Plan, skeleton: &str) -> Result<Plan, HubError> {
        let edit = match &self.account.edit {
            Edit::Broken(_) => return Err(HubError::EditFirst),
            Edit::Adopt(edit) => Some(&**edit),
            Edit::None => None,
        };
        let plan = self.plan(plan, edit, skeleton)?;
        for register in Register::ALL {
            self.register(register, &plan, edit)?;
        }
        Ok(plan)
    }

    fn plan(&mut self, mut plan: Plan, edit: Option<&HandEdit>, skeleton: &str) -> Result<Plan, HubError> {
        let kept = self.account.plan.as_ref();
        let edited = edited(edit, BookFile::Plan);
        if edited.is_none() && kept.is_some_and(|kept| kept.plan.is_same_but_registers(&plan)) {
            return Ok(plan);
        }
        plan.plan.version = kept.map_or(0, |kept| kept.plan.plan.version) + 1;
        plan.plan.last_updated = self.at;
        let (text, base): (Arc<str>, _) = match (edited, kept) {
            (Some((edit, edited)), _) => {
                let text = rewritten(PLAN, &edited.text, &value(&edit.as_written), &value(&plan))?;
                (text.into(), Some(Hash::of(edited.text.as_bytes())))
            }
            (None, Some(kept)) => {
                let text = rewritten(PLAN, &kept.text, &value(&*kept.plan), &value(&plan))?;
                (text.into(), Some(kept.at.hash))
            }
            (None, None) => (first_text(skeleton, &plan)?.into(), None),
        };
        let file = history::file_of(plan.plan.version, self.at);
        let hash = Hash::of(text.as_bytes());
        self.writes.push(Write { path: path(&file)?, text: Arc::clone(&text), change: Change::Create });
        self.writes.push(Write { path: path(PLAN)?, text, change: Change::Replace { base } });
        self.files.plan = Some(PlanRef { version: plan.plan.version, hash, file });
        Ok(plan)
    }

    fn register(&mut self, register: Register, plan: &Plan, edit: Option<&HandEdit>) -> Result<(), HubError> {
        let slug = &self.account.slug;
        let new = || register.value(slug, self.number, &plan.registers);
        let written = self.files.registers.get(&register);
        let kept = self.account.plan.as_ref().zip(written);
        let kept = kept.and_then(|(kept, written)| Some((kept, written, kept.registers.get(&register)?)));
        let (text, base) = match (edited(edit, BookFile::Register(register)), kept) {
            (Some((edit, edited)), _) => {
                let old = register.value(slug, edited.made_on, &edit.as_written.registers);
                let base = Hash::of(edited.text.as_bytes());
                (rewritten(register.file(), &edited.text, &old, &new())?, Some(base))
            }
            (None, Some((kept, written, text))) => {
                if register.is_same(&kept.plan.registers, &plan.registers) {
                    return Ok(());
                }
                let old = register.value(slug, written.record, &kept.plan.registers);
                (rewritten(register.file(), text, &old, &new())?, Some(written.hash))
            }
            // Whatever a person keeps under this name is left alone, and merged when it is next loaded.
            (None, None) if !register.is_same(&Registers::default(), &plan.registers) => {
                (register.opening().to_owned() + &yaml::emit(&new())?, None)
            }
            (None, None) => return Ok(()),
        };
        let text: Arc<str> = text.into();
        let hash = Hash::of(text.as_bytes());
        self.files.registers.insert(register, RegisterRef { record: self.number, hash });
        self.writes.push(Write { path: path(register.file())?, text, change: Change::Replace { base } });
        Ok(())
    }
}

/// The edit, if it changed this file, with the file's text.
fn edited(edit: Option<&HandEdit>, file: BookFile) -> Option<(&HandEdit, &Edited)> {
    edit.and_then(|edit| Some((edit, edit.edited.get(&file)?)))
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
