//! Random edits on either side, as people make them in the files and as agents make them by patches, one or several at a time;
//! after each settling every link and every field that is written twice is looked at.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::plan::sections::adoption_journey::Milestone;
use crate::plan::sections::risks::RiskStatus;
use crate::plan::{Light, Owner, Patch, Progress, Review, Side, apply};
use crate::registers::action_tracker::{Action, ActionStatus, Due};
use crate::registers::risk_register::{RegisteredRisk, RiskChange};

/// One edit. Indices choose among what is there; an edit without an object does nothing.
#[derive(Debug, Clone)]
enum Edit {
    AddRisk { text: u8, drafted: bool },
    AddEntry { text: u8, drafted: bool, link: Option<Index> },
    SetRisk { which: Index, field: RiskField },
    SetEntry { which: Index, field: RiskField },
    RemoveRisk(Index),
    RemoveEntry(Index),
    UnlinkRisk(Index),
    LinkEntry { which: Index, to: Index },
    ForgetHistory(Index),
    AddMilestone { text: u8, drafted: bool, status: Option<Progress> },
    AddAction { text: u8, drafted: bool, link: Option<Index> },
    SetMilestone { which: Index, field: MilestoneField },
    SetAction { which: Index, field: MilestoneField },
    RemoveMilestone(Index),
    RemoveAction(Index),
    LinkAction { which: Index, to: Index },
    AddOutcome(u8),
    RemoveOutcome(Index),
    AddDecision { text: u8, serves: Index },
    Supersede { which: Index, by: Index },
    AddReminder(Index),
    AddPoint { one: Index, other: Index },
    AcceptRisk(Index),
    AcceptEntry(Index),
    AcceptMilestone(Index),
    AcceptAction(Index),
    RejectDrafts,
    AgentSetsRisk { which: Index, field: RiskField },
    AgentSetsAction { which: Index, field: MilestoneField },
}

#[derive(Debug, Clone)]
enum RiskField {
    Text(u8),
    Mitigation(Option<u8>),
    Rating(Option<Light>),
    Owner(Option<u8>),
    Status(Option<RiskStatus>),
}

#[derive(Debug, Clone)]
enum MilestoneField {
    Text(u8),
    Owner(Option<u8>),
    Due(Option<u8>),
    Status(Option<Progress>),
    CompletedOn(Option<u8>),
}

fn risk_field() -> impl Strategy<Value = RiskField> {
    use RiskStatus::{Accepted, Closed, Mitigated, Open};
    prop_oneof![
        (0..6u8).prop_map(RiskField::Text),
        proptest::option::of(0..4u8).prop_map(RiskField::Mitigation),
        proptest::option::of(proptest::sample::select(vec![Light::Green, Light::Amber, Light::Red]))
            .prop_map(RiskField::Rating),
        proptest::option::of(0..3u8).prop_map(RiskField::Owner),
        proptest::option::of(proptest::sample::select(vec![Open, Mitigated, Accepted, Closed]))
            .prop_map(RiskField::Status),
    ]
}

fn progress() -> impl Strategy<Value = Option<Progress>> {
    use Progress::{Cancelled, Done, InProgress, Planned};
    proptest::option::of(proptest::sample::select(vec![Planned, InProgress, Done, Cancelled]))
}

fn milestone_field() -> impl Strategy<Value = MilestoneField> {
    prop_oneof![
        (0..6u8).prop_map(MilestoneField::Text),
        proptest::option::of(0..3u8).prop_map(MilestoneField::Owner),
        proptest::option::of(1..28u8).prop_map(MilestoneField::Due),
        progress().prop_map(MilestoneField::Status),
        proptest::option::of(1..28u8).prop_map(MilestoneField::CompletedOn),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    let adding = prop_oneof![
        (0..6u8, any::<bool>()).prop_map(|(text, drafted)| Edit::AddRisk { text, drafted }),
        (0..6u8, any::<bool>(), proptest::option::of(index()))
            .prop_map(|(text, drafted, link)| Edit::AddEntry { text, drafted, link }),
        (0..6u8, any::<bool>(), progress()).prop_map(|(text, drafted, status)| Edit::AddMilestone {
            text,
            drafted,
            status
        }),
        (0..6u8, any::<bool>(), proptest::option::of(index()))
            .prop_map(|(text, drafted, link)| Edit::AddAction { text, drafted, link }),
        (0..6u8).prop_map(Edit::AddOutcome),
        (0..6u8, index()).prop_map(|(text, serves)| Edit::AddDecision { text, serves }),
        index().prop_map(Edit::AddReminder),
        (index(), index()).prop_map(|(one, other)| Edit::AddPoint { one, other }),
    ];
    let setting = prop_oneof![
        (index(), risk_field()).prop_map(|(which, field)| Edit::SetRisk { which, field }),
        (index(), risk_field()).prop_map(|(which, field)| Edit::SetEntry { which, field }),
        (index(), milestone_field()).prop_map(|(which, field)| Edit::SetMilestone { which, field }),
        (index(), milestone_field()).prop_map(|(which, field)| Edit::SetAction { which, field }),
        (index(), risk_field()).prop_map(|(which, field)| Edit::AgentSetsRisk { which, field }),
        (index(), milestone_field()).prop_map(|(which, field)| Edit::AgentSetsAction { which, field }),
        (index(), index()).prop_map(|(which, by)| Edit::Supersede { which, by }),
    ];
    let breaking = prop_oneof![
        index().prop_map(Edit::RemoveRisk),
        index().prop_map(Edit::RemoveEntry),
        index().prop_map(Edit::UnlinkRisk),
        (index(), index()).prop_map(|(which, to)| Edit::LinkEntry { which, to }),
        index().prop_map(Edit::ForgetHistory),
        index().prop_map(Edit::RemoveMilestone),
        index().prop_map(Edit::RemoveAction),
        (index(), index()).prop_map(|(which, to)| Edit::LinkAction { which, to }),
        index().prop_map(Edit::RemoveOutcome),
    ];
    let deciding = prop_oneof![
        index().prop_map(Edit::AcceptRisk),
        index().prop_map(Edit::AcceptEntry),
        index().prop_map(Edit::AcceptMilestone),
        index().prop_map(Edit::AcceptAction),
        Just(Edit::RejectDrafts),
    ];
    prop_oneof![3 => adding, 5 => setting, 2 => breaking, 1 => deciding]
}

fn id(text: &str) -> ItemId {
    ItemId::new(text).unwrap()
}

fn mark(drafted: bool) -> Option<Review> {
    drafted.then_some(Review::Drafted)
}

fn owner(number: u8) -> Owner {
    let side = if number == 0 { Side::Customer } else { Side::Ours };
    Owner { name: format!("Person {number}"), side }
}

fn chosen<'a, T>(items: &'a mut [T], index: &Index) -> Option<&'a mut T> {
    if items.is_empty() { None } else { Some(index.get_mut(items)) }
}

fn take_out<T>(items: &mut Vec<T>, index: &Index) {
    if !items.is_empty() {
        items.remove(index.index(items.len()));
    }
}

fn some_id(plan: &Plan, index: &Index) -> ItemId {
    let ids: Vec<_> = plan.items().map(|(_, _, item)| item.id().clone()).collect();
    if ids.is_empty() { id("bo-none") } else { index.get(&ids).clone() }
}

macro_rules! set_risk {
    ($item:expr, $field:expr) => {
        match $field {
            RiskField::Text(text) => $item.risk = format!("Risk {text}"),
            RiskField::Mitigation(text) => $item.mitigation = text.map(|text| format!("Do {text}")),
            RiskField::Rating(light) => $item.rating = *light,
            RiskField::Owner(number) => $item.owner = number.map(owner),
            RiskField::Status(status) => $item.status = *status,
        }
    };
}

fn set_milestone(item: &mut Milestone, field: &MilestoneField) {
    match field {
        MilestoneField::Text(text) => item.milestone = format!("Milestone {text}"),
        MilestoneField::Owner(number) => item.owner = number.map(owner),
        MilestoneField::Due(day) => item.due_date = day.map(in_march),
        MilestoneField::Status(status) => item.status = *status,
        MilestoneField::CompletedOn(day) => item.completed_on = day.map(in_march),
    }
}

fn set_action(item: &mut Action, field: &MilestoneField) {
    match field {
        MilestoneField::Text(text) => item.action = format!("Action {text}"),
        MilestoneField::Owner(number) => item.owner = number.map(owner),
        MilestoneField::Due(day) => item.due = day.map(|day| Due::On(in_march(day))),
        MilestoneField::Status(status) => item.status = status.map(as_action),
        MilestoneField::CompletedOn(day) => item.completed_on = day.map(in_march),
    }
}

fn as_action(status: Progress) -> ActionStatus {
    match status {
        Progress::Planned => ActionStatus::Open,
        Progress::InProgress => ActionStatus::InProgress,
        Progress::Done => ActionStatus::Done,
        Progress::Cancelled => ActionStatus::Cancelled,
    }
}

fn in_march(day: u8) -> Date {
    date(2026, 3, i8::try_from(day).unwrap())
}

fn new<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).unwrap()
}

impl Edit {
    fn make(&self, plan: &mut Plan) {
        match self {
            Self::AddRisk { text, drafted } => {
                let mut risk: crate::plan::sections::risks::Risk =
                    new(serde_json::json!({ "risk": format!("Risk {text}") }));
                risk.review = mark(*drafted);
                plan.risks.risks.push(risk);
            }
            Self::AddEntry { text, drafted, link } => {
                let mut entry: RegisteredRisk = new(serde_json::json!({ "risk": format!("Risk {text}") }));
                entry.review = mark(*drafted);
                entry.plan_risk = link.as_ref().map(|link| some_id(plan, link));
                plan.registers.risk_register.risks.push(entry);
            }
            Self::SetRisk { which, field } => {
                if let Some(risk) = chosen(&mut plan.risks.risks, which) {
                    set_risk!(risk, field);
                }
            }
            Self::SetEntry { which, field } => {
                if let Some(entry) = chosen(&mut plan.registers.risk_register.risks, which) {
                    set_risk!(entry, field);
                }
            }
            Self::RemoveRisk(which) => take_out(&mut plan.risks.risks, which),
            Self::RemoveEntry(which) => take_out(&mut plan.registers.risk_register.risks, which),
            Self::UnlinkRisk(which) => {
                if let Some(risk) = chosen(&mut plan.risks.risks, which) {
                    risk.register = None;
                }
            }
            Self::LinkEntry { which, to } => {
                let to = some_id(plan, to);
                if let Some(entry) = chosen(&mut plan.registers.risk_register.risks, which) {
                    entry.plan_risk = Some(to);
                }
            }
            Self::ForgetHistory(which) => {
                if let Some(entry) = chosen(&mut plan.registers.risk_register.risks, which) {
                    entry.history.pop();
                }
            }
            other => other.make_dated(plan),
        }
        plan.assign_ids(&format!("{} items", plan.items().count()), None);
    }

    fn make_dated(&self, plan: &mut Plan) {
        match self {
            Self::AddMilestone { text, drafted, status } => {
                let mut item: Milestone =
                    new(serde_json::json!({ "milestone": format!("Milestone {text}") }));
                (item.review, item.status) = (mark(*drafted), *status);
                plan.adoption_journey.milestones.push(item);
            }
            Self::AddAction { text, drafted, link } => {
                let mut item: Action = new(serde_json::json!({ "action": format!("Milestone {text}") }));
                item.review = mark(*drafted);
                item.milestone = link.as_ref().map(|link| some_id(plan, link));
                plan.registers.action_tracker.actions.push(item);
            }
            Self::SetMilestone { which, field } => {
                if let Some(item) = chosen(&mut plan.adoption_journey.milestones, which) {
                    set_milestone(item, field);
                }
            }
            Self::SetAction { which, field } => {
                if let Some(item) = chosen(&mut plan.registers.action_tracker.actions, which) {
                    set_action(item, field);
                }
            }
            Self::RemoveMilestone(which) => take_out(&mut plan.adoption_journey.milestones, which),
            Self::RemoveAction(which) => take_out(&mut plan.registers.action_tracker.actions, which),
            Self::LinkAction { which, to } => {
                let to = some_id(plan, to);
                if let Some(item) = chosen(&mut plan.registers.action_tracker.actions, which) {
                    item.milestone = Some(to);
                }
            }
            other => other.make_other(plan),
        }
    }

    fn make_other(&self, plan: &mut Plan) {
        match self {
            Self::AddOutcome(text) => {
                let item = new(serde_json::json!({ "outcome": format!("Outcome {text}") }));
                plan.background.outcomes.push(item);
            }
            Self::RemoveOutcome(which) => take_out(&mut plan.background.outcomes, which),
            Self::AddDecision { text, serves } => {
                let serves = some_id(plan, serves);
                let item =
                    new(serde_json::json!({ "decision": format!("Decision {text}"), "serves": [serves] }));
                plan.registers.decision_log.decisions.push(item);
            }
            Self::Supersede { which, by } => {
                let by = some_id(plan, by);
                if let Some(item) = chosen(&mut plan.registers.decision_log.decisions, which) {
                    item.superseded_by = Some(by);
                }
            }
            Self::AddReminder(item) => {
                let item = some_id(plan, item);
                let reminder = new(serde_json::json!({ "words": format!("Mind {item}"), "item": item }));
                plan.registers.briefing.reminders.push(reminder);
            }
            Self::AddPoint { one, other } => {
                let about = [some_id(plan, one), some_id(plan, other)];
                let point = new(serde_json::json!({ "point": "Say it", "about": about }));
                plan.registers.briefing.talking_points.push(point);
            }
            other => other.decide(plan),
        }
    }

    fn decide(&self, plan: &mut Plan) {
        macro_rules! accept {
            ($list:expr, $which:expr) => {
                if let Some(item) = chosen(&mut $list, $which) {
                    item.review = None;
                }
            };
        }
        match self {
            Self::AcceptRisk(which) => accept!(plan.risks.risks, which),
            Self::AcceptEntry(which) => accept!(plan.registers.risk_register.risks, which),
            Self::AcceptMilestone(which) => accept!(plan.adoption_journey.milestones, which),
            Self::AcceptAction(which) => accept!(plan.registers.action_tracker.actions, which),
            // The runtime takes out the items of a review; those derived from them follow.
            Self::RejectDrafts => {
                plan.risks.risks.retain(|risk| risk.review.is_none());
                plan.adoption_journey.milestones.retain(|item| item.review.is_none());
            }
            Self::AgentSetsRisk { which, field } => {
                let Some(mut risk) = chosen(&mut plan.risks.risks, which).map(|risk| risk.clone()) else {
                    return;
                };
                set_risk!(risk, field);
                let json = serde_json::json!({ "sections": { "risks": { "risks": { "upsert": [risk] } } } });
                by_patch(plan, json);
            }
            Self::AgentSetsAction { which, field } => {
                let list = &mut plan.registers.action_tracker.actions;
                let Some(mut item) = chosen(list, which).map(|item| item.clone()) else { return };
                set_action(&mut item, field);
                let json = serde_json::json!({ "sections": { "action_tracker": { "actions": { "upsert": [item] } } } });
                by_patch(plan, json);
            }
            other => unreachable!("{other:?} is made elsewhere"),
        }
    }
}

/// As an agent's draft comes in: on drafts at once, on what is accepted after a person's yes.
fn by_patch(plan: &mut Plan, json: serde_json::Value) {
    let mut patch: Patch = new(json);
    assert!(patch.tie_to(plan, "an agent").is_empty());
    let drafted = patch.upserts().any(|(_, _, item)| item.review().is_some());
    patch.mark(mark(drafted));
    *plan = apply(plan, &patch).unwrap().0;
}

fn first() -> Plan {
    let meta = serde_json::json!({ "schema": 1, "version": 3, "account": "acme", "lifecycle": "develop",
        "status": "draft", "last_updated": "2026-01-15T10:00:00Z" });
    Plan::new(serde_json::from_value(meta).unwrap())
}

/// What must hold of every settled plan.
fn in_step(plan: &Plan) {
    assert!(plan.doubled_ids().is_empty(), "{:?}", plan.doubled_ids());
    risks_agree(plan);
    milestones_agree(plan);
    let ids: BTreeSet<&ItemId> = plan
        .sections()
        .iter()
        .flat_map(|section| section.lists())
        .flat_map(|list| list.1)
        .map(|item| item.id())
        .collect();
    let decisions = &plan.registers.decision_log.decisions;
    for decision in decisions {
        assert!(decision.serves.iter().all(|id| ids.contains(id)), "{decision:?}");
        assert_eq!(decision.plan_version, Some(3));
        if let Some(next) = &decision.superseded_by {
            assert!(next != &decision.id && decisions.iter().any(|other| other.id == *next), "{decision:?}");
        }
    }
    let all: BTreeSet<&ItemId> = plan.items().map(|(_, _, item)| item.id()).collect();
    let done = finished(plan);
    for reminder in &plan.registers.briefing.reminders {
        let item = reminder.item.as_ref().unwrap();
        assert!(all.contains(item) && !done.contains(item), "{reminder:?}");
    }
    for point in &plan.registers.briefing.talking_points {
        assert!(!point.about.is_empty() && point.about.iter().all(|id| all.contains(id)), "{point:?}");
    }
}

fn risks_agree(plan: &Plan) {
    let entries = &plan.registers.risk_register.risks;
    for risk in &plan.risks.risks {
        let entry = entries.iter().find(|entry| Some(&entry.id) == risk.register.as_ref()).unwrap();
        assert_eq!(entry.plan_risk.as_ref(), Some(&risk.id));
        let left = (&risk.risk, risk.rating, &risk.mitigation, &risk.owner, risk.status, risk.review);
        let right = (&entry.risk, entry.rating, &entry.mitigation, &entry.owner, entry.status, entry.review);
        assert_eq!(left, right);
    }
    for entry in entries {
        let named = plan.risks.risks.iter().any(|risk| Some(&risk.id) == entry.plan_risk.as_ref());
        assert!(
            named || (entry.plan_risk.is_none() && entry.status == Some(RiskStatus::Closed)),
            "{entry:?}"
        );
        assert!((1..=50).contains(&entry.history.len()), "{entry:?}");
    }
}

fn milestones_agree(plan: &Plan) {
    let actions = &plan.registers.action_tracker.actions;
    let ended = |status| matches!(status, Some(Progress::Done | Progress::Cancelled));
    for milestone in &plan.adoption_journey.milestones {
        let carrying: Vec<_> =
            actions.iter().filter(|action| action.milestone.as_ref() == Some(&milestone.id)).collect();
        let [action] = carrying[..] else {
            assert!(carrying.is_empty() && ended(milestone.status), "{milestone:?} {carrying:?}");
            continue;
        };
        assert_eq!(action.due, Some(milestone.due_date.map_or(Due::UNSAID, Due::On)));
        let status = as_action(milestone.status.unwrap_or(Progress::Planned));
        assert_eq!(action.status.unwrap_or(ActionStatus::Open), status);
        let left = (&milestone.owner, milestone.completed_on, milestone.review);
        assert_eq!(left, (&action.owner, action.completed_on, action.review));
    }
    for action in actions {
        let there =
            |id: &ItemId| plan.adoption_journey.milestones.iter().any(|milestone| milestone.id == *id);
        assert!(action.milestone.as_ref().is_none_or(there), "{action:?}");
    }
}

/// Nothing that was accepted disappears without a person's doing, and every word said is in the plan or in a question.
fn nothing_is_lost(before: &Plan, edited: &Plan, settled: &Settled) {
    let plan = &settled.plan;
    for (_, _, item) in before.items().filter(|(_, _, item)| item.review().is_none()) {
        let kept = |plan: &Plan| plan.items().any(|(_, _, other)| other.id() == item.id());
        let briefing = ["rm", "tp"].contains(&item.prefix());
        let told = settled.followed.iter().any(|follow| follow.what.contains(item.id().as_str()));
        assert!(kept(plan) || !kept(edited) || (briefing && told), "{}", item.id());
        assert!(kept(plan) || item.prefix() != "rr", "{}", item.id());
    }
    for entry in &plan.registers.risk_register.risks {
        let was = before.registers.risk_register.risks.iter().find(|was| was.id == entry.id);
        if let Some(was) = was {
            history_grows(&was.history, &entry.history);
            let same = RegisteredRisk { history: entry.history.clone(), ..was.clone() };
            let unsaid = |entry: &RegisteredRisk| RegisteredRisk { evidence: Vec::new(), ..entry.clone() };
            assert_eq!(unsaid(&same) == unsaid(entry), was.history == entry.history, "{was:?} {entry:?}");
        }
    }
    words_are_kept(before, edited, settled);
}

fn history_grows(was: &[RiskChange], is: &[RiskChange]) {
    let grown = is.len() - was.len().min(is.len());
    assert!(grown <= 1 || was.is_empty(), "{was:?} {is:?}");
    if is.len() < 50 {
        assert_eq!(&is[..was.len()], was);
    }
}

/// What somebody wrote stands on both sides, or the plan's word does and a question tells the other.
fn words_are_kept(before: &Plan, edited: &Plan, settled: &Settled) {
    macro_rules! kept {
        ($($list:ident . $part:ident . $items:ident : $($field:ident),*;)*) => {$(
            for item in &edited.$list.$part.$items {
                let was = before.$list.$part.$items.iter().find(|was| was.id == item.id);
                let now = settled.plan.$list.$part.$items.iter().find(|now| now.id == item.id);
                let Some((was, now)) = was.zip(now) else { continue };
                $(
                    let stands = now.$field == item.$field || was.$field == item.$field;
                    let asked = || {
                        let said = super::carry::spoken(&item.$field);
                        settled.plan.questions.iter().any(|question| question.question.contains(&said))
                    };
                    assert!(stands || asked(), "{} {item:?} {now:?}", stringify!($field));
                )*
            }
        )*};
    }
    kept! {
        registers.risk_register.risks: risk, rating, mitigation, owner, status;
        registers.action_tracker.actions: action, owner, completed_on;
    }
    for risk in &edited.risks.risks {
        let was = before.risks.risks.iter().find(|was| was.id == risk.id);
        let now = settled.plan.risks.risks.iter().find(|now| now.id == risk.id);
        if let Some((was, now)) = was.zip(now) {
            assert!(
                was.mitigation == risk.mitigation || now.mitigation == risk.mitigation,
                "{risk:?} {now:?}"
            );
            assert!(was.status == risk.status || now.status == risk.status, "{risk:?} {now:?}");
        }
    }
    for item in &edited.adoption_journey.milestones {
        let was = before.adoption_journey.milestones.iter().find(|was| was.id == item.id);
        let now = settled.plan.adoption_journey.milestones.iter().find(|now| now.id == item.id);
        if let Some((was, now)) = was.zip(now) {
            assert!(was.due_date == item.due_date || now.due_date == item.due_date, "{item:?} {now:?}");
            let status = |item: &Milestone| item.status.unwrap_or(Progress::Planned);
            assert!(status(was) == status(item) || status(now) == status(item), "{item:?} {now:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn plan_and_registers_never_disagree(
        steps in proptest::collection::vec(proptest::collection::vec(edit(), 1..4), 1..60)
    ) {
        let mut plan = settle(None, first(), date(2026, 1, 1), "the first draft").plan;
        for (number, edits) in steps.iter().enumerate() {
            let mut edited = plan.clone();
            edits.iter().for_each(|edit| edit.make(&mut edited));
            let on = date(2026, 1, 1) + jiff::Span::new().days(i64::try_from(number).unwrap());
            let settled = settle(Some(&plan), edited.clone(), on, &format!("step {number}"));
            in_step(&settled.plan);
            nothing_is_lost(&plan, &edited, &settled);
            let again = settle(Some(&settled.plan), settled.plan.clone(), on, "again");
            prop_assert_eq!(&again.plan, &settled.plan);
            prop_assert!(again.followed.is_empty() && again.questions.is_empty(), "{:?}", again);
            plan = settled.plan;
        }
    }
}
