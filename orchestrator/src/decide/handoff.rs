//! The SA → CA handoff in decisions: a rule offers it, the CA answers each commitment and accepts or refuses. Owner and
//! phase of the plan move on acceptance and not before.

use infohub::facts::AccountFile;
use infohub::ids::{ItemId, PersonId};
use infohub::plan::sections::handoff::{Commitment, CommitmentStatus};
use infohub::plan::{Diff, Lifecycle, Plan, PlanOwner, Role, is_placeholder};
use jiff::{Timestamp, ToSpan};

use super::notify::{holder, notice_to};
use super::ruled::{Step, moment};
use super::{Outcome, View};
use crate::attention::Kind;
use crate::handoff::{Handoff, Stands};
use crate::policy::Policy;
use crate::rules::Subject;
use crate::step::{Answer, Effect, HandoffVerdict};

/// Days after acceptance on which both sides look back at the handoff.
const FOLLOW_UP_DAYS: i32 = 30;

/// What a handoff is for: the opportunity, else the account.
pub(super) fn key(subject: &Subject) -> String {
    match subject {
        Subject::Account(id)
        | Subject::Opportunity(id)
        | Subject::Milestone(id)
        | Subject::Action(id)
        | Subject::Risk(id) => id.clone(),
    }
}

/// A rule wants the account handed over. A handoff that there is already stays as it is.
pub(super) fn offer(step: Step<'_>, subject: &Subject, outcome: &mut Outcome) {
    let handoff = key(subject);
    let offers = match outcome.state.handoffs.get(&handoff) {
        None => 1,
        Some(Handoff { offers, stands: Stands::Withdrawn { .. }, .. }) => offers + 1,
        Some(_) => return,
    };
    let (from, to) = (holder(step, Role::Sa), holder(step, Role::Ca));
    outcome.tell(Effect::HandoffOffered { handoff: handoff.clone(), from: from.clone(), to: to.clone() });
    let stands = Stands::Offered { at: step.moment.now };
    outcome.state.handoffs.insert(handoff, Handoff { offers, from, to, stands });
}

/// A deal that is set back is handed over to nobody: what was offered is taken back.
pub(super) fn withdraw(
    before: &AccountFile,
    after: &AccountFile,
    step: (Timestamp, &Policy),
    outcome: &mut Outcome,
) {
    let (now, won) = (step.0, step.1.rules.won());
    let stage = |facts: &AccountFile, id: &str| facts.opportunity(id)?.stage.as_ref()?.value.clone();
    let open = |known: &Handoff| matches!(known.stands, Stands::Offered { .. } | Stands::Refused { .. });
    let back: Vec<(String, String)> = outcome
        .state
        .handoffs
        .iter()
        .filter(|(id, known)| open(known) && stage(before, id).as_deref() == Some(won))
        .filter_map(|(id, _)| Some((id.clone(), stage(after, id).filter(|stage| stage != won)?)))
        .collect();
    for (handoff, stage) in back {
        if let Some(known) = outcome.state.handoffs.get_mut(&handoff) {
            known.stands = Stands::Withdrawn { at: now, stage: stage.clone() };
        }
        outcome.tell(Effect::HandoffWithdrawn { handoff, stage });
    }
}

/// A person decides about a handoff.
pub(super) fn decide(
    view: View<'_>,
    by: &PersonId,
    handoff: &str,
    verdict: &HandoffVerdict,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) {
    let Some(known) = view.state.handoffs.get(handoff) else {
        return outcome.ignore(format!("there is no handoff for '{handoff}'"));
    };
    let changed = match verdict {
        HandoffVerdict::Accept => accept(view, by, known, now, policy, outcome),
        HandoffVerdict::Refuse { reason } => refuse(by, known, reason, now, policy),
        HandoffVerdict::Offer => again(by, known, now, policy),
        HandoffVerdict::Answer { item, answer } => {
            return match answered(view, by, known, item, answer, policy, outcome) {
                Err(why) => outcome.ignore(why),
                Ok(effect) => outcome.tell(effect),
            };
        }
    };
    match changed {
        Err(why) => outcome.ignore(why),
        Ok(known) => {
            let effect =
                Effect::HandoffChanged { handoff: handoff.to_owned(), by: by.clone(), now: known.clone() };
            outcome.tell(effect);
            outcome.state.handoffs.insert(handoff.to_owned(), known);
        }
    }
}

fn accept(
    view: View<'_>,
    by: &PersonId,
    known: &Handoff,
    now: Timestamp,
    policy: &Policy,
    outcome: &mut Outcome,
) -> Result<Handoff, String> {
    waits(known)?;
    takes_over(by, known, policy)?;
    let plan = view.plan.ok_or("there is no plan to take over")?;
    let open: Vec<&str> = unanswered(plan).map(|commitment| commitment.id.as_str()).collect();
    if !open.is_empty() {
        let open = open.join(", ");
        return Err(format!("commitments are not answered yet: {open}; accept, renegotiate or decline each"));
    }
    let mut new = plan.clone();
    new.plan.lifecycle = Lifecycle::Execute;
    new.plan.owner = Some(PlanOwner { role: Role::Ca, person: Some(by.clone()) });
    change(plan, new, outcome);
    let today = moment(view.facts, now, policy).today();
    let after = today.checked_add(FOLLOW_UP_DAYS.days()).unwrap_or(today);
    let follow_up = policy.rules.calendar().on_or_after(after);
    let stands = Stands::Accepted { at: now, by: by.clone(), follow_up, followed_up: false };
    Ok(Handoff { stands, ..known.clone() })
}

fn refuse(
    by: &PersonId,
    known: &Handoff,
    reason: &str,
    now: Timestamp,
    policy: &Policy,
) -> Result<Handoff, String> {
    waits(known)?;
    takes_over(by, known, policy)?;
    if is_placeholder(reason) {
        return Err("a refusal needs a reason".to_owned());
    }
    let stands = Stands::Refused { at: now, by: by.clone(), reason: reason.trim().to_owned() };
    Ok(Handoff { stands, ..known.clone() })
}

fn again(by: &PersonId, known: &Handoff, now: Timestamp, policy: &Policy) -> Result<Handoff, String> {
    if !matches!(known.stands, Stands::Refused { .. }) {
        return Err(format!("the handoff is {}; only a refused one is offered again", known.word()));
    }
    has_role(by, Role::Sa, policy)?;
    Ok(Handoff { offers: known.offers + 1, stands: Stands::Offered { at: now }, ..known.clone() })
}

fn answered(
    view: View<'_>,
    by: &PersonId,
    known: &Handoff,
    item: &ItemId,
    answer: &Answer,
    policy: &Policy,
    outcome: &mut Outcome,
) -> Result<Effect, String> {
    waits(known)?;
    takes_over(by, known, policy)?;
    let plan = view.plan.ok_or("there is no plan")?;
    let mut new = plan.clone();
    let commitments = &mut new.handoff.commitments;
    let Some(commitment) = commitments.iter_mut().find(|commitment| commitment.id == *item) else {
        return Err(format!("the plan has no commitment '{item}'"));
    };
    match answer {
        Answer::Accepted => {
            commitment.status = Some(CommitmentStatus::Accepted);
            commitment.renegotiated_to = None;
        }
        Answer::Declined => {
            commitment.status = Some(CommitmentStatus::Declined);
            commitment.renegotiated_to = None;
        }
        Answer::Renegotiated { to } if is_placeholder(to) => {
            return Err("say what it is renegotiated to".to_owned());
        }
        Answer::Renegotiated { to } => {
            commitment.status = Some(CommitmentStatus::Renegotiated);
            commitment.renegotiated_to = Some(to.trim().to_owned());
        }
    }
    if new == *plan {
        return Err(format!("commitment {item} was answered so already"));
    }
    change(plan, new, outcome);
    Ok(Effect::CommitmentAnswered { item: item.clone(), by: by.clone(), answer: answer.clone() })
}

/// The commitments that nobody has answered to.
pub fn unanswered(plan: &Plan) -> impl Iterator<Item = &Commitment> {
    let open = |commitment: &&Commitment| matches!(commitment.status, None | Some(CommitmentStatus::Open));
    plan.handoff.commitments.iter().filter(open)
}

fn waits(known: &Handoff) -> Result<(), String> {
    match &known.stands {
        Stands::Offered { .. } => Ok(()),
        Stands::Refused { .. } => {
            Err("the handoff is refused already; the SA offers it again once that is mended".to_owned())
        }
        Stands::Withdrawn { stage, .. } => {
            Err(format!("the deal is in {stage} again; the handoff is offered anew once it is won"))
        }
        Stands::Accepted { .. } => Err("the handoff is accepted already".to_owned()),
    }
}

/// The person that it is offered to decides, or any CA if nobody is named.
fn takes_over(by: &PersonId, known: &Handoff, policy: &Policy) -> Result<(), String> {
    match &known.to {
        Some(to) if to == by => Ok(()),
        _ => has_role(by, Role::Ca, policy),
    }
}

fn has_role(by: &PersonId, role: Role, policy: &Policy) -> Result<(), String> {
    let has = policy.team.person(by).is_some_and(|person| person.roles.contains(&role));
    if has { Ok(()) } else { Err(format!("'{by}' does not have the role {role} that this takes")) }
}

fn change(before: &Plan, new: Plan, outcome: &mut Outcome) {
    if *before != new {
        outcome.tell(Effect::PlanChanged { diff: Diff::between(before, &new), questions: 0 });
        outcome.plan = Some(new);
    }
}

/// Tells both sides of what the other decided, and of the day on which they look back.
pub(super) fn tell(step: Step<'_>, outcome: &mut Outcome) {
    follow_up(step, outcome);
    let changed: Vec<_> = outcome.effects.iter().filter_map(change_of).collect();
    let told: Vec<_> = outcome.effects.iter().filter_map(|effect| news(effect)).collect();
    for (source, why) in changed {
        // What was asked of people before is answered by what has been decided since.
        let asked = outcome.state.outbox.silence(|notice| {
            (notice.source == source && notice.kind == Kind::Decision).then(|| why.clone())
        });
        outcome.effects.extend(asked);
    }
    for (to, kind, title, words, source, occasion) in told {
        let Some(to) = to else { continue };
        let notice = notice_to(step, &to, kind, title, words, &source, &occasion);
        let effects = outcome.state.outbox.add(notice);
        outcome.effects.extend(effects);
    }
}

/// What stands in the place of a rule where a handoff wants something known.
fn source(handoff: &str) -> String {
    format!("handoff {handoff}")
}

/// The handoff that a person decided about, and how it stands since.
fn change_of(effect: &Effect) -> Option<(String, String)> {
    match effect {
        Effect::HandoffChanged { handoff, now, .. } => {
            Some((source(handoff), format!("the handoff is {} by now", now.word())))
        }
        Effect::HandoffWithdrawn { handoff, stage } => {
            Some((source(handoff), format!("the deal is in {stage} again")))
        }
        _ => None,
    }
}

type News = (Option<PersonId>, Kind, &'static str, String, String, String);

fn news(effect: &Effect) -> Option<News> {
    let Effect::HandoffChanged { handoff, now, .. } = effect else { return None };
    let (source, occasion) = (source(handoff), format!("{handoff}/{}/{}", now.offers, now.word()));
    let account = "csp handoff show ACCOUNT";
    match &now.stands {
        Stands::Refused { by, reason, .. } => {
            let words = format!("{by} refused: {reason}. Mend it and offer it again ({account}).");
            Some((now.from.clone(), Kind::Decision, "The handoff was refused", words, source, occasion))
        }
        Stands::Accepted { by, follow_up, followed_up: false, .. } => {
            let words = format!("{by} has taken over. Both look back at it on {follow_up}.");
            Some((now.from.clone(), Kind::Nudge, "The handoff was accepted", words, source, occasion))
        }
        Stands::Offered { .. } if now.offers > 1 => {
            let words = format!("It was refused, mended, and is offered again ({account}).");
            Some((now.to.clone(), Kind::Decision, "The handoff is offered again", words, source, occasion))
        }
        _ => None,
    }
}

/// The day has come on which the handoff is looked at again.
fn follow_up(step: Step<'_>, outcome: &mut Outcome) {
    let opened = |day| step.moment.opening(day).is_some_and(|at| at <= step.moment.now);
    let due: Vec<(String, Handoff)> = outcome
        .state
        .handoffs
        .iter()
        .filter(|(_, known)| known.follow_up().is_some_and(opened))
        .map(|(handoff, known)| (handoff.clone(), known.clone()))
        .collect();
    for (handoff, mut known) in due {
        if let Stands::Accepted { followed_up, .. } = &mut known.stands {
            *followed_up = true;
        }
        let taker = match &known.stands {
            Stands::Accepted { by, .. } => Some(by.clone()),
            _ => None,
        };
        for to in [taker, known.from.clone()].into_iter().flatten() {
            let words = "30 days after the handoff: what was promised and is not in hand?".to_owned();
            let occasion = format!("{handoff}/follow-up");
            let source = source(&handoff);
            let notice =
                notice_to(step, &to, Kind::Task, "Look back at the handoff", words, &source, &occasion);
            let effects = outcome.state.outbox.add(notice);
            outcome.effects.extend(effects);
        }
        outcome.tell(Effect::HandoffFollowUp { handoff: handoff.clone() });
        outcome.state.handoffs.insert(handoff, known);
    }
}
