//! Taking an input in: load, decide, commit; and again from the start if another writer was faster.
//! Everything here blocks; the run loop calls it on a blocking thread.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use infohub::event::Event;
use infohub::hub::{ARTIFACTS, Account, Committed, Derived, Edit, Glance, HubError, InfoHub, News};
use infohub::ids::AccountSlug;
use infohub::plan::Plan;
use infohub::registers::stakeholder_map::{STAKEHOLDER_MAP, stakeholder_map};
use infohub::store::{PathError, StorePath};
use infohub::yaml::YamlError;
use jiff::Timestamp;

use crate::decide::{Outcome, View, decide};
use crate::policy::Policy;
use crate::seen::{Seen, key};
use crate::state::State;
use crate::step::{Effect, Input, Step};

/// How often a step is decided again because another writer was faster.
const MOST_TRIES: u32 = 50;
/// The largest file of older event keys.
const MAX_KEYS: u64 = 64 << 10;

/// Why an input could not be taken in. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The account could not be loaded or written.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// csp.yaml or a register has an edit that does not read; it is left alone and the plan waits.
    #[error(transparent)]
    BrokenEdit(Box<YamlError>),
    /// Other writers were faster every time.
    #[error("{account}: other writers were faster {MOST_TRIES} times in a row; try again")]
    Busy {
        /// The account.
        account: AccountSlug,
    },
}

impl From<PathError> for TakeError {
    fn from(error: PathError) -> Self {
        Self::Hub(error.into())
    }
}

/// What became of an input.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// The journal record, if the input was recorded.
    pub record: Option<u64>,
    /// Version of the plan afterwards, 0 without a plan.
    pub version: u64,
    /// Whether a task waits for a draft afterwards.
    pub pending: bool,
    /// What followed, including what followed from taking in an edit by hand first.
    pub effects: Vec<Effect>,
}

impl Taken {
    /// An input that was not recorded: the account is as it was.
    fn nothing(account: &Account<Step>, effects: Vec<Effect>) -> Self {
        let version = account.plan().map_or(0, |plan| plan.plan.version);
        let pending = account.last.as_ref().is_some_and(|step| step.state.pending().next().is_some());
        Self { record: None, version, pending, effects }
    }
}

/// The InfoHub with the policy that governs it.
pub struct Orchestrator {
    hub: InfoHub,
    policy: Arc<Policy>,
    /// Stands for the rules; what was worked out by others is worked out again.
    rules: String,
    /// The last record known of each account; only saves looking for it.
    heads: Mutex<HashMap<AccountSlug, u64>>,
}

impl Orchestrator {
    /// Governs the InfoHub by the policy.
    pub fn new(hub: InfoHub, policy: Policy) -> Self {
        let rules = policy.rules.fingerprint();
        Self { hub, policy: Arc::new(policy), rules, heads: Mutex::default() }
    }

    /// The same policy over another InfoHub, as for a scratch one.
    #[must_use]
    pub fn over(&self, hub: InfoHub) -> Self {
        Self { hub, policy: Arc::clone(&self.policy), rules: self.rules.clone(), heads: Mutex::default() }
    }

    /// The InfoHub.
    pub fn hub(&self) -> &InfoHub {
        &self.hub
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Stands for the rules and their calendar.
    pub fn rules_id(&self) -> &str {
        &self.rules
    }

    /// Loads an account, with its files brought up to its journal.
    pub fn load(&self, slug: &AccountSlug) -> Result<Account<Step>, HubError> {
        let hint = self.heads.lock().unwrap_or_else(PoisonError::into_inner).get(slug).copied();
        let account = self.hub.load(slug, hint)?;
        if account.record_number() > 0 {
            self.note_head(slug, account.record_number());
        }
        Ok(account)
    }

    /// What can be seen of an account without reading its plan.
    pub fn glance(&self, slug: &AccountSlug) -> Result<Glance<Step>, HubError> {
        let hint = self.heads.lock().unwrap_or_else(PoisonError::into_inner).get(slug).copied();
        let glance = self.hub.glance(slug, hint)?;
        if glance.record > 0 {
            self.note_head(slug, glance.record);
        }
        Ok(glance)
    }

    /// Takes the input in. A person's edit of csp.yaml and the registers that lies there is taken in first, unless
    /// it is only told what became of notices: whoever sends them has nobody to tell of edits.
    pub fn take(&self, slug: &AccountSlug, input: &Input, now: Timestamp) -> Result<Taken, TakeError> {
        let mut effects = Vec::new();
        for _ in 0..MOST_TRIES {
            let account = self.load(slug)?;
            if matches!(account.edit, Edit::Adopt(_)) && !matches!(input, Input::HandEdit | Input::Told(_)) {
                let edit = self.step(&account, &Input::HandEdit, now)?;
                effects.extend(edit.map(|taken| taken.effects).unwrap_or_default());
                continue;
            }
            let taken = match self.known(&account, input)? {
                Some(why) => Some(Taken::nothing(&account, vec![Effect::Ignored { why }])),
                None => self.step(&account, input, now)?,
            };
            if let Some(taken) = taken {
                effects.extend(taken.effects);
                return Ok(Taken { effects, ..taken });
            }
        }
        Err(TakeError::Busy { account: slug.clone() })
    }

    /// One try: `None` if another writer was faster; no record if the input does nothing.
    fn step(
        &self,
        account: &Account<Step>,
        input: &Input,
        now: Timestamp,
    ) -> Result<Option<Taken>, TakeError> {
        let outcome = self.decide(account, input, now);
        if outcome.is_ignored() && !matches!(input, Input::Event(_)) {
            return Ok(Some(Taken::nothing(account, outcome.effects)));
        }
        if let (Some(error), true) = (account.broken_edit(), outcome.plan.is_some()) {
            return Err(TakeError::BrokenEdit(Box::new(error.clone())));
        }
        let Outcome { effects, state, facts, plan, files } = outcome;
        let files = files.into_iter().map(|(path, text)| Ok((StorePath::new(path)?, text)));
        let derived = plan.as_ref().and_then(|plan| stakeholder_page(account.plan(), plan).transpose());
        let news = News {
            derived: derived.into_iter().collect::<Result<_, PathError>>()?,
            facts: facts.or_else(|| account.last.is_none().then(|| account.facts.clone())),
            plan,
            skeleton: self.policy.template.skeleton().to_owned(),
            files: files.collect::<Result<_, PathError>>()?,
        };
        let pending = state.pending().next().is_some();
        let step = Step { input: input.clone(), effects: effects.clone(), state };
        match self.hub.commit(account, now, step, news)? {
            Committed::New { record, version } => {
                self.note_head(&account.slug, record);
                Ok(Some(Taken { record: Some(record), version, pending, effects }))
            }
            Committed::Lost => Ok(None),
        }
    }

    fn decide(&self, account: &Account<Step>, input: &Input, now: Timestamp) -> Outcome {
        let nothing = State::default();
        let edit = match &account.edit {
            Edit::Adopt(edit) => Some(&**edit),
            Edit::None | Edit::Broken(_) => None,
        };
        let view = View {
            state: account.last.as_ref().map_or(&nothing, |step| &step.state),
            facts: &account.facts,
            plan: account.plan(),
            edit,
        };
        decide(view, input, now, &self.policy)
    }

    /// Why an input that was taken in before is not taken in again.
    fn known(&self, account: &Account<Step>, input: &Input) -> Result<Option<String>, HubError> {
        let (Input::Event(event), Some(step)) = (input, &account.last) else { return Ok(None) };
        let seen = &step.state.seen;
        let known = seen.is_recent(event) || self.is_filed(&account.slug, seen, event)?;
        Ok(known.then(|| format!("event {} of {} was taken in before", event.id, event.source)))
    }

    fn is_filed(&self, slug: &AccountSlug, seen: &Seen, event: &Event) -> Result<bool, HubError> {
        let wanted = key(event);
        let folder = self.hub.folder(slug)?;
        for number in (1..=seen.files).rev() {
            let bytes =
                self.hub.store().read(&folder.join(&Seen::file(number))?, MAX_KEYS)?.unwrap_or_default();
            if String::from_utf8_lossy(&bytes).lines().any(|line| line == wanted) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn note_head(&self, slug: &AccountSlug, record: u64) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).insert(slug.clone(), record);
    }
}

/// The page about the people of section 2, if it says something else than before.
fn stakeholder_page(before: Option<&Plan>, plan: &Plan) -> Result<Option<Derived>, PathError> {
    let was = before.and_then(stakeholder_map);
    let Some(text) = stakeholder_map(plan).filter(|text| was.as_ref() != Some(text)) else { return Ok(None) };
    Ok(Some(Derived { path: StorePath::new(format!("{ARTIFACTS}/{STAKEHOLDER_MAP}"))?, was, text }))
}
