//! What rules are asked of that stands in the plan: what is said of it as a whole, what can be counted in
//! it, and its milestones, actions and risks one by one.
//!
//! Must not know where the plan lies. What is complete or overdue is worked out here and never stored.

use super::facts::Facts;
use super::field::Field;
use super::firing::Subject;
use super::known::{date, word};
use super::value::Value;
use crate::calendar::Moment;
use crate::measures::{self, Trend, is_to_do};
use infohub::facts::Tier;
use infohub::number::Number;
use infohub::plan::sections::adoption_journey::Milestone;
use infohub::plan::sections::handoff::CommitmentStatus;
use infohub::plan::sections::risks::Risk;
use infohub::plan::{Owner, Plan, QuestionStatus, gaps};
use infohub::registers::action_tracker::ActionStatus;
use infohub::template::Template;
use jiff::Span;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

impl Facts {
    pub(super) fn know_plan(
        &mut self,
        plan: Option<&Plan>,
        template: Option<(&Template, Option<Tier>)>,
        moment: &Moment,
    ) {
        self.know(Field::CspExists, Some(Value::Flag(plan.is_some())));
        let Some(plan) = plan else {
            // What is not there is not complete, so that a gate stays closed.
            self.know(Field::CspComplete, Some(Value::Flag(false)));
            return;
        };
        self.know_meta(plan, moment);
        self.know_counts(plan);
        self.know_completeness(plan, template);
        self.know_overdue(plan, moment);
    }

    fn know_meta(&mut self, plan: &Plan, moment: &Moment) {
        let meta = &plan.plan;
        let agreed = meta.agreed.as_ref().map(|agreed| agreed.on);
        self.know(Field::CspLifecycle, word(Some(meta.lifecycle)));
        self.know(Field::CspStatus, word(Some(meta.status)));
        self.know(Field::CspVersion, meta.version.to_string().parse::<Number>().ok().map(Value::Number));
        self.know(Field::CspOwnerRole, word(meta.owner.as_ref().map(|owner| owner.role)));
        self.know(Field::CspLastUpdated, date(Some(&moment.day_of(meta.last_updated))));
        self.know(Field::CspLastCustomerReview, date(meta.last_customer_review.as_ref()));
        self.know(Field::CspLastCustomerContact, date(meta.last_customer_review.max(agreed).as_ref()));
        self.know(Field::CspAgreedOn, date(agreed.as_ref()));
    }

    fn know_counts(&mut self, plan: &Plan) {
        let bare = plan.risks.risks.iter().filter(|risk| measures::is_bare_red(risk));
        let metrics = plan.value_tracking.utilization.iter();
        let declined = metrics.filter(|metric| matches!(measures::trend(metric), Trend::Declined { .. }));
        let questions = plan.questions.iter().filter(|question| question.status == QuestionStatus::Open);
        let commitments = plan.handoff.commitments.iter();
        let unanswered = |status| matches!(status, None | Some(CommitmentStatus::Open));
        self.know_count(Field::CspSuccessCriteria, measures::success_criteria(plan));
        self.know_count(Field::CspStakeholders, measures::stakeholders(plan));
        self.know_count(Field::CspAdoptionPhases, measures::adoption_phases(plan));
        self.know(Field::CspValueBaselined, Some(Value::Flag(measures::is_baselined(plan))));
        self.know_count(Field::CspRedRisksUnmitigated, bare.count());
        self.know_count(Field::CspValueDeclining, declined.count());
        self.know_count(Field::CspOpenQuestions, questions.count());
        self.know_count(
            Field::CspOpenCommitments,
            commitments.filter(|commitment| unanswered(commitment.status)).count(),
        );
    }

    /// Complete by the specification's five criteria.
    fn know_completeness(&mut self, plan: &Plan, template: Option<(&Template, Option<Tier>)>) {
        let Some((template, tier)) = template else {
            return;
        };
        let gaps = gaps(plan, &template.required(plan.plan.lifecycle, tier));
        let missing: BTreeSet<_> = gaps.iter().map(|gap| gap.section.number()).collect();
        self.know_count(Field::CspSectionsMissing, missing.len());
        let complete = missing.is_empty()
            && measures::are_criteria_defined(plan)
            && measures::stakeholders(plan) > 0
            && measures::adoption_phases(plan) > 0
            && measures::is_baselined(plan);
        self.know(Field::CspComplete, Some(Value::Flag(complete)));
    }

    /// How many milestones are overdue, from each day on that makes it more if nothing happens.
    fn know_overdue(&mut self, plan: &Plan, moment: &Moment) {
        let milestones = plan.adoption_journey.milestones.iter();
        let due: BTreeSet<(Date, usize)> = milestones
            .enumerate()
            .filter(|(_, milestone)| is_to_do(milestone.status))
            .filter_map(|(at, milestone)| Some((milestone.due_date?, at)))
            .collect();
        self.know_count(Field::CspMilestonesOverdue, 0);
        for (overdue, (day, _)) in due.into_iter().enumerate() {
            let from = moment.start_of(day.saturating_add(Span::new().days(1)));
            let Some(from) = from else { continue };
            // Of several that are due on one day the last one counts.
            let fits = self.set_later(Field::CspMilestonesOverdue, from, count(overdue + 1));
            debug_assert!(fits.is_ok(), "{fits:?}");
        }
    }

    fn know_count(&mut self, field: Field, number: usize) {
        self.know(field, Some(count(number)));
    }

    fn know_owner(&mut self, name: Field, side: Field, owner: Option<&Owner>) {
        self.know(name, word(owner.map(|owner| &owner.name)));
        self.know(side, owner.and_then(|owner| written(owner.side)));
    }
}

/// The plan's milestones, actions and risks, each with what is known of account and plan.
pub(super) fn items(plan: &Plan, facts: &Facts) -> BTreeMap<Subject, Facts> {
    let mut subjects = BTreeMap::new();
    for milestone in &plan.adoption_journey.milestones {
        subjects.insert(Subject::Milestone(milestone.id.to_string()), of_milestone(milestone, facts));
    }
    for action in actions(plan) {
        let mut facts = facts.clone();
        facts.know(Field::ActionId, word(Some(&action.id)));
        facts.know(Field::ActionName, word(Some(action.name)));
        facts.know(Field::ActionDueDate, date(action.due.as_ref()));
        facts.know(Field::ActionStatus, action.status);
        facts.know(Field::ActionOpen, Some(Value::Flag(action.open)));
        facts.know_owner(Field::ActionOwner, Field::ActionSide, action.owner);
        subjects.insert(Subject::Action(action.id), facts);
    }
    for risk in &plan.risks.risks {
        subjects.insert(Subject::Risk(risk.id.to_string()), of_risk(risk, facts));
    }
    subjects
}

fn of_milestone(milestone: &Milestone, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.know(Field::MilestoneId, word(Some(&milestone.id)));
    facts.know(Field::MilestoneName, word(Some(&milestone.milestone)));
    facts.know(Field::MilestoneDueDate, date(milestone.due_date.as_ref()));
    facts.know(Field::MilestoneCompletedOn, date(milestone.completed_on.as_ref()));
    facts.know(Field::MilestoneStatus, milestone.status.and_then(written));
    facts.know(Field::MilestoneOpen, Some(Value::Flag(is_to_do(milestone.status))));
    facts.know_owner(Field::MilestoneOwner, Field::MilestoneSide, milestone.owner.as_ref());
    facts
}

fn of_risk(risk: &Risk, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.know(Field::RiskId, word(Some(&risk.id)));
    facts.know(Field::RiskName, word(Some(&risk.risk)));
    facts.know(Field::RiskRating, risk.rating.and_then(written));
    facts.know(Field::RiskLikelihood, risk.likelihood.and_then(written));
    facts.know(Field::RiskImpact, risk.impact.and_then(written));
    facts.know(Field::RiskMitigated, Some(Value::Flag(measures::is_mitigated(risk))));
    facts.know(Field::RiskStatus, risk.status.and_then(written));
    facts.know(Field::RiskOpen, Some(Value::Flag(measures::is_open(risk))));
    facts.know(Field::RiskOwner, word(risk.owner.as_ref().map(|owner| &owner.name)));
    facts
}

/// Something to be done by a day.
struct Action<'a> {
    id: String,
    name: &'a str,
    due: Option<Date>,
    status: Option<Value>,
    open: bool,
    owner: Option<&'a Owner>,
}

/// The work of section 4, the open items of section 9, and what the tracker holds besides: an action that carries a
/// milestone is reminded of with the milestone.
fn actions(plan: &Plan) -> impl Iterator<Item = Action<'_>> {
    let work = plan.technical_activities.activities.iter().map(|activity| Action {
        id: activity.id.to_string(),
        name: &activity.activity,
        due: activity.date,
        status: activity.status.and_then(written),
        open: is_to_do(activity.status),
        owner: activity.owner.as_ref(),
    });
    let left_open = plan.handoff.open_items.iter().map(|item| Action {
        id: item.id.to_string(),
        name: &item.item,
        due: item.due,
        status: None,
        open: true,
        owner: item.owner.as_ref(),
    });
    let tracked = plan.registers.action_tracker.actions.iter().filter(|action| action.milestone.is_none());
    let tracked = tracked.map(|action| Action {
        id: action.id.to_string(),
        name: &action.action,
        due: action.due.and_then(|due| due.day()),
        status: action.status.and_then(written),
        open: !matches!(action.status, Some(ActionStatus::Done | ActionStatus::Cancelled)),
        owner: action.owner.as_ref(),
    });
    work.chain(left_open).chain(tracked)
}

fn count(number: usize) -> Value {
    Value::Number(u32::try_from(number).unwrap_or(u32::MAX).into())
}

/// A word of a closed list as files have it.
fn written(word: impl Serialize) -> Option<Value> {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(word)) => Some(Value::Text(word)),
        _ => None,
    }
}
