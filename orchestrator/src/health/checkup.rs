//! An account's health at a moment, and when time alone will change it: what rules read as `CSP.health`, and what
//! `csp health` shows. Must not know rules' conditions or the journal.

use std::collections::BTreeSet;

use infohub::facts::AccountFile;
use infohub::plan::Plan;
use infohub::template::Template;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::criteria::{FRESH_DAYS, STALE_DAYS, is_overdue};
use super::{Case, Health, HealthLog, ReviewDue, Standing};
use crate::calendar::Moment;
use crate::rules::{FactError, Facts, Field, Value};

/// The most days ahead on which health is looked at; milestones beyond them are looked at when they are near.
const MOST_DAYS: usize = 32;

/// A plan's health now and later.
#[derive(Debug, Clone)]
pub struct Checkup {
    /// How it is now.
    pub health: Health,
    /// The last day on which the customer is known to have taken part.
    pub last_contact: Date,
    /// When the customer is to review the plan next.
    pub review: ReviewDue,
    /// How the plan will stand, from each instant on at which that changes if nothing else happens.
    pub later: Vec<(Timestamp, Standing)>,
}

impl Checkup {
    /// Looks at a plan. `updated` is when its content last changed.
    pub fn of(
        plan: &Plan,
        facts: &AccountFile,
        template: &Template,
        log: &HealthLog,
        updated: Timestamp,
        moment: &Moment,
    ) -> Self {
        let tier = facts.facts.tier.as_ref().and_then(|fact| fact.value);
        let required = template.required(plan.plan.lifecycle, tier);
        let updated = moment.day_of(updated);
        let agreed = plan.plan.agreed.as_ref().map(|agreed| agreed.on);
        let known = log.met.max(plan.plan.last_customer_review).max(agreed);
        let last_contact = known.or(log.began).unwrap_or(updated);
        let case = Case { plan, required: &required, today: moment.today(), updated, last_contact };
        let health = Health::of(case);
        let later = later(case, health.standing, moment);
        let review = ReviewDue::of(plan, log.began.unwrap_or(updated));
        Self { health, last_contact, review, later }
    }

    /// What rules read of it.
    ///
    /// # Errors
    /// Never in practice: the values are of their fields' types.
    pub fn facts(&self) -> Result<Facts, FactError> {
        let word = |standing: Standing| Value::Text(standing.as_str().to_owned());
        let mut facts = Facts::default()
            .with(Field::CspHealth, word(self.health.standing))?
            .with(Field::CspLastCustomerContact, Value::Date(self.last_contact))?
            .with(Field::CspComplete, Value::Flag(self.health.complete))?;
        facts.set(Field::CspReviewPhase, Value::Text(self.review.phase.as_str().to_owned()))?;
        if let Some(due) = self.review.due {
            facts.set(Field::CspCustomerReviewDue, Value::Date(due))?;
        }
        for (from, standing) in &self.later {
            facts.set_later(Field::CspHealth, *from, word(*standing))?;
        }
        Ok(facts)
    }
}

/// Judges the plan on each day to come on which a criterion may turn.
fn later(case: Case<'_>, now: Standing, moment: &Moment) -> Vec<(Timestamp, Standing)> {
    let mut turns = Vec::new();
    let mut known = now;
    for day in days(case).into_iter().take(MOST_DAYS) {
        let standing = Health::of(Case { today: day, ..case }).standing;
        if standing != known
            && let Some(from) = moment.start_of(day)
        {
            turns.push((from, standing));
            known = standing;
        }
    }
    turns
}

fn days(case: Case<'_>) -> BTreeSet<Date> {
    let after = |day: Date, span: jiff::Span| day.checked_add(span).ok();
    let quarter = |day: Date| after(day, 3.months()).and_then(|last| last.tomorrow().ok());
    let milestones = case.plan.adoption_journey.milestones.iter();
    let open = milestones.filter(|milestone| is_overdue(milestone, Date::MAX));
    let mut days: BTreeSet<Date> = open.filter_map(|milestone| milestone.due_date?.tomorrow().ok()).collect();
    days.extend(after(case.updated, (FRESH_DAYS + 1).days()));
    days.extend(after(case.updated, STALE_DAYS.days()));
    days.extend(quarter(case.last_contact));
    days.extend(case.plan.plan.last_customer_review.and_then(quarter));
    days.retain(|day| *day > case.today);
    days
}
