//! The weekly digest: for each account what changed, what is due, what is late, what waits for whom.

use infohub::facts::AccountFile;
use infohub::ids::{AccountSlug, ItemId};
use infohub::plan::{Owner, Plan, Progress, QuestionStatus};
use infohub::registers::action_tracker::{ActionStatus, Due};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{HealthLine, changes};
use crate::health::Standing;
use crate::radar::{Blip, radar};
use crate::review::Review;
use crate::state::State;
use crate::step::Step;
use crate::task::TaskStatus;

/// How far the digest looks ahead.
const DAYS_AHEAD: i32 = 14;
/// How many risks and questions of one account are told by name.
const MOST_NAMED: usize = 3;

/// Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Its Monday.
    pub first: Date,
    /// Its Sunday.
    pub last: Date,
}

impl Week {
    /// The week that the day is in.
    pub fn of(day: Date) -> Self {
        let first = day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days());
        Self { first, last: first.saturating_add(6.days()) }
    }
}

/// One account as the digest is given it.
#[derive(Debug, Clone, Copy)]
pub struct Portfolio<'a> {
    /// The account.
    pub account: &'a AccountSlug,
    /// What the CRM says.
    pub facts: &'a AccountFile,
    /// The plan.
    pub plan: Option<&'a Plan>,
    /// Tasks and reviews.
    pub state: Option<&'a State>,
    /// The week's steps, oldest first.
    pub steps: &'a [Step],
    /// How the plan stands.
    pub health: Option<&'a HealthLine>,
}

/// The digest of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Digest {
    /// The week that it tells of.
    pub week: Week,
    /// The day from which dates are counted.
    pub today: Date,
    /// The accounts, those that need somebody first.
    pub accounts: Vec<AccountDigest>,
}

/// The digest of one account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountDigest {
    /// The account.
    pub account: AccountSlug,
    /// The company's name.
    pub name: Option<String>,
    /// How the plan stands; none without a plan.
    pub health: Option<HealthLine>,
    /// What changed in the week.
    pub changed: Vec<String>,
    /// What is late, the longest first.
    pub overdue: Vec<Dated>,
    /// What is due in the next 14 days.
    pub due: Vec<Dated>,
    /// Drafts that wait for a person.
    pub reviews: Vec<WaitingReview>,
    /// Tasks that failed and wait for somebody to start them again.
    pub failed: Vec<String>,
    /// How many questions are open.
    pub open_questions: usize,
    /// The first of them.
    pub questions: Vec<String>,
    /// The worst open risks.
    pub risks: Vec<Blip>,
}

/// Something with a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dated {
    /// The day it is due.
    pub due: Date,
    /// Its id.
    pub id: ItemId,
    /// What it is.
    pub what: String,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// A draft that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingReview {
    /// The review.
    pub review: String,
    /// The day since which it waits, if it is known.
    pub since: Option<Date>,
}

/// The digest of these accounts for the week, seen from `today`.
pub fn digest(portfolio: &[Portfolio<'_>], week: Week, today: Date) -> Digest {
    let mut accounts: Vec<_> = portfolio.iter().map(|account| of_account(*account, week, today)).collect();
    accounts.sort_by_cached_key(|account| {
        let standing = account.health.as_ref().map_or(Standing::Healthy, |health| health.standing);
        (standing, account.overdue.is_empty(), account.account.clone())
    });
    Digest { week, today, accounts }
}

fn of_account(account: Portfolio<'_>, week: Week, today: Date) -> AccountDigest {
    let dated = account.plan.map(dated).unwrap_or_default();
    let until = today.saturating_add(DAYS_AHEAD.days());
    let questions = account.plan.map(open_questions).unwrap_or_default();
    let risks = account.plan.map(|plan| radar(plan, week.first, today)).unwrap_or_default();
    AccountDigest {
        account: account.account.clone(),
        name: account.facts.facts.name.as_ref().and_then(|fact| fact.value.clone()),
        health: account.health.cloned(),
        changed: changes::lines(account.steps.iter()),
        overdue: dated.iter().filter(|item| item.due < today).cloned().collect(),
        due: dated.iter().filter(|item| (today..=until).contains(&item.due)).cloned().collect(),
        reviews: account.state.map(waiting).unwrap_or_default(),
        failed: account.state.map(failed).unwrap_or_default(),
        open_questions: questions.len(),
        questions: questions.into_iter().take(MOST_NAMED).collect(),
        risks: risks.into_iter().take(MOST_NAMED).collect(),
    }
}

fn open_questions(plan: &Plan) -> Vec<String> {
    let open = plan.questions.iter().filter(|question| question.status == QuestionStatus::Open);
    open.map(|question| question.question.clone()).collect()
}

/// What has a day and is not over. A milestone and the action that carries it are told as one.
fn dated(plan: &Plan) -> Vec<Dated> {
    let name = |owner: &Option<Owner>| owner.as_ref().map(|owner| owner.name.clone());
    let over = |status| matches!(status, Some(ActionStatus::Done | ActionStatus::Cancelled));
    let actions = &plan.registers.action_tracker.actions;
    let of_actions = actions.iter().filter(|action| !over(action.status)).filter_map(|action| {
        let id = action.milestone.as_ref().unwrap_or(&action.id).clone();
        let due = action.due.and_then(Due::day)?;
        Some(Dated { due, id, what: action.action.clone(), owner: name(&action.owner) })
    });
    let carried = |id: &ItemId| actions.iter().any(|action| action.milestone.as_ref() == Some(id));
    let milestones = plan.adoption_journey.milestones.iter().filter(|milestone| {
        !matches!(milestone.status, Some(Progress::Done | Progress::Cancelled)) && !carried(&milestone.id)
    });
    let of_milestones = milestones.filter_map(|item| {
        let (id, what) = (item.id.clone(), item.milestone.clone());
        Some(Dated { due: item.due_date?, id, what, owner: name(&item.owner) })
    });
    let of_handoff = plan.handoff.open_items.iter().filter_map(|item| {
        let (id, what) = (item.id.clone(), item.item.clone());
        Some(Dated { due: item.due?, id, what, owner: name(&item.owner) })
    });
    let mut dated: Vec<_> = of_actions.chain(of_milestones).chain(of_handoff).collect();
    dated.sort();
    dated
}

fn waiting(state: &State) -> Vec<WaitingReview> {
    let since = |review: &Review| match state.task(&review.task).map(|task| &task.status) {
        Some(TaskStatus::InReview { since: at } | TaskStatus::Done { at, .. }) => {
            Some(at.to_zoned(TimeZone::UTC).date())
        }
        _ => None,
    };
    let reviews = state.reviews.values();
    reviews.map(|review| WaitingReview { review: review.task.to_string(), since: since(review) }).collect()
}

fn failed(state: &State) -> Vec<String> {
    let failed = state.tasks.iter().filter_map(|task| match &task.status {
        TaskStatus::Failed { why, .. } | TaskStatus::Lapsed { why, .. } => {
            Some(format!("{}: {why}", task.id))
        }
        _ => None,
    });
    failed.collect()
}

#[cfg(test)]
mod tests {
    use infohub::registers::links::settle;
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        for day in [date(2026, 2, 2), date(2026, 2, 5), date(2026, 2, 8)] {
            assert_eq!(Week::of(day), Week { first: date(2026, 2, 2), last: date(2026, 2, 8) });
        }
    }

    fn plan() -> Plan {
        let milestone = |id: &str, day: &str, status: &str| json!({ "id": id, "milestone": id, "due_date": day, "status": status });
        let plan = json!({ "plan": { "schema": 1, "version": 3, "account": "acme", "lifecycle": "develop",
            "status": "draft", "last_updated": "2026-01-15T10:00:00Z" },
            "adoption_journey": { "milestones": [
                milestone("ms-late", "2026-01-30", "planned"), milestone("ms-done", "2026-01-30", "done"),
                milestone("ms-soon", "2026-02-19", "in_progress"), milestone("ms-far", "2026-02-20", "planned")] },
            "handoff": { "open_items": [{ "id": "oi-1", "item": "Access", "due": "2026-02-05" }] },
            "risks": { "risks": [{ "id": "rk-1", "risk": "Late", "rating": "red" }] },
            "questions": [{ "section": "risks", "question": "Who?" },
                { "section": "risks", "question": "What?", "status": "dropped" }] });
        settle(None, serde_json::from_value(plan).unwrap(), date(2026, 1, 1), "a draft").plan
    }

    #[test]
    fn each_thing_stands_once_and_in_its_place() {
        let plan = plan();
        let (account, facts) = ("acme".parse().unwrap(), AccountFile::new("acme".parse().unwrap()));
        let account = Portfolio {
            account: &account,
            facts: &facts,
            plan: Some(&plan),
            state: None,
            steps: &[],
            health: None,
        };
        let today = date(2026, 2, 5);
        let told = digest(&[account], Week::of(today), today);
        let [account] = &told.accounts[..] else { panic!("{told:?}") };
        let ids = |dated: &[Dated]| dated.iter().map(|item| item.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(&account.overdue), ["ms-late"]);
        assert_eq!(ids(&account.due), ["oi-1", "ms-soon"]);
        assert_eq!((account.open_questions, account.risks.len()), (1, 1));
        assert!(account.risks[0].is_bare());
    }
}
