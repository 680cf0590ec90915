//! Keeps the plan and its registers in step. Each fact is written once, by whoever states it; all that is written twice is
//! derived here and nowhere else. Pure: the same two plans, day and cause give the same result, and settling a
//! settled plan changes nothing. Must not know files, rules or who is asking.
//!
//! ```text
//! section 10, risks       ◄──►  risk_register.yaml    text, rating, likelihood, impact, mitigation, owner, status
//! section 6, milestones   ◄──►  action_tracker.yaml   owner, due date, status, day of completion; the text from left to right
//! any item of the plan    ◄───  decision_log.yaml     `serves` names what is there; a superseded decision its successor
//! any open item           ◄───  briefing.yaml         nobody is reminded of what is gone or done
//! ```
//!
//! What holds for both pairs:
//! - What changed on one side since `before` is carried to the other. What changed on both sides and differently: the
//!   plan's word stands, since customers read it, and a question tells both.
//! - The mark *drafted* is such a field: accepting one side accepts the other. What nobody ever accepted leaves no
//!   trace: a rejected draft takes the draft that was derived from it along.
//! - Links are kept by the runtime. A pair stays a pair while both ends exist; a link that is written by hand counts
//!   between entries that have no counterpart yet. New entries that say the same on both sides become a pair.
//!
//! What people may wonder about:
//! - The register never forgets. A risk that is taken out of either side is closed in the register, with its history; section
//!   10 shows it, closed, until it is taken out there as well.
//! - A milestone that is taken out cancels its action. An action that is taken out *comes back* while its milestone is
//!   open: the milestone is a promise that the customer reads, and a line that vanished does not say what became of it.
//!   Who wants neither cancels one, and the other follows.
//! - An action may be worded otherwise than its milestone ("send the cut-over list" for "Live in Lyon"). New words of the
//!   milestone replace those words only while they are the same.

mod briefing;
mod carry;
mod decisions;
mod finished;
mod history;
mod milestones;
mod pairing;
mod risks;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::plan::{Plan, QuestionDraft, SectionKey};
pub use finished::finished;
pub(crate) use pairing::folded;

/// Why a link that somebody wrote is as it was.
const LINKS_ARE_KEPT: &str = "links between entries that have a counterpart are kept by the runtime";

/// A plan whose registers agree with it, and what had to be done for that.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The plan, with its registers; it holds the questions already.
    pub plan: Plan,
    /// What was carried from one side to the other.
    pub followed: Vec<Followed>,
    /// The questions that are new.
    pub questions: Vec<QuestionDraft>,
}

/// One consequence of a change, for people and for the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// What was done, with the ids.
    pub what: String,
    /// What it follows from.
    pub why: String,
}

/// Brings plan and registers into step after a change. `before` is the settled plan that the change was made on, `on` the day,
/// `cause` what changed it, for the history of risks.
pub fn settle(before: Option<&Plan>, mut after: Plan, on: Date, cause: &str) -> Settled {
    after.assign_ids(cause, before);
    let taken = after.items().map(|(_, _, item)| item.id().to_string()).collect();
    let mut work =
        Settling { before, plan: after, on, cause, taken, followed: Vec::new(), questions: Vec::new() };
    risks::settle(&mut work);
    milestones::settle(&mut work);
    decisions::settle(&mut work);
    briefing::settle(&mut work);
    work.done()
}

/// The work as far as it has come.
struct Settling<'a> {
    before: Option<&'a Plan>,
    plan: Plan,
    on: Date,
    cause: &'a str,
    taken: BTreeSet<String>,
    followed: Vec<Followed>,
    questions: Vec<QuestionDraft>,
}

impl Settling<'_> {
    fn follow(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.followed.push(Followed { what: what.into(), why: why.into() });
    }

    fn ask(&mut self, section: SectionKey, question: String) {
        self.questions.push(QuestionDraft { section, question });
    }

    /// The id of an entry that is derived from `source`.
    fn derived_id(&mut self, prefix: &str, source: &ItemId) -> ItemId {
        let id = ItemId::derive(prefix, "counterpart", source.as_str(), |id| self.taken.contains(id));
        self.taken.insert(id.to_string());
        id
    }

    fn done(self) -> Settled {
        let Self { mut plan, followed, mut questions, .. } = self;
        let known: BTreeSet<ItemId> = plan.questions.iter().map(|question| question.id.clone()).collect();
        plan.ask(&questions);
        questions.retain(|draft| !known.contains(&draft.id()));
        Settled { plan, followed, questions }
    }
}
