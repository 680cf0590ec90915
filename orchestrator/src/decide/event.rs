//! An event: its news are taken in and told.

use infohub::event::{Event, EventBody};
use infohub::occasion::Occasion;
use infohub::plan::Diff;
use jiff::Timestamp;

use super::news::{News, take_in};
use super::{Outcome, View, handoff};
use crate::policy::Policy;
use crate::step::Effect;

/// Takes the event in and gives what it says of the work that it may start.
///
/// # Errors
/// Why the event cannot be true of this account.
pub(super) fn decide(
    view: View<'_>,
    event: &Event,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) -> Result<Occasion, String> {
    outcome.files.extend(outcome.state.seen.note(event));
    let news = take_in(view, event, &policy.team)?;
    tell(view, &news, event, outcome);
    if let Some(facts) = &news.facts {
        handoff::withdraw(view.facts, facts, (now, policy), outcome);
    }
    outcome.facts = news.facts;
    outcome.plan = news.plan;
    Ok(Occasion::of(event, &news.changes))
}

/// What is told of the news themselves.
fn tell(view: View<'_>, news: &News, event: &Event, outcome: &mut Outcome) {
    let may_bring_news = matches!(
        event.body,
        EventBody::OpportunityChanged(_) | EventBody::CustomerReviewed(_) | EventBody::MilestoneCompleted(_)
    );
    if !news.changes.is_empty() {
        outcome.tell(Effect::FactsChanged { changes: news.changes.clone() });
    } else if may_bring_news && news.plan.is_none() {
        outcome.tell(Effect::NothingNew);
    }
    if let Some((before, after)) = view.plan.zip(news.plan.as_ref()) {
        outcome.tell(Effect::PlanChanged { diff: Diff::between(before, after), questions: 0 });
    }
}
