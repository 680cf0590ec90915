//! An account laid before the rules as it is now: what `csp gate`, `csp why` and `csp health` look at. Nothing is
//! written.

use infohub::hub::Account;
use infohub::ids::AccountSlug;
use jiff::Timestamp;
use orchestrator::decide::{View, subjects};
use orchestrator::health::Checkup;
use orchestrator::policy::Policy;
use orchestrator::rules::Sighting;
use orchestrator::state::State;
use orchestrator::step::Step;

use crate::fault::Fault;
use crate::workspace::Workspace;

/// An account with what rules see of it.
pub struct Judged {
    /// The account.
    pub account: Account<Step>,
    /// Its state.
    pub state: State,
    /// Everything that rules are asked of.
    pub seen: Vec<Sighting>,
    /// How its plan is; nothing without a plan.
    pub checkup: Option<Checkup>,
}

impl Judged {
    /// Looks at the account at a moment.
    ///
    /// # Errors
    /// If the account does not load.
    pub fn new(
        workspace: &Workspace,
        policy: &Policy,
        slug: &AccountSlug,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let account = workspace.account(slug)?;
        let state = account.last.as_ref().map(|step| step.state.clone()).unwrap_or_default();
        let view = View { state: &state, facts: &account.facts, plan: account.plan(), edit: None };
        let (seen, checkup) = subjects(view, now, policy);
        Ok(Self { account, state, seen, checkup })
    }
}
