//! `decide(account, input, now) -> what follows`: pure, total, no clock, no files, no model. So any past
//! day can be replayed, any rule rehearsed, and every outcome says why.
//!
//! ```text
//! event ──► facts, plan                        draft ──► rights ──► review gate ──► plan
//! edit by hand ──► plan                        decision ──► plan, reviews, tasks, gates
//! any new plan ──► its registers follow
//! all of these, and time ──► rules ──► tasks, notices, gates ──► the next instant
//! ```

mod agree;
mod decision;
mod draft;
mod event;
mod follow;
mod gate;
mod hand_edit;
mod handoff;
mod meta;
mod news;
mod notice;
mod notify;
mod overdue;
mod ruled;
mod start;
mod tick;

pub use follow::day_of;
pub use gate::missing;
pub use handoff::unanswered;
pub use meta::first_plan;
pub use ruled::subjects;

use infohub::facts::AccountFile;
use infohub::hub::HandEdit;
use infohub::occasion::Occasion;
use infohub::plan::Plan;
use jiff::Timestamp;

use crate::policy::Policy;
use crate::state::State;
use crate::step::{Effect, Input};

/// An account as a decision sees it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What is known besides the files.
    pub state: &'a State,
    /// What the CRM says.
    pub facts: &'a AccountFile,
    /// The plan of the last version.
    pub plan: Option<&'a Plan>,
    /// A person's edit that is not taken in yet.
    pub edit: Option<&'a HandEdit>,
}

/// What follows from an input.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What is told and recorded.
    pub effects: Vec<Effect>,
    /// The state after it.
    pub state: State,
    /// New facts, if they change.
    pub facts: Option<AccountFile>,
    /// The new plan, if it changes.
    pub plan: Option<Plan>,
    /// Files to write once: place from the account's folder, text.
    pub files: Vec<(String, String)>,
}

/// Decides what follows from the input.
pub fn decide(view: View<'_>, input: &Input, now: Timestamp, policy: &Policy) -> Outcome {
    let mut outcome = Outcome { state: view.state.clone(), ..Outcome::default() };
    let mut occasion = Occasion::default();
    match input {
        Input::Event(event) => match event::decide(view, event, now, policy, &mut outcome) {
            Ok(said) => occasion = said,
            // What cannot be true of this account starts nothing either.
            Err(why) => outcome.ignore(why),
        },
        Input::HandEdit => hand_edit::decide(view, &mut outcome),
        Input::Drafted(drafted) => draft::decide(view, drafted, now, policy, &mut outcome),
        Input::Failed { task, draft, why } => draft::failed(view, task, *draft, why, now, &mut outcome),
        Input::Decision(decision) => decision::decide(view, decision, now, policy, &mut outcome),
        Input::Told(reports) => notice::told(reports, now, &mut outcome),
        Input::Tick => {}
    }
    follow::follow(view, input, now, policy, &mut outcome);
    let refused = outcome.effects.iter().any(|effect| matches!(effect, Effect::Ignored { .. }));
    if !refused && !matches!(input, Input::Told(_)) {
        overdue::look(view, now, policy, &mut outcome);
        ruled::ask(view, input, &occasion, now, policy, &mut outcome);
    }
    notice::silence(&mut outcome);
    notice::raise(view, now, policy, &mut outcome);
    if matches!(input, Input::Tick) {
        tick::conclude(view, &mut outcome);
    }
    outcome
}

/// What follows from the plan being another one, however it came to be: for rehearsing the past.
pub fn with_plan(view: View<'_>, plan: Plan, now: Timestamp, policy: &Policy) -> Outcome {
    let mut outcome = Outcome { state: view.state.clone(), plan: Some(plan), ..Outcome::default() };
    ruled::ask(view, &Input::HandEdit, &Occasion::default(), now, policy, &mut outcome);
    outcome
}

impl Outcome {
    fn tell(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn ignore(&mut self, why: impl Into<String>) {
        self.tell(Effect::Ignored { why: why.into() });
    }

    /// True if the input changed nothing and need not be recorded.
    pub fn is_ignored(&self) -> bool {
        self.effects.iter().all(|effect| matches!(effect, Effect::Ignored { .. }))
    }
}
